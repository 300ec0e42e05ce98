"""Doing something with a database that no other process may do at the same moment."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import sqlalchemy as sa

ALONE_SECONDS = 600.0
"""Longest wait on SQLite."""
_LOCK = 7_204_121
"""Any fixed number, but not that of imports or migrations."""


@contextmanager
def alone(url: str) -> Iterator[None]:
    """Wait until no other process is in here for the same database, and keep others out.

    For what others made and does not keep itself apart, such as making the tables of MLflow.
    Who is killed in here lets go.

    Parameters
    ----------
    url : str
        Database URL. Of PostgreSQL an advisory lock is held; of SQLite an empty database beside
        it, as that works on every system.
    """
    address = sa.make_url(url)
    if address.get_backend_name() == "sqlite":
        beside = f"{address.database}-alleen"
        with closing(sqlite3.connect(beside, timeout=ALONE_SECONDS, isolation_level=None)) as lock:
            lock.execute("BEGIN EXCLUSIVE")
            yield
        return
    with sa.create_engine(address, poolclass=sa.NullPool).begin() as connection:
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        yield
