"""The screens of the leerwerkplekken that people keep: the list, one place, closing it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from service.dependencies import ActorDep, InstallationDep, require, require_own_site
from service.dutch import datum
from service.errors import ConflictError, InvoerError
from service.rechten.begrippen import Actor, Handeling
from service.registratie.eigen import elsewhere
from service.registratie.invoer import Invoerder, find
from service.registratie.leerbedrijven import LEERBEDRIJF
from service.registratie.leerwerkplekken import (
    PLEK,
    close_plek,
)
from service.registratie.taken import (
    titles,
)
from service.storage.engine import unit_of_work
from service.storage.feiten import FeitRepository, Filter, Row, Vergelijking
from service.web.plek_bron import (
    eis_titles,
    names_of,
    noted_plek,
)
from service.web.plek_form import (
    DAG,
    SOORTEN,
    fouten_of,
    keuzes,
)
from service.web.plekken import SentDep
from service.web.plekvraag import vraag_van
from service.web.rendering import conflict_page, page

LIST = "/leerwerkplekken"
PER_PAGE = 25
KLAAR = {
    "nieuw": "De plek staat erin en telt mee.",
    "gewijzigd": "De plek is gewijzigd.",
    "gesloten": "De plek is gesloten. Wie er al is, blijft.",
}
SLUIT_OP = "Laatste dag om te beginnen"
LEZEN = require(Handeling.LEERWERKPLEKKEN_LEZEN)
SCHRIJVEN = require(Handeling.LEERWERKPLEKKEN_SCHRIJVEN)
Kort = Annotated[str, Query(max_length=100)]
router = APIRouter(dependencies=[Depends(require_own_site)], include_in_schema=False)


@router.get(LIST, dependencies=[LEZEN])
def show_plekken(
    actor: ActorDep,
    installation: InstallationDep,
    zoek: Kort = "",
    soort: Kort = "",
    gesloten: Kort = "",
    pagina: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> HTMLResponse:
    """Show the places of the own region, or of the own leerbedrijf, and find one."""
    asked = {"zoek": zoek.strip(), "soort": soort, "gesloten": gesloten}
    vandaag = today()
    with unit_of_work(installation.engine, read_only=True) as session:
        filters = [
            Filter("titel", asked["zoek"] or None, Vergelijking.BEVAT),
            Filter("soort", soort or None),
            Filter("sluit_op", None if gesloten else vandaag, Vergelijking.LEEG_OF_MINSTENS),
            Filter(f"{LEERBEDRIJF}_id", elsewhere(session, actor), Vergelijking.NIET_ONDER),
        ]
        rows, total = FeitRepository(session, PLEK).page(
            filters, "titel", offset=(pagina - 1) * PER_PAGE, limit=PER_PAGE
        )
        namen = names_of(session, rows)
    told = {
        "plekken": [(row, namen[row["leerbedrijf_id"]], _stand(row, vandaag)) for row in rows],
        "totaal": total,
        "vraag": asked,
        "soorten": keuzes()["soorten"],
        "vorige": _other(asked, pagina - 1) if pagina > 1 else "",
        "volgende": _other(asked, pagina + 1) if pagina * PER_PAGE < total else "",
        "pagina": pagina,
    }
    return page("leerwerkplekken/lijst.html", told, actor=actor.naam)


@router.get(LIST + "/{leerwerkplek_id}/gegevens", dependencies=[LEZEN])
def show_gegevens(
    actor: ActorDep, installation: InstallationDep, leerwerkplek_id: str, klaar: Kort = ""
) -> HTMLResponse:
    """Show all of one place, and what it asks that few or nobody have."""
    return _place_page(actor, installation, leerwerkplek_id, klaar=KLAAR.get(klaar, ""))


@router.post(LIST + "/{leerwerkplek_id}/sluiten", dependencies=[SCHRIJVEN])
def receive_close(
    actor: ActorDep, installation: InstallationDep, leerwerkplek_id: str, sent: SentDep
) -> Response:
    """Close a place after a day."""
    versie, day = (next(iter(sent.get(name, ())), "") for name in ("versie", "sluit_op"))
    with unit_of_work(installation.engine, read_only=True) as session:
        plek = noted_plek(session, actor, leerwerkplek_id)
    try:
        last = date.fromisoformat(day)
        with unit_of_work(installation.engine) as session:
            close_plek(session, leerwerkplek_id, last, versie=versie, door=invoerder(actor))
    except ValueError:
        return _place_page(actor, installation, leerwerkplek_id, fouten={"sluit_op": DAG})
    except InvoerError as error:
        return _place_page(actor, installation, leerwerkplek_id, fouten=fouten_of(error))
    except ConflictError as error:
        stands = {"sluit_op": plek.plek["sluit_op"]}
        told = ConflictError(error.what, error.key, stands, {"sluit_op": last})
        return conflict_page(
            told,
            {"sluit_op": SLUIT_OP},
            terug=address_of(leerwerkplek_id),
            adres=f"{LIST}/{quote(leerwerkplek_id, safe='')}/sluiten",
            velden=[("versie", plek.versie), ("sluit_op", day)],
            actor=actor.naam,
        )
    return done(leerwerkplek_id, "gesloten")


def _place_page(
    actor: Actor,
    installation: InstallationDep,
    leerwerkplek_id: str,
    *,
    klaar: str = "",
    fouten: Mapping[str, str] | None = None,
) -> HTMLResponse:
    with unit_of_work(installation.engine, read_only=True) as session:
        plek = noted_plek(session, actor, leerwerkplek_id)
        bedrijf = find(session, LEERBEDRIJF, {"leerbedrijf_id": plek.plek["leerbedrijf_id"]})
        codes = [one["werkproces_id"] for one in plek.werkprocessen]
        werkprocessen = titles(session, "werkproces", codes)
        eisen = eis_titles(session, plek)
    told = {
        "plek": plek,
        "bedrijf": bedrijf,
        "stand": _stand(plek.plek, today()),
        "soort": SOORTEN[plek.plek["soort"]],
        "werkprocessen": [(code, werkprocessen.get(code, code)) for code in codes],
        "eisen": eisen,
        "vraag": vraag_van(installation, plek),
        "adres": f"{LIST}/{quote(leerwerkplek_id, safe='')}",
        "vandaag": today().isoformat(),
        "klaar": klaar,
        "fouten": fouten or {},
    }
    status = HTTPStatus.BAD_REQUEST if fouten else HTTPStatus.OK
    return page("leerwerkplekken/plek.html", told, actor=actor.naam, status=status)


def _stand(row: Row, vandaag: date) -> str:
    """Return in words whether somebody can begin at a place."""
    if row["sluit_op"] is not None and row["sluit_op"] < vandaag:
        return f"gesloten sinds {datum(row['sluit_op'])}"
    if row["begindatum"] > vandaag:
        return f"open vanaf {datum(row['begindatum'])}"
    return f"open tot en met {datum(row['sluit_op'])}" if row["sluit_op"] else "open"


def _other(asked: Mapping[str, str], pagina: int) -> str:
    told = {name: value for name, value in asked.items() if value}
    return f"{LIST}?{urlencode({**told, 'pagina': pagina})}"


def address_of(leerwerkplek_id: str) -> str:
    """Return the page with all of one place."""
    return f"{LIST}/{quote(leerwerkplek_id, safe='')}/gegevens"


def done(leerwerkplek_id: str, what: str) -> Response:
    """Lead to the page of a place, which says what was done (a name of `KLAAR`)."""
    return RedirectResponse(f"{address_of(leerwerkplek_id)}?klaar={what}", HTTPStatus.SEE_OTHER)


def invoerder(actor: Actor) -> Invoerder:
    """Return who writes, and when."""
    return Invoerder(actor.naam, datetime.now(UTC))


def today() -> date:
    """Return the day of today."""
    return datetime.now(UTC).date()
