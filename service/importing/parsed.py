"""What a reader makes of one file: canonical tables, each row with its line, and what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

LINE = "regel"
"""Extra column of a parsed table: line (or spreadsheet row) of the file, the first line is 1."""

PROBLEMS = pl.Schema(
    {
        "bestand": pl.String,
        "regel": pl.UInt32,
        "kolom": pl.String,
        "waarde": pl.String,
        "reden": pl.String,
    }
)
"""Columns of a report of bad rows; `reden` is a Dutch sentence. `kolom` is as the file names it."""


def no_problems() -> pl.DataFrame:
    """Return an empty report."""
    return pl.DataFrame(schema=PROBLEMS)


@dataclass(frozen=True)
class ParsedFile:
    """The outcome of reading one file.

    `tables` holds canonical tables by name (and ``identiteit``, see `service.identity`), each
    with the columns of its contract plus `LINE`. `problems` holds rows that could not be read at
    all; rows that break the contract are found later, by the import as a whole. `columns` maps
    (table, canonical column) to the column's name in the file, for the report. `warnings` are
    Dutch sentences about the file that stop nothing.
    """

    path: Path
    kind: str
    tables: Mapping[str, pl.DataFrame]
    problems: pl.DataFrame = field(default_factory=no_problems)
    columns: Mapping[tuple[str, str], str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
