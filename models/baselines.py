"""The simple rules that a model must beat: points that anybody could add up by hand.

A rule gives points for plain facts; the rate that each number of points had in the training
rows is its probability. What is unknown gives no points.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

PRIOR_ROWS: Final = 20.0
"""A number of points seen rarely is drawn to the overall rate as if seen so many times more."""


@dataclass(frozen=True)
class Points:
    """Points for a row whose `column` is at least `minimum` and at most `maximum`."""

    column: str
    points: int
    minimum: float = float("-inf")
    maximum: float = float("inf")


@dataclass(frozen=True)
class PointsRule:
    """A rule fitted on training rates.

    Parameters
    ----------
    rules : tuple of Points
        What gives points.
    totals : tuple of int
        Numbers of points seen in training, in order.
    rates : tuple of float
        The rate of each.
    """

    rules: tuple[Points, ...]
    totals: tuple[int, ...]
    rates: tuple[float, ...]

    @classmethod
    def fit(cls, rules: Sequence[Points], frame: pl.DataFrame, labels: NDArray[np.float64]) -> Self:
        """Count points and take the rate of each number of points."""
        points = count_points(rules, frame)
        base = float(labels.mean()) if len(labels) else 0.0
        totals, place = np.unique(points, return_inverse=True)
        hits = np.bincount(place, weights=labels, minlength=len(totals))
        seen = np.bincount(place, minlength=len(totals))
        rates = (hits + PRIOR_ROWS * base) / (seen + PRIOR_ROWS)
        return cls(tuple(rules), tuple(totals.tolist()), tuple(rates.tolist()))

    def predict(self, frame: pl.DataFrame) -> NDArray[np.float64]:
        """Return probabilities; a number of points never seen has the rate of the nearest one."""
        points = count_points(self.rules, frame)
        known = np.asarray(self.totals)
        nearest = np.abs(points[:, None] - known[None, :]).argmin(axis=1)
        return np.array([self.rates[place] for place in nearest.tolist()], dtype=np.float64)


def count_points(rules: Sequence[Points], frame: pl.DataFrame) -> NDArray[np.int64]:
    """Return the number of points of each row."""
    total = np.zeros(frame.height, dtype=np.int64)
    for rule in rules:
        values = frame[rule.column].cast(pl.Float64).fill_null(float("nan")).to_numpy()
        total += rule.points * ((values >= rule.minimum) & (values <= rule.maximum))
    return total


UITVAL_RULE: Final = (
    Points("verzuim_ongeoorloofd_13", 1, minimum=0.05),
    Points("verzuim_ongeoorloofd_13", 1, minimum=0.10),
    Points("verzuim_ongeoorloofd_13", 1, minimum=0.20),
    Points("inschrijving_wissels", 1, minimum=1),
    Points("inschrijving_wissels", 1, minimum=2),
    Points("inschrijving_pro", 2, minimum=1),
    Points("inschrijving_vso", 2, minimum=1),
    Points("inschrijving_niveau", 2, maximum=1),
    Points("inschrijving_niveau", 1, minimum=2, maximum=2),
)
"""Points that a team leader would give: verzuim of a quarter, earlier switches, niveau."""

PLAATSING_RULE: Final = (
    Points("uren_verhouding", 1, maximum=1),
    Points("reistijd_verhouding", 1, maximum=1),
    Points("reistijd_verhouding", 1, maximum=0.5),
    Points("omstandigheden_vermeden", 1, maximum=0),
    Points("eisen_tekort", 1, maximum=0),
    Points("eisen_tekort", -1, minimum=3),
)
"""Points that a stagebegeleider would give: hours, journey, conditions and demands."""
