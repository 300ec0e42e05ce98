"""A file as it was sent, with beside each bad row what is wrong with it."""

import csv
import io
from collections.abc import Mapping, Sequence, Set
from pathlib import Path

import polars as pl
import xlsxwriter

from service.errors import FileError
from service.importing.cells import parse_number
from service.importing.parsed import LINE
from service.importing.rawexcel import read_excel
from service.importing.rawfile import EXCEL_SUFFIXES, SAMPLE, likely_separator
from service.importing.registratieoverzicht import is_registratieoverzicht

PROBLEEM = "probleem"
CSV_TYPE = "text/csv"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA_SIGNS = tuple("=+-@\t")
Marks = Mapping[int, str]


def mark_file(path: Path, problems: pl.DataFrame) -> tuple[bytes, str, str]:
    """Return a copy of a file with a column ``probleem``, its media type and its name.

    Parameters
    ----------
    path : Path
        The file as it was sent: text or a spreadsheet.
    problems : DataFrame with the columns of `service.importing.parsed.PROBLEMS`
        Of this file and of others.

    Notes
    -----
    Cells that a spreadsheet would run as a formula begin with a quote, unless they are a number.
    Text keeps its separator and its encoding. Of a spreadsheet the values are kept, not the looks.

    Raises
    ------
    FileError
        The file cannot be read row by row.
    """
    mine = problems.filter((pl.col("bestand") == path.name) & pl.col("regel").is_not_null())
    if path.suffix.lower() in EXCEL_SUFFIXES:
        return _mark_excel(path, mine), XLSX_TYPE, f"{path.stem}-fouten.xlsx"
    return _mark_text(path, mine), CSV_TYPE, f"{path.stem}-fouten.csv"


def marks_of(problems: pl.DataFrame) -> Marks:
    """Return per line all that is wrong with it, as one text."""
    marks: dict[int, list[str]] = {}
    for line, column, reason in problems.select("regel", "kolom", "reden").iter_rows():
        marks.setdefault(line, []).append(f"{column}: {reason}" if column else reason)
    return {line: " ".join(dict.fromkeys(told)) for line, told in marks.items()}


def _mark_text(path: Path, problems: pl.DataFrame) -> bytes:
    data = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    try:
        text, encoding = data.decode("utf-8"), "utf-8-sig"
    except UnicodeDecodeError:
        text, encoding = data.decode("windows-1252", "replace"), "windows-1252"
    separator = likely_separator(text[:SAMPLE].split("\n", 1)[0])
    marks = marks_of(problems)
    headers = not is_registratieoverzicht(path)
    written = io.StringIO()
    writer = csv.writer(written, delimiter=separator, lineterminator="\r\n")
    line = 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for row in reader:
            told = PROBLEEM if line == 1 and headers else marks.get(line, "")
            writer.writerow([*map(_safe, row), told])
            line = reader.line_num + 1
    except csv.Error as error:
        raise FileError(path.name, f"Bij regel {line} is het bestand niet te lezen.") from error
    return written.getvalue().encode(encoding, "replace")


def _mark_excel(path: Path, problems: pl.DataFrame) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold, bad = book.add_format({"bold": True}), book.add_format({"bg_color": "#FFE9A8"})
        sheets = read_excel(path)
        known = {header for raw in sheets for header in raw.headers}
        for at, raw in enumerate(sheets):
            sheet = book.add_worksheet(raw.sheet[:31] or None)
            sheet.freeze_panes(1, 0)
            for place, header in enumerate([*raw.headers, PROBLEEM]):
                sheet.write_string(0, place, header, bold)
            marks = marks_of(_of_sheet(problems, raw.headers, known, first=at == 0))
            for row in raw.frame.select(LINE, *map(str, range(len(raw.headers)))).iter_rows():
                _write_row(sheet, row, marks.get(row[0], ""), bad)
    return made.getvalue()


def _of_sheet(
    problems: pl.DataFrame, headers: Sequence[str], known: Set[str], *, first: bool
) -> pl.DataFrame:
    """Return the problems that are about a sheet; what names no column belongs to the first."""
    named = pl.col("kolom").is_in(list(headers)).fill_null(value=False)
    nowhere = ~pl.col("kolom").is_in(sorted(known)).fill_null(value=False)
    return problems.filter((named | nowhere) if first else named)


def _write_row(
    sheet: xlsxwriter.worksheet.Worksheet,
    row: Sequence[object],
    told: str,
    bad: xlsxwriter.format.Format,
) -> None:
    line, *cells = row
    looks = bad if told else None
    for place, cell in enumerate([*cells, told]):
        if cell is not None:
            sheet.write_string(int(str(line)) - 1, place, str(cell), looks)


def _safe(cell: str) -> str:
    """Return a cell that no spreadsheet runs."""
    runs = cell.startswith(FORMULA_SIGNS) and parse_number(cell) is None
    return f"'{cell}" if runs else cell
