"""Whether each part of an installation can do its work, and if not, which and why (TRUST R9)."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

import sqlalchemy as sa
from sqlalchemy import Engine

from models.errors import AlteredModelError, ModelNotFoundError
from service.answers import UNEXPECTED, answer_for
from service.errors import NoModelError, VangnetError
from service.storage.engine import for_reading
from service.storage.failures import store_errors
from service.storage.migrate import check_migrated

IN_ORDE = "In orde."
MODEL_FAILURES = (NoModelError, ModelNotFoundError, AlteredModelError)
ROOM = 256 * 1024
"""Bytes that must fit beside a store of SQLite: more than what one request writes."""
WACHT_OP_DATABASE = "Dit is pas te zien als de database het doet."


@dataclass(frozen=True)
class Onderdeel:
    """A part of an installation, and one Dutch sentence on how it is."""

    naam: str
    in_orde: bool
    melding: str


def examine(engine: Engine, load_regio: Callable[[], object]) -> list[Onderdeel]:
    """Look at the database, its migrations, the region and its models.

    Parameters
    ----------
    engine : Engine
        The store.
    load_regio : callable
        Returns the region, or raises why there is none. When it was loaded before, this takes no
        time, and says that requests can be answered with what is in memory.

    Returns
    -------
    list of Onderdeel
        Always the same four, in this order.
    """
    found = [
        _examine("database", lambda: _ask(engine)),
        _examine("migraties", lambda: check_migrated(engine)),
    ]
    if not all(one.in_orde for one in found):
        return [*found, *(Onderdeel(one, False, WACHT_OP_DATABASE) for one in ("regio", "model"))]
    return [*found, *_examine_regio(load_regio)]


def _examine(naam: str, look: Callable[[], object]) -> Onderdeel:
    try:
        look()
    except (VangnetError, AlteredModelError, ModelNotFoundError, OSError) as error:
        return Onderdeel(naam, False, (answer_for(error) or UNEXPECTED).detail)
    return Onderdeel(naam, True, IN_ORDE)


def _examine_regio(load_regio: Callable[[], object]) -> list[Onderdeel]:
    """Return region and model; a region without its model is not loaded either."""
    try:
        load_regio()
    except MODEL_FAILURES as error:
        why = (answer_for(error) or UNEXPECTED).detail
        return [Onderdeel("regio", False, why), Onderdeel("model", False, why)]
    except VangnetError as error:
        why = (answer_for(error) or UNEXPECTED).detail
        return [Onderdeel("regio", False, why), Onderdeel("model", True, IN_ORDE)]
    return [Onderdeel("regio", True, IN_ORDE), Onderdeel("model", True, IN_ORDE)]


def _ask(engine: Engine) -> None:
    with store_errors(), for_reading(engine).connect() as connection:
        connection.execute(sa.text("SELECT 1"))
    if engine.dialect.name == "sqlite" and engine.url.database:
        _write_beside(Path(engine.url.database))


def _write_beside(store: Path) -> None:
    """Write what is thrown away at once: a store that can only be read is no use, nor is a quota.

    Whether the disk of a PostgreSQL server is full, only that server can see.
    """
    with TemporaryFile(dir=store.parent) as file:
        file.write(bytes(ROOM))
