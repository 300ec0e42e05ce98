"""Scores that are right if either model is: the effect on who got help, and on everybody.

References
----------
Chernozhukov et al. (2018), Double/debiased machine learning, The Econometrics Journal 21: the
interactive regression model; the same as AIPW (Robins, Rotnitzky and Zhao 1994).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from models.effect_nuisance import Bools, Ints, Nuisances, Vector

LEVEL = 0.95


@dataclass(frozen=True)
class Effect:
    """A difference in mean outcome with its interval of 95% and its standard error."""

    value: float
    low: float
    high: float
    error: float


def effect_on_treated(
    outcome: Vector, treated: Bools, nuisances: Nuisances, schools: Ints, persons: Ints
) -> Effect:
    """Return the effect on who got the help (ATT), by the doubly robust score.

    Parameters
    ----------
    outcome, treated : array of shape (n,)
        As `Cohort`.
    nuisances : Nuisances
        Predictions for the same rows.
    schools, persons : array of int of shape (n,)
        The interval allows for outcomes that go together within either.
    """
    rest = outcome - nuisances.zonder
    odds = nuisances.kans / (1 - nuisances.kans)
    share = treated.mean()
    score = np.where(treated, rest, -odds * rest) / share
    value = float(score.mean())
    return _effect(value, score - treated * value / share, schools, persons)


def effect_on_all(
    outcome: Vector, treated: Bools, nuisances: Nuisances, schools: Ints, persons: Ints
) -> Effect:
    """Return the effect if everybody got the help instead of nobody (ATE); as the one above."""
    own = np.where(treated, nuisances.met, nuisances.zonder)
    weight = np.where(treated, 1 / nuisances.kans, -1 / (1 - nuisances.kans))
    score = nuisances.met - nuisances.zonder + weight * (outcome - own)
    value = float(score.mean())
    return _effect(value, score - value, schools, persons)


def effective_number(groups: Ints) -> float:
    """Return how many groups of equal size would spread these rows as much.

    Examples
    --------
    >>> effective_number(np.array([1, 1, 2, 2]))
    2.0
    """
    sizes = np.unique(groups, return_counts=True)[1].astype(np.float64)
    return float(sizes.sum() ** 2 / (sizes**2).sum())


def _effect(value: float, influence: Vector, schools: Ints, persons: Ints) -> Effect:
    """Give an estimate its interval.

    The variance is the greater of that over schools and over jongeren, since few schools make the
    first too small (Angrist and Pischke 2009, section 8.2.3); quantiles are those of t with the
    effective number of schools, less one (Carter, Schnepel and Steigerwald 2017).
    """
    variance = max(_clustered(influence, schools), _clustered(influence, persons))
    error = float(np.sqrt(variance))
    freedom = max(effective_number(schools) - 1, 1.0)
    wide = error * float(stdtrit(freedom, (1 + LEVEL) / 2))
    return Effect(value, value - wide, value + wide, error)


def _clustered(influence: Vector, groups: Ints) -> float:
    _, numbers = np.unique(groups, return_inverse=True)
    sums = np.bincount(numbers, weights=influence)
    n = len(sums)
    return float(n / max(n - 1, 1) * (sums**2).sum()) / len(influence) ** 2
