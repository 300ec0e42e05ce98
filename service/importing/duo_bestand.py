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
DATE_SHAPE = r"^(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}-\d{1,2}-\d{4}|\d{8})$"
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
    if not content.strip():
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


def parse_date(text: pl.Expr, style: str) -> pl.Expr:
    """Return the date in a text: ccyy-mm-dd, d-m-yyyy or ccyymmdd; null for anything else.

    Parameters
    ----------
    text : Expr
        Text column.
    style : str
        The style, of `STYLES`, in which most dates of the file are written: tried first.
    """
    rest = [other for other in STYLES if other != style]
    parsed = pl.coalesce(text.str.to_date(each, strict=False) for each in (style, *rest))
    return pl.when(parsed.is_between(EARLIEST, LATEST)).then(parsed)


def find_style(content: bytes) -> str:
    """Return the style of the first date in a text; ccyy-mm-dd when there is none."""
    shapes = (rb"\d{4}-\d{1,2}-\d{1,2}", rb"\d{1,2}-\d{1,2}-\d{4}", rb"(?:19|20)\d{6}(?!\d)")
    places = [re.search(rb"[;|]" + shape, content[: 16 * HEAD_BYTES]) for shape in shapes]
    found = [(match.start(), style) for match, style in zip(places, STYLES, strict=True) if match]
    return min(found)[1] if found else STYLES[0]


def parse_month_of_birth(text: pl.Expr) -> pl.Expr:
    """Return the first day of the month of birth; an unknown month (00) counts as July.

    A day may be 00, or both day and month. Null for anything that is no date of birth.

    Examples
    --------
    >>> frame = pl.DataFrame({"geboren": ["2006-10-15", "0-11-2005", "20040000", "2006-13-01"]})
    >>> frame.select(parse_month_of_birth(pl.col("geboren"))).to_series().to_list()
    [datetime.date(2006, 10, 1), datetime.date(2005, 11, 1), datetime.date(2004, 7, 1), None]
    """
    dashed = text.str.contains("-", literal=True)
    first = text.str.split_exact("-", 2)
    at_start = first.struct.field("field_0").str.len_bytes() == 4
    year, month, day = (
        pl.when(dashed & at_start)
        .then(first.struct.field(f"field_{place}"))
        .when(dashed)
        .then(first.struct.field(f"field_{2 - place}"))
        .otherwise(text.str.slice(start, length))
        .cast(pl.Int32, strict=False)
        for place, (start, length) in enumerate(((0, 4), (4, 2), (6, 2)))
    )
    sound = (
        text.str.contains(DATE_SHAPE)
        & year.is_between(EARLIEST.year, LATEST.year)
        & month.is_between(0, 12)
        & day.is_between(0, 31)
    )
    return pl.when(sound).then(
        pl.date(year, pl.when(month == 0).then(MONTH_UNKNOWN).otherwise(month), 1)
    )


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
    return pl.concat_str(
        number.str.replace_all(r".", "*").str.slice(0, number.str.len_chars() - 2),
        number.str.tail(2),
    )
