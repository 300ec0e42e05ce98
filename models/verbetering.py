"""What would help: the smallest change that opens a place for a jongere, or makes it better.

Only what people can change is tried, in the directions that they may be asked for: the place asks
fewer hours or offers one kind of support more, the jongere travels longer or in another way, one
judged competentie goes up a niveau. Nobody is asked to carry more hours or to need less support.
Each change is applied and the real model scores again: that number is what is told.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from features.blokkade import Blokkade, bit, blokkades_of
from features.pair_arrays import PLEK_EIGEN, UNKNOWN, Ints, refresh_eigen
from features.pair_context import PairContext, only_jongere
from features.passendheid import Masks, blocked_by
from features.travel import DEFAULT_VERVOER
from features.vocabulary import Ondersteuning, Vervoer
from models.scoring import Scorer, score_open, score_pairs

CLEARLY = 0.05
"""A change must bring at least so much chance; less the model cannot tell apart."""
UREN_STEP, UREN_STEPS, UREN_LEAST = 4.0, 3, 8.0
"""Hours a week that a place is asked to do with less, how often, and what it keeps at least."""
REISTIJD_STEP, REISTIJD_STEPS, REISTIJD_MOST = 10.0, 3, 90.0
"""Minutes that a jongere is asked to travel more, how often, and the longest journey."""
NIEUW_VERVOER = (Vervoer.FIETS, Vervoer.E_BIKE, Vervoer.OV)
"""Ways of travelling that can be arranged; a car only for who has a licence."""
HIGHEST = 4


class Aanpassing(StrEnum):
    """What can be changed."""

    UREN = "uren"
    """The place asks fewer hours a week."""
    REISTIJD = "reistijd"
    """The jongere travels longer."""
    VERVOER = "vervoer"
    """The jongere has one way of travelling more."""
    BEGELEIDING = "begeleiding"
    """The place offers one kind of support more."""
    COMPETENTIE = "competentie"
    """One judged competentie goes up one niveau."""


LIFTS = {
    Aanpassing.UREN: Blokkade.UREN,
    Aanpassing.REISTIJD: Blokkade.REISTIJD,
    Aanpassing.VERVOER: Blokkade.REISTIJD,
    Aanpassing.BEGELEIDING: Blokkade.ONDERSTEUNING,
    Aanpassing.COMPETENTIE: Blokkade.HARDE_EIS,
}
"""The one rule that each change can lift."""
CHANGES = ("rij", "niveaus", "eigen")
"""Arrays of a jongere that a change may touch."""
OF_PLEK = (Aanpassing.UREN, Aanpassing.BEGELEIDING)
"""Changes of the place; the others are of the jongere."""


@dataclass(frozen=True)
class Stap:
    """One change: hours a week, minutes, a way of travelling, a kind of support, or a niveau.

    `van` is None where a word is added, and where the niveau was never judged.
    """

    aanpassing: Aanpassing
    van: float | str | None
    naar: float | str
    competentie_id: str | None = None


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


@dataclass(frozen=True)
class _Poging:
    """A change to try: its size in steps, and for which places (rows) it may matter."""

    stap: Stap
    grootte: int
    plekken: Ints


class _Uitkomst(NamedTuple):
    """What came of a change for one place, by its row."""

    stap: Stap
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
            stappen=(self.stap,),
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
        A place that no single change helps is absent. Of changes of the same size that is taken
        which brings most.
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
        kind = opened.stap.aanpassing
        if opened.kans >= needed and (kind not in best or opened.rang < best[kind].rang):
            best[kind] = opened
    ordered = sorted(best.values(), key=lambda one: -one.kans)
    return [one.verbetering(context, 0.0, int(masks[one.plek])) for one in ordered[:top]]


def with_changes(
    context: PairContext,
    jongere_id: str,
    stappen: Sequence[Stap],
    leerwerkplek_id: str | None = None,
) -> PairContext:
    """Return a context of the jongere alone with changes applied, beside all places.

    Parameters
    ----------
    context : PairContext
        Both sides; it is not changed.
    jongere_id : str
        The jongere, who is in the context.
    stappen : sequence of Stap
        What changes.
    leerwerkplek_id : str, optional
        The place of which the hours or the support change; None when no step changes a place.
    """
    changed = only_jongere(context, int(context.jongere_rows([jongere_id])[0]))
    rows = context.plek_rows([] if leerwerkplek_id is None else [leerwerkplek_id])
    for stap in stappen:
        changed = _apply(changed, stap, rows)
    return changed


def _tried(alone: PairContext, scorer: Scorer, rows: Ints, masks: Masks) -> Iterator[_Uitkomst]:
    """Yield what comes of each change, for the places (rows, with their masks now) it opens."""
    for poging in _pogingen(alone, rows, masks):
        changed = _apply(alone, poging.stap, poging.plekken)
        found = score_open(changed, scorer, np.zeros(1, dtype=np.int64), poging.plekken)
        for row, kans in zip(found.plek.tolist(), found.kans.tolist(), strict=True):
            yield _Uitkomst(poging.stap, poging.grootte, row, kans)


def _pogingen(alone: PairContext, rows: Ints, masks: Masks) -> Iterator[_Poging]:
    """Yield the changes to try, each with the places that are open or that it alone can open."""
    for kind, trying in (
        (Aanpassing.UREN, _fewer_hours),
        (Aanpassing.REISTIJD, _longer_journey),
        (Aanpassing.VERVOER, _other_transport),
        (Aanpassing.BEGELEIDING, _more_support),
        (Aanpassing.COMPETENTIE, _higher_niveau),
    ):
        useful = rows[(masks == 0) | (masks == bit(LIFTS[kind]))]
        if len(useful):
            yield from (poging for poging in trying(alone, useful) if len(poging.plekken))


def _fewer_hours(alone: PairContext, rows: Ints) -> Iterator[_Poging]:
    asked = alone.plek.rij["uren_min"][rows]
    for hours in np.unique(asked):
        for step in range(1, UREN_STEPS + 1):
            less = float(hours) - step * UREN_STEP
            if less >= UREN_LEAST:
                stap = Stap(Aanpassing.UREN, float(hours), less)
                yield _Poging(stap, step, rows[asked == hours])


def _longer_journey(alone: PairContext, rows: Ints) -> Iterator[_Poging]:
    limit = float(alone.jongere.rij["reistijd_max"][0])
    for step in range(1, REISTIJD_STEPS + 1):
        longer = limit + step * REISTIJD_STEP
        if longer <= REISTIJD_MOST:
            yield _Poging(Stap(Aanpassing.REISTIJD, limit, longer), step, rows)


def _other_transport(alone: PairContext, rows: Ints) -> Iterator[_Poging]:
    jongere = alone.jongere.rij[0]
    has = int(jongere["vervoer"]) if jongere["vervoer"] > 0 else _bits(DEFAULT_VERVOER)
    more = (*NIEUW_VERVOER, *((Vervoer.AUTO,) if jongere["rijbewijs"] == 1 else ()))
    for word in more:
        if not has & _bits([word]):
            yield _Poging(Stap(Aanpassing.VERVOER, None, str(word)), 1, rows)


def _more_support(alone: PairContext, rows: Ints) -> Iterator[_Poging]:
    needed, offered = int(alone.jongere.rij["steun"][0]), alone.plek.rij["begeleiding"][rows]
    for place, word in enumerate(Ondersteuning):
        if needed > 0 and needed >> place & 1:
            lacking = rows[(offered >= 0) & (offered >> place & 1 == 0)]
            yield _Poging(Stap(Aanpassing.BEGELEIDING, None, str(word)), 1, lacking)


def _higher_niveau(alone: PairContext, rows: Ints) -> Iterator[_Poging]:
    """Try each competentie that a place asks at a higher niveau than was judged."""
    eisen, niveaus = alone.plek.eisen[rows], alone.jongere.niveaus[0]
    have = niveaus[eisen["competentie"]]
    short = (eisen["niveau"] > 0) & (have >= 0) & (have < eisen["niveau"])
    for code in np.unique(eisen["competentie"][short]):
        judged = int(niveaus[code])
        if judged < HIGHEST:
            asking = rows[(short & (eisen["competentie"] == code)).any(axis=1)]
            stap = Stap(Aanpassing.COMPETENTIE, judged, judged + 1, alone.competenties[int(code)])
            yield _Poging(stap, 1, asking)


def _bits(words: Sequence[Vervoer]) -> int:
    order = list(Vervoer)
    return sum(1 << order.index(word) for word in words)


def _apply(alone: PairContext, stap: Stap, rows: Ints) -> PairContext:
    """Return the context of one jongere with a step applied; `rows` are the places it is of."""
    if stap.aanpassing in OF_PLEK:
        return _apply_to_plek(alone, stap, rows)
    rows_of = alone.jongere
    own = rows_of._replace(**{name: getattr(rows_of, name).copy() for name in CHANGES})
    side = replace(alone, jongere=own, beoordeeld=alone.beoordeeld.copy())
    jongere = side.jongere.rij
    if stap.aanpassing is Aanpassing.REISTIJD:
        jongere["reistijd_max"][0] = float(stap.naar)
    elif stap.aanpassing is Aanpassing.VERVOER:
        has = int(jongere["vervoer"][0])
        known = has if has > 0 else _bits(DEFAULT_VERVOER)
        jongere["vervoer"][0] = known | _bits([Vervoer(str(stap.naar))])
    else:
        _judge(side, str(stap.competentie_id), int(stap.naar))
    refresh_eigen(side.jongere)
    return side


def _judge(side: PairContext, competentie_id: str, niveau: int) -> None:
    """Write a niveau, and the mean that follows from it."""
    code = side.competenties.index(competentie_id)
    niveaus, jongere = side.jongere.niveaus, side.jongere.rij
    before, count = int(niveaus[0, code]), int(side.beoordeeld[0])
    mean = float(jongere["gemiddeld"][0]) if count else 0.0
    if before == UNKNOWN:
        side.beoordeeld[0] = count + 1
        jongere["gemiddeld"][0] = (mean * count + niveau) / (count + 1)
    else:
        jongere["gemiddeld"][0] = mean + (niveau - before) / count
    niveaus[0, code] = niveau


def _apply_to_plek(alone: PairContext, stap: Stap, rows: Ints) -> PairContext:
    rij, eigen = alone.plek.rij.copy(), alone.plek.eigen
    if stap.aanpassing is Aanpassing.UREN:
        rij["uren_min"][rows] = float(stap.naar)
    else:
        word = 1 << list(Ondersteuning).index(Ondersteuning(str(stap.naar)))
        rij["begeleiding"][rows] |= word
        eigen = eigen.copy()
        offered = np.bitwise_count(rij["begeleiding"][rows])
        eigen[rows, PLEK_EIGEN.index("begeleiding_aanbod")] = offered
    return replace(alone, plek=alone.plek._replace(rij=rij, eigen=eigen))
