"""A CSV or Excel file as text cells, each row with the line that an editor or Excel shows.

What makes a file unreadable as a whole is a `FileError`; a row with too few or too many
fields is a bad row. CSV goes through polars; only a file whose count of separators does not add
up, or that polars refuses, is read again row by row to find out which line is at fault.
"""

import csv
import io
import itertools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import polars as pl

from service.errors import FileError
from service.importing.duo_bestand import GZIP
from service.importing.parsed import LINE, PROBLEMS, no_problems
from service.importing.rawexcel import OLE_MAGIC, ZIP_MAGIC, read_excel
from service.importing.rawtable import RawTable, name_columns

SEPARATORS = (";", "\t", ",", "|")
SEPARATOR_NAMES = {";": "puntkomma (;)", ",": "komma (,)", "\t": "tab", "|": "streepje (|)"}
EXCEL_SUFFIXES = frozenset({".xlsx", ".xlsm"})
TEXT_SUFFIXES = frozenset({".csv", ".tsv", ".txt"})
SAMPLE = 1 << 16
"""Bytes at the begin of a file that hold its header."""
MOJIBAKE = (b"\xc3\x83\xc2", b"\xc3\xa2\xe2\x82\xac")
"""UTF-8 bytes of text such as "Ã©" and "â€": UTF-8 that was once read as Windows-1252."""


def read_raw(
    path: Path,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    separator: str | None = None,
    is_number: Callable[[str], bool] = lambda header: False,
) -> list[RawTable]:
    """Read a CSV file, or the sheets of an Excel file, as text.

    Parameters
    ----------
    path : Path
        The file.
    sheet : str, optional
        Name of the only sheet wanted; all sheets when absent.
    encoding : str, optional
        ``utf-8``, ``utf-8-sig`` or ``windows-1252``. When absent UTF-8 is tried first, and
        Windows-1252 after it, which is then said in a warning.
    separator : str, optional
        Separator of a CSV file; the likeliest one of the first line when absent.
    is_number : callable
        Whether the column under a header is to hold numbers with a point. When all cells of all
        those columns do, they are Float64 in the result, which is quicker; else they are text.

    Raises
    ------
    FileError
        The file is empty, of another kind, in another encoding, or has another separator.
    """
    if path.suffix.lower() in EXCEL_SUFFIXES:
        return read_excel(path, sheet)
    return [_read_csv(path, encoding, separator, is_number)]


def _read_csv(
    path: Path,
    encoding: str | None,
    separator: str | None,
    is_number: Callable[[str], bool],
) -> RawTable:
    data = path.read_bytes()
    _check_kind(path, data)
    data, warnings = _decode(path, data, encoding)
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    blank = 0
    if data.startswith((b"\r", b"\n")):
        filled = data.lstrip(b"\r\n")
        blank = data.count(b"\n", 0, len(data) - len(filled))
        data = filled
    first = data[:SAMPLE].decode("utf-8", "ignore")
    chosen = separator or likely_separator(first.split("\n", 1)[0])
    reader = csv.reader(io.StringIO(first), delimiter=chosen)
    headers = next(reader, [])
    _check_separator(path, headers, chosen)
    numbers = [str(at) for at, header in enumerate(headers) if is_number(header)]
    frame, problems = _read_body(path, data, chosen, len(headers), reader.line_num, numbers)
    frame = frame.with_columns(pl.col(LINE) + blank)
    problems = problems.with_columns(pl.col("regel") + blank)
    return name_columns(headers, frame, problems, warnings)


def _check_kind(path: Path, data: bytes) -> None:
    if not data[:SAMPLE].strip() and not data.strip():
        raise FileError(str(path), "Het bestand is leeg.")
    if data.startswith((ZIP_MAGIC, OLE_MAGIC)):
        raise FileError(
            str(path),
            f"Dit is een Excel-bestand, al eindigt de naam op {path.suffix or 'niets'}. "
            "Geef het een naam die op .xlsx eindigt, of sla het op als CSV.",
        )
    if data.startswith(GZIP):
        raise FileError(
            str(path),
            "Dit bestand is ingepakt (gzip), en het is beschadigd of geen bestand van DUO. "
            "Pak het uit en geef het uitgepakte bestand.",
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data:
        raise FileError(
            str(path),
            "Dit bestand is geen CSV in UTF-8 of Windows-1252. Sla het op als “CSV UTF-8”.",
        )


def _decode(path: Path, data: bytes, encoding: str | None) -> tuple[bytes, tuple[str, ...]]:
    """Return the file as UTF-8 without byte order mark, and warnings on what looks odd."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    if data.isascii():
        return data, ()
    warnings: list[str] = []
    guess = encoding is None and not _is_utf8(data)
    if guess:
        warnings.append("Het bestand is gelezen als Windows-1252, want het is geen UTF-8.")
    data = _to_utf8(path, data, "windows-1252" if guess else encoding or "utf-8")
    if any(mark in data for mark in MOJIBAKE):
        warnings.append(
            "In het bestand staan tekens zoals “Ã©”. Waarschijnlijk klopt de codering niet; "
            "kijk de namen na."
        )
    return data, tuple(warnings)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _to_utf8(path: Path, data: bytes, encoding: str) -> bytes:
    try:
        text = data.decode(encoding.removesuffix("-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        other = "windows-1252" if encoding.startswith("utf-8") else "utf-8"
        raise FileError(
            str(path),
            f"Regel {line} heeft een teken dat in {encoding} niet bestaat. Waarschijnlijk is de "
            f"codering {other}: zet dat in de mapping, of sla het bestand op als “CSV UTF-8”.",
        ) from error
    return text.encode()


def likely_separator(line: str) -> str:
    r"""Return the separator that occurs most in a header line.

    Examples
    --------
    >>> likely_separator("bsn;week;lesuren, klokuren")
    ';'
    """
    return max(SEPARATORS, key=line.count)


def _check_separator(path: Path, headers: Sequence[str], chosen: str) -> None:
    if len(headers) > 1:
        return
    likely = likely_separator(headers[0])
    if likely != chosen and likely in headers[0]:
        raise FileError(
            str(path),
            f"Het bestand heeft maar één kolom met {SEPARATOR_NAMES.get(chosen, chosen)} als "
            f"scheidingsteken. Waarschijnlijk is het scheidingsteken {SEPARATOR_NAMES[likely]}.",
        )


def _read_body(
    path: Path,
    data: bytes,
    separator: str,
    width: int,
    header_lines: int,
    numbers: Sequence[str],
) -> tuple[pl.DataFrame, pl.DataFrame]:
    quoted = b'"' in data
    text = dict.fromkeys(map(str, range(width)), pl.String())
    typed = text | dict.fromkeys(numbers, pl.Float64())
    try:
        frame = _parse(data, separator, header_lines, text if quoted else typed)
    except pl.exceptions.PolarsError:  # a cell that is no number, fields that do not fit, a quote
        try:
            frame = _parse(data, separator, header_lines, text)
        except pl.exceptions.PolarsError:
            return _read_slowly(path, data, separator, width, header_lines)
    breaks = _count(frame, "\n") if quoted else 0
    if breaks or _has_short_rows(frame, data, separator, header_lines, quoted=quoted):
        return _read_slowly(path, data, separator, width, header_lines)
    frame = _empty_to_null(frame) if quoted else frame
    return frame.with_row_index(LINE, offset=header_lines + 1), no_problems()


def _empty_to_null(frame: pl.DataFrame) -> pl.DataFrame:
    """Make a quoted empty text as empty as an empty cell."""
    text = pl.col(pl.String)
    return frame.with_columns(pl.when(text != "").then(text))


def _parse(
    data: bytes, separator: str, header_lines: int, schema: Mapping[str, pl.DataType]
) -> pl.DataFrame:
    return pl.read_csv(
        data,
        has_header=False,
        skip_lines=header_lines,
        separator=separator,
        schema=schema,
        raise_if_empty=False,
    )


def _has_short_rows(
    frame: pl.DataFrame, data: bytes, separator: str, header_lines: int, *, quoted: bool
) -> bool:
    """Whether a row had too few fields; polars fills up such a row with empty cells at its end."""
    if not frame[:, -1].null_count():
        return False
    header = b"".join(itertools.islice(io.BytesIO(data), header_lines))
    mark = separator.encode()
    inside = _count(frame, separator) if quoted else 0
    return data.count(mark) - header.count(mark) != inside + (frame.width - 1) * frame.height


def _count(frame: pl.DataFrame, text: str) -> int:
    counts = frame.select(pl.all().str.count_matches(text, literal=True).sum())
    return sum(count or 0 for count in counts.row(0))


def _read_slowly(
    path: Path, data: bytes, separator: str, width: int, header_lines: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read row by row: lines that do not have as many fields as the header are bad rows."""
    reader = csv.reader(
        io.TextIOWrapper(io.BytesIO(data), "utf-8", newline=""), delimiter=separator
    )
    rows: list[list[str]] = []
    lines: list[int] = []
    ragged: list[tuple[int, int]] = []
    line = 1
    try:
        for row in reader:
            if line > header_lines and any(cell.strip() for cell in row):
                if len(row) == width:
                    rows.append(row)
                    lines.append(line)
                else:
                    ragged.append((line, len(row)))
            line = reader.line_num + 1
    except csv.Error as error:
        raise _unclosed(path, line) from error
    if data.count(b'"') % 2:
        raise _unclosed(path, max([0, *lines[-1:], *(at for at, _ in ragged[-1:])]))
    frame = pl.DataFrame(
        rows, schema=dict.fromkeys(map(str, range(width)), pl.String()), orient="row"
    ).with_columns(pl.Series(LINE, lines, pl.UInt32))
    frame = _empty_to_null(frame)
    return frame, _ragged_problems(path, ragged, width)


def _unclosed(path: Path, line: int) -> FileError:
    return FileError(
        str(path),
        f'Bij regel {line} begint een aanhalingsteken (") dat niet wordt gesloten. '
        "Misschien is het bestand afgekapt.",
    )


def _ragged_problems(path: Path, ragged: list[tuple[int, int]], width: int) -> pl.DataFrame:
    return pl.DataFrame(
        [
            (
                path.name,
                line,
                None,
                None,
                f"Deze regel heeft {count} velden en de kopregel {width}. "
                "Misschien is het bestand afgekapt, of staat er een scheidingsteken in een tekst.",
            )
            for line, count in ragged
        ],
        schema=PROBLEMS,
        orient="row",
    )
