"""In which order pairs are shown: by how well they fit, by journey, or by name."""

from collections.abc import Callable, Sequence
from functools import cache, cached_property
from typing import overload

import numpy as np
from numpy.typing import NDArray

from features.blokkade import Blokkade, blokkades_of
from features.pair_arrays import Floats, Ints
from features.pair_context import PairContext
from features.passendheid import PAIR_FEATURES, pair_matrix
from models.ranking import Kind, order
from models.scoring import PairScores
from service.suggestielog.ordening import Ordening, ordening_of
from service.suggesties import JongereKort, LeerwerkplekKort, Uitgesloten, Volgorde

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
        if volgorde == "naam":
            return pairs[np.lexsort((plek, self._naam[plek]))[:top]]
        if volgorde == "reistijd":
            return pairs[np.lexsort((plek, -kans, found.reistijd_minuten[pairs]))[:top]]
        return pairs[order(kans, self._kinds(plek), _ties(context, found, pairs), top=top)]

    def ordening(
        self, context: PairContext, found: PairScores, picked: Ints, volgorde: Volgorde
    ) -> Ordening:
        """Return how `picked` came out of all open pairs of one jongere, to be kept."""
        by_fit = volgorde == "passendheid"
        if not len(picked):
            sleutels, soorten = list[Floats](), list[Kind]()
        elif volgorde == "naam":
            sleutels, soorten = [self._naam[found.plek]], []
        elif volgorde == "reistijd":
            sleutels, soorten = [found.reistijd_minuten], []
        else:
            everyone = np.arange(len(found.kans))
            sleutels, soorten = _ties(context, found, everyone), self._kinds(found.plek)
        return ordening_of(
            found.kans,
            picked,
            op_score=by_fit,
            score_breekt=volgorde == "reistijd",
            soorten=soorten,
            sleutels=sleutels,
        )

    def zonder_score(self, found: PairScores, pairs: Ints, top: int, volgorde: Volgorde) -> Ints:
        """Return the first `top` of these pairs without score: by name when asked, else by journey.

        What is unknown of the journey comes last.
        """
        plek = found.plek[pairs]
        first = self._naam[plek] if volgorde == "naam" else found.reistijd_minuten[pairs]
        return pairs[np.lexsort((plek, first))[:top]]

    def _kinds(self, plek: Ints) -> list[Kind]:
        return [Kind(self._bedrijf[plek]), Kind(self._sector[plek], room=SAME_SECTOR)]


def _ties(context: PairContext, found: PairScores, pairs: Ints) -> list[Floats]:
    wens = context.jongere.wensen[
        found.jongere[pairs[0]], context.plek.rij["sector"][found.plek[pairs]]
    ]
    return [np.where(wens > 0, wens, np.nan), found.reistijd_minuten[pairs]]


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
    return ordening_kandidaten(context, found, elders, namen, top, volgorde)[0]


def ordening_kandidaten(
    context: PairContext,
    found: PairScores,
    elders: Floats,
    namen: Sequence[str],
    top: int,
    volgorde: Volgorde,
) -> tuple[Ints, Ordening]:
    """Return what `order_kandidaten` returns, and how it came about, to be kept."""
    minutes, who = found.reistijd_minuten, found.jongere
    if volgorde == "naam":
        names = _codes([naam.casefold() or None for naam in namen]).astype(np.float64)
        keys = [np.where(names < 0, np.nan, names)]
        picked = np.asarray(np.lexsort((who, *keys))[:top])
        return picked, ordening_of(found.kans, picked, op_score=False, sleutels=keys)
    if volgorde == "reistijd":
        picked = np.asarray(np.lexsort((who, -found.kans, minutes))[:top])
        kept = ordening_of(
            found.kans, picked, op_score=False, score_breekt=True, sleutels=[minutes]
        )
        return picked, kept
    matrix, _ = pair_matrix(context, who, found.plek)
    ties = [matrix[_LACKING], minutes]
    picked = order(found.kans - elders, ties=ties, top=top)
    return picked, ordening_of(found.kans, picked, op_score=True, aftrek=elders, sleutels=ties)


class Buiten(Sequence[Uitgesloten]):
    """The blocked ones of a column of masks, those with the fewest rules first.

    Thousands fall out of every list and few are read, so each is made when it is asked for.

    Parameters
    ----------
    blokkades : array of uint16 of shape (n,)
        Bits of the rules that block each (`features.blokkade.blokkades_of`); 0 is open.
    paar : callable
        Returns the jongere and the place of a number in the column.
    """

    def __init__(
        self,
        blokkades: NDArray[np.uint16],
        paar: Callable[[int], tuple[JongereKort, LeerwerkplekKort]],
    ) -> None:
        self._blokkades = blokkades
        self._paar = paar
        self._n = int(np.count_nonzero(blokkades))

    def __len__(self) -> int:
        return self._n

    @overload
    def __getitem__(self, place: int) -> Uitgesloten: ...
    @overload
    def __getitem__(self, place: slice) -> list[Uitgesloten]: ...
    def __getitem__(self, place: int | slice) -> Uitgesloten | list[Uitgesloten]:
        """Return one by its place in the order, or some."""
        if isinstance(place, slice):
            return [self._made(row) for row in self._order[place].tolist()]
        return self._made(int(self._order[place]))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # as any list

    @cached_property
    def _order(self) -> Ints:
        blocked = np.flatnonzero(self._blokkades)
        fewest = np.argsort(np.bitwise_count(self._blokkades[blocked]), kind="stable")
        return np.asarray(blocked[fewest], dtype=np.int64)

    def _made(self, row: int) -> Uitgesloten:
        return Uitgesloten(*self._paar(row), _rules(int(self._blokkades[row])))


@cache
def _rules(mask: int) -> tuple[Blokkade, ...]:
    return blokkades_of(mask)


def _codes(words: Sequence[str | None]) -> Ints:
    """Return the rank of each word among the distinct ones, from 0; -1 for None."""
    ranks = {word: rank for rank, word in enumerate(sorted({word for word in words if word}))}
    return np.array([-1 if word is None else ranks.get(word, -1) for word in words], np.int64)
