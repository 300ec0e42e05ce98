"""What the past teaches: examples with their features, and the outcome as it was known on a day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.contract import Tables
from features.inschrijving import current
from features.labels import UitvalDefinition, uitval
from features.leakage import Build
from features.peildatum import RIJ, numbered, table
from features.risicoprofiel import population, risicoprofiel
from models.splitting import add_months, peildata_between

STEP_MONTHS = 2
MOST_PEILDATA = 18
DAYS_A_YEAR = 365.25
AGES = {16: "jonger dan 16", 18: "16 en 17", 21: "18 tot 21", 120: "21 en ouder"}
"""Name of the ages below each border."""
GROEPEN = ("instelling", "onderwijssoort", "leerweg", "leeftijd")
FIRST_MONTHS = 2
"""Months of history before the first peildatum: less says nothing about a jongere."""


@dataclass(frozen=True)
class History:
    """Examples whose outcome is known by now.

    Parameters
    ----------
    frame : DataFrame
        Keys, ``peildatum`` and registered features, one row per example.
    known_by : Series of Date
        When the outcome of each example is due: horizon and reporting delay after the peildatum.
        It depends on what is known at the peildatum only, never on the outcome.
    label : callable
        Outcome of each row as known on a day: 0, 1, or NaN where not known.
    left : callable, optional
        Day of the outcome as known on a day, in days since 1970; NaN where there was none.
    groepen : DataFrame, optional
        What each row belongs to on its peildatum (`groepen_at`), to judge apart; never used to fit.
    """

    frame: pl.DataFrame
    known_by: pl.Series
    label: Callable[[date], NDArray[np.float64]]
    left: Callable[[date], NDArray[np.float64]] | None = None
    groepen: pl.DataFrame | None = None

    @property
    def peildatum(self) -> pl.Series:
        """Day from which each example looks."""
        return self.frame["peildatum"]


def uitval_history(
    tables: Tables,
    *,
    observed_until: date,
    definition: UitvalDefinition | None = None,
    build: Build = risicoprofiel,
) -> History:
    """Return every jongere at regular peildata whose horizon has passed.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Canonical tables.
    observed_until : date
        Last day on which anything is known.
    definition : UitvalDefinition, optional
        Horizon, gap and delay of the label.
    build : callable
        Makes the features of the rows, on several machines perhaps.
    """
    chosen = definition or UitvalDefinition()
    peildata = uitval_peildata(tables, observed_until=observed_until, definition=chosen)
    spine = population(tables, peildata)
    frame = build(tables, spine)
    due = {day: uitval_known_by(day, chosen) for day in peildata}
    known_by = frame["peildatum"].replace_strict(due, return_dtype=pl.Date, default=None)

    @lru_cache(maxsize=8)
    def outcome(day: date) -> pl.DataFrame:
        return uitval(tables, spine, observed_until=day, definition=chosen)

    return History(
        frame,
        known_by.rename("known_by"),
        lambda day: as_floats(outcome(day)["uitval"]),
        lambda day: as_floats(outcome(day)["uitval_op"].to_physical()),
        groepen_at(tables, spine),
    )


def groepen_at(tables: Tables, spine: pl.DataFrame) -> pl.DataFrame:
    """Return what each spine row belongs to, as known on its peildatum.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Canonical tables.
    spine : DataFrame
        ``jongere_id`` and ``peildatum``.

    Returns
    -------
    DataFrame of text
        ``instelling``, ``onderwijssoort``, ``leerweg`` of the enrolment that counts, and the
        ``leeftijd`` as named in `AGES`; null where not known. In the order of the spine.
    """
    rows = numbered(spine)
    enrolled = current(tables, rows).select(RIJ, "instelling", "onderwijssoort", "leerweg")
    born = table(tables, "jongere").lazy().select("jongere_id", "geboortedatum")
    years = (pl.col("peildatum") - pl.col("geboortedatum")).dt.total_days() / DAYS_A_YEAR
    age = pl.coalesce(pl.when(years < border).then(pl.lit(name)) for border, name in AGES.items())
    return (
        rows.join(born, on="jongere_id", how="left")
        .with_columns(leeftijd=age)
        .join(enrolled, on=RIJ, how="left")
        .sort(RIJ)
        .select(*GROEPEN)
        .collect()
    )


def uitval_peildata(
    tables: Tables, *, observed_until: date, definition: UitvalDefinition
) -> tuple[date, ...]:
    """Return first days of months, at regular steps back from the last one that has matured."""
    begin = tables["inschrijving"]["bekend_op"].min()
    if not isinstance(begin, date):
        return ()
    wait = timedelta(days=definition.meldvertraging_dagen)
    last = add_months((observed_until - wait).replace(day=1), -definition.maanden)
    found = peildata_between(add_months(begin, FIRST_MONTHS), last, months=STEP_MONTHS)
    return found[-MOST_PEILDATA:]


def uitval_known_by(peildatum: date, definition: UitvalDefinition) -> date:
    """Return the day on which the outcome of a peildatum is due."""
    return add_months(peildatum, definition.maanden) + timedelta(
        days=definition.meldvertraging_dagen
    )


def as_floats(outcome: pl.Series) -> NDArray[np.float64]:
    """Return 0, 1 or NaN (not known) per row."""
    return outcome.cast(pl.Float64).fill_null(float("nan")).to_numpy()
