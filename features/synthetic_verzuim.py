"""Absence in a made-up region: a row per jongere per week of lessons, and the legal reports."""

import numpy as np
import polars as pl

from features import tables as t
from features.synthetic_config import Ints, RegionConfig, school_weeks, sigmoid
from features.synthetic_history import Truth
from features.synthetic_places import SCHOLEN
from features.synthetic_records import enrolments, jongere_ids
from features.synthetic_state import Columns
from features.synthetic_tables import days, shaped
from features.vocabulary import SoortVerzuimmelding

BRON_VERZUIM = "verzuimregistratie"
LESUREN = np.array([26.0, 24.0, 18.0, 22.0, 24.0, 24.0, 24.0])
"""Clock hours of lessons a week per kind of education; fewer in BBL and during a stage."""
BBL_UREN = 7.0
STAGE_SHARE = 0.35
UNREGISTERED = 0.025
"""Share of weeks that nobody wrote down; whole gaps per school come on top."""
REPORT_HOURS, REPORT_CHANCE = 16.0, 0.6
"""Sixteen hours without permission in four weeks must be reported (Leerplichtwet); many are not."""


def verzuim_tables(config: RegionConfig, truth: Truth) -> dict[str, pl.DataFrame]:
    """Return verzuim and verzuimmelding, with what was known on the peildatum."""
    rng = config.rng(6)
    weeks = _person_weeks(config, truth, rng)
    verzuim = _draw_hours(config, truth, weeks, rng)
    return {
        "verzuim": verzuim.filter(pl.col("bekend_op") <= config.peildatum),
        "verzuimmelding": _meldingen(verzuim, rng).filter(pl.col("bekend_op") <= config.peildatum),
    }


def _person_weeks(config: RegionConfig, truth: Truth, rng: np.random.Generator) -> Columns:
    """Return who had lessons in which week and month; registered weeks only."""
    rows = enrolments(config, truth)
    mondays = school_weeks(config)
    first = np.searchsorted(mondays, np.maximum(rows["dag"], np.datetime64(config.begin)))
    end = np.where(np.isnat(rows["einde"]), np.datetime64(config.peildatum), rows["einde"])
    count = np.maximum(np.searchsorted(mondays, end - np.timedelta64(6, "D")) - first, 0)
    row = np.repeat(np.arange(first.size), count)
    within = np.arange(row.size) - np.repeat(np.cumsum(count) - count, count)
    week = first[row] + within
    month = (mondays.astype("datetime64[M]") - np.datetime64(config.begin, "M")).astype(np.int64)
    school = rows["school"][row]
    keep = rng.random(row.size) >= UNREGISTERED
    keep &= ~_school_gap(school, mondays[week], config)
    silent = rng.random(truth.jongeren.nummer.size) < 0.04
    keep &= ~silent[rows["who"][row]]
    row, week = row[keep], week[keep]
    return {
        "who": rows["who"][row],
        "soort": rows["soort"][row].astype(np.int64),
        "bbl": rows["bbl"][row],
        "week": mondays[week],
        "month": month[week],
    }


def _school_gap(school: Ints, week: np.ndarray, config: RegionConfig) -> np.ndarray:
    """Weeks in which a school wrote nothing: a new system in autumn, no registration before."""
    brins = [entry[0] for entry in SCHOLEN]
    begin = np.datetime64(config.begin)
    autumn = (week >= begin + np.timedelta64(420, "D")) & (week < begin + np.timedelta64(455, "D"))
    early = week < begin + np.timedelta64(390, "D")
    gap: np.ndarray = ((school == brins.index("97MC")) & autumn) | (
        (school == brins.index("97VB")) & early
    )
    return gap


def _draw_hours(
    config: RegionConfig, truth: Truth, weeks: Columns, rng: np.random.Generator
) -> pl.DataFrame:
    who, month, n = weeks["who"], weeks["month"], weeks["who"].size
    mood = np.stack([state.toestand for state in truth.states])[month, who].astype(np.float64)
    in_stage = np.stack([state.rest > 0 for state in truth.states])[
        np.minimum(month + 1, config.months), who
    ]
    vulnerable, talent = truth.jongeren.kwetsbaar[who], truth.jongeren.talent[who]
    lessons = np.where(
        weeks["bbl"], BBL_UREN, LESUREN[weeks["soort"]] * np.where(in_stage, STAGE_SHARE, 1)
    )
    lessons = np.round(lessons * 2) / 2
    skip = sigmoid(-2.5 + 0.4 * vulnerable + 0.75 * mood - 0.1 * talent)
    skipped = (rng.random(n) < skip) * rng.beta(0.9, 2.6, n) * lessons
    ill = rng.random(n) < 0.075 * np.exp(0.15 * vulnerable)
    sick = ill * rng.beta(1.1, 2.0, n) * lessons
    spell = _spells(truth, month, who, rng)
    sick, skipped = np.where(spell == 1, lessons, sick), np.where(spell == 1, 0.0, skipped)
    skipped, sick = np.where(spell == 2, lessons, skipped), np.where(spell == 2, 0.0, sick)
    skipped = np.minimum(np.round(skipped * 2) / 2, lessons)
    late = rng.random(n) < 0.1
    known = weeks["week"] + np.where(late, rng.integers(21, 50, n), 7).astype("timedelta64[D]")
    return shaped(
        t.VERZUIM,
        {
            "jongere_id": jongere_ids(who),
            "week": days(weeks["week"]),
            "lesuren": lessons,
            "uren_geoorloofd": np.minimum(np.round(sick * 2) / 2, lessons - skipped),
            "uren_ongeoorloofd": skipped,
            "bekend_op": days(known),
        },
        BRON_VERZUIM,
    ).unique(["jongere_id", "week"], keep="last", maintain_order=True)


def _spells(truth: Truth, month: Ints, who: Ints, rng: np.random.Generator) -> Ints:
    """Return per week whether the jongere stays away for weeks: 1 ill, 2 without permission."""
    mood = np.stack([state.toestand for state in truth.states])
    ill = rng.random(mood.shape) < 0.012
    gone = rng.random(mood.shape) < 0.022 * sigmoid(
        1.4 * mood - 2.2 + 0.5 * truth.jongeren.kwetsbaar
    )
    kind = np.where(gone, 2, np.where(ill, 1, 0))
    return kind[month, who]


def _meldingen(verzuim: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Report weeks in which the hours of four weeks reach the legal bound, if somebody does."""
    crossed = (
        verzuim.sort("jongere_id", "week")
        .with_columns(
            som=pl.col("uren_ongeoorloofd").rolling_sum(4, min_samples=1).over("jongere_id"),
            heel=((pl.col("uren_geoorloofd") + pl.col("uren_ongeoorloofd")) >= pl.col("lesuren"))
            .cast(pl.Int8)
            .rolling_sum(4, min_samples=1)
            .over("jongere_id"),
        )
        .with_columns(
            zestien=(pl.col("som") >= REPORT_HOURS)
            & (pl.col("som").shift(1).over("jongere_id").fill_null(0) < REPORT_HOURS),
            langdurig=(pl.col("heel") == 4)
            & (pl.col("heel").shift(1).over("jongere_id").fill_null(0) < 4),
        )
        .filter(pl.col("zestien") | pl.col("langdurig"))
    )
    told = crossed.filter(pl.Series(rng.random(crossed.height) < REPORT_CHANCE))
    told = told.with_columns(uitstel=pl.Series(rng.integers(1, 15, told.height)))
    datum = told["week"].dt.offset_by("4d")
    soort = (
        pl.when(pl.col("zestien"))
        .then(pl.lit(SoortVerzuimmelding.ZESTIEN_UUR.value))
        .otherwise(pl.lit(SoortVerzuimmelding.LANGDURIG.value))
    )
    return shaped(
        t.VERZUIMMELDING,
        {
            "jongere_id": told["jongere_id"],
            "datum": datum,
            "soort": told.select(soort).to_series(),
            "bekend_op": told.select(datum + pl.duration(days=pl.col("uitstel"))).to_series(),
        },
        BRON_VERZUIM,
    )
