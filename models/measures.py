"""The figures of a test: how good, how sure, and how much more than the rule."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from models import metrics
from models.evaluation import Holdout, pool
from models.interval import coverage

DRAWS = 100
CAPACITIES = (0.05, 0.1, 0.2)
"""Shares of the jongeren that coaches may have room for, in precision and recall."""
LIST_SHARE = 0.1
"""Length of the list of which the steadiness and the lead are told."""
FEWEST_POSITIVES = 50
"""An onderwijssoort with fewer positive rows is not told apart."""

Vector = NDArray[np.float64]


def measure(
    holdouts: Sequence[Holdout],
    unseen: Sequence[Holdout] = (),
    *,
    seed: int,
    draws: int = DRAWS,
) -> dict[str, float]:
    """Return every metric of the model and, as ``baseline_…``, of the rule, over all tests.

    ``…_low`` and ``…_high`` bound 95% intervals over resampled jongeren; ``…_gain`` is what the
    model has over the rule on the same resamples (positive is better). ``new_school_…`` is of
    schools that the model did not see.

    Parameters
    ----------
    holdouts : sequence of Holdout
        Tests on later time; at least one.
    unseen : sequence of Holdout
        Tests on schools never seen.
    seed : int
        Of the resamples.
    draws : int
        Number of resamples.
    """
    rng = np.random.default_rng(seed)
    whole = pool(holdouts)
    found = {
        "n_fitted": float(whole.n_fitted),
        "n_test": float(len(whole.labels)),
        "n_test_positive": float(whole.labels.sum()),
        "n_backtests": float(len(holdouts)),
        "rate": float(whole.labels.mean()),
    }
    found |= told(whole, rng, draws)
    found |= {
        f"baseline_{name}": value for name, value in points(whole.labels, whole.baseline).items()
    }
    found |= _intervals(whole, whole.baseline, rng, draws, "baseline_")
    found |= _gains(whole, rng, draws) | use(whole)
    aucs = [metrics.auc(one.labels, one.scores) for one in holdouts]
    found |= {"auc_lowest_backtest": min(aucs), "auc_highest_backtest": max(aucs)}
    for soort in whole.soort.drop_nulls().unique().sort():
        found |= _of_soort(whole, soort, rng)
    if unseen:
        apart = told(pool(unseen), rng, draws)
        found |= {f"new_school_{name}": value for name, value in apart.items()}
    return found


def told(holdout: Holdout, rng: np.random.Generator, draws: int) -> dict[str, float]:
    """Return the metrics of a model's scores with intervals, and how well its intervals hold.

    ECE and coverage are means over the lists (peildata): within one list each jongere stands once,
    so that chance is what the noise floor says it is.
    """
    lists = holdout.lists
    ece, floor = ece_of_lists(holdout.labels, holdout.scores, lists, rng)
    return (
        points(holdout.labels, holdout.scores)
        | _intervals(holdout, holdout.scores, rng, draws, "")
        | {
            "ece": ece,
            "ece_noise_floor": floor,
            "interval_coverage": coverage(holdout.labels, holdout.scores, holdout.bounds, lists),
        }
    )


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


def ece_of_lists(
    labels: Vector, scores: Vector, lists: NDArray[np.int64], rng: np.random.Generator
) -> tuple[float, float]:
    """Return ECE and its noise floor, each the mean over the lists by their length."""
    numbers, sizes = np.unique(lists, return_counts=True)
    rows = [lists == number for number in numbers]
    found = [
        (metrics.ece(labels[own], scores[own]), metrics.ece_noise_floor(scores[own], rng=rng))
        for own in rows
    ]
    ece, floor = np.average(found, axis=0, weights=sizes)
    return float(ece), float(floor)


def use(holdout: Holdout) -> dict[str, float]:
    """Return what a coach notices of the list of the highest scores of each peildatum.

    ``list_stability``: the share that stands on the next list too, of those still there.
    ``lead_named``: of who left, the share that a list of the test named before; ``lead_days``: how
    many days before, in the middle. A test sees no further back than it lasts.
    """
    if np.unique(holdout.lists).size < 2:
        return {}
    days = holdout.frame["peildatum"].to_physical().to_numpy().astype(np.float64)
    jongeren = holdout.jongeren
    flagged = np.zeros(len(days), dtype=np.bool_)
    for day in np.unique(days):
        rows = np.flatnonzero(days == day)
        room = max(round(len(rows) * LIST_SHARE), 1)
        flagged[rows[np.lexsort([jongeren[rows], -holdout.scores[rows]])[:room]]] = True
    lead = metrics.lead_days(jongeren, days, holdout.left, flagged)
    named = lead[lead > 0]
    return {
        "list_stability": metrics.list_stability(jongeren, days, holdout.scores, LIST_SHARE),
        "lead_named": len(named) / len(lead) if len(lead) else float("nan"),
        "lead_days": float(np.median(named)) if len(named) else float("nan"),
    }


def _of_soort(holdout: Holdout, soort: str, rng: np.random.Generator) -> dict[str, float]:
    own = (holdout.soort == soort).fill_null(value=False).to_numpy()
    labels, scores = holdout.labels[own], holdout.scores[own]
    if labels.sum() < FEWEST_POSITIVES:
        return {}
    ece, floor = ece_of_lists(labels, scores, holdout.lists[own], rng)
    return {
        f"ece_{soort}": ece,
        f"ece_noise_floor_{soort}": floor,
        f"calibration_in_the_large_{soort}": metrics.calibration_in_the_large(labels, scores),
    }


def _intervals(
    holdout: Holdout, scores: Vector, rng: np.random.Generator, draws: int, prefix: str
) -> dict[str, float]:
    found: dict[str, float] = {}
    for metric in (metrics.auc, metrics.brier, metrics.calibration_slope):
        interval = metrics.bootstrap_interval(
            metric, holdout.labels, scores, rng=rng, groups=holdout.jongeren, draws=draws
        )
        name = prefix + metric.__name__
        found |= {f"{name}_low": interval.low, f"{name}_high": interval.high}
    return found


def _gains(holdout: Holdout, rng: np.random.Generator, draws: int) -> dict[str, float]:
    both = np.column_stack([holdout.scores, holdout.baseline])
    found = {}
    for name, metric, sign in (("auc", metrics.auc, 1), ("brier", metrics.brier, -1)):
        gain = partial(_gain, metric, sign)
        interval = metrics.bootstrap_interval(
            gain, holdout.labels, both, rng=rng, groups=holdout.jongeren, draws=draws
        )
        found[f"{name}_gain"] = gain(holdout.labels, both)
        found |= {f"{name}_gain_low": interval.low, f"{name}_gain_high": interval.high}
    return found


def _gain(metric: metrics.Metric, sign: int, labels: Vector, both: Vector) -> float:
    """Return what the first column of scores has over the second."""
    return sign * (metric(labels, both[:, 0]) - metric(labels, both[:, 1]))
