"""The command `vangnet stop`: stop a model, or use it again."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from service.settings import open_settings


def stop(
    context: typer.Context,
    model: Annotated[str, typer.Argument(help="uitvalrisico, plaatsing of werkproces.")] = "",
    *,
    reden: Annotated[str, typer.Option(help="Waarom; minstens 10 tekens.")] = "",
    regio: Annotated[str, typer.Option(help="Alleen in deze regio; standaard overal.")] = "",
    hervat: Annotated[bool, typer.Option("--hervat", help="Gebruik het model weer.")] = False,
    data: Annotated[Path | None, typer.Option("--data", metavar="MAP")] = None,
) -> None:
    """Zet een model stil, of gebruik het weer; zonder MODEL toont dit wat er stilstaat."""
    from service.audit.spoor import current_spoor
    from service.jobs import store
    from service.storage.engine import unit_of_work
    from service.storage.modelstop import ModelstopRepository
    from service.suggestielog.stop import LOOK_SECONDS, stop_model, use_again

    settings = open_settings(data or context.obj)
    turn = use_again if hervat else stop_model
    with store(settings) as engine:
        if model:
            door, now = current_spoor().actor or "opdrachtregel", datetime.now(UTC)
            with unit_of_work(engine) as session:
                turn(session, model, regio, reden=reden, door=door, op=now)
            typer.echo(f"Elke werkende server merkt dit binnen {LOOK_SECONDS:.0f} seconden.")
        with unit_of_work(engine, read_only=True) as session:
            standing = ModelstopRepository(session).standing()
    for one in standing:
        typer.echo(f"{one.model} staat stil, {one.regio or 'overal'}: {one.reden}")
    if not standing:
        typer.echo("Geen enkel model staat stil.")
