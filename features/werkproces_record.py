"""How well places, leerbedrijven and jongeren did before in learning werkprocessen.

A record is held against what was to be expected from the start niveau and the hours, so that a
place that takes on beginners does not look bad. With few outcomes it is drawn to 0.
"""

from datetime import date

import polars as pl

from features.contract import Tables
from features.labels_werkproces import werkproces_beheerst, werkproces_voorbeelden
from features.vaardigheidsprofiel import vaardigheidsprofiel

PRIOR = 6.0
"""Shrinkage: a record counts against so many outcomes that were just as expected."""
HOURS_BOUNDS = (70.0, 110.0, 160.0, 240.0)
"""Bounds of the classes of hours within which outcomes are compared."""
PAST = ("leerwerkplek_id", "leerbedrijf_id", "werkproces_id", "jongere_id", "peildatum", "dag")


def werkproces_uitkomsten(tables: Tables) -> pl.DataFrame:
    """Return what came of past stages, each from the day on which it may be used.

    Returns
    -------
    DataFrame
        `PAST` and ``boven``: 1 or 0 for mastered or not, minus the share that was mastered with
        as many hours and the same start niveau until then. Ordered by ``dag``.
    """
    voorbeelden = werkproces_voorbeelden(tables)
    outcome = werkproces_beheerst(tables, voorbeelden, observed_until=date.max)
    found = voorbeelden.with_columns(outcome).filter(pl.col("beheerst").is_not_null())
    found = found.rename({"known_by": "dag"}).with_columns(
        pl.col("beheerst").cast(pl.Float64),
        klas=pl.sum_horizontal(pl.col("uren") > bound for bound in HOURS_BOUNDS),
    )
    started = vaardigheidsprofiel(tables, found.select("jongere_id", "peildatum").unique())
    found = found.join(
        started.select("jongere_id", "peildatum", "niveau", werkproces_id="competentie_id"),
        on=["jongere_id", "peildatum", "werkproces_id"],
        how="left",
        maintain_order="left",
    ).sort("dag", "stage_id", "werkproces_id")
    alike = ["niveau", "klas"]
    day = (
        found.group_by(*alike, "dag")
        .agg(pl.col("beheerst").sum().alias("goed"), pl.len().alias("aantal"))
        .sort("dag")
        .with_columns(pl.col("goed", "aantal").cum_sum().over(alike))
    )
    whole = pl.col("beheerst").cum_sum() / pl.int_range(1, pl.len() + 1)
    expected = (pl.col("goed") + PRIOR * whole) / (pl.col("aantal") + PRIOR)
    return found.join(
        day, on=[*alike, "dag"], how="left", nulls_equal=True, maintain_order="left"
    ).select(*PAST, (pl.col("beheerst") - expected).alias("boven"))


def record(
    rows: pl.DataFrame, past: pl.DataFrame, key: str, parent: pl.Series | None = None
) -> tuple[pl.Series, pl.Series]:
    """Return the shrunk mean of ``boven`` per row, of what was known on its peildatum.

    Parameters
    ----------
    rows : DataFrame
        The key and ``peildatum``.
    past : DataFrame
        As `werkproces_uitkomsten` returns it.
    key : str
        Whose record: a column of both.
    parent : Series, optional
        To what each row is drawn instead of 0, such as the record of the leerbedrijf.

    Returns
    -------
    (Series, Series)
        The record in [-1, 1], and the number of outcomes that it rests on; in the order of the
        rows.
    """
    totals = (
        past.group_by(key, "dag")
        .agg(pl.col("boven").sum().alias("som"), pl.len().cast(pl.Float64).alias("aantal"))
        .sort("dag")
        .with_columns(pl.col("som", "aantal").cum_sum().over(key))
    )
    found = (
        rows.select(key, dag="peildatum")
        .with_row_index("rij")
        .sort("dag")
        .join_asof(totals, on="dag", by=key, strategy="backward", check_sortedness=False)
        .sort("rij")
        .with_columns(pl.col("som", "aantal").fill_null(0.0))
    )
    base = pl.Series([0.0]) if parent is None else parent
    return (found["som"] + PRIOR * base) / (found["aantal"] + PRIOR), found["aantal"]
