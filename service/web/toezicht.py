"""The screens of oversight: the instruction, stop switches, how people follow, what to review."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from models.store import KINDS
from service.answers import UNEXPECTED, answer_for
from service.dependencies import (
    ActorDep,
    Installation,
    InstallationDep,
    require,
    require_own_site,
)
from service.errors import VangnetError
from service.rechten.begrippen import Actor, Handeling
from service.rechten.toegang import SYSTEEM, looking_as
from service.storage.engine import unit_of_work
from service.storage.instructie import InstructieRepository
from service.storage.modelstop import OVERAL, ModelstopRepository
from service.suggestielog.herziening import outdated, review_list
from service.suggestielog.instructie import VERSIE, read
from service.suggestielog.stop import stop_model, use_again
from service.suggestielog.volggedrag import measure, recent_alarms
from service.web.forms import local_path
from service.web.rendering import page

LONGEST = 500
router = APIRouter(dependencies=[Depends(require_own_site)], include_in_schema=False)


@router.get("/instructie", dependencies=[require(Handeling.EIGEN_ACCOUNT)])
def show_instructie(
    actor: ActorDep,
    installation: InstallationDep,
    volgende: Annotated[str, Query(max_length=2000)] = "",
) -> HTMLResponse:
    """Show what the scores do and do not say, and when this account read it."""
    with unit_of_work(installation.engine, read_only=True) as session:
        gelezen = InstructieRepository(session).read_on(actor.gebruiker_id, VERSIE)
    told = {"versie": VERSIE, "gelezen": gelezen, "volgende": local_path(volgende)}
    return page("instructie.html", told, actor=actor.naam)


@router.post("/instructie", dependencies=[require(Handeling.EIGEN_ACCOUNT)])
def receive_instructie(
    actor: ActorDep,
    installation: InstallationDep,
    volgende: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Keep that this account read the instruction, and lead to where it was going."""
    with unit_of_work(installation.engine) as session:
        read(session, actor.gebruiker_id, op=datetime.now(UTC))
    return RedirectResponse(local_path(volgende), HTTPStatus.SEE_OTHER)


@router.get("/toezicht/modellen", dependencies=[require(Handeling.MODELLEN_STOPPEN)])
def show_modellen(actor: ActorDep, installation: InstallationDep) -> HTMLResponse:
    """Show which models are stopped, and the form to stop one or use it again."""
    return _modellen_page(actor, installation)


@router.post("/toezicht/modellen", dependencies=[require(Handeling.MODELLEN_STOPPEN)])
def receive_modelstop(
    actor: ActorDep,
    installation: InstallationDep,
    model: Annotated[str, Form(max_length=LONGEST)] = "",
    regio: Annotated[str, Form(max_length=LONGEST)] = OVERAL,
    stand: Annotated[str, Form(max_length=LONGEST)] = "",
    reden: Annotated[str, Form(max_length=LONGEST)] = "",
) -> Response:
    """Stop a model or use it again, or show the form with why not."""
    turn = {"stop": stop_model, "hervat": use_again}.get(stand)
    if turn is None:
        fout = "Kies stoppen of weer gebruiken."
        return _modellen_page(actor, installation, fout=fout, status=HTTPStatus.BAD_REQUEST)
    door = f"gebruiker:{actor.gebruiker_id}"
    try:
        with unit_of_work(installation.engine) as session:
            turn(session, model, regio.strip(), reden=reden, door=door, op=datetime.now(UTC))
    except VangnetError as error:
        answer = answer_for(error) or UNEXPECTED
        return _modellen_page(actor, installation, fout=answer.detail, status=answer.status)
    installation.toezicht.schakelbord.look()
    return RedirectResponse("/toezicht/modellen", HTTPStatus.SEE_OTHER)


@router.get("/toezicht/volggedrag", dependencies=[require(Handeling.CIJFERS_LEZEN)])
def show_volggedrag(actor: ActorDep, installation: InstallationDep) -> HTMLResponse:
    """Show how often people follow the first suggestie and how long they take, per group."""
    # counts per group leave, never a person: so everybody may be counted
    with looking_as(SYSTEEM), unit_of_work(installation.engine, read_only=True) as session:
        told = {"groepen": measure(session), "alarmen": recent_alarms(session)}
    return page("volggedrag.html", told, actor=actor.naam)


@router.get("/toezicht/herziening", dependencies=[require(Handeling.SUGGESTIELOG_LEZEN)])
def show_herziening(
    actor: ActorDep,
    installation: InstallationDep,
    model: Annotated[str, Query(max_length=LONGEST)] = "",
    versie: Annotated[str, Query(max_length=LONGEST)] = "",
) -> HTMLResponse:
    """Show every besluit that was taken after this version of a model was seen."""
    told: dict[str, object] = {"modellen": tuple(KINDS), "model": model, "versie": versie}
    told["besluiten"] = None
    if model and versie:
        with unit_of_work(installation.engine, read_only=True) as session:
            found = review_list(session, model, versie)
            told |= {"besluiten": found, "verouderd": outdated(session, found)}
    return page("herziening.html", told, actor=actor.naam)


def _modellen_page(
    actor: Actor,
    installation: Installation,
    *,
    fout: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HTMLResponse:
    with unit_of_work(installation.engine, read_only=True) as session:
        stops = ModelstopRepository(session).all()
    told = {
        "modellen": tuple(KINDS),
        "regios": sorted(actor.regios),
        "staan": [one for one in stops if one.hervat_op is None],
        "eerder": [one for one in stops if one.hervat_op is not None],
        "fout": fout,
    }
    return page("modelstops.html", told, actor=actor.naam, status=status)
