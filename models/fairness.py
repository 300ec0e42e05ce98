"""How a model does for each group of people, with intervals over resampled jongeren (TRUST F4).

A group is a value of an attribute: an onderwijssoort, a sex. Protected attributes come from outside
(`features` never holds them) and leave as figures of groups only. All figures but the slope are
ratios of sums, so that a thousand resamples of jongeren are one product of matrices; the slope is
stepped once from its value on all rows, which is as good for intervals.

References
----------
Field, Welsh (2007), Bootstrapping clustered data, JRSS B 69(3).
Bird et al. (2020), Fairlearn: a toolkit for assessing and improving fairness in AI (MetricFrame).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import expit, logit

from models.metrics import SMALLEST, calibration_slope
from models.small_numbers import SMALLEST_GROUP

Vector = NDArray[np.float64]
Flags = NDArray[np.bool_]

DRAWS = 1000
"""Resamples (TRUST F4)."""
BINS = 10
LEVEL = 0.95
FEWEST_JONGEREN = SMALLEST_GROUP
"""Smaller groups are left out of every report (TRUST F3, P8)."""
METRICS = (
    "base_rate",
    "selection_rate",
    "recall",
    "recall_excess",
    "precision",
    "fpr",
    "fnr",
    "calibration_in_the_large",
    "calibration_slope",
    "ece",
)
GAPS = (
    *("selection_rate", "recall", "recall_excess", "precision", "fpr", "fnr"),
    "calibration_in_the_large",
)
"""Figures of which groups are compared by their difference."""
JUDGED = ("recall_gap", "recall_excess_gap", "calibration_in_the_large")
"""Figures that a gate decides by: with bounds that hold for all groups of an attribute at once."""


@dataclass(frozen=True)
class Scored:
    """Scores of one model on held-out rows, and what happened.

    Parameters
    ----------
    labels, scores : array of shape (n_rows,)
        0 or 1, and the probability.
    jongeren : array of int of shape (n_rows,)
        Who each row is about: they are resampled, not rows.
    selected : array of bool of shape (n_rows,)
        Whether the row is on the list that the coaches have room for (`select`), or was chosen by
        a person: then the report is of the human decision (TRUST F7).
    """

    labels: Vector
    scores: Vector
    jongeren: NDArray[np.int64]
    selected: Flags


@dataclass(frozen=True)
class Report:
    """Figures of every group, and of every two groups of one attribute.

    Parameters
    ----------
    groepen : DataFrame
        ``kenmerk``, ``waarde``, ``n``, ``jongeren``, ``positief``; every one of `METRICS` with
        ``_low`` and ``_high``; and beside the rest of the people (``recall_gap``, ...) every one of
        `GAPS` likewise, and ``selection_ratio``. Those of `JUDGED` have ``_sure_low`` and
        ``_sure_high`` too: bounds that hold for all groups of the attribute together (Bonferroni).
        ``recall_excess`` is recall beyond what the scores themselves say that such a list finds:
        0 for a calibrated model, whatever the base rate. NaN where a figure has no meaning.
    paren : DataFrame
        ``kenmerk``, ``waarde``, ``andere`` and the differences in `GAPS` (first minus other).
    te_klein : int
        Groups left out for having fewer than `FEWEST_JONGEREN`.
    """

    groepen: pl.DataFrame
    paren: pl.DataFrame
    te_klein: int


def select(scores: Vector, lists: NDArray[np.int64], share: float) -> Flags:
    """Return which rows the coaches have room for: the highest scores of each list.

    Equal scores at the border are decided by a fixed shuffle, never by the order of the rows.
    """
    chosen = np.zeros(len(scores), dtype=np.bool_)
    lot = np.random.default_rng(0).random(len(scores))
    for one in np.unique(lists):
        rows = np.flatnonzero(lists == one)
        room = max(round(len(rows) * share), 1)
        chosen[rows[np.lexsort([lot[rows], -scores[rows]])[:room]]] = True
    return chosen


def report(scored: Scored, attributes: pl.DataFrame, *, seed: int, draws: int = DRAWS) -> Report:
    """Return the figures of every group of every attribute.

    Parameters
    ----------
    scored : Scored
        Held-out rows.
    attributes : DataFrame of shape (n_rows, n_attributes)
        Text; null where not known, and then the row counts for no group of that attribute.
    seed : int
        The same seed and rows give the same intervals.
    draws : int
        Resamples.
    """
    sums = _Sums(scored, seed=seed, draws=draws)
    lines: list[dict[str, object]] = []
    pairs: list[dict[str, object]] = []
    small = 0
    for kenmerk in attributes.columns:
        column = attributes[kenmerk].cast(pl.String)
        found: dict[str, _Figures] = {}
        values = column.drop_nulls().unique().sort()
        for waarde in values:
            own = (column == waarde).fill_null(value=False).to_numpy()
            if np.unique(scored.jongeren[own]).size < FEWEST_JONGEREN:
                small += 1
                continue
            rest = (column != waarde).fill_null(value=False).to_numpy()
            found[waarde], others = sums.of(own), sums.of(rest)
            lines.append(
                {"kenmerk": kenmerk, "waarde": waarde, **_line(scored, own, found[waarde])}
                | _gaps(found[waarde], others, "_gap")
                | _ratio(found[waarde], others)
                | _sure(found[waarde], others, len(values))
            )
        pairs += list(_paired(kenmerk, found))
    return Report(pl.DataFrame(lines, infer_schema_length=None), pl.DataFrame(pairs), small)


def behind(before: Scored, after: Scored, own: Flags, *, seed: int, draws: int = DRAWS) -> Vector:
    """Return how much recall a group has more with `after` than with `before`: value, low, high.

    Both score the same rows, and the same jongeren are drawn for both.
    """
    both = [_Sums(one, seed=seed, draws=draws).of(own).drawn["recall"] for one in (before, after)]
    return interval(both[1] - both[0])


def resampled(
    jongeren: NDArray[np.int64], *, seed: int, draws: int
) -> tuple[NDArray[np.int64], Vector]:
    """Return the place of each row's jongere, and how often each counts in each draw.

    Returns
    -------
    tuple of array of int of shape (n_rows,) and array of shape (draws + 1, n_jongeren)
        The first draw is of everybody once: it gives the figure itself.
    """
    known, who = np.unique(jongeren, return_inverse=True)
    rng = np.random.default_rng(seed)
    n = known.size
    weights = np.ones((draws + 1, n))
    for line in weights[1:]:
        line[:] = np.bincount(rng.integers(0, n, n), minlength=n)
    return who, weights


class _Sums:
    """Sums per jongere of all that figures are made of, and the draws of jongeren."""

    def __init__(self, scored: Scored, *, seed: int, draws: int) -> None:
        self._scored = scored
        self._who, self._weights = resampled(scored.jongeren, seed=seed, draws=draws)
        self._odds = logit(np.clip(scored.scores, SMALLEST, 1 - SMALLEST))

    def of(self, own: Flags) -> "_Figures":
        """Return the figures of some rows."""
        one = self._scored
        labels, scores, chosen = one.labels[own], one.scores[own], one.selected[own]
        bins = _bins(scores)
        slope = calibration_slope(labels, scores)
        parts = np.column_stack(
            [
                np.ones(len(labels)),
                labels,
                chosen,
                chosen * labels,
                scores,
                chosen * scores,
                _slope_parts(labels, self._odds[own], slope),
                *(np.where(bins == place, scores - labels, 0.0) for place in range(BINS)),
            ]
        )
        totals = np.zeros((self._weights.shape[1], parts.shape[1]))
        np.add.at(totals, self._who[own], parts)
        here = np.unique(self._who[own])
        return _Figures.of(self._weights[:, here] @ totals[here], slope)


@dataclass(frozen=True)
class _Figures:
    """Every figure of a group: an array of its value and then of every draw."""

    drawn: dict[str, Vector]

    @classmethod
    def of(cls, sums: Vector, slope: float) -> "_Figures":
        n, positive, chosen, hits, said, said_chosen = sums[:, :6].T
        with np.errstate(divide="ignore", invalid="ignore"):
            recall = hits / positive
            drawn = {
                "base_rate": positive / n,
                "selection_rate": chosen / n,
                "recall": recall,
                "recall_excess": recall - said_chosen / said,
                "precision": hits / chosen,
                "fpr": (chosen - hits) / (n - positive),
                "fnr": 1 - recall,
                "calibration_in_the_large": (said - positive) / n,
                "calibration_slope": _stepped(sums[:, 6:11], slope),
                "ece": np.abs(sums[:, 11:]).sum(axis=1) / n,
            }
        return cls(drawn)


def _bins(scores: Vector) -> NDArray[np.int64]:
    """Return the bin of each score, of equal size; equal scores share one (`metrics.ece`)."""
    if not len(scores):
        return np.zeros(0, dtype=np.int64)
    edges = np.quantile(scores, np.linspace(0, 1, BINS + 1)[1:-1], method="lower")
    return np.searchsorted(edges, scores, side="left")


def _slope_parts(labels: Vector, odds: Vector, slope: float) -> Vector:
    """Return the gradient and the Hessian of the line of calibration, row by row: shape (n, 5)."""
    if np.isnan(slope):
        return np.full((len(labels), 5), np.nan)
    intercept = 0.0
    for _ in range(25):
        chance = expit(intercept + slope * odds)
        spread = float((chance * (1 - chance)).sum()) + 1e-9
        intercept -= float(np.clip((chance - labels).sum() / spread, -2, 2))
    chance = expit(intercept + slope * odds)
    wrong, weight = chance - labels, chance * (1 - chance)
    return np.column_stack([wrong, wrong * odds, weight, weight * odds, weight * odds**2])


def _stepped(parts: Vector, slope: float) -> Vector:
    """Return the slope of each draw: one Newton step from that of all rows."""
    first, second, a, b, c = parts.T
    return np.asarray(slope - (a * second - b * first) / (a * c - b * b))


def interval(drawn: Vector, level: float = LEVEL) -> Vector:
    """Return the value, and the bounds of its interval over the draws that follow it."""
    known = drawn[1:][np.isfinite(drawn[1:])]
    if not len(known) or not np.isfinite(drawn[0]):
        return np.array([drawn[0], np.nan, np.nan])
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return np.array([drawn[0], low, high])


def _named(name: str, drawn: Vector) -> dict[str, float]:
    value, low, high = interval(drawn)
    return {name: float(value), f"{name}_low": float(low), f"{name}_high": float(high)}


def _line(scored: Scored, own: Flags, figures: _Figures) -> dict[str, float]:
    counts = {
        "n": int(own.sum()),
        "jongeren": int(np.unique(scored.jongeren[own]).size),
        "positief": int(scored.labels[own].sum()),
    }
    return counts | {
        key: value for name in METRICS for key, value in _named(name, figures.drawn[name]).items()
    }


def _gaps(one: _Figures, other: _Figures, suffix: str) -> dict[str, float]:
    return {
        key: value
        for name in GAPS
        for key, value in _named(f"{name}{suffix}", one.drawn[name] - other.drawn[name]).items()
    }


def _sure(one: _Figures, other: _Figures, groups: int) -> dict[str, float]:
    """Return bounds of what a gate decides by, for so many groups at once."""
    level, told = 1 - (1 - LEVEL) / groups, {}
    for name in JUDGED:
        figure = name.removesuffix("_gap")
        drawn = one.drawn[figure]
        drawn = drawn if figure == name else drawn - other.drawn[figure]
        _, told[f"{name}_sure_low"], told[f"{name}_sure_high"] = map(float, interval(drawn, level))
    return told


def _ratio(one: _Figures, rest: _Figures) -> dict[str, float]:
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = one.drawn["selection_rate"] / rest.drawn["selection_rate"]
    return _named("selection_ratio", ratio)


def _paired(kenmerk: str, found: dict[str, _Figures]) -> Iterator[dict[str, object]]:
    pairs: Sequence[tuple[str, str]] = list(combinations(found, 2))
    for waarde, andere in pairs:
        told = _gaps(found[waarde], found[andere], "")
        yield {"kenmerk": kenmerk, "waarde": waarde, "andere": andere, **told}
