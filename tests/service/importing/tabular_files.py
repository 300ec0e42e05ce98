"""Rows and files that the tests of the tabular import share."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from features.contract import Column, Table
from service.importing.mapping import CONTRACTS
from service.importing.persons import ReadOptions
from service.importing.pseudonym import ELFPROEF_WEIGHTS, passes_elfproef

KEY = b"k" * 32
OPTIONS = ReadOptions(KEY, meldvertraging_dagen=75)
MONDAY = date(2024, 1, 8)
PATTERN_EXAMPLES = {
    r"\d{2}[A-Z]{2}": "25LX",
    r"\d{5}": "2574{}",
    r"[1-9]\d{3}": "700{}",
    r"\d{9}": "10000000{}",
    r"[1-9]\d{3} ?[A-Z]{2}": "700{} AB",
    r"\S(?:.*\S)?": "id-{}",
}


def bsn(serial: int) -> str:
    """Return the first number from a serial number on that satisfies the elfproef."""
    while True:
        digits = [int(digit) for digit in f"{serial:09d}"]
        if sum(w * d for w, d in zip(ELFPROEF_WEIGHTS, digits, strict=True)) % 11 == 0:
            return f"{serial:09d}"
        serial += 1


def bsns(count: int) -> list[str]:
    """Return different numbers that satisfy the elfproef, all at once."""
    frame = pl.DataFrame({"bsn": np.arange(100_000_000, 100_000_000 + 12 * count).astype(str)})
    return frame.filter(passes_elfproef(pl.col("bsn")))["bsn"].head(count).to_list()


def good_rows(table: Table, count: int) -> list[dict[str, str]]:
    """Return valid rows of a table as text under canonical names, with ``bsn`` for a person."""
    return [
        {
            "bsn" if column.name == "jongere_id" else column.name: _cell(column, i)
            for column in table.columns
        }
        for i in range(count)
    ]


def _cell(column: Column, i: int) -> str:
    """Return a valid text; ids are the same in all tables, so that references hold."""
    if column.name == "jongere_id":
        return bsn(999_990_000 + 20 * i)
    if isinstance(column.dtype, pl.Date):
        later = {"einddatum": 30, "geplande_einddatum": 40, "einde_bekend_op": 31, "datum_tot": 9}
        return f"{MONDAY + timedelta(days=7 * i + later.get(column.name, 0)):%d-%m-%Y}"
    if isinstance(column.dtype, pl.Boolean):
        return "ja" if i % 2 else "nee"
    if column.values:
        listed = [column.values[i % len(column.values)], column.values[-1]]
        return "|".join(dict.fromkeys(listed)) if column.is_list else listed[0]
    if isinstance(column.dtype, pl.Float64 | pl.Int32):
        return _number(column, i)
    return PATTERN_EXAMPLES.get(column.pattern, f"tekst {i} é").format(i)


def _number(column: Column, i: int) -> str:
    if column.name in ("lesuren", "uren_max"):
        return "30"
    value = (column.minimum or 0) + i % 4
    if isinstance(column.dtype, pl.Int32):
        return f"{min(value, column.maximum or 0):g}"
    return f"{min(value + 0.25, column.maximum or 0):g}".replace(".", ",")


def write_csv(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    """Write rows as a school's CSV: semicolons, and the first row tells the columns."""
    pl.DataFrame(rows).write_csv(path, separator=";")
    return path


def all_tables(folder: Path, count: int = 3) -> list[Path]:
    """Write valid rows of every table, one CSV each, in which every reference holds."""
    return [
        write_csv(folder / f"{table.name}.csv", good_rows(table, count))
        for table in CONTRACTS.values()
    ]
