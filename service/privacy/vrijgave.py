"""Who may show a profile to a leerbedrijf: the jongere and the coach, both (TRUST H9).

The row rule of the role leerbedrijf (`service.rechten.rijen.released`) reads the same table.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from service.storage.vrijgave import VrijgaveRepository


class Van(StrEnum):
    """Who releases."""

    JONGERE = "jongere"
    COACH = "coach"


def releases(session: Session, jongere_id: str) -> dict[str, frozenset[Van]]:
    """Return who released the profile of a jongere to which leerbedrijf, by leerbedrijf_id."""
    found: dict[str, frozenset[Van]] = {}
    for one in VrijgaveRepository(session).standing(jongere_id):
        found[one.leerbedrijf_id] = found.get(one.leerbedrijf_id, frozenset()) | {Van(one.van)}
    return found


def release(
    session: Session, jongere_id: str, leerbedrijf_id: str, van: Van, *, door: str, op: datetime
) -> None:
    """Record that one of the two releases a profile; a second time changes nothing."""
    if van not in releases(session, jongere_id).get(leerbedrijf_id, frozenset()):
        VrijgaveRepository(session).add(jongere_id, leerbedrijf_id, van, door=door, tijdstip=op)


def take_back(
    session: Session, jongere_id: str, leerbedrijf_id: str, van: Van, *, op: datetime
) -> None:
    """Record that one of the two takes the release back; at once nothing is shown any more."""
    VrijgaveRepository(session).withdraw(jongere_id, leerbedrijf_id, van, op)
