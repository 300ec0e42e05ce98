"""The screens on which people keep leerwerkplekken, in the words of an employer."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session

from service.dependencies import ActorDep, InstallationDep, require, require_own_site
from service.dutch import datum
from service.errors import ConflictError, InvoerError
from service.rechten.begrippen import Actor, Doel, Handeling
from service.rechten.toegang import current
from service.registratie.eigen import elsewhere
from service.registratie.invoer import Invoerder, find
from service.registratie.leerbedrijven import LEERBEDRIJF
from service.registratie.leerwerkplekken import (
    PLEK,
    Plek,
    PlekGegevens,
    close_plek,
    create_plek,
    update_plek,
)
from service.registratie.taken import (
    Betekenis,
    lines_of,
    suggest_competenties,
    suggest_werkprocessen,
    titles,
)
from service.storage.engine import unit_of_work
from service.storage.feiten import FeitRepository, Filter, Row, Vergelijking
from service.web.plek_bron import (
    eis_titles,
    find_leerbedrijf,
    names_of,
    noted_plek,
    search_leerbedrijven,
)
from service.web.plek_form import (
    DAG,
    MOST_EISEN,
    SOORTEN,
    EisRegel,
    PlekForm,
    form_of,
    fouten_of,
    gegevens_of,
    keuzes,
    read_form,
    sent_eisen,
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
WOORDEN = {
    "titel": "Wat iemand er doet",
    "soort": "Soort plek",
    "opleidingcode": "Opleiding (crebo)",
    "begindatum": "Eerste dag om te beginnen",
    "sluit_op": "Laatste dag om te beginnen",
    "capaciteit": "Hoeveel jongeren tegelijk",
    "uren_min": "Uren per week, minstens",
    "uren_max": "Uren per week, hoogstens",
    "omstandigheden": "Omstandigheden",
    "begeleiding": "Begeleiding",
    "werkprocessen": "Wat er te leren is",
    "eisen": "Wat de plek vraagt",
}
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
    today = _today()
    with unit_of_work(installation.engine, read_only=True) as session:
        filters = [
            Filter("titel", asked["zoek"] or None, Vergelijking.BEVAT),
            Filter("soort", soort or None),
            Filter("sluit_op", None if gesloten else today, Vergelijking.LEEG_OF_MINSTENS),
            Filter(f"{LEERBEDRIJF}_id", elsewhere(session, actor), Vergelijking.NIET_ONDER),
        ]
        rows, total = FeitRepository(session, PLEK).page(
            filters, "titel", offset=(pagina - 1) * PER_PAGE, limit=PER_PAGE
        )
        namen = names_of(session, rows)
    told = {
        "plekken": [(row, namen[row["leerbedrijf_id"]], _stand(row, today)) for row in rows],
        "totaal": total,
        "vraag": asked,
        "soorten": keuzes()["soorten"],
        "vorige": _other(asked, pagina - 1) if pagina > 1 else "",
        "volgende": _other(asked, pagina + 1) if pagina * PER_PAGE < total else "",
        "pagina": pagina,
    }
    return page("leerwerkplekken/lijst.html", told, actor=actor.naam)


@router.get(f"{LIST}/nieuw", dependencies=[SCHRIJVEN])
def show_new(
    actor: ActorDep,
    installation: InstallationDep,
    leerbedrijf: Kort = "",
    bedrijf: Kort = "",
    van: Kort = "",
) -> HTMLResponse:
    """Show the form of a new place, empty or as another one; first which leerbedrijf it is of."""
    form = PlekForm({"begindatum": _today().isoformat(), "capaciteit": "1"})
    with unit_of_work(installation.engine, read_only=True) as session:
        if van:
            plek = noted_plek(session, actor, van)
            form = form_of(plek, eis_titles(session, plek))
            form = replace(form, velden={**form.velden, "sluit_op": ""})
            leerbedrijf = plek.plek["leerbedrijf_id"]
        if not leerbedrijf:
            found = search_leerbedrijven(session, actor, bedrijf.strip())
            if current().doel is not Doel.WERVING or len(found) != 1:
                return page(
                    "leerwerkplekken/bedrijf.html",
                    {"bedrijf": bedrijf, "gevonden": found},
                    actor=actor.naam,
                )
            leerbedrijf = found[0]["leerbedrijf_id"]
        return _form_page(session, actor, form, leerbedrijf)


@router.post(f"{LIST}/nieuw", dependencies=[SCHRIJVEN])
def receive_new(
    actor: ActorDep, installation: InstallationDep, sent: SentDep, leerbedrijf: Kort = ""
) -> Response:
    """Store a new place, or look up what the tasks mean, or show what is wrong."""
    with unit_of_work(installation.engine, read_only=True) as session:
        form = read_form(sent, titles(session, "competentie", _codes(sent)))
        if "bewaar" not in sent.get("stap", ()):
            return _form_page(session, actor, form, leerbedrijf, zoek=True)
        find_leerbedrijf(session, actor, leerbedrijf)
        gegevens, fouten = gegevens_of(form, leerbedrijf)
        if gegevens is None:
            return _form_page(session, actor, form, leerbedrijf, fouten=fouten)
    try:
        with unit_of_work(installation.engine) as session:
            plek = create_plek(session, gegevens, _door(actor))
    except InvoerError as error:
        with unit_of_work(installation.engine, read_only=True) as session:
            return _form_page(session, actor, form, leerbedrijf, fouten=fouten_of(error))
    return _done(plek.plek["leerwerkplek_id"], "nieuw")


@router.get(LIST + "/{leerwerkplek_id}/gegevens", dependencies=[LEZEN])
def show_gegevens(
    actor: ActorDep, installation: InstallationDep, leerwerkplek_id: str, klaar: Kort = ""
) -> HTMLResponse:
    """Show all of one place, and what it asks that few or nobody have."""
    return _place_page(actor, installation, leerwerkplek_id, klaar=KLAAR.get(klaar, ""))


@router.get(LIST + "/{leerwerkplek_id}/wijzigen", dependencies=[SCHRIJVEN])
def show_edit(actor: ActorDep, installation: InstallationDep, leerwerkplek_id: str) -> HTMLResponse:
    """Show the form of a place that is there."""
    with unit_of_work(installation.engine, read_only=True) as session:
        plek = noted_plek(session, actor, leerwerkplek_id)
        form = form_of(plek, eis_titles(session, plek))
        bedrijf = plek.plek["leerbedrijf_id"]
        return _form_page(session, actor, form, bedrijf, plek=plek, versie=plek.versie)


@router.post(LIST + "/{leerwerkplek_id}/wijzigen", dependencies=[SCHRIJVEN])
def receive_edit(
    actor: ActorDep, installation: InstallationDep, leerwerkplek_id: str, sent: SentDep
) -> Response:
    """Store a changed place; when another was first, show both versions (TRUST R6)."""
    versie = next(iter(sent.get("versie", ())), "")
    with unit_of_work(installation.engine, read_only=True) as session:
        plek = noted_plek(session, actor, leerwerkplek_id)
        bedrijf = plek.plek["leerbedrijf_id"]
        form = read_form(sent, titles(session, "competentie", _codes(sent)))
        zoek = "bewaar" not in sent.get("stap", ("bewaar",))
        gegevens, fouten = gegevens_of(form, bedrijf)
        if zoek or gegevens is None:
            shown = {} if zoek else fouten
            return _form_page(
                session, actor, form, bedrijf, plek=plek, versie=versie, zoek=zoek, fouten=shown
            )
    try:
        with unit_of_work(installation.engine) as session:
            update_plek(session, leerwerkplek_id, gegevens, versie=versie, door=_door(actor))
    except InvoerError as error:
        with unit_of_work(installation.engine, read_only=True) as session:
            return _form_page(
                session, actor, form, bedrijf, plek=plek, versie=versie, fouten=fouten_of(error)
            )
    except ConflictError as error:
        return _conflict(actor, installation, leerwerkplek_id, form, gegevens, error)
    return _done(leerwerkplek_id, "gewijzigd")


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
            close_plek(session, leerwerkplek_id, last, versie=versie, door=_door(actor))
    except ValueError:
        return _place_page(actor, installation, leerwerkplek_id, fouten={"sluit_op": DAG})
    except InvoerError as error:
        return _place_page(actor, installation, leerwerkplek_id, fouten=fouten_of(error))
    except ConflictError as error:
        stands = {"sluit_op": plek.plek["sluit_op"]}
        told = ConflictError(error.what, error.key, stands, {"sluit_op": last})
        return conflict_page(
            told,
            {"sluit_op": WOORDEN["sluit_op"]},
            terug=_address(leerwerkplek_id),
            adres=f"{LIST}/{quote(leerwerkplek_id, safe='')}/sluiten",
            velden=[("versie", plek.versie), ("sluit_op", day)],
            actor=actor.naam,
        )
    return _done(leerwerkplek_id, "gesloten")


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
        "stand": _stand(plek.plek, _today()),
        "soort": SOORTEN[plek.plek["soort"]],
        "werkprocessen": [(code, werkprocessen.get(code, code)) for code in codes],
        "eisen": eisen,
        "vraag": vraag_van(installation, plek),
        "adres": f"{LIST}/{quote(leerwerkplek_id, safe='')}",
        "vandaag": _today().isoformat(),
        "klaar": klaar,
        "fouten": fouten or {},
    }
    status = HTTPStatus.BAD_REQUEST if fouten else HTTPStatus.OK
    return page("leerwerkplekken/plek.html", told, actor=actor.naam, status=status)


def _form_page(
    session: Session,
    actor: Actor,
    form: PlekForm,
    leerbedrijf: str,
    *,
    plek: Plek | None = None,
    versie: str = "",
    zoek: bool = False,
    fouten: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """Show the form; with `zoek` also what the tasks and the demands in own words may mean."""
    bedrijf = find_leerbedrijf(session, actor, leerbedrijf)
    taken: list[Betekenis] = []
    if zoek:
        crebo = form.veld("opleidingcode") or None
        taken = suggest_werkprocessen(session, lines_of(form.veld("taken")), crebo)
        form = _with_meanings(form, suggest_competenties(session, lines_of(form.veld("vragen"))))
    named = titles(session, "werkproces", form.werkprocessen)
    chosen = [(code, named.get(code, code), "") for code in form.werkprocessen]
    more = [(one.code, one.titel, one.regel) for one in taken if one.code not in named]
    own = plek.plek["leerwerkplek_id"] if plek else ""
    told = keuzes() | {
        "form": form,
        "bedrijf": bedrijf,
        "werkprocessen": chosen + more,
        "gezocht": zoek,
        "plek": plek,
        "versie": versie,
        "adres": f"{LIST}/{quote(own, safe='')}/wijzigen"
        if plek
        else f"{LIST}/nieuw?{urlencode({'leerbedrijf': leerbedrijf})}",
        "terug": _address(own) if plek else LIST,
        "fouten": fouten or {},
    }
    status = HTTPStatus.BAD_REQUEST if fouten else HTTPStatus.OK
    return page("leerwerkplekken/formulier.html", told, actor=actor.naam, status=status)


def _with_meanings(form: PlekForm, found: list[Betekenis]) -> PlekForm:
    known = {one.code for one in form.eisen}
    more = [EisRegel(one.code, one.titel) for one in found if one.code not in known]
    return replace(form, eisen=(*form.eisen, *more)[:MOST_EISEN])


def _conflict(
    actor: Actor,
    installation: InstallationDep,
    leerwerkplek_id: str,
    form: PlekForm,
    gegevens: PlekGegevens,
    error: ConflictError,
) -> HTMLResponse:
    """Show what stands now beside what was sent."""
    with unit_of_work(installation.engine, read_only=True) as session:
        now = noted_plek(session, actor, leerwerkplek_id)
        namen = eis_titles(session, now) | {one.code: one.titel for one in form.eisen}
    asked = [(one.competentie_id, one.niveau, one.hard) for one in gegevens.eisen]
    stands = [(one["competentie_id"], one["niveau"], one["hard"]) for one in now.eisen]
    huidig = now.plek | {
        "werkprocessen": sorted(one["werkproces_id"] for one in now.werkprocessen),
        "eisen": _eis_words(stands, namen),
    }
    gevraagd = vars(gegevens) | {
        "werkprocessen": sorted(gegevens.werkprocessen),
        "eisen": _eis_words(asked, namen),
    }
    return conflict_page(
        ConflictError(error.what, error.key, huidig, gevraagd),
        WOORDEN,
        terug=_address(leerwerkplek_id),
        adres=f"{LIST}/{quote(leerwerkplek_id, safe='')}/wijzigen",
        velden=[*form.pairs(now.versie), ("stap", "bewaar")],
        actor=actor.naam,
    )


def _eis_words(eisen: list[tuple[str, int, bool]], namen: Mapping[str, str]) -> list[str]:
    return sorted(
        f"{namen.get(code, code)} (niveau {niveau}, {'moet' if hard else 'wens'})"
        for code, niveau, hard in eisen
    )


def _codes(sent: SentDep) -> list[str]:
    return [code for _, code in sent_eisen(sent)]


def _stand(row: Row, today: date) -> str:
    """Return in words whether somebody can begin at a place."""
    if row["sluit_op"] is not None and row["sluit_op"] < today:
        return f"gesloten sinds {datum(row['sluit_op'])}"
    if row["begindatum"] > today:
        return f"open vanaf {datum(row['begindatum'])}"
    return f"open tot en met {datum(row['sluit_op'])}" if row["sluit_op"] else "open"


def _other(asked: Mapping[str, str], pagina: int) -> str:
    told = {name: value for name, value in asked.items() if value}
    return f"{LIST}?{urlencode({**told, 'pagina': pagina})}"


def _address(leerwerkplek_id: str) -> str:
    return f"{LIST}/{quote(leerwerkplek_id, safe='')}/gegevens"


def _done(leerwerkplek_id: str, what: str) -> Response:
    return RedirectResponse(f"{_address(leerwerkplek_id)}?klaar={what}", HTTPStatus.SEE_OTHER)


def _door(actor: Actor) -> Invoerder:
    return Invoerder(actor.naam, datetime.now(UTC))


def _today() -> date:
    return datetime.now(UTC).date()
