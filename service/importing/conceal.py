"""What a report of bad rows may show: never a whole BSN, nor what a terminal would obey.

A cell that is bad is quoted, wherever it stands; columns that are shifted or swapped bring
numbers of persons under any header.
"""

import re

import polars as pl

from service.importing.distinct import map_distinct
from service.importing.persons import SHOWN_DIGITS
from service.importing.pseudonym import is_person_number

PERSON_NUMBER = re.compile(
    r"(?<![0-9a-f])(?:\d{9}|\d{4}\.\d{2}\.\d{3}|\d{3}([ .-])\d{3}\1\d{3}|\d{8})(?![0-9a-f])"
)
"""How a BSN is written, in one piece or in groups; not the digits inside a pseudonym."""
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
LONGEST = 80


def conceal(text: str) -> str:
    r"""Return a text in which of a BSN or onderwijsnummer only the last digits show.

    Examples
    --------
    >>> conceal("9999.90.019 of 999990019"), conceal("20260105"), conceal("a\x1b[31m")
    ('…019 of …019', '20260105', 'a [31m')
    """

    def hide(found: re.Match[str]) -> str:
        digits = re.sub(r"\D", "", found[0])
        return f"…{digits[-SHOWN_DIGITS:]}" if is_person_number(digits.zfill(9)) else found[0]

    return PERSON_NUMBER.sub(hide, CONTROL.sub(" ", text))


def conceal_problems(problems: pl.DataFrame) -> pl.DataFrame:
    """Return a report of bad rows whose cells may be shown: concealed, and of a bearable length."""

    def cell(text: str) -> str:
        safe = conceal(text[: 10 * LONGEST])
        return safe if len(safe) <= LONGEST else f"{safe[:LONGEST]}…"

    def each(column: str) -> pl.Series:
        tell = cell if column == "waarde" else conceal
        return map_distinct(
            problems[column],
            lambda distinct: pl.Series([tell(text) for text in distinct], dtype=pl.String),
        ).alias(column)

    return problems.with_columns(each(name) for name in ("bestand", "kolom", "waarde", "reden"))
