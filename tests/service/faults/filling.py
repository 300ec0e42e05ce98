"""Made-up rows for every table of a database, whatever its schema: found by looking at it."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from service.storage.beschermd_tables import SCHEMA as APART

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
ROWS = 2
BOOKKEEPING = "alembic_version"
Rows = dict[str, list[dict[str, Any]]]
"""The rows of every table, in the order of their keys."""

CHOSEN: Mapping[tuple[str, str], Any] = {
    ("besluit", "keuze"): "aangehouden",
    ("bevinding", "niveau"): "rustig",
    ("bewaakalarm", "stand"): "open",
    ("gebruiker", "rollen"): "loopbaancoach",
    ("matchtafel", "status"): "open",
    ("modelbesluit", "oordeel"): "groen",
    ("modelbesluit", "besluit"): "aangeboden",
    ("modelbesluit", "sha256"): "0f" * 32,
}
"""Where not every text will do."""


def reflect(connection: Connection) -> sa.MetaData:
    """Return the tables that the database has now."""
    found = sa.MetaData()
    found.reflect(connection)
    if APART in sa.inspect(connection).get_schema_names():
        found.reflect(connection, schema=APART)
    if BOOKKEEPING in found.tables:
        found.remove(found.tables[BOOKKEEPING])
    return found


def fill_new_tables(engine: Engine) -> None:
    """Put rows in every table without any, a table before those that refer to it."""
    with engine.begin() as connection:
        for table in reflect(connection).sorted_tables:
            if connection.execute(sa.select(table).limit(1)).first() is None:
                for number in range(1, ROWS + 1):
                    row = dict(_row(connection, table, number))
                    connection.execute(sa.insert(table).values(row))
                _go_on_numbering(connection, table)


def read_all(engine: Engine) -> Rows:
    """Return every row of every table."""
    with engine.connect() as connection:
        return {
            table.name: [
                dict(row)
                for row in connection.execute(
                    sa.select(table).order_by(*table.primary_key.columns)
                ).mappings()
            ]
            for table in reflect(connection).sorted_tables
        }


def kept(before: Rows, after: Rows) -> Rows:
    """Return what should still be there: the columns that both schemas have."""
    return {
        name: [
            {key: row[key] for key in row if not after[name] or key in after[name][0]}
            for row in rows
        ]
        for name, rows in before.items()
        if name in after
    }


def seen(before: Rows, after: Rows) -> Rows:
    """Return what is still there, in the same columns and tables as `kept`."""
    return kept({name: after[name] for name in before if name in after}, before)


def _go_on_numbering(connection: Connection, table: sa.Table) -> None:
    """Let PostgreSQL number the next row after those that came with their numbers."""
    if connection.dialect.name != "postgresql":
        return
    for column in table.primary_key.columns:
        if "nextval" in str(getattr(column.server_default, "arg", "")):
            sequence = sa.func.pg_get_serial_sequence(table.name, column.name)
            connection.execute(sa.select(sa.func.setval(sequence, ROWS)))


def _row(connection: Connection, table: sa.Table, number: int) -> Iterator[tuple[str, Any]]:
    for column in table.columns:
        if column.foreign_keys:
            yield column.name, _reference(connection, table, column, number)
        elif (table.name, column.name) in CHOSEN:
            yield column.name, CHOSEN[table.name, column.name]
        else:
            yield column.name, _value(column, number)


def _reference(
    connection: Connection, table: sa.Table, column: sa.Column[Any], number: int
) -> object:
    """Return the key of the row with this number in the table that is referred to."""
    target = next(iter(column.foreign_keys)).column
    if target.table.name == table.name:
        return None
    order = sa.select(target).order_by(*target.table.primary_key.columns)
    return connection.execute(order.offset(number - 1).limit(1)).scalar_one()


def _value(column: sa.Column[Any], number: int) -> object:
    values: Mapping[type, object] = {
        dict: {"nummer": number},
        bool: True,
        datetime: NOON if getattr(column.type, "timezone", False) else NOON.replace(tzinfo=None),
        date: date(2026, 11, number),
        bytes: bytes([number]) * 32,
        int: number,
        float: float(number),
    }
    kind = column.type.python_type
    if kind in values:
        return values[kind]
    text = f"{number} {column.name} van deze rij"
    return text[: getattr(column.type, "length", None)]
