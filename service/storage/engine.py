"""Opening the database, and the unit of work in which everything happens or nothing does.

SQLite and PostgreSQL behave alike here: a transaction is atomic, foreign keys hold, whoever waits
too long for a lock gets a `StoreError`, and a reader sees one moment of the data while an import
is writing. Values never appear in messages of the database, for they may be names.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Literal, Protocol

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from service.errors import SettingsError, StoreError, StoreProblem
from service.rechten.toegang import current
from service.storage.failures import hide_detail, store_errors

LOCK_SECONDS = 15.0
CONNECT_SECONDS = 10
READ_ONLY = "vangnet_read_only"
PAGES_KB = 65536
"""Kilobytes of a SQLite file that a process keeps in memory, beside what the system keeps of it."""
OWNER_ONLY = 0o600
ENGINES = 8
"""Open stores of one process; a service has one."""

OS_PROBLEMS = {
    errno.EACCES: StoreProblem.READ_ONLY,
    errno.EPERM: StoreProblem.READ_ONLY,
    errno.EROFS: StoreProblem.READ_ONLY,
    errno.ENOSPC: StoreProblem.DISK_FULL,
}

Synchronous = Literal["FULL", "NORMAL", "OFF"]


class Journal(Protocol):
    """What must be written in the same transaction as a change; `service.audit.spoor` does."""

    def append(self, session: Session) -> None:
        """Write in a transaction that is about to be committed."""

    def committed(self) -> None:
        """Hear that it was."""


JOURNAL: ContextVar[Journal | None] = ContextVar("journal", default=None)
"""The journal of the request or command that runs now."""


def open_engine(
    url: str, *, synchronous: Synchronous = "FULL", lock_seconds: float = LOCK_SECONDS
) -> Engine:
    """Open a database and show that it answers.

    Parameters
    ----------
    url : str
        ``sqlite:///path`` or ``postgresql://...``. A SQLite file that is not there is made,
        readable by its owner alone.
    synchronous : {"FULL", "NORMAL", "OFF"}
        Only SQLite: with FULL a commit survives a power cut; OFF is for throwaway data.
    lock_seconds : float
        Longest wait for another writer.

    Raises
    ------
    StoreError
        The database cannot be reached, opened or written.
    SettingsError
        The URL is no URL of SQLite or PostgreSQL.
    """
    address = _parse(url)
    engine = (
        _open_sqlite(address, synchronous, lock_seconds)
        if address.get_backend_name() == "sqlite"
        else _open_postgres(address, lock_seconds)
    )
    try:
        with store_errors(), engine.connect():
            return engine
    except BaseException:
        engine.dispose()
        raise


@contextmanager
def unit_of_work(
    engine: Engine, *, read_only: bool = False, traced: bool = True
) -> Iterator[Session]:
    """Give a session whose work is committed at the end, or rolled back on any exception.

    The transaction starts at the first statement. A writing one excludes other writers on SQLite
    from then on; say `read_only` where nothing is written, then nobody waits for anybody and
    everything that is read belongs to one moment.

    Parameters
    ----------
    engine : Engine
        The store.
    read_only : bool
        Whether nothing is written.
    traced : bool
        Whether a change gets a line in the `JOURNAL`, last of all and in the same transaction.
        False only for housekeeping that is about nobody, such as counting attempts.

    Raises
    ------
    StoreError
        The database is locked, full, read-only, damaged or out of reach.
    """
    bound = for_reading(engine) if read_only else engine
    journal = JOURNAL.get() if traced and not read_only else None
    with store_errors(), Session(bound, expire_on_commit=False) as session, session.begin():
        yield session
        if journal is not None:
            journal.append(session)
    if journal is not None:
        journal.committed()


@lru_cache(maxsize=ENGINES)
def for_reading(engine: Engine) -> Engine:
    """Return the same engine for transactions that only read, each from one moment.

    It is made once: what listens to an engine is looked up anew for each that is made of it.
    """
    if engine.dialect.name == "sqlite":
        return engine.execution_options(**{READ_ONLY: True})
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def for_asking_at_once(engine: Engine) -> Engine | None:
    """Return the same store for questions that wait for nobody; None where each is a journey.

    Who reads from SQLite waits but in rare cases, as while a store is recovered after a power cut;
    then this one says at once that it is locked, so it may be asked where nothing may wait.

    References
    ----------
    SQLite, Write-Ahead Logging, section 10, https://www.sqlite.org/wal.html
    """
    if engine.dialect.name != "sqlite":
        return None
    return _open_sqlite(engine.url, "FULL", lock_seconds=0)


def _parse(url: str) -> URL:
    try:
        address = make_url(url.replace("postgres://", "postgresql://", 1))
        backend = address.get_backend_name()
    except ArgumentError:
        raise SettingsError("database_url", "is no database URL") from None
    if backend == "postgresql":
        return address.set(drivername="postgresql+psycopg")
    if backend == "sqlite":
        return address.set(drivername="sqlite+pysqlite")
    raise SettingsError("database_url", f"{backend} is not supported, only sqlite and postgresql")


def _open_sqlite(address: URL, synchronous: Synchronous, lock_seconds: float) -> Engine:
    if address.database is not None:
        _make_file(Path(address.database))
    engine = create_engine(address, hide_parameters=True)
    pragmas = (
        f"PRAGMA busy_timeout = {int(lock_seconds * 1000)}",
        "PRAGMA journal_mode = WAL",
        f"PRAGMA synchronous = {synchronous}",
        "PRAGMA foreign_keys = ON",
        # what is erased leaves no bytes behind (TRUST P4)
        "PRAGMA secure_delete = ON",
        f"PRAGMA cache_size = -{PAGES_KB}",
        # of all connections of this process together, of which a service has several
        f"PRAGMA soft_heap_limit = {1024 * PAGES_KB}",
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        # without this the driver commits by itself around some statements
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # IMMEDIATE: a reader that turns writer would fail at once when another wrote in between
        reads = connection.get_execution_options().get(READ_ONLY, False)
        if connection.info.get(READ_ONLY) != reads:  # kept beside the connection of the driver
            connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if reads else 'OFF'}")
            connection.info[READ_ONLY] = reads
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


def _make_file(path: Path) -> None:
    """Make an empty database that only its owner can read; SQLite copies the mode to its WAL.

    A database that is there is never opened here: closing it again would drop the locks of every
    connection of this process, and another process would take away the WAL in use.

    References
    ----------
    How To Corrupt An SQLite Database File, section 2.2, https://www.sqlite.org/howtocorrupt.html
    """
    if path.exists():
        if not os.access(path, os.R_OK | os.W_OK):
            raise StoreError(StoreProblem.READ_ONLY)
        return
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, OWNER_ONLY))
    except FileExistsError:
        return
    except OSError as error:
        problem = OS_PROBLEMS.get(error.errno or 0, StoreProblem.UNREACHABLE)
        raise StoreError(problem) from error


def _open_postgres(address: URL, lock_seconds: float) -> Engine:
    options = f"-c lock_timeout={int(lock_seconds * 1000)} -c timezone=UTC"
    engine = create_engine(
        address,
        connect_args={"options": options, "connect_timeout": CONNECT_SECONDS},
        pool_pre_ping=True,
        hide_parameters=True,
    )
    event.listen(engine, "handle_error", _hide_detail)
    event.listen(engine, "begin", _say_who_looks)
    return engine


def _say_who_looks(connection: Connection) -> None:
    """Tell the row security of PostgreSQL for whom, and for what, this transaction is."""
    toegang = current()
    connection.exec_driver_sql(
        "SELECT set_config('vangnet.doel', %s, true), set_config('vangnet.gebruiker', %s, true)",
        (toegang.doel.value, str(toegang.actor.gebruiker_id)),
    )


def _hide_detail(context: ExceptionContext) -> None:
    """Take the detail out of a message of PostgreSQL: it quotes the whole row."""
    hide_detail(context.original_exception, context.sqlalchemy_exception)
