"""Taking what was deleted off the disk, not only out of sight."""

import sqlite3
from collections.abc import Iterable
from typing import cast

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from service.storage.failures import store_errors


def scrub(engine: Engine, tables: Iterable[str]) -> bool:
    """Rewrite what held deleted rows, so that their bytes are nowhere in the database files.

    SQLite overwrites deleted content itself (``secure_delete``); here the whole file is rewritten
    and the write-ahead log emptied. PostgreSQL rewrites the named tables; its own write-ahead log
    is overwritten in the course of time by the server.

    Returns
    -------
    bool
        False when somebody was reading all the while, so that a part must be done later.

    References
    ----------
    SQLite: PRAGMA secure_delete, VACUUM, PRAGMA wal_checkpoint. PostgreSQL: VACUUM FULL.
    """
    with store_errors():
        if engine.dialect.name == "sqlite":
            return _scrub_sqlite(engine)
        return _scrub_postgres(engine, tables)


def _scrub_sqlite(engine: Engine) -> bool:
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA query_only = OFF")
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy, *_ = cast(tuple[int, ...], cursor.fetchone())
        cursor.close()
        return not busy
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()


def _scrub_postgres(engine: Engine, tables: Iterable[str]) -> bool:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        quote = connection.dialect.identifier_preparer.quote
        try:
            for name in sorted(set(tables)):
                connection.exec_driver_sql(f"VACUUM FULL {quote(name)}")
        except OperationalError:
            return False
    return True
