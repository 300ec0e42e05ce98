"""The order of a list: by chance, then what differs among those that hardly differ in chance.

Nothing is ever dropped, and nothing stands above what scores clearly better: the order departs
from the chances only within a stated tolerance. The greedy choice is that of maximal marginal
relevance, with the tolerance in the place of its trade-off weight.

References
----------
Carbonell & Goldstein (1998), The use of MMR, diversity-based reranking for reordering documents
and producing summaries, SIGIR.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NEAR = 0.03
"""Chances that differ no more than this are called about equal: of two such places the one with the
greater chance is better in truth little more often than not (experiments/region_list.py)."""
ALTERNATIVES = 5
"""How many of somebody's best other places stand for what they can get elsewhere."""


@dataclass(frozen=True)
class Kind:
    """A property in which a list should vary.

    Parameters
    ----------
    codes : array of int of shape (n,)
        Which value each item has, from 0; -1 is unknown, which repeats nothing.
    room : int
        How often a value may occur before it counts as a repetition, at least 1.
    """

    codes: Ints
    room: int = 1


def order(
    scores: Floats,
    kinds: Sequence[Kind] = (),
    ties: Sequence[Floats] = (),
    *,
    top: int,
    tolerance: float = NEAR,
) -> Ints:
    """Return the row numbers of the first `top` items, the best first.

    At each step the items within `tolerance` of the best that is left are about equal. Of those
    comes first what repeats least of what already stands in the list, by the first kind, then the
    second, and so on; then the smallest of the first tie, of the second, and so on; then the
    greater score; then the earlier row.

    Parameters
    ----------
    scores : array of shape (n,)
        Probabilities, or gains in probability; none is NaN.
    kinds : sequence of Kind
        In what the list should vary, the weightiest first.
    ties : sequence of arrays of shape (n,)
        Small comes first; NaN comes last.
    top : int
        Length of the list; more than n gives all n.
    tolerance : float
        In points of probability.

    Returns
    -------
    array of int of shape (min(top, n),)
        A shorter list is the beginning of a longer one. No item stands before one that scores
        more than `tolerance` higher.

    Examples
    --------
    >>> supermarkt, bakker = 0, 1
    >>> order(
    ...     np.array([0.70, 0.69, 0.68, 0.40]),
    ...     [Kind(np.array([supermarkt, supermarkt, bakker, bakker]))],
    ...     top=4,
    ... ).tolist()
    [0, 2, 1, 3]
    """
    falling = np.lexsort((np.arange(len(scores)), -scores))
    preference = np.empty(len(scores), dtype=np.int64)
    preference[np.lexsort((-scores, *reversed([_last(tie) for tie in ties])))] = np.arange(
        len(scores)
    )
    seen = [np.zeros(kind.codes.max(initial=0) + 2, dtype=np.int64) for kind in kinds]
    chosen: list[int] = []
    left = falling
    while len(chosen) < min(top, len(scores)):
        near = left[: np.searchsorted(-scores[left], tolerance - scores[left[0]], side="right")]
        repeats = [
            np.maximum(counts[kind.codes[near]] + 1 - kind.room, 0)
            for kind, counts in zip(kinds, seen, strict=True)
        ]
        pick = near[np.lexsort((preference[near], *reversed(repeats)))[0]]
        for kind, counts in zip(kinds, seen, strict=True):
            counts[kind.codes[pick]] += kind.codes[pick] >= 0
        chosen.append(int(pick))
        left = left[left != pick]
    return np.array(chosen, dtype=np.int64)


def _last(values: Floats) -> Floats:
    return np.where(np.isnan(values), np.inf, values)


@dataclass(frozen=True)
class Crowd:
    """Who else has which places high in their list.

    Parameters
    ----------
    times : array of int of shape (n_plekken,)
        How many jongeren have each place among their best.
    best : array of int of shape (n_jongeren, ALTERNATIVES + 1)
        Places of each jongere by falling chance, -1 where there are no more.
    kansen : array of shape (n_jongeren, ALTERNATIVES + 1)
        Their chances, 0 where there are no more.
    open_places : array of int of shape (n_jongeren,)
        How many places each jongere has that no rule blocks.
    """

    times: Ints
    best: Ints
    kansen: Floats
    open_places: Ints

    def others(self, plekken: Ints, jongere: int | None) -> Ints:
        """Return how many *other* jongeren have each place high; None is somebody outside."""
        own = (
            np.zeros(len(plekken), dtype=np.int64)
            if jongere is None
            else np.isin(plekken, self.best[jongere, :ALTERNATIVES]).astype(np.int64)
        )
        return self.times[plekken] - own

    def elsewhere(self, plek: int) -> Floats:
        """Return what each jongere can get elsewhere: the mean of their best other chances.

        A place that is not there counts as a chance of 0, so who has few other places gains more.
        """
        other = np.where(self.best == plek, 0.0, self.kansen)
        falling = -np.sort(-other, axis=1)
        return np.asarray(falling[:, :ALTERNATIVES].mean(axis=1))


def crowd(jongeren: Ints, plekken: Ints, kansen: Floats, n_jongeren: int, n_plekken: int) -> Crowd:
    """Return who has which places high, from all open pairs.

    Parameters
    ----------
    jongeren, plekken : array of int of shape (n_pairs,)
        Row of the jongere (from 0, below `n_jongeren`) and of the place of each open pair.
    kansen : array of shape (n_pairs,)
        Chance of each pair.
    n_jongeren, n_plekken : int
        How many there are.

    Notes
    -----
    High is: among the `ALTERNATIVES` greatest chances of that jongere; of equal chances the place
    with the lower row.
    """
    falling = np.lexsort((plekken, -kansen, jongeren))
    owner = jongeren[falling]
    first = np.searchsorted(owner, np.arange(n_jongeren))
    rank = np.arange(len(owner)) - first[owner]
    keep = rank <= ALTERNATIVES
    best = np.full((n_jongeren, ALTERNATIVES + 1), -1, dtype=np.int64)
    high = np.zeros((n_jongeren, ALTERNATIVES + 1))
    cell = (owner[keep], rank[keep])
    best[cell] = plekken[falling][keep]
    high[cell] = kansen[falling][keep]
    in_list = best[:, :ALTERNATIVES]
    return Crowd(
        times=np.bincount(in_list[in_list >= 0], minlength=n_plekken),
        best=best,
        kansen=high,
        open_places=np.bincount(jongeren, minlength=n_jongeren),
    )
