"""Notations of the systems in a made-up region, and the columns that their exports share."""

import polars as pl

from features.synthetic import Region
from service.schoolfiles_export import Part, Style

NUMBER = "onderwijsnummer"
STYLES = (
    Style(";", "windows-1252", decimal_comma=True, date="dd-mm-jjjj", list_mark=", "),
    Style(",", "utf-8", decimal_comma=False, date="jjjj-mm-dd", yes_no=("1", "0")),
    Style("\t", "utf-8-sig", decimal_comma=True, iso_week=True, yes_no=("J", "N")),
)
"""Notations of the systems in the region; a school has the one of its place in the list."""
REGIO = Style(";", "utf-8", decimal_comma=True, list_mark="|")


def with_number(rows: pl.DataFrame, region: Region) -> pl.DataFrame:
    """Put the number of each jongere beside its rows, in the order of the numbers."""
    numbers = region.numbers.rename({"nummer": NUMBER})
    return rows.join(numbers, on="jongere_id", maintain_order="left").sort(
        NUMBER, maintain_order=True
    )


def plain_headers(columns: tuple[str, ...], **renamed: str) -> dict[str, str]:
    """Name columns as a tidy export does: capital, spaces."""
    named = {name: name.replace("_", " ").capitalize() for name in columns}
    return {NUMBER: "Onderwijsnummer", **named, **renamed}


def whole_part(table: str, headers: dict[str, str], **constants: str) -> Part:
    """Let a table take every column that its contract knows."""
    return Part(table, {name: name for name in headers if name != "coordinator"}, constants)
