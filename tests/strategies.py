"""Hypothesis strategies: canonical frames that satisfy their contract, small and nasty."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import polars as pl
from hypothesis import strategies as st

from features.contract import Column, Table, Tables, find_violations
from features.tables import JONGERE_ID, TABLES

Row = dict[str, Any]

FIRST_DAY = date(2015, 1, 1)
LAST_DAY = date(2035, 12, 31)
MAX_ROWS = 6

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
"""Any text that a database can hold: also empty, with line ends, quotes and emoji."""

PRINTABLE = st.characters(codec="utf-8", exclude_categories=["C", "Z"])
"""Characters for texts that follow a pattern."""

IDS = st.text(PRINTABLE, min_size=1, max_size=8)
"""Ids of any kind: ten times as fast as drawing from their pattern, which asks hardly more."""

ORDERED = (
    ("begindatum", "einddatum"),
    ("begindatum", "sluit_op"),
    ("datum_van", "datum_tot"),
    ("uren_min", "uren_max"),
    ("week", "bekend_op"),
)
"""Pairs of columns whose first is never above the second."""


@st.composite
def frames(
    draw: st.DrawFn,
    table: Table,
    *,
    references: Tables | None = None,
    keys: pl.DataFrame | None = None,
    min_size: int = 0,
    max_size: int = MAX_ROWS,
) -> pl.DataFrame:
    """Draw a frame that satisfies the contract of a table.

    Parameters
    ----------
    table : Table
        The contract, such as ``TABLES["verzuim"]``.
    references : mapping of name to DataFrame, optional
        Frames in which the references must be found; without them a reference may lead nowhere.
    keys : DataFrame, optional
        Rows from whose keys the frame chooses, to draw a newer version of them.
    min_size, max_size : int
        Number of rows drawn; the frame has fewer where keys came out the same.
    """
    parents = references or {}
    rows = _rows(table, parents, keys)
    drawn = [] if rows is None else draw(st.lists(rows, min_size=min_size, max_size=max_size))
    frame = pl.DataFrame([_repair(table, row) for row in drawn], schema=table.schema)
    frame = frame.unique(table.key, keep="first", maintain_order=True)
    bad = find_violations(frame, table, references=references)["row"].unique().to_list()
    return frame.with_row_index("_at").filter(~pl.col("_at").is_in(bad)).drop("_at")


@st.composite
def datasets(draw: st.DrawFn, *names: str, max_size: int = MAX_ROWS) -> dict[str, pl.DataFrame]:
    """Draw these canonical tables and those they refer to; all references hold.

    The tables come in the order in which they can be stored.
    """
    wanted = set(names)
    for name in reversed(TABLES):
        if name in wanted:
            wanted |= {reference.table for reference in TABLES[name].references}
    drawn: dict[str, pl.DataFrame] = {}
    for name, table in TABLES.items():
        if name in wanted:
            least = 0 if name in names else 1
            drawn[name] = draw(
                frames(table, references=drawn, min_size=least, max_size=max_size), label=name
            )
    return drawn


def _rows(
    table: Table, parents: Tables, keys: pl.DataFrame | None
) -> st.SearchStrategy[Row] | None:
    """Return a strategy for one row; None when a row has nothing to refer to."""
    parts = [st.fixed_dictionaries({column.name: cells(column) for column in table.columns})]
    chosen = [
        parents[reference.table].select(
            pl.col(target).alias(name)
            for name, target in zip(reference.columns, reference.target, strict=True)
        )
        for reference in table.references
        if reference.table in parents
    ]
    if keys is not None:
        chosen.append(keys.select(table.key))
    if any(not frame.height for frame in chosen):
        return None
    parts += [st.sampled_from(frame.to_dicts()) for frame in chosen]
    return st.tuples(*parts).map(_join)


def _join(parts: tuple[Row, ...]) -> Row:
    return {name: value for part in parts for name, value in part.items()}


def cells(column: Column) -> st.SearchStrategy[Any]:
    """Draw a value that a column may hold, also null where that is allowed."""
    values = _elements(column)
    if column.is_list:
        values = st.lists(values, max_size=4, unique=True)
    return values if column.required else st.none() | values


def _elements(column: Column) -> st.SearchStrategy[Any]:
    if column.values:
        return st.sampled_from(column.values)
    if column.pattern == JONGERE_ID.pattern:
        return IDS
    if column.pattern:
        return st.from_regex(column.pattern, fullmatch=True, alphabet=PRINTABLE)
    if column.name == "week":
        return days().map(lambda day: day - timedelta(days=day.weekday()))
    return BY_TYPE[column.dtype](column)


def days() -> st.SearchStrategy[date]:
    """Draw a day in the years that the data are about."""
    return st.dates(FIRST_DAY, LAST_DAY)


def _whole(column: Column) -> st.SearchStrategy[int]:
    low, high = column.minimum, column.maximum
    return st.integers(
        -(2**31) if low is None else int(low), 2**31 - 1 if high is None else int(high)
    )


def _real(column: Column) -> st.SearchStrategy[float]:
    return st.floats(column.minimum, column.maximum, allow_nan=False, allow_infinity=False)


BY_TYPE: Mapping[pl.DataType, Callable[[Column], st.SearchStrategy[Any]]] = {
    pl.String(): lambda _: TEXTS,
    pl.Date(): lambda _: days(),
    pl.Float64(): _real,
    pl.Int32(): _whole,
    pl.Boolean(): lambda _: st.booleans(),
}


def _repair(table: Table, row: Row) -> Row:
    """Make most rows satisfy the rules between columns; keys and references stay."""
    fixed = set(table.key) | {name for ref in table.references for name in ref.columns}
    for low, high in ORDERED:
        if row.get(low) is not None and row.get(high) is not None and row[low] > row[high]:
            row = row | {high: row[low]} if low in fixed else row | {low: row[high], high: row[low]}
    if row.get("einddatum") is not None and row["einde_bekend_op"] is None:
        row = row | {"einde_bekend_op": row["einddatum"]}
    if "lesuren" in row:
        geoorloofd = min(row["uren_geoorloofd"], row["lesuren"])
        rest = min(row["uren_ongeoorloofd"], row["lesuren"] - geoorloofd)
        row = row | {"uren_geoorloofd": geoorloofd, "uren_ongeoorloofd": rest}
    return row
