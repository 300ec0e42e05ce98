"""Changes that people can make: what may be tried, and how it is applied to the arrays.

Only in the directions that may be asked for: the place asks fewer hours or offers one kind of
support more, the jongere travels longer or in another way, one judged competentie goes up a
niveau. Nobody is asked to carry more hours or to need less support.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from features.blokkade import Blokkade, bit
from features.pair_arrays import PLEK_EIGEN, UNKNOWN, Ints, refresh_eigen
from features.pair_context import PairContext, only_jongere
from features.passendheid import Masks
from features.travel import DEFAULT_VERVOER
from features.vocabulary import Ondersteuning, Vervoer

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
class Poging:
    """A change to try: its size in steps, and for which places (rows) it may matter."""

    stap: Stap
    grootte: int
    plekken: Ints


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
        changed = apply(changed, stap, rows)
    return changed


def pogingen(
    alone: PairContext, rows: Ints, masks: Masks, *, together: bool = False
) -> Iterator[Poging]:
    """Yield the changes to try, each with the places that are open or that it alone can open.

    Parameters
    ----------
    alone : PairContext
        Of the jongere alone.
    rows, masks : array of int of shape (n,)
        The places, and the rules that block them now.
    together : bool
        With every place of which a change can lift one of the rules instead.
    """
    for kind, trying in (
        (Aanpassing.UREN, _fewer_hours),
        (Aanpassing.REISTIJD, _longer_journey),
        (Aanpassing.VERVOER, _other_transport),
        (Aanpassing.BEGELEIDING, _more_support),
        (Aanpassing.COMPETENTIE, _higher_niveau),
    ):
        lifts = bit(LIFTS[kind])
        useful = rows[masks & lifts > 0 if together else (masks == 0) | (masks == lifts)]
        if len(useful):
            yield from (poging for poging in trying(alone, useful) if len(poging.plekken))


def _fewer_hours(alone: PairContext, rows: Ints) -> Iterator[Poging]:
    asked = alone.plek.rij["uren_min"][rows]
    for hours in np.unique(asked):
        for step in range(1, UREN_STEPS + 1):
            less = float(hours) - step * UREN_STEP
            if less >= UREN_LEAST:
                stap = Stap(Aanpassing.UREN, float(hours), less)
                yield Poging(stap, step, rows[asked == hours])


def _longer_journey(alone: PairContext, rows: Ints) -> Iterator[Poging]:
    limit = float(alone.jongere.rij["reistijd_max"][0])
    for step in range(1, REISTIJD_STEPS + 1):
        longer = limit + step * REISTIJD_STEP
        if longer <= REISTIJD_MOST:
            yield Poging(Stap(Aanpassing.REISTIJD, limit, longer), step, rows)


def _other_transport(alone: PairContext, rows: Ints) -> Iterator[Poging]:
    jongere = alone.jongere.rij[0]
    has = int(jongere["vervoer"]) if jongere["vervoer"] > 0 else _bits(DEFAULT_VERVOER)
    more = (*NIEUW_VERVOER, *((Vervoer.AUTO,) if jongere["rijbewijs"] == 1 else ()))
    for word in more:
        if not has & _bits([word]):
            yield Poging(Stap(Aanpassing.VERVOER, None, str(word)), 1, rows)


def _more_support(alone: PairContext, rows: Ints) -> Iterator[Poging]:
    needed, offered = int(alone.jongere.rij["steun"][0]), alone.plek.rij["begeleiding"][rows]
    for place, word in enumerate(Ondersteuning):
        if needed > 0 and needed >> place & 1:
            lacking = rows[(offered >= 0) & (offered >> place & 1 == 0)]
            yield Poging(Stap(Aanpassing.BEGELEIDING, None, str(word)), 1, lacking)


def _higher_niveau(alone: PairContext, rows: Ints) -> Iterator[Poging]:
    """Try each competentie that a place asks at a higher niveau than was judged."""
    eisen, niveaus = alone.plek.eisen[rows], alone.jongere.niveaus[0]
    have = niveaus[eisen["competentie"]]
    short = (eisen["niveau"] > 0) & (have >= 0) & (have < eisen["niveau"])
    for code in np.unique(eisen["competentie"][short]):
        judged = int(niveaus[code])
        if judged < HIGHEST:
            asking = rows[(short & (eisen["competentie"] == code)).any(axis=1)]
            stap = Stap(Aanpassing.COMPETENTIE, judged, judged + 1, alone.competenties[int(code)])
            yield Poging(stap, 1, asking)


def _bits(words: Sequence[Vervoer]) -> int:
    order = list(Vervoer)
    return sum(1 << order.index(word) for word in words)


def apply(alone: PairContext, stap: Stap, rows: Ints) -> PairContext:
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
