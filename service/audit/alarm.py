"""What follows from a check of the audit log: a moment that is kept, or a notice (TRUST A5)."""

from datetime import datetime

from sqlalchemy.orm import Session

from service.audit.controle import Controle
from service.outbox.berichten import Soort, enqueue
from service.rechten.begrippen import Rol
from service.storage.controlestand import ControlestandRepository
from service.storage.gebruiker import GebruikerRepository

CONTROLE = "audit"
PAD = "/toezicht/logboek"


def follow_up(session: Session, found: Controle, *, now: datetime) -> None:
    """Keep when the log was found whole, or tell who oversees that it is not.

    A check without exported heads is not kept as good: it does not see that a tail was cut off.
    The notice leaves once a day to every functionaris gegevensbescherming whose account is named
    by an address; when there is none, to the mailbox of the team.

    Parameters
    ----------
    session : Session
        Unit of work that writes.
    found : Controle
        What the check found.
    now : datetime
        Moment of the check, with time zone.
    """
    if found.is_whole:
        if found.koppen:
            ControlestandRepository(session).set(CONTROLE, now)
        return
    for aan in _overseers(session) or [None]:
        sleutel = f"{CONTROLE}/{now.date()}/{aan or 'team'}"
        enqueue(session, Soort.ALARM, sleutel=sleutel, op=now, aan=aan, pad=PAD)


def last_good(session: Session) -> datetime | None:
    """Return when the log was last found whole, with the exported heads; None when never."""
    return ControlestandRepository(session).find(CONTROLE)


def _overseers(session: Session) -> list[str | None]:
    """Return the addresses of who oversees."""
    role = Rol.FUNCTIONARIS_GEGEVENSBESCHERMING
    return [
        one.naam
        for one in GebruikerRepository(session).list()
        if one.actief and role in one.rollen and "@" in one.naam
    ]
