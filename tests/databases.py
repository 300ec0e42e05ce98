"""Migrated databases for tests: one SQLite file is made in a process, the others are copies."""

import shutil
import tempfile
from atexit import register
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Engine

from service.storage.engine import open_engine
from service.storage.migrate import migrate


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
    folder = Path(tempfile.mkdtemp(prefix="vangnet-template-"))
    register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "template.db"
    engine = open_engine(f"sqlite:///{path.as_posix()}", synchronous="OFF")
    migrate(engine)
    engine.dispose()
    return path
