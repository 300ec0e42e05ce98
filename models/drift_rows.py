"""The rows that a model is asked about on a day, and those whose outcome it could not have known.

A model is watched on what it sees: the uitvalrisico on everybody of that day, the plaatsing on
pairs that could be suggested, the werkproces on what stages of a year set out to teach.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.contract import Tables
from features.labels import UITVAL, uitval
from features.labels_werkproces import werkproces_voorbeelden
from features.risicoprofiel import population, risicoprofiel
from features.werkproces import werkproces_history_features
from models.history import groepen_at, uitval_known_by, uitval_peildata
from models.leerwerkplek import PlaatsingModel
from models.plaatsing_population import offered_pairs
from models.praktijkverklaring_leren import WerkprocesModel
from models.recipes import RECIPES
from models.splitting import add_months
from models.uitvalrisico import UitvalrisicoModel

Vector = NDArray[np.float64]
YEAR = 12
SEED = 1
"""Draws the same kind of pairs every night."""


@dataclass(frozen=True)
class Rijp:
    """Rows whose outcome is known now and was not when the model was made.

    Parameters
    ----------
    frame : DataFrame
        ``jongere_id``, ``peildatum`` and the features.
    uitkomst : array of shape (n_rows,)
        0 or 1.
    groepen : DataFrame
        What each row belongs to; without columns where that is not kept.
    """

    frame: pl.DataFrame
    uitkomst: Vector
    groepen: pl.DataFrame


def same_day_then(day: date, bekend_tot: date) -> date:
    """Return the same day of the year in the last year that a model knew.

    Examples
    --------
    >>> same_day_then(date(2028, 3, 7), bekend_tot=date(2026, 11, 1))
    datetime.date(2026, 3, 7)
    """
    found = add_months(day, -YEAR)
    while found > bekend_tot:
        found = add_months(found, -YEAR)
    return found


def asked_on(model: str, tables: Tables, day: date) -> pl.DataFrame:
    """Return the rows that a model is asked about on a day, with what was known then.

    Parameters
    ----------
    model : str
        Its name.
    tables : mapping of name to DataFrame
        Canonical tables; rows known later do not count.
    day : date
        From which to look.
    """
    return _ASKED[model](tables, day)


def _everybody(tables: Tables, day: date) -> pl.DataFrame:
    return risicoprofiel(tables, population(tables, [day]))


def _pairs(tables: Tables, day: date) -> pl.DataFrame:
    """Return pairs of people and places that stood in the table by then."""
    drawn = offered_pairs(tables, [day], seed=SEED).full
    places = tables["leerwerkplek"].filter(pl.col("bekend_op") <= day)
    return drawn.join(places, on="leerwerkplek_id", how="semi")


def _taught(tables: Tables, day: date) -> pl.DataFrame:
    rows = werkproces_voorbeelden(tables)
    year = pl.col("peildatum").is_between(add_months(day, -YEAR), day, closed="right")
    return werkproces_history_features(tables, rows.filter(year))


_ASKED: Mapping[str, Callable[[Tables, date], pl.DataFrame]] = MappingProxyType(
    {
        UitvalrisicoModel.name: _everybody,
        PlaatsingModel.name: _pairs,
        WerkprocesModel.name: _taught,
    }
)


def matured_since(model: str, tables: Tables, *, bekend_tot: date, until: date) -> Rijp:
    """Return the rows whose outcome came due after what the model knew, and is known by now.

    Parameters
    ----------
    model : str
        Its name.
    tables : mapping of name to DataFrame
        Canonical tables.
    bekend_tot : date
        Last day of which the model knew anything.
    until : date
        Last day of which anything is known now.
    """
    if model == UitvalrisicoModel.name:
        return _matured_risk(tables, bekend_tot, until)
    history = RECIPES[model].history(tables, observed_until=until)
    told = history.label(until)
    kept = (history.known_by > bekend_tot).to_numpy() & ~np.isnan(told)
    groups = pl.DataFrame() if history.groepen is None else history.groepen.filter(pl.Series(kept))
    return Rijp(history.frame.filter(pl.Series(kept)), told[kept], groups)


def _matured_risk(tables: Tables, bekend_tot: date, until: date) -> Rijp:
    """Return everybody on the peildata of which the year ended since: no others are made."""
    days = [
        day
        for day in uitval_peildata(tables, observed_until=until, definition=UITVAL)
        if uitval_known_by(day, UITVAL) > bekend_tot
    ]
    spine = population(tables, days)
    told = uitval(tables, spine, observed_until=until)["uitval"].cast(pl.Float64)
    outcome = told.fill_null(float("nan")).to_numpy()
    kept = pl.Series(~np.isnan(outcome))
    frame = risicoprofiel(tables, spine).filter(kept)
    return Rijp(frame, outcome[kept.to_numpy()], groepen_at(tables, spine).filter(kept))
