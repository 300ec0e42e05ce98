"""The rows of a store out and in again, on both databases, from one moment.

SQLite is copied page by page by its own online backup while others write. PostgreSQL gives every
table by COPY in one REPEATABLE READ transaction: no other program is needed for it, and what comes
back is checked by the same reading. The schema itself comes from the migrations.

References
----------
SQLite, Online Backup API, https://www.sqlite.org/backup.html. PostgreSQL documentation: COPY;
SET TRANSACTION; ALTER TABLE ... DISABLE TRIGGER USER.
"""

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import sqlalchemy as sa
from alembic import command
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine

from service.backup.archive import ArchiveReader, ArchiveWriter, Sink
from service.backup.manifest import TableDigest
from service.errors import StoreError, StoreProblem
from service.rechten.toegang import SYSTEEM, looking_as
from service.storage.beschermd_tables import SCHEMA as APART
from service.storage.engine import for_reading, open_engine
from service.storage.failures import problem_of, store_errors
from service.storage.migrate import make_config

SQLITE_PART = "vangnet.db"
POSTGRES_FOLDER = "postgresql"
BOOKKEEPING = "alembic_version"
AT_ONCE = 10_000


@dataclass(frozen=True)
class Dump:
    """What a database held at one moment."""

    revision: str
    tabellen: Mapping[str, TableDigest]
    reeksen: Mapping[str, int]


@dataclass(frozen=True)
class Tabel:
    """A table: its name, and as SQL writes them its name, all its columns and its key."""

    name: str
    sql: str
    columns: str
    key: str

    @property
    def part(self) -> str:
        """Name of its rows in an archive."""
        return f"{POSTGRES_FOLDER}/{self.name}.copy"


class _Nowhere:
    """Takes bytes and forgets them."""

    def write(self, data: "bytes | bytearray | memoryview") -> None:
        """Take some bytes."""


def dump(engine: Engine, archive: ArchiveWriter, scratch: Path) -> Dump:
    """Write the rows of a store to an archive, all of one moment, while others go on writing.

    Raises
    ------
    StoreError
        The database cannot be read, or was never migrated.
    """
    with driver_errors():
        if engine.dialect.name == "sqlite":
            return _dump_sqlite(engine, archive, scratch)
        with looking_as(SYSTEEM), for_reading(engine).connect() as connection:
            return _read_postgres(connection, _tables(connection), archive)


def digest(engine: Engine) -> Mapping[str, TableDigest]:
    """Return the count and the hash of every table as it is now."""
    with driver_errors(), looking_as(SYSTEEM), for_reading(engine).connect() as connection:
        if engine.dialect.name == "sqlite":
            return _digest_sqlite(connection)
        return _read_postgres(connection, _tables(connection), None).tabellen


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a SQLite database that others may be writing to."""
    with driver_errors():
        reading, writing = sqlite3.connect(source), sqlite3.connect(target)
        try:
            reading.backup(writing)
        finally:
            writing.close()
            reading.close()


@contextmanager
def fill_postgres(engine: Engine, archive: ArchiveReader) -> Iterator[Mapping[str, TableDigest]]:
    """Build the schema in an empty PostgreSQL database and put the rows in, or do nothing.

    Gives what is then in every table, read back before the transaction ends: an exception of the
    caller takes everything away again.
    """
    manifest = archive.manifest
    with driver_errors(), looking_as(SYSTEEM), engine.begin() as connection:
        command.upgrade(make_config(connection), manifest.revision)
        tables = _tables(connection)
        with _unguarded(connection, tables):
            for table in reversed(tables):  # a migration may have put rows in
                connection.exec_driver_sql(f"DELETE FROM {table.sql}")  # noqa: S608  # names of the schema
            for table in tables:
                _copy_in(connection, table, archive.read(table.part))
        for name, value in manifest.reeksen.items():
            setval = sa.text("SELECT setval(quote_ident(:name)::regclass, :value)")
            connection.execute(setval, {"name": name, "value": value})
        yield _read_postgres(connection, tables, None).tabellen


def is_empty(engine: Engine) -> bool:
    """Return whether a database holds no table at all."""
    with store_errors(), for_reading(engine).connect() as connection:
        return not sa.inspect(connection).get_table_names()


@contextmanager
def driver_errors() -> Iterator[None]:
    """Raise `StoreError` for a failure of a driver that was used without SQLAlchemy."""
    try:
        with store_errors():
            yield
    except (sqlite3.Error, psycopg.Error) as error:
        problem = problem_of(error)
        if problem is None:
            raise
        raise StoreError(problem) from error


def _dump_sqlite(engine: Engine, archive: ArchiveWriter, scratch: Path) -> Dump:
    with TemporaryDirectory(dir=scratch) as folder:
        copy = Path(folder) / SQLITE_PART
        copy_sqlite(Path(engine.url.database or ""), copy)
        copied = open_engine(f"sqlite:///{copy.as_posix()}", synchronous="OFF")
        try:
            with for_reading(copied).connect() as connection:
                found = Dump(_revision(connection), _digest_sqlite(connection), {})
        finally:
            copied.dispose()
        archive.add(SQLITE_PART, copy)
        return found


def _digest_sqlite(connection: Connection) -> Mapping[str, TableDigest]:
    return {table.name: _hash_rows(connection, table) for table in _tables(connection)}


def _hash_rows(connection: Connection, table: Tabel) -> TableDigest:
    """Hash the values as SQLite keeps them, in the order of the key."""
    order = table.key or "rowid"
    statement = f"SELECT {table.columns} FROM {table.sql} ORDER BY {order}"  # noqa: S608  # names of the schema
    rows, found = 0, hashlib.sha256()
    result = connection.exec_driver_sql(statement, execution_options={"yield_per": AT_ONCE})
    for part in result.partitions():
        rows += len(part)
        found.update("".join(f"{tuple(row)!r}\n" for row in part).encode())
    return TableDigest(rows, found.hexdigest())


def _read_postgres(
    connection: Connection, tables: list[Tabel], archive: ArchiveWriter | None
) -> Dump:
    """Read every table by COPY, into an archive or only to hash it."""
    tabellen = {}
    for table in tables:
        if archive is None:
            tabellen[table.name] = _copy_out(connection, table, _Nowhere())
        else:
            with archive.part(table.part) as part:
                tabellen[table.name] = _copy_out(connection, table, part)
    statement = sa.text(
        "SELECT sequencename, last_value FROM pg_sequences "
        "WHERE schemaname = current_schema() AND last_value IS NOT NULL ORDER BY 1"
    )
    reeksen = {row.sequencename: row.last_value for row in connection.execute(statement)}
    return Dump(_revision(connection), tabellen, reeksen)


def _copy_out(connection: Connection, table: Tabel, target: Sink) -> TableDigest:
    order = f" ORDER BY {table.key}" if table.key else ""
    statement = f"COPY (SELECT {table.columns} FROM {table.sql}{order}) TO STDOUT"  # noqa: S608  # names of the schema
    rows, found = 0, hashlib.sha256()
    with _psycopg(connection).cursor() as cursor, cursor.copy(statement) as copy:
        for piece in copy:
            found.update(piece)
            rows += bytes(piece).count(b"\n")  # one ends each row; others are escaped
            target.write(piece)
    return TableDigest(rows, found.hexdigest())


@contextmanager
def _unguarded(connection: Connection, tables: list[Tabel]) -> Iterator[None]:
    """Let rows in as they were: triggers do not fire, and the owner may write what it wants.

    COPY refuses a table whose row security also holds for the role that copies.
    """
    forced = set(
        connection.exec_driver_sql(
            "SELECT relname FROM pg_class WHERE relforcerowsecurity "
            "AND relnamespace = current_schema()::regnamespace"
        ).scalars()
    )
    names = {table.name: f"ALTER TABLE {table.sql}" for table in tables}
    for name, alter in names.items():
        connection.exec_driver_sql(f"{alter} DISABLE TRIGGER USER")
        if name in forced:
            connection.exec_driver_sql(f"{alter} NO FORCE ROW LEVEL SECURITY")
    yield
    for name, alter in names.items():
        connection.exec_driver_sql(f"{alter} ENABLE TRIGGER USER")
        if name in forced:
            connection.exec_driver_sql(f"{alter} FORCE ROW LEVEL SECURITY")


def _copy_in(connection: Connection, table: Tabel, pieces: Iterator[bytes]) -> None:
    statement = f"COPY {table.sql} ({table.columns}) FROM STDIN"
    with _psycopg(connection).cursor() as cursor, cursor.copy(statement) as copy:
        for piece in pieces:
            copy.write(piece)


def _psycopg(connection: Connection) -> psycopg.Connection[tuple[object, ...]]:
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)  # noqa: S101  # for the type checker
    return driver


def _tables(connection: Connection) -> list[Tabel]:
    """Return every table, a table before those that refer to it, and what lies apart."""
    inspector = sa.inspect(connection)
    found = _tables_of(connection, inspector, None)
    if connection.dialect.name == "postgresql" and APART in inspector.get_schema_names():
        found += _tables_of(connection, inspector, APART)
    return found


def _tables_of(connection: Connection, inspector: sa.Inspector, schema: str | None) -> list[Tabel]:
    columns = inspector.get_multi_columns(schema=schema)
    keys = inspector.get_multi_pk_constraint(schema=schema)
    names = [name for name, _ in inspector.get_sorted_table_and_fkc_names(schema) if name]
    quote = connection.dialect.identifier_preparer.quote
    prefix = "" if schema is None else f"{schema}."
    return [
        Tabel(
            f"{prefix}{name}",
            f"{prefix}{quote(name)}",
            ", ".join(quote(one["name"]) for one in columns[schema, name]),
            ", ".join(quote(one) for one in keys[schema, name]["constrained_columns"]),
        )
        for name in names
        if name != BOOKKEEPING
    ]


def _revision(connection: Connection) -> str:
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is None:
        raise StoreError(StoreProblem.NOT_MIGRATED)
    return revision
