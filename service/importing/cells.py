"""From text in a cell to a value of the contract: dates, numbers, yes and no, words, lists.

The usual notation is converted for the whole column at once; what does not fit goes, each
distinct text once, through a patient parser. What that one refuses either is a bad cell.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import polars as pl

from features.contract import Column
from service.importing.distinct import map_distinct

DATE_ORDERS = {"dmj": "dd-mm-jjjj", "jmd": "jjjj-mm-dd", "mdj": "mm-dd-jjjj"}
"""Order of day (d), month (m) and year (j), and how a mapping file writes it."""
ISO_WEEK = re.compile(r"(\d{4})-?W(\d{1,2})(?:-?\d)?", re.IGNORECASE)
DIGITS = re.compile(r"\d+")
TIME_OF_DAY = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?Z?$")
YES = frozenset({"ja", "j", "1", "waar", "true", "yes", "y", "x"})
NO = frozenset({"nee", "n", "0", "onwaar", "false", "no"})
NIVEAU_WORDS = {
    "nog niet": 0,
    "met hulp": 1,
    "onder toezicht": 2,
    "zelfstandig": 3,
    "leert anderen": 4,
}
MBO_WORDS = {
    "entree": 1,
    **{f"mbo-{n}": n for n in range(1, 5)},
    **{f"niveau {n}": n for n in range(1, 5)},
}
FIRST_YEAR, LAST_YEAR = 1900, 2200
DAYS = (date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))

REDENEN: Mapping[type, str] = {
    pl.Date: "Dit is geen datum die we kennen. Schrijf dag-maand-jaar, met vier cijfers voor het "
    "jaar: 31-12-2026.",
    pl.Float64: "Dit is geen getal dat we kennen. Schrijf het zonder punten voor duizendtallen.",
    pl.Int32: "Dit is geen heel getal.",
    pl.Boolean: "Schrijf ja of nee.",
}
"""Why a cell does not convert, in Dutch, by the type that the column asks."""


@dataclass(frozen=True)
class Notation:
    """How a file writes its values.

    `date_order` is a key of `DATE_ORDERS`, `decimal_comma` and `list_separator` may be unknown
    (None): then any notation that can mean one thing only is taken. `values` translates the
    words of the file, per canonical column.
    """

    date_order: str | None = None
    decimal_comma: bool | None = None
    list_separator: str | None = None
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def convert(text: pl.Series, column: Column, notation: Notation) -> tuple[pl.Series, pl.Series]:
    """Convert the text cells of one column; cells of numbers may be Float64 already.

    Returns
    -------
    values : Series of the type of the contract
        Null where the cell was empty or is bad.
    bad : Series of Boolean
        Cells that hold text which is no value of this type. Whether the value is *allowed* is
        for the contract to say.
    """
    if text.dtype == pl.Float64:
        values = _whole(text, column).alias(column.name)
        return values, values.is_null() & text.is_not_null()
    words = notation.values.get(column.name)
    if words:
        text = _translate(text, words)
    if isinstance(column.dtype, pl.Date):
        values = _convert_dates(text, column, notation)
    elif isinstance(column.dtype, pl.Float64 | pl.Int32):
        values = _convert_numbers(text, column, notation)
    else:
        values = _each_distinct(text, _parser(column, notation), column.dtype)
    bad = values.is_null() & text.is_not_null()
    if bad.any():
        bad &= text.str.strip_chars() != ""
    return values.alias(column.name), bad


def _each_distinct(
    text: pl.Series, parse: Callable[[str], object], dtype: pl.DataType
) -> pl.Series:
    """Parse every distinct text once."""
    return map_distinct(
        text,
        lambda distinct: pl.Series([parse(value) for value in distinct], dtype=dtype),
    )


def _patient(
    text: pl.Series, quick: pl.Series, parse: Callable[[str], object], dtype: pl.DataType
) -> pl.Series:
    """Fill what the quick conversion left empty with the patient parser."""
    left = quick.is_null() & text.is_not_null()
    if not left.any():
        return quick
    parsed = _each_distinct(text.set(~left, None), parse, dtype)
    return parsed.zip_with(left, quick)


def _translate(text: pl.Series, words: Mapping[str, str]) -> pl.Series:
    lower = {word.lower(): value for word, value in words.items()}

    def translate(value: str) -> str:
        clean = value.strip()
        return words.get(clean, lower.get(clean.lower(), value))

    return _each_distinct(text, translate, pl.String())


def _convert_dates(text: pl.Series, column: Column, notation: Notation) -> pl.Series:
    order = notation.date_order
    form = "%Y-%m-%d" if order in (None, "jmd") else "%d-%m-%Y" if order == "dmj" else "%m-%d-%Y"
    quick = text.str.to_date(form, strict=False)
    odd = ~quick.is_between(*DAYS)
    quick = quick.set(odd, None) if odd.any() else quick
    is_week = column.name == "week"
    values = _patient(text, quick, lambda value: parse_date(value, order, week=is_week), pl.Date())
    if is_week:
        return values if (values.dt.weekday() == 1).all() else values.dt.truncate("1w")
    return values.dt.truncate("1mo") if column.name == "geboortedatum" else values


def parse_date(text: str, order: str | None = None, *, week: bool = False) -> date | None:
    """Return the day that a text means, or None.

    A year has four digits; a year in front is always jjjj-mm-dd. Without `order`, day-month-year
    is meant. Unknown day or month (``00``) becomes the first. With `week`, an ISO week is taken
    as its Monday.

    Examples
    --------
    >>> parse_date("31-12-2026"), parse_date("2026-12-31 00:00:00"), parse_date("1/2/26")
    (datetime.date(2026, 12, 31), datetime.date(2026, 12, 31), None)
    >>> parse_date("2024-W05", week=True)
    datetime.date(2024, 1, 29)
    """
    clean = TIME_OF_DAY.sub("", text.strip())
    try:
        if week and (found := ISO_WEEK.fullmatch(clean)):
            return date.fromisocalendar(int(found[1]), int(found[2]), 1)
        parts = _date_parts(clean, order or "dmj")
        return date(*parts) if parts and FIRST_YEAR <= parts[0] <= LAST_YEAR else None
    except ValueError:
        return None


def _date_parts(clean: str, order: str) -> tuple[int, int, int] | None:
    """Return year, month, day."""
    if len(clean) == len("jjjjmmdd") and clean.isascii() and clean.isdigit():
        return int(clean[:4]), int(clean[4:6]), int(clean[6:])
    parts = re.split(r"[-/.]", clean)
    if len(parts) != len(order) or not all(DIGITS.fullmatch(part) for part in parts):
        return None
    order = "jmd" if len(parts[0]) == len("jjjj") else order
    named = dict(zip(order, parts, strict=True))
    if len(named["j"]) != len("jjjj") or max(len(named["m"]), len(named["d"])) > len("dd"):
        return None
    return int(named["j"]), int(named["m"]) or 1, int(named["d"]) or 1


def _convert_numbers(text: pl.Series, column: Column, notation: Notation) -> pl.Series:
    comma = notation.decimal_comma
    words = _number_words(column)
    quick = (
        pl.Series([None], dtype=pl.Float64).new_from_index(0, len(text))
        if comma
        else text.cast(pl.Float64, strict=False)
    )
    odd = ~quick.is_finite()
    quick = quick.set(odd, None) if odd.any() else quick
    values = _patient(text, quick, lambda value: parse_number(value, comma, words), pl.Float64())
    return _whole(values, column)


def _whole(numbers: pl.Series, column: Column) -> pl.Series:
    """Return finite numbers, as whole numbers where the contract asks those; null for others."""
    odd = ~numbers.is_finite()
    values = numbers.set(odd, None) if odd.any() else numbers
    if not isinstance(column.dtype, pl.Int32):
        return values
    whole = values.cast(pl.Int32, strict=False)
    return whole.set(whole.cast(pl.Float64) != values, None)


def holds_plain_numbers(column: Column, notation: Notation) -> bool:
    """Whether the cells of a column may be read as numbers with a point at once."""
    return (
        isinstance(column.dtype, pl.Float64 | pl.Int32)
        and not notation.decimal_comma
        and column.name not in notation.values
    )


def _number_words(column: Column) -> Mapping[str, int]:
    if column.name != "niveau":
        return {}
    return NIVEAU_WORDS if column.minimum == 0 else MBO_WORDS


def parse_number(
    text: str, decimal_comma: bool | None = None, words: Mapping[str, int] | None = None
) -> float | None:
    """Return the number that a text means, or None.

    Examples
    --------
    >>> parse_number("7,5"), parse_number("7.5"), parse_number("7,5", decimal_comma=False)
    (7.5, 7.5, None)
    >>> parse_number("1.000", decimal_comma=True) is None, parse_number("MBO-2", words={"mbo-2": 2})
    (True, 2.0)
    """
    clean = text.strip()
    if words and clean.lower() in words:
        return float(words[clean.lower()])
    if ("." in clean and decimal_comma) or ("," in clean and decimal_comma is False):
        return None
    try:
        number = float(clean.replace(",", ".", 1))
    except ValueError:
        return None
    return number if math.isfinite(number) and "_" not in clean else None


def _parser(column: Column, notation: Notation) -> Callable[[str], object]:
    if isinstance(column.dtype, pl.Boolean):
        return parse_yes_no
    words = {value.lower(): value for value in column.values}
    if column.is_list:
        translated = notation.values.get(column.name, {})
        return lambda text: _parse_list(text, notation.list_separator, words, translated)
    return lambda text: _parse_text(text, column.name, words)


def parse_yes_no(text: str) -> bool | None:
    """Return what a yes or no means, or None.

    Examples
    --------
    >>> parse_yes_no("Ja"), parse_yes_no("0"), parse_yes_no("soms")
    (True, False, None)
    """
    clean = text.strip().lower()
    return True if clean in YES else False if clean in NO else None


def _parse_list(
    text: str, separator: str | None, words: Mapping[str, str], translated: Mapping[str, str]
) -> list[str] | None:
    parts = re.split(re.escape(separator) if separator else r"[|;,\n]", text)
    kept = [translated.get(part.strip(), part.strip()) for part in parts if part.strip()]
    return [words.get(part.lower(), part) for part in kept] or None


def _parse_text(text: str, name: str, words: Mapping[str, str]) -> str | None:
    """Return the text without spaces around it, a listed word in the spelling of the list.

    A code that a spreadsheet took for a number gets its zero back; a postcode loses its letters.
    """
    clean = text.strip()
    if name == "reden_uitschrijving" and len(clean) == 1:
        return clean.zfill(2)
    if name == "postcode4" and re.fullmatch(r"\d{4} ?[A-Za-z]{2}", clean):
        return clean[:4]
    if name == "instelling":
        return clean.upper() or None
    return words.get(clean.lower(), clean) or None


def last_day_of_week(week: pl.Expr) -> pl.Expr:
    """Return the Sunday of a week that is named by its Monday."""
    return week + timedelta(days=6)
