"""Files of protected attributes: which values they may hold, and whom a row is about."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

import polars as pl

from service.errors import FileError
from service.importing.canonical import canonical_name
from service.importing.persons import NUMBERS, ReadOptions, identify
from service.importing.rawfile import read_raw

JONGERE_ID = "jongere_id"
PARQUET = ".parquet"


class Kenmerk(StrEnum):
    """What is kept apart."""

    GESLACHT = "geslacht"
    HERKOMST = "herkomst"


WAARDEN: Mapping[Kenmerk, tuple[str, ...]] = MappingProxyType(
    {
        Kenmerk.GESLACHT: ("man", "vrouw", "x"),
        Kenmerk.HERKOMST: ("Nederland", "Europa buiten Nederland", "buiten Europa"),
    }
)
"""The values of each: no finer than a comparison asks. Those of herkomst are the outline of CBS."""


def read_kenmerken(path: Path, options: ReadOptions) -> pl.DataFrame:
    """Return ``jongere_id`` and a column per `Kenmerk` of a CSV, Excel or Parquet file.

    A row without any attribute is left out; a number that is no number of a person becomes null.

    Raises
    ------
    FileError
        The file cannot be read, or holds another column or value.
    """
    frame = _cells(path)
    found = [one for one in Kenmerk if one in frame.columns]
    who = [one for one in (JONGERE_ID, *NUMBERS) if one in frame.columns]
    if len(who) != 1 or not found or set(frame.columns) - {*who, *found}:
        raise FileError(
            str(path),
            "Geef één kolom bsn, onderwijsnummer of jongere_id, en daarnaast alleen "
            f"{' of '.join(Kenmerk)}.",
        )
    for one in found:
        wrong = frame[one].drop_nulls().is_in(WAARDEN[one]).not_().sum()
        if wrong:
            raise FileError(
                str(path),
                f"Kolom {one} heeft {wrong} waarden die we niet kennen. Wel: "
                f"{', '.join(WAARDEN[one])}.",
            )
    ids = frame[who[0]] if who[0] == JONGERE_ID else identify(frame[who[0]], options)[0]
    told = frame.select(found).insert_column(0, ids.alias(JONGERE_ID))
    return told.filter(pl.any_horizontal(pl.col(found).is_not_null()))


def _cells(path: Path) -> pl.DataFrame:
    """Return the cells of a file as text, under the names of their columns."""
    if path.suffix.lower() == PARQUET:
        try:
            frame = pl.read_parquet(path)
        except (pl.exceptions.PolarsError, OSError) as error:
            raise FileError(str(path), "Dit is geen Parquet-bestand.") from error
        return frame.select(pl.all().cast(pl.String)).rename(canonical_name)
    raw = read_raw(path)[0]
    return raw.frame.select(
        pl.col(str(place)).str.strip_chars().alias(canonical_name(header))
        for place, header in enumerate(raw.headers)
    )
