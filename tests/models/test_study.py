"""A search goes on after any stop, and processes share it."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import optuna
import pytest
from optuna.trial import TrialState

from models.study import Found, Search, prepare_storage, run_study
from models.study_storage import lives, open_storage, process_name

START = {"x": 1.0, "y": 3}


def bowl(trial: optuna.Trial) -> float:
    """Lose least at x = 0.3, y = 7; trials far away are given up halfway."""
    x, y = trial.suggest_float("x", 0, 1), trial.suggest_int("y", 0, 9)
    trial.report((x - 0.3) ** 2, 0)
    if trial.should_prune():
        raise optuna.TrialPruned
    trial.set_user_attr("rounds", y)
    return (x - 0.3) ** 2 + (y - 7) ** 2


def run(trials: int, storage: str | None = None, seed: int = 1) -> Found:
    return run_study(
        bowl, Search(trials, storage=storage), name="kom", about="kom", start=START, seed=seed
    )


@pytest.fixture
def storage(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'studies.db'}"


@pytest.fixture
def study(storage: str) -> Iterator[optuna.Study]:
    """The study of this test, to look in after `run` has made it."""
    backend = optuna.storages.RDBStorage(storage)
    yield optuna.create_study(storage=backend, study_name="kom", load_if_exists=True)
    backend.remove_session()
    backend.engine.dispose()


def test_the_start_is_tried_first_and_once(study: optuna.Study, storage: str) -> None:
    run(1, storage)
    run(4, storage)

    assert study.trials[0].params == START
    assert [one.params for one in study.trials].count(START) == 1


def test_a_search_in_parts_makes_the_trials_of_one_in_one_go(storage: str) -> None:
    for trials in (2, 12):
        parts = run(trials, storage)

    assert parts == run(12)
    assert parts.complete + parts.pruned == 12
    assert run(12, seed=2) != parts


def test_a_study_that_is_done_makes_no_more_trials(study: optuna.Study, storage: str) -> None:
    first = run(6, storage)

    assert run(6, storage) == first
    assert len(study.trials) == 6


def test_a_budget_of_time_ends_the_search_after_the_trial_that_runs(storage: str) -> None:
    told: list[tuple[int, int]] = []
    search = Search(minutes=0.01, storage=storage, advance=lambda *how: told.append(how))

    found = run_study(bowl, search, name="kom", about="kom", start=START, seed=1)

    assert found.complete >= 1
    assert told[0] == (0, 1)


def test_it_tells_how_many_trials_are_done() -> None:
    told: list[tuple[int, int]] = []
    search = Search(3, advance=lambda *how: told.append(how))

    run_study(bowl, search, name="kom", about="kom", start=START, seed=1)

    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_a_process_lives_until_it_ends_and_its_number_is_no_proof() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", "input()"], stdin=subprocess.PIPE
    ) as child:  # our own
        name = process_name(child.pid)
        assert lives(name)
        child.kill()

    assert not lives(name)
    assert lives(process_name(os.getpid()))
    machine, space, number, _ = process_name(os.getpid()).split()
    assert not lives(f"{machine} {space} {number} 1")
    assert lives(f"elders {space} {number} 1")
    assert lives("")


KILLED = """
    import os, signal
    from models.study import Search, run_study
    from models.study_sampler import NumberedSampler
    from tests.models.test_study import START, bowl

    def deadly(trial, dies):
        if dies and trial.number == {at}:
            trial.suggest_float("x", 0, 1)
            os.kill(os.getpid(), signal.SIGKILL)
        return bowl(trial)

    class Deadly(NumberedSampler):
        def before_trial(self, study, trial):
            if trial.number == {at}:
                os.kill(os.getpid(), signal.SIGKILL)
            super().before_trial(study, trial)

    import models.study_sampler
    if {at_birth}:
        models.study_sampler.NumberedSampler = Deadly
    run_study(
        lambda trial: deadly(trial, not {at_birth}),
        Search(15, storage={storage!r}), name="kom", about="kom", start=START, seed=1,
    )
"""


@pytest.mark.slow
@pytest.mark.parametrize("at_birth", [False, True])
@pytest.mark.parametrize("at", [0, 4, 12])
def test_a_search_that_was_killed_goes_on_as_if_it_was_not(
    study: optuna.Study, storage: str, at: int, at_birth: bool
) -> None:
    program = textwrap.dedent(KILLED.format(at=at, at_birth=at_birth, storage=storage))
    ended = subprocess.run([sys.executable, "-c", program], check=False)  # noqa: S603  # our own
    assert ended.returncode == -signal.SIGKILL
    assert study.trials[-1].state is TrialState.RUNNING

    found = run(15, storage)

    assert found == run(15)
    assert [one.state for one in study.trials].count(TrialState.FAIL) == 1
    assert len(study.trials) == 16


BEGIN = """
    import sys, time
    from models.study import Search, run_study
    from tests.models.test_study import START, bowl

    def slowly(trial):
        time.sleep(0.02)
        return bowl(trial)

    print("klaar", flush=True)
    sys.stdin.readline()
    run_study(
        slowly, Search(20, storage={storage!r}), name="kom", about="kom", start=START, seed=1
    )
"""


@pytest.mark.slow
def test_searches_that_begin_at_the_same_moment_all_end_well(storage: str) -> None:
    prepare_storage(storage)
    program = textwrap.dedent(BEGIN.format(storage=storage))
    with ExitStack() as stack:
        beside = [
            stack.enter_context(
                subprocess.Popen(  # noqa: S603  # our own
                    [sys.executable, "-c", program],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            for _ in range(3)
        ]
        for one in beside:
            assert one.stdout is not None
            assert one.stdout.readline() == "klaar\n"
        for one in beside:
            assert one.stdin is not None
            one.stdin.write("nu\n")
            one.stdin.flush()
        assert [one.wait(60) for one in beside] == [0, 0, 0]

    with open_storage(storage) as backend:
        assert backend is not None
        found = optuna.load_study(storage=backend, study_name="kom").trials
    assert 20 <= len(found) <= 22
    assert [one.number for one in found] == list(range(len(found)))
    assert [one.params for one in found].count(START) == 1
    assert all(one.state.is_finished() for one in found)
