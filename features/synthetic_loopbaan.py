"""The mechanism of a made-up region: what a month does to every jongere.

`advance` is the whole of it. The history is one run of it; the true uitvalrisico comes from
running the same function again, many times, from the state on a peildatum.
"""

import numpy as np

from features.synthetic_config import (
    AUGUST,
    ENTREE,
    JULY,
    JUNE,
    MBO_2,
    MBO_3,
    MBO_4,
    OUT,
    PRO,
    VAVO,
    VSO,
    Bools,
    Days,
    Floats,
    Ints,
    calendar_month,
    choose,
    sigmoid,
)
from features.synthetic_jongeren import Jongeren
from features.synthetic_places import GROEN, SCHOLEN, SCHOOL_CHOICE, SECTOREN
from features.synthetic_stages import arrange_stages, run_stages
from features.synthetic_state import LONG_AGO, Month, State
from features.vocabulary import Sector

MOOD_MEMORY = 0.86
"""Correlation of the toestand with that of the month before."""
LEVEL = np.array([-6.6, -5.9, -5.16, -5.16, -5.53, -6.53, -6.29])
"""Log-odds to leave in a month, per kind of education, for an average jongere without trouble."""
YEAR_END = np.array([2.0, 2.0, 2.1, 2.4, 2.5, 2.2, 2.2])
"""What comes on top in July."""
SEASON = {9: -0.2, 10: 0.25, 11: 0.3, 12: 0.0, 1: 0.2, 2: 0.3, 3: 0.1, 4: -0.1, 5: -0.3, 6: -0.5}
"""Months in which leaving is more common, as log-odds; in July and August nobody just leaves."""
DUUR = np.array([5, 5, 1, 1, 2, 3, 3])
"""Years of each kind of education."""
BBL_SHARE = np.array([0.0, 0.0, 0.0, 0.12, 0.3, 0.35, 0.12])
DESTINATION = {
    PRO: (0.0, 0.0, 0.02, 0.6, 0.36, 0.02, 0.0),
    VSO: (0.0, 0.0, 0.1, 0.55, 0.28, 0.05, 0.02),
    VAVO: (0.0, 0.0, 0.3, 0.0, 0.1, 0.2, 0.4),
    ENTREE: (0.0, 0.0, 0.0, 0.0, 0.92, 0.08, 0.0),
    MBO_2: (0.0, 0.0, 0.0, 0.0, 0.1, 0.7, 0.2),
    MBO_3: (0.0, 0.0, 0.0, 0.0, 0.0, 0.1, 0.9),
    MBO_4: (0.0, 0.0, 0.0, 0.0, 0.1, 0.1, 0.8),
}
"""Where one goes on after finishing (rows) by kind of education (columns)."""
SWITCH = {
    ENTREE: (0.0, 0.0, 0.0, 0.75, 0.25, 0.0, 0.0),
    MBO_2: (0.0, 0.0, 0.0, 0.12, 0.7, 0.18, 0.0),
    MBO_3: (0.0, 0.0, 0.0, 0.0, 0.35, 0.5, 0.15),
    MBO_4: (0.0, 0.0, 0.03, 0.0, 0.07, 0.35, 0.55),
}
"""Where one goes when switching on the way."""
FINISH = np.array([0.0, 0.0, 0.45, 1.0, 1.75, 2.2, 2.1])
"""Log-odds to obtain the diploma in the last year, for an average jongere."""
ON_AFTER = np.array([0.5, 0.1, 0.4, 0.0, 0.46, 0.28, 0.0])
"""Log-odds (pro, vso) or share (others with a startkwalificatie) that goes on after the end."""
RETURN_MONTHS = 3
"""Who has left stays away at least so many months: longer than any accepted interruption."""


def advance(state: State, jongeren: Jongeren, month: Month) -> Bools:
    """Let one month pass; change the state in place.

    Returns
    -------
    ndarray of bool
        Who left education without startkwalificatie in this month (and stays away for longer than
        any accepted interruption).
    """
    _enter(state, jongeren, month)
    _drift(state, month)
    busy = state.rest > 0
    broken = run_stages(state, month)
    left = _leave(state, jongeren, month, broken)
    arrange_stages(state, jongeren, month, busy)
    if month.of_year == JULY:
        left |= _end_year(state, jongeren, month)
    _return(state, jongeren, month)
    return left


def risk_logit(state: State, jongeren: Jongeren) -> Floats:
    """Return what a jongere's traits and situation add to the log-odds to leave."""
    since_break = 0.9 * np.exp(-state.na_breuk / 3.0)
    new = 0.7 * (state.na_overstap < 7)
    stuck = 0.95 * (state.zoek > 0)
    searching = 0.35 * np.clip((state.zoek_weken - 8.0) / 8.0, -0.5, 2.0)
    traits = 0.55 * jongeren.kwetsbaar - 0.2 * jongeren.talent - 0.2 * jongeren.netwerk
    risk: Floats = traits + 0.75 * state.toestand + since_break + new + stuck + searching
    return risk


def _enter(state: State, jongeren: Jongeren, month: Month) -> None:
    who = np.flatnonzero(jongeren.instap == month.number)
    late = calendar_month(month.number) != AUGUST
    _enrol(
        state, jongeren, month, who, jongeren.instap_soort[who], month.days(who.size, 0, 9 * late)
    )
    state.leerjaar[who] = jongeren.instap_leerjaar[who]


def _drift(state: State, month: Month) -> None:
    """Let the toestand wander; a poor place or a stuck search makes it worse."""
    n = state.soort.size
    noise = month.rng.normal(0, np.sqrt(1 - MOOD_MEMORY**2), n)
    pull = 0.16 * np.clip(0.8 - state.logit, -1.0, 3.0) * (state.rest > 0)
    pull += 0.14 * (state.zoek > 0) + 0.08 * (state.na_overstap < 7)
    state.toestand[:] = MOOD_MEMORY * state.toestand + noise + pull
    for counter in (state.na_breuk, state.na_overstap):
        counter[:] = np.minimum(counter + 1, LONG_AGO)
    state.uit[state.uit >= 0] += 1


def _leave(state: State, jongeren: Jongeren, month: Month, broken: Bools) -> Bools:
    """Draw who leaves during the year; nobody leaves while a stage runs well."""
    left = np.zeros(state.soort.size, bool)
    if month.of_year not in SEASON:
        return left
    free = np.flatnonzero((state.soort != OUT) & (state.rest == 0))
    logit = LEVEL[state.soort[free]] + SEASON[month.of_year] + 0.8 * broken[free]
    logit += risk_logit(state, jongeren)[free] + 0.7 * state.bbl[free]
    going = free[month.rng.random(free.size) < sigmoid(logit)]
    left[going] = ~state.startkwalificatie[going]
    _unenrol(state, month, going, month.days(going.size, 13, 26), np.zeros(going.size, np.int8))
    return left


def _end_year(state: State, jongeren: Jongeren, month: Month) -> Bools:
    """Let all who are enrolled finish, go on, switch or leave; new enrolments begin in August."""
    rng = month.rng
    who = np.flatnonzero((state.soort != OUT) & (state.soort >= 0))
    soort = state.soort[who].astype(np.int64)
    last = state.leerjaar[who] >= DUUR[soort]
    risk = risk_logit(state, jongeren)[who]
    earned = FINISH[soort] - 0.35 * risk + 0.35 * jongeren.talent[who]
    diploma = last & (soort >= VAVO) & (rng.random(who.size) < sigmoid(earned))
    counts = diploma & ((soort >= MBO_2) | ((soort == VAVO) & (rng.random(who.size) < 0.6)))
    state.startkwalificatie[who] |= counts
    leaving = _who_leaves(state, month, who, soort, risk, last, diploma)
    moves = ~leaving & (diploma | (last & (soort <= VSO)))
    switches = ~leaving & ~moves & (soort >= ENTREE) & (rng.random(who.size) < 0.09 + 0.04 * last)
    _write_diplomas(month, who[diploma], soort[diploma], state, counts[diploma])
    left = np.zeros(state.soort.size, bool)
    left[who[leaving]] = ~state.startkwalificatie[who[leaving]]
    _unenrol(
        state,
        month,
        who[leaving],
        month.days(leaving.sum(), 11, 30),
        diploma[leaving].astype(np.int8),
    )
    for rows, table, reden in ((moves, DESTINATION, diploma), (switches, SWITCH, switches * 2)):
        for kind, chances in table.items():
            here = np.flatnonzero(rows & (soort == kind))
            target = choose(np.array(chances), rng.random(here.size))
            _move(state, jongeren, month, who[here], target, reden[here].astype(np.int8))
    stay = ~leaving & ~moves & ~switches
    state.leerjaar[who[stay]] = np.minimum(state.leerjaar[who[stay]] + 1, 6)
    return left


def _who_leaves(
    state: State, month: Month, who: Ints, soort: Ints, risk: Floats, last: Bools, diploma: Bools
) -> Bools:
    """Draw who does not come back after the summer."""
    logit = LEVEL[soort] + YEAR_END[soort] + risk + 0.6 * (last & ~diploma & (soort >= VAVO))
    logit = np.where(diploma & (soort == ENTREE), logit + 0.9, logit)
    logit = np.where(last & (soort <= VSO), -ON_AFTER[soort] + 0.5 * risk, logit)
    chance = sigmoid(logit)
    with_diploma = diploma & state.startkwalificatie[who]
    chance = np.where(with_diploma, 1 - ON_AFTER[soort], chance)
    return month.rng.random(who.size) < chance


def _write_diplomas(month: Month, who: Ints, soort: Ints, state: State, counts: Bools) -> None:
    if month.journal is not None and who.size:
        month.journal.diplomas.append(
            {
                "who": who,
                "soort": soort,
                "school": state.school[who].copy(),
                "opleiding": state.opleiding[who].copy(),
                "telt": counts,
                "dag": month.days(who.size, 0, 10),
            }
        )


def _move(
    state: State, jongeren: Jongeren, month: Month, who: Ints, soort: Ints, reden: Ints
) -> None:
    """End an enrolment in July and begin the next in August."""
    from_pro = np.isin(state.soort[who], (PRO, VSO)) & (soort >= ENTREE)
    _unenrol(state, month, who, month.days(who.size, 11, 30), reden)
    begin = np.datetime64(month.day + np.timedelta64(31, "D"))
    late = np.where(month.rng.random(who.size) < 0.12, 31, 0)
    _enrol(state, jongeren, month, who, soort, begin + late.astype("timedelta64[D]"))
    state.na_overstap[who[from_pro]] = -1


def _unenrol(state: State, month: Month, who: Ints, days: Days, reden: Ints) -> None:
    """End the enrolment; `reden` 0 is leaving, 1 the diploma, 2 a switch."""
    if month.journal is not None and who.size:
        month.journal.end("inschrijving", who, dag=days, reden=reden, soort=state.soort[who].copy())
    state.soort[who] = OUT
    state.uit[who] = 0
    state.zoek[who] = 0
    state.rest[who] = 0


def _enrol(
    state: State, jongeren: Jongeren, month: Month, who: Ints, soort: Ints, days: Days
) -> None:
    """Begin an enrolment in the first leerjaar; choose opleiding, leerweg and school."""
    rng, places = month.rng, month.places
    niveau = np.maximum(soort - ENTREE + 1, 1)
    fits = (places.niveau == niveau[:, None]) * places.keuze
    first, second = jongeren.wens[who].T[:, :, None]
    fits = fits * np.where(
        places.sector == first, 8.0, np.where(places.sector == second, 2.0, 0.25)
    )
    opleiding = choose(fits, rng.random(who.size)) if who.size else np.zeros(0, np.int64)
    state.soort[who] = soort
    state.opleiding[who] = opleiding
    state.leerjaar[who] = 1
    state.bbl[who] = rng.random(who.size) < BBL_SHARE[soort]
    state.uit[who] = -1
    state.school[who] = _pick_school(soort, places.sector[opleiding], rng)
    if month.journal is not None and who.size:
        month.journal.begin(
            "inschrijving",
            who,
            dag=days,
            soort=soort,
            school=state.school[who].copy(),
            opleiding=opleiding,
            bbl=state.bbl[who].copy(),
        )


def _pick_school(soort: Ints, sector: Ints, rng: np.random.Generator) -> Ints:
    school = np.zeros(soort.size, np.int64)
    kinds = np.array(
        [
            GROEN if s == Sector.VOEDSEL_GROEN else 2 if s in (Sector.TECHNIEK, Sector.BOUW) else 0
            for s in SECTOREN
        ]
    )
    mbo = np.flatnonzero(soort >= ENTREE)
    if mbo.size:
        school[mbo] = choose(SCHOOL_CHOICE[kinds[sector[mbo]]], rng.random(mbo.size))
    for kind in (PRO, VSO, VAVO):
        options = np.array([i for i, (*_, kinds_) in enumerate(SCHOLEN) if kind in kinds_])
        rows = np.flatnonzero(soort == kind)
        school[rows] = options[rng.integers(0, options.size, rows.size)]
    return school


def _return(state: State, jongeren: Jongeren, month: Month) -> None:
    """Let some who left without startkwalificatie come back, mostly in August."""
    gone = (state.uit >= RETURN_MONTHS) & ~state.startkwalificatie
    age = (month.number - jongeren.geboren) / 12
    chance = np.where(month.of_year == AUGUST, 0.09, 0.008) * (age < 23)
    if month.of_year in (JUNE, JULY):
        return
    who = np.flatnonzero(gone & (month.rng.random(gone.size) < chance))
    soort = choose(np.array([0.0, 0.0, 0.04, 0.4, 0.4, 0.1, 0.06]), month.rng.random(who.size))
    _enrol(state, jongeren, month, who, soort, month.days(who.size, 0, 9))
