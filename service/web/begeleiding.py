"""The screen on which a coach gives a jongere a colleague as coach, or takes one away."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import Engine

from service.audit.spoor import current_spoor
from service.dependencies import (
    ActorDep,
    InstallationDep,
    RegioDep,
    RegioView,
    require,
    require_own_site,
)
from service.rechten.begrippen import Actor, Handeling
from service.rechten.toewijzen import assign, end, guidance
from service.storage.engine import unit_of_work
from service.web.rendering import page

PATH = "/jongeren/{jongere_id}/begeleiding"
KIES = "Kies een coach, en of die gaat begeleiden of ermee stopt."
router = APIRouter(
    dependencies=[Depends(require_own_site), require(Handeling.JONGEREN_SCHRIJVEN)],
    include_in_schema=False,
)
Kort = Annotated[str, Form(max_length=200)]


@router.get(PATH)
def show_begeleiding(
    actor: ActorDep, installation: InstallationDep, regio: RegioDep, jongere_id: str
) -> HTMLResponse:
    """Show who guides a jongere, and the forms to change that."""
    return _page(actor, installation.engine, regio, jongere_id)


@router.post(PATH)
def receive_begeleiding(
    actor: ActorDep,
    installation: InstallationDep,
    regio: RegioDep,
    jongere_id: str,
    coach: Kort = "",
    stap: Kort = "",
) -> Response:
    """Give a jongere a coach of the own regions, or take one away."""
    if not coach or stap not in {"begin", "einde"}:
        return _page(actor, installation.engine, regio, jongere_id, fout=KIES)
    with unit_of_work(installation.engine) as session:
        if stap == "begin":
            now = datetime.now(UTC)
            assign(session, jongere_id, coach, regios=actor.regios, op=now)
        else:
            end(session, jongere_id, coach, regios=actor.regios)
        current_spoor().about(jongere_id)
    address = f"/jongeren/{quote(jongere_id, safe='')}/begeleiding"
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)


def _page(
    actor: Actor, engine: Engine, regio: RegioView, jongere_id: str, *, fout: str = ""
) -> HTMLResponse:
    with unit_of_work(engine, read_only=True) as session:
        found = guidance(session, jongere_id, actor.regios)
    current_spoor().about(jongere_id)
    told = {"jongere": regio.jongere(jongere_id), "begeleiding": found, "fout": fout}
    status = HTTPStatus.BAD_REQUEST if fout else HTTPStatus.OK
    return page("begeleiding.html", told, actor=actor.naam, status=status)
