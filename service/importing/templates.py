"""Empty Excel files that a school fills in, one per table, and the mapping that reads them.

A filled template is read without the mapping too; the mapping shows how to write one for an
export of another system.
"""

from collections.abc import Mapping
from pathlib import Path

import polars as pl
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from features.contract import Column, Table
from service.importing.canonical import EXPLANATION_SHEET
from service.importing.explanations import TABLES_EXPLAINED, explain
from service.importing.mapping import CONTRACTS, MAPPING_NAME
from service.importing.persons import BSN

ROWS_VALIDATED = 10_000
WIDTHS = {"min": 12, "explanation": 60, "values": 60}
DATE_FORMAT = "dd-mm-yyyy"
TEMPLATES: Mapping[str, Table] = {name: CONTRACTS[name] for name in TABLES_EXPLAINED}
"""The tables for which there is a template."""


def header_of(column: Column) -> str:
    """Return how a template calls a column.

    Examples
    --------
    >>> header_of(CONTRACTS["verzuim"].column("uren_geoorloofd"))
    'uren geoorloofd'
    """
    return BSN if column.name == "jongere_id" else column.name.replace("_", " ")


def write_templates(folder: Path) -> list[Path]:
    """Write a template for every table and one mapping for all.

    Parameters
    ----------
    folder : Path
        Is made when it is not there. Files with these names are replaced.

    Returns
    -------
    list of Path
        The files written, the mapping last.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = [_write_template(folder, table) for table in TEMPLATES.values()]
    mapping = folder / MAPPING_NAME
    mapping.write_text("\n".join(map(_mapping_entry, TEMPLATES.values())), encoding="utf-8")
    return [*paths, mapping]


def _write_template(folder: Path, table: Table) -> Path:
    path = folder / f"{table.name}.xlsx"
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        _write_rows(book, book.add_worksheet(table.name), table, bold)
        _write_explanation(book, book.add_worksheet(EXPLANATION_SHEET), table, bold)
    return path


def _write_rows(book: Workbook, sheet: Worksheet, table: Table, bold: Format) -> None:
    formats = {
        pl.Date: book.add_format({"num_format": DATE_FORMAT}),
        pl.String: book.add_format({"num_format": "@"}),
    }
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(table.columns):
        header = header_of(column)
        sheet.write_string(0, place, header, bold)
        width = max(WIDTHS["min"], len(header) + 2)
        sheet.set_column(place, place, width, formats.get(type(column.dtype)))
        choices = _choices(column)
        if choices and not column.is_list:
            sheet.data_validation(
                1, place, ROWS_VALIDATED, place, {"validate": "list", "source": list(choices)}
            )


def _choices(column: Column) -> tuple[str, ...]:
    return ("ja", "nee") if isinstance(column.dtype, pl.Boolean) else column.values


def _write_explanation(book: Workbook, sheet: Worksheet, table: Table, bold: Format) -> None:
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 1, 20)
    sheet.set_column(2, 2, WIDTHS["explanation"])
    sheet.set_column(3, 3, WIDTHS["values"])
    sheet.set_column(4, 4, 24)
    sheet.write_string(0, 0, TABLES_EXPLAINED[table.name], bold)
    sheet.write_row(2, 0, ["Kolom", "Verplicht", "Uitleg", "Toegestaan", "Voorbeeld"], bold)
    for row, column in enumerate(table.columns, start=3):
        meaning, example = explain(table.name, column.name)
        sheet.write_row(
            row,
            0,
            [
                header_of(column),
                "ja" if column.required else "nee",
                meaning,
                _allowed(column),
                example or (column.values[0] if column.values else ""),
            ],
            wrapped,
        )


def _allowed(column: Column) -> str:
    """Return in Dutch what a cell may hold."""
    listed = ", ".join(_choices(column))
    if column.is_list:
        return f"Eén of meer, met | ertussen: {listed}" if listed else "Eén of meer, met | ertussen"
    if listed:
        return listed
    if isinstance(column.dtype, pl.Date):
        return "datum, zoals 31-12-2026"
    if column.minimum is not None and column.maximum is not None:
        return f"getal van {column.minimum:g} tot en met {column.maximum:g}"
    return "tekst"


def _mapping_entry(table: Table) -> str:
    lines = [
        "[[tabel]]",
        f'naam = "{table.name}"',
        f'bestand = "{table.name}.xlsx"',
        f'blad = "{table.name}"',
        "[tabel.kolommen]",
    ]
    for column in table.columns:
        target = BSN if column.name == "jongere_id" else column.name
        lines.append(f'"{header_of(column)}" = "{target}"')
    return "\n".join(lines) + "\n"
