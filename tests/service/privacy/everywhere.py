"""Fills every table of the store by reflection: a row of each person wherever a person can stand.

Every text about a person holds a canary that occurs nowhere else, so that a forgotten table or
column shows.
"""

import importlib
import json
from collections.abc import Collection
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine

import service.storage
from service.privacy.register import PERSOONSTABELLEN, TEKSTEN
from service.storage.engine import unit_of_work
from service.storage.tables import METADATA

for found in Path(service.storage.__file__).parent.glob("*_tables.py"):
    importlib.import_module(f"service.storage.{found.stem}")

DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
CODES = {"keuze": "aanhouden", "vraag": "loopt het nog", "uitkomst": "ja", "instelling": "25AB"}
CODES |= {"oordeel": "groen", "besluit": "aangeboden", "niveau": "rustig"}
CODES |= {"stand": "open"}
"""Values of columns that say nothing about who it is, and so stay."""
HASH_LENGTH = 64

ANYBODY = ("jongere_id", "jongere", "bsn", "onderwijsnummer", "subject_id")
"""Names of columns that say who a row is about."""

Row = dict[str, Any]


def canary(person: str) -> str:
    """Return the text that stands in every row of a person."""
    return f"kanarie-{person[:12]}"


def fill(engine: Engine, *persons: str, leave_out: Collection[str] = ()) -> None:
    """Put rows of these persons in every table, and one of nobody in the others."""
    skipped = {"rechtenstand", *leave_out}  # the migration puts the one row of the first there
    with unit_of_work(engine) as session:
        shared: dict[str, Row] = {}
        for number, person in enumerate(persons):
            made: dict[str, Row] = {}
            for table in METADATA.sorted_tables:
                if not _is_personal(table) and table.name in shared:
                    continue
                if table.name in skipped:
                    continue
                row = _row(table, person, number, shared | made)
                done: Any = session.execute(sa.insert(table).values(row))
                row |= dict(
                    zip(table.primary_key.columns.keys(), done.inserted_primary_key, strict=True)
                )
                (made if _is_personal(table) else shared)[table.name] = row


def dump(engine: Engine) -> dict[str, list[str]]:
    """Return every row of every table, as text."""
    with unit_of_work(engine, read_only=True) as session:
        return {
            table.name: [
                json.dumps(list(row), default=str) for row in session.execute(sa.select(table))
            ]
            for table in METADATA.sorted_tables
        }


def _is_personal(table: sa.Table) -> bool:
    return table.name in PERSOONSTABELLEN or table.name in {*TEKSTEN, "herhaling"}


def _row(table: sa.Table, person: str, number: int, made: dict[str, Row]) -> Row:
    row: Row = {}
    for column in table.c:
        keys = [key for key in column.foreign_keys if key.column.table is not table]
        if keys:
            parent = keys[0].column
            row[column.name] = made[parent.table.name][parent.name]
        elif column.foreign_keys:
            row[column.name] = None
        elif column.name != "id" or not isinstance(column.type, sa.Integer):
            row[column.name] = _value(table, column, person, number)
    return row


def _value(table: sa.Table, column: sa.Column[Any], person: str, number: int) -> object:
    if column.name == "jongere_id":
        return person
    if column.name in CODES and isinstance(column.type, sa.String):
        return CODES[column.name]
    whose = canary(person) if _is_personal(table) else "iedereen"
    if column.name in TEKSTEN.get(table.name, ()):
        told = {"wie": [person], "tekst": whose}
        return told if isinstance(column.type, sa.JSON) else json.dumps(told)
    if isinstance(column.type, sa.String):
        return _text(table, column, person, whose)
    return next(
        value
        for kind, value in (
            (sa.JSON, {"tekst": whose}),
            (sa.Date, DAY),
            (sa.Boolean, True),
            (sa.Integer | sa.Float, number + 1),
            (sa.LargeBinary, b""),
            (object, NOW),
        )
        if isinstance(column.type, kind)
    )


def _text(table: sa.Table, column: sa.Column[Any], person: str, whose: str) -> str:
    if column.name == "antwoord":
        return f"{person} {whose}"
    told = "iedereen" if column.name == "leerwerkplek_id" else whose
    text = f"{told} {table.name} {column.name}"
    text = text.ljust(HASH_LENGTH, "0") if column.name == "sha256" else text
    return text[: getattr(column.type, "length", None)]
