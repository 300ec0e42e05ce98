"""How far an estimate of an effect can be trusted: overlap, balance, what would explain it away."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]
Bools = NDArray[np.bool_]

MOST_DIFFERENT = 0.25
"""Standardised difference above which groups are too different to compare (Rubin 2001)."""
BY_CHANCE = 4.0
"""Standard errors that the greatest of some hundred differences may be by chance."""
SHOWN = 8
UNKNOWN = " (niet bekend)"
"""Ends the name of whether a feature was unknown."""


@dataclass(frozen=True)
class Balans:
    """Standardised mean difference of one feature, before and after weighting."""

    naam: str
    voor: float
    na: float


@dataclass(frozen=True)
class Overlap:
    """How well who got no help can stand for who did.

    Parameters
    ----------
    buiten : float
        Share of who got help that nobody without help resembles.
    ess : float
        Effective number of rows without help, after weighting (Kish 1965).
    voor, na : float
        Greatest standardised difference before and after weighting, as absolute values.
    grens : float
        What `na` may be.
    balans : tuple of Balans
        The features that differed most before.
    """

    buiten: float
    ess: float
    voor: float
    na: float
    grens: float
    balans: tuple[Balans, ...]


@dataclass(frozen=True)
class Placebo:
    """An estimate where there can be no effect, and whether one was found all the same."""

    value: float
    low: float
    high: float
    gezakt: bool


def overlap_of(
    matrix: Matrix, names: tuple[str, ...], treated: Bools, kans: Vector, outside: float
) -> Overlap:
    """Compare who got help with who did not, weighed to be like them (odds of the propensity).

    Parameters
    ----------
    matrix : array of shape (n, k)
        NaN counts as the mean; that it was unknown is compared as well.
    names : tuple of str
        Of the columns.
    treated : array of bool of shape (n,)
        Who got help; both occur.
    kans : array of shape (n,)
        Chance of it, below 1.
    outside : float
        Share of who got help that was left out before.
    """
    told = np.column_stack([matrix, np.isnan(matrix)])
    labels = (*names, *(f"{name}{UNKNOWN}" for name in names))
    weights = kans[~treated] / (1 - kans[~treated])
    before, after = (standardised(told, treated, one) for one in (np.ones(len(weights)), weights))
    ess = float(weights.sum() ** 2 / (weights**2).sum())
    chance = float(np.sqrt(1 / treated.sum() + 1 / ess))
    most = np.argsort(-np.abs(before), kind="stable")[:SHOWN]
    return Overlap(
        outside,
        ess,
        float(np.abs(before).max(initial=0.0)),
        float(np.abs(after).max(initial=0.0)),
        max(MOST_DIFFERENT, BY_CHANCE * chance),
        tuple(Balans(labels[at], float(before[at]), float(after[at])) for at in most),
    )


def standardised(matrix: Matrix, treated: Bools, weights: Vector) -> Vector:
    """Return the difference in means per column, in the pooled standard deviation before weighting.

    Examples
    --------
    >>> rows = np.array([[1.0], [3.0], [0.0], [2.0]])
    >>> standardised(rows, np.array([True, True, False, False]), np.ones(2)).tolist()
    [1.0]
    """
    counts = (~np.isnan(matrix)).sum(axis=0)
    means = np.nansum(matrix, axis=0) / np.maximum(counts, 1)
    filled = np.where(np.isnan(matrix), means, matrix)
    helped, others = filled[treated], filled[~treated]
    spread = np.sqrt((helped.var(axis=0) + others.var(axis=0)) / 2)
    gap = helped.mean(axis=0) - np.average(others, axis=0, weights=weights)
    return np.asarray(np.divide(gap, spread, out=np.zeros_like(gap), where=spread > 0))


def e_value(met: float, effect: float) -> float:
    """Return how strongly an unknown cause must go with help and outcome to give this effect.

    Parameters
    ----------
    met : float
        Share with the outcome among who got help, in [0, 1].
    effect : float
        Difference with what it would have been.

    Returns
    -------
    float
        Risk ratio, at least 1; 1 when there is no effect to explain.

    References
    ----------
    VanderWeele and Ding (2017), Sensitivity analysis in observational research: introducing the
    E-value, Annals of Internal Medicine 167.

    Examples
    --------
    >>> round(e_value(0.40, 0.20), 2)
    3.41
    """
    without = min(max(met - effect, 1e-6), 1.0)
    ratio = max(met, 1e-6) / without
    ratio = max(ratio, 1 / ratio)
    return float(ratio + np.sqrt(ratio * (ratio - 1)))
