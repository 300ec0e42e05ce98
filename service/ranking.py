"""In which order pairs are shown: by how well they fit, by journey, or by name."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from features.blokkade import Blokkade, blokkades_of
from features.pair_arrays import Floats, Ints
from features.pair_context import PairContext
from features.passendheid import PAIR_FEATURES, pair_matrix
from models.ranking import Kind, order
from models.scoring import PairScores
from service.suggesties import LeerwerkplekKort, Volgorde

SAME_SECTOR = 2
"""How often a sector may occur in a list before another goes first among about equals."""

_LACKING = [feature.name for feature in PAIR_FEATURES].index("eisen_tekort_verwacht")


class PlekOrder:
    """Orders the open places of one jongere.

    By passendheid: the greatest chance first. Among places that hardly differ in chance
    (`models.ranking.NEAR`) first a leerbedrijf that is not in the list yet, then a sector that is
    in it less than twice, then the sector that the jongere wishes most, then the shortest journey.
    """

    def __init__(self, plekken: Sequence[LeerwerkplekKort]) -> None:
        self._bedrijf = _codes([plek.leerbedrijf for plek in plekken])
        self._sector = _codes([plek.sector for plek in plekken])
        names = [f"{plek.titel}\n{plek.leerbedrijf}".casefold() for plek in plekken]
        self._naam = np.array(_codes(names), dtype=np.float64)

    def __call__(
        self, context: PairContext, found: PairScores, pairs: Ints, top: int, volgorde: Volgorde
    ) -> Ints:
        """Return the first `top` of these open pairs of one jongere, the best first."""
        if not len(pairs):
            return pairs
        plek, kans = found.plek[pairs], found.kans[pairs]
        minutes = found.reistijd_minuten[pairs]
        if volgorde == "naam":
            return pairs[np.lexsort((plek, self._naam[plek]))[:top]]
        if volgorde == "reistijd":
            return pairs[np.lexsort((plek, -kans, minutes))[:top]]
        wens = context.jongere.wensen[found.jongere[pairs[0]], context.plek.rij["sector"][plek]]
        kinds = [Kind(self._bedrijf[plek]), Kind(self._sector[plek], room=SAME_SECTOR)]
        ties = [np.where(wens > 0, wens, np.nan), minutes]
        return pairs[order(kans, kinds, ties, top=top)]


def order_kandidaten(
    context: PairContext,
    found: PairScores,
    elders: Floats,
    namen: Sequence[str],
    top: int,
    volgorde: Volgorde,
) -> Ints:
    """Return the first `top` candidates of one place, as places among the open pairs.

    By passendheid: who gains most here over what that jongere can get elsewhere comes first, so
    who has a smaller chance everywhere stands no lower for that. Among those who gain about as
    much, who lacks least of what the place asks comes first, then who travels least.

    Parameters
    ----------
    context : PairContext
        Both sides.
    found : PairScores
        All jongeren beside one place.
    elders : array of shape (n_open,)
        What each can get elsewhere (`models.ranking.Crowd.elsewhere`).
    namen : sequence of str
        Names of the jongeren of the open pairs; an empty one comes last.
    top : int
        Length of the list.
    volgorde : Volgorde
        Which order.
    """
    minutes, who = found.reistijd_minuten, found.jongere
    if volgorde == "naam":
        names = _codes([naam.casefold() or None for naam in namen])
        return np.asarray(np.lexsort((who, names, names < 0))[:top])
    if volgorde == "reistijd":
        return np.asarray(np.lexsort((who, -found.kans, minutes))[:top])
    matrix, _ = pair_matrix(context, who, found.plek)
    lacking = matrix[_LACKING]
    return order(found.kans - elders, ties=[lacking, minutes], top=top)


def nearest(blokkades: NDArray[np.uint16]) -> list[tuple[int, tuple[Blokkade, ...]]]:
    """Return the blocked ones of a column of masks with their rules, the fewest rules first."""
    blocked = np.flatnonzero(blokkades)
    masks = blokkades[blocked]
    rules = {mask: blokkades_of(mask) for mask in np.unique(masks).tolist()}
    fewest = np.argsort(np.bitwise_count(masks), kind="stable")
    return [
        (row, rules[mask])
        for row, mask in zip(blocked[fewest].tolist(), masks[fewest].tolist(), strict=True)
    ]


def _codes(words: Sequence[str | None]) -> Ints:
    """Return the rank of each word among the distinct ones, from 0; -1 for None."""
    ranks = {word: rank for rank, word in enumerate(sorted({word for word in words if word}))}
    return np.array([-1 if word is None else ranks.get(word, -1) for word in words], np.int64)
