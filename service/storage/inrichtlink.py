"""Links by which somebody sets a password, and logins that wait for a second factor."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from service.storage.aanmelden_tables import INLOGSTAP, INRICHTLINK


@dataclass(frozen=True)
class Inlogstap:
    """A login of which the password was right; `token_hmac` is that of its cookie."""

    token_hmac: str
    gebruiker_id: int
    aangemaakt_op: datetime


class InrichtlinkRepository:
    """Every query on setup links; it never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, link_hmac: str, gebruiker_id: int, verloopt_op: datetime) -> None:
        """Store a link; the earlier links of the account are worthless from now on."""
        self.remove_of(gebruiker_id)
        self._session.execute(
            sa.insert(INRICHTLINK).values(
                link_hmac=link_hmac, gebruiker_id=gebruiker_id, verloopt_op=verloopt_op
            )
        )

    def find(self, link_hmac: str, now: datetime) -> int | None:
        """Return whose link this is; None when it is unknown, used or over."""
        return self._session.execute(
            sa.select(INRICHTLINK.c.gebruiker_id).where(
                INRICHTLINK.c.link_hmac == link_hmac, INRICHTLINK.c.verloopt_op > now
            )
        ).scalar()

    def take(self, link_hmac: str, now: datetime) -> int | None:
        """Use a link up, and return whose it was; of two who try at once, one gets it."""
        return self._session.execute(
            sa.delete(INRICHTLINK)
            .where(INRICHTLINK.c.link_hmac == link_hmac, INRICHTLINK.c.verloopt_op > now)
            .returning(INRICHTLINK.c.gebruiker_id)
        ).scalar()

    def take_of(self, gebruiker_id: int, now: datetime) -> bool:
        """Use the link of an account up; False when it has none that is valid."""
        mine = INRICHTLINK.c.gebruiker_id == gebruiker_id
        used = self._session.execute(
            sa.delete(INRICHTLINK)
            .where(mine, INRICHTLINK.c.verloopt_op > now)
            .returning(INRICHTLINK.c.link_hmac)
        ).first()
        return used is not None

    def remove_of(self, gebruiker_id: int) -> None:
        """Forget the links of an account."""
        self._session.execute(
            sa.delete(INRICHTLINK).where(INRICHTLINK.c.gebruiker_id == gebruiker_id)
        )

    def remove_older(self, now: datetime) -> None:
        """Forget links that are over."""
        self._session.execute(sa.delete(INRICHTLINK).where(INRICHTLINK.c.verloopt_op <= now))


class InlogstapRepository:
    """Every query on logins that wait for a second factor; it never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, stap: Inlogstap) -> None:
        """Store a login that goes on."""
        self._session.execute(sa.insert(INLOGSTAP).values(vars(stap)))

    def find(self, token_hmac: str, *, after: datetime) -> int | None:
        """Return whose login this is, if it began after a moment."""
        return self._session.execute(
            sa.select(INLOGSTAP.c.gebruiker_id).where(
                INLOGSTAP.c.token_hmac == token_hmac, INLOGSTAP.c.aangemaakt_op > after
            )
        ).scalar()

    def remove_of(self, gebruiker_id: int) -> None:
        """Forget the waiting logins of an account."""
        self._session.execute(sa.delete(INLOGSTAP).where(INLOGSTAP.c.gebruiker_id == gebruiker_id))

    def remove_older(self, before: datetime) -> None:
        """Forget logins that began before a moment."""
        self._session.execute(sa.delete(INLOGSTAP).where(INLOGSTAP.c.aangemaakt_op < before))
