"""Objecting to being scored: no model looks at this jongere, everybody else goes on helping.

Who objects has no score, no place in a list by chance, no part in a joint proposal, and trains no
model; never a score of zero or of the middle. The jongere can still be found, sees the places that
no rule blocks in order of journey, and is discussed at the matchtafel by hand.

References
----------
AVG article 21(1): the controller no longer processes.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from features.contract import Tables
from service.rechten.toegang import SYSTEEM, looking_as
from service.storage.bezwaar import BezwaarRepository


def bezwaren(session: Session) -> frozenset[str]:
    """Return the jongere_id of everybody who objects now, whoever looks."""
    with looking_as(SYSTEEM):
        return BezwaarRepository(session).standing()


def object_to_scoring(
    session: Session, jongere_id: str, *, reden: str, door: str, op: datetime
) -> None:
    """Record that a jongere objects; once is enough, so a second time changes nothing."""
    repository = BezwaarRepository(session)
    if all(one.ingetrokken_op is not None for one in repository.of(jongere_id)):
        repository.add(jongere_id, reden=reden, door=door, tijdstip=op)


def withdraw_objection(session: Session, jongere_id: str, *, op: datetime) -> bool:
    """Let a jongere be scored again; False when there was no objection."""
    return BezwaarRepository(session).withdraw(jongere_id, op) > 0


def without_objectors(session: Session, tables: Tables) -> Tables:
    """Return tables to train on, without a row about anybody who objects."""
    gone = sorted(bezwaren(session))
    if not gone:
        return tables
    return {
        name: frame.filter(~frame["jongere_id"].is_in(gone))
        if "jongere_id" in frame.columns
        else frame
        for name, frame in tables.items()
    }
