"""What a table must satisfy, as data, and the check that finds every row that does not.

A `Table` names columns, key, references and rules. `find_violations` looks at all rows at
once and returns one line per offence, so that a reader of files can report them all;
`check_table` raises on the first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from features.errors import TableError
from features.keys import all_different

Tables = Mapping[str, pl.DataFrame]
"""Canonical tables by name. A table may be absent: then nothing is known of that kind."""

LIST_SEPARATOR = "|"
"""Separates the elements of a list column wherever a table is kept as text (CSV, database)."""


class Offence(StrEnum):
    """Which part of the contract a row breaks."""

    MISSING = "missing"
    TOO_LOW = "too low"
    TOO_HIGH = "too high"
    NOT_LISTED = "not listed"
    PATTERN = "pattern"
    DUPLICATE = "duplicate"
    REFERENCE = "reference"
    RULE = "rule"


TEXT = pl.String()
VIOLATIONS = pl.Schema(
    {
        "row": pl.UInt32,
        "column": pl.String,
        "value": pl.String,
        "offence": pl.String,
        "expected": pl.String,
    }
)
"""Columns of a frame of violations; `row` is zero-based, `expected` says what would be right."""


@dataclass(frozen=True)
class Column:
    """One column: name, type, what it may hold, and what it means.

    `values` lists what is allowed; for a list column it holds for each element, and `pattern`
    likewise. `minimum` and `maximum` are inclusive. A column that is not `required` may be null.
    """

    name: str
    dtype: pl.DataType
    meaning: str
    required: bool = True
    values: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    pattern: str = ""

    @property
    def is_list(self) -> bool:
        """Whether a cell holds several values."""
        return isinstance(self.dtype, pl.List)


@dataclass(frozen=True)
class Reference:
    """Columns that must be found among the keys of another table, unless one is null."""

    columns: tuple[str, ...]
    table: str
    target: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """A condition between columns of one row; a null outcome counts as satisfied."""

    column: str
    holds: pl.Expr
    meaning: str


@dataclass(frozen=True)
class Table:
    """Contract of one canonical table."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    references: tuple[Reference, ...] = ()
    rules: tuple[Rule, ...] = ()

    @property
    def schema(self) -> pl.Schema:
        """Names and polars types of the columns, in order."""
        return pl.Schema({column.name: column.dtype for column in self.columns})

    def column(self, name: str) -> Column:
        """Return one column by name; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def empty(self) -> pl.DataFrame:
        """Return a frame without rows that satisfies the contract."""
        return pl.DataFrame(schema=self.schema)


def find_violations(
    frame: pl.DataFrame, table: Table, *, references: Tables | None = None
) -> pl.DataFrame:
    """List every offence of a frame against the contract of its table.

    Parameters
    ----------
    frame : DataFrame
        Rows to look at, with exactly the columns and types of the contract.
    table : Table
        The contract.
    references : mapping of name to DataFrame, optional
        Tables to which references must lead. A referenced table that is absent here is not
        looked at.

    Returns
    -------
    DataFrame with the columns of `VIOLATIONS`
        One row per offence, ordered by row, then column. Empty when all is well.

    Raises
    ------
    TableError
        A column is absent, unknown, or of another type: then no row can be judged.
    """
    _check_columns(frame, table)
    indexed = frame.with_row_index("row")
    broken = _broken_columns(frame, table)
    found = [
        _select(indexed, column.name, bad, offence, expected)
        for column in table.columns
        if broken[column.name]
        for bad, offence, expected in _column_checks(column, pl.col(column.name))
    ]
    found += [
        _select(indexed, rule.column, ~rule.holds.fill_null(value=True), Offence.RULE, rule.meaning)
        for rule in table.rules
    ]
    found.append(_duplicates(indexed, table))
    found += [
        _dangling(indexed, reference, references[reference.table])
        for reference in table.references
        if references is not None and reference.table in references
    ]
    return pl.concat(
        [part for part in found if part.height] or [pl.DataFrame(schema=VIOLATIONS)]
    ).sort("row", "column")


def check_table(frame: pl.DataFrame, table: Table, *, references: Tables | None = None) -> None:
    """Raise `TableError` on the first offence against the contract."""
    violations = find_violations(frame, table, references=references)
    if violations.height:
        first = violations.row(0, named=True)
        raise TableError(
            table.name,
            first["column"],
            first["row"],
            f"{first['value']!r}: {first['offence']}, expected {first['expected']}",
        )


def _check_columns(frame: pl.DataFrame, table: Table) -> None:
    for name, dtype in table.schema.items():
        if name not in frame.columns:
            raise TableError(table.name, name, None, "column is missing")
        if frame.schema[name] != dtype:
            raise TableError(
                table.name, name, None, f"type is {frame.schema[name]}, expected {dtype}"
            )
    unknown = sorted(set(frame.columns) - set(table.schema.names()))
    if unknown:
        raise TableError(table.name, unknown[0], None, "column is not in the contract")


def _broken_columns(frame: pl.DataFrame, table: Table) -> dict[str, bool]:
    """Return of every column whether a row breaks a demand: one pass, each text looked at once."""
    flags = [pl.lit(value=False).alias(column.name) for column in table.columns]
    for at, column in enumerate(table.columns):
        value = pl.col(column.name)
        distinct = _without_runs(value).unique() if column.dtype == TEXT else value
        checks = [bad.any() for bad, _, _ in _column_checks(column, distinct)]
        if checks:
            flags[at] = pl.any_horizontal(checks).alias(column.name)
    return frame.select(flags).row(0, named=True)


def _column_checks(column: Column, value: pl.Expr) -> list[tuple[pl.Expr, Offence, str]]:
    """Return (row is bad, which offence, what was expected) for each demand of a column."""
    checks: list[tuple[pl.Expr, Offence, str]] = []
    if column.required:
        checks.append((value.is_null(), Offence.MISSING, "a value"))
    if column.minimum is not None:
        checks.append((value < column.minimum, Offence.TOO_LOW, f"{column.minimum:g}"))
    if column.maximum is not None:
        checks.append((value > column.maximum, Offence.TOO_HIGH, f"{column.maximum:g}"))
    if column.values:
        listed: Sequence[str] = column.values
        bad = (
            value.list.eval(~pl.element().is_in(listed)).list.any()
            if column.is_list
            else ~value.is_in(listed)
        )
        checks.append((bad, Offence.NOT_LISTED, LIST_SEPARATOR.join(listed)))
    if column.pattern:
        anchored = f"^(?:{column.pattern})$"
        bad = (
            value.list.eval(~pl.element().str.contains(anchored)).list.any()
            if column.is_list
            else ~value.str.contains(anchored)
        )
        checks.append((bad, Offence.PATTERN, column.pattern))
    return checks


def _select(
    indexed: pl.DataFrame, column: str, bad: pl.Expr, offence: Offence, expected: str
) -> pl.DataFrame:
    rows = indexed.filter(bad.fill_null(value=False))
    if not rows.height:
        return pl.DataFrame(schema=VIOLATIONS)
    return rows.select(
        "row",
        pl.lit(column).alias("column"),
        _as_text(rows, column).alias("value"),
        pl.lit(str(offence)).alias("offence"),
        pl.lit(expected).alias("expected"),
    )


def _as_text(rows: pl.DataFrame, column: str) -> pl.Expr:
    if isinstance(rows.schema[column], pl.List):
        return pl.col(column).list.join(LIST_SEPARATOR)
    return pl.col(column).cast(pl.String)


def _without_runs(value: pl.Expr) -> pl.Expr:
    """Return a column without the rows that repeat the one before: quick, and often nearly all."""
    return value.filter(value.ne_missing(value.shift(1)) | (pl.int_range(pl.len()) == 0))


def _duplicates(indexed: pl.DataFrame, table: Table) -> pl.DataFrame:
    if not table.key or not indexed.height or all_different(indexed.select(table.key)):
        return pl.DataFrame(schema=VIOLATIONS)
    again = indexed.filter(~pl.struct(table.key).is_first_distinct())
    return again.select(
        "row",
        pl.lit(", ".join(table.key)).alias("column"),
        pl.concat_str(
            [pl.col(name).cast(pl.String) for name in table.key], separator=", ", ignore_nulls=True
        ).alias("value"),
        pl.lit(str(Offence.DUPLICATE)).alias("offence"),
        pl.lit("a key that occurs once").alias("expected"),
    )


def _dangling(indexed: pl.DataFrame, reference: Reference, target: pl.DataFrame) -> pl.DataFrame:
    columns = list(reference.columns)
    runs = pl.any_horizontal(pl.col(columns).ne_missing(pl.col(columns).shift(1)))
    named = indexed.filter(runs | (pl.col("row") == 0)).select(columns).drop_nulls().unique()
    known = target.select(reference.target).unique()
    unknown = named.join(known, left_on=columns, right_on=reference.target, how="anti")
    lost = indexed.join(unknown, on=columns, how="semi") if unknown.height else indexed.clear()
    return lost.select(
        "row",
        pl.lit(", ".join(reference.columns)).alias("column"),
        pl.concat_str(
            [pl.col(name).cast(pl.String) for name in reference.columns], separator=", "
        ).alias("value"),
        pl.lit(str(Offence.REFERENCE)).alias("offence"),
        pl.lit(reference.table).alias("expected"),
    )
