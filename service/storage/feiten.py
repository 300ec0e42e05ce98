"""Rows of a canonical table one at a time or per page, for who reads and edits them by hand."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy.orm import Session

from features.contract import LIST_SEPARATOR
from features.tables import TABLES
from service.rechten.rijen import zichtbaar
from service.storage.rows import conform, insert_rows, lock_merges, update_rows
from service.storage.tables import CANONICAL, IMPORT_ID

Row = dict[str, Any]
Key = Mapping[str, object]


class Vergelijking(StrEnum):
    """How a column is compared with the value of a filter."""

    GELIJK = "="
    MINSTENS = ">="
    HOOGSTENS = "<="
    LEEG_OF_MINSTENS = "empty or >="
    LEEG = "empty"
    """The value True asks the empty ones, False the others."""
    NIET_ONDER = "not among"
    BEVAT = "contains"
    """A part of the text, without regard to capitals."""


COMPARISONS: Mapping[Vergelijking, Callable[[Any, Any], sa.ColumnElement[bool]]] = {
    Vergelijking.GELIJK: lambda column, value: column == value,
    Vergelijking.MINSTENS: lambda column, value: column >= value,
    Vergelijking.HOOGSTENS: lambda column, value: column <= value,
    Vergelijking.LEEG_OF_MINSTENS: lambda column, value: column.is_(None) | (column >= value),
    Vergelijking.LEEG: lambda column, value: column.is_(None) if value else column.is_not(None),
    Vergelijking.NIET_ONDER: lambda column, value: column.not_in(value),
    Vergelijking.BEVAT: lambda column, value: column.icontains(value, autoescape=True),
}


@dataclass(frozen=True)
class Filter:
    """A condition on one column."""

    kolom: str
    waarde: object
    vergelijking: Vergelijking = Vergelijking.GELIJK


class FeitRepository:
    """Every query on single rows of one canonical table; it never commits.

    A row holds the columns of its contract and ``import_id``. That number is the version of the
    row: each import, and each edit by a person, writes it, so two equal numbers mean that nobody
    wrote in between.

    Parameters
    ----------
    session : Session
        The unit of work.
    name : str
        A canonical table.
    """

    def __init__(self, session: Session, name: str) -> None:
        self._session = session
        self._contract = TABLES[name]
        self.table = CANONICAL[name]

    def lock(self) -> None:
        """Keep imports and other editors out until this transaction ends."""
        lock_merges(self._session)

    def find(self, key: Key) -> Row | None:
        """Return the row with these values of key columns, or None."""
        rows = self.all(key)
        return rows[0] if rows else None

    def all(self, where: Key) -> list[Row]:
        """Return the rows with these values, ordered by key."""
        statement = (
            sa.select(self.table)
            .where(self._visible(), *(self.table.c[name] == value for name, value in where.items()))
            .order_by(*(self.table.c[name] for name in self._contract.key))
        )
        return [self._row(row) for row in self._session.execute(statement).mappings()]

    def page(
        self, filters: Sequence[Filter], sortering: str, *, offset: int, limit: int
    ) -> tuple[list[Row], int]:
        """Return a part of the rows that satisfy all filters, and how many do in all.

        Parameters
        ----------
        filters : sequence of Filter
            A filter whose value is None asks nothing.
        sortering : str
            A column, with a minus before it for the highest first; equals are ordered by key.
        offset, limit : int
            Which part.
        """
        conditions = [
            self._visible(),
            *(
                COMPARISONS[one.vergelijking](self.table.c[one.kolom], one.waarde)
                for one in filters
                if one.waarde is not None
            ),
        ]
        total = self._session.scalar(
            sa.select(sa.func.count()).select_from(self.table).where(*conditions)
        )
        column = self.table.c[sortering.removeprefix("-")]
        key = [self.table.c[name] for name in self._contract.key]
        statement = (
            sa.select(self.table)
            .where(*conditions)
            .order_by(column.desc() if sortering.startswith("-") else column, *key)
            .offset(offset)
            .limit(limit)
        )
        rows = [self._row(row) for row in self._session.execute(statement).mappings()]
        return rows, total or 0

    def known_keys(self, keys: pl.DataFrame) -> pl.DataFrame:
        """Return those of a few single-column keys that are stored and may be seen."""
        (name,) = self._contract.key
        column = self.table.c[name]
        wanted = keys[name].unique().to_list()
        statement = sa.select(column).where(self._visible(), column.in_(wanted))
        return pl.DataFrame(
            {name: list(self._session.scalars(statement))}, schema={name: pl.String}
        )

    def add(self, frame: pl.DataFrame, import_id: int) -> None:
        """Store new rows; none of their keys may be stored."""
        insert_rows(
            self._session, self.table, self._contract, conform(frame, self._contract), import_id
        )

    def replace(self, frame: pl.DataFrame, import_id: int) -> None:
        """Give stored rows the values of a frame, also where those are empty."""
        update_rows(
            self._session, self.table, self._contract, conform(frame, self._contract), import_id
        )

    def remove(self, where: Key) -> None:
        """Take away the rows with these values."""
        self._session.execute(
            sa.delete(self.table).where(
                self._visible(), *(self.table.c[name] == value for name, value in where.items())
            )
        )

    def _visible(self) -> sa.ColumnElement[bool]:
        """Return the condition on the rows that may be seen; others are as if not there."""
        return zichtbaar(self.table)

    def _row(self, row: sa.RowMapping) -> Row:
        return {name: self._cell(name, value) for name, value in row.items() if name in self._names}

    @property
    def _names(self) -> set[str]:
        return {*self._contract.schema.names(), IMPORT_ID}

    def _cell(self, name: str, value: object) -> object:
        if name == IMPORT_ID or not self._contract.column(name).is_list or value is None:
            return value
        return [part for part in str(value).split(LIST_SEPARATOR) if part]
