"""Second factors of accounts and the codes for who lost one."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from service.storage.aanmelden_tables import HERSTELCODE, TWEEDE_FACTOR

NEVER_USED = -1
"""Time step before every other: no code was used yet."""


@dataclass(frozen=True)
class TweedeFactor:
    """The encrypted TOTP secret of an account; it counts once `bevestigd_op` is set."""

    gebruiker_id: int
    geheim: bytes = field(repr=False)
    laatste_stap: int
    bevestigd_op: datetime | None


class TweedeFactorRepository:
    """Every query on second factors and recovery codes; it never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, gebruiker_id: int) -> TweedeFactor | None:
        """Return the second factor of an account, also one that was not confirmed."""
        row = self._session.execute(
            sa.select(TWEEDE_FACTOR).where(TWEEDE_FACTOR.c.gebruiker_id == gebruiker_id)
        ).first()
        return None if row is None else TweedeFactor(*row)

    def accounts(self) -> frozenset[int]:
        """Return the accounts that have a second factor, also one that was not confirmed."""
        return frozenset(self._session.scalars(sa.select(TWEEDE_FACTOR.c.gebruiker_id)))

    def put(self, gebruiker_id: int, geheim: bytes) -> None:
        """Store a new secret that must still be confirmed, in place of the former."""
        self.remove(gebruiker_id)
        self._session.execute(
            sa.insert(TWEEDE_FACTOR).values(
                gebruiker_id=gebruiker_id, geheim=geheim, laatste_stap=NEVER_USED
            )
        )

    def confirm(self, gebruiker_id: int, tijdstip: datetime) -> None:
        """Let the second factor count from now on."""
        self._session.execute(
            sa.update(TWEEDE_FACTOR)
            .where(TWEEDE_FACTOR.c.gebruiker_id == gebruiker_id)
            .values(bevestigd_op=tijdstip)
        )

    def use_stap(self, gebruiker_id: int, stap: int) -> bool:
        """Use the code of a time step up; False when it, or a later one, was used already."""
        used = self._session.execute(
            sa.update(TWEEDE_FACTOR)
            .where(TWEEDE_FACTOR.c.gebruiker_id == gebruiker_id)
            .where(TWEEDE_FACTOR.c.laatste_stap < stap)
            .values(laatste_stap=stap)
            .returning(TWEEDE_FACTOR.c.gebruiker_id)
        ).scalar()
        return used is not None

    def remove(self, gebruiker_id: int) -> None:
        """Take the second factor and its recovery codes away; nothing happens without one."""
        for table in (HERSTELCODE, TWEEDE_FACTOR):
            self._session.execute(sa.delete(table).where(table.c.gebruiker_id == gebruiker_id))

    def put_codes(self, gebruiker_id: int, code_hmacs: Iterable[str]) -> None:
        """Store recovery codes in place of the former."""
        self._session.execute(
            sa.delete(HERSTELCODE).where(HERSTELCODE.c.gebruiker_id == gebruiker_id)
        )
        self._session.execute(
            sa.insert(HERSTELCODE),
            [{"code_hmac": code, "gebruiker_id": gebruiker_id} for code in code_hmacs],
        )

    def use_code(self, gebruiker_id: int, code_hmac: str) -> bool:
        """Use a recovery code up; False when the account has no such code."""
        used = self._session.execute(
            sa.delete(HERSTELCODE)
            .where(HERSTELCODE.c.gebruiker_id == gebruiker_id)
            .where(HERSTELCODE.c.code_hmac == code_hmac)
            .returning(HERSTELCODE.c.code_hmac)
        ).scalar()
        return used is not None

    def count_codes(self, gebruiker_id: int) -> int:
        """Return how many recovery codes an account has left."""
        return self._session.execute(
            sa.select(sa.func.count()).where(HERSTELCODE.c.gebruiker_id == gebruiker_id)
        ).scalar_one()
