"""The command `vangnet sleutels`: which key is in force, and another one."""

from typing import Annotated

import typer

from service.commands.privacy_opties import DataOption, counter

STOP = "Stop eerst de pagina's: wie open staat, ziet anders nummers die er niet meer zijn."


def sleutels(
    context: typer.Context,
    *,
    vernieuw: Annotated[
        bool, typer.Option("--vernieuw", help="Geef iedereen een nummer onder een nieuwe sleutel.")
    ] = False,
    data: DataOption = None,
) -> None:
    """Zeg welke sleutel nu geldt, of maak een nieuwe en zet alles daarop over."""
    from datetime import UTC, datetime

    from service.audit.spoor import current_spoor
    from service.privacy.rotatie import layer_of, rotate
    from service.privacy.sleutels import Sleutels

    with counter(context, data, "sleutels") as (settings, engine, _):
        if vernieuw:
            typer.echo(STOP)
            current_spoor().about_everybody()
            count = rotate(engine, settings, op=datetime.now(UTC))
            typer.echo(f"{count} jongeren hebben een nieuw nummer. Maak nu een reservekopie.")
            return
        keys = Sleutels.of(settings)
        typer.echo(f"Nu geldt: {layer_of(engine, keys)}. Bekend: {len(keys.lagen)} sleutels.")
