"""Protected attributes, which lie apart: opened by name, read and thrown away by pseudonym.

Only `service.privacy.beschermd` uses this; tests/service/privacy/test_beschermd.py reads the
imports and refuses another.
"""

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlalchemy import URL, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from service.storage.beschermd_tables import BESCHERMD_INNAME, KENMERK, KLUIS, SCHEMA
from service.storage.engine import OWNER_ONLY, for_reading, open_engine
from service.storage.failures import store_errors

FILE: Final = f"{SCHEMA}.db"
"""Name of the file in which they lie on SQLite, beside the store."""
AT_ONCE = 500


@dataclass(frozen=True)
class Inname:
    """That attributes were taken in; `gewist_op` is empty as long as they may be here."""

    id: int
    kenmerken: tuple[str, ...]
    doel: str
    grondslag: str
    dpia: str
    bestand: str
    sha256: str
    door: str
    tijdstip: datetime
    bewaren_tot: date
    gewist_op: datetime | None


def kluis_path(url: URL) -> Path | None:
    """Return where the attributes lie beside a store on SQLite; None for any other store."""
    if url.get_backend_name() != "sqlite" or url.database is None:
        return None
    return Path(url.database).with_name(FILE)


@contextmanager
def open_kluis(engine: Engine, *, make: bool = False) -> Iterator[Engine | None]:
    """Open a store together with the attributes that lie apart from it.

    Parameters
    ----------
    engine : Engine
        The store.
    make : bool
        Whether to make the place where it is not there yet.

    Yields
    ------
    Engine or None
        The same store, by which the attributes can be read and changed in one transaction with it;
        None where there are none, or where the role of this connection may not come near them.
    """
    path = kluis_path(engine.url)
    if path is None:
        asked = sa.select(sa.func.has_schema_privilege(SCHEMA, "USAGE"))
        with store_errors(), for_reading(engine).connect() as connection:
            allowed = connection.scalar(asked)
        yield engine if allowed else None
        return
    if not make and not path.exists():
        yield None
        return
    attached = _attached(engine.url, path)
    try:
        yield attached
    finally:
        attached.dispose()


def _attached(url: URL, path: Path) -> Engine:
    """Open a store on SQLite with the file of attributes beside it, readable by its owner alone."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, OWNER_ONLY))
    engine = open_engine(url.render_as_string(hide_password=False))

    @event.listens_for(engine, "connect")
    def attach(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        cursor.execute(f"ATTACH DATABASE ? AS {SCHEMA}", (path.as_posix(),))
        # what is erased leaves no bytes behind (TRUST P4)
        cursor.execute(f"PRAGMA {SCHEMA}.secure_delete = ON")
        cursor.close()

    engine.dispose()  # what was opened before has nothing attached
    with store_errors():
        KLUIS.create_all(engine)
    return engine


def limit_kluis(session: Session, role: str, *, read: bool) -> None:
    """Let a role of PostgreSQL come near the attributes, or keep it away from them (TRUST F3).

    Parameters
    ----------
    session : Session
        Of the owner of the schema.
    role : str
        Its name.
    read : bool
        True for the role of the audit job; False for those that serve and train.

    Raises
    ------
    ValueError
        The database is no PostgreSQL.
    """
    if session.get_bind().dialect.name != "postgresql":
        raise ValueError("only PostgreSQL has roles")
    name = session.get_bind().dialect.identifier_preparer.quote_identifier(role)
    statements = [
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {SCHEMA} FROM {name}",
        f"REVOKE ALL ON SCHEMA {SCHEMA} FROM {name}",
    ]
    if read:
        statements += [
            f"GRANT USAGE ON SCHEMA {SCHEMA} TO {name}",
            f"GRANT SELECT, INSERT, DELETE ON ALL TABLES IN SCHEMA {SCHEMA} TO {name}",
        ]
    for statement in statements:
        session.connection().exec_driver_sql(statement)


class KenmerkRepository:
    """Every query on the attributes themselves, by pseudonym; it never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, rows: Sequence[Mapping[str, object]]) -> None:
        """Store rows of the table, each in place of what its pseudonym and kenmerk had."""
        for kenmerk in {str(row["kenmerk"]) for row in rows}:
            who = [str(row["pseudoniem"]) for row in rows if row["kenmerk"] == kenmerk]
            self._remove(who, KENMERK.c.kenmerk == kenmerk)
        if rows:
            self._session.execute(sa.insert(KENMERK), list(rows))

    def all(self) -> list[tuple[str, str, str]]:
        """Return pseudonym, kenmerk and value of every row, in that order."""
        row = KENMERK.c
        asked = sa.select(row.pseudoniem, row.kenmerk, row.waarde)
        found = self._session.execute(asked.order_by(row.pseudoniem, row.kenmerk))
        return [(one.pseudoniem, one.kenmerk, one.waarde) for one in found]

    def of(self, pseudoniem: str) -> dict[str, str]:
        """Return what is kept of one pseudonym, by kenmerk."""
        row = KENMERK.c
        asked = sa.select(row.kenmerk, row.waarde).where(row.pseudoniem == pseudoniem)
        return {one.kenmerk: one.waarde for one in self._session.execute(asked)}

    def pseudoniemen(self) -> set[str]:
        """Return every pseudonym of which something is kept."""
        return set(self._session.scalars(sa.select(KENMERK.c.pseudoniem).distinct()))

    def remove(self, pseudoniemen: Collection[str]) -> int:
        """Throw away all of these pseudonyms; return how many rows."""
        return self._remove(pseudoniemen, sa.true())

    def remove_closed(self) -> int:
        """Throw away what came with an inname that stands no more; return how many rows.

        Also what came with one that is not known: on SQLite two files are changed at once, and the
        power may fail between them.
        """
        standing = sa.select(BESCHERMD_INNAME.c.id).where(BESCHERMD_INNAME.c.gewist_op.is_(None))
        closed = KENMERK.c.inname_id.not_in(standing)
        done = self._session.execute(sa.delete(KENMERK).where(closed))
        return int(done.rowcount)  # type: ignore[attr-defined]  # of a statement that writes

    def _remove(self, pseudoniemen: Collection[str], also: sa.ColumnElement[bool]) -> int:
        wanted, gone = sorted(pseudoniemen), 0
        for at in range(0, len(wanted), AT_ONCE):
            mine = KENMERK.c.pseudoniem.in_(wanted[at : at + AT_ONCE])
            done = self._session.execute(sa.delete(KENMERK).where(mine, also))
            gone += int(done.rowcount)  # type: ignore[attr-defined]  # of a statement that writes
        return gone


class InnameRepository:
    """Every query on why attributes are here; no row names anybody. It never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, **values: object) -> int:
        """Store one, the columns of the table but its id, and return that id."""
        stored = sa.insert(BESCHERMD_INNAME).values(**values).returning(BESCHERMD_INNAME.c.id)
        number: int = self._session.execute(stored).scalar_one()
        return number

    def standing(self) -> list[Inname]:
        """Return those of which the attributes may still be here, the oldest first."""
        asked = sa.select(BESCHERMD_INNAME).where(BESCHERMD_INNAME.c.gewist_op.is_(None))
        rows = self._session.execute(asked.order_by(BESCHERMD_INNAME.c.id)).mappings()
        return [Inname(**{**row, "kenmerken": tuple(row["kenmerken"])}) for row in rows]

    def close(self, innames: Collection[int], op: datetime) -> None:
        """Record that what came with these is gone."""
        mine = BESCHERMD_INNAME.c.id.in_(innames)
        self._session.execute(sa.update(BESCHERMD_INNAME).where(mine).values(gewist_op=op))
