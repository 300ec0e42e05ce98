"""Removing old lines without breaking the chain: a signed checkpoint stands in their place."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from service.audit.koppen import sign_kop
from service.audit.sleutels import AuditSleutels
from service.storage.audit import AuditRepository

SHORTEST = timedelta(days=183)
"""Six months: logs of a high-risk system are kept at least so long (AI Act articles 19, 26(6))."""


@dataclass(frozen=True)
class Opgeruimd:
    """How many lines and records were removed."""

    auditregels: int
    verwerkingsregels: int


def remove_before(
    session: Session, sleutels: AuditSleutels, moment: datetime, *, now: datetime
) -> Opgeruimd:
    """Remove lines and records from before a moment.

    The last line that goes is signed first; the database refuses to remove any line above it, and
    `service.audit.controle` starts from there.

    Parameters
    ----------
    session : Session
        A unit of work that writes; on PostgreSQL of the role that owns the tables.
    sleutels : AuditSleutels
        Keys of the audit domain.
    moment : datetime
        What began before it goes.
    now : datetime
        Moment of the removal.

    Raises
    ------
    ValueError
        Lines younger than `SHORTEST` would go.
    """
    if moment > now - SHORTEST:
        raise ValueError("lines of the last six months are kept")
    repository = AuditRepository(session)
    last = repository.last_before(moment)
    removed = 0
    if last is not None:
        signed = sign_kop(last, sleutels, now=now)
        removed = repository.remove_below({**asdict(signed), "tijdstip": signed.moment})
    return Opgeruimd(removed, repository.remove_verwerkingen(moment))
