"""When a stage holds: the true log-odds of a pair, and how busy people choose a place."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from features.synthetic_config import Bools, Floats, Ints
from features.synthetic_jongeren import Jongeren
from features.synthetic_places import RIJBEWIJS, Places

OPTIONS = 10
"""Places that somebody has in mind when a stage is arranged."""
BASE_LOGIT = 3.0
NIET_GESTART_SHARE = 0.2
"""Share of the log-probability of failure that falls on the very start."""


@dataclass(frozen=True)
class Situation:
    """What changes about jongeren and matters for a pair: mood, and months of practice so far."""

    toestand: npt.NDArray[Any]
    ervaring: npt.NDArray[Any]


def true_niveau(
    nummer: Ints, competentie: Ints, jongeren: Jongeren, situation: Situation
) -> Floats:
    """Return the true niveau (0-4) of one competentie per row.

    The part of a jongere for one competentie comes from a hash of both numbers, so that nothing
    of the size jongeren x competenties is kept.
    """
    own = hashed_normal(nummer, competentie)
    growth = 0.75 * (1 - np.exp(-situation.ervaring / 5))
    level = 1.95 + 0.55 * jongeren.talent - 0.25 * jongeren.kwetsbaar + 0.7 * own + growth
    return np.clip(level - 0.12 * situation.toestand, 0.0, 4.0)


def hashed_normal(first: Ints, second: Ints) -> Floats:
    """Return a standard normal number that depends on two whole numbers only (splitmix64)."""
    with np.errstate(over="ignore"):
        x = first.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        x = x + (second.astype(np.uint64) + np.uint64(1)) * np.uint64(0xD1B54A32D192ED03)
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            x = (x ^ (x >> np.uint64(shift))) * np.uint64(factor)
        x = x ^ (x >> np.uint64(31))
    normal: Floats = ndtri((x >> np.uint64(11)).astype(np.float64) * 2.0**-53 + 2.0**-54)
    return normal


def travel_of(jongeren: Jongeren, postcode: Ints, places: Places) -> Floats:
    """Return the minutes of the fastest way that each jongere has to a postcode, one per row."""
    minutes = places.reistijd[:, jongeren.postcode, postcode]
    fastest: Floats = np.where(jongeren.vervoer.T, minutes, np.inf).min(axis=0)
    return fastest


def agreed_hours(jongeren: Jongeren, plek: Ints, places: Places) -> Floats:
    """Return the hours a week of a pair: what the jongere can carry, within what the place asks."""
    least, most = places.plek_uren[plek].T
    return np.clip(jongeren.belastbaar, least, most)


def demand_gap(
    jongeren: Jongeren, situation: Situation, plek: Ints, places: Places
) -> tuple[Floats, Floats]:
    """Return how far the true niveaus stay below the demands: hard ones, and wishes."""
    hard, soft = np.zeros(plek.size), np.zeros(plek.size)
    for column in range(places.plek_eis.shape[1]):
        eis = places.plek_eis[plek, column]
        level = true_niveau(jongeren.nummer, np.maximum(eis, 0), jongeren, situation)
        gap = np.maximum(places.plek_eis_niveau[plek, column] - level, 0.0) * (eis >= 0)
        is_hard = places.plek_eis_hard[plek, column]
        hard += gap * is_hard
        soft += gap * ~is_hard
    return hard, soft


def pair_logit(jongeren: Jongeren, situation: Situation, plek: Ints, places: Places) -> Floats:
    """Return the log-odds that a stage at the place holds until its planned end.

    Rows of all arguments belong together. The effects are invented, their signs come from the
    field: hours, travel and conditions beyond the limits of the jongere break a stage off,
    support that is needed and absent too; wish and a good leerbedrijf keep it going, the more so
    for a vulnerable jongere.
    """
    bedrijf = places.plek_bedrijf[plek]
    over = agreed_hours(jongeren, plek, places) - jongeren.belastbaar
    minutes = travel_of(jongeren, places.bedrijf_postcode[bedrijf], places)
    conditions = places.plek_omstandigheden[plek]
    avoided = (conditions & jongeren.vermijdt).sum(axis=1)
    needs = (jongeren.steun & ~places.plek_steun[plek]).sum(axis=1)
    hard, soft = demand_gap(jongeren, situation, plek, places)
    sector = places.bedrijf_sector[bedrijf]
    wish = 0.55 * (sector == jongeren.wens[:, 0]) + 0.3 * (sector == jongeren.wens[:, 1])
    quality = places.bedrijf_kwaliteit[bedrijf]
    vulnerable = jongeren.kwetsbaar
    logit: Floats = (
        BASE_LOGIT
        - 0.17 * np.maximum(over, 0.0)
        - 0.05 * np.maximum(minutes - jongeren.reis_max, 0.0)
        - 0.008 * minutes
        - np.minimum(avoided, 3) * (0.75 + 0.2 * vulnerable.clip(-1, 2))
        - 1.1 * (conditions[:, RIJBEWIJS] & ~jongeren.rijbewijs)
        - 0.6 * np.minimum(hard, 3.0)
        - 0.3 * np.minimum(soft, 4.0)
        - np.minimum(needs, 3) * (0.65 + 0.2 * vulnerable.clip(-1, 2))
        + wish
        + quality * (0.35 + 0.15 * vulnerable.clip(-1, 2))
        - 0.45 * vulnerable
        - 0.4 * situation.toestand
    )
    return logit


def choose_places(
    jongeren: Jongeren,
    situation: Situation,
    opleiding: Ints,
    day: np.datetime64,
    places: Places,
    free: Ints | None,
    rng: np.random.Generator,
) -> tuple[Ints, Bools, Floats]:
    """Assign a place to each jongere as busy people do.

    Somebody has a few places in mind; a careful person weighs how they fit, a busy one takes what
    is near or popular. Who is vulnerable gets the busy way more often: so places that many choose
    look worse than they are, and history alone misleads. In a region that is not `verstrengeld`
    the place is any of those in mind.

    Parameters
    ----------
    free : ndarray of int or None
        Free capacity per place, lowered here in place; None when capacity is no limit.

    Returns
    -------
    plek : ndarray of int
        The place.
    known : ndarray of bool
        False when none of those in mind was open and free: then the leerbedrijf of the first
        takes the jongere outside its known places.
    logit : ndarray of float
        True log-odds that the stage holds.
    """
    n = opleiding.size
    begin, end = places.kandidaten_begin[opleiding], places.kandidaten_begin[opleiding + 1]
    at = begin[:, None] + (rng.random((n, OPTIONS)) * (end - begin)[:, None]).astype(np.int64)
    options = places.kandidaten[at]
    utility = _utility(jongeren, situation, options, places, rng)
    utility[~_is_open(options, day, places)] = -np.inf
    rank = np.argsort(-utility, axis=1)
    options = np.take_along_axis(options, rank, axis=1)
    usable = np.isfinite(np.take_along_axis(utility, rank, axis=1))
    if free is None:
        plek = np.where(usable[:, 0], options[:, 0], -1)
    else:
        plek = _first_come(options, usable, free, rng)
    known = plek >= 0
    plek = np.where(known, plek, options[:, 0])
    return plek, known, pair_logit(jongeren, situation, plek, places)


def _is_open(options: Ints, day: np.datetime64, places: Places) -> Bools:
    closed = places.plek_sluit[options] < day
    return (places.plek_open[options] <= day) & ~closed


def _utility(
    jongeren: Jongeren,
    situation: Situation,
    options: Ints,
    places: Places,
    rng: np.random.Generator,
) -> Floats:
    n, k = options.shape
    if not places.verstrengeld:
        return rng.random((n, k))
    rows = np.repeat(np.arange(n), k)
    pairs, flat = jongeren.take(rows), options.ravel()
    minutes = travel_of(pairs, places.bedrijf_postcode[places.plek_bedrijf[flat]], places)
    near = (-minutes / 18 + 0.9 * places.plek_trek[flat]).reshape(n, k)
    careful = rng.random(n) < 1 / (1 + np.exp(0.3 + 0.6 * jongeren.kwetsbaar))
    weighed = Situation(situation.toestand[rows], situation.ervaring[rows])
    fit = pair_logit(pairs, weighed, flat, places).reshape(n, k)
    noise = rng.gumbel(0, 0.7, (n, k))
    return near + noise + np.where(careful[:, None], 1.1 * fit, 0.0)


def _first_come(options: Ints, usable: Bools, free: Ints, rng: np.random.Generator) -> Ints:
    """Give each its best place that is still free; who comes first is chance."""
    n, k = options.shape
    plek = np.full(n, -1)
    for column in range(k):
        waiting = np.flatnonzero((plek < 0) & usable[:, column])
        waiting = rng.permutation(waiting)
        wanted = options[waiting, column]
        order = np.argsort(wanted, kind="stable")
        grouped = wanted[order]
        turn = np.arange(grouped.size) - np.searchsorted(grouped, grouped)
        winners = order[turn < free[grouped]]
        plek[waiting[winners]] = wanted[winners]
        np.subtract.at(free, wanted[winners], 1)
    return plek
