"""How sure a probability is: out of a hundred jongeren with this score, how many it will be.

An interval covers the *count among a hundred jongeren with that score*, not one person's own
unknowable chance: it holds what chance alone does to a hundred, and how far the rate of such
hundreds strayed from what was said on rows that the model did not see.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, xlog1py, xlogy

Vector = NDArray[np.float64]

HUNDRED = 100
LEVEL = 0.9
FEWEST_BLOCKS = 5
ROUNDED = 1000
USUAL = 0.06
"""Variance on the log-odds scale by which hundreds of later time usually stray: with it intervals
of 90% held 90% of the hundreds on average over eight made-up regions that chose it. A part makes
up for whole numbers: where few of a hundred leave, chance alone fell outside in 15% of the time."""
RATE_OF_FEW = 2.0
"""Variance that one jongere with the outcome leaves; so many of them leave a share of it."""
USUAL_WEIGHT = 4000.0
"""How much what is usual counts, in rows times what chance leaves free of each. Three backtests of
6,000 jongeren tell about 1,200, and said little of the next year: regions hardly differ in it."""
LEAST = 0.01


class Bounds(NamedTuple):
    """Least and greatest share, each of shape (n_rows,), in hundredths."""

    low: Vector
    high: Vector


@dataclass(frozen=True)
class Strays:
    """What blocks of rows showed: squared distance beyond chance, and what chance leaves free.

    The distance is in units of chance, so that a block with few outcomes counts as one with many,
    as it does in how often intervals hold. Their ratio estimates a variance on the log-odds scale;
    both may be added up over tests.
    """

    beyond: float = 0.0
    free: float = 0.0

    def __add__(self, other: Self) -> Self:
        """Return what both showed together."""
        return type(self)(self.beyond + other.beyond, self.free + other.free)


NOTHING_SEEN = Strays()


def strays(
    scores: Vector, labels: Vector, lists: NDArray[np.int64] | None = None, *, size: int = HUNDRED
) -> Strays:
    """Return how far blocks of rows with neighbouring scores strayed from what was said.

    Parameters
    ----------
    scores, labels : array of shape (n_rows,)
        Probabilities of rows the model did not see, and what happened.
    lists : array of int, optional
        Number of the list (peildatum) of each row: a block lies within one, so that it holds a
        hundred different jongeren. Rows of one jongere in one block would stray together.
    size : int
        Rows in a block.
    """
    beyond = free = 0.0
    for block in blocks(scores, lists, size=size):
        said = scores[block]
        chance = float((said * (1 - said)).sum())
        beyond += (labels[block].sum() - said.sum()) ** 2 / chance - 1
        free += chance
    return Strays(float(beyond), free)


def blocks(
    scores: Vector, lists: NDArray[np.int64] | None = None, *, size: int = HUNDRED
) -> list[NDArray[np.int64]]:
    """Return rows in blocks of about this size with neighbouring scores, each within one list."""
    if lists is None:
        lists = np.zeros(len(scores), dtype=np.int64)
    found: list[NDArray[np.int64]] = []
    for number in np.unique(lists):
        rows = np.flatnonzero(lists == number)
        n_blocks = len(rows) // size
        if n_blocks:
            order = rows[np.argsort(scores[rows], kind="stable")]
            found.extend(np.array_split(order, n_blocks))
    return found


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
        if len(scores) // size < FEWEST_BLOCKS:
            return cls(0.0)
        beyond = free = 0.0
        for block in blocks(scores, size=size):
            said = scores[block]
            chance = float((said * (1 - said)).sum())
            beyond += (labels[block].sum() - said.sum()) ** 2 - chance
            free += chance**2
        return cls(max(float(beyond / free), 0.0) if free else 0.0)

    @classmethod
    def pooled(cls, seen: Strays, n_positief: int) -> Self:
        """Estimate the variance of later time from tests, drawn to what is usual.

        Parameters
        ----------
        seen : Strays
            Of tests on later time, each on what was known before it; nothing where there were
            none.
        n_positief : int
            Number of jongeren with the outcome that the model learned from: with few of them it
            knows their rate less well.

        References
        ----------
        Morris (1983), Parametric empirical Bayes inference, JASA 78: an estimate weighed with
        what is usual by how much each tells.
        """
        usual = USUAL + RATE_OF_FEW / max(n_positief, 1)
        found = (USUAL_WEIGHT * usual + seen.beyond) / (USUAL_WEIGHT + seen.free)
        return cls(max(found, LEAST))

    def bounds(self, scores: Vector, *, level: float = LEVEL) -> Bounds:
        """Return between which shares of a hundred the outcome lies with this probability."""
        if not len(scores):
            return Bounds(np.zeros(0), np.zeros(0))
        rounded = np.clip(np.rint(scores * ROUNDED), 1, ROUNDED - 1).astype(np.int64)
        low, high = _counts(self.variance, level)
        said = 100 * np.asarray(scores)
        return Bounds(
            np.minimum(low[rounded], np.floor(said)) / HUNDRED,
            np.maximum(high[rounded], np.ceil(said)) / HUNDRED,
        )


@lru_cache(maxsize=64)
def _counts(variance: float, level: float) -> tuple[Vector, Vector]:
    """Return the least and the greatest count for each probability in thousandths."""
    each = _pmf(np.arange(HUNDRED + 1)[:, None], np.arange(1, ROUNDED) / ROUNDED, variance)
    below = np.cumsum(each, axis=0) - each / 2
    tail = (1 - level) / 2
    low = np.argmax(below >= tail, axis=0)
    high = HUNDRED - np.argmax((below <= 1 - tail)[::-1], axis=0)
    # nothing is said with a probability of 0 or 1: the ends stand for their neighbours
    return np.concatenate([low[:1], low]), np.concatenate([high[:1], high])


def _pmf(counts: NDArray[np.int64], chance: Vector, variance: float) -> NDArray[np.float64]:
    """Return the chance of each count among a hundred, of shape (101, n_chances).

    Binomial, or beta-binomial where rates vary; of `scipy.stats`, whose import takes longer than
    all else that a process needs before it serves, only the formula is used.
    """
    ways = -np.log(HUNDRED + 1.0) - betaln(HUNDRED - counts + 1, counts + 1)
    varied = chance * (1 - chance) * variance
    if not np.all(varied > 1e-9):
        return np.asarray(np.exp(ways + xlogy(counts, chance) + xlog1py(HUNDRED - counts, -chance)))
    strength = np.maximum(1 / varied - 1, 0.5)
    yes, no = chance * strength, (1 - chance) * strength
    return np.asarray(np.exp(ways + betaln(counts + yes, HUNDRED - counts + no) - betaln(yes, no)))


def coverage(
    labels: Vector,
    scores: Vector,
    bounds: Bounds,
    lists: NDArray[np.int64] | None = None,
    *,
    size: int = HUNDRED,
) -> float:
    """Return the share of blocks of neighbouring scores of which the rate lies within its bounds.

    The bounds of a block are the means of those of its rows; a block lies within one list
    (peildatum) where lists are given. NaN with less than one block.
    """
    held = [
        bounds.low[block].mean() <= labels[block].mean() <= bounds.high[block].mean()
        for block in blocks(scores, lists, size=size)
    ]
    return float(np.mean(held)) if held else float("nan")
