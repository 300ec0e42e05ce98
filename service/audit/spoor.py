"""The trace of one request or command: who, what, for which purpose, about whom, and how it ended.

A route names persons and things on `current_spoor()`; the line itself is written elsewhere: in the
transaction of a change, or by the group writer before an answer leaves.
"""

import re
import secrets
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from service.errors import NotRecordedError
from service.logs import get_log
from service.storage.audit import Addition
from service.storage.failures import find_duplicate, find_problem

TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")
"""Version, trace, operation of the caller, flags (W3C Trace Context, section 3.2)."""
NO_TRACE, NO_OPERATION = "0" * 32, "0" * 16
"""Ids that the standard calls invalid."""
JONGERE = "jongere"
IEDEREEN = "*"
"""Stands in a line for everybody who was stored at that moment."""


class Resultaat(StrEnum):
    """How something ended, as the log tells it."""

    VASTGELEGD = "vastgelegd"
    """Written in the same transaction as what was changed."""
    GELUKT = "gelukt"
    GEWEIGERD = "geweigerd"
    NIET_GEVONDEN = "niet gevonden"
    AFGEKEURD = "afgekeurd"
    """What was asked is not right."""
    MISLUKT = "mislukt"


REFUSED = frozenset({401, 403, 429})


@dataclass(frozen=True, slots=True)
class Gebeurd:
    """What is written of one request at once: its line, the persons and rows that belong to it."""

    spoor: "Spoor"
    resultaat: Resultaat
    status: int | None
    personen: tuple[str, ...]
    dingen: tuple[tuple[str, str], ...]
    additions: tuple[Addition, ...]
    einde: datetime
    eerste: bool
    """Whether no person was told of in an earlier line of the same request."""
    iedereen: bool = False
    """Whether everybody is processed at once, whom no line names one by one."""
    regel: bool = True
    """False when the line was written before, and only rows remain."""


class Writer(Protocol):
    """Writes what happened inside an open unit of work; `service.audit.log.Auditlog` does."""

    def write(self, session: Session, found: Iterable[Gebeurd]) -> None:
        """Append the lines; the caller commits."""


class Spoor:
    """What is known so far of one request or command.

    Parameters
    ----------
    actie : str
        Method and route, or the name of a command; never an address with values in it.
    oorsprong : str
        Where the request came from: network address, or the command line.
    writer : Writer, optional
        Writes lines in the transaction of a change; without one nothing is written.
    traceparent : str
        Header of the caller; its trace goes on, anything else starts a new one.
    """

    __slots__ = (
        "_additions",
        "_drawn",
        "_everybody",
        "_outcome",
        "_seen",
        "_writer",
        "actie",
        "actor",
        "begin",
        "dingen",
        "doel",
        "handeling",
        "oorsprong",
        "operatie_id",
        "ouder_id",
        "personen",
        "refused",
        "trace_id",
    )

    def __init__(
        self, actie: str, *, oorsprong: str, writer: Writer | None = None, traceparent: str = ""
    ) -> None:
        self.actie = actie
        self.oorsprong = oorsprong
        self.actor = ""
        self.doel = ""
        self.handeling = ""
        self.refused = False
        self.begin = datetime.now(UTC)
        self.trace_id, self.ouder_id = _caller(traceparent)
        self.operatie_id = secrets.token_hex(8)
        self.personen: dict[str, None] = {}
        self.dingen: dict[tuple[str, str], None] = {}
        self._additions: list[Addition] = []
        self._writer = writer
        self._seen = (0, 0)
        self._outcome: Resultaat | None = None
        self._drawn: Gebeurd | None = None
        self._everybody = False

    @property
    def traceparent(self) -> str:
        """Header for a request to another service, so that its log can be joined to this one."""
        return f"00-{self.trace_id}-{self.operatie_id}-01"

    def about(self, *jongere_ids: str) -> None:
        """Name jongeren of whom something is shown or changed."""
        self.personen.update(dict.fromkeys(jongere_ids))

    def about_everybody(self) -> None:
        """Tell that the store is processed as a whole, such as to copy it: nobody is named.

        The processing log then holds one record without a person. Where persons are picked out,
        looked at or scored, the standard asks for a record of each (Logboek Dataverwerkingen,
        section 3.3): name them with `about`. A copy or a change of keys is about everybody who is
        stored at that moment, whom a record each would not tell better.
        """
        self._everybody = True

    def note(self, soort: str, *keys: object) -> None:
        """Name other things, such as a leerwerkplek; never free text."""
        self.dingen.update(dict.fromkeys((soort, str(key)) for key in keys))

    def add(
        self, table: sa.Table, rows: Iterable[Mapping[str, object]], *, skip_known: bool = False
    ) -> None:
        """Hand over rows that must be stored together with the line, in the order of the calls.

        Parameters
        ----------
        table : Table
            Where they belong.
        rows : iterable of mapping
            Values by column, with their keys.
        skip_known : bool
            Leave a row alone whose key is there already.
        """
        found = list(rows)
        if found:
            self._additions.append(Addition(table, found, skip_known))

    def refuse(self) -> None:
        """Tell that this was refused, where the status does not say so."""
        self.refused = True

    def append(self, session: Session) -> None:
        """Write the line in a unit of work that is about to be committed.

        Raises
        ------
        NotRecordedError
            The store takes the change but not the line, so the change may not stand.
        """
        if self._writer is None:
            return
        self._complete(None)
        self._drawn = self._draw(Resultaat.VASTGELEGD, None)
        try:
            self._writer.write(session, [self._drawn])
        except DBAPIError as error:
            if find_problem(error) or find_duplicate(error):
                raise
            get_log(__name__).error("not_recorded", kind=type(error).__name__, exc_info=error)
            raise NotRecordedError from error

    def committed(self) -> None:
        """Remember that what was appended last is stored."""
        if self._drawn is not None:
            self.stored(self._drawn)
            self._drawn = None

    def close(self, status: int) -> Gebeurd | None:
        """Return what must still be written now that the outcome is known; None if nothing.

        Parameters
        ----------
        status : int
            HTTP status of the answer; a command uses 200 and 500.
        """
        self._complete(status)
        resultaat = Resultaat.GEWEIGERD if self.refused else resultaat_of(status)
        told = self._outcome is not None and not (
            self._outcome is Resultaat.VASTGELEGD and status >= 400
        )
        news = self._seen != (len(self.personen), len(self.dingen))
        if told and not news and not self._additions:
            return None
        return self._draw(resultaat, status, regel=not told or news)

    def stored(self, found: Gebeurd) -> None:
        """Remember what is stored, so that it is not written again."""
        self._outcome = found.resultaat
        self._seen = (
            self._seen[0] + len(found.personen),
            self._seen[1] + len(found.dingen),
        )
        del self._additions[: len(found.additions)]
        self._everybody = self._everybody and not found.iedereen

    def _complete(self, status: int | None) -> None:
        """Add what only becomes known on the way; see `service.audit.middleware`."""

    def _draw(self, resultaat: Resultaat, status: int | None, *, regel: bool = True) -> Gebeurd:
        return Gebeurd(
            spoor=self,
            resultaat=resultaat,
            status=status,
            personen=tuple(self.personen)[self._seen[0] :],
            dingen=tuple(self.dingen)[self._seen[1] :],
            additions=tuple(self._additions),
            einde=datetime.now(UTC),
            eerste=not self._seen[0],
            iedereen=self._everybody,
            regel=regel,
        )


CURRENT: ContextVar[Spoor | None] = ContextVar("spoor", default=None)


def current_spoor() -> Spoor:
    """Return the trace of this request or command; elsewhere a loose one that nobody writes."""
    return CURRENT.get() or Spoor("", oorsprong="")


def resultaat_of(status: int) -> Resultaat:
    """Return how a request ended, by its HTTP status.

    Examples
    --------
    >>> [resultaat_of(status).value for status in (200, 303, 403, 404, 409, 503)]
    ['gelukt', 'gelukt', 'geweigerd', 'niet gevonden', 'afgekeurd', 'mislukt']
    """
    if status < 400:
        return Resultaat.GELUKT
    if status in REFUSED:
        return Resultaat.GEWEIGERD
    if status == 404:
        return Resultaat.NIET_GEVONDEN
    return Resultaat.AFGEKEURD if status < 500 else Resultaat.MISLUKT


def _caller(traceparent: str) -> tuple[str, str | None]:
    """Return the trace to go on with, and the operation of the caller if there is one."""
    found = TRACEPARENT.fullmatch(traceparent) if traceparent else None
    if found is None or found[1] == NO_TRACE or found[2] == NO_OPERATION:
        return secrets.token_hex(16), None
    return found[1], found[2]
