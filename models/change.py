"""What changed in a score between two peildata of one jongere: the exact difference of its reasons.

The same model scores both profiles, so its base falls away and the difference in log-odds is the
sum of the differences in contribution. Nothing is refitted and nothing is left over.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import expit

from features.registry import Feature
from models.explanation import group_members
from models.registered import RegisteredModel

NEARLY_EQUAL = 1e-6
"""Log-odds that differ less have one slope: that of the probability at the later of the two."""


@dataclass(frozen=True)
class Verandering:
    """One group of features of which the weight changed.

    `feature` names it: of those in the group whose value changed, the one that did most in the
    direction of the sum; of all of them when no value changed. `eerder` and `nu` are its values,
    None when unknown. `bijdrage` is signed, in points of a hundred: +4.2 says that the chance is
    4.2 of the 100 higher than it was, by this.
    """

    groep: str
    feature: str
    eerder: float | None
    nu: float | None
    bijdrage: float


@dataclass(frozen=True)
class Moment:
    """A profile on one peildatum, and what each of its features did to the score.

    Parameters
    ----------
    values : array of shape (n_features,)
        NaN where unknown.
    contributions : array of shape (n_features + 1,)
        In log-odds; the last is the base.
    """

    values: NDArray[np.float64]
    contributions: NDArray[np.float64]

    @property
    def log_odds(self) -> float:
        """Log-odds of the score."""
        return float(self.contributions.sum())


def between_profiles(
    model: RegisteredModel, before: pl.DataFrame, after: pl.DataFrame
) -> list[tuple[Verandering, ...]]:
    """Return what moved the score of each jongere from one profile to the other.

    Parameters
    ----------
    model : RegisteredModel
        The model that scores both.
    before, after : DataFrame of shape (n_rows, n_columns)
        Registered features of two peildata; a row of both is the same jongere.
    """
    registered = {feature.name: feature for feature in model.features}
    used = [registered[column] for column in model.stack.columns]
    pairs = zip(_moments(model, before), _moments(model, after), strict=True)
    return [veranderingen(then, now, used) for then, now in pairs]


def log_odds_changes(
    before: Moment, after: Moment, features: Sequence[Feature]
) -> dict[str, float]:
    """Return how far each group moved the log-odds; together the difference of both scores.

    Parameters
    ----------
    before, after : Moment
        The same model's view of two peildata.
    features : sequence of Feature
        In the order of the values. A feature without group is a group of its own.
    """
    moved = (after.contributions - before.contributions)[:-1]
    return {_name(features, group): float(moved[group].sum()) for group in group_members(features)}


def veranderingen(
    before: Moment, after: Moment, features: Sequence[Feature]
) -> tuple[Verandering, ...]:
    """Return what moved a probability between two peildata, the weightiest first.

    A change in log-odds is told in points by the mean slope of the probability between both
    scores, so that the points of all groups sum to the difference of the two probabilities.

    Parameters
    ----------
    before, after : Moment
        The same model's view of two peildata: with the same base.
    features : sequence of Feature
        In the order of the values. A feature without group is a group of its own.

    Returns
    -------
    tuple of Verandering
        Every group of which the log-odds moved.
    """
    slope = 100 * _slope(before.log_odds, after.log_odds)
    sums = log_odds_changes(before, after, features)
    told = [
        _told(before, after, features, group, slope * sums[_name(features, group)])
        for group in group_members(features)
        if sums[_name(features, group)] != 0
    ]
    return tuple(sorted(told, key=lambda one: -abs(one.bijdrage)))


def _moments(model: RegisteredModel, profiles: pl.DataFrame) -> list[Moment]:
    columns = pl.col(list(model.stack.columns)).cast(pl.Float64).fill_null(float("nan"))
    values = profiles.select(columns).to_numpy()
    return [Moment(*both) for both in zip(values, model.contributions(profiles), strict=True)]


def _slope(before: float, after: float) -> float:
    """Return how fast the probability rises with the log-odds, on average between both."""
    if abs(after - before) < NEARLY_EQUAL:
        return float(expit(after) * expit(-after))
    return float((expit(after) - expit(before)) / (after - before))


def _told(
    before: Moment, after: Moment, features: Sequence[Feature], group: list[int], points: float
) -> Verandering:
    moved = (after.contributions - before.contributions) * np.sign(points)
    changed = [
        place
        for place in group
        if not np.array_equal(before.values[place], after.values[place], equal_nan=True)
    ]
    place = max(changed or group, key=lambda one: float(moved[one]))
    return Verandering(
        groep=_name(features, group),
        feature=features[place].name,
        eerder=_known(before.values[place]),
        nu=_known(after.values[place]),
        bijdrage=points,
    )


def _name(features: Sequence[Feature], group: list[int]) -> str:
    first = features[group[0]]
    return first.group or first.name


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
