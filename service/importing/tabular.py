"""A CSV or Excel file with a mapping: from text cells to canonical tables.

Every cell that does not convert is named with file, line, column, value and reason; its row goes
no further. Whether the values are allowed is looked at later, for the import as a whole.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from service.errors import FileError
from service.identity import IDENTITEIT
from service.importing.cells import REDENEN, convert
from service.importing.conceal import conceal
from service.importing.defaults import fill_defaults
from service.importing.mapping import TabelMapping, missing_columns
from service.importing.parsed import LINE, PROBLEMS, ParsedFile, no_problems
from service.importing.persons import (
    HOLDS_A_NUMBER,
    NOT_A_NUMBER,
    NOT_A_PSEUDONYM,
    NUMBERS,
    ReadOptions,
    hide_number,
    identify,
    refuse_numbers,
    refuse_numbers_in,
)
from service.importing.rawfile import read_raw
from service.importing.rawtable import RawTable, name_headers

KIND = "tabel"
JONGERE_ID = "jongere_id"
THREADS = 2
NUMBERED = {"leerbedrijf_id", "stage_id", "diploma_id", "leerwerkplek_id", "volgnummer"}
"""Columns whose codes may be nine digits of their own."""
UNREADABLE = "Dit kunnen we niet lezen."


@dataclass(frozen=True)
class Part:
    """What one mapping makes of one sheet."""

    table: str
    frame: pl.DataFrame
    problems: pl.DataFrame
    columns: Mapping[tuple[str, str], str]
    warnings: tuple[str, ...]


@dataclass
class _Cells:
    """Converted columns of a sheet, and what did not convert."""

    path: Path
    lines: pl.Series
    columns: dict[str, pl.Series] = field(default_factory=dict)
    bad: pl.Series | None = None
    problems: list[pl.DataFrame] = field(default_factory=list)

    def refuse(self, bad: pl.Series, text: pl.Series, header: str, reden: str) -> None:
        """Name every bad cell of a column."""
        self.bad = bad if self.bad is None else self.bad | bad
        self.problems.append(
            pl.DataFrame(
                {"regel": self.lines.filter(bad), "waarde": text.filter(bad).cast(pl.String)}
            ).select(
                pl.lit(self.path.name).alias("bestand"),
                "regel",
                pl.lit(header).alias("kolom"),
                "waarde",
                pl.lit(reden).alias("reden"),
            )
        )


def read_tabular(path: Path, mappings: Sequence[TabelMapping], options: ReadOptions) -> ParsedFile:
    """Read a file by the mappings that fit it.

    Parameters
    ----------
    path : Path
        A CSV or Excel file.
    mappings : sequence of TabelMapping
        One or more; each fills one table from the file, or from the sheet that it names.
    options : ReadOptions
        Key of the pseudonyms, and what is assumed.

    Raises
    ------
    FileError
        The file is of another kind, or lacks a column that the mapping needs.
    """
    parts = []
    problems: list[pl.DataFrame] = []
    warnings: list[str] = []
    for mapping in mappings:
        raw = read_raw(
            path,
            sheet=mapping.sheet,
            encoding=mapping.encoding,
            separator=mapping.separator,
            is_number=mapping.is_number,
        )[0]
        problems.append(raw.problems)
        warnings.extend(raw.warnings)
        parts.append(build_table(path, raw, mapping, options))
    return assemble(path, KIND, parts, problems, warnings)


def assemble(
    path: Path,
    kind: str,
    parts: Sequence[Part],
    problems: Sequence[pl.DataFrame] = (),
    warnings: Sequence[str] = (),
) -> ParsedFile:
    """Put the parts of one file together; two parts of one table become one."""
    tables: dict[str, pl.DataFrame] = {}
    for part in parts:
        known = [tables[part.table]] if part.table in tables else []
        tables[part.table] = pl.concat([*known, part.frame])
    return ParsedFile(
        path,
        kind,
        tables,
        pl.concat([no_problems(), *problems, *(part.problems for part in parts)])
        .unique(maintain_order=True)
        .sort("regel", maintain_order=True),
        {name: header for part in parts for name, header in part.columns.items()},
        tuple(dict.fromkeys([*warnings, *(line for part in parts for line in part.warnings)])),
    )


def build_table(path: Path, raw: RawTable, mapping: TabelMapping, options: ReadOptions) -> Part:
    """Convert the cells of a sheet to the table of a mapping."""
    found, warnings = _find_columns(path, raw, mapping)
    cells = _Cells(path, raw.frame[LINE])
    _convert_columns(cells, raw, found, mapping, options)
    frame = _to_frame(cells, raw, mapping)
    frame, defaults = fill_defaults(
        frame,
        mapping.table,
        file=conceal(path.name),
        meldvertraging_dagen=options.meldvertraging_dagen,
    )
    named = {target: raw.headers[int(place)] for target, place in found.items()}
    columns = {(mapping.table.name, target): header for target, header in named.items()}
    number = next((named[name] for name in NUMBERS if name in named), None)
    if number is not None:
        columns[mapping.table.name, JONGERE_ID] = number
    return Part(
        mapping.table.name,
        frame.select(*mapping.table.schema.names(), LINE),
        pl.concat(cells.problems) if cells.problems else pl.DataFrame(schema=PROBLEMS),
        columns,
        (*warnings, *defaults),
    )


def _find_columns(
    path: Path, raw: RawTable, mapping: TabelMapping
) -> tuple[dict[str, str], list[str]]:
    """Return the place of every canonical column in the file, and what is not there."""
    places: dict[str, list[str]] = {}
    for place, header in enumerate(raw.headers):
        places.setdefault(header.lower(), []).append(str(place))
    found: dict[str, str] = {}
    absent: list[str] = []
    for header, target in mapping.columns.items():
        at = places.get(header.lower(), [])
        if len(at) > 1:
            raise FileError(str(path), f"De kolom “{header}” staat er twee keer in.")
        if at:
            found[target] = at[0]
        else:
            absent.append(header)
    if missing_columns(mapping.table, {*found, *mapping.constants}):
        lost = " en ".join(f"“{header}”" for header in absent)
        raise FileError(
            str(path),
            f"De kolom {lost} staat niet in het bestand. Wel: {name_headers(raw.headers)}.",
        )
    return found, [f"De kolom “{header}” staat niet in het bestand." for header in absent]


def _convert_columns(
    cells: _Cells,
    raw: RawTable,
    found: Mapping[str, str],
    mapping: TabelMapping,
    options: ReadOptions,
) -> None:
    """Convert every column, two at a time: polars lets go of Python meanwhile."""
    targets = sorted(found, key=lambda target: target not in NUMBERS)

    def convert_one(target: str) -> tuple[pl.Series, pl.Series]:
        text = raw.frame[found[target]]
        if target in NUMBERS:
            return identify(text, options)
        if target == JONGERE_ID:
            return refuse_numbers(text)
        values, bad = convert(text, mapping.table.column(target), mapping.notation)
        return values, bad | refuse_numbers_in(values) if is_free_text(mapping, target) else bad

    with ThreadPoolExecutor(THREADS) as pool:
        converted = list(pool.map(convert_one, targets))
    for target, (values, bad) in zip(targets, converted, strict=True):
        name = JONGERE_ID if target in NUMBERS else target
        known = cells.columns.get(name)
        merged = values if known is None else known.zip_with(known.is_not_null(), values)
        cells.columns[name] = merged.alias(name)
        if bad.any():
            text = raw.frame[found[target]]
            shown = _shown(text, name, mapping)
            cells.refuse(bad, shown, raw.headers[int(found[target])], _reden(target, mapping))


def is_free_text(mapping: TabelMapping, target: str) -> bool:
    """Whether a column holds words, in which a number of a person would go unseen."""
    column = mapping.table.column(target)
    return column.dtype == pl.String() and not (column.values or target in NUMBERED)


def _reden(target: str, mapping: TabelMapping) -> str:
    """Return why a cell of a column does not convert."""
    if target in NUMBERS:
        return NOT_A_NUMBER
    if target == JONGERE_ID:
        return NOT_A_PSEUDONYM
    if is_free_text(mapping, target):
        return HOLDS_A_NUMBER
    return REDENEN.get(type(mapping.table.column(target).dtype), UNREADABLE)


def _shown(text: pl.Series, name: str, mapping: TabelMapping) -> pl.Series:
    """Return what a report shows of bad cells: of a person only the last digits, or nothing."""
    if mapping.table is IDENTITEIT:
        return text.clear(text.len())
    if name != JONGERE_ID:
        return text
    return text.to_frame("text").select(hide_number(pl.col("text"))).to_series()


def _to_frame(cells: _Cells, raw: RawTable, mapping: TabelMapping) -> pl.DataFrame:
    """Return the good rows with all columns of the contract and `LINE`."""
    frame = pl.DataFrame([raw.frame[LINE], *cells.columns.values()])
    if cells.bad is not None:
        frame = frame.filter(~cells.bad)
    fixed = {
        name: convert(pl.Series([value]), mapping.table.column(name), mapping.notation)[0]
        for name, value in mapping.constants.items()
    }
    return frame.with_columns(
        pl.lit(fixed[column.name]).first().alias(column.name)
        if column.name in fixed
        else pl.lit(None, dtype=column.dtype).alias(column.name)
        for column in mapping.table.columns
        if column.name in fixed or column.name not in frame.columns
    )
