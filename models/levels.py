"""The level of each kind of row: what members that are held back leave for a small group.

Trees and weights that are held back, so that they do not learn chance, draw a group that is small
and unlike the others to the mean of all. So each kind of row gets a level of its own, in log-odds,
learned from rows that the members did not see and drawn to nought where there are few: a random
intercept. It stands on a registered column, so that it is part of the reason of that column.

References
----------
Gelman, Hill (2007), Data analysis using regression and multilevel/hierarchical models, chapter 12:
partial pooling.
Liang, Zeger (1986), Longitudinal data analysis using generalized linear models, Biometrika 73: rows
of one person count for less than as many persons.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression
from scipy.special import expit

from features.registry import Direction
from models.booster import Examples, Matrix, Vector

USUAL: Final = 0.1
"""Variance by which kinds of rows usually differ from what the members say, in log-odds squared;
measured on made-up regions (`experiments/region_levels.py`)."""
ITERATIONS: Final = 50
FREE: Final = 1e-9

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Kind:
    """Rows of one kind: those where a registered column is at least this."""

    column: str
    least: float


@dataclass(frozen=True)
class Level:
    """How far the log-odds of a kind of row are moved."""

    column: str
    least: float
    moved: float


@dataclass(frozen=True)
class Levels:
    """The level of every kind; a row takes that of the first kind that it is of, or none."""

    each: tuple[Level, ...] = ()

    @classmethod
    def fit(
        cls,
        kinds: Sequence[Kind],
        columns: Sequence[str],
        directions: Sequence[Direction],
        rows: Examples,
        margins: Vector,
    ) -> Self:
        """Learn the levels from rows that the members did not see.

        Parameters
        ----------
        kinds : sequence of Kind
            The first that a row is of counts, so of one column the highest comes first. One of a
            column that is not there is left out.
        columns : sequence of str
            Names of the columns of the matrix.
        directions : sequence of {-1, 0, 1}
            Per column: levels on a column with a sure direction follow it.
        rows : Examples
            Features, outcomes, and whose rows they are.
        margins : array of shape (n_rows,)
            What the members say of them, in log-odds.
        """
        here = [one for one in kinds if one.column in columns]
        if not here or not len(rows.labels):
            return cls()
        of_row = _of_row([(columns.index(one.column), one.least) for one in here], rows.matrix)
        numbers = np.arange(len(margins)) if rows.groups is None else rows.groups
        found = np.zeros((len(here), 2))
        for place in range(len(here)):
            own = of_row == place
            found[place] = _moved(margins[own], rows.labels[own], numbers[own])
        for column in {one.column for one in here}:
            sure = directions[columns.index(column)]
            places = sorted(
                (place for place, one in enumerate(here) if one.column == column),
                key=lambda place: here[place].least,
            )
            if sure:
                found[places, 0] = _in_order(found[places, 0], found[places, 1], sure)
        moved = found[:, 0].tolist()
        return cls(
            tuple(Level(one.column, one.least, by) for one, by in zip(here, moved, strict=True))
        )

    def contributions(self, columns: Sequence[str], matrix: Matrix) -> Matrix:
        """Return what each column adds to the log-odds, of shape (n_rows, n_columns)."""
        found = np.zeros((len(matrix), len(columns)))
        places = [columns.index(one.column) for one in self.each]
        pairs = [(place, one.least) for place, one in zip(places, self.each, strict=True)]
        of_row = _of_row(pairs, matrix)
        for number, (place, one) in enumerate(zip(places, self.each, strict=True)):
            found[of_row == number, place] = one.moved
        return found

    def margins(self, columns: Sequence[str], matrix: Matrix) -> Vector:
        """Return how far the log-odds of each row are moved, of shape (n_rows,)."""
        places = [(columns.index(one.column), one.least) for one in self.each]
        moved = np.array([*(one.moved for one in self.each), 0.0])
        return moved[_of_row(places, matrix)]

    def described(self) -> list[dict[str, Any]]:
        """Return plain data, ready for JSON."""
        return [asdict(one) for one in self.each]

    @classmethod
    def from_described(cls, described: Sequence[dict[str, Any]]) -> Self:
        """Return the levels that `described` came from."""
        return cls(tuple(Level(**one) for one in described))


NO_LEVELS: Final = Levels()


def _of_row(kinds: Sequence[tuple[int, float]], matrix: Matrix) -> NDArray[np.int64]:
    """Return the number of the kind of each row; -1 where it is of none."""
    found = np.full(len(matrix), -1, dtype=np.int64)
    for number, (place, least) in enumerate(kinds):
        found[(found < 0) & (matrix[:, place] >= least)] = number
    return found


def _moved(margins: Vector, labels: Vector, groups: NDArray[np.int64]) -> tuple[float, float]:
    """Return how far rows of one kind are to be moved, and how much is known of it.

    The most likely move beside a normal prior around nought. What the rows tell is divided by how
    much rows of one jongere go together.
    """
    moved, weight = 0.0, 0.0
    if not len(labels):
        return moved, weight
    _, who = np.unique(groups, return_inverse=True)
    for _ in range(ITERATIONS):
        chance = expit(margins + moved)
        wrong = labels - chance
        free = float((chance * (1 - chance)).sum()) + FREE
        together = float((np.bincount(who, weights=wrong) ** 2).sum()) + FREE
        told = min(free / together, 1.0)
        weight = free * told + 1 / USUAL
        step = float(np.clip((wrong.sum() * told - moved / USUAL) / weight, -1, 1))
        moved += step
        if abs(step) < 1e-10:
            break
    return moved, weight


def _in_order(moved: Vector, weights: Vector, direction: Direction) -> Vector:
    """Return the nearest levels that never go against the direction of their column."""
    return np.asarray(isotonic_regression(moved, weights=weights, increasing=direction > 0).x)
