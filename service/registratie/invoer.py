"""Checking and storing what a person enters, by the contract that the importers use as well.

Each entry is an import run of its own, so every row tells where it came from. What a person enters
is known from the day of entry: a region seen from an earlier peildatum does not hold it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl
from sqlalchemy.orm import Session

from features.contract import Offence, find_violations
from features.tables import TABLES
from service.errors import ConflictError, InvoerError, Invoerfout, NotFoundError
from service.importing.sentences import sentence
from service.storage.feiten import FeitRepository, Row
from service.storage.importrun import ImportRepository
from service.storage.merging import MergeCount
from service.storage.tables import IMPORT_ID

BRON = "invoer"
"""Source of what a person typed in; also the kind of its import run."""
TOEKOMST = "toekomst"
TOEKOMST_ZIN = "Deze dag ligt in de toekomst. Vul vandaag of een eerdere dag in."
DUBBEL_ZIN = "Dit staat er twee keer in. Noem het één keer."


@dataclass(frozen=True)
class Invoerder:
    """Who enters something, and when.

    Parameters
    ----------
    naam : str
        The naam of the gebruiker, for the import run.
    op : datetime
        With a time zone; its day is the day on which the fact is known.
    """

    naam: str
    op: datetime

    @property
    def dag(self) -> date:
        """Day of entry."""
        return self.op.date()


def find(session: Session, name: str, key: Mapping[str, object]) -> Row:
    """Return one row.

    Raises
    ------
    NotFoundError
        There is no such row, or who looks may not see it.
    """
    row = FeitRepository(session, name).find(key)
    if row is None:
        raise NotFoundError(name, " ".join(str(value) for value in key.values()))
    return row


def find_version(session: Session, name: str, key: Mapping[str, object], versie: str) -> Row:
    """Return one row to edit, and keep all others from writing until this transaction ends.

    Raises
    ------
    NotFoundError
        There is no such row.
    ConflictError
        Somebody wrote it since `versie`.
    """
    FeitRepository(session, name).lock()
    row = find(session, name, key)
    if str(row[IMPORT_ID]) != versie:
        raise ConflictError(name, " ".join(str(value) for value in key.values()))
    return row


def start_run(session: Session, what: str, door: Invoerder) -> int:
    """Record that a person enters something and return the number for its rows."""
    return ImportRepository(session).add(
        tijdstip=door.op, bestand=what, sha256="", soort=BRON, actor=door.naam
    )


def finish_run(
    session: Session, import_id: int, *, new: Mapping[str, int], changed: Mapping[str, int]
) -> None:
    """Record how many rows of which table were written."""
    counts = {
        name: MergeCount(new.get(name, 0), changed.get(name, 0), 0) for name in {*new, *changed}
    }
    ImportRepository(session).finish(import_id, counts)


def store_new(session: Session, name: str, row: Mapping[str, Any], door: Invoerder) -> Row:
    """Check one new row, store it as a run of its own, and return it as it is stored.

    Raises
    ------
    InvoerError
        The row breaks the contract.
    ConflictError
        There is a row with this key.
    """
    rows = FeitRepository(session, name)
    rows.lock()
    frame = check(session, name, [row])
    key = {column: row[column] for column in TABLES[name].key}
    if rows.find(key) is not None:
        raise ConflictError(name, " ".join(str(value) for value in key.values()))
    import_id = start_run(session, f"nieuw: {name}", door)
    rows.add(frame, import_id)
    finish_run(session, import_id, new={name: 1}, changed={})
    return find(session, name, key)


def store_changed(session: Session, name: str, row: Mapping[str, Any], door: Invoerder) -> Row:
    """Check one row that is there, replace it as a run of its own, and return it as stored.

    Raises
    ------
    InvoerError
        The row breaks the contract.
    """
    frame = check(session, name, [row])
    import_id = start_run(session, f"gewijzigd: {name}", door)
    FeitRepository(session, name).replace(frame, import_id)
    finish_run(session, import_id, new={}, changed={name: 1})
    return find(session, name, {column: row[column] for column in TABLES[name].key})


def check(
    session: Session, name: str, rows: Sequence[Mapping[str, Any]], *, place: str = ""
) -> pl.DataFrame:
    """Return rows as a frame that satisfies the contract of their table.

    Parameters
    ----------
    session : Session
        The store to which references must lead.
    name : str
        A canonical table.
    rows : sequence of mapping
        A column that is absent is empty.
    place : str
        Under which name the rows stand in the input, such as ``eisen``; empty for one row.

    Raises
    ------
    InvoerError
        Naming every offence, with the sentence that an import gives it.
    """
    contract = TABLES[name]
    wanted = [{key: value for key, value in row.items() if key != IMPORT_ID} for row in rows]
    frame = pl.DataFrame(wanted, schema_overrides=contract.schema).match_to_schema(
        contract.schema, missing_columns="insert"
    )
    references = {
        one.table: FeitRepository(session, one.table).known_keys(
            frame.select(one.columns)
            .drop_nulls()
            .rename(dict(zip(one.columns, one.target, strict=True)))
        )
        for one in contract.references
    }
    found = find_violations(frame, contract, references=references)
    fouten = [_fout(name, place, violation) for violation in found.rows(named=True)]
    if fouten:
        raise InvoerError(fouten)
    return frame


def refuse_future(door: Invoerder, **days: date | None) -> None:
    """Refuse days after today, by the name of their column.

    Raises
    ------
    InvoerError
        A day lies in the future.
    """
    fouten = [
        Invoerfout(name, TOEKOMST, TOEKOMST_ZIN)
        for name, day in days.items()
        if day is not None and day > door.dag
    ]
    if fouten:
        raise InvoerError(fouten)


def _fout(table: str, place: str, violation: Mapping[str, Any]) -> Invoerfout:
    """Return an offence with the name of its field; of a key that is its last column."""
    column = violation["column"].split(", ")[-1]
    naam = f"{place}.{violation['row']}.{column}" if place else column
    if violation["offence"] == Offence.DUPLICATE:
        return Invoerfout(naam, Offence.DUPLICATE, DUBBEL_ZIN)
    zin = sentence(table, violation["column"], violation["offence"], violation["expected"])
    return Invoerfout(naam, violation["offence"], zin)
