"""The canonical tables in the store: read whole, written by merging."""

from collections.abc import Iterable
from datetime import date

import polars as pl
import sqlalchemy as sa
from sqlalchemy.orm import Session

from features.tables import JONGERE, TABLES
from service.storage.merging import BEKEND_OP, Merge, MergeCount, merge_rows
from service.storage.persoonssleutel import PersoonssleutelRepository
from service.storage.rows import (
    conform,
    insert_rows,
    lock_merges,
    read_beside,
    read_rows,
    update_rows,
)
from service.storage.tables import CANONICAL, IMPORT_ID


class CanonicalRepository:
    """Every query on the canonical tables; it never commits.

    Table names are those of `features.tables.TABLES`; any other name is a KeyError.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def read(self, name: str) -> pl.DataFrame:
        """Return a whole table, ordered by key, with exactly the schema of its contract."""
        return read_rows(self._session, CANONICAL[name], TABLES[name])

    def read_all(self, names: Iterable[str] | None = None) -> dict[str, pl.DataFrame]:
        """Return the tables of these names, or all; an empty table is there without rows."""
        return {name: self.read(name) for name in (TABLES if names is None else names)}

    def keys(self, name: str) -> pl.DataFrame:
        """Return the key columns of a table, ordered."""
        return read_rows(self._session, CANONICAL[name], TABLES[name], columns=TABLES[name].key)

    def written_since(self, name: str, import_id: int) -> pl.DataFrame:
        """Return the rows that this run or one with a higher id wrote last, as `read` does."""
        table = CANONICAL[name]
        recent = table.c[IMPORT_ID] >= import_id
        return read_rows(self._session, table, TABLES[name], where=recent)

    def count(self, name: str) -> int:
        """Return how many rows a table holds."""
        rows: int = (
            self._session.scalar(sa.select(sa.func.count()).select_from(CANONICAL[name])) or 0
        )
        return rows

    def merge(self, name: str, frame: pl.DataFrame, import_id: int) -> MergeCount:
        """Write the rows of a newer source.

        Parameters
        ----------
        name : str
            The table. A table that others refer to must be merged before those.
        frame : DataFrame
            Rows that satisfy the contract, see `service.storage.merging.merge_rows` for what
            becomes of them; columns that the contract does not know are left out.
        import_id : int
            The run that brings them, see `ImportRepository.add`.

        Raises
        ------
        TableError
            A column is missing or of another type.
        """
        lock_merges(self._session)
        merge = self._compare(name, frame)
        insert_rows(self._session, CANONICAL[name], TABLES[name], merge.new, import_id)
        update_rows(self._session, CANONICAL[name], TABLES[name], merge.changed, import_id)
        if name == JONGERE.name:
            PersoonssleutelRepository(self._session).add_missing(merge.new["jongere_id"])
        return merge.count

    def preview(self, name: str, frame: pl.DataFrame) -> MergeCount:
        """Return what `merge` would count, without writing."""
        return self._compare(name, frame).count

    def last_known(self) -> date | None:
        """Return the newest ``bekend_op`` of all tables; None when nothing is stored."""
        newest = [
            self._session.scalar(sa.select(sa.func.max(table.c[BEKEND_OP])))
            for table in CANONICAL.values()
            if BEKEND_OP in table.c
        ]
        return max((day for day in newest if day is not None), default=None)

    def _compare(self, name: str, frame: pl.DataFrame) -> Merge:
        contract = TABLES[name]
        incoming = conform(frame, contract)
        stored = read_beside(self._session, CANONICAL[name], contract, incoming)
        return merge_rows(contract, stored, incoming)
