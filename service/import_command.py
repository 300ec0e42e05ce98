"""The command `vangnet import`: read files with a bar, and tell what came of it."""

from collections.abc import Sequence
from pathlib import Path

import typer
from rich.console import Console

from service.importing.report import print_report
from service.importing.templates import write_templates
from service.jobs import import_into_store, problems_file
from service.settings import Settings
from service.terminal import progress_bar


def run_sjabloon(folder: Path) -> None:
    """Write empty forms into a folder and name them."""
    for path in write_templates(folder):
        typer.echo(path)


def run_import(
    settings: Settings,
    paths: Sequence[Path],
    *,
    mapping: Path | None,
    dry_run: bool,
    allow_masked: bool,
) -> bool:
    """Import files, or only show what would change; returns whether all rows were good.

    Parameters and errors as `service.jobs.import_into_store`.
    """
    with progress_bar() as advance:
        report = import_into_store(
            settings,
            paths,
            mapping=mapping,
            dry_run=dry_run,
            allow_masked=allow_masked,
            progress=advance,
        )
    print_report(report, Console(highlight=False))
    if report.problems.height:
        typer.echo(f"Alle foute regels staan in {problems_file(settings)}.")
    return not report.problems.height
