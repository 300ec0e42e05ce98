"""Every query on the audit chain and the processing log; lines are appended, found and read.

The number and the hash of a line follow from the line before it, so whoever appends holds the
only lock there is: on SQLite that of the transaction, on PostgreSQL an advisory lock, which the
end of the transaction lets go.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from service.storage.audit_tables import AUDIT_IJKPUNT, AUDITREGEL, VERWERKINGSREGEL
from service.storage.driver import add_rows, read_rows

CHAIN_LOCK = 6_041_981_001
"""Key of the advisory lock of PostgreSQL under which the chain grows."""
GENESIS = "0" * 64
"""What stands for the hash before the first line."""
SLICE = 5000
"""Lines that are read at once."""

# made once: a statement that is made anew costs more than the row it stores
LOCK = sa.select(sa.func.pg_advisory_xact_lock(CHAIN_LOCK))
ADD_LINE = sa.insert(AUDITREGEL)
ADD_RECORD = sa.insert(VERWERKINGSREGEL)
LAST_LINE = sa.select(AUDITREGEL.c.nummer, AUDITREGEL.c.hash).where(
    AUDITREGEL.c.nummer == sa.select(sa.func.max(AUDITREGEL.c.nummer)).scalar_subquery()
)
LAST_CHECKPOINT = (
    sa.select(AUDIT_IJKPUNT.c.nummer, AUDIT_IJKPUNT.c.hash)
    .order_by(AUDIT_IJKPUNT.c.nummer.desc())
    .limit(1)
)

Line = Mapping[str, object]
"""Values of one line by column of ``auditregel``, without its number and hash."""


@dataclass(frozen=True)
class Addition:
    """Rows of another table that must be stored together with a line."""

    table: sa.Table
    rows: Sequence[Mapping[str, object]]
    skip_known: bool = False
    """Leave rows alone whose key is there already."""


@dataclass(frozen=True)
class Kop:
    """The head of the chain, or a place in it: number and hash of a line."""

    nummer: int
    hash: str


@dataclass(frozen=True)
class Regelvraag:
    """Which lines are wanted; None and empty texts do not choose."""

    van: datetime | None = None
    tot: datetime | None = None
    actor: str = ""
    object: str = ""
    actie: str = ""
    resultaat: str = ""


ALLES = Regelvraag()


def line_hash(previous: str, line: Line) -> str:
    """Return the hash of a line after another one.

    Parameters
    ----------
    previous : str
        Hash of the line before it, `GENESIS` for the first, in hex.
    line : mapping of str to object
        Its values with ``nummer`` and ``tijdstip`` (in UTC), without ``hash``.

    Returns
    -------
    str
        SHA-256 in hex over the previous hash, a line break and the line as canonical JSON.

    References
    ----------
    RFC 8785, JSON Canonicalization Scheme; all values here are texts, integers or null.
    """
    moment = line["tijdstip"]
    if not isinstance(moment, datetime):
        raise TypeError("tijdstip is no moment")
    plain = {**line, "tijdstip": moment.astimezone(UTC).isoformat(timespec="microseconds")}
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(f"{previous}\n{text}".encode()).hexdigest()


def limit_role(session: Session, role: str) -> None:
    """Let a role of PostgreSQL read and add lines, and nothing else (TRUST A2).

    For the role as which the service runs; migrations and the removal of old lines run as the
    owner of the tables. On SQLite there are no roles, only the triggers.

    Raises
    ------
    ValueError
        The database is no PostgreSQL.
    """
    if session.get_bind().dialect.name != "postgresql":
        raise ValueError("only PostgreSQL has roles")
    name = session.get_bind().dialect.identifier_preparer.quote_identifier(role)
    tables = ", ".join(one.name for one in (AUDITREGEL, AUDIT_IJKPUNT, VERWERKINGSREGEL))
    for statement in (
        f"REVOKE ALL ON {tables} FROM {name}",
        f"GRANT SELECT, INSERT ON {tables} TO {name}",
        f"GRANT USAGE ON SEQUENCE verwerkingsregel_id_seq TO {name}",
    ):
        session.connection().exec_driver_sql(statement)


class AuditRepository:
    """The audit chain and the processing log, inside one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def append(
        self,
        lines: Iterable[Line],
        *,
        additions: Iterable[Addition] = (),
        verwerkingen: Sequence[Mapping[str, object]] = (),
    ) -> Kop:
        """Add lines to the chain, and what must be stored with them; returns the new head.

        The lock is held from here to the end of the unit of work, so call this last.
        """
        connection = self._session.connection()
        if connection.dialect.name == "postgresql":
            connection.execute(LOCK)
        for addition in _joined(additions):
            _add(connection, addition)
        head = self.head()
        nummer, previous, rows = head.nummer, head.hash, []
        for line in lines:
            nummer += 1
            numbered = {**line, "nummer": nummer}
            previous = line_hash(previous, numbered)
            rows.append({**numbered, "hash": previous})
        if rows:
            add_rows(connection, ADD_LINE, rows)
        if verwerkingen:
            add_rows(connection, ADD_RECORD, verwerkingen)
        return Kop(nummer, previous)

    def head(self) -> Kop:
        """Return the last line; number 0 and `GENESIS` when nothing was ever written."""
        last = read_rows(self._session.connection(), LAST_LINE, {})
        return Kop(*last[0]) if last else self.start()

    def start(self) -> Kop:
        """Return where the lines that are kept begin: the last checkpoint, or nothing."""
        last = self._session.execute(LAST_CHECKPOINT).one_or_none()
        return Kop(*last) if last else Kop(0, GENESIS)

    def lines(self, vraag: Regelvraag = ALLES) -> Iterator[Row[Any]]:
        """Yield every line that is kept and answers a question, in the order of the chain."""
        after = 0
        while True:
            found = self._session.execute(
                sa.select(AUDITREGEL)
                .where(AUDITREGEL.c.nummer > after, *_conditions(vraag))
                .order_by(AUDITREGEL.c.nummer)
                .limit(SLICE)
            ).all()
            yield from found
            if len(found) < SLICE:
                return
            after = found[-1].nummer

    def find(
        self, vraag: Regelvraag, *, vanaf: int = 0, aantal: int = 100
    ) -> list[Row[tuple[object, ...]]]:
        """Return lines that answer a question, the newest first."""
        return list(
            self._session.execute(
                sa.select(AUDITREGEL)
                .where(*_conditions(vraag))
                .order_by(AUDITREGEL.c.nummer.desc())
                .offset(vanaf)
                .limit(aantal)
            )
        )

    def count(self, vraag: Regelvraag) -> int:
        """Return how many lines answer a question."""
        counted = sa.select(sa.func.count()).select_from(AUDITREGEL).where(*_conditions(vraag))
        return self._session.execute(counted).scalar_one()

    def about(self, pseudonym: str) -> list[Row[tuple[object, ...]]]:
        """Return every line about a jongere by its pseudonym of the audit domain, newest first."""
        vraag = Regelvraag(object=f"jongere:{pseudonym}")
        return self.find(vraag, aantal=self.count(vraag))

    def last_before(self, moment: datetime) -> Kop | None:
        """Return the line below which all are older than a moment; None when none is.

        Lines stand in the order of their commit, which differs by seconds from that of their
        beginning; so this looks for the first line that is young enough, and takes the one before.
        """
        young = self._session.execute(
            sa.select(sa.func.min(AUDITREGEL.c.nummer)).where(AUDITREGEL.c.tijdstip >= moment)
        ).scalar_one()
        choice = sa.select(AUDITREGEL.c.nummer, AUDITREGEL.c.hash)
        if young is not None:
            choice = choice.where(AUDITREGEL.c.nummer < young)
        found = self._session.execute(
            choice.order_by(AUDITREGEL.c.nummer.desc()).limit(1)
        ).one_or_none()
        return Kop(*found) if found else None

    def checkpoints(self) -> list[Row[tuple[object, ...]]]:
        """Return the signed checkpoints, the oldest first."""
        return list(
            self._session.execute(sa.select(AUDIT_IJKPUNT).order_by(AUDIT_IJKPUNT.c.nummer))
        )

    def remove_below(self, checkpoint: Mapping[str, object]) -> int:
        """Store a signed checkpoint and remove the lines up to it; returns how many."""
        self._session.execute(sa.insert(AUDIT_IJKPUNT), checkpoint)
        gone = self._session.execute(
            sa.delete(AUDITREGEL).where(AUDITREGEL.c.nummer <= checkpoint["nummer"])
        )
        return int(getattr(gone, "rowcount", 0))

    def verwerkingen(self, *, van: datetime | None = None) -> Iterator[Row[tuple[object, ...]]]:
        """Yield the records of the processing log in the order in which they were stored."""
        after = 0
        since = [] if van is None else [VERWERKINGSREGEL.c.start_time >= van]
        while True:
            found = self._session.execute(
                sa.select(VERWERKINGSREGEL)
                .where(VERWERKINGSREGEL.c.id > after, *since)
                .order_by(VERWERKINGSREGEL.c.id)
                .limit(SLICE)
            ).all()
            yield from found
            if len(found) < SLICE:
                return
            after = found[-1].id

    def remove_verwerkingen(self, before: datetime) -> int:
        """Remove the processings that began before a moment; returns how many."""
        gone = self._session.execute(
            sa.delete(VERWERKINGSREGEL).where(VERWERKINGSREGEL.c.start_time < before)
        )
        return int(getattr(gone, "rowcount", 0))


def _add(connection: sa.Connection, addition: Addition) -> None:
    dialect = connection.dialect.name if addition.skip_known else ""
    add_rows(connection, _insert(addition.table, dialect), addition.rows)


def _joined(additions: Iterable[Addition]) -> Iterable[Addition]:
    """Return the same rows with one addition per table and set of columns, parents first.

    Fifty requests that each show a list then cost as many statements as one.
    """
    rows: dict[tuple[sa.Table, bool, tuple[str, ...]], list[Mapping[str, object]]] = {}
    for one in additions:
        for row in one.rows:
            rows.setdefault((one.table, one.skip_known, tuple(row)), []).append(row)
    ordered = sorted(rows.items(), key=lambda one: _depth(one[0][0]))
    return [Addition(table, found, skip) for (table, skip, _), found in ordered]


@cache
def _insert(table: sa.Table, skip_on: str) -> sa.Insert:
    """Return what adds rows; on the named kind of database it leaves rows that are there alone."""
    if not skip_on:
        return sa.insert(table)
    insert = postgresql.insert if skip_on == "postgresql" else sqlite.insert
    return insert(table).on_conflict_do_nothing()


@cache
def _depth(table: sa.Table) -> int:
    """Return how many tables lie above one: what it refers to has a smaller number."""
    parents = {key.column.table for key in table.foreign_keys} - {table}
    return 1 + max((_depth(parent) for parent in parents), default=-1)


def _conditions(vraag: Regelvraag) -> list[sa.ColumnElement[bool]]:
    table = AUDITREGEL.c
    found = []
    if vraag.van is not None:
        found.append(table.tijdstip >= vraag.van)
    if vraag.tot is not None:
        found.append(table.tijdstip < vraag.tot)
    if vraag.object:
        found.append(table.objecten.contains(f'"{vraag.object}"', autoescape=True))
    if vraag.actie:
        found.append(table.actie.contains(vraag.actie, autoescape=True))
    found += [
        column == wanted
        for column, wanted in ((table.actor, vraag.actor), (table.resultaat, vraag.resultaat))
        if wanted
    ]
    return found
