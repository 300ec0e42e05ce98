"""What a school adds to a score, as far as its own numbers carry: partial pooling.

A school's offset is drawn to 0 the more, the fewer jongeren it has and the less schools differ. A
school that was never seen has 0, so a new school gets the score of the region.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

Vector = NDArray[np.float64]

ITERATIONS = 30


@dataclass(frozen=True)
class SchoolOffsets:
    """Offsets in log-odds per school, and how much schools differ (a standard deviation)."""

    offsets: Mapping[str, float]
    deviation: float

    @classmethod
    def fit(cls, margins: Vector, labels: Vector, schools: Sequence[str]) -> Self:
        """Estimate the offsets from log-odds on rows that the model did not see.

        Parameters
        ----------
        margins, labels : array of shape (n_rows,)
            Log-odds said, and what happened.
        schools : sequence of str
            School of each row.

        References
        ----------
        Breslow and Clayton (1993), Approximate inference in generalized linear mixed models:
        one level, with the variance by expectation and maximisation.
        """
        names, place = np.unique(np.asarray(schools, dtype=str), return_inverse=True)
        if len(names) < 2:
            return cls(dict.fromkeys(names.tolist(), 0.0), 0.0)
        offsets, variance = np.zeros(len(names)), 0.1
        for _ in range(ITERATIONS):
            chance = expit(margins + offsets[place])
            weight = np.bincount(place, weights=chance * (1 - chance)) + 1 / variance
            slope = np.bincount(place, weights=labels - chance) - offsets / variance
            offsets = offsets + np.clip(slope / weight, -1, 1)
            variance = max(float(np.mean(offsets**2 + 1 / weight)), 1e-6)
        return cls(dict(zip(names.tolist(), offsets.tolist(), strict=True)), float(variance**0.5))

    def of(self, schools: Sequence[str]) -> Vector:
        """Return the offset of each row's school; 0 where it was never seen."""
        return np.asarray([self.offsets.get(name, 0.0) for name in schools], dtype=np.float64)
