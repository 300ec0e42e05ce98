"""The analyst's screen of the watch: alarms first, then what was measured, model by model."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session

from models.drift import ALARM as PSI_ALARM
from models.store import KINDS
from service.answers import UNEXPECTED, answer_for
from service.bewaken.bekijken import bekijk
from service.bewaken.dag import PATH
from service.bewaken.hertoets import Hertoets, hertoetsen
from service.bewaken.kampioen import kampioenen
from service.bewaken.maten import NAMEN, Maat
from service.dependencies import (
    ActorDep,
    Installation,
    InstallationDep,
    require,
    require_own_site,
)
from service.dutch import getal
from service.errors import VangnetError
from service.rechten.begrippen import Actor, Handeling
from service.rechten.toegang import SYSTEEM, looking_as
from service.storage.bewaking import (
    BEKEKEN,
    OPEN,
    TE_WEINIG,
    Bevinding,
    BewakingRepository,
)
from service.storage.engine import unit_of_work
from service.suggestielog.volggedrag import measure
from service.web.grafiek import Grafiek, tijdreeks
from service.web.rendering import page

LONGEST = 2000
SHOWN = timedelta(days=365)
MOST_MOVED = 12
"""Features in the table of a model: those that moved most."""
KLAAR = "Uw reden is bewaard. De melding komt terug als het erger wordt."
UITLEG_REEKS = (
    "Hoe ver het kenmerk dat het meest verschoof, van zijn begin af ligt. Boven de streep gaat er "
    "een melding uit."
)
VERSCHOVEN = (Maat.INVOER, Maat.SCORE)
UITKOMSTEN = (
    Maat.BESTANDEN,
    Maat.KALIBRATIE,
    Maat.GROEPEN,
    Maat.EERLIJK,
    Maat.NA_BESLUIT,
    Maat.PLAATSING,
)
BESTANDEN = (Maat.BESTAND, Maat.GEWEIGERD)
router = APIRouter(dependencies=[Depends(require_own_site)], include_in_schema=False)


@router.get(PATH, dependencies=[require(Handeling.CIJFERS_LEZEN)])
def show_bewaking(
    actor: ActorDep,
    installation: InstallationDep,
    klaar: Annotated[str, Query(max_length=20)] = "",
) -> HTMLResponse:
    """Show the open alarms, and what the last run measured of each model."""
    return _bewaking_page(actor, installation, klaar=KLAAR if klaar else "")


@router.post(PATH, dependencies=[require(Handeling.MODELLEN_BEHEREN)])
def receive_bekeken(
    actor: ActorDep,
    installation: InstallationDep,
    alarm: Annotated[int, Form()] = 0,
    reden: Annotated[str, Form(max_length=LONGEST)] = "",
) -> Response:
    """Keep that an analyst looked at an alarm, or show the page with why not."""
    try:
        bekijk(installation.engine, alarm, door=actor.naam, reden=reden, op=datetime.now(UTC))
    except VangnetError as error:
        answer = answer_for(error) or UNEXPECTED
        return _bewaking_page(
            actor,
            installation,
            fout=answer.detail,
            getypt={alarm: reden},
            status=answer.status,
        )
    return RedirectResponse(f"{PATH}?klaar=bekeken", HTTPStatus.SEE_OTHER)


def _bewaking_page(
    actor: Actor,
    installation: Installation,
    *,
    klaar: str = "",
    fout: str = "",
    getypt: dict[int, str] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HTMLResponse:
    vandaag = datetime.now(UTC).date()
    # figures of models and groups leave, never a person: so everybody may be counted
    with looking_as(SYSTEEM), unit_of_work(installation.engine, read_only=True) as session:
        repository = BewakingRepository(session)
        runs = repository.runs(limit=1)
        found = repository.found(runs[0].id) if runs else []
        series = repository.worst_per_day(Maat.INVOER.value, since=vandaag - SHOWN)
        told: dict[str, object] = {
            "laatste": runs[0] if runs else None,
            "open": repository.alarms(OPEN),
            "bekeken": repository.alarms(BEKEKEN),
            "toetsen": _toetsen(session, repository, vandaag),
            "groepen": measure(session),
        }
    told |= {
        "modellen": [_model(naam, found, series) for naam in KINDS if _has(naam, found)],
        "onbekend": [[one.onderwerp, one.tekst] for one in found if one.maat == Maat.BRON],
        "bestanden": [
            [NAMEN[one.maat], one.onderwerp, one.tekst] for one in found if one.maat in BESTANDEN
        ],
        "namen": NAMEN,
        "klaar_zin": klaar,
        "fout": fout,
        "getypt": getypt or {},
    }
    return page("bewaking.html", told, actor=actor.naam, status=status)


def _has(naam: str, found: Sequence[Bevinding]) -> bool:
    return any(one.model == naam for one in found)


def _toetsen(session: Session, repository: BewakingRepository, vandaag: date) -> list[Hertoets]:
    """Return the tests after four and eight weeks of every model in use."""
    return [
        test
        for een in kampioenen(session, None)
        for test in hertoetsen(een, repository.measured(een.naam, een.versie), vandaag)
    ]


def _model(
    naam: str, found: Sequence[Bevinding], series: Sequence[tuple[str, date, float]]
) -> dict[str, object]:
    """Return what the page tells of one model."""
    own = [one for one in found if one.model == naam]
    moved = [one for one in own if one.maat in VERSCHOVEN]
    enough = [one for one in moved if one.niveau != TE_WEINIG]
    enough.sort(key=lambda one: (one.maat != Maat.SCORE, -(one.waarde or 0.0)))
    points = [(dag, waarde) for model, dag, waarde in series if model == naam]
    return {
        "naam": naam,
        "versie": own[0].versie,
        "verschoven": [_moved(naam, one) for one in enough[:MOST_MOVED]],
        "rest": max(len(enough) - MOST_MOVED, 0),
        "te_weinig": len(moved) - len(enough),
        "uitkomsten": [
            [NAMEN[one.maat], one.onderwerp, one.tekst] for one in own if one.maat in UITKOMSTEN
        ],
        "besloten": any(one.maat == Maat.NA_BESLUIT and one.niveau != TE_WEINIG for one in own),
        "verloop": _verloop(naam, points) if len(points) > 1 else None,
    }


def _moved(naam: str, one: Bevinding) -> list[str]:
    labels = {feature.name: feature.label for feature in KINDS[naam].features}
    return [
        labels.get(one.onderwerp, "de kans"),
        getal(one.waarde or 0.0, 2),
        getal(one.toeval or 0.0, 2),
        one.niveau,
    ]


def _verloop(naam: str, points: Sequence[tuple[date, float]]) -> Grafiek:
    return tijdreeks(
        f"Verschuiving in de tijd: {naam}",
        UITLEG_REEKS,
        [(naam, points)],
        schrijf=lambda value: getal(value, 2),
        grens=PSI_ALARM,
    )
