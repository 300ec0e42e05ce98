"""Where a search looks next: TPE whose chance hangs on the trials that count, not on memory."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from optuna import Study
from optuna.distributions import BaseDistribution
from optuna.samplers import BaseSampler, TPESampler
from optuna.trial import FrozenTrial, TrialState


class NumberedSampler(BaseSampler):
    """TPE with a fresh seed for each trial: that of the search, and its place among the others.

    Trials that failed hold no place. So after a kill the next trial is the one that was lost.

    Parameters
    ----------
    seed : int
        Of the search.
    start : mapping of str to number
        What is tried at the first place.

    References
    ----------
    Bergstra et al. (2011), Algorithms for hyper-parameter optimization, NeurIPS 24.
    """

    def __init__(self, seed: int, start: Mapping[str, int | float]) -> None:
        self._seed = seed
        self._start = start
        self._asked: Mapping[str, int | float] = {}
        self._tpe = TPESampler(seed=seed)

    def before_trial(self, study: Study, trial: FrozenTrial) -> None:
        """Draw anew for the place of this trial."""
        place = sum(
            one.number < trial.number and one.state is not TrialState.FAIL
            for one in study.get_trials(deepcopy=False)
        )
        self._asked = {} if place else self._start
        words = np.random.SeedSequence([self._seed, place]).generate_state(1)
        self._tpe = TPESampler(seed=int(words[0]))
        self._tpe.before_trial(study, trial)

    def infer_relative_search_space(
        self, study: Study, trial: FrozenTrial
    ) -> dict[str, BaseDistribution]:
        """Return what is drawn together, as TPE does."""
        return self._tpe.infer_relative_search_space(study, trial)

    def sample_relative(
        self, study: Study, trial: FrozenTrial, search_space: dict[str, BaseDistribution]
    ) -> dict[str, Any]:
        """Return values drawn together, as TPE does."""
        return self._tpe.sample_relative(study, trial, search_space)

    def sample_independent(
        self,
        study: Study,
        trial: FrozenTrial,
        param_name: str,
        param_distribution: BaseDistribution,
    ) -> Any:  # noqa: ANN401  # as Optuna declares it
        """Return one value: that of the start at the first place, otherwise as TPE does."""
        if param_name in self._asked:
            return self._asked[param_name]
        return self._tpe.sample_independent(study, trial, param_name, param_distribution)

    def after_trial(
        self,
        study: Study,
        trial: FrozenTrial,
        state: TrialState,
        values: Any,  # noqa: ANN401
    ) -> None:
        """Let TPE end the trial."""
        self._tpe.after_trial(study, trial, state, values)
