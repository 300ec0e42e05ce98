"""Weighs members in log-odds on rows that they did not see."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import LinearConstraint, minimize
from scipy.special import expit

from models.calibration import row_losses

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]

LEAST_WEIGHT = 0.02
"""A member with less weight is left out."""


def blend(margins: Matrix, labels: Vector, parts: NDArray[np.int64]) -> Vector:
    """Return the weight of each member: at least 0, together 1.

    The stack is taken only if, with weights from the other parts, it loses less than the best
    member alone.

    Parameters
    ----------
    margins : array of shape (n_rows, n_members)
        Log-odds of each member on rows that it did not see.
    labels : array of shape (n_rows,)
        0 or 1.
    parts : array of int of shape (n_rows,)
        Number of the part of each row.
    """
    n_members = margins.shape[1]
    if n_members == 1 or not len(labels):
        return np.asarray(np.eye(n_members)[0])
    alone = [row_losses(margins[:, place], labels).mean() for place in range(n_members)]
    best: Vector = np.eye(n_members)[int(np.argmin(alone))]
    lost = np.zeros(len(labels))
    for part in np.unique(parts):
        out = parts == part
        weights = _convex(margins[~out], labels[~out]) if not out.all() else best
        lost[out] = row_losses(margins[out] @ weights, labels[out])
    return _convex(margins, labels) if lost.mean() < min(alone) else best


def _convex(margins: Matrix, labels: Vector) -> Vector:
    n_members = margins.shape[1]

    def loss(weights: Vector) -> tuple[float, Vector]:
        mixed = margins @ weights
        slope = margins.T @ (expit(mixed) - labels) / len(labels)
        return float(row_losses(mixed, labels).mean()), slope

    found = minimize(
        loss,
        np.full(n_members, 1 / n_members),
        jac=True,
        method="SLSQP",
        options={"ftol": 1e-9},
        bounds=[(0, 1)] * n_members,
        constraints=LinearConstraint(np.ones((1, n_members)), 1.0, 1.0),
    )
    weights = np.where(found.x < LEAST_WEIGHT, 0.0, found.x)
    return np.asarray(weights / weights.sum())
