"""The screens about other choices at a matchtafel: what they cost, and keeping to them."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
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
from service.matchtafel.begrippen import WensSoort
from service.matchtafel.tafel import bend, unbend
from service.matchtafel.voorstel import propose, solve_ahead
from service.matchtafel.zicht import TafelZicht
from service.rechten.begrippen import Actor, Handeling
from service.storage.engine import unit_of_work
from service.suggestielog.tafel_tonen import record_answers, record_screen
from service.web.plekken import SentDep
from service.web.rendering import page
from service.web.tafel_anders import achtergrond, anders
from service.web.tafel_form import text_of, whole
from service.web.tafel_page import MOST_ID, RowId, TafelId, change_table, now, table_page
from service.web.tafel_view import line_of, newest_voorstel, opties_of

router = APIRouter(
    prefix="/matchtafels", dependencies=[Depends(require_own_site)], include_in_schema=False
)


@router.get("/{tafel_id}/anders", dependencies=[require(Handeling.MATCHTAFELS_LEZEN)])
def show_anders(
    actor: ActorDep,
    installation: InstallationDep,
    regio: RegioDep,
    tafel_id: TafelId,
    punt: Annotated[int, Query(ge=1, le=MOST_ID)],
    plek: Annotated[str, Query(max_length=100)] = "",
) -> HTMLResponse:
    """Show which places one jongere could have, who has them, and what a choice costs."""
    with unit_of_work(installation.engine, read_only=True) as session:
        found = anders(session, regio.tafel, tafel_id, punt, plek)
        shown = [
            (found.punt.jongere_id, one.leerwerkplek_id, one.kans)
            for one in found.plekken
            if one.kans is not None
        ]
        kijker = installation.toezicht.kijker(actor.gebruiker_id)
        record_screen(regio.tafel, kijker, tafel_id, keuzes=shown, spare=())
        if found.gekozen is not None:
            record_answers(regio.tafel, kijker, tafel_id, None, found.gekozen.verschillen)
    return page("tafel_anders.html", {"beeld": found}, actor=actor.naam)


@router.get("/{tafel_id}/toelichting", dependencies=[require(Handeling.MATCHTAFELS_LEZEN)])
def show_toelichting(
    actor: ActorDep, installation: InstallationDep, regio: RegioDep, tafel_id: TafelId
) -> HTMLResponse:
    """Show where one more place would help, and what protection costs."""
    with unit_of_work(installation.engine, read_only=True) as session:
        found = achtergrond(session, regio.tafel, tafel_id)
        kijker = installation.toezicht.kijker(actor.gebruiker_id)
        record_answers(regio.tafel, kijker, tafel_id, None, found.verschillen)
    return page("tafel_toelichting.html", {"beeld": found}, actor=actor.naam)


@router.post("/{tafel_id}/wensen", dependencies=[require(Handeling.MATCHTAFELS_SCHRIJVEN)])
def receive_wens(
    actor: ActorDep,
    installation: InstallationDep,
    regio: RegioDep,
    tafel_id: TafelId,
    sent: SentDep,
) -> Response:
    """Keep a pair together or apart, and make the proposal again with it."""
    text = text_of(sent)
    punt = whole(text.get("punt", ""))
    if text.get("soort") not in set(WensSoort) or punt is None:
        fout = "Kies vastzetten of uitsluiten."
        return table_page(actor, installation, regio.tafel, tafel_id, fout=fout)

    def change(session: Session) -> None:
        line = line_of(session, tafel_id, punt)
        plek = text.get("leerwerkplek_id", "")
        soort = WensSoort(text["soort"])
        door = actor.gebruiker_id
        bend(session, tafel_id, soort, line.jongere_id, plek, door=door, op=now())

    again = _again_after(change, installation, regio.tafel, tafel_id, actor)
    return change_table(actor, installation, regio.tafel, tafel_id, again, anchor=f"punt-{punt}")


@router.post(
    "/{tafel_id}/wensen/{wens_id}/intrekken",
    dependencies=[require(Handeling.MATCHTAFELS_SCHRIJVEN)],
)
def withdraw_wens(
    actor: ActorDep,
    installation: InstallationDep,
    regio: RegioDep,
    tafel_id: TafelId,
    wens_id: RowId,
) -> Response:
    """Withdraw a wish, and make the proposal again without it."""

    def change(session: Session) -> None:
        unbend(session, tafel_id, wens_id, op=now())

    again = _again_after(change, installation, regio.tafel, tafel_id, actor)
    return change_table(actor, installation, regio.tafel, tafel_id, again, anchor="voorstel")


def _again_after(
    change: Callable[[Session], None],
    installation: Installation,
    zicht: TafelZicht,
    tafel_id: int,
    actor: Actor,
) -> Callable[[Session], None]:
    """Return a change with the newest proposal made again after it, if there is one.

    That is solved here, before the store is locked to keep both.
    """
    engine = installation.engine
    with unit_of_work(engine, read_only=True) as session:
        newest = newest_voorstel(session, tafel_id)
    vooruit = None
    if newest is not None:
        vooruit = solve_ahead(engine, zicht, tafel_id, opties_of(newest), first=change)

    def both(session: Session) -> None:
        change(session)
        found, door = newest_voorstel(session, tafel_id), actor.gebruiker_id
        if found is not None:
            opties = opties_of(found)
            propose(session, zicht, tafel_id, opties, door=door, op=now(), vooruit=vooruit)

    return both
