"""Keys by which programs ask the API; of a key only the keyed hash is stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from features.contract import LIST_SEPARATOR
from service.errors import NotFoundError
from service.storage.aanmelden_tables import API_TOKEN
from service.storage.gebruiker import Gebruiker, to_gebruiker
from service.storage.tables import GEBRUIKER


@dataclass(frozen=True)
class ApiToken:
    """A key of an account; `einde` are its last characters, `scopes` what it is for."""

    id: int
    gebruiker_id: int
    naam: str
    einde: str
    scopes: tuple[str, ...]
    aangemaakt_op: datetime
    verloopt_op: datetime
    gebruikt_op: datetime | None
    ingetrokken_op: datetime | None

    def is_valid(self, now: datetime) -> bool:
        """Whether the key opens anything at a moment."""
        return self.ingetrokken_op is None and now < self.verloopt_op


class ApiTokenRepository:
    """Every query on keys of programs; it never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        *,
        gebruiker_id: int,
        naam: str,
        token_hmac: str,
        einde: str,
        scopes: Iterable[str],
        aangemaakt_op: datetime,
        verloopt_op: datetime,
    ) -> ApiToken:
        """Store a key."""
        row = self._session.execute(
            sa.insert(API_TOKEN)
            .values(
                gebruiker_id=gebruiker_id,
                naam=naam,
                token_hmac=token_hmac,
                einde=einde,
                scopes=LIST_SEPARATOR.join(sorted(scopes)),
                aangemaakt_op=aangemaakt_op,
                verloopt_op=verloopt_op,
            )
            .returning(*_COLUMNS)
        )
        return _to_token(row.mappings().one())

    def list_of(self, gebruiker_id: int) -> tuple[ApiToken, ...]:
        """Return the keys of an account, also those that are over, newest first."""
        rows = self._session.execute(
            sa.select(*_COLUMNS)
            .where(API_TOKEN.c.gebruiker_id == gebruiker_id)
            .order_by(API_TOKEN.c.id.desc())
        )
        return tuple(_to_token(row) for row in rows.mappings())

    def find(self, token_hmac: str) -> tuple[ApiToken, Gebruiker] | None:
        """Return a key and its account, in one query."""
        row = (
            self._session.execute(
                sa.select(*_COLUMNS, *GEBRUIKER.c)
                .select_from(API_TOKEN.join(GEBRUIKER))
                .where(API_TOKEN.c.token_hmac == token_hmac)
            )
            .mappings()
            .first()
        )
        return None if row is None else (_to_token(row), to_gebruiker(row))

    def touch(self, token_id: int, tijdstip: datetime) -> None:
        """Record that a key was used."""
        self._session.execute(
            sa.update(API_TOKEN).where(API_TOKEN.c.id == token_id).values(gebruikt_op=tijdstip)
        )

    def revoke(self, token_id: int, gebruiker_id: int, tijdstip: datetime) -> None:
        """Make a key of an account worthless; nothing happens when it was already.

        Raises
        ------
        NotFoundError
            The account has no such key.
        """
        found = self._session.execute(
            sa.select(API_TOKEN.c.id).where(
                API_TOKEN.c.id == token_id, API_TOKEN.c.gebruiker_id == gebruiker_id
            )
        ).scalar()
        if found is None:
            raise NotFoundError("token", str(token_id))
        self._session.execute(
            sa.update(API_TOKEN)
            .where(API_TOKEN.c.id == token_id, API_TOKEN.c.ingetrokken_op.is_(None))
            .values(ingetrokken_op=tijdstip)
        )


_COLUMNS = tuple(column for column in API_TOKEN.c if column.name != "token_hmac")


def _to_token(row: sa.RowMapping) -> ApiToken:
    values = {column.name: row[column] for column in _COLUMNS}
    scopes = tuple(scope for scope in values.pop("scopes").split(LIST_SEPARATOR) if scope)
    return ApiToken(scopes=scopes, **values)
