"""The rules and the features of pairs, compiled: one jongere row beside one place row at a time.

This is the one definition of every `Blokkade` and of every feature that needs both sides. What is
unknown is NaN in floats and `UNKNOWN` in whole numbers, and never blocks. Import this module only
where it is used: it compiles (`features.compiled`).
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from features.compiled import compiled
from features.travel import Travel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Small = NDArray[np.int8]
Masks = NDArray[np.uint16]
Rows = NDArray[np.void]
"""A structured array: columns by name."""
Row = Any
"""A row of a structured array: fields by name."""

UNKNOWN = -1
MOST = 5.0
"""Ratios are cut off here: five times too much is as bad as it gets."""

ERKENNING, UREN, REISTIJD, OMSTANDIGHEID, HARDE_EIS, RIJBEWIJS = 1, 2, 4, 8, 16, 32
ONDERSTEUNING, PERIODE, VOL, LEEFTIJD, EIGEN_OPLEIDING = 64, 128, 256, 512, 1024
"""Bits of `features.blokkade.bit`; a test holds them together."""

PAIRED = (
    "uren_verhouding",
    "uren_overlap",
    "uren_boven",
    "reistijd_verhouding",
    "reistijd_boven",
    "rijbewijs_ontbreekt",
    "omstandigheden_vermeden",
    "begeleiding_ontbreekt",
    "eisen_gehaald",
    "eisen_tekort",
    "harde_eisen_tekort",
    "eisen_tekort_verwacht",
    "eisen_onbekend",
    "sector_wens",
    "opleiding_gelijk",
    "opleiding_sector_gelijk",
    "niveau_verschil",
)
"""Features of both sides, in the order in which `fill_features` counts them."""


JONGERE = np.dtype(
    [
        *(
            (name, np.float64)
            for name in (
                "uren_min",
                "uren_max",
                "reistijd_max",
                "reistijd_gewoon",
                "rijbewijs",
                "opleidingcode",
                "opleiding_niveau",
                "opleiding_sector",
                "geboortemaand",
                "gemiddeld",
                "x",
                "y",
                "z",
            )
        ),
        *((name, np.int64) for name in ("vervoer", "vermijdt", "steun", "eigen_plek", "crebo")),
    ]
)
"""A row of a jongere: home on the unit sphere, month of birth since the year 0, mean judged niveau;
bit sets of ways of travelling, conditions to avoid and support needed; own place; column of
`PlekSide.erkent`."""
PLEK = np.dtype(
    [
        *(
            (name, np.float64)
            for name in (
                "uren_min",
                "uren_max",
                "opleidingcode",
                "opleiding_niveau",
                "vrij",
                "erkend",
                "startmaand",
                "leeftijd",
                "x",
                "y",
                "z",
            )
        ),
        *((name, np.int64) for name in ("plek_code", "omstandigheden", "begeleiding", "sector")),
        *((name, np.int64) for name in ("bekend", "open", "spot")),
    ]
)
"""A row of a place: what it asks and offers, free capacity, month in which one can start, least age
in months by then; whether anything is known of it, and whether it is open (1 or 0);
the first row of a place at the same spot."""
EIS = np.dtype([("competentie", np.int32), ("niveau", np.int8), ("hard", np.int8)])
"""A demand: column of `JongereSide.niveaus`, niveau asked (`UNKNOWN`: no demand), hard or not."""


class JongereSide(NamedTuple):
    """One side of the pairs; the last row of each is a jongere of whom nothing is known."""

    rij: Rows
    """Of `JONGERE`."""
    wensen: Floats
    """Rank of each sector in the wishes; 0 when not wished, NaN without wishes."""
    niveaus: Small
    """Judged niveau per competentie; the last column stands for no competentie."""
    eigen: Floats
    """Features of the jongere alone."""


class PlekSide(NamedTuple):
    """The other side; the last row of each is a place of which nothing is known."""

    rij: Rows
    """Of `PLEK`."""
    erkent: Small
    """Per crebo whether the leerbedrijf is recognised for it: 1, 0 or `UNKNOWN`."""
    eisen: Rows
    """Of `EIS`, as many columns as the place that asks most has demands."""
    eigen: Floats
    """Features of the place alone."""


@compiled
def _minutes(jongere: Row, plek: Row, travel: Travel) -> float:
    """Return the minutes of the fastest way: the chord of the sphere gives the great circle."""
    x, y, z = jongere.x - plek.x, jongere.y - plek.y, jongere.z - plek.z
    half = 0.5 * np.sqrt(x * x + y * y + z * z)
    if np.isnan(half):
        return float(np.nan)
    km = max(travel.diameter_km * np.arcsin(min(half, 1.0)), travel.least_km)
    ways = jongere.vervoer if jongere.vervoer > 0 else travel.standaard
    fastest = np.inf
    for way in range(len(travel.per_km)):
        if ways >> way & 1:
            fastest = min(fastest, km * travel.per_km[way] + travel.vast[way])
    return float(fastest)


@compiled
def _count(members: int) -> float:
    """Return how many bits are set."""
    found = 0.0
    while members:
        members &= members - 1
        found += 1.0
    return found


@compiled
def _hard_gap(niveaus: Small, eisen: Rows) -> bool:
    """Whether a hard demand is judged lower than asked."""
    for eis in eisen:
        have = niveaus[eis.competentie]
        if eis.hard and have >= 0 and have < eis.niveau:
            return True
    return False


@compiled
def _conditions(jongere: Row, plek: Row, licence: int) -> int:
    """Return the bits of what the work asks and the place offers, against limits and needs."""
    mask = 0
    if plek.omstandigheden >= 0:
        if jongere.vermijdt >= 0 and jongere.vermijdt & plek.omstandigheden & ~licence:
            mask |= OMSTANDIGHEID
        if plek.omstandigheden & licence and jongere.rijbewijs == 0:
            mask |= RIJBEWIJS
    if plek.begeleiding >= 0 and jongere.steun > 0 and jongere.steun & ~plek.begeleiding:
        mask |= ONDERSTEUNING
    return mask


@compiled
def _law(jongere: Row, plek: Row, erkent: int) -> int:
    """Return the bits of what the law asks."""
    mask = 0
    if plek.erkend == 0:
        mask |= ERKENNING
    if erkent == 0:
        mask |= EIGEN_OPLEIDING
    if plek.startmaand - jongere.geboortemaand < plek.leeftijd:
        mask |= LEEFTIJD
    return mask


@compiled
def _room(jongere: Row, plek: Row) -> int:
    """Return the bits of time and room: hours, whether the place is open, capacity left."""
    mask = 0
    if plek.uren_min > jongere.uren_max:
        mask |= UREN
    if not plek.open:
        mask |= PERIODE
    if plek.vrij + (jongere.eigen_plek == plek.plek_code) <= 0:
        mask |= VOL
    return mask


@compiled
def _rules(
    jongere: JongereSide, plek: PlekSide, travel: Travel, j: int, p: int, minutes: float
) -> int:
    """Return the bits of the rules that block a pair."""
    one, place = jongere.rij[j], plek.rij[p]
    mask = _law(one, place, plek.erkent[p, one.crebo])
    mask |= _room(one, place) | _conditions(one, place, travel.rijbewijs)
    if minutes > one.reistijd_max:
        mask |= REISTIJD
    if _hard_gap(jongere.niveaus[j], plek.eisen[p]):
        mask |= HARDE_EIS
    return mask


@compiled
def block_all(
    jongere: JongereSide,
    plek: PlekSide,
    travel: Travel,
    jongeren: Ints,
    plekken: Ints,
    masks: Masks,
) -> None:
    """Fill the masks of every jongere beside every place, shape (n_jongeren, n_plekken).

    Places at one spot share the journey of a jongere: it is worked out once.
    """
    known = np.full(len(plek.rij), UNKNOWN)
    journey = np.empty(len(plek.rij))
    for row in range(len(jongeren)):
        j = jongeren[row]
        for place in range(len(plekken)):
            p = plekken[place]
            spot = plek.rij[p].spot
            if known[spot] != row:
                known[spot] = row
                journey[spot] = _minutes(jongere.rij[j], plek.rij[p], travel)
            masks[row, place] = _rules(jongere, plek, travel, j, p, journey[spot])


@compiled
def block_pairs(
    jongere: JongereSide,
    plek: PlekSide,
    travel: Travel,
    jongeren: Ints,
    plekken: Ints,
    masks: Masks,
) -> None:
    """Fill the mask of each pair of rows."""
    for row in range(len(jongeren)):
        j, p = jongeren[row], plekken[row]
        minutes = _minutes(jongere.rij[j], plek.rij[p], travel)
        masks[row] = _rules(jongere, plek, travel, j, p, minutes)


@compiled
def _ratio(value: float, limit: float) -> float:
    return min(value / limit, MOST)


@compiled
def _overlap(least: float, most: float, wished_least: float, wished_most: float) -> float:
    """Return the share of [least, most] within the wish; of a single point, whether it is in."""
    if np.isnan(wished_most + least + most):
        return float(np.nan)
    floor = 0.0 if np.isnan(wished_least) else wished_least
    common = min(most, wished_most) - max(least, floor)
    if most > least:
        return max(common, 0.0) / (most - least)
    return 1.0 if common >= 0 else 0.0


@compiled
def _equal(left: float, right: float) -> float:
    if np.isnan(left + right):
        return float(np.nan)
    return 1.0 if left == right else 0.0


@compiled
def _fill_hours(jongere: Row, plek: Row, found: Floats, at: Ints, row: int) -> None:
    least, can = plek.uren_min, jongere.uren_max
    found[at[0], row] = _ratio(least, can)
    found[at[1], row] = _overlap(least, plek.uren_max, jongere.uren_min, can)
    found[at[2], row] = least - can


@compiled
def _fill_journey(jongere: Row, minutes: float, found: Floats, at: Ints, row: int) -> None:
    limit = jongere.reistijd_max
    found[at[3], row] = _ratio(minutes, limit)
    found[at[4], row] = minutes - (jongere.reistijd_gewoon if np.isnan(limit) else limit)


@compiled
def _fill_conditions(
    jongere: Row, plek: Row, licence: int, found: Floats, at: Ints, row: int
) -> None:
    lacks, avoided, lacking = np.nan, np.nan, np.nan
    if plek.omstandigheden >= 0:
        lacks = 1 - jongere.rijbewijs if plek.omstandigheden & licence else 0.0
        if jongere.vermijdt >= 0:
            avoided = _count(jongere.vermijdt & plek.omstandigheden & ~licence)
    if plek.begeleiding >= 0:
        lacking = _count(jongere.steun & ~plek.begeleiding) if jongere.steun > 0 else 0.0
    found[at[5], row] = lacks
    found[at[6], row] = avoided
    found[at[7], row] = lacking


@compiled
def _fill_demands(
    mean: float, niveaus: Small, known_place: bool, eisen: Rows, found: Floats, at: Ints, row: int
) -> None:
    """Hold the demands of the place against what the jongere was judged on."""
    total, judged, met, gap, hard_gap, likely = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for eis in eisen:
        if eis.niveau <= 0:
            continue
        total += 1
        have = niveaus[eis.competentie]
        if have < 0:
            likely += np.nan if np.isnan(mean) else max(eis.niveau - mean, 0.0)
            continue
        short = max(eis.niveau - have, 0)
        judged += 1
        met += short == 0
        gap += short
        hard_gap += short * eis.hard
        likely += short
    found[at[8], row] = met / judged if judged > 0 else np.nan
    found[at[9], row] = gap if judged > 0 else np.nan
    found[at[10], row] = hard_gap if judged > 0 else np.nan
    found[at[11], row] = likely if known_place else np.nan
    found[at[12], row] = (total - judged) / total if total > 0 else np.nan


@compiled
def _fill_wish(jongere: Row, plek: Row, wensen: Floats, found: Floats, at: Ints, row: int) -> None:
    rank = wensen[plek.sector]
    found[at[13], row] = 1 / rank if rank > 0 else rank
    code = np.nan if plek.sector < 0 else float(plek.sector)
    found[at[14], row] = _equal(jongere.opleidingcode, plek.opleidingcode)
    found[at[15], row] = _equal(jongere.opleiding_sector, code)
    found[at[16], row] = plek.opleiding_niveau - jongere.opleiding_niveau


@compiled
def fill_features(
    jongere: JongereSide,
    plek: PlekSide,
    travel: Travel,
    jongeren: Ints,
    plekken: Ints,
    at: Ints,
    found: Floats,
    minutes: Floats,
) -> None:
    """Fill the features of each pair of rows, and its travel minutes.

    Parameters
    ----------
    jongere, plek, travel : JongereSide, PlekSide, Travel
        Both sides, and how to go from one to the other.
    jongeren, plekken : array of int of shape (n_pairs,)
        Rows of either side.
    at : array of int of shape (n_features,)
        In which row of `found` each feature comes: those of `PAIRED`, then those of the jongere
        alone, then those of the place alone.
    found : array of shape (n_features, n_pairs)
        Filled here.
    minutes : array of shape (n_pairs,)
        Filled here.
    """
    own = len(PAIRED)
    others = own + jongere.eigen.shape[1]
    for row in range(len(jongeren)):
        j, p = jongeren[row], plekken[row]
        one, place = jongere.rij[j], plek.rij[p]
        minutes[row] = _minutes(one, place, travel)
        _fill_hours(one, place, found, at, row)
        _fill_journey(one, minutes[row], found, at, row)
        _fill_conditions(one, place, travel.rijbewijs, found, at, row)
        _fill_demands(
            one.gemiddeld, jongere.niveaus[j], place.bekend == 1, plek.eisen[p], found, at, row
        )
        _fill_wish(one, place, jongere.wensen[j], found, at, row)
        for number in range(jongere.eigen.shape[1]):
            found[at[own + number], row] = jongere.eigen[j, number]
        for number in range(plek.eigen.shape[1]):
            found[at[others + number], row] = plek.eigen[p, number]
