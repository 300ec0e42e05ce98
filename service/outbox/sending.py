"""Sending what waits: at least once, each notice by one sender at a time, with patience.

A sender claims a notice in the database, hands it to the mail server and records that. When it
dies in between, the claim runs out and the notice is sent again under the same Message-ID.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from service.outbox.smtp import Mailer, MailServer, NotTakenError
from service.storage.bericht import Bericht, BerichtRepository
from service.storage.engine import unit_of_work

TRIES = 8
"""After so many refusals a notice is dead, until somebody revives it."""

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
STEPS_PER_MAIL = 8
"""Network steps of one mail, from connecting to the final point; each has the timeout."""


@dataclass(frozen=True)
class Verzonden:
    """What one round of sending did."""

    verzonden: int = 0
    mislukt: int = 0
    reden: str | None = None
    """Of the last failure."""


def pause_after(refusals: int) -> timedelta:
    """Return how long to wait after so many refusals: twice as long each time, to a limit.

    Examples
    --------
    >>> [pause_after(number) // FIRST_PAUSE for number in (1, 2, 3, 20)]
    [1, 2, 4, 360]
    """
    doubled: int = 2 ** min(refusals - 1, 20)
    return min(LONGEST_PAUSE, FIRST_PAUSE * doubled)


def send_due(
    engine: Engine,
    server: MailServer,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Verzonden:
    """Send every notice that is due, and return how that went.

    A mail server that cannot be reached counts as a refusal of one notice; the others wait.

    Raises
    ------
    StoreError
        The database cannot be used; what was sent but not recorded is sent again later.
    """
    lease = timedelta(seconds=server.timeout * STEPS_PER_MAIL)
    first = _claim(engine, clock(), lease)
    if first is None:
        return Verzonden()
    try:
        with server.connect() as mailer:
            return _send_all(engine, mailer, first, clock, lease)
    except NotTakenError as error:
        _record_failure(engine, first, error, clock())
        return Verzonden(mislukt=1, reden=error.reason)


def _send_all(
    engine: Engine,
    mailer: Mailer,
    first: Bericht,
    clock: Callable[[], datetime],
    lease: timedelta,
) -> Verzonden:
    bericht: Bericht | None = first
    sent, failed, reason = 0, 0, None
    while bericht is not None:
        try:
            mailer.send(bericht)
        except NotTakenError as error:
            _record_failure(engine, bericht, error, clock())
            failed, reason = failed + 1, error.reason
            if error.gone:
                break
        else:
            with unit_of_work(engine, traced=False) as session:
                BerichtRepository(session).sent(bericht.id, op=clock())
            sent += 1
        bericht = _claim(engine, clock(), lease)
    return Verzonden(sent, failed, reason)


def _claim(engine: Engine, now: datetime, lease: timedelta) -> Bericht | None:
    with unit_of_work(engine, read_only=True) as session:
        if not BerichtRepository(session).is_due(now):  # looking locks nobody out
            return None
    with unit_of_work(engine, traced=False) as session:
        return BerichtRepository(session).claim(now=now, lease=lease)


def _record_failure(engine: Engine, bericht: Bericht, error: NotTakenError, now: datetime) -> None:
    refusals = bericht.pogingen + 1
    with unit_of_work(engine, traced=False) as session:
        BerichtRepository(session).failed(
            bericht,
            fout=error.reason,
            vanaf=now + pause_after(refusals),
            dood=refusals >= TRIES,
        )
