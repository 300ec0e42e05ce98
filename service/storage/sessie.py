"""Who is logged in: of a session only the keyed hash of its token is stored."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from service.storage.tables import SESSIE


@dataclass(frozen=True)
class Sessie:
    """A login that lasts; `token_hmac` is the hexadecimal HMAC-SHA256 of the token."""

    token_hmac: str
    gebruiker_id: int
    aangemaakt_op: datetime
    gezien_op: datetime


class SessieRepository:
    """Every query on sessions; it never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, *, token_hmac: str, gebruiker_id: int, tijdstip: datetime) -> Sessie:
        """Store a session that starts now."""
        sessie = Sessie(token_hmac, gebruiker_id, tijdstip, tijdstip)
        self._session.execute(sa.insert(SESSIE).values(vars(sessie)))
        return sessie

    def find(self, token_hmac: str) -> Sessie | None:
        """Return the session of a token, however old it is."""
        row = self._session.execute(sa.select(SESSIE).where(SESSIE.c.token_hmac == token_hmac))
        found = row.first()
        return None if found is None else Sessie(*found)

    def touch(self, token_hmac: str, tijdstip: datetime) -> None:
        """Record that a session was used; nothing happens when it is gone."""
        self._session.execute(
            sa.update(SESSIE).where(SESSIE.c.token_hmac == token_hmac).values(gezien_op=tijdstip)
        )

    def remove(self, token_hmac: str) -> None:
        """Forget a session; nothing happens when it is gone."""
        self._session.execute(sa.delete(SESSIE).where(SESSIE.c.token_hmac == token_hmac))

    def remove_of(self, gebruiker_id: int) -> None:
        """Forget all sessions of an account."""
        self._session.execute(sa.delete(SESSIE).where(SESSIE.c.gebruiker_id == gebruiker_id))

    def remove_older(self, *, gezien_before: datetime, aangemaakt_before: datetime) -> None:
        """Forget sessions that were last used, or made, before these moments."""
        self._session.execute(
            sa.delete(SESSIE).where(
                (SESSIE.c.gezien_op < gezien_before) | (SESSIE.c.aangemaakt_op < aangemaakt_before)
            )
        )
