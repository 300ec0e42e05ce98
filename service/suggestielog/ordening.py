"""How a list came in its order, kept so that the order can be made again (TRUST H1)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np

from features.pair_arrays import Floats, Ints
from models.ranking import Kind, order

Sleutel = tuple[float | None, ...]


@dataclass(frozen=True)
class Ordening:
    """Everything that decided the order of a list, for all that could have stood in it.

    Only what scores at least as high as the lowest that is shown can change the order by
    passendheid (`models.ranking.order`), so only that is kept.

    Parameters
    ----------
    op_score : bool
        By `models.ranking.order`; else by the keys alone, and then by falling score when
        `score_breekt`.
    score_breekt : bool
        Whether equal keys are told apart by the score, when the order is not by score.
    kans, aftrek : tuple of float
        Chance of each, and what is taken off it before it counts (what a jongere gets elsewhere).
    soorten : tuple of (tuple of int, int)
        In what the list varies (`models.ranking.Kind`).
    sleutels : tuple of tuple
        Keys, the weightiest first; small comes first, None last.
    getoond : tuple of int
        Which of them were shown, in their order.
    """

    op_score: bool
    score_breekt: bool
    kans: tuple[float, ...]
    aftrek: tuple[float, ...]
    soorten: tuple[tuple[tuple[int, ...], int], ...]
    sleutels: tuple[Sleutel, ...]
    getoond: tuple[int, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as what JSON can hold."""
        return dict(vars(self))

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Self:
        """Return what `as_json` gave."""
        return cls(
            found["op_score"],
            found["score_breekt"],
            tuple(found["kans"]),
            tuple(found["aftrek"]),
            tuple((tuple(codes), room) for codes, room in found["soorten"]),
            tuple(tuple(key) for key in found["sleutels"]),
            tuple(found["getoond"]),
        )

    def with_scores(self, scores: Sequence[float]) -> Self:
        """Return it with other scores for those that were shown, in the order of the list."""
        kans = list(self.kans)
        for place, score in zip(self.getoond, scores, strict=True):
            kans[place] = score
        return replace(self, kans=tuple(kans))

    def repeated(self) -> tuple[int, ...]:
        """Return who is shown, in order, computed again."""
        kans, top = np.array(self.kans), len(self.getoond)
        keys = [_key(one) for one in self.sleutels]
        if self.op_score:
            kinds = [Kind(np.array(codes, np.int64), room) for codes, room in self.soorten]
            return tuple(order(kans - np.array(self.aftrek), kinds, keys, top=top).tolist())
        if self.score_breekt:
            keys.append(-kans)
        rows = np.lexsort((np.arange(len(kans)), *reversed(keys)))
        return tuple(rows[:top].tolist())


def ordening_of(
    kans: Floats,
    picked: Ints,
    *,
    op_score: bool,
    score_breekt: bool = False,
    aftrek: Floats | None = None,
    soorten: Sequence[Kind] = (),
    sleutels: Sequence[Floats] = (),
) -> Ordening:
    """Return how `picked` came out of all, with no more of the others than decides the order.

    Parameters
    ----------
    kans : array of shape (n,)
        Chance of each.
    picked : array of int
        Who is shown, in order.
    op_score, score_breekt, soorten, sleutels
        As `Ordening`, for all n.
    aftrek : array of shape (n,), optional
        Taken off the chance; nothing by default.
    """
    less = np.zeros(len(kans)) if aftrek is None else aftrek
    counts = kans - less
    shown = np.zeros(len(kans), dtype=np.bool_)
    shown[picked] = True
    if op_score and len(picked):
        shown |= counts >= counts[picked].min()
    field = np.flatnonzero(shown)
    return Ordening(
        op_score,
        score_breekt,
        tuple(kans[field].tolist()),
        tuple(less[field].tolist()),
        tuple((tuple(one.codes[field].tolist()), one.room) for one in soorten),
        tuple(tuple(None if np.isnan(v) else v for v in key[field].tolist()) for key in sleutels),
        tuple(np.searchsorted(field, picked).tolist()),
    )


def _key(values: Sleutel) -> Floats:
    return np.array([np.inf if one is None else one for one in values])
