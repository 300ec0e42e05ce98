"""How good a list of probabilities is: ranking, error, calibration, and what coaches can use.

Every metric takes `labels` (0 or 1) and `scores` (probabilities) of shape (n_rows,). A metric that
has no meaning for the rows, such as the AUC of one class, is NaN and never an error.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import expit, logit, stdtrit

Vector = NDArray[np.float64]
Metric = Callable[[Vector, Vector], float]

SMALLEST = 1e-12


class Interval(NamedTuple):
    """Bounds within which a metric lies, from resampling."""

    low: float
    high: float


def auc(labels: Vector, scores: Vector) -> float:
    """Return the chance that a random positive scores higher than a random negative.

    Ties count half.
    """
    positives = labels > 0
    n_positive = int(positives.sum())
    n_negative = len(labels) - n_positive
    if not n_positive or not n_negative:
        return float("nan")
    rank_sum = float(pl.Series(scores).rank("average").to_numpy()[positives].sum())
    return (rank_sum - n_positive * (n_positive + 1) / 2) / (n_positive * n_negative)


def average_precision(labels: Vector, scores: Vector) -> float:
    """Return the area under precision over recall, by steps; tied scores enter together."""
    total = float(labels.sum())
    if not total:
        return float("nan")
    order = np.argsort(-scores, kind="stable")
    last = np.append(np.flatnonzero(np.diff(scores[order])), len(scores) - 1)
    hits = np.cumsum(labels[order])[last]
    precision = hits / (last + 1)
    return float((np.diff(hits, prepend=0.0) * precision).sum() / total)


def brier(labels: Vector, scores: Vector) -> float:
    """Return the mean squared error of the probabilities; lower is better."""
    return float(np.mean((scores - labels) ** 2)) if len(labels) else float("nan")


def brier_skill(labels: Vector, scores: Vector, reference: Vector | float | None = None) -> float:
    """Return the share of the reference's Brier score that is gained; 0 is no better, 1 perfect.

    Parameters
    ----------
    labels, scores : array of shape (n_rows,)
        What happened and what was said.
    reference : array or float, optional
        Probabilities to compare with; by default the rate of the rows themselves.
    """
    if not len(labels):
        return float("nan")
    base = np.broadcast_to(
        np.asarray(labels.mean() if reference is None else reference, dtype=np.float64),
        labels.shape,
    )
    worst = brier(labels, base)
    return 1 - brier(labels, scores) / worst if worst else float("nan")


def log_loss(labels: Vector, scores: Vector) -> float:
    """Return the mean negative log likelihood in nats; lower is better."""
    if not len(labels):
        return float("nan")
    safe = np.clip(scores, SMALLEST, 1 - SMALLEST)
    return float(-np.mean(labels * np.log(safe) + (1 - labels) * np.log1p(-safe)))


def ece(labels: Vector, scores: Vector, bins: int = 10) -> float:
    """Return the mean gap between said and seen over bins of equal size.

    Equal scores always share a bin, so the order of rows does not matter. Judge it against its
    `ece_noise_floor`.

    References
    ----------
    Naeini et al. (2015), Obtaining well calibrated probabilities using Bayesian binning.
    """
    if not len(labels):
        return float("nan")
    edges = np.quantile(scores, np.linspace(0, 1, bins + 1)[1:-1], method="lower")
    place = np.searchsorted(edges, scores, side="left")
    gaps = np.bincount(place, weights=scores - labels, minlength=bins)
    return float(np.abs(gaps).sum() / len(labels))


def ece_noise_floor(
    scores: Vector, *, rng: np.random.Generator, draws: int = 50, bins: int = 10
) -> float:
    """Return the ECE that perfectly calibrated scores would have by chance alone."""
    found = [
        ece((rng.random(len(scores)) < scores).astype(np.float64), scores, bins)
        for _ in range(draws)
    ]
    return float(np.mean(found))


def calibration_slope(labels: Vector, scores: Vector) -> float:
    """Return the slope of the outcome's log-odds on the score's; 1 is right, below 1 too bold.

    References
    ----------
    Cox (1958), Two further applications of a model for binary regression.
    """
    if not len(labels) or labels.min() == labels.max() or np.ptp(scores) == 0:
        return float("nan")
    said = logit(np.clip(scores, SMALLEST, 1 - SMALLEST))
    line = np.array([0.0, 1.0])
    design = np.column_stack([np.ones_like(said), said])
    for _ in range(50):
        chance = expit(design @ line)
        hessian = (design * (chance * (1 - chance))[:, None]).T @ design + 1e-9 * np.eye(2)
        step = np.clip(np.linalg.solve(hessian, design.T @ (chance - labels)), -2, 2)
        line = line - step
        if np.abs(step).max() < 1e-10:
            break
    return float(line[1])


def calibration_in_the_large(labels: Vector, scores: Vector) -> float:
    """Return what was said minus what was seen, on average; 0 is right."""
    return float(np.mean(scores) - np.mean(labels)) if len(labels) else float("nan")


def precision_at(labels: Vector, scores: Vector, share: float) -> float:
    """Return the share of positives among the highest scores, with room for `share` of the rows.

    Where equal scores straddle the border, each of them counts in proportion: no order of rows
    decides silently.
    """
    room = _room(len(labels), share)
    return _expected_hits(labels, scores, room) / room if room else float("nan")


def recall_at(labels: Vector, scores: Vector, share: float) -> float:
    """Return the share of all positives that is found among the highest scores."""
    total = float(labels.sum())
    room = _room(len(labels), share)
    return _expected_hits(labels, scores, room) / total if total and room else float("nan")


class Invitation(NamedTuple):
    """One line of the invitation rule: who is seen when a share of the rows is invited."""

    share: float
    invited: int
    precision: float
    recall: float


def invitation_table(
    labels: Vector, scores: Vector, shares: Sequence[float] = (0.05, 0.1, 0.2)
) -> list[Invitation]:
    """Return precision and recall when people are invited from the highest score downward.

    References
    ----------
    Eegdeman et al. (2022), A method to assess the predictive quality of an early warning system:
    the invitation rule.
    """
    return [
        Invitation(
            share,
            _room(len(labels), share),
            precision_at(labels, scores, share),
            recall_at(labels, scores, share),
        )
        for share in shares
    ]


def lead_days(
    jongeren: NDArray[np.int64], days: Vector, leaving: Vector, flagged: NDArray[np.bool_]
) -> Vector:
    """Return for each jongere who left how many days before it a list first named them.

    Parameters
    ----------
    jongeren : array of int of shape (n_rows,)
        Number of the jongere of each row.
    days : array of shape (n_rows,)
        Peildatum, as a number of days.
    leaving : array of shape (n_rows,)
        Day on which the jongere left; NaN for who did not.
    flagged : array of bool of shape (n_rows,)
        Whether the row stands on the list of its peildatum.

    Returns
    -------
    array of shape (n_leavers,)
        0 for a leaver whom no list named before they left; ordered by jongere.
    """
    left = np.isfinite(leaving)
    names, place = np.unique(jongeren[left], return_inverse=True)
    ahead = np.where(flagged[left], leaving[left] - days[left], 0.0)
    found = np.zeros(len(names))
    np.maximum.at(found, place, ahead)
    return found


def list_stability(
    jongeren: NDArray[np.int64], days: Vector, scores: Vector, share: float = 0.1
) -> float:
    """Return the share of a list that is on the next list too, of those who are still there.

    Each peildatum has a list of its highest scores, with room for `share` of its rows; equal
    scores at the border are taken in the order of the jongeren. NaN with one peildatum.
    """
    previous: set[int] = set()
    kept: list[float] = []
    for number, day in enumerate(np.unique(days)):
        rows = np.flatnonzero(days == day)
        present = set(jongeren[rows].tolist())
        first = np.lexsort([jongeren[rows], -scores[rows]])[: _room(len(rows), share)]
        chosen = set(jongeren[rows[first]].tolist())
        still = previous & present
        if number and still:
            kept.append(len(still & chosen) / len(still))
        previous = chosen
    return float(np.mean(kept)) if kept else float("nan")


def paired_interval(
    differences: Vector, *, test_share: float = 0.2, level: float = 0.95
) -> Interval:
    """Return the interval of a mean difference between two learners over the same folds.

    Folds of repeated cross-validation share rows, so the variance is corrected for it.

    Parameters
    ----------
    differences : array of shape (n_folds,)
        A metric of one learner minus that of another, per fold.
    test_share : float
        Share of the rows in a fold.
    level : float
        Share that the interval holds.

    References
    ----------
    Nadeau and Bengio (2003), Inference for the generalization error, Machine Learning 52.
    """
    n_folds = len(differences)
    if n_folds < 2:
        return Interval(float("nan"), float("nan"))
    mean = float(differences.mean())
    variance = float(differences.var(ddof=1)) * (1 / n_folds + test_share / (1 - test_share))
    reach = float(stdtrit(n_folds - 1, (1 + level) / 2)) * variance**0.5
    return Interval(mean - reach, mean + reach)


def bootstrap_interval(
    metric: Metric,
    labels: Vector,
    scores: Vector,
    *,
    rng: np.random.Generator,
    groups: NDArray[np.int64] | None = None,
    draws: int = 200,
    level: float = 0.95,
) -> Interval:
    """Return the percentile interval of a metric over resampled groups of rows.

    Parameters
    ----------
    metric : callable
        One of the metrics here.
    labels, scores : array of shape (n_rows,)
        Rows to resample.
    rng : Generator
        Source of randomness.
    groups : array of int, optional
        Rows of one group (all peildata of one jongere) are drawn together; by default each row
        is a group. Without this an interval over repeated rows is too narrow.
    draws : int
        Number of resamples.
    level : float
        Share that the interval holds.
    """
    members = len(labels) if groups is None else groups
    drawn = resamples(members, rng=rng, draws=draws)
    found = [metric(labels[rows], scores[rows]) for rows in drawn]
    known = np.asarray(found)[np.isfinite(found)]
    if not len(known):
        return Interval(float("nan"), float("nan"))
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(low), float(high))


def resamples(
    groups: int | NDArray[np.int64], *, rng: np.random.Generator, draws: int
) -> Iterator[NDArray[np.int64]]:
    """Yield the rows of resamples in which the rows of a group are drawn together.

    Parameters
    ----------
    groups : int or array of int of shape (n_rows,)
        Group of each row, such as its jongere; a number of rows where each is a group of its own.
    rng : Generator
        Source of randomness.
    draws : int
        Number of resamples.

    References
    ----------
    Field, Welsh (2007), Bootstrapping clustered data, JRSS B 69(3).
    """
    members = _members(groups)
    for _ in range(draws):
        yield _draw(members, rng)


def _room(n_rows: int, share: float) -> int:
    return min(n_rows, round(n_rows * share) or 1)


def _expected_hits(labels: Vector, scores: Vector, room: int) -> float:
    border = np.partition(scores, len(scores) - room)[len(scores) - room]
    above = scores > border
    tied = scores == border
    left = room - int(above.sum())
    return float(labels[above].sum() + labels[tied].sum() * left / tied.sum())


def _members(groups: int | NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return rows ordered by group, and where each group begins (with the end appended)."""
    if isinstance(groups, int):
        return np.arange(groups), np.arange(groups + 1)
    order = np.argsort(groups, kind="stable")
    begins = np.flatnonzero(np.diff(groups[order], prepend=groups[order[:1]] - 1))
    return order, np.append(begins, len(groups))


def _draw(
    members: tuple[NDArray[np.int64], NDArray[np.int64]], rng: np.random.Generator
) -> NDArray[np.int64]:
    """Return the rows of as many groups as there are, drawn with replacement."""
    order, bounds = members
    n_groups = len(bounds) - 1
    if n_groups == len(order):
        return order[rng.integers(0, n_groups, size=n_groups)]
    chosen = rng.integers(0, n_groups, size=n_groups)
    sizes = bounds[chosen + 1] - bounds[chosen]
    offsets = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.asarray(order[np.repeat(bounds[chosen], sizes) + offsets])
