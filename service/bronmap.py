"""A folder of canonical tables, to train on instead of the store."""

from pathlib import Path

import polars as pl

from features.contract import LIST_SEPARATOR, Table, check_table
from features.errors import TableError
from features.tables import TABLES
from service.errors import FileError

SUFFIXES = (".parquet", ".csv")
NEEDED = ("jongere", "inschrijving")
NOT_A_FOLDER = "Dit is geen map."
NOTHING = "In deze map staat geen tabel {name}, als .parquet of als .csv."
UNREADABLE = "Dit bestand is niet te lezen als tabel {name}."
WRONG = "In tabel {name} klopt kolom {column} niet."


def read_bronmap(folder: Path) -> dict[str, pl.DataFrame]:
    """Return the canonical tables in a folder: a Parquet or CSV file each, by name.

    Parameters
    ----------
    folder : Path
        With files such as ``jongere.parquet``. A table without a file is absent; other files do
        not count. Lists in a CSV file are separated by ``|``.

    Raises
    ------
    FileError
        There is no such folder, a table that is needed is absent, or a file breaks the contract
        of its table.
    """
    if not folder.is_dir():
        raise FileError(str(folder), NOT_A_FOLDER)
    found = {
        name: _read(path, TABLES[name])
        for name in TABLES
        for path in [_file_of(folder, name)]
        if path is not None
    }
    for name in NEEDED:
        if name not in found:
            raise FileError(str(folder), NOTHING.format(name=name))
    return found


def _file_of(folder: Path, name: str) -> Path | None:
    paths = (folder / f"{name}{suffix}" for suffix in SUFFIXES)
    return next((path for path in paths if path.is_file()), None)


def _read(path: Path, table: Table) -> pl.DataFrame:
    """Return one table with the columns and types of its contract."""
    try:
        raw = (
            pl.read_parquet(path)
            if path.suffix == SUFFIXES[0]
            else pl.read_csv(path, infer_schema=False)
        )
        frame = raw.select(
            _typed(raw, name, dtype).alias(name) for name, dtype in table.schema.items()
        )
        check_table(frame, table)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise FileError(str(path), UNREADABLE.format(name=table.name)) from error
    except TableError as error:
        wrong = WRONG.format(name=table.name, column=error.column)
        raise FileError(str(path), wrong) from error
    return frame


def _typed(raw: pl.DataFrame, name: str, dtype: pl.DataType) -> pl.Expr:
    """Return a column in its type; one that is absent holds nothing."""
    if name not in raw.columns:
        return pl.lit(None, dtype)
    if isinstance(dtype, pl.List) and raw.schema[name] == pl.String:
        return pl.col(name).str.split(LIST_SEPARATOR).cast(dtype)
    if dtype == pl.Boolean and raw.schema[name] == pl.String:
        return pl.col(name) == "true"
    if dtype == pl.Date and raw.schema[name] == pl.String:
        return pl.col(name).str.to_date("%Y-%m-%d")
    return pl.col(name).cast(dtype)
