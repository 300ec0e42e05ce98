"""All pairs of a region on one peildatum: which are open, and with what chance."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from copy import copy
from dataclasses import replace
from datetime import date
from threading import Lock
from types import MappingProxyType
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.contract import Tables
from features.pair_arrays import Ints
from features.pair_context import PairContext, prepare_pairs, with_beloofd
from models.leerwerkplek import PlaatsingModel
from models.ranking import Crowd, crowd
from models.scoring import PairScores, score_open, scorer, warm_up
from service.overzicht import doelgroep, leerwerkplek_overzicht, zoekende_jongeren
from service.snapshot.parts import Parts

JONGEREN_PER_CHUNK = 200
"""Jongeren whose open pairs are held in memory at once."""

SCHOOL_TABLES = frozenset(
    {"verzuim", "verzuimmelding", "resultaat", "contact", "bekend_bij", "vsv_registratie"}
)
"""What places and routes have nothing to do with."""
PLEK_TABLES = frozenset({"leerwerkplek", "leerbedrijf", "stage", "kwalificatie", "postcode"})
"""What a list shows of a place."""
NOTHING: Mapping[str, str] = MappingProxyType({})

Progress = Callable[[int, int], None]
"""Is told how many jongeren are done, and of how many."""


class Paren:
    """Scores pairs of a region, some or all.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        The canonical tables, cut to the peildatum.
    peildatum : date
        The day from which we look.
    model : PlaatsingModel, optional
        Scores a pair; without it, when the model is stopped, every kans is NaN.
    ongescoord : set of str
        Jongeren whom no model may score: their kansen are NaN.
    beloofd : mapping of str to str
        The leerwerkplek_id that each jongere_id was promised and has yet to begin.
    parts : Parts, optional
        Of the region that this belongs to.

    Attributes
    ----------
    context : PairContext
        Both sides of all pairs.
    plekken : list of LeerwerkplekKort
        Every place, in the order of the context; what is promised is not free.
    onbezet : mapping of str to int
        Free capacity of each place, promised or not.
    doelgroep, zoekend : list of str
        The jongere_id of everybody whom Vangnet is for, and of those without a stage now; ordered.
    """

    def __init__(
        self,
        tables: Tables,
        peildatum: date,
        model: PlaatsingModel | None,
        *,
        ongescoord: AbstractSet[str] = frozenset(),
        beloofd: Mapping[str, str] = NOTHING,
        parts: Parts | None = None,
    ) -> None:
        warm_up()
        parts = parts or Parts()
        context = parts.of_tables(
            "paren",
            tables,
            tables.keys() - SCHOOL_TABLES,
            lambda seen: prepare_pairs(seen, peildatum),
            peildatum,
        )
        self.context = with_beloofd(context, beloofd)
        self.scorer = (
            None if model is None else parts.part("scorer", [model], lambda: scorer(model))
        )
        self._ongescoord = ongescoord
        overzicht = parts.of_tables(
            "plekken",
            tables,
            PLEK_TABLES,
            lambda seen: leerwerkplek_overzicht(seen, peildatum),
            peildatum,
        )
        taken = Counter(beloofd.values())
        self.onbezet = {plek: one.vrij for plek, one in overzicht.items()}
        self.plekken = [
            replace(overzicht[plek], vrij=max(overzicht[plek].vrij - taken[plek], 0))
            if plek in taken
            else overzicht[plek]
            for plek in self.context.plekken["leerwerkplek_id"]
        ]
        self.doelgroep = doelgroep(tables, peildatum)["jongere_id"].to_list()
        self.zoekend = zoekende_jongeren(tables, peildatum)["jongere_id"].to_list()
        self._lock = Lock()
        self._crowd: Crowd | None = None

    def score(
        self,
        jongeren: Sequence[str],
        *,
        plekken: Sequence[int] | None = None,
        context: PairContext | None = None,
    ) -> PairScores:
        """Score jongeren beside places (rows of the context); all places when none are named.

        `context` stands in for that of the region when a jongere is looked at otherwise.
        """
        seen = self.context if context is None else context
        places = range(len(self.plekken)) if plekken is None else plekken
        rows = seen.jongere_rows(jongeren)
        return score_open(
            seen, self.scorer, rows, np.array(places, dtype=np.int64), self._may(jongeren)
        )

    def _may(self, jongeren: Sequence[str]) -> NDArray[np.bool_] | None:
        """Return whom of these a model may score; None when that is everybody."""
        return self.may(jongeren) if self._ongescoord else None

    def zonder_model(self) -> Self:
        """Return the same pairs as if the model were stopped; the arrays are shared."""
        twin = copy(self)
        twin.scorer, twin._crowd, twin._lock = None, None, Lock()
        return twin

    def seen(self, zichtbaar: AbstractSet[str] | None) -> tuple[list[str], Ints]:
        """Return who of `zoekend` is among these (all for None), and their places in it."""
        if zichtbaar is None:
            return self.zoekend, np.arange(len(self.zoekend))
        places = [place for place, one in enumerate(self.zoekend) if one in zichtbaar]
        return [self.zoekend[place] for place in places], np.array(places, dtype=np.int64)

    def chunks(self, jongeren: Sequence[str], progress: Progress) -> Iterator[PairScores]:
        """Yield the scores of jongeren beside all places, some jongeren at a time."""
        for start in range(0, len(jongeren), JONGEREN_PER_CHUNK):
            some = jongeren[start : start + JONGEREN_PER_CHUNK]
            yield self.score(some)
            progress(start + len(some), len(jongeren))

    def named(self, jongere: Ints, plek: Ints) -> pl.DataFrame:
        """Return the ids of pairs of rows: ``jongere_id`` and ``leerwerkplek_id``."""
        return pl.DataFrame(
            [
                self.context.jongeren["jongere_id"].gather(jongere),
                self.context.plekken["leerwerkplek_id"].gather(plek),
            ]
        )

    def anderen(self, jongere_id: str, plek: Ints) -> Ints:
        """Return how many *others* of `zoekend` have each of these places high."""
        row = bisect_left(self.zoekend, jongere_id)
        looks = self.zoekend[row : row + 1] == [jongere_id]
        return self.crowd().others(plek, row if looks else None)

    def may(self, jongeren: Sequence[str]) -> NDArray[np.bool_]:
        """Return whom of these a model may score."""
        return np.array([one not in self._ongescoord for one in jongeren], dtype=np.bool_)

    def keep_crowd(self, crowd: Crowd) -> None:
        """Take a crowd that was counted elsewhere, so that nobody waits for it."""
        with self._lock:
            self._crowd = crowd

    def crowd(self) -> Crowd:
        """Return who of `zoekend` has which places high; the first who asks waits for it."""
        with self._lock:
            if self._crowd is None:
                self._crowd = self._count()
            return self._crowd

    def _count(self) -> Crowd:
        rows = self.context.jongere_rows(self.zoekend)
        found = [scored(one) for one in self.chunks(self.zoekend, lambda done, total: None)]
        return crowd(
            np.searchsorted(rows, _joined([chunk.jongere for chunk in found])),
            _joined([chunk.plek for chunk in found]),
            np.concatenate([np.zeros(0), *(chunk.kans for chunk in found)]),
            len(self.zoekend),
            len(self.plekken),
        )


def scored(found: PairScores) -> PairScores:
    """Return the same with only those open pairs that have a score."""
    keep = ~np.isnan(found.kans)
    if keep.all():
        return found
    return replace(
        found,
        jongere=found.jongere[keep],
        plek=found.plek[keep],
        kans=found.kans[keep],
        reistijd_minuten=found.reistijd_minuten[keep],
    )


def per_jongere(found: PairScores) -> Iterator[Ints]:
    """Yield the open pairs of each jongere who has any, as places among all open pairs."""
    first = np.searchsorted(found.jongere, found.jongeren)
    last = np.searchsorted(found.jongere, found.jongeren, side="right")
    for start, stop in zip(first, last, strict=True):
        if stop > start:
            yield np.arange(start, stop)


def _joined(parts: Sequence[Ints]) -> Ints:
    return np.concatenate([np.zeros(0, dtype=np.int64), *parts])
