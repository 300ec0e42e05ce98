"""What commands share: the store opened for one of them, with its line in the audit log."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Engine

from service.settings import Settings, open_settings

DataOption = Annotated[Path | None, typer.Option("--data", metavar="MAP")]


@contextmanager
def opened(
    context: typer.Context, data: Path | None, actie: str
) -> Iterator[tuple[Settings, Engine]]:
    """Open the store for one command, which leaves a line in the audit log (TRUST A1).

    Parameters
    ----------
    context : typer.Context
        Of the command; its object is the data folder that was named before the command.
    data : Path or None
        The data folder that was named with the command.
    actie : str
        Name of the command, without its arguments.

    Raises
    ------
    StoreError
        The database cannot be used, or the line cannot be stored.
    """
    from service.audit.command import traced
    from service.jobs import store

    settings = open_settings(data or context.obj)
    with store(settings) as engine, traced(settings, actie):
        yield settings, engine
