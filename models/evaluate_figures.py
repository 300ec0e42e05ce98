"""The figures of a contest: each with its interval, and pairwise differences on the same draws.

All intervals are percentiles over resampled jongeren: the rows of one jongere are drawn together
(Field, Welsh 2007). Two contenders are compared on the same draws, so that what they share cancels.
"""

from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import expit, logit

from models import metrics
from models.evaluate_contest import Contest
from models.evaluation import Holdout
from models.fairness import select
from models.metrics import SMALLEST, resamples
from models.small_numbers import SMALLEST_GROUP

Vector = NDArray[np.float64]
Flags = NDArray[np.bool_]

DRAWS: Final = 200
LEVEL: Final = 0.95
DIGITS: Final = 6
SHARES: Final = (0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)
"""Shares of each list of which the table of the invitation rule tells."""
EARLY_DAYS: Final = 91
"""Three months: time in which a coach can still do something (issue 8)."""
DAYS_A_MONTH: Final = 365.25 / 12
LEAD: Final = ("genoemd", "op_tijd", "maanden")
NOT_TOLD: Final[Mapping[str, float | None]] = {"waarde": None, "laag": None, "hoog": None}
"""A figure that has no meaning, or that would tell of a few (TRUST P8)."""
LOWER_IS_BETTER: Final = frozenset({"brier", "log_loss", "ece"})


def calibration_intercept(labels: Vector, scores: Vector) -> float:
    """Return by how much all log-odds are too low (above 0) or too high; 0 is right.

    References
    ----------
    Van Calster and others (2019), Calibration: the Achilles heel of predictive analytics, BMC
    Medicine 17: the intercept with the slope held at 1.
    """
    if not len(labels) or labels.min() == labels.max():
        return float("nan")
    said = logit(np.clip(scores, SMALLEST, 1 - SMALLEST))
    moved = 0.0
    for _ in range(50):
        chance = expit(moved + said)
        step = float((labels - chance).sum() / ((chance * (1 - chance)).sum() + 1e-9))
        moved += float(np.clip(step, -2, 2))
        if abs(step) < 1e-10:
            break
    return moved


POINTS: Final[Mapping[str, metrics.Metric]] = {
    "auc": metrics.auc,
    "average_precision": metrics.average_precision,
    "brier": metrics.brier,
    "log_loss": metrics.log_loss,
    "calibration_slope": metrics.calibration_slope,
    "calibration_intercept": calibration_intercept,
    "ece": metrics.ece,
}
"""Figures of a whole test, of which those of `COMPARED` are compared."""
COMPARED: Final = ("auc", "average_precision", "brier", "log_loss")


class Persons:
    """Resamples of persons, for figures that are a ratio of sums over them.

    Parameters
    ----------
    who : array of int of shape (n_rows,)
        Person of each row.
    seed : int
        The same seed gives the same draws.
    draws : int
        Number of resamples.
    """

    def __init__(self, who: NDArray[np.int64], *, seed: int, draws: int) -> None:
        _, self._place = np.unique(who, return_inverse=True)
        size = int(self._place.max()) + 1 if len(who) else 0
        rng = np.random.default_rng(seed)
        # the first line is of everybody once: the figure itself
        self._weights = np.ones((draws + 1, size))
        for line in self._weights[1:]:
            line[:] = np.bincount(rng.integers(0, size, size), minlength=size)

    def ratio(self, above: Vector | Flags, below: Vector | Flags) -> Vector:
        """Return sum over sum of two numbers per row, of shape (1 + draws,); NaN over nothing."""
        sums = [
            self._weights
            @ np.bincount(
                self._place, weights=np.asarray(one, np.float64), minlength=self._weights.shape[1]
            )
            for one in (above, below)
        ]
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(sums[0] / sums[1])


def figure(drawn: Vector, *, upward: bool = False) -> dict[str, float | None]:
    """Return a figure with its 95% interval, from its value and then the value of each draw.

    Parameters
    ----------
    drawn : array of shape (1 + draws,)
        The figure itself, then that of each draw.
    upward : bool
        Whether resampling pushes the figure up, as it does an ECE: rows drawn twice look like
        more deviation. Then the draws are moved back by their mean excess (Efron, Tibshirani
        1993, An introduction to the bootstrap, chapter 10), and never below 0.

    Returns
    -------
    dict
        ``waarde``, ``laag`` and ``hoog``, in six decimals; None where it has no meaning.
    """
    value, known = float(drawn[0]), drawn[1:][np.isfinite(drawn[1:])]
    if not isfinite(value):
        return dict(NOT_TOLD)
    if upward and len(known):
        known = np.maximum(known - max(float(known.mean()) - value, 0.0), 0.0)
    bounds = np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]) if len(known) else (None, None)
    low, high = (None if one is None else round(float(one), DIGITS) for one in bounds)
    return {"waarde": round(value, DIGITS), "laag": low, "hoog": high}


def drawn_points(
    labels: Vector,
    scores: Sequence[Vector],
    who: NDArray[np.int64],
    names: Sequence[str],
    *,
    seed: int,
    draws: int,
) -> dict[str, list[Vector]]:
    """Return some of `POINTS` of several lists of scores on the same draws.

    Returns
    -------
    dict of str to list of array of shape (1 + draws,)
        By the name of the figure, for each list its value and then that of each draw.
    """
    rng = np.random.default_rng(seed)
    rows_of = [np.arange(len(labels)), *resamples(who, rng=rng, draws=draws)]
    return {
        name: [
            np.array([POINTS[name](labels[rows], one[rows]) for rows in rows_of]) for one in scores
        ]
        for name in names
    }


def gain(name: str, one: Vector, other: Vector) -> Vector:
    """Return how much better one is than the other on each draw; above 0 is always better."""
    return np.asarray(other - one if name in LOWER_IS_BETTER else one - other)


def whole_figures(held: Contest, *, seed: int, draws: int) -> dict[str, Any]:
    """Return every figure of every contender on all rows, and the differences with the uitdager.

    Returns
    -------
    dict
        ``kandidaten``: by contender, by figure ``waarde``, ``laag``, ``hoog``; ``verschillen``: by
        each other contender what the uitdager is better (above 0) in each of `COMPARED`.
    """
    whole, names = held.whole, list(held.scores)
    found = drawn_points(
        whole.labels,
        list(held.scores.values()),
        whole.jongeren,
        list(POINTS),
        seed=seed,
        draws=draws,
    )
    rng = np.random.default_rng(seed)
    told: dict[str, dict[str, Any]] = {}
    for place, name in enumerate(names):
        told[name] = {
            key: figure(drawn[place], upward=key == "ece") for key, drawn in found.items()
        }
        told[name]["ece_ruis"] = round(
            metrics.ece_noise_floor(held.scores[name], rng=rng, draws=20), DIGITS
        )
    differences = {
        name: {key: figure(gain(key, found[key][0], found[key][place])) for key in COMPARED}
        for place, name in enumerate(names)
        if place
    }
    return {"kandidaten": told, "verschillen": differences}


def on_the_list(scores: Vector, lists: NDArray[np.int64], room: float | int) -> Flags:
    """Return which rows the coaches see: the highest scores of each list.

    Parameters
    ----------
    scores : array of shape (n_rows,)
        Probabilities.
    lists : array of int of shape (n_rows,)
        List (month) of each row.
    room : float or int
        A whole number is so many jongeren of each list; a fraction is a share of each.
    """
    if isinstance(room, float):
        return select(scores, lists, room)
    chosen = np.zeros(len(scores), dtype=np.bool_)
    for one in np.unique(lists):
        rows = np.flatnonzero(lists == one)
        first = np.zeros(len(rows), dtype=np.int64)
        chosen[rows] = select(scores[rows], first, min(1.0, room / len(rows)))
    return chosen


def capacity_table(
    held: Contest, rooms: Sequence[float | int], *, seed: int, draws: int
) -> list[dict[str, Any]]:
    """Return what each contender finds where coaches have room: the invitation rule's table.

    Parameters
    ----------
    held : Contest
        All contenders.
    rooms : sequence of float or int
        As `on_the_list`.
    seed, draws : int
        Of the intervals.

    Returns
    -------
    list of dict
        A line per room and contender: ``ruimte``, ``kandidaat``, ``uitgenodigd`` and ``raak``
        (counts over all lists), ``precision`` and ``recall`` with intervals, and ``winst``: recall
        that the uitdager has more. Where fewer than `SMALLEST_GROUP` jongeren were right or were
        wrong, nothing is told from which they could be counted (TRUST P8).
    """
    whole = held.whole
    persons = Persons(whole.jongeren, seed=seed, draws=draws)
    lines = []
    for room in rooms:
        first: Vector | None = None
        compared = True
        for name, scores in held.scores.items():
            chosen = on_the_list(scores, whole.lists, room)
            hits = chosen * whole.labels
            recall = persons.ratio(hits, whole.labels)
            line = {"ruimte": room, "kandidaat": name, "uitgenodigd": int(chosen.sum())}
            told = not _tells_of_few(whole, hits > 0, chosen)
            if first is None:
                first, compared = recall, told
            lines.append(
                line
                | {
                    "raak": int(hits.sum()) if told else None,
                    "precision": figure(persons.ratio(hits, chosen)) if told else NOT_TOLD,
                    "recall": figure(recall) if told else NOT_TOLD,
                    # with it the recall of the first could be told
                    "winst": figure(first - recall) if told and compared else NOT_TOLD,
                }
            )
    return lines


def _tells_of_few(whole: Holdout, hits: Flags, chosen: Flags) -> bool:
    """Whether few jongeren of a list were right, or few were wrong."""
    parts = (np.unique(whole.jongeren[own]).size for own in (hits, chosen & ~hits))
    return min(parts) < SMALLEST_GROUP


def lead_time(whole: Holdout, chosen: Flags, *, seed: int, draws: int) -> dict[str, Any]:
    """Return how long before they left a list first named those who left.

    Returns
    -------
    dict
        ``vertrekkers`` (count), ``genoemd`` and ``op_tijd`` (shares of them: named at all, and at
        least three months before) and ``maanden`` (median of who was named), with intervals; all
        None where fewer than `SMALLEST_GROUP` left (TRUST P8).
    """
    days = whole.frame["peildatum"].cast(pl.Date).to_physical().cast(pl.Float64).to_numpy()
    lead = metrics.lead_days(whole.jongeren, days, whole.left, chosen)
    if len(lead) < SMALLEST_GROUP:
        return {"vertrekkers": None} | dict.fromkeys(LEAD, NOT_TOLD)
    rng = np.random.default_rng(seed)
    drawn = [lead, *(lead[rows] for rows in resamples(len(lead), rng=rng, draws=draws))]
    return {
        "vertrekkers": len(lead),
        "genoemd": _over(drawn, lambda one: float(np.mean(one > 0))),
        "op_tijd": _over(drawn, lambda one: float(np.mean(one >= EARLY_DAYS))),
        "maanden": _over(drawn, _median_months),
    }


def stability(whole: Holdout, chosen: Flags, *, seed: int, draws: int) -> dict[str, Any]:
    """Return the share of a list that stands on the next one too, of those who are still there.

    Returns
    -------
    dict
        ``lijsten`` and ``vergeleken`` (counts), ``blijft`` with its interval; what does not stay is
        the turnover.
    """
    numbers = np.unique(whole.lists, return_inverse=True)[1].astype(np.int64)
    rows = pl.DataFrame({"wie": whole.jongeren, "lijst": numbers, "op": chosen})
    before = rows.filter("op").select("wie", pl.col("lijst") + 1)
    pairs = before.join(rows, on=["wie", "lijst"], how="inner")
    told = {"lijsten": int(np.unique(numbers).size), "vergeleken": pairs.height}
    if pairs.is_empty():
        return told | {"blijft": figure(np.array([np.nan]))}
    pairs = pairs.sort("wie", "lijst")
    persons = Persons(pairs["wie"].to_numpy(), seed=seed, draws=draws)
    stays = persons.ratio(pairs["op"].to_numpy(), np.ones(pairs.height))
    return told | {"blijft": figure(stays)}


def list_figures(held: Contest, room: float | int, *, seed: int, draws: int) -> dict[str, Any]:
    """Return lead time and stability of the list of each contender."""
    return {
        name: {
            "voorsprong": lead_time(held.whole, chosen, seed=seed, draws=draws),
            "lijst": stability(held.whole, chosen, seed=seed, draws=draws),
        }
        for name, scores in held.scores.items()
        for chosen in [on_the_list(scores, held.whole.lists, room)]
    }


def _over(drawn: Sequence[Vector], told: Callable[[Vector], float]) -> dict[str, float | None]:
    values = [told(one) if len(one) else float("nan") for one in drawn]
    return figure(np.array(values))


def _median_months(lead: Vector) -> float:
    named = lead[lead > 0]
    return float(np.median(named)) / DAYS_A_MONTH if len(named) else float("nan")
