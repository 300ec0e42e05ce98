"""What the past teaches: examples with their features, and the outcome as it was known on a day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.contract import Tables
from features.labels import UitvalDefinition, plaatsing_geslaagd, uitval
from features.passendheid import pair_features
from features.risicoprofiel import population, risicoprofiel
from features.stage import MELDVERTRAGING_DAGEN
from models.splitting import add_months, peildata_between

STEP_MONTHS = 2
MOST_PEILDATA = 18
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
    """

    frame: pl.DataFrame
    known_by: pl.Series
    label: Callable[[date], NDArray[np.float64]]

    @property
    def peildatum(self) -> pl.Series:
        """Day from which each example looks."""
        return self.frame["peildatum"]


def uitval_history(
    tables: Tables, *, observed_until: date, definition: UitvalDefinition | None = None
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
    """
    chosen = definition or UitvalDefinition()
    peildata = uitval_peildata(tables, observed_until=observed_until, definition=chosen)
    spine = population(tables, peildata)
    frame = risicoprofiel(tables, spine)
    due = {day: _uitval_known_by(day, chosen) for day in peildata}
    known_by = frame["peildatum"].replace_strict(due, return_dtype=pl.Date, default=None)

    def label(day: date) -> NDArray[np.float64]:
        outcome = uitval(tables, spine, observed_until=day, definition=chosen)
        return _as_floats(outcome["uitval"])

    return History(frame, known_by.rename("known_by"), label)


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


def plaatsing_history(tables: Tables, *, observed_until: date) -> History:
    """Return every past stage on a known leerwerkplek as a pair, seen while it was still open.

    The peildatum is the day before the stage began or was agreed, whichever came first: a
    suggestion cannot look at the stage that it leads to, nor at how long the search took.
    Only stages whose *planned* end has long passed are taken: of the stages that still run,
    the failures are known first, and would make the past look worse than it was.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Canonical tables.
    observed_until : date
        Last day on which anything is known.
    """
    stages = plaatsing_stages(tables, observed_until=observed_until)
    pairs = stages.select("jongere_id", "leerwerkplek_id", "peildatum")
    frame = pair_features(tables, pairs)

    def label(day: date) -> NDArray[np.float64]:
        outcome = plaatsing_geslaagd(stages.drop("known_by", "peildatum"), observed_until=day)
        joined = stages.select("stage_id").join(
            outcome, on="stage_id", how="left", maintain_order="left"
        )
        return _as_floats(joined["geslaagd"])

    return History(frame, stages["known_by"], label)


def plaatsing_stages(tables: Tables, *, observed_until: date) -> pl.DataFrame:
    """Return stages on a leerwerkplek whose outcome is due, with ``peildatum`` and ``known_by``."""
    due = pl.col("geplande_einddatum").dt.offset_by(f"{MELDVERTRAGING_DAGEN}d")
    return (
        tables["stage"]
        .filter(pl.col("leerwerkplek_id").is_not_null())
        .with_columns(
            (pl.min_horizontal("begindatum", "bekend_op") - pl.duration(days=1)).alias("peildatum"),
            due.alias("known_by"),
        )
        .filter(pl.col("known_by") <= observed_until)
        .sort("peildatum", "stage_id")
    )


def _uitval_known_by(peildatum: date, definition: UitvalDefinition) -> date:
    return add_months(peildatum, definition.maanden) + timedelta(
        days=definition.meldvertraging_dagen
    )


def _as_floats(outcome: pl.Series) -> NDArray[np.float64]:
    return outcome.cast(pl.Float64).fill_null(float("nan")).to_numpy()
