"""What is told by mail, and putting it in the outbox; nothing about a person is in it.

References
----------
Transactional outbox: C. Richardson, Microservices Patterns (2018), section 3.3.7.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from service.storage.bericht import BerichtRepository

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MORNING = time(7, tzinfo=AMSTERDAM)
"""When a notice about a day leaves."""


class Soort(StrEnum):
    """What a notice tells."""

    OPVOLGING = "opvolging"
    ALARM = "alarm"
    IMPORT = "import"


@dataclass(frozen=True)
class Tekst:
    """Subject of a mail and its one sentence; the link follows."""

    onderwerp: str
    zin: str


TEKSTEN: Mapping[Soort, Tekst] = {
    Soort.OPVOLGING: Tekst("Er staat een opvolging klaar", "Er staat een opvolging voor u klaar."),
    Soort.ALARM: Tekst("Er is een melding in Vangnet", "Er is een melding om te bekijken."),
    Soort.IMPORT: Tekst("Er zijn gegevens ingelezen", "Er zijn nieuwe gegevens ingelezen."),
}
"""The whole text of each kind: mail is no place for names or for what is going on."""


def enqueue(
    session: Session,
    soort: Soort,
    *,
    sleutel: str,
    op: datetime,
    aan: str | None = None,
    pad: str = "/",
    vanaf: datetime | None = None,
) -> None:
    """Put a notice in the outbox, in the transaction of what it tells.

    Parameters
    ----------
    session : Session
        Of the unit of work that changes what is told: both are kept, or neither.
    soort : Soort
        What it tells.
    sleutel : str
        Names what is told, such as ``opvolging/12``; a second one with this key is dropped.
    op : datetime
        Now, with a time zone.
    aan : str or None
        Address of the receiver; None for the mailbox of the team.
    pad : str
        Page of the link, within the site.
    vanaf : datetime or None
        Moment before which it is not sent; at once when absent.
    """
    BerichtRepository(session).add(
        sleutel=sleutel, soort=soort, aan=aan, pad=pad, op=op, vanaf=vanaf or op
    )


def withdraw(session: Session, sleutel: str) -> None:
    """Take back a notice that was not sent yet, because what it tells is no longer so."""
    BerichtRepository(session).withdraw(sleutel)


def morning_of(day: date) -> datetime:
    """Return the moment of a day on which its notices leave.

    Examples
    --------
    >>> morning_of(date(2026, 7, 1)).isoformat()
    '2026-07-01T07:00:00+02:00'
    """
    return datetime.combine(day, MORNING)
