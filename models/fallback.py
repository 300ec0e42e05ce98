"""What stands in for a model where data are few: points for plain facts, with wide bounds.

A rule of points (`models.baselines`) is turned into a chance by two numbers: how likely the outcome
is for who has the average number of points, and what a point adds. Both are held near a prior as
strongly as few data ask, and how unsure they are is in the bounds. It has the face of a `Stack`, so
that whoever scores, explains and stores need not know which of the two stands there.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from models.baselines import Points
from models.interval import Bounds, Spread

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]

RULE_FILE: Final = "rule.json"
NEEDED_JONGEREN: Final = 25
"""With fewer jongeren of either outcome the rule stands, because trees are not better yet."""
PRIOR_RATE: Final = {"uitvalrisico": 0.05}
"""Rate to begin with: of mbo students 4.6 to 6.4% a year leave early (national figures, 2016-17 to
2021-22). Of what is not named here nobody knows: a half."""
RATE_SPREAD = 1.0
PER_POINT, PER_POINT_SPREAD = 0.4, 0.2
"""Log-odds that a point adds beforehand, and how unsure that is."""
STRAY = 0.2
"""Variance on the log-odds scale of hundreds around the rule, which knows few facts of anyone."""
ITERATIONS = 50


@dataclass(frozen=True)
class RuleScore:
    """A rule of points with the face of a `Stack`.

    Parameters
    ----------
    columns : tuple of str
        Columns that give points, in order.
    rules : tuple of Points
        What gives points.
    centre : float
        Number of points at which `intercept` holds.
    intercept, slope : float
        Log-odds there, and what a point adds; the slope is never negative.
    unsure : tuple of float
        Variance of the intercept, covariance, variance of the slope.
    """

    columns: tuple[str, ...]
    rules: tuple[Points, ...]
    centre: float
    intercept: float
    slope: float
    unsure: tuple[float, float, float]

    @classmethod
    def fit(
        cls,
        columns: Sequence[str],
        rules: Sequence[Points],
        matrix: Matrix,
        labels: Vector,
        weights: Vector,
        *,
        rate: float,
    ) -> Self:
        """Fit both numbers by their most likely values, and keep how unsure they are.

        Parameters
        ----------
        columns : sequence of str
            Names of the columns of the matrix; each gives points in one rule at least.
        rules : sequence of Points
            What gives points.
        matrix : array of shape (n_rows, n_columns)
            NaN where unknown; without rows the prior stands.
        labels, weights : array of shape (n_rows,)
            What happened, and for how much a row counts.
        rate : float
            Rate to begin with.

        References
        ----------
        Gelman et al. (2008), A weakly informative default prior distribution for logistic and
        other regression models, Annals of Applied Statistics 2; the bounds are Laplace's.
        """
        points = sum(_points(columns, rules, matrix).T, np.zeros(len(matrix)))
        centre = float(np.average(points, weights=weights)) if len(points) else 0.0
        design = np.column_stack([np.ones(len(points)), points - centre])
        mean = np.array([logit(rate), PER_POINT])
        prior = np.diag([RATE_SPREAD**-2, PER_POINT_SPREAD**-2])
        line, precision = mean.copy(), prior
        for _ in range(ITERATIONS):
            chance = expit(design @ line)
            slope = design.T @ (weights * (chance - labels)) + prior @ (line - mean)
            precision = (design.T * (weights * chance * (1 - chance))) @ design + prior
            step = np.clip(np.linalg.solve(precision, slope), -2, 2)
            line = line - step
            if np.abs(step).max() < 1e-10:
                break
        spread = np.linalg.inv(precision)
        return cls(
            tuple(columns),
            tuple(rules),
            centre,
            float(line[0]),
            max(float(line[1]), 0.0),
            (float(spread[0, 0]), float(spread[0, 1]), float(spread[1, 1])),
        )

    def predict(self, matrix: Matrix) -> Vector:
        """Return probabilities of shape (n_rows,)."""
        return np.asarray(expit(self.contributions(matrix).sum(axis=1)))

    def contributions(self, matrix: Matrix) -> Matrix:
        """Return what the points of each column add to the log-odds; the last column is the base.

        Exact: a row sums to the log-odds of `predict`.
        """
        base = np.full((len(matrix), 1), self.intercept - self.slope * self.centre)
        return np.hstack([self.slope * _points(self.columns, self.rules, matrix), base])

    def bounds(self, matrix: Matrix) -> Bounds:
        """Return between which shares of a hundred jongeren with each score it will be (90%)."""
        points = _points(self.columns, self.rules, matrix).sum(axis=1)
        scores = self.predict(matrix)
        low, high = np.zeros(len(scores)), np.ones(len(scores))
        for total in np.unique(points):
            rows = points == total
            away = total - self.centre
            rate, both, each = self.unsure
            variance = rate + 2 * away * both + away**2 * each + STRAY
            found = Spread(variance).bounds(scores[rows][:1])
            low[rows], high[rows] = found.low[0], found.high[0]
        return Bounds(low, high)

    def save(self, folder: Path) -> None:
        """Write the rule as JSON into an existing folder."""
        described = asdict(self)
        for one in described["rules"]:  # JSON knows no infinity
            for side in ("minimum", "maximum"):
                one[side] = one[side] if np.isfinite(one[side]) else None
        (folder / RULE_FILE).write_text(json.dumps(described, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read back what `save` wrote."""
        described = json.loads((folder / RULE_FILE).read_text(encoding="utf-8"))
        rules = [
            {key: value for key, value in one.items() if value is not None}
            for one in described["rules"]
        ]
        return cls(
            tuple(described["columns"]),
            tuple(Points(**one) for one in rules),
            described["centre"],
            described["intercept"],
            described["slope"],
            (described["unsure"][0], described["unsure"][1], described["unsure"][2]),
        )


def _points(columns: Sequence[str], rules: Sequence[Points], matrix: Matrix) -> Matrix:
    """Return the points that each column gives; what is unknown gives none."""
    found = np.zeros(matrix.shape)
    for rule in rules:
        place = list(columns).index(rule.column)
        values = matrix[:, place]
        found[:, place] += rule.points * ((values >= rule.minimum) & (values <= rule.maximum))
    return found
