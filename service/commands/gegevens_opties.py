"""Options of commands that learn from data or judge with it: which data, until when, the seed."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

PeildatumOption = Annotated[
    datetime | None,
    typer.Option(
        metavar="JJJJ-MM-DD",
        formats=["%Y-%m-%d"],
        help="Laatste dag waarover we iets weten; standaard de nieuwste in de gegevens.",
    ),
]
BronOption = Annotated[
    Path | None,
    typer.Option(metavar="MAP", help="Map met tabellen (Parquet of CSV), niet de opslag."),
]
SeedOption = Annotated[int, typer.Option(help="Zaad van het toeval.")]
