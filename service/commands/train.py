"""The command `vangnet train`: models from everything that is stored."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from service.commands.gegevens_opties import BronOption, PeildatumOption, SeedOption

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


class Model(StrEnum):
    """What can be trained."""

    UITVALRISICO = "uitvalrisico"
    PLAATSING = "plaatsing"
    WERKPROCES = "werkproces"


def train(
    context: typer.Context,
    modellen: Annotated[
        list[Model] | None,
        typer.Argument(metavar="MODEL...", help="Welke modellen; standaard alle drie."),
    ] = None,
    *,
    peildatum: PeildatumOption = None,
    bron: BronOption = None,
    trials: Annotated[
        int,
        typer.Option("--trials", metavar="N", min=0, help="Zo veel instellingen proberen."),
    ] = 0,
    minuten: Annotated[
        float, typer.Option(metavar="M", min=0, help="Zo lang instellingen proberen, per model.")
    ] = 0,
    studie: Annotated[
        str,
        typer.Option(
            metavar="NAAM",
            help="Naam van het zoeken; wie dezelfde naam noemt, zoekt samen of gaat verder.",
        ),
    ] = "",
    zoek: Annotated[
        bool, typer.Option("--alleen-zoeken", help="Help zoeken, en maak zelf geen model.")
    ] = False,
    distributed: Annotated[
        bool,
        typer.Option("--distributed", help="Verdeel het werk over de machines van Dask."),
    ] = False,
    seed: SeedOption = 1,
    door: Annotated[
        str,
        typer.Option(
            metavar="NAAM", help="Account van de analist die traint; een ander keurt goed."
        ),
    ] = "",
    data: DataOption = None,
) -> None:
    """Train modellen op alles wat is ingelezen, en toets ze op een latere periode."""
    from models.study import Search
    from models.training import THOROUGH
    from service.audit.command import traced
    from service.settings import open_settings
    from service.terminal import step_bars
    from service.trainen import ALLE, Opdracht, search_settings, train_models

    _check(trials, minuten, zoek=zoek)
    settings = open_settings(data or context.obj)
    with traced(settings, "train"), step_bars() as (say, advance):
        opdracht = Opdracht(
            modellen=tuple(one.value for one in modellen or ()) or ALLE,
            seed=seed,
            door=door,
            peildatum=None if peildatum is None else peildatum.date(),
            bron=bron,
            search=Search(trials, minuten, name=studie, advance=advance),
            evaluation=THOROUGH,
            distributed=distributed,
        )
        for line in (search_settings if zoek else train_models)(settings, opdracht, say=say):
            typer.echo(line)
    if not zoek:
        typer.echo(NEXT if door else NOBODY)


def _check(trials: int, minuten: float, *, zoek: bool) -> None:
    """Refuse a search that never ends or never begins."""
    if zoek and not (trials or minuten):
        raise typer.BadParameter("noem ook --trials of --minuten", param_hint="--alleen-zoeken")
