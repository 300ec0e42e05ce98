"""The command `vangnet koppelingen`: show the mapping list, and take what a person decides."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from service.dutch import count, percent
from service.jobs import LOCAL_ACTOR, store
from service.koppelingen import Keuze, decide, open_list
from service.koppelingen_csv import read_list, write_list
from service.settings import Settings
from service.storage.engine import unit_of_work
from service.storage.koppeling import Besluit

SHOWN = 40
"""Own words that the screen shows; the file holds all."""


def parse_choices(bevestig: Sequence[str], wijs_af: Sequence[str]) -> list[Keuze]:
    """Return what was said on the command line, as ``TEKST`` or ``TEKST=CODE``."""
    said = [(text, Besluit.BEVESTIGD) for text in bevestig]
    said += [(text, Besluit.AFGEWEZEN) for text in wijs_af]
    return [
        Keuze(text.strip(), besluit, code.strip() or None)
        for whole, besluit in said
        for text, _, code in [whole.partition("=")]
    ]


def run_koppelingen(
    settings: Settings,
    *,
    bevestig: Sequence[str] = (),
    wijs_af: Sequence[str] = (),
    van: Path | None = None,
    naar: Path | None = None,
) -> bool:
    """Take decisions, then show or write the list; returns whether all decisions were good.

    Raises
    ------
    FileError
        The file with decisions cannot be read.
    """
    keuzes = parse_choices(bevestig, wijs_af)
    problems: list[str] = []
    if van is not None:
        told, problems = read_list(van)
        keuzes += told
    with store(settings) as engine:
        if keuzes and not problems:
            with unit_of_work(engine) as session:
                problems = decide(session, keuzes, actor=LOCAL_ACTOR, moment=datetime.now(tz=UTC))
        with unit_of_work(engine, read_only=True) as session:
            listed = open_list(session)
    if problems:
        for problem in problems:
            typer.echo(problem)
        typer.echo("Er is niets vastgelegd.")
        return False
    if keuzes:
        typer.echo(f"Vastgelegd: {count(len(keuzes), 'besluit', 'besluiten')}.")
    if naar is not None:
        write_list(listed, naar)
        typer.echo(
            f"De lijst staat in {naar}. Schrijf ja of nee bij “besluit” en lees hem in met --van."
        )
    elif not keuzes:
        print_list(listed, Console(highlight=False))
    return True


def print_list(listed: pl.DataFrame, console: Console) -> None:
    """Show the own words that wait, each with its nearest meanings."""
    waiting = listed.filter(pl.col("besluit").is_null())
    words = waiting["eigen_id"].n_unique()
    done = listed["eigen_id"].n_unique() - words
    if not words:
        console.print(f"Er wachten geen eigen woorden. Gekoppeld: {done}.")
        return
    table = Table("Eigen woorden", "Regels", "Betekent waarschijnlijk", "Code", "Zekerheid")
    for group in waiting.partition_by("eigen_id", maintain_order=True)[:SHOWN]:
        _add_rows(table, group)
    console.print(table)
    console.print(
        f"{count(words, 'tekst wacht', 'teksten wachten')} op een besluit, {done} gekoppeld. "
        "Bevestig met --bevestig TEKST of --bevestig TEKST=CODE, of schrijf de hele lijst "
        "naar een bestand met --naar lijst.csv."
    )


def _add_rows(table: Table, group: pl.DataFrame) -> None:
    """Add own words: the nearest meaning beside them, the others below."""
    for at, row in enumerate(group.iter_rows(named=True)):
        sure = row["zekerheid"]
        table.add_row(
            Text(row["tekst"] if at == 0 else ""),
            str(row["regels"]) if at == 0 else "",
            Text(row["titel"] or "niets dat erop lijkt"),
            Text(row["competentie_id"] or ""),
            "" if sure is None else percent(sure),
        )
