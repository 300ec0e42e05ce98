"""How sure a probability is: out of a hundred jongeren with this score, how many it will be.

An interval covers the *count among a hundred jongeren with that score*, not one person's own
unknowable chance: it holds what chance alone does to a hundred, and how far the rate of such
hundreds strayed from what was said on rows that the model did not see.
"""

from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy.stats import betabinom, binom

Vector = NDArray[np.float64]

HUNDRED = 100
LEVEL = 0.9
FEWEST_BLOCKS = 5
ROUNDED = 1000


class Bounds(NamedTuple):
    """Least and greatest share, each of shape (n_rows,), in hundredths."""

    low: Vector
    high: Vector


@dataclass(frozen=True)
class Spread:
    """How far hundreds strayed beyond chance: a variance on the log-odds scale."""

    variance: float

    @classmethod
    def fit(cls, scores: Vector, labels: Vector, *, size: int = HUNDRED) -> Self:
        """Estimate the variance from blocks of rows with neighbouring scores, by moments.

        Parameters
        ----------
        scores, labels : array of shape (n_rows,)
            Calibrated probabilities of rows the model did not see, and what happened. Fewer than
            five blocks say nothing: then chance alone is reckoned with.
        size : int
            Rows in a block.
        """
        n_blocks = len(scores) // size
        if n_blocks < FEWEST_BLOCKS:
            return cls(0.0)
        order = np.argsort(scores, kind="stable")
        blocks = np.array_split(order, n_blocks)
        beyond = free = 0.0
        for block in blocks:
            said = scores[block]
            chance = float((said * (1 - said)).sum())
            beyond += (labels[block].sum() - said.sum()) ** 2 - chance
            free += chance**2
        return cls(max(float(beyond / free), 0.0) if free else 0.0)

    def bounds(self, scores: Vector, *, level: float = LEVEL) -> Bounds:
        """Return between which shares of a hundred the outcome lies with this probability."""
        if not len(scores):
            return Bounds(np.zeros(0), np.zeros(0))
        rounded = np.clip(np.rint(scores * ROUNDED), 1, ROUNDED - 1)
        distinct, place = np.unique(rounded, return_inverse=True)
        counts = np.arange(HUNDRED + 1)[:, None]
        each = self._pmf(counts, distinct / ROUNDED)
        below = np.cumsum(each, axis=0) - each / 2
        tail = (1 - level) / 2
        low = np.argmax(below >= tail, axis=0)
        high = HUNDRED - np.argmax((below <= 1 - tail)[::-1], axis=0)
        said = 100 * np.asarray(scores)
        return Bounds(
            np.minimum(low[place], np.floor(said)) / HUNDRED,
            np.maximum(high[place], np.ceil(said)) / HUNDRED,
        )

    def _pmf(self, counts: NDArray[np.int64], chance: Vector) -> NDArray[np.float64]:
        """Return the chance of each count among a hundred, of shape (101, n_chances)."""
        varied = chance * (1 - chance) * self.variance
        if not np.all(varied > 1e-9):
            return np.asarray(binom.pmf(counts, HUNDRED, chance))
        strength = np.maximum(1 / varied - 1, 0.5)
        return np.asarray(
            betabinom.pmf(counts, HUNDRED, chance * strength, (1 - chance) * strength)
        )


def coverage(labels: Vector, scores: Vector, bounds: Bounds, *, size: int = HUNDRED) -> float:
    """Return the share of blocks of neighbouring scores of which the rate lies within its bounds.

    The bounds of a block are the means of those of its rows. NaN with less than one block.
    """
    n_blocks = len(scores) // size
    if not n_blocks:
        return float("nan")
    held = []
    for block in np.array_split(np.argsort(scores, kind="stable"), n_blocks):
        rate = labels[block].mean()
        held.append(bounds.low[block].mean() <= rate <= bounds.high[block].mean())
    return float(np.mean(held))
