"""Files without a mapping: filled templates, and canonical CSV, Excel or Parquet files.

The name of the file or of the sheet says which table it is, or else its columns do. A column is
found by its canonical name, however it is spaced or capitalised; what stands in brackets in a
header, such as a unit, does not count.
"""

import re
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from features.contract import LIST_SEPARATOR, Table
from service.errors import FileError
from service.importing.cells import Notation, holds_plain_numbers
from service.importing.mapping import CONTRACTS, TabelMapping, missing_columns
from service.importing.parsed import LINE, ParsedFile, no_problems
from service.importing.persons import NUMBERS, ReadOptions
from service.importing.rawfile import read_raw
from service.importing.rawtable import RawTable, name_headers
from service.importing.tabular import assemble, build_table

KIND = "sjabloon of tabel"
PARQUET = ".parquet"
EXPLANATION_SHEET = "Uitleg"

COLUMNS = [column for table in CONTRACTS.values() for column in table.columns]
NUMBER_COLUMNS = {column.name for column in COLUMNS if holds_plain_numbers(column, Notation())} - {
    column.name for column in COLUMNS if not holds_plain_numbers(column, Notation())
}
"""Columns that hold numbers in every table that has them."""


def canonical_name(header: str) -> str:
    """Return the name that a header stands for.

    Examples
    --------
    >>> canonical_name("Reistijd max (minuten)"), canonical_name("BSN")
    ('reistijd_max', 'bsn')
    """
    bare = re.sub(r"\(.*?\)", "", header).strip().lower()
    return re.sub(r"[\s_-]+", "_", bare)


def read_canonical(path: Path, options: ReadOptions) -> ParsedFile:
    """Read a file whose name and columns say which table it is.

    Raises
    ------
    FileError
        The file cannot be read, fits no table, or lacks a required column.
    """
    sheets = (
        [_read_parquet(path)]
        if path.suffix.lower() == PARQUET
        else read_raw(path, is_number=_is_number)
    )
    chosen = [sheet for sheet in sheets if canonical_name(sheet.sheet) in CONTRACTS] or sheets[:1]
    parts = []
    warnings: list[str] = []
    for sheet in chosen:
        table = _recognise(path, sheet)
        mapping, unknown = _mapping(path, table, sheet.headers)
        warnings += [*sheet.warnings, *unknown]
        missing = missing_columns(table, set(mapping.columns.values()))
        if missing:
            raise FileError(
                str(path),
                f"Voor tabel {table.name} ontbreekt de kolom {', '.join(missing)}. "
                f"Wel gevonden: {name_headers(sheet.headers)}.",
            )
        parts.append(build_table(path, sheet, mapping, options))
    return assemble(path, KIND, parts, [sheet.problems for sheet in chosen], warnings)


def _is_number(header: str) -> bool:
    """Whether a header names a column that holds numbers in every table that has it."""
    return canonical_name(header) in NUMBER_COLUMNS


def _recognise(path: Path, sheet: RawTable) -> Table:
    """Return the table that a sheet fills: by its name, the file's name, or the columns."""
    for name in (canonical_name(sheet.sheet), canonical_name(path.stem)):
        if name in CONTRACTS:
            return CONTRACTS[name]
    stem = canonical_name(path.stem)
    begins = [name for name in CONTRACTS if re.match(rf"{name}(?![a-z])", stem)]
    if begins:
        return CONTRACTS[max(begins, key=len)]
    given = {canonical_name(header) for header in sheet.headers}
    fits = [
        table
        for table in CONTRACTS.values()
        if not missing_columns(table, given) and given <= {*table.schema.names(), *NUMBERS}
    ]
    if len(fits) == 1:
        return fits[0]
    raise FileError(
        str(path),
        "Dit bestand herkennen we niet. Gebruik een sjabloon (vangnet import --sjabloon MAP), "
        "noem het bestand naar de tabel, of schrijf een mapping.",
    )


def _mapping(path: Path, table: Table, headers: Sequence[str]) -> tuple[TabelMapping, list[str]]:
    allowed = {*table.schema.names(), *(NUMBERS if "jongere_id" in table.schema else ())}
    names = {header: canonical_name(header) for header in headers}
    columns = {header: name for header, name in names.items() if name in allowed}
    for name in columns.values():
        alike = [header for header, other in columns.items() if other == name]
        if len(alike) > 1:
            raise FileError(
                str(path),
                f"De kolommen {' en '.join(f'“{header}”' for header in alike)} betekenen hetzelfde "
                f"({name}). Laat er één staan.",
            )
    unknown = [header for header in headers if header not in columns]
    warnings = [f"De kolom “{header}” kennen we niet; die is overgeslagen." for header in unknown]
    return TabelMapping(table, columns), warnings


def _read_parquet(path: Path) -> RawTable:
    """Read a Parquet file as text cells; the first row is line 1, for there is no header line."""
    try:
        frame = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise FileError(str(path), "Dit is geen Parquet-bestand, of het is beschadigd.") from error
    text = frame.select(
        _as_text(frame.schema[name], pl.col(name)).alias(str(place))
        for place, name in enumerate(frame.columns)
    )
    return RawTable(tuple(frame.columns), text.with_row_index(LINE, offset=1), no_problems(), ())


def _as_text(dtype: pl.DataType, column: pl.Expr) -> pl.Expr:
    if isinstance(dtype, pl.List):
        return column.cast(pl.List(pl.String)).list.join(LIST_SEPARATOR)
    return column.cast(pl.String)
