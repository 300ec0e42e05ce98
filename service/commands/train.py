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


def train(
    context: typer.Context,
    *,
    seed: Annotated[int, typer.Option(help="Zaad van het toeval.")] = 1,
    trials: Annotated[
        int, typer.Option("--trials", min=0, help="Instellingen van de bomen om te proberen.")
    ] = 0,
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
            settings, seed=seed, say=say, evaluation=THOROUGH, search=Search(trials)
        ):
            typer.echo(line)
