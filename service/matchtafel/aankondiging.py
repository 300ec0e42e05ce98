"""Telling the owner of a follow-up, by mail, on the morning of its day."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy.orm import Session

from service.outbox.berichten import Soort, enqueue, morning_of, withdraw
from service.storage.gebruiker import GebruikerRepository
from service.storage.matchtafel import MatchtafelRepository

PAD = "/opvolgingen"


def announce(
    session: Session,
    opvolging_id: int,
    *,
    besluit_id: int,
    datum: date,
    eigenaar_id: int,
    op: datetime,
) -> None:
    """Put the notice of a follow-up in the outbox; without an address it goes to the team."""
    enqueue(
        session,
        Soort.OPVOLGING,
        sleutel=_sleutel(besluit_id, opvolging_id),
        op=op,
        aan=_address(session, eigenaar_id),
        pad=PAD,
        vanaf=max(op, morning_of(datum)),
    )


def take_back(session: Session, besluit_id: int, opvolging_ids: Iterable[int]) -> None:
    """Withdraw the notices of follow-ups that were answered or dropped before they were sent."""
    for one in opvolging_ids:
        withdraw(session, _sleutel(besluit_id, one))


def _sleutel(besluit_id: int, opvolging_id: int) -> str:
    # SQLite gives the id of a follow-up that was dropped to the next one; a besluit stays for good
    return f"opvolging/{besluit_id}/{opvolging_id}"


def _address(session: Session, eigenaar_id: int) -> str | None:
    """Return the address of somebody at a table whose account is named by it."""
    eigenaar = MatchtafelRepository(session).deelnemer(eigenaar_id)
    if eigenaar.gebruiker_id is None:
        return None
    naam = GebruikerRepository(session).get(eigenaar.gebruiker_id).naam
    return naam if "@" in naam else None
