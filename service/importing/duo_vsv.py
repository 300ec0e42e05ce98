"""Which vsv file of DUO a file is: what its columns and its name tell."""

import re
from calendar import monthrange
from collections.abc import Set
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from features.vocabulary import SoortVsvRegistratie
from service.errors import FileError

SEPARATOR = ";"
REGISTER = "DUO vsv"
MONTHLY_NAME = re.compile(r"(20\d{2})(0[1-9]|1[0-2])(A\d{2})", re.IGNORECASE)
YEARLY_NAME = re.compile(r"(NRSP|NENR)(20\d{2})([DV])?", re.IGNORECASE)
MONTHLY_CODES = ("A04", "A14")
MONTHLY_MARKS = {"PERSOONSGEBONDENNUMMER", "RAPPORTAGEMAAND"}
YEARLY_MARKS = {"BURGERSERVICENUMMER", "CREBO"}
"""Columns by which the monthly and the yearly files are recognised."""
YEAR_BEGINS = 10
"""Month in which a school year begins for the count of vsv'ers: what counts is 1 October."""
PROVISIONAL_BY = (5, 31)
DEFINITIVE_BY = (11, 30)
"""Month and day, in the year after the one in the name, by which the figures are there."""


@dataclass(frozen=True)
class Edition:
    """What the name of a file tells: which list, of which school year, known since when.

    `schooljaar` is None for a monthly file, where every row tells it. `known_by` is the day by
    which the file as a whole was there.
    """

    code: str
    soort: SoortVsvRegistratie
    known_by: date
    schooljaar: int | None = None

    @property
    def counts_leavers(self) -> bool:
        """Whether those in the file left, and are so known in the register."""
        return self.soort is not SoortVsvRegistratie.STARTPOPULATIE

    def timing(self) -> list[pl.Expr]:
        """Return schooljaar, datum and bekend_op of a row; see the notes of `read_vsv`."""
        if self.schooljaar is not None:
            day = date(self.schooljaar + self.counts_leavers, YEAR_BEGINS, 1)
            return [
                pl.lit(self.schooljaar).alias("schooljaar"),
                pl.lit(day).alias("datum"),
                pl.lit(self.known_by).alias("bekend_op"),
            ]
        month = pl.col("rapportagemaand")
        before_october = (month.dt.month() < YEAR_BEGINS).cast(pl.Int32)
        next_month = month.dt.offset_by("1mo").dt.month_end()
        return [
            (month.dt.year() - before_october).alias("schooljaar"),
            pl.coalesce("uitschrijving", month).alias("datum"),
            pl.min_horizontal(next_month, self.known_by).alias("bekend_op"),
        ]


def header_names(line: str) -> list[str]:
    """Return the names of the columns in a first line, in capitals, without the leading ``#``."""
    cells = line.strip().lstrip("#").split(SEPARATOR)
    return [cell.strip().strip('"').upper() for cell in cells]


def has_marks(names: Set[str]) -> bool:
    """Whether columns are those of a vsv file."""
    return names >= MONTHLY_MARKS or names >= YEARLY_MARKS


def edition_of(path: Path, names: Set[str]) -> Edition:
    """Return which vsv file this is, by its columns and its name.

    Raises
    ------
    FileError
        The columns are of another kind of file, or the name does not tell which list it is: then
        those who came back (A02) cannot be told from those who left.
    """
    if not has_marks(names):
        raise FileError(str(path), "Dit is geen vsv-bestand van DUO.")
    monthly = MONTHLY_NAME.search(path.name) if names >= MONTHLY_MARKS else None
    if monthly and monthly.group(3).upper() in MONTHLY_CODES:
        return _monthly(monthly)
    yearly = YEARLY_NAME.search(path.name) if names >= YEARLY_MARKS else None
    if yearly:
        return _yearly(yearly)
    raise FileError(
        str(path),
        "De naam zegt niet welk vsv-bestand dit is. Gelezen worden A04 en A14 (jjjjmmA04...) en "
        "NRSP en NenR (NenRjjjjD...). Geef het bestand de naam die DUO het gaf.",
    )


def _monthly(match: re.Match[str]) -> Edition:
    year, month = int(match.group(1)), int(match.group(2))
    known_by = date(year, month, monthrange(year, month)[1])
    return Edition(match.group(3).upper(), SoortVsvRegistratie.VOORLOPIG, known_by)


def _yearly(match: re.Match[str]) -> Edition:
    year = int(match.group(2))
    provisional = (match.group(3) or "D").upper() == "V"
    known_by = date(year + 1, *(PROVISIONAL_BY if provisional else DEFINITIVE_BY))
    if match.group(1).upper() == "NRSP":
        return Edition("NRSP", SoortVsvRegistratie.STARTPOPULATIE, known_by, year - 1)
    soort = SoortVsvRegistratie.VOORLOPIG if provisional else SoortVsvRegistratie.DEFINITIEF
    return Edition("NenR", soort, known_by, year - 1)
