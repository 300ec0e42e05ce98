"""What was known on a peildatum: the cut in time that every feature starts from.

A row counts from ``bekend_op`` on; the end of a period counts from ``einde_bekend_op`` on, and
until then the period looks as if it lasts. Tables without ``bekend_op`` (reference tables and
what is set once, such as `leerbedrijf`) are known always.
"""

from collections.abc import Collection, Sequence
from datetime import date

import polars as pl

from features.contract import Tables
from features.tables import TABLES

END_COLUMNS = ("einddatum", "reden_uitschrijving", "reden_einde", "beoordeling", "einde_bekend_op")
"""Columns that are known only together with the end of a period."""

RIJ = "rij"
"""Number of a row of a numbered spine."""


def cut_to_peildatum(tables: Tables, peildatum: date) -> dict[str, pl.DataFrame]:
    """Return the tables as they were known on a peildatum.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Canonical tables; any may be absent.
    peildatum : date
        The day from which we look, inclusive.

    Returns
    -------
    dict of name to DataFrame
        The same tables without the rows of which ``bekend_op`` is later. Where
        ``einde_bekend_op`` is later or null, the `END_COLUMNS` are null. Row order is kept.
    """
    return {
        name: _cut(frame.lazy(), frame.columns, pl.lit(peildatum)).collect()
        for name, frame in tables.items()
    }


def numbered(spine: pl.DataFrame) -> pl.LazyFrame:
    """Return the jongere_id and peildatum of a spine with the number of each row (`RIJ`)."""
    return spine.lazy().select("jongere_id", "peildatum").with_row_index(RIJ)


def known(tables: Tables, name: str, spine: pl.LazyFrame, on: str = "jongere_id") -> pl.LazyFrame:
    """Return the rows of a table beside every spine row, as known on the peildatum of that row.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Canonical tables, cut or not; an absent table has no rows.
    name : str
        Which table.
    spine : LazyFrame
        Rows with the column `on` and ``peildatum``; other columns come along.
    on : str
        Id that a spine row and a table row share.

    Returns
    -------
    LazyFrame
        Spine columns and table columns; spine rows of which nothing was known are absent. An
        event may lie after the peildatum when it was announced before.
    """
    frame = table(tables, name)
    joined = spine.join(frame.lazy(), on=on, how="inner")
    return _cut(joined, frame.columns, pl.col("peildatum"))


def table(tables: Tables, name: str) -> pl.DataFrame:
    """Return one table by name; without rows when it is absent."""
    return tables[name] if name in tables else TABLES[name].empty()


def zero_if_kind_is_known(
    found: pl.LazyFrame, spine: pl.LazyFrame, frame: pl.DataFrame, columns: Sequence[str]
) -> pl.LazyFrame:
    """Turn missing counts into zeros for peildata on which the table held anything at all.

    A register that holds nothing yet says nothing: there the counts stay null.

    Parameters
    ----------
    found : LazyFrame
        `RIJ` and counts of the spine rows of which something was found.
    spine : LazyFrame
        Numbered spine.
    frame : DataFrame
        The table that was counted, with ``bekend_op``.
    columns : sequence of str
        The counts.

    Returns
    -------
    LazyFrame
        `RIJ` and all columns of `found`, a row for each row of the spine.
    """
    first = pl.lit(frame["bekend_op"].min(), dtype=pl.Date)
    return (
        spine.select(RIJ, "peildatum")
        .join(found, on=RIJ, how="left")
        .with_columns(
            pl.when(pl.col("peildatum") >= first).then(pl.col(name).fill_null(0)).alias(name)
            for name in columns
        )
        .drop("peildatum")
    )


def days_ago(column: str) -> pl.Expr:
    """Return the whole days from a date column to the peildatum; negative for the future."""
    return (pl.col("peildatum") - pl.col(column)).dt.total_days()


def _cut(rows: pl.LazyFrame, columns: Collection[str], peildatum: pl.Expr) -> pl.LazyFrame:
    if "bekend_op" in columns:
        rows = rows.filter(pl.col("bekend_op") <= peildatum)
    if "einde_bekend_op" in columns:
        told = pl.col("einde_bekend_op") <= peildatum
        rows = rows.with_columns(
            pl.when(told).then(pl.col(name)).alias(name) for name in END_COLUMNS if name in columns
        )
    return rows
