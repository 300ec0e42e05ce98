"""News of a matchtafel for those who look on, from the store: so every worker tells the same."""

from collections.abc import AsyncIterator

from anyio import current_time, sleep
from anyio.to_thread import run_sync
from sqlalchemy import Engine

from service.matchtafel.begrippen import Gebeurtenis, Status
from service.storage.engine import unit_of_work
from service.storage.matchtafel import MatchtafelRepository

SECONDS = 0.5
"""Time between two looks: everybody sees a besluit well within two seconds."""
LONGEST = 120.0
"""A stream ends after so many seconds, so that who logged out does not look on for ever."""
QUIET = 30
"""Looks without news after which a sign of life is given, so that no proxy hangs up."""


async def watch(
    engine: Engine, matchtafel_id: int, *, after: int, seconds: float = SECONDS
) -> AsyncIterator[Gebeurtenis | None]:
    """Yield what changed after an event, until the table is closed or `LONGEST` has passed.

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

    Raises
    ------
    NotFoundError
        There is no such table.
    """
    quiet, until = 0, current_time() + LONGEST
    while current_time() < until:
        news, closed = await run_sync(_news, engine, matchtafel_id, after)
        for event in news:
            yield event
            after = event.id
        if closed:
            return
        quiet = 0 if news else quiet + 1
        if quiet >= QUIET:
            quiet = 0
            yield None
        await sleep(seconds)


def _news(engine: Engine, matchtafel_id: int, after: int) -> tuple[list[Gebeurtenis], bool]:
    """Return what is new, and whether nothing will follow."""
    with unit_of_work(engine, read_only=True) as session:
        tables = MatchtafelRepository(session)
        closed = tables.get(matchtafel_id).status is Status.GESLOTEN
        return tables.gebeurtenissen(matchtafel_id, after=after), closed
