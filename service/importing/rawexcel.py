"""The sheets of an Excel file as text cells."""

from pathlib import Path

import fastexcel
import polars as pl

from service.errors import FileError
from service.importing.parsed import LINE, no_problems
from service.importing.rawtable import RawTable, name_columns

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0"


def read_excel(path: Path, sheet: str | None = None) -> list[RawTable]:
    """Read one sheet of an Excel file, or all of them.

    Raises
    ------
    FileError
        The file is no Excel file of today, is damaged, or lacks the sheet.
    """
    with path.open("rb") as file:
        start = file.read(len(ZIP_MAGIC))
    if not start:
        raise FileError(str(path), "Het bestand is leeg.")
    if start.startswith(OLE_MAGIC):
        raise FileError(
            str(path),
            "Dit is een oud Excel-bestand (.xls) of er zit een wachtwoord op. "
            "Sla het zonder wachtwoord op als .xlsx.",
        )
    if not start.startswith(ZIP_MAGIC):
        raise FileError(
            str(path),
            "Dit is geen Excel-bestand, al eindigt de naam op "
            f"{path.suffix}. Geef een CSV-bestand een naam die op .csv eindigt.",
        )
    book = _open_excel(path)
    if sheet is not None and sheet not in book.sheet_names:
        raise FileError(
            str(path),
            f"Het werkblad “{sheet}” bestaat niet. Wel: {', '.join(book.sheet_names)}.",
        )
    names = book.sheet_names if sheet is None else [sheet]
    return [_read_sheet(book, name) for name in names]


def _open_excel(path: Path) -> fastexcel.ExcelReader:
    try:
        return fastexcel.read_excel(path)
    except fastexcel.FastExcelError as error:
        raise FileError(
            str(path),
            "Het Excel-bestand is beschadigd of niet helemaal opgeslagen. Sla het opnieuw op.",
        ) from error


def _read_sheet(book: fastexcel.ExcelReader, name: str) -> RawTable:
    # skip_rows=0 keeps empty rows at the top, so that a row number is the one Excel shows
    loaded = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars()
    frame = loaded.rename({old: str(i) for i, old in enumerate(loaded.columns)})
    frame = frame.with_row_index(LINE, offset=1)
    filled = frame.filter(~pl.all_horizontal(pl.exclude(LINE).is_null())) if loaded.width else frame
    if not filled.height:
        return RawTable((), pl.DataFrame(schema={LINE: pl.UInt32}), no_problems(), (), name)
    headers = [cell or "" for cell in filled.drop(LINE).row(0)]
    return name_columns(headers, filled.slice(1), no_problems(), (), name)
