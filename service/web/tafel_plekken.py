"""The screens of what lies on a matchtafel: its places, late lines, and minima of a proposal."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session

from service.dependencies import (
    ActorDep,
    Installation,
    InstallationDep,
    RegioDep,
    require,
    require_own_site,
)
from service.errors import VangnetError
from service.matchtafel.begrippen import Matchtafel, TafelPlek
from service.matchtafel.tafel import put_on_agenda, put_on_table
from service.matchtafel.zicht import TafelZicht
from service.rechten.begrippen import Actor, Handeling
from service.storage.engine import unit_of_work
from service.storage.gebruiker import GebruikerRepository
from service.storage.matchtafel import MatchtafelRepository
from service.storage.plekverzoek import Plekverzoek, PlekverzoekRepository
from service.web.plekken import SentDep
from service.web.rendering import page
from service.web.tafel_form import LONGEST_NAAM, Form, read_plek, text_of
from service.web.tafel_page import TafelId, lead_to, now, told

router = APIRouter(
    prefix="/matchtafels", dependencies=[Depends(require_own_site)], include_in_schema=False
)
MOST_FOUND = 20
"""Jongeren or places that a search shows."""
MOST_ROWS = 25
"""Places on the table that the page shows at once; a search finds the others."""
SHORTEST = 3
"""Letters of the reason why somebody is put on the agenda later."""
Zoek = Annotated[str, Query(max_length=100)]


@dataclass(frozen=True)
class PlekOpTafel:
    """A place on the table, whose it is for, and who asked for that."""

    plek: TafelPlek
    naam: str
    school: str
    verzoek: Plekverzoek | None
    door: str


@router.get("/{tafel_id}/plekken", dependencies=[require(Handeling.MATCHTAFELS_LEZEN)])
def show_plekken(
    actor: ActorDep,
    installation: InstallationDep,
    regio: RegioDep,
    tafel_id: TafelId,
    plek: Annotated[str, Query(max_length=LONGEST_NAAM)] = "",
    zoek: Zoek = "",
) -> HTMLResponse:
    """Show the places of a table; `plek` opens the form of one, `zoek` finds one to add."""
    form = Form({"leerwerkplek_id": plek})
    return _plekken_page(actor, installation, regio.tafel, tafel_id, form, zoek=zoek)


@router.post("/{tafel_id}/plekken", dependencies=[require(Handeling.MATCHTAFELS_SCHRIJVEN)])
def receive_plek(
    actor: ActorDep,
    installation: InstallationDep,
    regio: RegioDep,
    tafel_id: TafelId,
    sent: SentDep,
) -> Response:
    """Put a place on the table or change it, or show the form again with what is wrong."""
    wanted, form = read_plek(sent, tafel_id, regio.tafel.scholen())
    status = HTTPStatus.BAD_REQUEST
    if wanted is not None:
        try:
            regio.tafel.check_plek(wanted.leerwerkplek_id)
            with unit_of_work(installation.engine) as session:
                asker = form.text.get("aanvrager", "")
                put_on_table(session, wanted, op=now(), door=actor.gebruiker_id, aanvrager=asker)
        except VangnetError as error:
            status, fout = told(error)
            form = form.with_fout(fout)
    if form.fouten:
        return _plekken_page(actor, installation, regio.tafel, tafel_id, form, status=status)
    return RedirectResponse(f"/matchtafels/{tafel_id}/plekken", HTTPStatus.SEE_OTHER)


def _plekken_page(
    actor: Actor,
    installation: Installation,
    zicht: TafelZicht,
    tafel_id: int,
    form: Form,
    *,
    zoek: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HTMLResponse:
    with unit_of_work(installation.engine, read_only=True) as session:
        table = MatchtafelRepository(session).get(tafel_id)
        rows = plekken_of(session, zicht, tafel_id)
    asked = form.text.get("leerwerkplek_id", "")
    known = next((one for one in rows if one.plek.leerwerkplek_id == asked), None)
    if known is not None and not form.fouten:
        form = Form(_typed(known))
    there = {one.plek.leerwerkplek_id for one in rows}
    found = zicht.zoek_plekken(zoek, MOST_FOUND + len(there)) if zoek else []
    matching = [one for one in rows if not zoek or one.plek.leerwerkplek_id in set(found)]
    return page(
        "tafel_plekken.html",
        {
            "table": table,
            "rijen": matching[:MOST_ROWS],
            "passend": len(matching),
            "op_tafel": len(rows),
            "form": form,
            "gekozen": (asked, zicht.plek(asked)) if asked else None,
            "scholen": tuple(zicht.scholen().items()),
            "zoek": zoek,
            "gevonden": [(one, zicht.plek(one)) for one in found if one not in there][:MOST_FOUND],
        },
        actor=actor.naam,
        status=status,
    )


def plekken_of(session: Session, zicht: TafelZicht, tafel_id: int) -> list[PlekOpTafel]:
    """Return the places of a table, with who asked to keep one: kept ones first, then by name."""
    asked = PlekverzoekRepository(session).newest(tafel_id)
    namen = GebruikerRepository(session).namen(one.door for one in asked.values())
    scholen = zicht.scholen()
    rows = [
        PlekOpTafel(
            one,
            zicht.plek(one.leerwerkplek_id),
            scholen.get(one.alleen_voor or "", one.alleen_voor or ""),
            verzoek,
            namen.get(verzoek.door, "") if verzoek else "",
        )
        for one in MatchtafelRepository(session).plekken(tafel_id)
        for verzoek in [asked.get(one.leerwerkplek_id) if one.alleen_voor else None]
    ]
    return sorted(rows, key=lambda one: (one.plek.alleen_voor is None, one.naam))


def _typed(one: PlekOpTafel) -> dict[str, str]:
    """Return the form of a place as it stands now."""
    plek = one.plek
    return {
        "leerwerkplek_id": plek.leerwerkplek_id,
        "aantal": str(plek.vrij),
        "alleen_voor": plek.alleen_voor or "",
        "alleen_tot": plek.alleen_tot.isoformat() if plek.alleen_tot else "",
        "aanvrager": one.verzoek.aanvrager if one.verzoek else "",
    }


@router.get("/{tafel_id}/erbij", dependencies=[require(Handeling.MATCHTAFELS_SCHRIJVEN)])
def show_erbij(
    actor: ActorDep,
    installation: InstallationDep,
    regio: RegioDep,
    tafel_id: TafelId,
    zoek: Zoek = "",
) -> HTMLResponse:
    """Search a jongere to put on the agenda."""
    return _erbij_page(actor, installation, regio.tafel, tafel_id, Form(), zoek)


@router.post("/{tafel_id}/agendapunten", dependencies=[require(Handeling.MATCHTAFELS_SCHRIJVEN)])
def receive_agendapunt(
    actor: ActorDep,
    installation: InstallationDep,
    regio: RegioDep,
    tafel_id: TafelId,
    sent: SentDep,
) -> Response:
    """Put a jongere at the end of the agenda, or show the form again with what is wrong."""
    text = text_of(sent)
    fouten: dict[str, str] = {}
    if not text.get("jongere_id"):
        fouten["jongere_id"] = "Kies een jongere."
    if not SHORTEST <= len(text.get("reden", "")) <= LONGEST_NAAM:
        fouten["reden"] = "Schrijf kort waarom de tafel deze jongere bespreekt."
    form, status = Form(text, fouten), HTTPStatus.BAD_REQUEST
    if not fouten:
        try:
            jongere = text["jongere_id"]
            regio.tafel.check_jongere(jongere)
            with unit_of_work(installation.engine) as session:
                punt = put_on_agenda(session, tafel_id, jongere, reden=text["reden"], op=now())
            return lead_to(tafel_id, f"punt-{punt}")
        except VangnetError as error:
            status, fout = told(error)
            form = form.with_fout(fout)
    zoek = text.get("zoek", "")
    return _erbij_page(actor, installation, regio.tafel, tafel_id, form, zoek, status=status)


def _erbij_page(
    actor: Actor,
    installation: Installation,
    zicht: TafelZicht,
    tafel_id: int,
    form: Form,
    zoek: str,
    *,
    status: HTTPStatus = HTTPStatus.OK,
) -> HTMLResponse:
    with unit_of_work(installation.engine, read_only=True) as session:
        tables = MatchtafelRepository(session)
        table: Matchtafel = tables.get(tafel_id)
        there = {one.jongere_id for one in tables.agendapunten(tafel_id)}
    found = zicht.zoek_jongeren(zoek, MOST_FOUND + len(there)) if zoek else []
    return page(
        "tafel_erbij.html",
        {
            "table": table,
            "form": form,
            "zoek": zoek,
            "gevonden": [one for one in found if one.jongere_id not in there][:MOST_FOUND],
            "al": [one for one in found if one.jongere_id in there],
        },
        actor=actor.naam,
        status=status,
    )
