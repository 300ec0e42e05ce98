"""Setting a value right, for good: a correction by a person wins until the source agrees (P6).

A school may send the wrong value again next month, so an import that differs keeps the corrected
one; once it brings the same, the correction has done its work and the source decides again. A
correction comes with a run of its own, so that every worker scores again within seconds; what was
shown before it counts as outdated (`outdated_since`).

References
----------
AVG article 16, and article 19 on telling the recipients: the source is told by the inzage.
"""

from collections.abc import Mapping
from datetime import date, datetime

import polars as pl
from sqlalchemy.orm import Session

from features.contract import Column, check_table
from features.errors import TableError
from service.errors import InvoerError, Invoerfout, NotFoundError
from service.privacy.register import JONGERE_ID
from service.storage.correctie import CONTRACTS, Correctie, CorrectieRepository
from service.storage.importrun import ImportRepository

SOORT = "correctie"
FIXED = frozenset({JONGERE_ID, "bron", "bekend_op", "einde_bekend_op"})
"""Columns that say whose a row is, where it came from and when: no facts about the person."""
YES_NO = {"ja": True, "nee": False}
SEPARATOR = ","

CORRIGEERBAAR: Mapping[str, tuple[str, ...]] = {
    name: tuple(
        column.name
        for column in table.columns
        if column.name not in FIXED and column.name not in table.key
    )
    for name, table in CONTRACTS.items()
    if JONGERE_ID in table.schema
}
"""What can be set right, by table: every fact that does not name the row."""


def correct(
    session: Session,
    jongere_id: str,
    *,
    tabel: str,
    sleutel: Mapping[str, str],
    kolom: str,
    waarde: str,
    reden: str,
    door: str,
    op: datetime,
) -> None:
    """Set one value of one row right.

    Parameters
    ----------
    session : Session
        The unit of work.
    jongere_id : str
        Whose row it is.
    tabel, kolom : str
        As in `CORRIGEERBAAR`.
    sleutel : mapping of str to str
        The other columns of the key of the row; a day as ``jjjj-mm-dd``.
    waarde : str
        As typed: empty for nothing, a day as ``jjjj-mm-dd``, ja or nee, a list with commas.
    reden : str
        Why, in words; not empty.
    door : str
        Who, as the audit log names an actor.
    op : datetime
        When, with time zone.

    Raises
    ------
    NotFoundError
        There is no such row of this jongere.
    InvoerError
        The value, or the reason, is not good.
    """
    if kolom not in CORRIGEERBAAR.get(tabel, ()):
        raise _wrong("kolom", "Dit gegeven kan niet worden verbeterd.")
    if not reden.strip():
        raise _wrong("reden", "Schrijf op waarom dit wordt verbeterd.")
    repository = CorrectieRepository(session)
    contract = CONTRACTS[tabel]
    key = {name: _parse(contract.column(name), text) for name, text in sleutel.items()}
    row = repository.find_row(tabel, key | {JONGERE_ID: jongere_id})
    if row.height != 1:
        raise NotFoundError(tabel, jongere_id)
    was = _plain(row[kolom][0])
    corrected = _with_value(row, kolom, _parse(contract.column(kolom), waarde))
    try:
        check_table(corrected, contract)
    except TableError as error:
        raise _wrong("waarde", "Deze waarde past niet bij dit gegeven.") from error
    run = ImportRepository(session).add(
        tijdstip=op, bestand="", sha256=f"{SOORT}-{op.timestamp()}", soort=SOORT, actor=door
    )
    repository.write_row(tabel, corrected, run)
    repository.add(
        Correctie(
            id=0,
            jongere_id=jongere_id,
            tabel=tabel,
            sleutel={name: _plain(row[name][0]) for name in contract.key},
            kolom=kolom,
            waarde=_plain(corrected[kolom][0]),
            was=was,
            reden=reden.strip(),
            door=door,
            tijdstip=op,
            vervallen_op=None,
        )
    )


def keep_corrections(
    session: Session, tabel: str, frame: pl.DataFrame, *, op: datetime
) -> pl.DataFrame:
    """Return incoming rows with the values that people set right.

    Where the source brings the corrected value itself, the correction ends.

    Parameters
    ----------
    session : Session
        The unit of work of an import.
    tabel : str
        The table.
    frame : DataFrame
        Rows of a newer source, with the columns of the contract.
    op : datetime
        Moment of the import.
    """
    repository = CorrectieRepository(session)
    for one in repository.standing(tabel):
        here = pl.all_horizontal(
            pl.col(name).eq_missing(_literal(value, frame.schema[name]))
            for name, value in one.sleutel.items()
        )
        incoming = frame.filter(here)
        if not incoming.height:
            continue
        if _plain(incoming[one.kolom][0]) == one.waarde:
            repository.end(one.id, op)
        value = _literal(one.waarde, frame.schema[one.kolom])
        frame = frame.with_columns(
            pl.when(here).then(value).otherwise(pl.col(one.kolom)).alias(one.kolom)
        )
    return frame


def outdated_since(session: Session, jongere_id: str) -> datetime | None:
    """Return the moment before which everything suggested for a jongere is outdated, if any."""
    moments = [one.tijdstip for one in CorrectieRepository(session).of(jongere_id)]
    return max(moments, default=None)


def _with_value(row: pl.DataFrame, kolom: str, value: object) -> pl.DataFrame:
    return row.with_columns(_literal(_plain(value), row.schema[kolom]).alias(kolom))


def _literal(value: object, dtype: pl.DataType) -> pl.Expr:
    """Return a JSON value as an expression of the type of its column."""
    if isinstance(dtype, pl.Date) and isinstance(value, str):
        return pl.lit(date.fromisoformat(value))
    if isinstance(dtype, pl.List) and value is not None:
        return pl.lit(pl.Series([value], dtype=dtype)).first()
    return pl.lit(value, dtype=dtype)


def _plain(value: object) -> object:
    """Return a value as JSON can hold it."""
    if isinstance(value, date):
        return value.isoformat()
    return value.to_list() if isinstance(value, pl.Series) else value


def _parse(column: Column, text: str) -> object:
    """Return what was typed as a value of a column.

    Raises
    ------
    InvoerError
        It is none.
    """
    said = text.strip()
    if not said:
        return None
    try:
        if column.is_list:
            return [part.strip() for part in said.split(SEPARATOR) if part.strip()]
        if column.dtype == pl.Date:
            return date.fromisoformat(said)
        if column.dtype == pl.Boolean:
            return YES_NO[said.lower()]
        if column.dtype.is_integer():
            return int(said)
        return float(said.replace(",", ".")) if column.dtype.is_float() else said
    except (ValueError, KeyError):
        raise _wrong(column.name, "Dit is niet goed geschreven.") from None


def _wrong(naam: str, zin: str) -> InvoerError:
    return InvoerError((Invoerfout(naam, "waarde", zin),))
