"""Migrated databases for tests: one SQLite file is made in a process, the others are copies.

So too the register of models, of which MLflow makes each table in some five seconds.
"""

import shutil
import tempfile
from atexit import register
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Engine

from models.store import ModelStore
from service.storage.engine import open_engine
from service.storage.migrate import migrate

TEMPLATE = "template.db"


def open_migrated(url: str) -> Engine:
    """Open a database that has the schema of now; nothing of it has to survive a power cut."""
    address = sa.make_url(url)
    path = Path(address.database or "")
    copied = address.get_backend_name() == "sqlite" and not path.exists()
    if copied:
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(sqlite_template(), path)
    engine = open_engine(url, synchronous="OFF")
    if not copied:
        migrate(engine)
    return engine


@cache
def sqlite_template() -> Path:
    """Return a migrated database without rows, to be copied and never opened."""
    path = _folder() / TEMPLATE
    engine = open_engine(f"sqlite:///{path.as_posix()}", synchronous="OFF")
    migrate(engine)
    engine.dispose()
    return path


def lay_down_register(tracking_uri: str) -> None:
    """Give MLflow a register without models, unless there is one or it is no SQLite file."""
    address = sa.make_url(tracking_uri)
    path = Path(address.database or "")
    if address.get_backend_name() == "sqlite" and path.name != TEMPLATE and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(register_template(), path)


@cache
def register_template() -> Path:
    """Return a register without models as MLflow makes it, to be copied and never opened."""
    path = _folder() / TEMPLATE
    ModelStore(f"sqlite:///{path.as_posix()}", path.parent / "modellen").versions("uitvalrisico")
    return path


def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="vangnet-template-"))
    register(shutil.rmtree, folder, ignore_errors=True)
    return folder
