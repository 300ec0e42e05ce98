"""Stages of a made-up region: the search, the start, and how they end."""

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
    SOORTEN,
    VAVO,
    VSO,
    Bools,
    Days,
    Floats,
    Ints,
)
from features.synthetic_jongeren import Jongeren
from features.synthetic_plaatsing import NIET_GESTART_SHARE, Situation, choose_places
from features.synthetic_places import SECTOREN
from features.synthetic_state import Month, State
from features.vocabulary import Sector

HEAD_START_WEEKS = 8
"""Weeks before the wished begin of a stage in which the search starts."""
FIRST_START, LAST_START = 9, 5
"""Months between which stages start; not in May any more."""
LAST_LEERJAAR = 6
STAGE_PLAN = {
    9: {
        PRO: (0.0, 0.0, 0.0, 0.8, 0.9, 0.9),
        VSO: (0.0, 0.0, 0.0, 0.5, 0.6, 0.6),
        MBO_2: (0.0, 0.55, 0.55, 0.55, 0.55, 0.55),
        MBO_3: (0.0, 0.5, 0.5, 0.5, 0.5, 0.5),
        MBO_4: (0.0, 0.3, 0.75, 0.75, 0.75, 0.75),
    },
    11: {ENTREE: (0.9, 0.7, 0.7, 0.7, 0.7, 0.7)},
    2: {
        PRO: (0.0, 0.0, 0.5, 0.8, 0.9, 0.9),
        VSO: (0.0, 0.0, 0.0, 0.5, 0.6, 0.6),
        MBO_2: (0.75, 0.9, 0.9, 0.9, 0.9, 0.9),
        MBO_3: (0.35, 0.6, 0.8, 0.8, 0.8, 0.8),
        MBO_4: (0.0, 0.6, 0.0, 0.0, 0.0, 0.0),
    },
}
"""Chance that a stage is due in a month of the year, per kind of education and leerjaar."""
PLANNED_MONTHS = np.array([4, 4, 4, 7, 5, 5, 5])
"""Length of a stage per kind of education; BBL and the last year of mbo-4 go on till summer."""
TILL_SUMMER = 10


def run_stages(state: State, month: Month) -> Bools:
    """Let running stages break off or come a month nearer to their end; return who broke off."""
    running = state.rest > 0
    months = np.maximum(state.duur - 1, 1)
    log_hold = -np.logaddexp(0.0, -state.logit) * (1 - NIET_GESTART_SHARE) / months
    broken = running & (month.rng.random(running.size) >= np.exp(log_hold))
    _break_off(state, month, np.flatnonzero(broken), started=True)
    state.rest[running & ~broken] -= 1
    state.ervaring[running & ~broken] += 1
    done = np.flatnonzero(running & ~broken & (state.rest == 0))
    state.toestand[done] -= 0.25
    if month.journal is not None and done.size:
        month.journal.end(
            "stage",
            done,
            dag=_planned_end(month, np.full(done.size, month.number)),
            gestart=np.ones(done.size, bool),
            gelukt=np.ones(done.size, bool),
            logit=state.logit[done],
            toestand=state.toestand[done],
        )
    return broken


def _planned_end(month: Month, last: Ints) -> Days:
    """Return the planned last day of a stage whose last month is given; in June it is 10 July."""
    first = month.day.astype("datetime64[M]") + (last - month.number).astype("timedelta64[M]")
    end = (first + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    of_year = first.astype(np.int64) % 12 + 1
    planned: Days = end + np.where(of_year == JUNE, 10, 0).astype("timedelta64[D]")
    return planned


def _break_off(state: State, month: Month, who: Ints, *, started: bool) -> None:
    state.rest[who] = 0
    state.na_breuk[who] = 0
    state.toestand[who] += 0.4
    if month.journal is not None and who.size:
        days = month.days(who.size, 0, 11)
        month.journal.end(
            "stage",
            who,
            dag=days,
            gestart=np.full(who.size, started),
            gelukt=np.zeros(who.size, bool),
            logit=state.logit[who],
            toestand=state.toestand[who],
        )


def arrange_stages(state: State, jongeren: Jongeren, month: Month, busy: Bools) -> None:
    """Start the stages whose search ends now, and the searches of stages that are due.

    Who was `busy` with a stage in this month starts no other one in it.
    """
    if month.of_year in (JUNE, JULY, AUGUST):
        state.zoek[:] = 0
        return
    waiting = state.zoek > 0
    state.zoek[waiting] -= 1
    found = waiting & (state.zoek == 0)
    idle = (state.soort != OUT) & ~busy & ~waiting
    due = idle & (month.rng.random(idle.size) < _due(state, month.of_year))
    who = np.flatnonzero(due)
    weeks = _search_weeks(state, jongeren, month, who)
    state.zoek_weken[who] = weeks
    delay = np.ceil(np.maximum(weeks - HEAD_START_WEEKS, 0) / 4.35).astype(np.int8)
    state.zoek[who] = np.minimum(delay, 9)
    _start_stages(state, jongeren, month, np.flatnonzero(found | (due & (state.zoek == 0))))


def _due(state: State, of_year: int) -> Floats:
    """Return the chance per jongere that a stage is to begin in this month."""
    plan = np.zeros((len(SOORTEN), LAST_LEERJAAR + 1))
    for kind, chances in STAGE_PLAN.get(of_year, {}).items():
        plan[kind, 1:] = chances
    bol = plan[state.soort, np.minimum(state.leerjaar, LAST_LEERJAAR)]
    in_season = of_year < LAST_START or of_year > FIRST_START
    again = 0.35 * in_season * ((state.na_breuk < 4) & (state.soort != VAVO))
    bbl = 1.0 if of_year == FIRST_START else 0.3 * in_season
    due: Floats = np.where(state.bbl, bbl, np.maximum(bol, again))
    return due


def _search_weeks(state: State, jongeren: Jongeren, month: Month, who: Ints) -> Floats:
    """Draw how many weeks the search takes; those without a network search longer."""
    scarce = np.array([0.35 if s in (Sector.CREATIEF, Sector.ZAKELIJK) else 0.0 for s in SECTOREN])
    sector = month.places.sector[state.opleiding[who]]
    mean = (
        1.55
        - 0.32 * jongeren.netwerk[who]
        + 0.25 * jongeren.kwetsbaar[who]
        + 0.18 * state.toestand[who]
        + scarce[sector]
        - 0.02 * state.ervaring[who]
    )
    weeks: Floats = np.clip(np.exp(mean + month.rng.normal(0, 0.5, who.size)), 0.5, 52.0)
    return weeks


def _start_stages(state: State, jongeren: Jongeren, month: Month, who: Ints) -> None:
    """Give each a place, unless the school year is nearly over; some never turn up."""
    last = (state.soort[who] == MBO_4) & (state.leerjaar[who] > 2)
    usual = PLANNED_MONTHS[state.soort[who]]
    planned = np.where(state.bbl[who] | last, TILL_SUMMER, usual)
    to_june = (JUNE - month.of_year) % 12 + 1
    duur = np.minimum(planned, to_june)
    who, duur = who[duur > 1], duur[duur > 1]
    persons = jongeren.take(who)
    situation = Situation(state.toestand[who], state.ervaring[who])
    plek, known, logit = choose_places(
        persons,
        situation,
        state.opleiding[who].astype(np.int64),
        month.day,
        month.places,
        month.free,
        month.rng,
    )
    state.plek[who] = np.where(known, plek, -1)
    state.duur[who], state.logit[who] = duur, logit
    state.rest[who] = duur - 1
    if month.journal is not None and who.size:
        month.journal.begin(
            "stage",
            who,
            dag=month.days(who.size, 0, 9),
            gepland=_planned_end(month, month.number + duur - 1),
            plek=plek,
            bekend=known,
            opleiding=state.opleiding[who],
            mbo=state.soort[who] >= ENTREE,
            zoek_weken=state.zoek_weken[who],
            logit=logit,
        )
    hold = np.exp(-np.logaddexp(0.0, -logit) * NIET_GESTART_SHARE)
    absent = month.rng.random(who.size) >= hold
    _break_off(state, month, who[absent], started=False)
