"""What all files of DUO share: bytes that are text, three styles of dates, reports of bad cells."""

import gzip
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl

from service.errors import FileError
from service.importing.parsed import LINE, no_problems

BOM = b"\xef\xbb\xbf"
GZIP = b"\x1f\x8b"
NOT_TEXT = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\xff\xfe", b"\xfe\xff")
"""First bytes of a workbook (new and old), a PDF, and text in UTF-16."""
HEAD_BYTES = 4096
EARLIEST = date(1900, 1, 1)
LATEST = date(2100, 12, 31)
MONTH_UNKNOWN = 7
"""Month that stands for an unknown month of birth: the middle of the year."""
STYLES = ("%Y-%m-%d", "%d-%m-%Y", "%Y%m%d")
REASON_DATE = "Dit is geen geldige datum."
REASON_MISSING = "Deze waarde is verplicht en ontbreekt."


def read_head(path: Path) -> bytes:
    """Return the first bytes of a file, unpacked when it is gzip; empty when it cannot be read."""
    try:
        with path.open("rb") as file:
            packed = file.read(2) == GZIP
        opener = gzip.open if packed else open
        with opener(path, "rb") as file:
            return bytes(file.read(HEAD_BYTES)).removeprefix(BOM)
    except (OSError, EOFError):
        return b""


def read_text(path: Path) -> bytes:
    """Return the content of a text file as UTF-8 without BOM.

    UTF-8 is tried first, then Windows-1252. A gzip file is unpacked.

    Raises
    ------
    FileError
        The file cannot be opened, is empty, or is no text.
    """
    try:
        content = path.read_bytes()
        if content.startswith(GZIP):
            content = gzip.decompress(content)
    except (OSError, EOFError) as error:
        raise FileError(str(path), "Dit bestand kan niet worden geopend.") from error
    content = content.removeprefix(BOM)
    if not content or content.isspace():
        raise FileError(str(path), "Dit bestand is leeg.")
    if content.startswith(NOT_TEXT) or b"\x00" in content:
        raise FileError(
            str(path),
            "Dit is geen tekstbestand. Een Excel-bestand met een andere naam kan niet: "
            "bewaar het als CSV.",
        )
    return _as_utf8(content, path)


def _as_utf8(content: bytes, path: Path) -> bytes:
    if content.isascii():
        return content
    for encoding in ("utf-8", "cp1252"):
        try:
            return content.decode(encoding).encode()
        except UnicodeDecodeError:
            continue
    raise FileError(str(path), "De tekens zijn niet te lezen: bewaar het bestand als UTF-8.")


def parse_date(text: pl.Series, style: str) -> pl.Series:
    """Return the dates in a text column: ccyy-mm-dd, d-m-yyyy or ccyymmdd; null for all else.

    Parameters
    ----------
    text : Series
        Text.
    style : str
        The style, of `STYLES`, in which most dates of the file are written: tried first.
    """
    parsed = text.str.to_date(style, strict=False)
    for other in STYLES:
        if parsed.null_count() > text.null_count() and other != style:
            parsed = parsed.zip_with(parsed.is_not_null(), text.str.to_date(other, strict=False))
    plausible = parsed.is_between(EARLIEST, LATEST).fill_null(value=False)
    return parsed if plausible.all() else parsed.set(~plausible, None)


def find_style(content: bytes) -> str:
    """Return the style of the first date in a text; ccyy-mm-dd when there is none."""
    shapes = (rb"\d{4}-\d{1,2}-\d{1,2}", rb"\d{1,2}-\d{1,2}-\d{4}", rb"(?:19|20)\d{6}(?!\d)")
    places = [re.search(rb"[;|]" + shape, content[: 16 * HEAD_BYTES]) for shape in shapes]
    found = [(match.start(), style) for match, style in zip(places, STYLES, strict=True) if match]
    return min(found)[1] if found else STYLES[0]


def parse_month_of_birth(text: pl.Series, style: str) -> pl.Series:
    """Return the first day of the month of birth; an unknown month (00) counts as July.

    A day may be 00, or both day and month. Null for anything that is no date of birth.

    Examples
    --------
    >>> born = pl.Series(["2006-10-15", "0-11-2005", "20040000", "2006-13-01"])
    >>> [str(day) for day in parse_month_of_birth(born, "%Y-%m-%d")]
    ['2006-10-01', '2005-11-01', '2004-07-01', 'None']
    """
    whole = parse_date(text, style)
    if whole.null_count() > text.null_count():
        partly = text.to_frame("text").select(_partly_known(pl.col("text"))).to_series()
        whole = whole.zip_with(whole.is_not_null(), partly)
    return whole.dt.truncate("1mo")


def _partly_known(text: pl.Expr) -> pl.Expr:
    """Return the month of a date whose day, or day and month, are 00; null for other text."""
    backwards = text.str.extract_groups(r"^0?0-(\d{1,2})-(\d{4})$").struct
    forwards = text.str.extract_groups(r"^(\d{4})-?(\d{1,2})-?00?$").struct
    year = pl.coalesce(forwards.field("1"), backwards.field("2")).cast(pl.Int32)
    month = pl.coalesce(forwards.field("2"), backwards.field("1")).cast(pl.Int32)
    sound = year.is_between(EARLIEST.year, LATEST.year) & month.is_between(0, 12)
    known = pl.when(month == 0).then(MONTH_UNKNOWN).otherwise(month)
    return pl.when(sound).then(pl.date(year, pl.when(sound).then(known), 1))


def report(
    rows: pl.DataFrame,
    path: Path,
    kolom: str,
    waarde: pl.Expr,
    reden: str,
) -> pl.DataFrame:
    """Return one line of a report of bad rows per given row."""
    return rows.select(
        pl.lit(path.name).alias("bestand"),
        pl.col(LINE).cast(pl.UInt32),
        pl.lit(kolom).alias("kolom"),
        waarde.cast(pl.String).alias("waarde"),
        pl.lit(reden).alias("reden"),
    )


def collect(reports: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Return all reports as one, ordered by line of the file."""
    return pl.concat([no_problems(), *reports]).sort(LINE, maintain_order=True)


def hide_number(number: pl.Expr) -> pl.Expr:
    """Return a personal number with all but its last two characters hidden, for a report."""
    hidden = number.str.head(-2).str.replace_all(".", "*")
    return pl.concat_str(hidden, number.str.tail(2))
