"""The screen of the audit log, for who oversees: who did and saw what, when, for what purpose."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from sqlalchemy import Row

from service.audit.middleware import STATE, AuditState
from service.audit.spoor import Resultaat, current_spoor
from service.dependencies import ActorDep, InstallationDep, require, require_own_site
from service.dutch import ZONE
from service.rechten.begrippen import Handeling
from service.storage.audit import AuditRepository, Regelvraag
from service.storage.engine import unit_of_work
from service.storage.gebruiker import GebruikerRepository
from service.web.rendering import page

PATH = "/toezicht/logboek"
PAGE_SIZE = 50
LONGEST = 200
GEBRUIKER = "gebruiker:"
Day = Annotated[date | None, BeforeValidator(lambda typed: typed or None)]
"""A day; an empty field of the form is none."""
router = APIRouter(dependencies=[Depends(require_own_site)], include_in_schema=False)


class LogboekFilter(BaseModel):
    """What is asked of the log; an empty field does not choose."""

    model_config = ConfigDict(frozen=True)

    jongere: str = Field("", max_length=LONGEST)
    wie: str = Field("", max_length=LONGEST)
    resultaat: str = Field("", max_length=LONGEST)
    van: Day = None
    tot: Day = None
    pagina: int = Field(1, ge=1, le=100_000)

    def address(self, pagina: int) -> str:
        """Return the address of another page of the same lines."""
        asked = self.model_copy(update={"pagina": pagina})
        return f"{PATH}?{urlencode(asked.model_dump(exclude_defaults=True, mode='json'))}"


@dataclass(frozen=True)
class Regel:
    """One line as it is shown."""

    nummer: int
    tijdstip: datetime
    wie: str
    actie: str
    doel: str
    resultaat: str
    oorsprong: str
    objecten: int


@router.get(PATH, dependencies=[require(Handeling.AUDIT_LEZEN)])
def show_logboek(
    request: Request,
    actor: ActorDep,
    installation: InstallationDep,
    asked: Annotated[LogboekFilter, Query()],
) -> HTMLResponse:
    """Show the lines that were asked for, the newest first."""
    state: AuditState = getattr(request.state, STATE)
    current_spoor().about(*filter(None, [asked.jongere.strip()]))
    with unit_of_work(installation.engine, read_only=True) as session:
        namen = {one.id: one.naam for one in GebruikerRepository(session).list()}
        vraag = _vraag(asked, state, namen)
        rows = AuditRepository(session).find(
            vraag, vanaf=(asked.pagina - 1) * PAGE_SIZE, aantal=PAGE_SIZE + 1
        )
    told = {
        "asked": asked,
        "regels": [_told(row, namen) for row in rows[:PAGE_SIZE]],
        "meer": len(rows) > PAGE_SIZE,
        "resultaten": [one.value for one in Resultaat],
    }
    return page("logboek.html", told, actor=actor.naam)


def _vraag(asked: LogboekFilter, state: AuditState, namen: dict[int, str]) -> Regelvraag:
    jongere = asked.jongere.strip()
    wie = asked.wie.strip()
    number = next((key for key, naam in namen.items() if naam == wie), None)
    return Regelvraag(
        van=begin_of(asked.van),
        tot=begin_of(asked.tot and asked.tot + timedelta(days=1)),
        actor=wie if number is None else f"{GEBRUIKER}{number}",
        object=state.log.name_of(jongere) if jongere else "",
        resultaat=asked.resultaat,
    )


def begin_of(day: date | None) -> datetime | None:
    """Return when a day begins in the Netherlands: days are asked for as they are shown."""
    return None if day is None else datetime.combine(day, time(), ZONE).astimezone(UTC)


def _told(row: Row[Any], namen: dict[int, str]) -> Regel:
    number = row.actor.removeprefix(GEBRUIKER)
    wie = namen.get(int(number), row.actor) if number.isdecimal() else row.actor
    return Regel(
        nummer=row.nummer,
        tijdstip=row.tijdstip,
        wie=wie or "niemand ingelogd",
        actie=row.actie,
        doel=row.doel or "geen doel",
        resultaat=row.resultaat,
        oorsprong=row.oorsprong,
        objecten=len(json.loads(row.objecten)),
    )
