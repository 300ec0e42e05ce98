"""Who may log in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from features.contract import LIST_SEPARATOR
from service.errors import NotFoundError
from service.storage.rows import NUL
from service.storage.tables import GEBRUIKER


@dataclass(frozen=True)
class Gebruiker:
    """An account; `password_hash` is a whole hash with its parameters, as pwdlib makes."""

    id: int
    naam: str
    password_hash: str = field(repr=False)
    rollen: tuple[str, ...]
    actief: bool
    aangemaakt_op: datetime
    wachtwoord_op: datetime | None = None


class GebruikerRepository:
    """Every query on accounts; it never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        *,
        naam: str,
        password_hash: str,
        rollen: Iterable[str],
        aangemaakt_op: datetime,
        wachtwoord_op: datetime | None = None,
    ) -> Gebruiker:
        """Store an active account; without `wachtwoord_op` nobody can log in with a password.

        Raises
        ------
        ValueError
            The naam is in use.
        """
        if self.find(naam) is not None:
            raise ValueError(f"gebruiker {naam!r} exists")
        statement = (
            sa.insert(GEBRUIKER)
            .values(
                naam=naam,
                password_hash=password_hash,
                rollen=LIST_SEPARATOR.join(rollen),
                actief=True,
                aangemaakt_op=aangemaakt_op,
                wachtwoord_op=wachtwoord_op,
            )
            .returning(*GEBRUIKER.c)
        )
        return to_gebruiker(self._session.execute(statement).mappings().one())

    def find(self, naam: str) -> Gebruiker | None:
        """Return the account of this naam, also when it is not active."""
        if NUL in naam:
            return None
        return self._first(GEBRUIKER.c.naam == naam)

    def get(self, gebruiker_id: int) -> Gebruiker:
        """Return the account of this id.

        Raises
        ------
        NotFoundError
            There is none.
        """
        gebruiker = self._first(GEBRUIKER.c.id == gebruiker_id)
        if gebruiker is None:
            raise NotFoundError("gebruiker", str(gebruiker_id))
        return gebruiker

    def namen(self, ids: Iterable[int]) -> dict[int, str]:
        """Return the naam of each of these accounts by its id."""
        asked = sa.select(GEBRUIKER.c.id, GEBRUIKER.c.naam).where(GEBRUIKER.c.id.in_(set(ids)))
        return {row.id: row.naam for row in self._session.execute(asked)}

    def list(self) -> tuple[Gebruiker, ...]:
        """Return all accounts, in the order in which they were made."""
        rows = self._session.execute(sa.select(GEBRUIKER).order_by(GEBRUIKER.c.id))
        return tuple(to_gebruiker(row) for row in rows.mappings())

    def set_password_hash(self, gebruiker_id: int, password_hash: str, tijdstip: datetime) -> None:
        """Replace the hash of the password.

        Raises
        ------
        NotFoundError
            There is no such account.
        """
        self._change(gebruiker_id, password_hash=password_hash, wachtwoord_op=tijdstip)

    def set_rollen(self, gebruiker_id: int, rollen: Iterable[str]) -> None:
        """Replace the roles.

        Raises
        ------
        NotFoundError
            There is no such account.
        """
        self._change(gebruiker_id, rollen=LIST_SEPARATOR.join(rollen))

    def lock(self, gebruiker_id: int) -> None:
        """Make others who lock this account wait for the end of this unit of work."""
        self._session.execute(
            sa.select(GEBRUIKER.c.id).where(GEBRUIKER.c.id == gebruiker_id).with_for_update()
        )

    def set_actief(self, gebruiker_id: int, *, actief: bool) -> None:
        """Let an account in, or keep it out.

        Raises
        ------
        NotFoundError
            There is no such account.
        """
        self._change(gebruiker_id, actief=actief)

    def _change(self, gebruiker_id: int, **values: object) -> None:
        changed = self._session.execute(
            sa.update(GEBRUIKER)
            .where(GEBRUIKER.c.id == gebruiker_id)
            .values(values)
            .returning(GEBRUIKER.c.id)
        ).scalar()
        if changed is None:
            raise NotFoundError("gebruiker", str(gebruiker_id))

    def _first(self, where: sa.ColumnElement[bool]) -> Gebruiker | None:
        row = self._session.execute(sa.select(GEBRUIKER).where(where)).mappings().first()
        return None if row is None else to_gebruiker(row)


def to_gebruiker(row: Mapping[Any, Any]) -> Gebruiker:
    """Return the account of a row that has every column of the table, among others."""
    values = {column.name: row[column] for column in GEBRUIKER.c}
    rollen = tuple(rol for rol in values.pop("rollen").split(LIST_SEPARATOR) if rol)
    return Gebruiker(rollen=rollen, **values)
