"""The mapping list as a file that a person edits in a spreadsheet: ``ja`` or ``nee`` per line."""

from pathlib import Path

import polars as pl

from service.errors import FileError
from service.importing.rawfile import read_raw
from service.importing.report import FORMULA
from service.koppelingen import Keuze
from service.storage.koppeling import Besluit

ANSWERS = {"ja": Besluit.BEVESTIGD, "nee": Besluit.AFGEWEZEN}
"""What a person writes in the column ``besluit``."""


def write_list(listed: pl.DataFrame, path: Path) -> None:
    """Write the list as CSV that a spreadsheet opens well; confirmed lines say ``ja``."""
    text = pl.col(pl.String)
    listed.with_columns(
        pl.col("besluit").replace({str(said): word for word, said in ANSWERS.items()})
    ).with_columns(
        pl.when(text.str.contains(FORMULA)).then("'" + text).otherwise(text).name.keep(),
        pl.col("zekerheid").round(2),
    ).write_csv(path, separator=";", include_bom=True, decimal_comma=True)


def read_list(path: Path) -> tuple[list[Keuze], list[str]]:
    """Return what a person said in the list, and what cannot be read (a Dutch sentence each).

    Lines without a ``besluit`` say nothing. The code may be another one than was proposed.

    Raises
    ------
    FileError
        The file cannot be read or lacks a column.
    """
    raw = read_raw(path)[0]
    headers = [header.lower() for header in raw.headers]
    missing = [name for name in ("eigen_id", "competentie_id", "besluit") if name not in headers]
    if missing:
        raise FileError(str(path), f"De kolom {', '.join(missing)} ontbreekt.")
    at = {name: str(headers.index(name)) for name in ("eigen_id", "competentie_id", "besluit")}
    keuzes: list[Keuze] = []
    problems: list[str] = []
    lines = raw.frame.select("regel", *at.values()).iter_rows()
    for line, eigen_id, competentie_id, said in lines:
        word = (said or "").strip().lower()
        if word in ANSWERS and eigen_id:
            keuzes.append(
                Keuze(_plain(eigen_id), ANSWERS[word], _plain(competentie_id or "") or None)
            )
        elif word:
            problems.append(f"Regel {line}: schrijf ja of nee, of laat het besluit leeg.")
    return keuzes, problems


def _plain(cell: str) -> str:
    """Return a cell without the quote that keeps a spreadsheet from running it."""
    return cell.removeprefix("'")
