"""The drill: put a backup back somewhere else, and measure what a disaster costs (TRUST R2)."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa
from pydantic import SecretStr
from sqlalchemy import URL, make_url
from sqlalchemy.exc import DBAPIError

from service.backup.making import make_backup
from service.backup.restoring import Herstel, restore
from service.errors import BackupError, BackupProblem
from service.privacy.grootboek import NAME as LEDGER
from service.settings import Settings

SOME = 4
"""Bytes of chance in the name of a database that exists for minutes."""


@dataclass(frozen=True)
class Oefening:
    """What a drill showed.

    `verlies` is how old the backup was: what was entered since would be lost (recovery point).
    `herstel` says how long it took to put everything back and check it (recovery time).
    """

    herstel: Herstel
    verlies: timedelta


def practise(settings: Settings, path: Path | None, *, now: datetime) -> Oefening:
    """Put a backup back in a temporary place, check it, and throw that place away.

    Parameters
    ----------
    settings : Settings
        Of the installation; its own data are left alone.
    path : Path or None
        The backup; a new one is made when absent.
    now : datetime
        Moment of the drill.

    Raises
    ------
    BackupError
        As `service.backup.restoring.restore`; or PostgreSQL may make no database for the drill.
    """
    with TemporaryDirectory(dir=settings.data, prefix=".oefening-") as name:
        folder = Path(name)
        kopie = make_backup(settings, folder / "kopie", now=now).path if path is None else path
        place = folder / "plek"
        place.mkdir()
        if (settings.data / LEDGER).exists():
            shutil.copy(settings.data / LEDGER, place / LEDGER)
        with _empty_database(settings, kopie) as url:
            elsewhere = settings.model_copy(
                update={"data": place, "database_url": url, "auditkoppen": settings.koppen}
            )
            herstel = restore(elsewhere, kopie)
    return Oefening(herstel, now - herstel.manifest.gemaakt_op)


@contextmanager
def _empty_database(settings: Settings, path: Path) -> Iterator[SecretStr | None]:
    """Give the URL of a new database on the same server; None is a file in the data folder."""
    address = make_url(settings.database)
    if address.get_backend_name() == "sqlite":
        yield None
        return
    name = f"vangnet_oefening_{secrets.token_hex(SOME)}"
    try:
        _on_server(address, f"CREATE DATABASE {name}")
    except DBAPIError as error:
        raise BackupError(BackupProblem.NO_ROOM, str(path)) from error
    try:
        fresh = address.set(database=name)
        yield SecretStr(fresh.render_as_string(hide_password=False))
    finally:
        _on_server(address, f"DROP DATABASE {name} WITH (FORCE)")


def _on_server(address: URL, statement: str) -> None:
    driver = address.set(drivername="postgresql+psycopg")
    engine = sa.create_engine(driver, isolation_level="AUTOCOMMIT", hide_parameters=True)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
    finally:
        engine.dispose()
