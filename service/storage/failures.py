"""From what a database driver says to what a user can do something about."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from service.errors import ConflictError, StoreError, StoreProblem

SQLITE_PROBLEMS = {
    sqlite3.SQLITE_BUSY: StoreProblem.LOCKED,
    sqlite3.SQLITE_LOCKED: StoreProblem.LOCKED,
    sqlite3.SQLITE_FULL: StoreProblem.DISK_FULL,
    sqlite3.SQLITE_READONLY: StoreProblem.READ_ONLY,
    sqlite3.SQLITE_PERM: StoreProblem.READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: StoreProblem.UNREACHABLE,
    sqlite3.SQLITE_IOERR: StoreProblem.UNREACHABLE,
    sqlite3.SQLITE_CORRUPT: StoreProblem.DAMAGED,
    sqlite3.SQLITE_NOTADB: StoreProblem.DAMAGED,
}
"""By primary result code of SQLite (https://www.sqlite.org/rescode.html)."""

SQLITE_NO_ROOM = (sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE)
"""What SQLite says where a quota is used up, and where what processes share finds no room."""

PRIMARY_CODE = 0xFF
"""The part of an extended SQLite result code that holds the primary one."""

POSTGRES_PROBLEMS = {
    "55P03": StoreProblem.LOCKED,
    "40P01": StoreProblem.LOCKED,
    "40001": StoreProblem.LOCKED,
    "53100": StoreProblem.DISK_FULL,
    "25006": StoreProblem.READ_ONLY,
    "42P01": StoreProblem.NOT_MIGRATED,
    "42703": StoreProblem.NOT_MIGRATED,
    "XX001": StoreProblem.DAMAGED,
    "XX002": StoreProblem.DAMAGED,
}
"""By SQLSTATE (PostgreSQL documentation, appendix A)."""

POSTGRES_UNREACHABLE = ("08", "28", "3D", "53", "57P")
"""Starts of SQLSTATEs: connection, authorisation, no such database, resources, shutdown."""

SQLITE_DUPLICATES = (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
POSTGRES_DUPLICATE = "23505"

SQLITE_NOT_MIGRATED = ("no such table", "no such column", "has no column")


@contextmanager
def store_errors() -> Iterator[None]:
    """Raise `StoreError` for a failure of the database that is no mistake of the program.

    Two people who add the same thing at the same moment both see that it is not there yet; the
    database refuses the second, who is told so by a `ConflictError`.
    """
    try:
        yield
    except DBAPIError as error:
        duplicate = find_duplicate(error)
        if duplicate is not None:
            raise ConflictError(duplicate, "") from error
        problem = find_problem(error)
        if problem is None:
            raise
        raise StoreError(problem) from error


def find_problem(error: DBAPIError) -> StoreProblem | None:
    """Return what a user can act on, or None when the statement itself was wrong."""
    return problem_of(error.orig)


def problem_of(cause: BaseException | None) -> StoreProblem | None:
    """Return the same for what the driver itself raised."""
    if isinstance(cause, sqlite3.Error):
        return _sqlite_problem(cause)
    sqlstate: str | None = getattr(cause, "sqlstate", None)
    if sqlstate is None:
        return StoreProblem.UNREACHABLE if _is_operational(cause) else None
    if sqlstate in POSTGRES_PROBLEMS:
        return POSTGRES_PROBLEMS[sqlstate]
    return StoreProblem.UNREACHABLE if sqlstate.startswith(POSTGRES_UNREACHABLE) else None


def hide_detail(cause: BaseException, *others: BaseException | None) -> None:
    """Take the detail of PostgreSQL out of what a driver raised: it quotes the whole row.

    Also out of what others made of it.
    """
    detail: str | None = getattr(getattr(cause, "diag", None), "message_detail", None)
    for error in (cause, *others):
        if detail and error is not None:
            error.args = tuple(str(part).replace(detail, "hidden") for part in error.args)


def find_duplicate(error: DBAPIError) -> str | None:
    """Return the table of which a row was there already, or None when that was not the failure."""
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        if getattr(cause, "sqlite_errorcode", None) not in SQLITE_DUPLICATES:
            return None
        # it says that a constraint failed, then a colon, and each column as table.column
        return str(cause).rpartition(": ")[2].partition(".")[0]
    if getattr(cause, "sqlstate", None) != POSTGRES_DUPLICATE:
        return None
    diagnosis = getattr(cause, "diag", None)
    return getattr(diagnosis, "table_name", None) or "row"


def _sqlite_problem(cause: sqlite3.Error) -> StoreProblem | None:
    code: int | None = getattr(cause, "sqlite_errorcode", None)
    if code in SQLITE_NO_ROOM:
        return StoreProblem.DISK_FULL
    if code is not None and code & PRIMARY_CODE in SQLITE_PROBLEMS:
        return SQLITE_PROBLEMS[code & PRIMARY_CODE]
    text = str(cause)
    return StoreProblem.NOT_MIGRATED if any(w in text for w in SQLITE_NOT_MIGRATED) else None


def _is_operational(cause: BaseException | None) -> bool:
    return type(cause).__name__ == "OperationalError"
