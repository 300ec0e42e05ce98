"""A model that is stopped on the command line is silent in every worker within a minute (H7)."""

import subprocess
import sys

import pytest

from tests.service.snapshot.test_workers import (
    SUGGESTIES,
    Served,
    crowding,
    served,
    somebody_with_places,
)

__all__ = ["served"]

MINUTE = 60.0
pytestmark = pytest.mark.slow


def vangnet(served: Served, *words: str) -> str:
    program = [sys.executable, "-m", "service.cli", "--data", str(served.settings.data), *words]
    done = subprocess.run(program, capture_output=True, text=True, check=True)  # noqa: S603
    return done.stdout


def test_both_workers_show_no_score_within_a_minute_and_show_it_again_after(
    served: Served,
) -> None:
    with served.reached(served.workers()[0]) as client:
        who, _ = somebody_with_places(client)
    path = SUGGESTIES.format(who)

    vangnet(served, "stop", "plaatsing", "--reden", "De kansen lijken te hoog.")
    stopped = served.all_see(path, lambda told: not told["suggesties"] and told["zonderScore"])
    assert stopped < MINUTE * crowding()

    vangnet(served, "stop", "plaatsing", "--hervat", "--reden", "Nagekeken en in orde.")
    again = served.all_see(path, lambda told: bool(told["suggesties"]))
    assert again < MINUTE * crowding()
