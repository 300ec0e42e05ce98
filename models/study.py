"""A search that several processes share and that goes on where it stopped, however it stopped.

The trials stand in a database. What a trial tries hangs on the seed and on the trials that count
before it, never on what a process remembers: so a search that was killed and started again makes
the same trials as one that was left alone.
"""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from models.errors import OtherStudyError
from models.study_storage import PROCESS, lives, open_storage

if TYPE_CHECKING:
    from optuna import Study, Trial
    from optuna.storages import BaseStorage
    from optuna.trial import FrozenTrial

Advance = Callable[[int, int], None]
"""Is told how many trials are done, of how many; of a time budget the seconds."""
Objective = Callable[["Trial"], float]
Params = Mapping[str, int | float]

ABOUT = "over"
"""Name under which a study says what it is about."""


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
    chosen = search.name or name
    with open_storage(search.storage) as storage:
        study = _begin(storage, chosen, about=about, start=start, seed=seed)
        _spend(study, objective, search)
        return _found(study, chosen)


def prepare_storage(url: str) -> None:
    """Make the tables of searches in a database where those of MLflow stand already."""
    with open_storage(url):
        pass


def _begin(
    storage: "BaseStorage | None", name: str, *, about: str, start: Params, seed: int
) -> "Study":
    """Open a study, or go on with it."""
    import optuna

    from models.study_sampler import NumberedSampler

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(
        storage=storage,
        study_name=name,
        load_if_exists=True,
        sampler=NumberedSampler(seed, start),
        pruner=optuna.pruners.MedianPruner(n_startup_trials=5),
    )
    if ABOUT not in study.user_attrs:
        study.set_user_attr(ABOUT, about)  # of two at the same moment the first stands
    if study.user_attrs[ABOUT] != about:
        raise OtherStudyError(name)
    give_up_dead(study)
    return study


def give_up_dead(study: "Study") -> None:
    """Fail the running trials of processes of this machine that live no more.

    Those of other machines are given up by their heartbeat.
    """
    from optuna.exceptions import UpdateFinishedTrialError
    from optuna.trial import TrialState

    for trial in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
        if not lives(trial.user_attrs.get(PROCESS, "")):
            with suppress(UpdateFinishedTrialError):  # another process gave it up
                study.tell(trial.number, state=TrialState.FAIL, skip_if_finished=True)


def _spend(study: "Study", objective: Objective, search: Search) -> None:
    """Make trials one by one until the budget is spent."""
    began = time.monotonic()
    end = began + 60 * search.minutes if search.minutes else None
    while True:
        done = len(_ended(study))
        now = time.monotonic()
        if search.trials:
            search.advance(min(done, search.trials), search.trials)
        else:
            search.advance(round(now - began), round(60 * search.minutes))
        if (search.trials and done >= search.trials) or (end is not None and now >= end):
            return
        study.optimize(objective, n_trials=1)


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
