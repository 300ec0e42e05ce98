"""The command `vangnet train`: models from everything that is stored."""

from pathlib import Path
from typing import Annotated

import typer

DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data", metavar="MAP", help="Map met alle gegevens en instellingen van deze regio."
    ),
]


NEXT = (
    "De nieuwe versies wachten. Een andere analist keurt ze goed op de pagina Modellen, of met: "
    "vangnet promote MODEL VERSIE --door NAAM"
)
NOBODY = (
    "Deze versies zijn om naar te kijken: zonder --door NAAM weet niemand wie trainde, en kan "
    "niemand ze in gebruik nemen."
)


def train(
    context: typer.Context,
    *,
    seed: Annotated[int, typer.Option(help="Zaad van het toeval.")] = 1,
    trials: Annotated[
        int, typer.Option("--trials", min=0, help="Instellingen van de bomen om te proberen.")
    ] = 0,
    door: Annotated[
        str,
        typer.Option(
            "--door",
            metavar="NAAM",
            help="Account van de analist die traint; een ander keurt goed.",
        ),
    ] = "",
    data: DataOption = None,
) -> None:
    """Train de modellen voor uitvalrisico en plaatsing op alles wat is ingelezen."""
    from models.study import Search
    from models.training import THOROUGH
    from service.audit.command import traced
    from service.settings import open_settings
    from service.terminal import step_list
    from service.trainen import train_models

    settings = open_settings(data or context.obj)
    with traced(settings, "train"), step_list() as say:
        for line in train_models(
            settings,
            seed=seed,
            say=say,
            evaluation=THOROUGH,
            search=Search(trials),
            door=door,
        ):
            typer.echo(line)
    typer.echo(NEXT if door else NOBODY)
