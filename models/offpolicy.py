"""What another order would have brought, judged on choices that others made: off-policy evaluation.

History tells the outcome of the place that was chosen and of no other. A choice that the new order
would have made too stands for the choices it would have made in its place: the rarer the old way
took it, the more it counts. Where the new order asks for what was hardly ever chosen, the data
cannot tell, and that is what is said.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_WEIGHT = 20.0
"""A choice counts at most this many times; what is cut off shows in `Evaluation.overlap`."""
LEAST_ESS = 30.0
"""With fewer effective choices no comparison is given: intervals over made-up regions failed to
hold the truth there (`experiments/region_offpolicy.py`)."""
LEAST_OVERLAP = 0.5
"""Mean weight below which much of what the new order asks for was never chosen; 1 is full."""
LEVEL = 0.95
DRAWS = 500
REFUSAL = "De gegevens kunnen deze vergelijking niet dragen."


@dataclass(frozen=True)
class Logged:
    """Choices of the past with what a new order would have done, one row per choice.

    Parameters
    ----------
    outcome : array of shape (n,)
        What came of the chosen place: 0 or 1.
    logging : array of shape (n,)
        Probability that the old way chose this place, above 0.
    target : array of shape (n,)
        Probability that the new order chooses this place.
    expected : array of shape (n,)
        Outcome that a model expects of the chosen place.
    value : array of shape (n,)
        Mean outcome that the model expects of what the new order would choose.
    groups : array of int of shape (n,)
        Number of the jongere; intervals resample jongeren.
    """

    outcome: Vector
    logging: Vector
    target: Vector
    expected: Vector
    value: Vector
    groups: Ints


@dataclass(frozen=True)
class Estimate:
    """A mean outcome with its interval of 95% over resampled jongeren."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Evaluation:
    """What the new order would have brought, beside what was observed.

    Parameters
    ----------
    observed : Estimate
        Mean outcome of what was chosen.
    ips, snips, dr : Estimate
        Inverse propensity scoring, the same self-normalised, and doubly robust.
    ess : float
        Effective number of choices, (sum of weights)^2 / sum of squared weights.
    overlap : float
        Mean weight; well below 1 where the new order asks for what was never chosen.
    """

    observed: Estimate
    ips: Estimate
    snips: Estimate
    dr: Estimate
    ess: float
    overlap: float

    @property
    def supported(self) -> bool:
        """Whether the choices can carry the comparison."""
        return self.ess >= LEAST_ESS and self.overlap >= LEAST_OVERLAP

    @property
    def oordeel(self) -> str:
        """What to tell a reader, in Dutch: the comparison, or that there can be none."""
        if not self.supported:
            return f"{REFUSAL} Er zijn te weinig keuzes die de nieuwe volgorde ook zou maken."
        one = self.dr
        return (
            f"Met de nieuwe volgorde zou {100 * one.value:.0f} van de 100 slagen "
            f"(tussen {100 * one.low:.0f} en {100 * one.high:.0f}); "
            f"bij de keuzes van toen was dat {100 * self.observed.value:.0f}."
        )


def evaluate(
    logged: Logged, *, rng: np.random.Generator, draws: int = DRAWS, most: float = MOST_WEIGHT
) -> Evaluation:
    """Return what a new order would have brought, by three estimators.

    Where the overlap is below 1, plain inverse propensity scoring takes what was never chosen for
    failures; the doubly robust estimate takes the model's word for it. All three believe that
    people chose by nothing that is unknown here.

    Parameters
    ----------
    logged : Logged
        Choices of the past.
    rng : Generator
        Resamples jongeren.
    draws : int
        Number of resamples.
    most : float
        Greatest weight of one choice.

    References
    ----------
    Horvitz and Thompson (1952); Swaminathan and Joachims (2015), The self-normalized estimator
    for counterfactual learning; Dudík, Langford and Li (2011), Doubly robust policy evaluation and
    learning; Kish (1965) for the effective sample size.
    """
    if not len(logged.outcome):
        nothing = Estimate(float("nan"), float("nan"), float("nan"))
        return Evaluation(nothing, nothing, nothing, nothing, 0.0, 0.0)
    weights = np.minimum(logged.target / logged.logging, most)
    rest = weights * (logged.outcome - logged.expected)
    rows = np.column_stack(
        [
            np.ones(len(weights)),
            weights,
            logged.outcome,
            weights * logged.outcome,
            logged.value + rest,
        ]
    )
    _, numbers = np.unique(logged.groups, return_inverse=True)
    sums = np.zeros((int(numbers.max()) + 1, rows.shape[1]))
    np.add.at(sums, numbers, rows)
    drawn = rng.multinomial(len(sums), np.full(len(sums), 1 / len(sums)), size=draws) @ sums
    means, spread = _means(rows.sum(axis=0)[None]), _means(drawn)
    tail = 100 * (1 - LEVEL) / 2
    low, high = np.nanpercentile(spread, [tail, 100 - tail], axis=0)
    observed, ips, snips, dr = (
        Estimate(float(value), float(least), float(greatest))
        for value, least, greatest in zip(means[0], low, high, strict=True)
    )
    squares = float((weights**2).sum())
    ess = float(weights.sum()) ** 2 / squares if squares else 0.0
    return Evaluation(observed, ips, snips, dr, ess, float(weights.mean()))


def top_policy(scores: Vector, sets: Ints, *, top: int) -> Vector:
    """Return how likely each place is chosen by who picks one of the first few at random.

    Parameters
    ----------
    scores : array of shape (n_rows,)
        The higher, the earlier in the list; equal scores keep the order of the rows.
    sets : array of int of shape (n_rows,)
        Number of the list, nondecreasing.
    top : int
        Length of the list that is shown; a shorter set is shown whole.

    Examples
    --------
    >>> top_policy(np.array([0.2, 0.9, 0.5, 0.1]), np.array([0, 0, 0, 1]), top=2).tolist()
    [0.0, 0.5, 0.5, 1.0]
    """
    order = np.lexsort([np.arange(len(sets)), -scores, sets])
    starts = np.flatnonzero(np.diff(sets, prepend=-1))
    sizes = np.diff(starts, append=len(sets))
    rank = np.empty(len(sets), dtype=np.int64)
    rank[order] = np.arange(len(sets)) - np.repeat(starts, sizes)
    return np.asarray((rank < top) / np.repeat(np.minimum(sizes, top), sizes))


def _means(sums: Vector) -> Vector:
    """Return observed, ips, snips and dr from sums of rows; snips is unknown without weight."""
    n, weight, outcome, weighted, robust = sums.T
    snips = weighted / np.where(weight > 0, weight, np.nan)
    return np.column_stack([outcome / n, weighted / n, snips, robust / n])
