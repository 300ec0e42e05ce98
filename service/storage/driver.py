"""The few statements that run with every request, prepared once and handed to the driver as text.

SQLAlchemy still opens and ends the transaction, and what the driver raises is what it always is;
the building of a statement and the handling of each value by its type are done beforehand, and
nothing listens to these statements.
The same code serves SQLite and PostgreSQL.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Dialect, Engine
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError

from service.errors import StoreError
from service.storage.failures import hide_detail, problem_of

STATEMENTS = 200
"""Statements that stay prepared: each kind of row, for each kind of database."""
Processor = Callable[[Any], Any]
Kind = sa.types.TypeEngine[Any]
Statement = sa.Insert | sa.Select[Any]


@dataclass(frozen=True)
class Prepared:
    """One statement as the driver takes it.

    Parameters
    ----------
    text : str
        With the placeholders of the driver.
    names : tuple of str
        Names of the values, in the order of the placeholders where these have no names.
    given : tuple of (int, callable)
        Of each value that the driver does not take as it is: its place, and what makes it so.
    found : tuple of (int, callable)
        The same of each column that comes back.
    positional : bool
        Whether the driver takes values by their place; else by their name.
    """

    text: str
    names: tuple[str, ...]
    given: tuple[tuple[int, Processor], ...]
    found: tuple[tuple[int, Processor], ...]
    positional: bool

    def parameters(self, rows: Sequence[Mapping[str, object]]) -> list[Any]:
        """Return the values of each row as the driver takes them."""
        columns = [[row[name] for row in rows] for name in self.names]
        for place, process in self.given:
            columns[place] = _each(process, columns[place])
        values = list(zip(*columns, strict=True)) if columns else [()] * len(rows)
        if self.positional:
            return values
        return [dict(zip(self.names, one, strict=True)) for one in values]

    def values(self, row: Sequence[Any]) -> tuple[Any, ...]:
        """Return what a row that came back says, in the types of its columns."""
        told = list(row)
        for place, process in self.found:
            told[place] = process(told[place])
        return tuple(told)


def prepare(statement: Statement, names: Sequence[str], dialect: Dialect) -> Prepared:
    """Return a statement that takes these values, ready for the driver; the same is kept.

    Parameters
    ----------
    statement : Insert or Select
        Made once: by it the prepared text is found.
    names : sequence of str
        Of the columns that are added, or of the values that are asked for.
    dialect : Dialect
        Of the database.
    """
    return _prepare(statement, tuple(names), dialect)


def add_rows(
    connection: Connection, insert: sa.Insert, rows: Sequence[Mapping[str, object]]
) -> None:
    """Add rows that all have the same columns.

    Parameters
    ----------
    connection : Connection
        In a transaction.
    insert : Insert
        Made once: by it the prepared text is found.
    rows : sequence of mapping
        At least one; values by column.

    Raises
    ------
    DBAPIError
        As `Connection.execute`.
    """
    prepared = prepare(insert, tuple(rows[0]), connection.dialect)
    with _cursor(connection, prepared) as cursor:
        cursor.executemany(prepared.text, prepared.parameters(rows))


def read_rows(
    connection: Connection, select: sa.Select[Any], values: Mapping[str, object]
) -> tuple[tuple[Any, ...], ...]:
    """Return what a question with these values finds, as the driver gives it.

    `Prepared.values` makes of a row what its columns say.
    """
    prepared = prepare(select, tuple(values), connection.dialect)
    (asked,) = prepared.parameters([values])
    with _cursor(connection, prepared) as cursor:
        cursor.execute(prepared.text, asked)
        return tuple(map(tuple, cursor.fetchall()))


def ask(
    engine: Engine, select: sa.Select[Any], values: Mapping[str, object]
) -> tuple[tuple[Any, ...], ...]:
    """Return what one question finds, as `read_rows`, in no transaction of SQLAlchemy.

    One statement sees one moment of the data by itself. Only of tables without row security: who
    looks is not told to the database. Meant for what each request asks before all else.

    Raises
    ------
    StoreError
        The database is locked, damaged or out of reach.
    """
    prepared = prepare(select, tuple(values), engine.dialect)
    (asked,) = prepared.parameters([values])
    try:
        with closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
            cursor.execute(prepared.text, asked)
            return tuple(map(tuple, cursor.fetchall()))
    except Exception as error:
        problem = problem_of(error)
        if problem is None:
            raise
        raise StoreError(problem) from error


@contextmanager
def _cursor(connection: Connection, prepared: Prepared) -> Iterator[DBAPICursor]:
    """Give a cursor of the driver; what it raises is what SQLAlchemy would raise.

    The values are left out of that, and so is the detail of PostgreSQL, which quotes the row.
    """
    raised: type[Exception] = connection.dialect.loaded_dbapi.Error
    try:
        with closing(connection.connection.cursor()) as cursor:
            yield cursor
    except raised as error:
        hide_detail(error)
        raise DBAPIError.instance(
            prepared.text, None, error, raised, hide_parameters=True, dialect=connection.dialect
        ) from None


@lru_cache(maxsize=STATEMENTS)
def _prepare(statement: Statement, names: tuple[str, ...], dialect: Dialect) -> Prepared:
    if isinstance(statement, sa.Insert):
        columns: Iterable[Kind] = ()
        # of one row alone it would ask for the key that the database gave
        compiled = statement.compile(dialect=dialect, column_keys=names, for_executemany=True)
    else:
        columns = [column.type for column in statement.selected_columns]
        compiled = statement.compile(dialect=dialect)
    order = compiled.positiontup if compiled.positional else compiled.binds
    used = tuple(str(name) for name in order or ())
    return Prepared(
        str(compiled),
        used,
        _of_each((compiled.binds[name].type for name in used), dialect, _as_bound),
        _of_each(columns, dialect, _as_found),
        compiled.positional,
    )


def _as_bound(kind: Kind, dialect: Dialect) -> Processor | None:
    return kind.bind_processor(dialect)


def _as_found(kind: Kind, dialect: Dialect) -> Processor | None:
    return kind.result_processor(dialect, None)


def _of_each(
    kinds: Iterable[Kind],
    dialect: Dialect,
    processor: Callable[[Kind, Dialect], Processor | None],
) -> tuple[tuple[int, Processor], ...]:
    """Return the places of the types that need a processor, each with it."""
    made = (processor(kind.dialect_impl(dialect), dialect) for kind in kinds)
    return tuple((place, one) for place, one in enumerate(made) if one is not None)


def _each(process: Processor, values: Sequence[Any]) -> list[Any]:
    """Process values of which many in a row are the same object, as the moment of a request."""
    found: list[Any] = []
    last, made = object(), None
    for value in values:
        if value is not last:
            last, made = value, process(value)
        found.append(made)
    return found
