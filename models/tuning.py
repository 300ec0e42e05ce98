"""Searches the size and pace of trees on earlier time, and prefers small trees among equals.

Each trial is judged fold by fold on later days of jongeren whose rows it did not learn from, and
given up as soon as it lags behind. The rows of a fold are put in bins once, for all trials; how
many rounds are worth their size is read off while the trees grow.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from statistics import median_low
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import expit

from features.registry import Direction
from models.booster import BoosterConfig, Examples
from models.calibration import choose_calibration
from models.fallback import NEEDED_JONGEREN
from models.history import History
from models.metrics import log_loss
from models.registered import RegisteredModel, count_jongeren
from models.splitting import Mask, deal_groups, temporal_split
from models.study import Found, Search, run_study

if TYPE_CHECKING:
    from lightgbm import Dataset
    from optuna import Trial

PENALTY_PER_THOUSAND_LEAVES = 0.0002
"""Log loss that a thousand leaves must gain to be worth their size."""
FOLDS, JUDGED_SHARE = 3, 0.5
"""Windows, and the share of the rows, the newest, that they are cut from."""
FEWEST_ROUNDS, MOST_ROUNDS, PATIENCE = 40, 400, 30
"""Bounds of the rounds; growing stops when so many of them brought nothing."""
SEARCHED = ("leaves", "learning_rate", "rows_per_leaf", "l2", "column_share")


@dataclass(frozen=True)
class Fold:
    """Rows to grow on, and rows of later days and other jongeren to judge on."""

    training: Examples
    later: Examples

    @cached_property
    def datasets(self) -> "tuple[Dataset, Dataset]":
        """Both in bins, as LightGBM takes them for any config."""
        import lightgbm

        # a column may split at any size of leaf, so that the bins serve every trial
        parameters = {"verbosity": -1, "deterministic": True, "feature_pre_filter": False}
        rows = lightgbm.Dataset(self.training.matrix, self.training.labels, params=parameters)
        judged = lightgbm.Dataset(
            self.later.matrix, self.later.labels, reference=rows, params=parameters
        )
        return rows.construct(), judged.construct()


@dataclass(frozen=True)
class Tuned:
    """Trees that lost least, and the study they came from; none where there was too little."""

    trees: BoosterConfig
    study: Found | None = None


def searched(
    kind: type[RegisteredModel],
    history: History,
    base: BoosterConfig,
    *,
    search: Search,
    seed: int,
) -> Tuned:
    """Return trees searched on time before the newest test.

    Parameters
    ----------
    kind : type of RegisteredModel
        Says which columns count, and their directions.
    history : History
        Examples.
    base : BoosterConfig
        What stands now; it is the first trial, and is kept where data are too few to judge.
    search : Search
        Budget and place of the trials.
    seed : int
        The same data, seed and number of trials give the same trees.

    Raises
    ------
    OtherStudyError
        The study that was named is about something else.
    """
    folds = temporal_folds(kind, history, seed=seed)
    if not folds or not search.wanted:
        return Tuned(base)
    directions = [feature.direction for feature in kind.features]
    return search_trees(directions, folds, base, search=search, name=kind.name, seed=seed)


def temporal_folds(
    kind: type[RegisteredModel], history: History, *, seed: int, folds: int = FOLDS
) -> list[Fold]:
    """Return folds of the rows that were known when the newest test begins, in order of time.

    The newest of those rows are cut in windows of whole days. Each window is judged on one part
    of the jongeren, by trees of the other jongeren on days before the window. Where a fold would
    have fewer than `NEEDED_JONGEREN` of either outcome on either side there are fewer, larger
    ones; none where even one would.
    """
    cut = temporal_split(history.peildatum, history.known_by)
    if cut.test_start is None:
        return []
    labels = history.label(cut.test_start)
    known = cut.fitting & ~np.isnan(labels)
    for count in range(folds, 0, -1):
        parts = _parts(history, known, count, np.random.default_rng(seed))
        if parts and all(_enough(history, labels, own) for both in parts for own in both):
            break
    else:
        return []
    numbers = history.frame["jongere_id"].rank("dense").cast(pl.Int64).to_numpy()

    def examples(own: Mask) -> Examples:
        return Examples(kind.matrix(history.frame.filter(own)), labels[own], numbers[own])

    return [Fold(examples(earlier), examples(later)) for earlier, later in parts]


def search_trees(
    directions: Sequence[Direction],
    folds: Sequence[Fold],
    base: BoosterConfig,
    *,
    search: Search,
    name: str,
    seed: int,
) -> Tuned:
    """Return the config that loses least on the folds, size counted.

    Parameters
    ----------
    directions : sequence of {-1, 0, 1}
        Monotone constraint per column.
    folds : sequence of Fold
        At least one; none may hold rows of the final test.
    base : BoosterConfig
        What stands now; the first trial.
    search : Search
        Budget and place.
    name : str
        Begin of the name of the study, where the search names none.
    seed : int
        The same seed, folds and number of trials give the same config.
    """
    about = _digest(directions, folds, base)
    found = run_study(
        lambda trial: _lost(trial, directions, folds, base, seed),
        search,
        name=f"{name}-{about[:12]}-{seed}",
        about=about,
        start={one: getattr(base, one) for one in SEARCHED},
        seed=seed,
    )
    return Tuned(replace(base, **found.params, rounds=int(found.extra["rounds"])), found)


def fold_loss(
    directions: Sequence[Direction], fold: Fold, config: BoosterConfig, *, seed: int
) -> tuple[float, int]:
    """Return the log loss on later rows plus what the size costs, and the rounds that give it.

    Parameters
    ----------
    directions : sequence of {-1, 0, 1}
        Monotone constraint per column.
    fold : Fold
        What to grow and to judge on.
    config : BoosterConfig
        Size and pace; its rounds do not count.
    seed : int
        Of the trees.
    """
    import lightgbm

    rows, judged = fold.datasets
    curve: dict[str, dict[str, list[float]]] = {}
    booster = lightgbm.train(
        config.parameters(directions, seed)
        | {"metric": "binary_logloss", "feature_pre_filter": False},
        rows,
        MOST_ROUNDS,
        valid_sets=[judged],
        callbacks=[
            lightgbm.early_stopping(PATIENCE, verbose=False),
            lightgbm.record_evaluation(curve),
        ],
    )
    lost = np.asarray(curve["valid_0"]["binary_logloss"])
    size = np.arange(1, len(lost) + 1) * config.leaves / 1000 * PENALTY_PER_THOUSAND_LEAVES
    rounds = max(int(np.argmin(lost + size)) + 1, min(FEWEST_ROUNDS, len(lost)))
    margins = np.asarray(booster.predict(fold.later.matrix, raw_score=True, num_iteration=rounds))
    groups = np.arange(len(margins)) if fold.later.groups is None else fold.later.groups
    level = choose_calibration(margins, fold.later.labels, groups)
    loss = log_loss(fold.later.labels, expit(level.logit(margins)))
    return loss + float(size[rounds - 1]), rounds


def _lost(
    trial: "Trial",
    directions: Sequence[Direction],
    folds: Sequence[Fold],
    base: BoosterConfig,
    seed: int,
) -> float:
    """Return the mean loss of a trial over the folds; it may be given up after each."""
    from optuna import TrialPruned

    config = _suggest(trial, base)
    losses, rounds = [], []
    for place, fold in enumerate(folds):
        loss, best = fold_loss(directions, fold, config, seed=seed)
        losses.append(loss)
        rounds.append(best)
        trial.report(float(np.mean(losses)), place)
        if trial.should_prune():
            raise TrialPruned
    trial.set_user_attr("rounds", median_low(rounds))
    return float(np.mean(losses))


def _suggest(trial: "Trial", base: BoosterConfig) -> BoosterConfig:
    return replace(
        base,
        leaves=trial.suggest_int("leaves", 3, 24),
        learning_rate=trial.suggest_float("learning_rate", 0.02, 0.15, log=True),
        rows_per_leaf=trial.suggest_int("rows_per_leaf", 10, 200, log=True),
        l2=trial.suggest_float("l2", 0.5, 50, log=True),
        column_share=trial.suggest_float("column_share", 0.2, 0.9),
    )


def _parts(
    history: History, rows: Mask, count: int, rng: np.random.Generator
) -> list[tuple[Mask, Mask]]:
    """Return the rows to grow and to judge on of each window, of different jongeren."""
    days = history.peildatum.to_numpy().astype("datetime64[D]")
    who = history.frame["jongere_id"]
    windows = _windows(days, rows, count)
    # of a single window too, some jongeren are judged and the others learned from
    dealt = deal_groups(who, max(len(windows), 2), rng)
    parts = []
    for window, held in zip(windows, dealt, strict=False):
        apart = who.is_in(list(held)).to_numpy()
        parts.append((rows & ~apart & (days < days[window].min()), window & apart))
    return parts


def _windows(days: NDArray[np.datetime64], rows: Mask, count: int) -> list[Mask]:
    """Cut the newest half of the rows in about equal windows of whole days, in order of time."""
    if not rows.any():
        return []
    ordered = np.sort(days[rows])
    ordered = ordered[int(len(ordered) * (1 - JUDGED_SHARE)) :]
    starts = np.unique(ordered[(np.arange(count) * len(ordered)) // count])
    ends = np.append(starts[1:], ordered[-1] + np.timedelta64(1, "D"))
    return [rows & (days >= low) & (days < high) for low, high in zip(starts, ends, strict=True)]


def _enough(history: History, labels: NDArray[np.float64], own: Mask) -> bool:
    """Whether rows hold enough jongeren of either outcome."""
    mine = history.frame["jongere_id"].filter(pl.Series(own, dtype=pl.Boolean))
    return min(count_jongeren(mine, labels[own], outcome) for outcome in (0, 1)) >= NEEDED_JONGEREN


def _digest(directions: Sequence[Direction], folds: Sequence[Fold], base: BoosterConfig) -> str:
    """Return a hash of all that a trial's loss hangs on beside its own settings and the seed."""
    digest = hashlib.sha256(repr((list(directions), base)).encode())
    for fold in folds:
        for part in (fold.training, fold.later):
            digest.update(np.ascontiguousarray(part.matrix).tobytes())
            digest.update(np.ascontiguousarray(part.labels).tobytes())
    return digest.hexdigest()
