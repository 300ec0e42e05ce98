"""Suggestie, besluit, opvolging, uitkomst in any order, on both databases (TRUST R7)."""

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Engine

from tests.service.faults.cycle import Cycle, people_and_places


def test_whatever_people_do_what_was_decided_stays_and_comes_back(engine: Engine) -> None:
    """A thousand runs: `experiments/cycle_runs.py`."""
    gebruiker = people_and_places(engine)
    run_state_machine_as_test(
        lambda: Cycle(engine, gebruiker),  # type: ignore[arg-type]  # what makes one will do
        settings=settings(max_examples=6, stateful_step_count=15),
    )
