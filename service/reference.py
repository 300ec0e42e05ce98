"""The table of postcodes: where each lies, from a public list that a region loads once.

Travel times rest on it. CBS and PDOK publish such lists; the file names the postcode (four digits)
and its coordinates in degrees, and may name the place.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError
from sqlalchemy import Engine

from features.contract import check_table
from features.tables import POSTCODE
from service.errors import FileError
from service.storage.canonical import CanonicalRepository
from service.storage.engine import unit_of_work
from service.storage.importrun import ImportRepository
from service.storage.merging import MergeCount

KIND = "postcodetabel"
HEADERS: Mapping[str, tuple[str, ...]] = {
    "postcode4": ("postcode4", "pc4", "pc4_code", "postcode"),
    "breedtegraad": ("breedtegraad", "lat", "latitude"),
    "lengtegraad": ("lengtegraad", "lon", "lng", "longitude"),
    "plaats": ("plaats", "woonplaats", "plaatsnaam"),
    "gemeente": ("gemeente", "gemeentenaam"),
}
"""Names that a column may have; the last two may be absent."""
NEEDED = ("postcode4", "breedtegraad", "lengtegraad")


def load_postcodes(engine: Engine, path: Path, *, actor: str) -> MergeCount:
    """Store the postcodes of a file; those that are stored already are brought up to date.

    Parameters
    ----------
    engine : Engine
        The store, migrated.
    path : Path
        See `read_postcodes`.
    actor : str
        Who loads it.

    Raises
    ------
    FileError, TableError
        As `read_postcodes`; nothing was stored.
    """
    frame = read_postcodes(path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    with unit_of_work(engine) as session:
        imports = ImportRepository(session)
        number = imports.add(
            tijdstip=datetime.now(UTC), bestand=path.name, sha256=digest, soort=KIND, actor=actor
        )
        count = CanonicalRepository(session).merge(POSTCODE.name, frame, number)
        imports.finish(number, {POSTCODE.name: count})
    return count


def count_postcodes(engine: Engine) -> int:
    """Return how many postcodes are stored."""
    with unit_of_work(engine, read_only=True) as session:
        return CanonicalRepository(session).keys(POSTCODE.name).height


def read_postcodes(path: Path) -> pl.DataFrame:
    """Return the table of a CSV file, which may be compressed (gzip, zstd).

    Where the file names no place, the postcode stands for it.

    Parameters
    ----------
    path : Path
        With a header, comma or semicolon between the columns; see `HEADERS`. Columns that are
        not named there are left out.

    Raises
    ------
    FileError
        The file cannot be read, or lacks a column.
    TableError
        A value is wrong, or a postcode stands twice.
    """
    raw = _read(path)
    known = {name: header for name in HEADERS if (header := _header(raw, name)) is not None}
    for name in NEEDED:
        if name not in known:
            raise FileError(str(path), f"no column {name}")
    text = raw.select(pl.col(header).alias(name) for name, header in known.items())
    degrees = ("breedtegraad", "lengtegraad")
    table = text.with_columns(
        *(pl.col(name).str.replace(",", ".").cast(pl.Float64, strict=False) for name in degrees),
        plaats=pl.col("plaats" if "plaats" in known else "postcode4"),
        gemeente=pl.col("gemeente") if "gemeente" in known else pl.lit(None, dtype=pl.String),
        bron=pl.lit(path.name),
    )
    found = table.select(POSTCODE.schema.names())
    check_table(found, POSTCODE)
    return found


def _read(path: Path) -> pl.DataFrame:
    try:
        data = path.read_bytes()
        first = pl.read_csv(BytesIO(data), n_rows=1, separator=";", infer_schema=False)
        comma = len(first.columns) == 1
        return pl.read_csv(BytesIO(data), separator="," if comma else ";", infer_schema=False)
    except (OSError, PolarsError) as error:
        raise FileError(str(path), str(error)) from error


def _header(raw: pl.DataFrame, name: str) -> str | None:
    names = {column.strip().lower(): column for column in raw.columns}
    return next((names[header] for header in HEADERS[name] if header in names), None)
