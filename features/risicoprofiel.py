"""One row per (jongere, peildatum) of all that may count for uitvalrisico: the allowlist.

A model takes no column that is not in `FEATURES` (TRUST F1). Left out on purpose: geslacht, age,
name, postcode, woonplaats, gemeente and travel distance, because they stand in for origin; and
ondersteuningsbehoefte, because jongeren consent to its use for placing only.
"""

from collections.abc import Sequence
from datetime import date

import polars as pl

from features import competentie, contact, inschrijving, resultaat, stage, verzuim
from features.contract import Tables
from features.inschrijving import enrolled_on, startkwalificaties
from features.peildatum import RIJ, known, numbered, table
from features.registry import Feature, names

FEATURES: tuple[Feature, ...] = (
    *verzuim.FEATURES,
    *resultaat.FEATURES,
    *inschrijving.FEATURES,
    *stage.FEATURES,
    *competentie.FEATURES,
    *contact.FEATURES,
)

DECIMALS = 9
"""Sums of floats depend on their order in the last digits; rounded, the same rows in any order
give the same profile."""

BUILDERS = (
    verzuim.verzuim_features,
    verzuim.verzuimmelding_features,
    resultaat.resultaat_features,
    inschrijving.inschrijving_features,
    stage.stage_features,
    competentie.competentie_features,
    contact.contact_features,
)


def population(tables: Tables, peildata: Sequence[date]) -> pl.DataFrame:
    """Return who was enrolled without startkwalificatie on each peildatum, as known then.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Canonical tables; `inschrijving`, `diploma` and `kwalificatie` are used.
    peildata : sequence of date
        Days from which we look.

    Returns
    -------
    DataFrame
        ``jongere_id``, ``peildatum``; distinct rows, ordered by peildatum, then id.
    """
    days = pl.LazyFrame({"peildatum": sorted(set(peildata))}, schema={"peildatum": pl.Date})
    spine = table(tables, "inschrijving").lazy().select("jongere_id").unique()
    rows = spine.join(days, how="cross")
    enrolled = (
        known(tables, "inschrijving", rows)
        .filter(enrolled_on(pl.col("peildatum")))
        .select("jongere_id", "peildatum")
        .unique()
    )
    qualified = (
        startkwalificaties(tables)
        .join(days, how="cross")
        .filter(pl.col("bekend_op") <= pl.col("peildatum"), pl.col("datum") <= pl.col("peildatum"))
        .select("jongere_id", "peildatum")
    )
    return (
        enrolled.join(qualified, on=["jongere_id", "peildatum"], how="anti")
        .sort("peildatum", "jongere_id")
        .collect()
    )


def risicoprofiel(tables: Tables, spine: pl.DataFrame) -> pl.DataFrame:
    """Return all `FEATURES` of each spine row, from what was known on its peildatum.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Canonical tables, cut or not; any may be absent.
    spine : DataFrame
        ``jongere_id`` and ``peildatum``, in any order, for any number of peildata.

    Returns
    -------
    DataFrame
        ``jongere_id``, ``peildatum`` and one Float64 column per feature; rows and order of the
        spine. Null is unknown, which is kept apart from 0.
    """
    rows = numbered(spine)
    parts = pl.collect_all([builder(tables, rows) for builder in BUILDERS], engine="streaming")
    profile = rows.collect()
    for part in parts:
        profile = profile.join(part, on=RIJ, how="left", maintain_order="left")
    return profile.select(
        "jongere_id", "peildatum", pl.col(names(FEATURES)).cast(pl.Float64).round(DECIMALS)
    )
