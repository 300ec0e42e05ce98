"""Rows between polars and SQL, exactly: what is written comes back with the same values and types.

Fast and lean, for tables of a million rows: in slices, column by column, without objects per row
beyond those that the driver needs.
"""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import polars as pl
import sqlalchemy as sa
from sqlalchemy.orm import Session

from features.contract import LIST_SEPARATOR, Column, Table
from features.errors import TableError
from service.storage.tables import IMPORT_ID

SLICE = 20_000
"""Rows that are held as Python objects at a time."""

FEW = 2_000
"""With at most so many different first key values, only the rows of those are read."""

IN_AT_ONCE = 500
"""Values in one IN list."""

ISO_DATE = "%Y-%m-%d"
"""How SQLAlchemy keeps a date in SQLite."""

NUL = "\x00"
"""The one character that PostgreSQL cannot hold in a text."""

_KEY = "key_"
_MERGE_LOCK = 7_204_119
"""Any fixed number: imports take this advisory lock of PostgreSQL in turn."""


def read_rows(
    session: Session,
    table: sa.Table,
    contract: Table,
    *,
    columns: Sequence[str] | None = None,
    where: sa.ColumnElement[bool] | None = None,
) -> pl.DataFrame:
    """Return stored rows ordered by key, with the types of the contract."""
    names = list(columns or contract.schema.names())
    schema = pl.Schema({name: contract.schema[name] for name in names})
    statement = sa.select(*(_raw(table.c[name], session) for name in names))
    if where is not None:
        statement = statement.where(where)
    with _no_search_for_cycles():
        result = session.connection().execute(statement, execution_options={"yield_per": SLICE})
        parts = [_to_frame(rows, schema) for rows in result.partitions()]
    if not parts:
        return pl.DataFrame(schema=schema)
    return pl.concat(parts).sort([name for name in contract.key if name in schema])


def read_beside(
    session: Session, table: sa.Table, contract: Table, frame: pl.DataFrame
) -> pl.DataFrame:
    """Return at least the stored rows whose key occurs in a frame."""
    first = contract.key[0]
    wanted = frame[first].unique().to_list()
    if len(wanted) > FEW:
        return read_rows(session, table, contract)
    parts = [
        read_rows(session, table, contract, where=table.c[first].in_(wanted[at : at + IN_AT_ONCE]))
        for at in range(0, len(wanted), IN_AT_ONCE)
    ]
    return pl.concat(parts) if parts else contract.empty()


def insert_rows(
    session: Session, table: sa.Table, contract: Table, frame: pl.DataFrame, import_id: int
) -> None:
    """Add rows; none of their keys may be stored."""
    rows = frame.sort(contract.key).with_columns(pl.lit(import_id).alias(IMPORT_ID))
    _execute_many(session, sa.insert(table), rows)


def update_rows(
    session: Session, table: sa.Table, contract: Table, frame: pl.DataFrame, import_id: int
) -> None:
    """Replace the rows with these keys, all columns."""
    facts = [name for name in frame.columns if name not in contract.key]
    statement = (
        sa.update(table)
        .where(*(table.c[name] == sa.bindparam(_KEY + name) for name in contract.key))
        .values({name: sa.bindparam(name) for name in (*facts, IMPORT_ID)})
    )
    rows = frame.sort(contract.key).rename({name: _KEY + name for name in contract.key})
    _execute_many(session, statement, rows.with_columns(pl.lit(import_id).alias(IMPORT_ID)))


def lock_merges(session: Session) -> None:
    """Wait until no other import writes, and keep others out until this transaction ends.

    On SQLite a writing transaction has the database for itself already.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(_MERGE_LOCK)))


def conform(frame: pl.DataFrame, contract: Table) -> pl.DataFrame:
    """Return the columns of the contract, in its order.

    Raises
    ------
    TableError
        A column is missing or of another type, or a value would not come back as it was: a text
        with NUL, a list with an element that is null, empty or holds the separator.
    """
    for name, dtype in contract.schema.items():
        if frame.schema.get(name) != dtype:
            raise TableError(contract.name, name, None, f"missing, or not of type {dtype}")
    rows = frame.select(contract.schema.names())
    for column in contract.columns:
        bad = rows.select(_is_lost(column)).to_series().arg_true()
        if bad.len():
            raise TableError(contract.name, column.name, bad[0], "cannot be kept as text")
    return rows


def _is_lost(column: Column) -> pl.Expr:
    value = pl.col(column.name)
    if column.is_list:
        element = pl.element()
        lost = element.is_null() | (element == "")
        for character in (NUL, LIST_SEPARATOR):
            lost |= element.str.contains(character, literal=True)
        return value.list.eval(lost).list.any()
    if column.dtype == pl.String:
        return value.str.contains(NUL, literal=True)
    return pl.lit(value=False)


def _raw(column: sa.Column[object], session: Session) -> sa.ColumnElement[object]:
    """Leave ISO dates of SQLite as text: polars reads a million of them at once."""
    if session.get_bind().dialect.name == "sqlite" and isinstance(column.type, sa.Date):
        return sa.type_coerce(column, sa.String)
    return column


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Let rows come and go without Python looking for cycles in them, half the time of reading."""
    searched = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searched:
            gc.enable()


def _to_frame(rows: Sequence[Sequence[object]], schema: pl.Schema) -> pl.DataFrame:
    cells: Iterable[Sequence[object]] = zip(*rows, strict=True)
    return pl.DataFrame(
        [
            _to_series(name, values, dtype)
            for (name, dtype), values in zip(schema.items(), cells, strict=True)
        ]
    )


def _to_series(name: str, values: Sequence[object], dtype: pl.DataType) -> pl.Series:
    if isinstance(dtype, pl.List):
        texts = pl.Series(name, values, pl.String)
        split = texts.str.split(LIST_SEPARATOR)
        return split.list.filter(pl.element() != "") if (texts == "").any() else split
    if dtype == pl.Date and any(isinstance(value, str) for value in values):
        return pl.Series(name, values, pl.String).str.to_date(ISO_DATE)
    return pl.Series(name, values, dtype)


def _execute_many(session: Session, statement: sa.Insert | sa.Update, frame: pl.DataFrame) -> None:
    """Run a statement for each row, with the columns of the frame as its parameters.

    The rows go from polars straight to the driver: SQLAlchemy compiles the statement once, but
    does not look at every value again, which would double the time.
    """
    connection = session.connection()
    columns = None if isinstance(statement, sa.Update) else frame.columns
    compiled = statement.compile(dialect=connection.dialect, column_keys=columns)
    plain = _plain(frame, connection.dialect.name)
    for part in plain.iter_slices(SLICE):
        connection.exec_driver_sql(
            str(compiled),
            part.select(compiled.positiontup).rows() if compiled.positional else part.to_dicts(),
        )


def _plain(frame: pl.DataFrame, dialect: str) -> pl.DataFrame:
    """Return lists as text, and for SQLite dates as ISO text."""
    lists = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.List)]
    joined = frame.with_columns(pl.col(lists).list.join(LIST_SEPARATOR))
    return (
        joined.with_columns(pl.col(pl.Date).dt.strftime(ISO_DATE))
        if dialect == "sqlite"
        else joined
    )
