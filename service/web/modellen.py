"""The screens of models: which version scores, what waits, and the forms to decide."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from models.errors import ModelError
from models.gate import Oordeel
from service.answers import UNEXPECTED, answer_for
from service.dependencies import (
    ActorDep,
    Installation,
    InstallationDep,
    limit_exports,
    require,
    require_own_site,
)
from service.errors import NotFoundError, VangnetError
from service.evaluatie.plaats import HTML_FILE, report_of
from service.evaluatie.zinnen import proxy_rij
from service.modelbeheer.besluiten import Handtekening, afwijzen, goedkeuren, terugzetten
from service.modelbeheer.na_besluit import NaBesluit
from service.modelbeheer.overzicht import ModelStatus, Versie, versies
from service.privacy.beschermd import is_held
from service.publicatie.feiten import ModelFeiten
from service.rechten.begrippen import Actor, Handeling
from service.storage.engine import unit_of_work
from service.storage.groepstoets import Groepstoets, GroepstoetsRepository, Toetssoort
from service.web import modelzinnen
from service.web.na_besluit import weergave
from service.web.rendering import page

LONGEST = 2000
NAAR = ", naar geslacht en herkomst"
KLAAR = {
    "promotie": "Deze versie is nu in gebruik. Elke server rekent er binnen een minuut mee.",
    "afwijzing": "Deze versie is afgewezen.",
    "terugzetting": "De vorige versie is weer in gebruik, op elke server binnen een minuut.",
}
DECIDE: dict[str, Callable[[Installation, Versie, Handtekening], object]] = {
    "promotie": lambda held, one, wie: goedkeuren(
        held.engine, held.modellen, one.card.name, one.card.version, wie
    ),
    "afwijzing": lambda held, one, wie: afwijzen(
        held.engine, held.modellen, one.card.name, one.card.version, wie
    ),
    "terugzetting": lambda held, one, wie: terugzetten(
        held.engine, held.modellen, one.card.name, wie, van=one.card.version
    ),
}
"""What each button of a form does."""
LEZEN = require(Handeling.MODELLEN_LEZEN)
router = APIRouter(dependencies=[Depends(require_own_site)], include_in_schema=False)


@router.get("/modellen", dependencies=[LEZEN])
def show_modellen(actor: ActorDep, installation: InstallationDep) -> HTMLResponse:
    """Show of each model the version that scores, what waits and what came before."""
    told = {"modellen": modelzinnen.namen(_versies(installation)), "zinnen": modelzinnen}
    return page("modellen.html", told | {"Status": ModelStatus}, actor=actor.naam)


@router.get("/modellen/{model_id}", dependencies=[LEZEN])
def show_model(
    actor: ActorDep,
    installation: InstallationDep,
    model_id: str,
    klaar: Annotated[str, Query(max_length=20)] = "",
) -> HTMLResponse:
    """Show one version: its card in words, its tests, its groups, and what was decided."""
    return _model_page(actor, installation, model_id, klaar=KLAAR.get(klaar, ""))


@router.get("/modellen/{model_id}/evaluatie", dependencies=[LEZEN, Depends(limit_exports)])
def download_evaluatie(installation: InstallationDep, model_id: str) -> Response:
    """Hand out the report of a version as one file, which opens without this site."""
    one = _find(_versies(installation), model_id).card
    report = report_of(installation.modellen, one.name, one.version)
    if report is None:
        raise NotFoundError("evaluatie", model_id)
    return Response(
        report.read_bytes(),
        media_type="text/html",
        headers={"Content-Disposition": f'attachment; filename="{HTML_FILE}"'},
    )


@router.post("/modellen/{model_id}", dependencies=[require(Handeling.MODELLEN_BEHEREN)])
def receive_besluit(
    actor: ActorDep,
    installation: InstallationDep,
    model_id: str,
    stap: Annotated[str, Form(max_length=20)] = "",
    reden: Annotated[str, Form(max_length=LONGEST)] = "",
) -> Response:
    """Approve, refuse or go back, or show the page with why not."""
    one = _find(_versies(installation), model_id)
    decide = DECIDE.get(stap)
    if decide is None:
        raise NotFoundError("stap", stap)
    try:
        decide(installation, one, Handtekening(actor.naam, reden, datetime.now(UTC)))
    except (VangnetError, ModelError) as error:
        answer = answer_for(error) or UNEXPECTED
        return _model_page(
            actor, installation, model_id, fout=answer.detail, reden=reden, status=answer.status
        )
    return RedirectResponse(f"/modellen/{model_id}?klaar={stap}", HTTPStatus.SEE_OTHER)


def _versies(installation: Installation) -> list[Versie]:
    cards = installation.modellen.cards()
    with unit_of_work(installation.engine, read_only=True) as session:
        return versies(session, cards)


def _find(found: list[Versie], model_id: str) -> Versie:
    for one in found:
        if one.model_id == model_id:
            return one
    raise NotFoundError("model", model_id)


def _model_page(
    actor: Actor,
    installation: Installation,
    model_id: str,
    *,
    klaar: str = "",
    fout: str = "",
    reden: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HTMLResponse:
    """Show one version, with what was typed when it was refused."""
    known = _versies(installation)
    one = _find(known, model_id)
    same = [other for other in known if other.card.name == one.card.name]
    champion = next((other for other in same if other.status is ModelStatus.IN_GEBRUIK), None)
    kaart = one.card.card
    oordeel = Oordeel.from_described(kaart["oordeel"]) if "oordeel" in kaart else None
    told = {
        "een": one,
        "kaart": kaart,
        "feiten": ModelFeiten(one.card),
        "kampioen": None if champion is one else champion,
        "bevindingen": () if oordeel is None else oordeel.bevindingen,
        "besluiten": [besluit for other in same for besluit in other.besluiten],
        "zinnen": modelzinnen,
        "Status": ModelStatus,
        "evaluatie": report_of(installation.modellen, one.card.name, one.card.version) is not None,
        "kalibratie": modelzinnen.kalibratie_grafiek(kaart),
        "groepen": modelzinnen.groep_grafieken(kaart),
        "plekken": modelzinnen.plekken_grafieken(kaart),
        "zelf": bool(one.trainer) and one.trainer == actor.naam,
    }
    told |= _toetsen(installation, one) | {"klaar_zin": klaar, "fout": fout, "reden": reden}
    return page("modellen_versie.html", told, actor=actor.naam, status=status)


def _toetsen(installation: Installation, one: Versie) -> dict[str, object]:
    """Return what tests of groups found of a version, and of what people decided beside it."""
    card = one.card
    with unit_of_work(installation.engine, read_only=True) as session:
        newest = partial(
            GroepstoetsRepository(session).newest,
            model=card.name,
            versie=card.version,
            sha256=card.sha256,
        )
        apart, people = newest(Toetssoort.BESCHERMD), newest(Toetssoort.NA_BESLUIT)
        held = is_held(session)
    return {
        "kenmerken": held or apart is not None,
        "apart": apart and _apart(apart),
        "besloten": people and _besloten(people.tijdstip, people.uitkomst),
    }


def _apart(found: Groepstoets) -> dict[str, object]:
    """Return what the audit by protected attributes found, as the page shows it."""
    oordeel = Oordeel.from_described(found.uitkomst["oordeel"])
    besloten = found.uitkomst["na_besluit"]
    return {
        "op": found.tijdstip,
        "oordeel": oordeel,
        "groepen": modelzinnen.groep_grafieken(found.uitkomst),
        "rijen": modelzinnen.groep_rijen(found.uitkomst),
        "te_klein": found.uitkomst["groepen_te_klein"],
        "proxies": [proxy_rij(line) for line in found.uitkomst["proxies"]["regels"]],
        "besloten": _besloten(found.tijdstip, besloten, NAAR) if besloten["regels"] else None,
    }


def _besloten(op: datetime, told: Mapping[str, Any], naar: str = "") -> dict[str, object]:
    """Return the model beside what people decided, as the page shows it."""
    return {"op": op, **weergave(NaBesluit.from_described(told), naar)}
