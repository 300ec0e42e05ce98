"""Throwing away rows whose term is over, children before parents; and the report of it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from features.tables import TABLES
from service.privacy.bewaartermijnen import IMPORT, Termijn
from service.privacy.register import JONGERE_ID
from service.rechten.rijen import rijen, zichtbaar
from service.storage.privacy_tables import BEWAARVERSLAG
from service.storage.tables import CANONICAL, IMPORT_ID, IMPORTRUN, METADATA, UtcDateTime

ANY = "*"
"""Stands for every table that refers to this one."""
FACTS = [
    CANONICAL[name]
    for name, one in TABLES.items()
    if JONGERE_ID in one.schema and name != "jongere"
]


class BewaarRepository:
    """Every query on terms; it never commits.

    Parameters
    ----------
    session : Session
        A unit of work of the system.
    termijnen : mapping of str to Termijn
        The term of each table.
    dag : date
        The day for which it is decided.
    """

    def __init__(self, session: Session, termijnen: Mapping[str, Termijn], dag: date) -> None:
        self._session = session
        self._terms = termijnen
        self._dag = dag

    def remove_expired(self) -> dict[str, int]:
        """Throw away what is over, and return how many rows of which table that were.

        Rows that were kept only for others (`Termijn.zonder`, `Termijn.leeg`) are looked at again
        until nothing more goes, so that all of a person goes in one night.
        """
        removed: dict[str, int] = {}
        while True:
            round_of = {
                table.name: self._remove(table)
                for table in reversed(METADATA.sorted_tables)
                if not (self._terms[table.name].blijft or self._terms[table.name].keten)
            }
            if not any(round_of.values()):
                return removed
            for name, count in round_of.items():
                if count:
                    removed[name] = removed.get(name, 0) + count

    def report(self, removed: Mapping[str, int], *, tijdstip: datetime) -> None:
        """Store what was thrown away."""
        rows = [
            {
                "tijdstip": tijdstip,
                "dag": self._dag,
                "tabel": name,
                "tot": self._terms[name].tot(self._dag),
                "aantal": count,
            }
            for name, count in sorted(removed.items())
        ]
        if rows:
            self._session.execute(sa.insert(BEWAARVERSLAG), rows)

    def _remove(self, table: sa.Table) -> int:
        done = self._session.execute(
            sa.delete(table).where(zichtbaar(table), self._is_over(table, self._terms[table.name]))
        )
        return int(done.rowcount)  # type: ignore[attr-defined]  # of a statement that writes

    def _is_over(self, table: sa.Table, term: Termijn) -> sa.ColumnElement[bool]:
        if term.met:
            parent = METADATA.tables[term.met]
            key = _reference(table, parent)
            chosen = rijen(parent, key.column).where(self._is_over(parent, self._terms[term.met]))
            return key.parent.in_(chosen)
        conditions = [~_refers(one, table) for one in self._keepers(table, term)]
        if term.vanaf:
            conditions.append(_moment(table, term) < self._limit(table, term))
        if term.leeg:
            others = [one for one in FACTS if one is not table]
            conditions += [~_same_person(one, table) for one in others]
        return sa.and_(*conditions)

    def _keepers(self, table: sa.Table, term: Termijn) -> list[sa.Table]:
        """Return the tables of which a row keeps a row of this one."""
        if ANY in term.zonder:
            return _children(table)
        named = [METADATA.tables[name] for name in term.zonder]
        # what still refers to a row cannot be left hanging, whatever its own term says
        return named + [one for one in _children(table) if term.leeg and one not in named]

    def _limit(self, table: sa.Table, term: Termijn) -> date | datetime:
        first = term.tot(self._dag)
        is_day = term.vanaf[0] != IMPORT and isinstance(table.c[term.vanaf[0]].type, sa.Date)
        return first if is_day else datetime.combine(first, time.min, UTC)


def list_reports(session: Session, *, aantal: int = 200) -> list[dict[str, Any]]:
    """Return the newest lines of the deletion report."""
    chosen = sa.select(BEWAARVERSLAG).order_by(BEWAARVERSLAG.c.id.desc()).limit(aantal)
    return [dict(row) for row in session.execute(chosen).mappings()]


def _moment(table: sa.Table, term: Termijn) -> sa.ColumnElement[Any]:
    """Return the day or moment from which the term of a row counts."""
    if term.vanaf[0] == IMPORT:
        run = sa.select(IMPORTRUN.c.tijdstip).where(IMPORTRUN.c.id == table.c[IMPORT_ID])
        return sa.type_coerce(run.scalar_subquery(), UtcDateTime)
    columns = [table.c[name] for name in term.vanaf]
    return columns[0] if len(columns) == 1 else sa.func.coalesce(*columns)


def _children(table: sa.Table) -> list[sa.Table]:
    return [
        one
        for one in METADATA.sorted_tables
        if one is not table and any(key.column.table is table for key in one.foreign_keys)
    ]


def _reference(table: sa.Table, parent: sa.Table) -> sa.ForeignKey:
    return next(key for key in table.foreign_keys if key.column.table is parent)


def _refers(keeper: sa.Table, table: sa.Table) -> sa.ColumnElement[bool]:
    """Return whether a row of the keeper refers to this row, or is of the same jongere."""
    keys = [key for key in keeper.foreign_keys if key.column.table is table]
    if not keys:
        return _same_person(keeper, table)
    return sa.or_(
        *(
            sa.exists().where(key.parent == key.column).correlate(table).select_from(keeper)
            for key in keys
        )
    )


def _same_person(other: sa.Table, table: sa.Table) -> sa.ColumnElement[bool]:
    same = other.c[JONGERE_ID] == table.c[JONGERE_ID]
    return sa.exists().where(same).correlate(table).select_from(other)
