"""The persons of a DUO file: from BSN or onderwijsnummer to jongere_id, each number once."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from service.importing.duo_bestand import REASON_MISSING, hide_number, report
from service.importing.parsed import LINE
from service.importing.pseudonym import Key, passes_onderwijsnummer, pseudonyms

NUMBER = "nummer"
PERSON = "persoon"
"""Column that stands for the person while a file is read: place among the file's persons."""
REASON_NUMBER = "Dit is geen geldig bsn of onderwijsnummer: het voldoet niet aan de elfproef."


@dataclass(frozen=True)
class Persons:
    """The persons of a file: `numbers` leads from `NUMBER` to `PERSON`, `ids` from there on."""

    numbers: pl.DataFrame
    ids: pl.Series
    problems: tuple[pl.DataFrame, ...]


def find_persons(
    rows: pl.DataFrame, path: Path, label: str, *, key: Key, allow_masked: bool
) -> Persons:
    """Make a pseudonym of every number.

    Parameters
    ----------
    rows : DataFrame
        `NUMBER` and `LINE` of every row that is about a person.
    path, label : Path, str
        The file, and its word for the number, for the report.
    key : Key
        Key of the pseudonyms.
    allow_masked : bool
        Accept a number that fails the elfproef; it is hashed all the same.

    Returns
    -------
    Persons
        A number of eight digits gets back the zero that spreadsheets drop. A number that fails
        the check is reported at its first row, all but its last two characters hidden; a number
        that is absent at each row.
    """
    absent = rows.filter(pl.col(NUMBER).is_null())
    # the lines of one person follow each other: the first of them is enough
    runs = rows.filter(pl.col(NUMBER).ne_missing(pl.col(NUMBER).shift(1)) | _is_first())
    whole = (
        runs.group_by(NUMBER, maintain_order=True)
        .agg(pl.col(LINE).min())
        .filter(pl.col(NUMBER).is_not_null())
        .with_columns(
            pl.when(pl.col(NUMBER).str.len_bytes() == 8)
            .then(pl.col(NUMBER).str.replace(r"^([0-9]{8})$", "0$1"))
            .otherwise(NUMBER)
            .alias("whole")
        )
        .with_columns(
            (pl.lit(allow_masked) | passes_onderwijsnummer(pl.col("whole"))).alias("sound")
        )
    )
    good = whole.filter("sound")
    distinct = good.select("whole").unique(maintain_order=True).with_row_index(PERSON)
    return Persons(
        good.join(distinct, on="whole").select(NUMBER, PERSON),
        pseudonyms(distinct["whole"], key).alias("jongere_id"),
        (
            report(absent, path, label, pl.lit(None, pl.String), REASON_MISSING),
            report(
                whole.filter(~pl.col("sound")),
                path,
                label,
                hide_number(pl.col(NUMBER)),
                REASON_NUMBER,
            ),
        ),
    )


def number_persons(numbers: pl.Series, persons: Persons) -> pl.Series:
    """Return the `PERSON` of every number; null for one that is absent or was refused."""
    runs = numbers.rle().struct.field("value").alias(NUMBER).to_frame()
    found = runs.join(persons.numbers, on=NUMBER, how="left", maintain_order="left")[PERSON]
    return found.rechunk().gather(numbers.rle_id()).alias(PERSON)


def _is_first() -> pl.Expr:
    return pl.int_range(pl.len()) == 0
