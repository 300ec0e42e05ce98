"""Who a row is about: a number becomes a pseudonym at the door and never passes as one."""

from dataclasses import dataclass

import polars as pl

from service.importing.distinct import map_distinct
from service.importing.pseudonym import Key, passes_onderwijsnummer, pseudonyms

BSN = "bsn"
ONDERWIJSNUMMER = "onderwijsnummer"
NUMBERS = (BSN, ONDERWIJSNUMMER)
"""Columns that name a person by number; a pseudonym takes their place at the door."""
NUMBER_LENGTH = 9
SHOWN_DIGITS = 3

NOT_A_NUMBER = (
    "Dit is geen goed BSN of onderwijsnummer: het heeft niet negen cijfers of klopt niet met de "
    "elfproef. Kijk het nummer na."
)
NOT_A_PSEUDONYM = (
    "Dit is een BSN of onderwijsnummer en geen jongere_id. Noem de kolom “bsn”, dan maken we er "
    "een pseudoniem van."
)
HOLDS_A_NUMBER = (
    "In deze tekst staat een BSN of onderwijsnummer. Dat bewaren we niet: haal het weg."
)


@dataclass(frozen=True)
class ReadOptions:
    """What a reader needs to know beside the file.

    `key` is the key of the pseudonyms, `allow_masked` lets numbers pass that are masked in a
    sample (``BSN1``), `meldvertraging_dagen` is the delay in `service.importing.defaults`.
    """

    key: Key
    meldvertraging_dagen: int
    allow_masked: bool = False


def identify(numbers: pl.Series, options: ReadOptions) -> tuple[pl.Series, pl.Series]:
    """Return the jongere_id of every number, and which cells hold no good number.

    A column of BSN's may hold an onderwijsnummer, for those who have no BSN, and the reverse.
    Spaces and points are left out, and a number of eight digits gets back the leading zero that
    a spreadsheet took. Each distinct number is checked and hashed once.
    """

    def name(distinct: pl.Series) -> pl.Series:
        clean = pl.col("number").str.replace_all(r"[\s.]", "")
        clean = pl.when(clean.str.contains(r"^\d{8}$")).then("0" + clean).otherwise(clean)
        cleaned = distinct.to_frame("number").select(clean.alias("number"))
        whole = pl.col("number")
        good = whole != "" if options.allow_masked else passes_onderwijsnummer(whole)
        return pseudonyms(cleaned.select(pl.when(good).then(whole)).to_series(), options.key)

    ids = map_distinct(numbers, name)
    return ids, _bad(numbers, ids)


def refuse_numbers(ids: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return pseudonyms without spaces around them, and which cells hold a person's number."""

    def keep(distinct: pl.Series) -> pl.Series:
        clean = pl.col("id")
        digits = clean.str.replace_all(r"\D", "")
        padded = pl.when(digits.str.len_bytes() == NUMBER_LENGTH - 1).then("0" + digits)
        good = clean.ne("") & ~passes_onderwijsnummer(padded.otherwise(digits))
        stripped = distinct.str.strip_chars().alias("id").to_frame()
        return stripped.select(pl.when(good).then(clean)).to_series()

    kept = map_distinct(ids, keep)
    return kept, _bad(ids, kept)


def refuse_numbers_in(texts: pl.Series) -> pl.Series:
    """Return which texts hold the number of a person, whatever stands around it."""
    number = pl.col("text").str.extract(r"(?:^|\D)(\d{9}|\d{4}\.\d{2}\.\d{3})(?:\D|$)")
    holds = passes_onderwijsnummer(number.str.replace_all(".", "", literal=True))

    def judge(distinct: pl.Series) -> pl.Series:
        return distinct.to_frame("text").select(holds).to_series()

    return map_distinct(texts, judge).fill_null(value=False)


def hide_number(text: pl.Expr) -> pl.Expr:
    """Return a text of which only the last digits show, for a report that others may read.

    Examples
    --------
    >>> pl.DataFrame({"bsn": ["999990018"]}).select(hide_number(pl.col("bsn"))).item()
    '…018'
    """
    return pl.lit("…") + text.str.strip_chars().str.tail(SHOWN_DIGITS)


def _bad(texts: pl.Series, ids: pl.Series) -> pl.Series:
    bad = ids.is_null() & texts.is_not_null()
    return bad & (texts.str.strip_chars() != "") if bad.any() else bad
