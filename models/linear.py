"""Regularised logistic regression on ramps and categories: the smooth member of the stack.

Each number becomes a few ramps between quantiles, so that the effect may bend; what is unknown has
a weight of its own; each category that occurs often enough has one too. A column of which the field
is sure gets ramps of that sign only. Contributions are exact: the score is a sum of columns.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, logit

from features.registry import Direction

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]

OUTER = 0.02
"""The first and last ramp begin and end at this quantile and its mirror; beyond, it is flat."""


@dataclass(frozen=True)
class LinearConfig:
    """Bends and penalty of the logistic member.

    `knots` bound the ramps of a number, `ridge` is the penalty on squared weights, a category
    seen fewer than `rarest` times counts as unknown.
    """

    knots: int = 6
    ridge: float = 3.0
    rarest: int = 10
    iterations: int = 150
    threads: int = 1


@dataclass(frozen=True)
class Term:
    """How one column enters: ramps between `points`, or one weight per code in `points`."""

    column: int
    points: tuple[float, ...]
    fill: float
    category: bool

    @classmethod
    def fit(cls, column: int, values: Vector, *, category: bool, config: LinearConfig) -> Self:
        """Choose the points of a column from its known values."""
        known = values[~np.isnan(values)]
        if category:
            codes, counts = np.unique(known, return_counts=True)
            return cls(column, tuple(codes[counts >= config.rarest].tolist()), 0.0, category)
        distinct = np.unique(known)
        if len(distinct) > config.knots:
            shares = np.linspace(OUTER, 1 - OUTER, config.knots)
            distinct = np.unique(np.quantile(known, shares))
        fill = float(known.mean()) if len(known) else 0.0
        return cls(column, tuple(distinct.tolist()), fill, category)

    def expand(self, values: Vector) -> Matrix:
        """Return the columns of the design: ramps or categories, then whether it is unknown."""
        unknown = np.isnan(values)
        if self.category:
            parts = [values == code for code in self.points]
            return np.column_stack([*parts, ~np.isin(values, self.points)]).astype(np.float64)
        filled = np.where(unknown, self.fill, values)
        bounds = zip(self.points[:-1], self.points[1:], strict=True)
        ramps = [np.clip((filled - low) / (high - low), 0, 1) for low, high in bounds]
        return np.column_stack([*ramps, unknown.astype(np.float64)])

    @property
    def width(self) -> int:
        """Number of columns that `expand` gives."""
        return len(self.points) + 1 if self.category else max(len(self.points), 1)


@dataclass(frozen=True)
class LinearModel:
    """Fitted terms, their weights, and the mean of the design, so that the base is an average."""

    terms: tuple[Term, ...]
    means: tuple[float, ...]
    weights: tuple[float, ...]
    intercept: float

    @classmethod
    def fit(
        cls,
        matrix: Matrix,
        labels: Vector,
        *,
        directions: Sequence[Direction],
        categories: Sequence[int] = (),
        config: LinearConfig,
    ) -> Self:
        """Fit by penalised log likelihood within the bounds of the sure directions.

        Parameters
        ----------
        matrix : array of shape (n_rows, n_columns)
            NaN where unknown; a category is a code.
        labels : array of shape (n_rows,)
            0 or 1.
        directions : sequence of {-1, 0, 1}
            Sign that a column may have; it is not used for a category.
        categories : sequence of int
            Places of the columns that hold codes.
        config : LinearConfig
            Bends and penalty.
        """
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # no types

        terms = tuple(
            Term.fit(column, matrix[:, column], category=column in categories, config=config)
            for column in range(matrix.shape[1])
        )
        bounds = [bound for term in terms for bound in _bounds(term, directions[term.column])]
        with threadpool_limits(config.threads):
            design = _design(terms, matrix)
            means = design.mean(axis=0)
            found = _minimise(design - means, labels, bounds, config)
        return cls(terms, tuple(means.tolist()), tuple(found[1:].tolist()), float(found[0]))

    def margins(self, matrix: Matrix) -> Vector:
        """Return log-odds of shape (n_rows,)."""
        return np.asarray(self.contributions(matrix).sum(axis=1))

    def contributions(self, matrix: Matrix) -> Matrix:
        """Return what each column adds to the log-odds; the last column is the base."""
        found = np.zeros((len(matrix), matrix.shape[1] + 1))
        found[:, -1] = self.intercept
        begin = 0
        weights, means = np.asarray(self.weights), np.asarray(self.means)
        for term in self.terms:
            part = slice(begin, begin + term.width)
            design = term.expand(matrix[:, term.column]) - means[part]
            found[:, term.column] = (design * weights[part]).sum(axis=1)
            begin += term.width
        return found

    def described(self) -> dict[str, Any]:
        """Return the model as plain data, ready for JSON."""
        return asdict(self)

    @classmethod
    def from_described(cls, described: dict[str, Any]) -> Self:
        """Return the model that `described` came from."""
        terms = tuple(
            Term(one["column"], tuple(one["points"]), one["fill"], one["category"])
            for one in described["terms"]
        )
        means, weights = tuple(described["means"]), tuple(described["weights"])
        return cls(terms, means, weights, described["intercept"])


def _design(terms: Sequence[Term], matrix: Matrix) -> Matrix:
    parts = [term.expand(matrix[:, term.column]) for term in terms]
    return np.concatenate(parts, axis=1) if parts else np.zeros((len(matrix), 0))


def _bounds(term: Term, direction: Direction) -> list[tuple[float | None, float | None]]:
    """Return the least and greatest weight of each column of a term's design."""
    if term.category or direction == 0:
        return [(None, None)] * term.width
    sure = (0.0, None) if direction > 0 else (None, 0.0)
    return [sure] * (term.width - 1) + [(None, None)]


def _minimise(
    design: Matrix,
    labels: Vector,
    bounds: list[tuple[float | None, float | None]],
    config: LinearConfig,
) -> Vector:
    """Return the intercept and the weights that lose least."""
    smoothed = (labels.sum() + 0.5) / (len(labels) + 1)

    def loss(line: Vector) -> tuple[float, Vector]:
        weights = line[1:]
        margins = line[0] + design @ weights
        wrong = expit(margins) - labels
        lost = np.logaddexp(0, margins).sum() - labels @ margins
        lost += 0.5 * config.ridge * (weights @ weights) + 0.5e-3 * line[0] ** 2
        slope = np.append(wrong.sum() + 1e-3 * line[0], design.T @ wrong + config.ridge * weights)
        return float(lost) / len(labels), slope / len(labels)

    start = np.append(logit(smoothed), np.zeros(design.shape[1]))
    found = minimize(
        loss,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[(None, None), *bounds],
        options={"maxiter": config.iterations, "ftol": 1e-9},
    )
    return np.asarray(found.x, dtype=np.float64)
