"""Searches the size and pace of trees on later time, and prefers small trees among equals."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit

from features.registry import Direction
from models.booster import BoosterConfig, Examples
from models.calibration import choose_calibration
from models.metrics import log_loss
from models.stack import Stack, StackConfig

if TYPE_CHECKING:
    from optuna import Trial

PENALTY_PER_THOUSAND_LEAVES = 0.0002
"""Log loss that a thousand leaves must gain to be worth their size."""


def search_trees(
    columns: Sequence[str],
    directions: Sequence[Direction],
    training: Examples,
    later: Examples,
    *,
    trials: int,
    seed: int,
    start: BoosterConfig | None = None,
) -> BoosterConfig:
    """Return the config that loses least on later rows, size counted.

    Parameters
    ----------
    columns, directions : sequence
        Names and monotone constraints of the columns.
    training, later : Examples
        Rows to grow on, and later rows to judge on; neither may be the rows of the final test.
    trials : int
        Number of configs tried; the first is `start`.
    seed : int
        The same seed and data give the same config.
    start : BoosterConfig, optional
        What stands now.
    """
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    base = start or BoosterConfig()
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed))
    study.enqueue_trial(
        {
            "rounds": base.rounds,
            "leaves": base.leaves,
            "learning_rate": base.learning_rate,
            "rows_per_leaf": base.rows_per_leaf,
            "l2": base.l2,
            "column_share": base.column_share,
        }
    )

    def lost(trial: "Trial") -> float:
        return temporal_loss(
            columns, directions, training, later, config=_suggest(trial, base), seed=seed
        )

    study.optimize(lost, n_trials=trials)
    return replace(base, **study.best_params)


def temporal_loss(
    columns: Sequence[str],
    directions: Sequence[Direction],
    training: Examples,
    later: Examples,
    *,
    config: BoosterConfig,
    seed: int,
) -> float:
    """Return the log loss on later rows plus what the size of the trees costs."""
    sets = StackConfig((config,), None, 1)
    nothing = later.take(np.zeros(len(later.labels), dtype=np.bool_))
    stack = Stack.fit(columns, directions, training, nothing, config=sets, seed=seed)
    margins = stack.margins(later.matrix)
    groups = np.arange(len(margins)) if later.groups is None else later.groups
    level = choose_calibration(margins, later.labels, groups)
    size = config.rounds * config.leaves / 1000 * PENALTY_PER_THOUSAND_LEAVES
    return log_loss(later.labels, expit(level.logit(margins))) + size


def _suggest(trial: "Trial", base: BoosterConfig) -> BoosterConfig:
    return replace(
        base,
        rounds=trial.suggest_int("rounds", 40, 400, step=20),
        leaves=trial.suggest_int("leaves", 3, 24),
        learning_rate=trial.suggest_float("learning_rate", 0.02, 0.15, log=True),
        rows_per_leaf=trial.suggest_int("rows_per_leaf", 10, 200, log=True),
        l2=trial.suggest_float("l2", 0.5, 50, log=True),
        column_share=trial.suggest_float("column_share", 0.2, 0.9),
    )
