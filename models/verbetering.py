"""What would help: the smallest change that opens a place for a jongere, or makes it better.

Only what people can change is tried (`models.verbetering_stappen`). A place that no single change
helps may be opened by two together, when two rules block it. Each change is applied and the real
model scores again: that number is what is told.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from features.blokkade import Blokkade, bit, blokkades_of
from features.pair_arrays import Ints
from features.pair_context import PairContext, only_jongere
from features.passendheid import Masks, blocked_by
from models.scoring import Scorer, score_open, score_pairs
from models.verbetering_stappen import LIFTS, Aanpassing, Stap, apply, pogingen

CLEARLY = 0.05
"""A change must bring at least so much chance; less the model cannot tell apart."""
TOGETHER = 2
"""Rules that changes together may lift; more is no small change."""


@dataclass(frozen=True)
class Verbetering:
    """A change with the chance before and after, both of the real model.

    `kans_nu` is None when the place is blocked now; `opgeheven` says by which rules.
    """

    leerwerkplek_id: str
    stappen: tuple[Stap, ...]
    kans_nu: float | None
    kans_dan: float
    opgeheven: tuple[Blokkade, ...]


class _Uitkomst(NamedTuple):
    """What came of a change for one place, by its row."""

    stappen: tuple[Stap, ...]
    grootte: int
    plek: int
    kans: float

    @property
    def rang(self) -> tuple[int, float]:
        """The smallest change comes first; of equal ones that which brings most."""
        return self.grootte, -self.kans

    def verbetering(self, context: PairContext, kans_nu: float, mask: int) -> Verbetering:
        return Verbetering(
            leerwerkplek_id=context.plekken["leerwerkplek_id"][self.plek],
            stappen=self.stappen,
            kans_nu=None if mask else kans_nu,
            kans_dan=self.kans,
            opgeheven=blokkades_of(mask),
        )


def verbeteringen(
    context: PairContext, scorer: Scorer, jongere_id: str, leerwerkplek_ids: Sequence[str]
) -> dict[str, Verbetering]:
    """Return per place the smallest change that opens it or makes it clearly better.

    Parameters
    ----------
    context : PairContext
        Both sides; it is not changed.
    scorer : Scorer
        The model.
    jongere_id : str
        The jongere, who is in the context.
    leerwerkplek_ids : sequence of str
        The places.

    Returns
    -------
    dict of str to Verbetering
        A place that nothing tried helps is absent. Of changes of the same size that is taken
        which brings most; two changes only where one does not do.
    """
    alone = only_jongere(context, int(context.jongere_rows([jongere_id])[0]))
    rows = context.plek_rows(leerwerkplek_ids)
    masks = blocked_by(alone, np.zeros(1, dtype=np.int64), rows)[0]
    kans, _ = score_pairs(alone, scorer, np.zeros(len(rows), dtype=np.int64), rows)
    nu = {
        int(row): (float(chance), int(mask))
        for row, chance, mask in zip(rows, kans, masks, strict=True)
    }
    best: dict[int, _Uitkomst] = {}
    for found in _tried(alone, scorer, rows, masks):
        was, mask = nu[found.plek]
        enough = mask or found.kans >= was + CLEARLY
        if enough and (found.plek not in best or found.rang < best[found.plek].rang):
            best[found.plek] = found
    left = np.array([row not in best for row in rows.tolist()], dtype=bool)
    for found in _together(alone, scorer, rows[left], masks[left]):
        best[found.plek] = found
    told = [found.verbetering(context, *nu[row]) for row, found in best.items()]
    return {one.leerwerkplek_id: one for one in told}


def nieuwe_kansen(
    context: PairContext, scorer: Scorer, jongere_id: str, *, top: int = 3
) -> list[Verbetering]:
    """Return the smallest changes that open a clearly better place than the best of now.

    Parameters
    ----------
    context, scorer, jongere_id
        As `verbeteringen`.
    top : int
        At most so many.

    Returns
    -------
    list of Verbetering
        Of each kind of change the smallest, with the best place that it opens; the greatest
        chance first. Empty when no single change opens a clearly better place.
    """
    alone = only_jongere(context, int(context.jongere_rows([jongere_id])[0]))
    found = score_open(
        alone, scorer, np.zeros(1, dtype=np.int64), np.arange(context.plekken.height)
    )
    needed = (float(found.kans.max()) if len(found.kans) else 0.0) + CLEARLY
    masks = found.blokkades[0]
    closed = np.flatnonzero(masks)
    best: dict[Aanpassing, _Uitkomst] = {}
    for opened in _tried(alone, scorer, closed, masks[closed]):
        kind = opened.stappen[0].aanpassing
        if opened.kans >= needed and (kind not in best or opened.rang < best[kind].rang):
            best[kind] = opened
    ordered = sorted(best.values(), key=lambda one: -one.kans)
    return [one.verbetering(context, 0.0, int(masks[one.plek])) for one in ordered[:top]]


def _tried(alone: PairContext, scorer: Scorer, rows: Ints, masks: Masks) -> Iterator[_Uitkomst]:
    """Yield what comes of each change, for the places (rows, with their masks now) it opens."""
    for poging in pogingen(alone, rows, masks):
        changed = apply(alone, poging.stap, poging.plekken)
        found = score_open(changed, scorer, np.zeros(1, dtype=np.int64), poging.plekken)
        for row, kans in zip(found.plek.tolist(), found.kans.tolist(), strict=True):
            yield _Uitkomst((poging.stap,), poging.grootte, row, kans)


def _together(alone: PairContext, scorer: Scorer, rows: Ints, masks: Masks) -> Iterator[_Uitkomst]:
    """Yield what comes of two changes, for places (rows) that exactly two rules block."""
    two = np.bitwise_count(masks) == TOGETHER
    nobody = np.zeros(1, dtype=np.int64)
    lifting: dict[tuple[int, int], tuple[int, Stap]] = {}
    for poging in pogingen(alone, rows[two], masks[two], together=True):
        lifts = bit(LIFTS[poging.stap.aanpassing])
        changed = apply(alone, poging.stap, poging.plekken)
        open_now = blocked_by(changed, nobody, poging.plekken)[0] & lifts == 0
        for row in poging.plekken[open_now].tolist():
            known = lifting.get((row, lifts))
            if known is None or poging.grootte < known[0]:
                lifting[row, lifts] = (poging.grootte, poging.stap)
    for row in rows[two].tolist():
        steps = [found for (plek, _), found in lifting.items() if plek == row]
        if len(steps) == TOGETHER:
            place = np.array([row])
            changed = apply(apply(alone, steps[0][1], place), steps[1][1], place)
            found = score_open(changed, scorer, nobody, place)
            for kans in found.kans.tolist():
                size = sum(grootte for grootte, _ in steps)
                yield _Uitkomst(tuple(stap for _, stap in steps), size, row, kans)
