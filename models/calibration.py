"""From a model's log-odds to probabilities that come true: nothing, a shift, or Platt scaling.

Which of the three is decided by their log loss on rows that did not fit them: a line that does not
clearly help is not drawn.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

SLOPE_SPREAD = 0.5
"""Standard deviation of the prior on the slope around 1: few rows hardly move it."""
ITERATIONS = 50
FOLDS = 5
CLEARLY = 1.0
"""A calibration must gain so many standard errors of its own gain."""


@dataclass(frozen=True)
class Platt:
    """A straight line from raw to calibrated log-odds; the slope is never negative."""

    intercept: float
    slope: float

    @classmethod
    def fit(cls, margins: NDArray[np.float64], labels: NDArray[np.float64]) -> Self:
        """Fit on rows that are later than those the model was trained on.

        The labels are smoothed as Platt proposed and the slope is held near 1 by a prior, so
        that a small set, or one with a single class, gives a careful answer rather than none.
        Without rows nothing changes.

        Parameters
        ----------
        margins : array of shape (n_rows,)
            Raw log-odds of the model.
        labels : array of shape (n_rows,)
            0 or 1.

        References
        ----------
        Platt (1999), Probabilistic outputs for support vector machines.
        """
        if not len(labels):
            return cls(0.0, 1.0)
        positives = float(labels.sum())
        high = (positives + 1) / (positives + 2)
        low = 1 / (len(labels) - positives + 2)
        targets = np.where(labels > 0, high, low)
        line = np.array([0.0, 1.0])
        for _ in range(ITERATIONS):
            step = _newton_step(line, margins, targets)
            line = line - step
            if np.abs(step).max() < 1e-10:
                break
        return cls(float(line[0]), max(float(line[1]), 0.0))

    def logit(self, margins: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return calibrated log-odds."""
        return self.intercept + self.slope * margins


UNCHANGED = Platt(0.0, 1.0)


def shift(margins: NDArray[np.float64], labels: NDArray[np.float64]) -> Platt:
    """Return the intercept alone that makes the mean probability the (smoothed) rate."""
    if not len(labels):
        return UNCHANGED
    target = (labels.sum() + 1) / (len(labels) + 2)
    moved = 0.0
    for _ in range(ITERATIONS):
        chance = expit(margins + moved)
        step = (chance.mean() - target) / ((chance * (1 - chance)).mean() + 1e-9)
        moved -= float(np.clip(step, -2, 2))
        if abs(step) < 1e-10:
            break
    return Platt(moved, 1.0)


def choose_calibration(
    margins: NDArray[np.float64], labels: NDArray[np.float64], groups: NDArray[np.int64]
) -> Platt:
    """Return the calibration that clearly helps on rows it was not fitted on, or none.

    Parameters
    ----------
    margins, labels : array of shape (n_rows,)
        Raw log-odds on rows that the model did not see, and what happened.
    groups : array of int of shape (n_rows,)
        Rows of one group are kept together, in fitting and in the standard error.
    """
    if not len(labels):
        return UNCHANGED
    _, numbers = np.unique(groups, return_inverse=True)
    folds = np.random.default_rng(0).permutation(numbers.max() + 1)[numbers] % FOLDS
    raw = row_losses(margins, labels)
    best, gain = UNCHANGED, 0.0
    for fit in (shift, Platt.fit):
        lost = np.zeros(len(labels))
        for fold in range(FOLDS):
            out = folds == fold
            fitted = fit(margins[~out], labels[~out])
            lost[out] = row_losses(fitted.logit(margins[out]), labels[out])
        gains = np.bincount(numbers, weights=raw - lost)
        error = float(gains.std() * np.sqrt(len(gains)))
        if gains.sum() > max(CLEARLY * error, gain):
            best, gain = fit(margins, labels), float(gains.sum())
    return best


def row_losses(margins: NDArray[np.float64], labels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the log loss of each row, from log-odds."""
    return np.asarray(np.logaddexp(0, margins) - labels * margins)


def _newton_step(
    line: NDArray[np.float64], margins: NDArray[np.float64], targets: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return one Newton step of the penalised log likelihood, at most 2 in either direction."""
    prior = 1 / SLOPE_SPREAD**2
    chance = expit(line[0] + line[1] * margins)
    wrong = chance - targets
    weight = chance * (1 - chance)
    gradient = np.array([wrong.sum(), wrong @ margins + prior * (line[1] - 1)])
    cross = weight @ margins
    hessian = np.array([[weight.sum() + 1e-9, cross], [cross, weight @ margins**2 + prior]])
    return np.clip(np.linalg.solve(hessian, gradient), -2, 2)
