"""The screens of follow-ups: what comes back on its day, and what was found then."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session

from features.vocabulary import RedenEindeStage
from service.answers import UNEXPECTED, answer_for
from service.dependencies import ActorDep, InstallationDep, RegioDep, require, require_own_site
from service.errors import ConflictError, VangnetError
from service.matchtafel.begrippen import (
    UITKOMSTEN,
    Besluit,
    Deelnemer,
    Matchtafel,
    Opvolging,
    Uitkomst,
    Vraag,
)
from service.matchtafel.besluiten import answer
from service.matchtafel.zicht import TafelZicht
from service.rechten.begrippen import Actor, Handeling
from service.storage.besluit import OpvolgingRepository
from service.storage.engine import unit_of_work
from service.storage.matchtafel import MatchtafelRepository
from service.storage.tafelstand import Verband, verbanden
from service.web.plekken import SentDep
from service.web.rendering import conflict_page, page
from service.web.tafel_form import Form, read_antwoord, text_of, whole
from service.web.tafel_page import RowId, TafelId

router = APIRouter(dependencies=[Depends(require_own_site)], include_in_schema=False)

WEEK = 7
"""Days in a week."""
VRAGEN = {
    Vraag.GESTART: "Is de jongere begonnen?",
    Vraag.LOOPT_HET: "Loopt de stage nog?",
    Vraag.VERDER: "Is dit opgepakt?",
}
"""What a follow-up asks its owner."""
EINDES = tuple(
    one
    for one in RedenEindeStage
    if one not in (RedenEindeStage.AFGEROND, RedenEindeStage.NIET_GESTART)
)
"""Why a stage can have stopped early."""
KLAAR = {"antwoord": "Het antwoord is bewaard."}
"""What was done, by the word in the address after it."""
WOORDEN = {"uitkomst": "Antwoord", "toelichting": "Toelichting"}
"""What is held side by side when two people answer at once."""
Kort = Annotated[str, Query(max_length=100)]


@dataclass(frozen=True)
class Terug:
    """A follow-up as its owner reads it."""

    opvolging: Opvolging
    besluit: Besluit
    table: Matchtafel
    naam: str
    plek: str | None
    eigenaar: Deelnemer
    aan_de_beurt: bool
    mijn: bool = False
    te_laat: str = ""


@router.get("/opvolgingen", dependencies=[require(Handeling.MATCHTAFELS_LEZEN)])
def show_all(
    actor: ActorDep, installation: InstallationDep, regio: RegioDep, klaar: Kort = ""
) -> HTMLResponse:
    """Show every follow-up that waits for an answer."""
    return _page(actor, installation, regio.tafel, None, klaar=klaar)


@router.get(
    "/matchtafels/{tafel_id}/opvolgingen", dependencies=[require(Handeling.MATCHTAFELS_LEZEN)]
)
def show_of_tafel(
    actor: ActorDep,
    installation: InstallationDep,
    regio: RegioDep,
    tafel_id: TafelId,
    klaar: Kort = "",
) -> HTMLResponse:
    """Show every follow-up of one matchtafel, answered ones too."""
    return _page(actor, installation, regio.tafel, tafel_id, klaar=klaar)


@router.post("/opvolgingen/{opvolging_id}", dependencies=[require(Handeling.BESLUITEN_NEMEN)])
def receive_answer(
    actor: ActorDep,
    installation: InstallationDep,
    regio: RegioDep,
    opvolging_id: RowId,
    sent: SentDep,
) -> Response:
    """Keep what a follow-up found, or show the form again with what is wrong."""
    form = Form(text_of(sent))
    tafel_id = whole(form.text.get("tafel", ""))
    back = "/opvolgingen" if tafel_id is None else f"/matchtafels/{tafel_id}/opvolgingen"
    status = HTTPStatus.BAD_REQUEST
    try:
        with unit_of_work(installation.engine) as session:
            form = _answer(session, opvolging_id, form, actor, sent)
    except ConflictError:
        return _conflict(actor, installation, opvolging_id, form, back)
    except VangnetError as error:
        told = answer_for(error) or UNEXPECTED
        form, status = form.with_fout(told.detail), told.status
    if form.fouten:
        return _page(
            actor,
            installation,
            regio.tafel,
            tafel_id,
            opened=opvolging_id,
            form=form,
            status=status,
        )
    return RedirectResponse(f"{back}?klaar=antwoord", HTTPStatus.SEE_OTHER)


def _conflict(
    actor: Actor, installation: InstallationDep, opvolging_id: int, form: Form, back: str
) -> HTMLResponse:
    """Show the answer that another gave beside the one that was sent; an answer is given once."""
    with unit_of_work(installation.engine, read_only=True) as session:
        stands = OpvolgingRepository(session).get(opvolging_id)
    error = ConflictError(
        "opvolging",
        str(opvolging_id),
        {naam: getattr(stands, naam) for naam in WOORDEN},
        {naam: form.text.get(naam, "") for naam in WOORDEN},
    )
    return conflict_page(error, WOORDEN, terug=back, actor=actor.naam)


def _answer(session: Session, opvolging_id: int, form: Form, actor: Actor, sent: SentDep) -> Form:
    asked = OpvolgingRepository(session).get(opvolging_id)
    found, form = read_antwoord(sent, asked)
    if found is not None:
        answer(
            session,
            opvolging_id,
            found.uitkomst,
            versie=found.versie,
            door=actor.gebruiker_id,
            op=datetime.now(UTC),
            toelichting=found.toelichting,
            plaatsing=found.plaatsing,
            reden_einde=found.reden_einde,
        )
    return form


def _page(
    actor: Actor,
    installation: InstallationDep,
    zicht: TafelZicht,
    tafel_id: int | None,
    *,
    opened: int = 0,
    form: Form | None = None,
    status: HTTPStatus = HTTPStatus.OK,
    klaar: str = "",
) -> HTMLResponse:
    today = datetime.now(UTC).date()
    with unit_of_work(installation.engine, read_only=True) as session:
        table = None if tafel_id is None else MatchtafelRepository(session).get(tafel_id)
        found = _found(session, zicht, tafel_id, today, actor.gebruiker_id)
    waiting = [one for one in found if one.opvolging.uitkomst is None]
    return page(
        "opvolgingen.html",
        {
            "table": table,
            "mijn": [one for one in waiting if one.aan_de_beurt and one.mijn],
            "nu": [one for one in waiting if one.aan_de_beurt and not one.mijn],
            "later": [one for one in waiting if not one.aan_de_beurt],
            "klaar": [one for one in found if one.opvolging.uitkomst is not None],
            "geopend": opened,
            "form": form or Form(),
            "leeg": Form(),
            "vragen": VRAGEN,
            "uitkomsten": UITKOMSTEN,
            "gestart": Uitkomst.GESTART,
            "eindes": EINDES,
            "gelukt": KLAAR.get(klaar, ""),
        },
        actor=actor.naam,
        status=status,
    )


def _found(
    session: Session, zicht: TafelZicht, tafel_id: int | None, today: date, kijker: int
) -> list[Terug]:
    repository = OpvolgingRepository(session)
    asked = repository.open() if tafel_id is None else repository.of_matchtafel(tafel_id)
    return [_terug(zicht, one, today, kijker) for one in verbanden(session, asked)]


def overdue(day: date, today: date) -> str:
    """Say how long ago the day of a follow-up was; empty when it is still to come.

    Examples
    --------
    >>> day = date(2026, 11, 1)
    >>> overdue(day, date(2026, 11, 2)), overdue(day, date(2026, 11, 22))
    ('1 dag te laat', '3 weken te laat')
    >>> overdue(day, day), overdue(day, date(2026, 10, 31))
    ('vandaag', '')
    """
    late = (today - day).days
    if late < 0:
        return ""
    if late == 0:
        return "vandaag"
    weeks = late // WEEK
    if weeks > 1:
        return f"{weeks} weken te laat"
    return "1 dag te laat" if late == 1 else f"{late} dagen te laat"


def _terug(zicht: TafelZicht, found: Verband, today: date, kijker: int) -> Terug:
    plek = found.besluit.leerwerkplek_id
    return Terug(
        opvolging=found.opvolging,
        besluit=found.besluit,
        table=found.table,
        naam=zicht.naam(found.agendapunt.jongere_id),
        plek=zicht.plek(plek) if plek else None,
        eigenaar=found.eigenaar,
        aan_de_beurt=found.opvolging.datum <= today,
        mijn=found.eigenaar.gebruiker_id == kijker,
        te_laat=overdue(found.opvolging.datum, today),
    )
