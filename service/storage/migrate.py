"""Bringing a database to the schema of this version, or back to an earlier one."""

from pathlib import Path
from threading import Lock

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine

from service.errors import StoreError, StoreProblem
from service.storage.engine import for_reading
from service.storage.failures import store_errors

MIGRATIONS = Path(__file__).parent / "migrations"
EMPTY = "base"
PATIENCE = "10min"
"""A migration of a large store takes minutes; who starts meanwhile waits for it."""

_MIGRATE_LOCK = 7_204_120
"""Any fixed number, but not that of imports: migrations take this advisory lock in turn."""
_ONE_AT_A_TIME = Lock()
"""Alembic keeps the migration that runs in variables of its module."""


def migrate(engine: Engine, revision: str = "head") -> None:
    """Move the schema to a revision in one transaction; nothing happens when it is there already.

    Parameters
    ----------
    engine : Engine
        As `service.storage.engine.open_engine` gives.
    revision : str
        A revision, ``"head"`` for the newest or ``"base"`` for an empty database. Going back
        throws away what the older schema cannot hold.

    Raises
    ------
    StoreError
        The database cannot be used, or was made by a newer version of Vangnet.
    ValueError
        There is no such revision.
    """
    with store_errors(), for_reading(engine).connect() as connection:
        config = make_config(connection)
        # so that a program that starts does not wait for an import that is writing
        if _check_known(config, connection) == _find(config, revision):
            return
    with _ONE_AT_A_TIME, store_errors(), engine.begin() as connection:
        _wait_for_others(connection)
        config = make_config(connection)
        current = _check_known(config, connection)
        if current == _find(config, revision):  # another process did it meanwhile
            return
        if _is_behind(config, current, revision):
            command.upgrade(config, revision)
        else:
            command.downgrade(config, revision)


def _wait_for_others(connection: Connection) -> None:
    """Wait until no other process migrates this database, and keep others out until the end.

    On SQLite a writing transaction has the database for itself already.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE}'")
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATE_LOCK)))


def current_revision(engine: Engine) -> str | None:
    """Return the revision of the schema, or None when the database was never migrated."""
    with store_errors(), for_reading(engine).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def check_migrated(engine: Engine) -> None:
    """Raise `StoreError` unless the schema is the one of this version."""
    with store_errors(), for_reading(engine).connect() as connection:
        config = make_config(connection)
        if _check_known(config, connection) != _scripts(config).get_current_head():
            raise StoreError(StoreProblem.NOT_MIGRATED)


def is_known(revision: str) -> bool:
    """Return whether this version knows a revision."""
    return revision in {path.name[1:5] for path in (MIGRATIONS / "versions").glob("r*.py")}


def make_config(connection: Connection) -> Config:
    """Return the Alembic configuration for work on one connection; there is no ini file."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _scripts(config: Config) -> ScriptDirectory:
    return ScriptDirectory.from_config(config)


def _check_known(config: Config, connection: Connection) -> str | None:
    """Return the revision of the database, if this version knows it."""
    current = MigrationContext.configure(connection).get_current_revision()
    try:
        _scripts(config).get_revision(current or EMPTY)
    except CommandError as error:
        raise StoreError(StoreProblem.NEWER) from error
    return current


def _find(config: Config, revision: str) -> str | None:
    """Return the full name of a revision; None for the empty database."""
    if revision == EMPTY:
        return None
    try:
        return _scripts(config).get_revision(revision).revision
    except CommandError as error:
        raise ValueError(f"no revision {revision!r}") from error


def _is_behind(config: Config, current: str | None, revision: str) -> bool:
    """Return whether the way from the current revision to the wanted one leads upwards."""
    order = [None, *(script.revision for script in reversed([*_scripts(config).walk_revisions()]))]
    return order.index(_find(config, revision)) > order.index(current)
