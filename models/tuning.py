"""Searches the size and pace of trees on later time, and prefers small trees among equals."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.special import expit

from features.registry import Direction
from models.booster import BoosterConfig, Examples
from models.calibration import choose_calibration
from models.fallback import NEEDED_JONGEREN
from models.history import History
from models.metrics import log_loss
from models.registered import RegisteredModel
from models.splitting import deal_groups, temporal_split
from models.stack import Stack, StackConfig

if TYPE_CHECKING:
    from optuna import Trial

PENALTY_PER_THOUSAND_LEAVES = 0.0002
"""Log loss that a thousand leaves must gain to be worth their size."""


def searched(
    kind: type[RegisteredModel], history: History, config: StackConfig, *, trials: int, seed: int
) -> StackConfig:
    """Return the config with its first trees searched on time before the newest test.

    Trees grow on the older rows that were known when the test begins, of two thirds of the
    jongeren; they are judged on the newer of those rows, of the other jongeren. Where one of
    these holds fewer than `NEEDED_JONGEREN` of either outcome, the config is kept.

    Parameters
    ----------
    kind : type of RegisteredModel
        Says which columns count, and their directions.
    history : History
        Examples.
    config : StackConfig
        What stands now.
    trials : int
        Number of settings tried.
    seed : int
        The same data and seed give the same config.
    """
    cut = temporal_split(history.peildatum, history.known_by)
    if cut.test_start is None:
        return config
    labels, frame = history.label(cut.test_start), history.frame
    held = frame["jongere_id"].is_in(
        list(deal_groups(frame["jongere_id"], 3, np.random.default_rng(seed))[0])
    )
    apart = held.to_numpy()
    known = ~np.isnan(labels)
    parts = [known & cut.training & ~apart, known & cut.calibration & apart]
    for own in parts:
        for outcome in (0, 1):
            who = frame["jongere_id"].filter(pl.Series(own & (labels == outcome)))
            if who.n_unique() < NEEDED_JONGEREN:
                return config
    numbers = frame["jongere_id"].rank("dense").cast(pl.Int64).to_numpy()
    earlier, later = (
        Examples(kind.matrix(frame.filter(own)), labels[own], numbers[own]) for own in parts
    )
    trees = search_trees(
        [feature.name for feature in kind.features],
        [feature.direction for feature in kind.features],
        earlier,
        later,
        trials=trials,
        seed=seed,
        start=config.trees[0],
    )
    return replace(config, trees=(trees, *config.trees[1:]))


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
