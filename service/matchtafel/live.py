"""News of a matchtafel for those who look on, from the store: so every worker tells the same."""

from collections.abc import AsyncIterator

from anyio import sleep
from anyio.to_thread import run_sync
from sqlalchemy import Engine

from service.matchtafel.begrippen import Gebeurtenis, Status
from service.storage.engine import unit_of_work
from service.storage.matchtafel import MatchtafelRepository

SECONDS = 0.5
"""Time between two looks: everybody sees a besluit well within two seconds."""
QUIET = 30
"""Looks without news after which a sign of life is given, so that no proxy hangs up."""


async def watch(
    engine: Engine, matchtafel_id: int, *, after: int, seconds: float = SECONDS
) -> AsyncIterator[Gebeurtenis | None]:
    """Yield what changed after an event, and go on until the table is closed.

    Parameters
    ----------
    engine : Engine
        The store.
    matchtafel_id : int
        The table.
    after : int
        Number of the last event that was seen; 0 for all.
    seconds : float
        Time between two looks.

    Yields
    ------
    Gebeurtenis or None
        None is a sign of life.
    """
    quiet = 0
    while True:
        news = await run_sync(_news, engine, matchtafel_id, after)
        for event in news:
            yield event
            after = event.id
            if event.soort == Status.GESLOTEN:
                return
        quiet = 0 if news else quiet + 1
        if quiet >= QUIET:
            quiet = 0
            yield None
        await sleep(seconds)


def _news(engine: Engine, matchtafel_id: int, after: int) -> list[Gebeurtenis]:
    with unit_of_work(engine, read_only=True) as session:
        return MatchtafelRepository(session).gebeurtenissen(matchtafel_id, after=after)
