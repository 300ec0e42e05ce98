"""The screen of what a table asks of its proposal: the order, and least chances of success."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import APIRouter, Depends, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from service.dependencies import (
    ActorDep,
    Installation,
    InstallationDep,
    RegioDep,
    require,
    require_own_site,
)
from service.dutch import getal
from service.matchtafel.begrippen import Agendapunt
from service.matchtafel.voorstel import Opties, propose, solve_ahead
from service.matchtafel.zicht import TafelZicht
from service.rechten.begrippen import Actor, Handeling
from service.storage.besluit import BesluitRepository
from service.storage.engine import unit_of_work
from service.storage.matchtafel import MatchtafelRepository
from service.web.plekken import SentDep
from service.web.rendering import page
from service.web.tafel_form import VOLGORDES, Form, read_kans, text_of
from service.web.tafel_page import TafelId, change_table, now
from service.web.tafel_view import newest_voorstel, opties_of

router = APIRouter(
    prefix="/matchtafels", dependencies=[Depends(require_own_site)], include_in_schema=False
)
PERCENT = 100


@dataclass(frozen=True)
class Ondergrens:
    """Somebody on the agenda, and the name of the field of their own least chance."""

    naam: str
    veld: str
    jongere_id: str


@router.get("/{tafel_id}/eisen", dependencies=[require(Handeling.MATCHTAFELS_SCHRIJVEN)])
def show_eisen(
    actor: ActorDep, installation: InstallationDep, regio: RegioDep, tafel_id: TafelId
) -> HTMLResponse:
    """Show what the newest proposal was asked, to ask it otherwise."""
    return _page(actor, installation, regio.tafel, tafel_id, None)


@router.post("/{tafel_id}/eisen", dependencies=[require(Handeling.MATCHTAFELS_SCHRIJVEN)])
def receive_eisen(
    actor: ActorDep,
    installation: InstallationDep,
    regio: RegioDep,
    tafel_id: TafelId,
    sent: SentDep,
) -> Response:
    """Make a proposal with these demands, or show the form again with what is wrong."""
    text = text_of(sent)
    with unit_of_work(installation.engine, read_only=True) as session:
        rows = _rows(session, regio.tafel, tafel_id)
    opties, fouten = _read(text, rows)
    if fouten:
        return _page(actor, installation, regio.tafel, tafel_id, Form(text, fouten))

    vooruit = solve_ahead(installation.engine, regio.tafel, tafel_id, opties)

    def change(session: Session) -> None:
        door = actor.gebruiker_id
        propose(session, regio.tafel, tafel_id, opties, door=door, op=now(), vooruit=vooruit)

    return change_table(actor, installation, regio.tafel, tafel_id, change, anchor="voorstel")


def _read(text: Mapping[str, str], rows: list[Ondergrens]) -> tuple[Opties, dict[str, str]]:
    """Return what is asked, and what is wrong by field; an empty field asks nothing."""
    named = [("minimum", ""), *((one.veld, one.jongere_id) for one in rows)]
    read = {name: read_kans(text.get(name, "")) for name, _ in named}
    fouten = {
        name: "Vul een heel getal in van 0 tot 99, of laat het leeg."
        for name, (_, good) in read.items()
        if not good
    }
    doelen = VOLGORDES.get(text.get("volgorde", ""), VOLGORDES["bescherm"])[1]
    minima = {
        jongere: kans
        for name, jongere in named
        for kans, _ in [read[name]]
        if jongere and kans is not None
    }
    return Opties(doelen, read["minimum"][0] or 0.0, minima), fouten


def _rows(session: Session, zicht: TafelZicht, tafel_id: int) -> list[Ondergrens]:
    MatchtafelRepository(session).get(tafel_id)
    done = BesluitRepository(session).standing(tafel_id)
    return [
        Ondergrens(zicht.naam(one.jongere_id), _field(one), one.jongere_id)
        for one in MatchtafelRepository(session).agendapunten(tafel_id)
        if one.id not in done
    ]


def _field(punt: Agendapunt) -> str:
    return f"minimum-{punt.id}"


def _page(
    actor: Actor,
    installation: Installation,
    zicht: TafelZicht,
    tafel_id: int,
    form: Form | None,
) -> HTMLResponse:
    with unit_of_work(installation.engine, read_only=True) as session:
        table = MatchtafelRepository(session).get(tafel_id)
        rows = _rows(session, zicht, tafel_id)
        before = opties_of(newest_voorstel(session, tafel_id))
    volgorde = next((name for name, one in VOLGORDES.items() if one[1] == before.doelen), "")
    typed = {"volgorde": volgorde, "minimum": _shown(before.minimum)} | {
        one.veld: _shown(before.minima[one.jongere_id])
        for one in rows
        if one.jongere_id in before.minima
    }
    return page(
        "tafel_eisen.html",
        {
            "table": table,
            "rijen": rows,
            "form": form or Form(typed),
            "volgordes": tuple((name, one[0]) for name, one in VOLGORDES.items()),
        },
        actor=actor.naam,
        status=HTTPStatus.BAD_REQUEST if form else HTTPStatus.OK,
    )


def _shown(kans: float) -> str:
    return getal(PERCENT * kans, 0) if kans else ""
