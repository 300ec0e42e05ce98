"""Values that a person set right, and the rows in which they stand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl
import sqlalchemy as sa
from sqlalchemy.orm import Session

from features.contract import Table
from features.tables import TABLES
from service.identity import IDENTITEIT
from service.rechten.rijen import rijen, zichtbaar
from service.storage.privacy_tables import CORRECTIE
from service.storage.rows import lock_merges, read_rows, update_rows
from service.storage.tables import CANONICAL, IDENTITEIT_TABLE

CONTRACTS: Mapping[str, Table] = {**TABLES, IDENTITEIT.name: IDENTITEIT}


@dataclass(frozen=True)
class Correctie:
    """One value set right; it wins over sources until `vervallen_op`.

    `sleutel` holds the key of the row, and `waarde` and `was` the value, as JSON: a day in ISO
    form, a list as a list.
    """

    id: int
    jongere_id: str
    tabel: str
    sleutel: Mapping[str, object]
    kolom: str
    waarde: object
    was: object
    reden: str
    door: str
    tijdstip: datetime
    vervallen_op: datetime | None


class CorrectieRepository:
    """Every query on corrections; it never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find_row(self, tabel: str, sleutel: Mapping[str, object]) -> pl.DataFrame:
        """Return the row with this key, with the types of the contract; empty when none is."""
        lock_merges(self._session)
        table = self._table(tabel)
        key = [table.c[name] == value for name, value in sleutel.items()]
        return read_rows(
            self._session, table, CONTRACTS[tabel], where=sa.and_(zichtbaar(table), *key)
        )

    def write_row(self, tabel: str, row: pl.DataFrame, import_id: int) -> None:
        """Replace a row as a whole."""
        update_rows(self._session, self._table(tabel), CONTRACTS[tabel], row, import_id)

    def add(self, correctie: Correctie) -> None:
        """Store a correction (its own id is not looked at); it replaces one of the same value."""
        for one in self.standing(correctie.tabel):
            if (one.sleutel, one.kolom) == (correctie.sleutel, correctie.kolom):
                self.end(one.id, correctie.tijdstip)
        values = vars(correctie).copy()
        del values["id"]
        self._session.execute(sa.insert(CORRECTIE).values(values))

    def end(self, correctie_id: int, op: datetime) -> None:
        """Let sources decide again over a value."""
        mine = CORRECTIE.c.id == correctie_id
        self._session.execute(
            sa.update(CORRECTIE).where(zichtbaar(CORRECTIE), mine).values(vervallen_op=op)
        )

    def standing(self, tabel: str) -> list[Correctie]:
        """Return the corrections of a table that win over sources, the oldest first."""
        row = CORRECTIE.c
        return self._list(sa.and_(row.tabel == tabel, row.vervallen_op.is_(None)))

    def newest(self) -> dict[str, datetime]:
        """Return when a value was set right last, by jongere_id."""
        row = CORRECTIE.c
        chosen = rijen(CORRECTIE, row.jongere_id, sa.func.max(row.tijdstip).label("op"))
        found = self._session.execute(chosen.group_by(row.jongere_id))
        return {one.jongere_id: one.op for one in found}

    def of(self, jongere_id: str) -> list[Correctie]:
        """Return every correction of a jongere, the oldest first."""
        return self._list(CORRECTIE.c.jongere_id == jongere_id)

    def _list(self, where: sa.ColumnElement[bool]) -> list[Correctie]:
        chosen = rijen(CORRECTIE).where(where).order_by(CORRECTIE.c.id)
        return [Correctie(**row) for row in self._session.execute(chosen).mappings()]

    def _table(self, tabel: str) -> sa.Table:
        return IDENTITEIT_TABLE if tabel == IDENTITEIT.name else CANONICAL[tabel]
