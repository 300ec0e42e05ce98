"""The commands `vangnet promote` and `vangnet rollback`: which version of a model scores."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from service.commands.openen import DataOption, opened

ModelArgument = Annotated[str, typer.Argument(help="uitvalrisico, plaatsing of werkproces.")]
DoorOption = Annotated[
    str, typer.Option("--door", metavar="NAAM", help="Uw account, met de rol analist.")
]
SEEN = "Elke werkende server gebruikt deze versie binnen een minuut."


def promote(
    context: typer.Context,
    model: ModelArgument,
    versie: Annotated[str, typer.Argument(help="Versie die in gebruik gaat.")],
    *,
    door: DoorOption,
    reden: Annotated[
        str, typer.Option(help="Waarom; minstens 10 tekens als het oordeel niet groen is.")
    ] = "",
    data: DataOption = None,
) -> None:
    """Neem een versie van een model in gebruik; wie haar trainde, mag dat niet."""
    from service.jobs import model_store
    from service.modelbeheer.besluiten import Handtekening, goedkeuren

    with opened(context, data, "promote") as (settings, engine):
        wie = Handtekening(door, reden, datetime.now(UTC))
        kleur = goedkeuren(engine, model_store(settings), model, versie, wie)
    typer.echo(f"{model} versie {versie} is in gebruik, oordeel {kleur.value}. {SEEN}")


def rollback(
    context: typer.Context,
    model: ModelArgument,
    *,
    door: DoorOption,
    reden: Annotated[str, typer.Option(help="Waarom.")] = "",
    data: DataOption = None,
) -> None:
    """Ga terug naar de versie die hiervoor in gebruik was."""
    from service.jobs import model_store
    from service.modelbeheer.besluiten import Handtekening, terugzetten

    with opened(context, data, "rollback") as (settings, engine):
        wie = Handtekening(door, reden, datetime.now(UTC))
        versie = terugzetten(engine, model_store(settings), model, wie)
    typer.echo(f"{model} versie {versie} is weer in gebruik. {SEEN}")
