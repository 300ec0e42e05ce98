"""Learning on the job in a made-up region: what a stage teaches, and who masters it.

Only what is taught by places of mbo niveau 1 and 2 is followed. What a place demands was asked
beforehand and is judged elsewhere (`features.synthetic_profiel`), so it is not learned here.
Numbers are invented; their signs come from the field: time, a good leerbedrijf and support that
fits help, and who begins further is done sooner.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from features.synthetic_config import (
    ENTREE,
    MBO_2,
    PRO,
    VSO,
    Days,
    Floats,
    Ints,
    RegionConfig,
    calendar_month,
    first_days,
    sigmoid,
)
from features.synthetic_history import Truth
from features.synthetic_jongeren import Jongeren
from features.synthetic_plaatsing import Situation, agreed_hours, hashed_normal, true_niveau
from features.synthetic_places import Places
from features.synthetic_records import true_stages
from features.synthetic_state import Columns
from features.synthetic_tables import days

STREAM = 11
ZELFSTANDIG = 3.0
HIGHEST_NIVEAU = 2
"""Highest mbo niveau whose werkprocessen are followed."""
HOURS_EACH, HOURS_SPREAD = 110.0, 0.55
"""A stage takes on about one werkproces for so many hours; one takes on much, another little."""
PRACTICE_MONTHS, PRACTICE_SHARE, PRACTICE_PICKS = (10, 4), 0.6, 2
NOISE = 0.45
"""Scale of the logistic chance around the log of the hours that are needed."""
WEEK = np.timedelta64(7, "D")
STAGE = ("who", "plek", "dag", "gepland", "einde", "uren")
"""Columns of a stage that is followed."""


@dataclass(frozen=True)
class Leren:
    """What was learned: one row per jongere, werkproces and stage, in the order of the begin.

    `werkproces` is a position in the competenties; `voor` and `na` are true niveaus, `na` NaN
    while the stage runs. `practice` holds judgements in school practice, with the true niveau then.
    """

    who: Ints
    plek: Ints
    werkproces: Ints
    begin: Days
    einde: Days
    uren: Floats
    voor: Floats
    na: Floats
    practice: Columns


def needed_hours(
    jongeren: Jongeren,
    toestand: Floats,
    start: Floats,
    plek: Ints,
    werkproces: Ints,
    places: Places,
) -> Floats:
    """Return the log of the hours in which half of such jongeren master a werkproces.

    Rows of all arguments belong together; `start` is the true niveau (0-4) at the begin.
    """
    niveau = places.niveau[places.plek_opleiding[plek]]
    offered = places.plek_steun[plek]
    missed = (jongeren.steun & ~offered).sum(axis=1)
    quality = places.bedrijf_kwaliteit[places.plek_bedrijf[plek]]
    teaches = hashed_normal(plek, np.full(plek.size, STREAM))
    hard = hashed_normal(werkproces, np.full(plek.size, STREAM + 1))
    log_hours: Floats = (
        np.log(46.0)
        + 0.35 * hard
        + 0.25 * (niveau - 1)
        + 0.5 * (ZELFSTANDIG - np.minimum(start, ZELFSTANDIG))
        - 0.25 * jongeren.talent
        + 0.2 * jongeren.kwetsbaar
        + 0.12 * toestand
        - 0.25 * quality
        - 0.3 * teaches
        + 0.25 * np.minimum(missed, 3)
        - 0.06 * np.minimum(offered.sum(axis=1), 4)
    )
    return log_hours


def beheersing_logit(
    jongeren: Jongeren,
    toestand: Floats,
    start: Floats,
    plek: Ints,
    werkproces: Ints,
    uren: Floats,
    places: Places,
) -> Floats:
    """Return the true log-odds that so many hours on a werkproces end in ``zelfstandig``."""
    need = needed_hours(jongeren, toestand, start, plek, werkproces, places)
    logit: Floats = (np.log(np.maximum(uren, 1.0)) - need) / NOISE
    return logit


def learn(config: RegionConfig, truth: Truth, taught: pl.DataFrame) -> Leren:
    """Let every stage teach what its place teaches, month after month.

    Parameters
    ----------
    config : RegionConfig
        Of the region.
    truth : Truth
        Its history.
    taught : DataFrame
        `leerwerkplek_werkproces`.
    """
    rng = config.rng(STREAM)
    stages, offer = _followed(truth), _Offer.of(truth.places, taught)
    reached = np.full((config.jongeren, len(truth.places.competentie)), -1, np.float16)
    parts: list[Columns] = []
    practice: list[Columns] = []
    month = (stages["dag"].astype("datetime64[M]") - np.datetime64(config.begin, "M")).astype(int)
    for number in range(config.months):
        rows = np.flatnonzero(month == number)
        here = {name: column[rows] for name, column in stages.items()}
        parts.append(_learned(here, number, truth, offer, reached, rng))
        if calendar_month(number) in PRACTICE_MONTHS:
            practice.append(_practised(config, number, truth, reached, rng))
    found = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    rest = (
        {name: np.concatenate([p[name] for p in practice]) for name in practice[0]}
        if practice
        else {}
    )
    return Leren(**found, practice=rest)


@dataclass(frozen=True)
class _Offer:
    """What each place teaches, as one array of competenties and where each list begins."""

    werkproces: Ints
    begin: Ints

    @classmethod
    def of(cls, places: Places, taught: pl.DataFrame) -> "_Offer":
        position = {name: place for place, name in enumerate(places.competentie)}
        plek = taught["leerwerkplek_id"].str.slice(1).cast(pl.Int64).to_numpy()
        werkproces = np.array([position[name] for name in taught["werkproces_id"]], np.int64)
        kept = ~(places.plek_eis[plek] == werkproces[:, None]).any(axis=1)
        kept &= places.niveau[places.plek_opleiding[plek]] <= HIGHEST_NIVEAU
        plek, werkproces = plek[kept], werkproces[kept]
        order = np.lexsort([werkproces, plek])
        n = places.plek_bedrijf.size
        return cls(werkproces[order], np.searchsorted(plek[order], np.arange(n + 1)))

    def expand(self, plek: Ints) -> tuple[Ints, Ints, Ints]:
        """Return row, werkproces and place in the list for everything these places teach."""
        sizes = self.begin[plek + 1] - self.begin[plek]
        row = np.repeat(np.arange(plek.size), sizes)
        place = np.arange(row.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return row, self.werkproces[self.begin[plek][row] + place], place


def _followed(truth: Truth) -> Columns:
    """Return the stages that truly started, with agreed hours a week, in order of their begin."""
    rows = true_stages(truth)
    if not rows:
        none, day = np.zeros(0, np.int64), np.zeros(0, "datetime64[D]")
        return dict(zip(STAGE, (none, none, day, day, day, np.zeros(0)), strict=True))
    started = np.flatnonzero(rows["gestart"])
    started = started[np.argsort(rows["dag"][started], kind="stable")]
    who, plek = rows["who"][started], rows["plek"][started]
    return {
        "who": who,
        "plek": plek,
        "dag": rows["dag"][started],
        "gepland": rows["gepland"][started],
        "einde": rows["einde"][started],
        "uren": agreed_hours(truth.jongeren.take(who), plek, truth.places),
    }


def _learned(
    stages: Columns,
    number: int,
    truth: Truth,
    offer: _Offer,
    reached: npt.NDArray[np.float16],
    rng: np.random.Generator,
) -> Columns:
    """Teach in the stages that begin in one month, and remember in `reached` what came of it."""
    row, werkproces, place = offer.expand(stages["plek"])
    who = stages["who"][row]
    level = np.maximum(_base(truth, number, who, werkproces), reached[who, werkproces])
    wish = place + rng.normal(0, 1.5, row.size) + 20.0 * (level >= ZELFSTANDIG - 0.3)
    planned = stages["uren"] * ((stages["gepland"] - stages["dag"]) / WEEK)
    each = HOURS_EACH * np.exp(rng.normal(0, HOURS_SPREAD, planned.size))
    count = np.maximum(np.rint(planned / each), 1)
    kept = (_rank(row, wish) < count[row]) & (wish < 15)
    row, who, werkproces, level = row[kept], who[kept], werkproces[kept], level[kept]
    running = np.isnat(stages["einde"][row])
    last = np.where(running, stages["gepland"][row], stages["einde"][row])
    weeks = (last - stages["dag"][row]) / WEEK
    together = np.bincount(row, minlength=stages["who"].size)
    uren = stages["uren"][row] * weeks / together[row]
    plek = stages["plek"][row]
    toestand = truth.states[number].toestand[who].astype(np.float64)
    logit = beheersing_logit(
        truth.jongeren.take(who), toestand, level, plek, werkproces, uren, truth.places
    )
    luck = rng.logistic(0, 1, row.size)
    after = _after(level, logit + luck)
    reached[who, werkproces] = np.where(running, level, after)
    return {
        "who": who,
        "plek": plek,
        "werkproces": werkproces,
        "begin": stages["dag"][row],
        "einde": stages["einde"][row],
        "uren": uren,
        "voor": level,
        "na": np.where(running, np.nan, after),
    }


def _after(level: Floats, outcome: Floats) -> Floats:
    """Return the true niveau at the end: 3 or 4 when mastered, else a little further."""
    below = np.minimum(level, 2.4)
    grown = below + (2.4 - below) * np.minimum(np.exp(outcome / 2), 1.0) * 0.7
    reached: Floats = np.where(outcome > 0, np.where(outcome > 3.0, 4.0, 3.0), grown)
    return reached


def _base(truth: Truth, number: int, who: Ints, werkproces: Ints) -> Floats:
    state = truth.states[number]
    situation = Situation(state.toestand[who], state.ervaring[who])
    return true_niveau(who, werkproces, truth.jongeren.take(who), situation)


def _rank(row: Ints, wish: Floats) -> Ints:
    """Return the rank of each wish within its row, the smallest first."""
    order = np.lexsort([wish, row])
    ranked = np.empty(row.size, np.int64)
    sorted_rows = row[order]
    ranked[order] = np.arange(row.size) - np.searchsorted(sorted_rows, sorted_rows)
    return ranked


def _practised(
    config: RegionConfig,
    number: int,
    truth: Truth,
    reached: npt.NDArray[np.float16],
    rng: np.random.Generator,
) -> Columns:
    """Let schools judge some werkprocessen of the opleiding of who has no stage in this month."""
    state, places = truth.states[number], truth.places
    options = _of_opleiding(places)
    sizes = np.array([part.size for part in options])
    soort = np.isin(state.soort, (PRO, VSO, ENTREE, MBO_2))
    able = soort & (state.rest == 0) & (sizes[np.maximum(state.opleiding, 0)] > 0)
    who = np.flatnonzero(able & (rng.random(able.size) < PRACTICE_SHARE))
    who = np.repeat(who, PRACTICE_PICKS)
    pick = rng.random(who.size)
    opleiding = state.opleiding[who]
    werkproces = np.array(
        [options[o][int(p * sizes[o])] for o, p in zip(opleiding, pick, strict=True)], np.int64
    )
    level = np.maximum(_base(truth, number, who, werkproces), reached[who, werkproces])
    day = first_days(config, np.full(who.size, number))
    return {
        "who": who,
        "werkproces": werkproces,
        "dag": day + rng.integers(0, 28, who.size).astype("timedelta64[D]"),
        "niveau": level,
    }


def _of_opleiding(places: Places) -> list[Ints]:
    """Return the positions of the werkprocessen of every opleiding of niveau 1 and 2."""
    codes = np.array([name[:5] for name in places.competentie])
    return [
        np.flatnonzero(codes == crebo) if niveau <= HIGHEST_NIVEAU else np.zeros(0, np.int64)
        for crebo, niveau in zip(places.crebo, places.niveau, strict=True)
    ]


def beheersing_probability(
    config: RegionConfig, truth: Truth, taught: pl.DataFrame, rows: pl.DataFrame
) -> Floats:
    """Return the exact probability per row; see `features.synthetic.true_beheersing`."""
    position = {name: place for place, name in enumerate(truth.places.competentie)}
    who = rows["jongere_id"].str.slice(1).cast(pl.Int64).to_numpy()
    plek = rows["leerwerkplek_id"].str.slice(1).cast(pl.Int64).to_numpy()
    werkproces = np.array([position[name] for name in rows["werkproces_id"]], np.int64)
    day = rows["peildatum"].to_numpy().astype("datetime64[D]")
    month = (day.astype("datetime64[M]") - np.datetime64(config.begin, "M")).astype(int)
    level, mood = np.zeros(who.size), np.zeros(who.size)
    for number in np.unique(month):
        here = month == number
        level[here] = _base(truth, int(number), who[here], werkproces[here])
        mood[here] = truth.states[number].toestand[who[here]]
    level = np.maximum(level, _reached(learn(config, truth, taught), who, werkproces, day))
    uren = rows["uren"].to_numpy()
    jongeren = truth.jongeren.take(who)
    return sigmoid(beheersing_logit(jongeren, mood, level, plek, werkproces, uren, truth.places))


def _reached(leren: Leren, who: Ints, werkproces: Ints, day: Days) -> Floats:
    """Return the highest niveau that each row had reached in stages before its day; else -1."""
    done = ~np.isnan(leren.na)
    events = pl.DataFrame(
        {"who": leren.who[done], "werkproces": leren.werkproces[done], "na": leren.na[done]}
    ).with_columns(einde=days(leren.einde[done]))
    rows = pl.DataFrame({"who": who, "werkproces": werkproces, "dag": days(day)})
    found = (
        rows.with_row_index("rij")
        .join(events, on=["who", "werkproces"])
        .filter(pl.col("einde") < pl.col("dag"))
        .group_by("rij")
        .agg(pl.col("na").max())
    )
    level = np.full(who.size, -1.0)
    level[found["rij"].to_numpy()] = found["na"].to_numpy()
    return level
