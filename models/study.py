"""A search that several processes share and that goes on where it stopped, however it stopped.

The trials stand in a database. What a trial tries hangs on the seed and on the trials that count
before it, never on what a process remembers: so a search that was killed and started again makes
the same trials as one that was left alone.
"""

import os
import socket
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.errors import OtherStudyError

if TYPE_CHECKING:
    from optuna import Study, Trial
    from optuna.storages import BaseStorage
    from optuna.trial import FrozenTrial

Advance = Callable[[int, int], None]
"""Is told how many trials are done, of how many; of a time budget the seconds."""
Objective = Callable[["Trial"], float]
Params = Mapping[str, int | float]

HEARTBEAT_SECONDS, GRACE_SECONDS = 15, 60
"""How often a running trial says that it lives, and after how much silence it is given up."""
LOCK_SECONDS = 60.0
"""Longest wait for another process that writes, on SQLite."""
PROCESS, ABOUT = "proces", "over"
"""Names under which a trial says who runs it, and a study what it is about."""


def _nothing(done: int, total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Search:
    """How long is searched, and where the trials stand.

    Parameters
    ----------
    trials : int
        Trials of the study as a whole that must have ended well or been pruned, also those of
        other processes and earlier runs; 0 is no bound.
    minutes : float
        Time from which no new trial begins, in this process; 0 is no bound. Without either bound
        nothing is searched.
    storage : str, optional
        Database URL of the trials, in which the tables of MLflow stand already; without one they
        are kept in memory.
    name : str
        Name of the study; without one it is named after model, data and seed, so that the same
        command goes on with the same study.
    advance : callable
        Is told how far it is.
    """

    trials: int = 0
    minutes: float = 0.0
    storage: str | None = None
    name: str = ""
    advance: Advance = field(default=_nothing, compare=False)

    @property
    def wanted(self) -> bool:
        """Whether anything is searched at all."""
        return self.trials > 0 or self.minutes > 0


@dataclass(frozen=True)
class Found:
    """What a study ended with: the best trial, and how many ended well or were pruned."""

    name: str
    params: Mapping[str, Any]
    loss: float
    extra: Mapping[str, Any]
    complete: int
    pruned: int

    def described(self) -> dict[str, str]:
        """Return what goes on record with the model."""
        return {
            "studie": self.name,
            "studie_proeven": str(self.complete),
            "studie_afgebroken": str(self.pruned),
            "studie_verlies": f"{self.loss:.9g}",
        }


def run_study(
    objective: Objective, search: Search, *, name: str, about: str, start: Params, seed: int
) -> Found:
    """Make trials until the budget is spent, and return the best of all in the study.

    Parameters
    ----------
    objective : callable
        Takes a trial, returns its loss; it may report after each fold and be pruned.
    search : Search
        Budget and place.
    name : str
        Name where the search names none.
    about : str
        Hash of the data and of what is searched: another process may only join on the same.
    start : mapping of str to number
        What is tried first.
    seed : int
        The same seed, data and number of trials give the same trials, where one process makes
        them. Processes beside each other see each other's trials in the order in which they end.

    Raises
    ------
    OtherStudyError
        A study of this name is about something else.
    """
    import optuna

    from models.study_sampler import NumberedSampler

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    chosen = search.name or name
    with _storage(search.storage) as storage:
        study = optuna.create_study(
            storage=storage,
            study_name=chosen,
            load_if_exists=True,
            sampler=NumberedSampler(seed),
            pruner=optuna.pruners.MedianPruner(n_startup_trials=5),
        )
        if study.user_attrs.get(ABOUT, about) != about:
            raise OtherStudyError(chosen)
        study.set_user_attr(ABOUT, about)
        give_up_dead(study)
        study.enqueue_trial(dict(start), skip_if_exists=True)
        _spend(study, objective, search)
        return _found(study, chosen)


def prepare_storage(url: str) -> None:
    """Make the tables of searches in a database where those of MLflow stand already."""
    with _storage(url):
        pass


def give_up_dead(study: "Study") -> None:
    """Fail the running trials of processes of this machine that live no more.

    Those of other machines are given up by their heartbeat. What was asked for by hand (the
    start) is asked for again.
    """
    from optuna.trial import TrialState

    for trial in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
        if not lives(trial.user_attrs.get(PROCESS, "")):
            study.tell(trial.number, state=TrialState.FAIL, skip_if_finished=True)
            asked = trial.system_attrs.get("fixed_params")
            if asked:
                study.enqueue_trial(asked)


def process_name(pid: int) -> str:
    """Return what tells this process from every other of all machines; empty where unknown.

    Linux only: a number is used again, so the moment of its start counts too.
    """
    try:
        space = Path("/proc/self/ns/pid").readlink()
        began = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""
    return f"{socket.gethostname()} {space} {pid} {began}"


def lives(name: str) -> bool:
    """Whether a process lives as far as can be known here; another machine's always does."""
    own = process_name(os.getpid()).split()
    other = name.split()
    if not own or len(other) != len(own) or other[:2] != own[:2]:
        return True
    return process_name(int(other[2])) == name


def _spend(study: "Study", objective: Objective, search: Search) -> None:
    """Make trials one by one until the budget is spent."""
    began = time.monotonic()
    end = began + 60 * search.minutes if search.minutes else None
    who = process_name(os.getpid())

    def marked(trial: "Trial") -> float:
        trial.set_user_attr(PROCESS, who)
        return objective(trial)

    while True:
        done = len(_ended(study))
        now = time.monotonic()
        if search.trials:
            search.advance(min(done, search.trials), search.trials)
        else:
            search.advance(round(now - began), round(60 * search.minutes))
        if (search.trials and done >= search.trials) or (end is not None and now >= end):
            return
        study.optimize(marked, n_trials=1)


def _ended(study: "Study") -> "list[FrozenTrial]":
    from optuna.trial import TrialState

    return study.get_trials(deepcopy=False, states=(TrialState.COMPLETE, TrialState.PRUNED))


def _found(study: "Study", name: str) -> Found:
    from optuna.trial import TrialState

    ended = _ended(study)
    complete = [one for one in ended if one.state is TrialState.COMPLETE]
    # the first of equals, also when processes beside each other ended them in another order
    best = min(complete, key=lambda one: (one.value, one.number))
    return Found(
        name,
        best.params,
        float(best.value or 0.0),
        {key: value for key, value in best.user_attrs.items() if key != PROCESS},
        len(complete),
        len(ended) - len(complete),
    )


@contextmanager
def _storage(url: str | None) -> "Iterator[BaseStorage | None]":
    """Open the database of the trials; None keeps them in memory.

    MLflow and Optuna both keep the number of their own tables in one table (``alembic_version``).
    That of MLflow stays there, so Optuna must not compare it with its own.
    """
    from optuna.exceptions import ExperimentalWarning
    from optuna.storages import RDBStorage

    if url is None:
        yield None
        return
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r".*heartbeat_interval", ExperimentalWarning)
        storage = RDBStorage(
            url,
            engine_kwargs={"connect_args": {"timeout": LOCK_SECONDS}}
            if url.startswith("sqlite")
            else {"pool_pre_ping": True},
            skip_compatibility_check=True,
            heartbeat_interval=HEARTBEAT_SECONDS,
            grace_period=GRACE_SECONDS,
        )
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", ".*fail_stale_trials", ExperimentalWarning)
            yield storage
    finally:
        storage.remove_session()
        storage.engine.dispose()
