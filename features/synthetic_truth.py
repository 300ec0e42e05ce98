"""True probabilities of a made-up region: what a perfect model could know."""

import numpy as np
import polars as pl

from features.synthetic_config import OUT, Floats, Ints, RegionConfig, first_days, sigmoid
from features.synthetic_history import Truth
from features.synthetic_loopbaan import advance
from features.synthetic_plaatsing import Situation, pair_logit
from features.synthetic_state import Month

HORIZON_MONTHS = 12
CHUNK = 400_000
"""Futures that are drawn at once, for memory."""


def uitval_probability(
    config: RegionConfig, truth: Truth, spine: pl.DataFrame, replicates: int
) -> Floats:
    """Return the share of redrawn futures with uitval; see `features.synthetic.true_uitval`."""
    who, month = _numbers(spine), _months(config, spine)
    chance = np.full(who.size, np.nan)
    for number in np.unique(month):
        state = truth.states[number]
        eligible = (state.soort != OUT) & ~state.startkwalificatie
        rows = np.flatnonzero((month == number) & eligible[who])
        rng = config.rng(1000 + int(number))
        size = max(1, CHUNK // replicates)
        for begin in range(0, rows.size, size):
            part = rows[begin : begin + size]
            chance[part] = _share(config, truth, int(number), who[part], replicates, rng)
    return chance


def _share(
    config: RegionConfig,
    truth: Truth,
    number: int,
    who: Ints,
    replicates: int,
    rng: np.random.Generator,
) -> Floats:
    """Draw futures of these jongeren from the first day of a month; return the share of uitval."""
    copies = np.repeat(who, replicates)
    state, jongeren = truth.states[number].take(copies), truth.jongeren.take(copies)
    jongeren.instap[:] = -1
    left = np.zeros(copies.size, bool)
    months = np.arange(number, number + HORIZON_MONTHS)
    for later, day in zip(months, first_days(config, months), strict=True):
        left |= advance(state, jongeren, Month(int(later), day, truth.places, rng, None, None))
    share: Floats = left.reshape(who.size, replicates).mean(axis=1)
    return share


def plaatsing_probability(config: RegionConfig, truth: Truth, pairs: pl.DataFrame) -> Floats:
    """Return the exact probability per pair; see `features.synthetic.true_plaatsing`."""
    who, month = _numbers(pairs), _months(config, pairs)
    plek = pairs["leerwerkplek_id"].str.slice(1).cast(pl.Int64).to_numpy()
    mood, practice = np.zeros(who.size), np.zeros(who.size)
    for number in np.unique(month):
        rows = month == number
        state = truth.states[number]
        mood[rows], practice[rows] = state.toestand[who[rows]], state.ervaring[who[rows]]
    logit = pair_logit(truth.jongeren.take(who), Situation(mood, practice), plek, truth.places)
    return sigmoid(logit)


def _numbers(frame: pl.DataFrame) -> Ints:
    return frame["jongere_id"].str.slice(1).cast(pl.Int64).to_numpy()


def _months(config: RegionConfig, frame: pl.DataFrame) -> Ints:
    begin = config.begin.year * 12 + config.begin.month
    day = frame["peildatum"]
    months = day.dt.year().cast(pl.Int64) * 12 + day.dt.month().cast(pl.Int64) - begin
    if frame.height and not months.is_between(0, config.months).all():
        raise ValueError("a peildatum lies outside the history of the region")
    return months.to_numpy()
