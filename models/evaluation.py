"""Judges a model on time that it has not seen, beside the rule that it must beat."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models import metrics
from models.baselines import Points, PointsRule
from models.booster import BoosterConfig
from models.errors import TooLittleDataError
from models.history import History
from models.interval import Bounds, coverage
from models.registered import RegisteredModel
from models.splitting import Mask, temporal_split
from models.stack import StackConfig

NEEDED = 25
"""Least number of examples of each outcome to grow trees on."""
NEEDED_TO_JUDGE = 10
"""Least number of examples of each outcome to test on."""
DRAWS = 100
CAPACITIES = (0.05, 0.1, 0.2)
"""Shares of the jongeren that coaches may have room for, in precision and recall."""

Vector = NDArray[np.float64]
Learn = Callable[..., RegisteredModel]
"""Fits a model as `RegisteredModel.fit` does, from more than the examples alone."""


@dataclass(frozen=True)
class Holdout:
    """Scores on rows later than everything that was used to fit.

    Parameters
    ----------
    frame : DataFrame
        Rows of the test, with keys and features.
    labels, scores, baseline : array of shape (n_rows,)
        Outcome, probability of the model, probability of the rule.
    n_fitted : int
        Rows that the trees and the calibration were fitted on.
    test_start : date
        First peildatum of the test; nothing used to fit was known later than this.
    bounds : Bounds
        Between which shares of a hundred jongeren with each score it should be.
    """

    frame: pl.DataFrame
    labels: Vector
    scores: Vector
    baseline: Vector
    n_fitted: int
    test_start: date
    bounds: Bounds


def hold_out(
    kind: type[RegisteredModel],
    rule: Sequence[Points],
    history: History,
    *,
    observed_until: date,
    config: StackConfig | BoosterConfig,
    seed: int,
    learn: Learn | None = None,
) -> Holdout:
    """Fit on the past as it was known when the test began, and score what came later.

    Parameters
    ----------
    learn : callable, optional
        What fits, in place of ``kind.fit`` and with its arguments.

    Raises
    ------
    TooLittleDataError
        There are too few examples of one outcome to fit on or to judge with.
    """
    split = temporal_split(history.peildatum, history.known_by)
    if split.test_start is None:
        raise TooLittleDataError(kind.name, "examples with a known outcome", 0, NEEDED)
    then, now = history.label(split.test_start), history.label(observed_until)
    training, calibration = _labelled(split.training, then), _labelled(split.calibration, then)
    test = _labelled(split.test, now)
    outcome = now[test]
    check_enough(kind.name, then[training], "to fit on", NEEDED)
    check_enough(kind.name, outcome, "to test on", NEEDED_TO_JUDGE)
    frame = history.frame
    model = (learn or kind.fit)(
        frame.filter(training),
        then[training],
        calibration=(frame.filter(calibration), then[calibration]),
        config=config,
        seed=seed,
    )
    fitting = training | calibration
    points = PointsRule.fit(rule, frame.filter(fitting), then[fitting])
    tested = frame.filter(test)
    return Holdout(
        frame=tested,
        labels=outcome,
        scores=model.predict(tested),
        baseline=points.predict(tested),
        n_fitted=int(fitting.sum()),
        test_start=split.test_start,
        bounds=model.bounds(tested),
    )


def check_enough(model: str, labels: Vector, purpose: str, needed: int) -> None:
    """Raise `TooLittleDataError` when either outcome occurs too rarely."""
    for outcome, n in (
        ("positive", int((labels > 0).sum())),
        ("negative", int((labels == 0).sum())),
    ):
        if n < needed:
            raise TooLittleDataError(model, f"{outcome} examples {purpose}", n, needed)


def measure(holdout: Holdout, *, seed: int, draws: int = DRAWS) -> dict[str, float]:
    """Return every metric of the model and, as ``baseline_…``, of the rule.

    ``…_low`` and ``…_high`` bound 95% intervals over resampled jongeren; ``…_gain`` is what the
    model has over the rule on the same resamples (positive is better).
    """
    rng = np.random.default_rng(seed)
    groups = holdout.frame["jongere_id"].rank("dense").cast(pl.Int64).to_numpy()
    found = {
        "n_fitted": float(holdout.n_fitted),
        "n_test": float(len(holdout.labels)),
        "n_test_positive": float(holdout.labels.sum()),
        "rate": float(holdout.labels.mean()),
        "interval_coverage": coverage(holdout.labels, holdout.scores, holdout.bounds),
        "ece_noise_floor": metrics.ece_noise_floor(holdout.scores, rng=rng),
    }
    for prefix, scores in (("", holdout.scores), ("baseline_", holdout.baseline)):
        found |= {prefix + name: value for name, value in points(holdout.labels, scores).items()}
        for name, metric in (("auc", metrics.auc), ("brier", metrics.brier)):
            interval = metrics.bootstrap_interval(
                metric, holdout.labels, scores, rng=rng, groups=groups, draws=draws
            )
            found |= {f"{prefix}{name}_low": interval.low, f"{prefix}{name}_high": interval.high}
    return found | _gains(holdout, groups, rng, draws)


def points(labels: Vector, scores: Vector) -> dict[str, float]:
    """Return the metrics of one list of probabilities, without intervals."""
    return {
        "auc": metrics.auc(labels, scores),
        "average_precision": metrics.average_precision(labels, scores),
        "brier": metrics.brier(labels, scores),
        "brier_skill": metrics.brier_skill(labels, scores),
        "log_loss": metrics.log_loss(labels, scores),
        "ece": metrics.ece(labels, scores),
        "calibration_slope": metrics.calibration_slope(labels, scores),
        "calibration_in_the_large": metrics.calibration_in_the_large(labels, scores),
    } | {
        f"{name}_at_{round(100 * line.share)}": getattr(line, name)
        for line in metrics.invitation_table(labels, scores, CAPACITIES)
        for name in ("precision", "recall")
    }


def _gains(
    holdout: Holdout, groups: NDArray[np.int64], rng: np.random.Generator, draws: int
) -> dict[str, float]:
    both = np.column_stack([holdout.scores, holdout.baseline])
    found = {}
    for name, metric, sign in (("auc", metrics.auc, 1), ("brier", metrics.brier, -1)):
        gain = partial(_gain, metric, sign)
        interval = metrics.bootstrap_interval(
            gain, holdout.labels, both, rng=rng, groups=groups, draws=draws
        )
        found[f"{name}_gain"] = gain(holdout.labels, both)
        found |= {f"{name}_gain_low": interval.low, f"{name}_gain_high": interval.high}
    return found


def _gain(metric: metrics.Metric, sign: int, labels: Vector, both: Vector) -> float:
    """Return what the first column of scores has over the second."""
    return sign * (metric(labels, both[:, 0]) - metric(labels, both[:, 1]))


def _labelled(mask: Mask, labels: Vector) -> Mask:
    return mask & ~np.isnan(labels)
