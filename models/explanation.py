"""Contributions of a score as data: what raised it, what lowered it, and by how much."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from features.registry import Feature

SMALLEST = 0.5
"""A reason that moves the chance by less than this many of the hundred is not told."""


@dataclass(frozen=True)
class Reden:
    """One reason: a registered feature, its value, and what it did to the probability.

    `waarde` is None when the value is unknown. `bijdrage` is signed, in points of a hundred:
    +4.2 says that without this the chance would have been 4.2 of the 100 lower.
    """

    feature: str
    waarde: float | None
    bijdrage: float


Redenen = tuple[tuple[Reden, ...], tuple[Reden, ...]]
"""Reasons that raise a score and reasons that lower it, the weightiest first."""


def redenen(
    contributions: NDArray[np.float64],
    values: NDArray[np.float64],
    features: Sequence[Feature],
    *,
    top: int = 3,
    smallest: float = SMALLEST,
) -> list[Redenen]:
    """Turn contributions in log-odds into the few reasons that a person can read.

    Features of one group are one reason: their contributions are added, and the feature that
    did most in the direction of the sum names it. Nothing is lost: the groups of a row and the
    base sum to the log-odds of its score.

    Parameters
    ----------
    contributions : array of shape (n_rows, n_features + 1)
        In log-odds; the last column is the base.
    values : array of shape (n_rows, n_features)
        NaN where unknown.
    features : sequence of Feature
        In the order of the columns. A feature without group is a group of its own.
    top : int
        At most so many reasons each way.
    smallest : float
        A reason that moves the chance by less than so many of the hundred is not told.

    Returns
    -------
    list of (raising, lowering)
        One entry per row.
    """
    totals = contributions.sum(axis=1)
    members = group_members(features)
    begins = np.cumsum([0, *(len(group) for group in members[:-1])])
    beside = [place for group in members for place in group]
    sums = np.add.reduceat(contributions[:, beside], begins, axis=1)
    points = 100 * (expit(totals)[:, None] - expit(totals[:, None] - sums))
    # plain numbers: taking them out of an array one by one costs several times more
    told: list[Redenen] = []
    for moved, parts, known in zip(
        points.tolist(), contributions.tolist(), values.tolist(), strict=True
    ):
        found = [
            (point, group)
            for point, group in zip(moved, members, strict=True)
            if abs(point) >= smallest
        ]
        found.sort(key=_weight)
        raising = [one for one in found if one[0] > 0][:top]
        lowering = [one for one in found if one[0] < 0][:top]
        told.append(
            (
                tuple(_reason(features, group, parts, known, point) for point, group in raising),
                tuple(_reason(features, group, parts, known, point) for point, group in lowering),
            )
        )
    return told


def _weight(found: tuple[float, list[int]]) -> float:
    return -abs(found[0])


def group_members(features: Sequence[Feature]) -> list[list[int]]:
    """Return the column numbers of each group, in order of first appearance."""
    groups: dict[str, list[int]] = {}
    for place, feature in enumerate(features):
        groups.setdefault(feature.group or feature.name, []).append(place)
    return list(groups.values())


def _reason(
    features: Sequence[Feature],
    group: list[int],
    contributions: Sequence[float],
    values: Sequence[float],
    points: float,
) -> Reden:
    sign = 1.0 if points > 0 else -1.0
    name = group[0]
    if len(group) > 1:
        name = max(group, key=lambda place: contributions[place] * sign)
    value = values[name]
    return Reden(features[name].name, None if isnan(value) else value, points)
