"""What an import did or would do: counts, warnings and every bad row."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from service.storage.merging import MergeCount

SHOWN_PROBLEMS = 20
FORMULA = r"^[=+\-@\t]"
"""A cell that begins so would be run as a formula by a spreadsheet."""


@dataclass(frozen=True)
class ImportedFile:
    """One file of an import.

    `rows` holds per table how many good rows were read, `counts` what they did in the store (empty
    when nothing was merged), `skipped` whether the same file was imported before.
    """

    path: Path
    kind: str
    rows: Mapping[str, int]
    counts: Mapping[str, MergeCount]
    warnings: tuple[str, ...]
    skipped: bool = False


@dataclass(frozen=True)
class ImportReport:
    """One import as a whole.

    `problems` has the columns of `service.importing.parsed.PROBLEMS`; when it has rows, nothing
    was written. `dry_run` says that nothing would have been written anyhow. `warnings` are about
    no single file.
    """

    files: tuple[ImportedFile, ...]
    problems: pl.DataFrame
    dry_run: bool
    warnings: tuple[str, ...] = ()

    @property
    def succeeded(self) -> bool:
        """Whether all rows are good."""
        return not self.problems.height

    @property
    def counts(self) -> dict[str, MergeCount]:
        """New, changed and unchanged rows per table, over all files."""
        total: dict[str, MergeCount] = {}
        for file in self.files:
            for name, count in file.counts.items():
                so_far = total.get(name, MergeCount(0, 0, 0))
                total[name] = MergeCount(
                    so_far.new + count.new,
                    so_far.changed + count.changed,
                    so_far.unchanged + count.unchanged,
                )
        return total


def write_problems(report: ImportReport, path: Path) -> Path:
    """Write the bad rows as CSV that a spreadsheet opens well, and return the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    value = pl.col("waarde")
    safe = pl.when(value.str.contains(FORMULA)).then("'" + value).otherwise(value)
    report.problems.with_columns(safe.alias("waarde")).write_csv(
        path, separator=";", include_bom=True
    )
    return path


def print_report(report: ImportReport, console: Console) -> None:
    """Show an import on the terminal: counts per table, warnings, and the first bad rows."""
    for file in report.files:
        if file.skipped:
            console.print(Text(f"{file.path.name}: al ingelezen, overgeslagen."))
        for warning in file.warnings:
            console.print(Text(f"Let op, {file.path.name}: {warning}", style="yellow"))
    for warning in report.warnings:
        console.print(Text(f"Let op: {warning}", style="yellow"))
    if report.counts:
        console.print(_counts_table(report))
    if report.problems.height:
        console.print(_problems_table(report.problems))
    console.print(Text(conclusion(report), style="bold"))


def conclusion(report: ImportReport) -> str:
    """Return one Dutch sentence: what became of the import."""
    bad = report.problems.height
    if bad:
        return f"Er is niets ingelezen: {bad} {'fout' if bad == 1 else 'fouten'} gevonden."
    if report.dry_run:
        return "Dit was een proef: er is niets opgeslagen."
    changed = sum(count.new + count.changed for count in report.counts.values())
    return f"Ingelezen: {changed} rijen nieuw of gewijzigd."


def _counts_table(report: ImportReport) -> RichTable:
    table = RichTable("Tabel")
    for header in ("Nieuw", "Gewijzigd", "Gelijk"):
        table.add_column(header, justify="right")
    for name, count in report.counts.items():
        table.add_row(name, str(count.new), str(count.changed), str(count.unchanged))
    return table


def _problems_table(problems: pl.DataFrame) -> RichTable:
    more = problems.height - SHOWN_PROBLEMS
    table = RichTable(
        "Bestand",
        "Regel",
        "Kolom",
        "Waarde",
        "Wat is er mis",
        caption=f"en nog {more} fouten" if more > 0 else None,
    )
    for row in problems.head(SHOWN_PROBLEMS).rows():
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    return table
