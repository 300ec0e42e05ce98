"""Run a thousand meetings in which people do whatever comes to mind, and look what breaks.

``python -m experiments.cycle_runs [--runs 1000] [--minutes 8] [--postgres]`` does the state machine
of `tests.service.faults.cycle` so often, or as often as fits in the time, on a store that is made
afresh now and then, with other examples each time (TRUST R7).
"""

import argparse
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from tempfile import TemporaryDirectory

from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Engine

from service.storage import migrate, open_engine
from tests.conftest import PostgresServer
from tests.postgres import run_postgres
from tests.service.faults.cycle import Cycle, people_and_places

AT_ONCE = 20
"""Runs in one store."""
STEPS = 20


@contextmanager
def fresh_stores(*, postgres: bool) -> Iterator[Iterator[Engine]]:
    """Give one empty store after the other."""
    if postgres:
        with run_postgres() as pattern:
            server = PostgresServer(pattern)
            yield (_open(server.create()) for _ in iter(int, 1))
    else:
        with TemporaryDirectory() as name:
            yield (_open(f"sqlite:///{name}/{number}.db") for number in range(10**6))


def _open(url: str) -> Engine:
    engine = open_engine(url, synchronous="OFF")
    migrate(engine)
    return engine


@dataclass
class Done:
    """What was done, in numbers."""

    runs: int = 0
    tried: int = 0
    besluiten: int = 0
    answers: int = 0


def run(stores: Iterator[Engine], runs: int, minutes: float) -> Done:
    """Do the runs, or those that can begin within the time."""
    done = Done()
    end = time.monotonic() + 60 * minutes

    class Counted(Cycle):
        """Also counts."""

        def teardown(self) -> None:
            done.runs += 1
            done.tried += self.tried
            done.besluiten += len(self.besluiten)
            done.answers += len(self.answered)

    while done.runs < runs and time.monotonic() < end:
        engine = next(stores)
        gebruiker = people_and_places(engine)
        run_state_machine_as_test(
            partial(Counted, engine, gebruiker),  # type: ignore[arg-type]  # what makes one will do
            settings=settings(
                max_examples=min(AT_ONCE, runs - done.runs),
                stateful_step_count=STEPS,
                derandomize=False,
                database=None,
                deadline=None,
                phases=[Phase.generate, Phase.shrink],
            ),
        )
        engine.dispose()
    return done


def main() -> None:
    """Do the runs and print how many there were."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--postgres", action="store_true")
    wanted = parser.parse_args()
    began = time.perf_counter()
    with fresh_stores(postgres=wanted.postgres) as stores:
        done = run(stores, wanted.runs, wanted.minutes)
    print(
        f"{done.runs} runs, {done.tried} steps tried, {done.besluiten} besluiten, "
        f"{done.answers} follow-ups answered, "
        f"{time.perf_counter() - began:.0f} s, every invariant held"
    )


if __name__ == "__main__":
    main()
