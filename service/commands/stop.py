"""The command `vangnet stop`: stop a model, or use it again."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from service.commands.openen import DataOption, opened


def stop(
    context: typer.Context,
    model: Annotated[str, typer.Argument(help="uitvalrisico, plaatsing of werkproces.")] = "",
    *,
    reden: Annotated[str, typer.Option(help="Waarom; minstens 10 tekens.")] = "",
    regio: Annotated[str, typer.Option(help="Alleen in deze regio; standaard overal.")] = "",
    hervat: Annotated[bool, typer.Option("--hervat", help="Gebruik het model weer.")] = False,
    data: DataOption = None,
) -> None:
    """Zet een model stil, of gebruik het weer; zonder MODEL toont dit wat er stilstaat."""
    from service.audit.spoor import current_spoor
    from service.storage.engine import unit_of_work
    from service.storage.modelstop import ModelstopRepository
    from service.suggestielog.stop import LOOK_SECONDS, stop_model, use_again

    turn = use_again if hervat else stop_model
    with opened(context, data, "stop") as (_, engine):
        if model:
            door, now = current_spoor().actor, datetime.now(UTC)
            with unit_of_work(engine) as session:
                turn(session, model, regio, reden=reden, door=door, op=now)
            typer.echo(f"Elke werkende server merkt dit binnen {LOOK_SECONDS:.0f} seconden.")
        with unit_of_work(engine, read_only=True) as session:
            standing = ModelstopRepository(session).standing()
    for one in standing:
        typer.echo(f"{one.model} staat stil, {one.regio or 'overal'}: {one.reden}")
    if not standing:
        typer.echo("Geen enkel model staat stil.")
