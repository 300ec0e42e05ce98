"""Files as systems of schools export them, each with the mapping that reads it back.

A `SchoolFile` is content, names of columns and a notation; `write` makes the CSV or Excel file of
it, `mapping_entry` the ``[[tabel]]`` of `service.importing.mapping` that leads back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
import xlsxwriter

DATE_FORMATS = {"dd-mm-jjjj": "%d-%m-%Y", "jjjj-mm-dd": "%Y-%m-%d"}
ISO_WEEK = "%G-W%V"
EXCEL = ".xlsx"
Words = Mapping[str, Mapping[str, str]]
"""Per column: canonical value -> word in the file."""


@dataclass(frozen=True)
class Style:
    """How a system writes text: separator, encoding, numbers, days, lists, yes and no."""

    separator: str = ";"
    encoding: str = "utf-8"
    decimal_comma: bool = False
    date: str = "dd-mm-jjjj"
    iso_week: bool = False
    list_mark: str = "|"
    yes_no: tuple[str, str] = ("ja", "nee")


@dataclass(frozen=True)
class Part:
    """What one table takes from a sheet: column of the content -> canonical column."""

    table: str
    columns: Mapping[str, str]
    constants: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """Rows of one kind; `headers` names the columns in the file, in order.

    `words` translates values. A column of `content` that no part takes is one of those columns
    that a system exports and nobody asked for.
    """

    content: pl.DataFrame
    headers: Mapping[str, str]
    parts: Sequence[Part]
    words: Words = field(default_factory=dict)
    name: str = ""


@dataclass(frozen=True)
class SchoolFile:
    """One file: a CSV has one sheet, an Excel file one or more with a name."""

    name: str
    sheets: Sequence[Sheet]
    style: Style = field(default_factory=Style)

    @property
    def is_excel(self) -> bool:
        """Whether the name says that it is an Excel file."""
        return self.name.endswith(EXCEL)


def write(file: SchoolFile, folder: Path) -> Path:
    """Write a file into a folder and return its path."""
    path = folder / file.name
    if file.is_excel:
        _write_excel(path, file)
    else:
        _write_csv(path, file)
    return path


def _write_csv(path: Path, file: SchoolFile) -> None:
    style, sheet = file.style, file.sheets[0]
    text = _as_text(sheet, style).write_csv(separator=style.separator, line_terminator="\r\n")
    encoding = "cp1252" if style.encoding == "windows-1252" else style.encoding
    path.write_bytes(text.encode(encoding))


def _write_excel(path: Path, file: SchoolFile) -> None:
    options = {"constant_memory": False, "default_date_format": "dd-mm-yyyy"}
    with xlsxwriter.Workbook(path, options) as book:
        for sheet in file.sheets:
            rows = book.add_worksheet(sheet.name)
            for place, series in enumerate(_as_cells(sheet, file.style).iter_columns()):
                rows.write_string(0, place, series.name)
                rows.write_column(1, place, series.to_list())


def _named(sheet: Sheet) -> pl.DataFrame:
    """Translate values and give the columns their names in the file."""
    translated = sheet.content.with_columns(
        pl.col(name).replace(dict(words)) for name, words in sheet.words.items()
    )
    return translated.select(pl.col(name).alias(header) for name, header in sheet.headers.items())


def _as_cells(sheet: Sheet, style: Style) -> pl.DataFrame:
    """Return what Excel holds as such: numbers and days stay, lists and yes/no become text."""
    frame = _named(sheet)
    return frame.with_columns(
        _text(name, dtype, style, weeks=False)
        for name, dtype in frame.schema.items()
        if isinstance(dtype, pl.List | pl.Boolean)
    )


def _as_text(sheet: Sheet, style: Style) -> pl.DataFrame:
    frame = _named(sheet)
    week = sheet.headers.get("week")
    return frame.select(
        _text(name, dtype, style, weeks=style.iso_week and name == week)
        for name, dtype in frame.schema.items()
    )


def _text(name: str, dtype: pl.DataType, style: Style, *, weeks: bool) -> pl.Expr:
    value = pl.col(name)
    if isinstance(dtype, pl.Date):
        return value.dt.strftime(ISO_WEEK if weeks else DATE_FORMATS[style.date])
    if isinstance(dtype, pl.List):
        return value.list.join(style.list_mark)
    if isinstance(dtype, pl.Boolean):
        yes, no = style.yes_no
        return pl.when(value).then(pl.lit(yes)).when(~value).then(pl.lit(no)).alias(name)
    text = value.cast(pl.String)
    if isinstance(dtype, pl.Float64) and style.decimal_comma:
        return text.str.replace(".", ",", literal=True)
    return text


def mapping_entry(file: SchoolFile) -> str:
    """Return the ``[[tabel]]`` entries that read a file back, as TOML."""
    return "\n".join(_entry(file, sheet, part) for sheet in file.sheets for part in sheet.parts)


def _entry(file: SchoolFile, sheet: Sheet, part: Part) -> str:
    style = file.style
    lines = ["[[tabel]]", f"naam = {_quote(part.table)}", f"bestand = {_quote(file.name)}"]
    if file.is_excel:
        lines.append(f"blad = {_quote(sheet.name)}")
    else:
        lines.append(f"scheidingsteken = {_quote(style.separator)}")
        lines.append(f"codering = {_quote(style.encoding)}")
        lines.append(f"decimale_komma = {str(style.decimal_comma).lower()}")
        lines.append(f"datum = {_quote(style.date)}")
    lines += [f"lijstteken = {_quote(style.list_mark)}", "", "[tabel.kolommen]"]
    lines += [
        f"{_quote(sheet.headers[name])} = {_quote(target)}" for name, target in part.columns.items()
    ]
    for name, words in sheet.words.items():
        if name in part.columns:
            lines += ["", f"[tabel.waarden.{part.columns[name]}]"]
            lines += [f"{_quote(word)} = {_quote(value)}" for value, word in words.items()]
    if part.constants:
        lines += ["", "[tabel.vast]"]
        lines += [f"{name} = {_quote(value)}" for name, value in part.constants.items()]
    return "\n".join(lines) + "\n"


def _quote(text: str) -> str:
    r"""Return a TOML basic string.

    Examples
    --------
    >>> print(_quote('a "b"'), _quote(chr(9)))
    "a \"b\"" "\t"
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
    return f'"{escaped}"'
