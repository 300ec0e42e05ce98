"""The command `vangnet verwijder`: forget one person."""

from typing import Annotated

import typer

from service.commands.privacy_opties import DataOption, WieArgument, counter, find
from service.privacy.verwijdering import Grond

GRONDEN = "; ".join(f"{one.name.lower()} = {one.value}" for one in Grond)


def verwijder(
    context: typer.Context,
    wie: WieArgument,
    *,
    grond: Annotated[str, typer.Option(help=f"Waarom: {GRONDEN}.")] = "",
    zeker: Annotated[
        str, typer.Option(help="Typ het woord verwijder; zonder dit gebeurt er niets.")
    ] = "",
    laat_weer_toe: Annotated[
        bool, typer.Option("--laat-weer-toe", help="Neem iemand die verwijderd is weer op.")
    ] = False,
    data: DataOption = None,
) -> None:
    """Verwijder één jongere voorgoed, ook als een oude reservekopie terugkomt."""
    from datetime import UTC, datetime

    from service.audit.spoor import current_spoor
    from service.errors import InvoerError
    from service.privacy.verwijdering import admit

    now = datetime.now(UTC)
    with counter(context, data, "verwijder") as (settings, engine, loket):
        if laat_weer_toe:
            admit(engine, settings, wie, op=now)
            typer.echo("Een volgende import mag deze jongere weer opnemen.")
            return
        known = {one.name.lower(): one for one in Grond}
        try:
            done = loket.erase(
                find(loket, wie),
                grond=known.get(grond, ""),
                bevestiging=zeker,
                door=current_spoor().actor,
                op=now,
            )
        except InvoerError as error:
            raise typer.BadParameter(" ".join(one.zin for one in error.fouten)) from error
    typer.echo(f"Verwijderd: {sum(done.aantallen.values())} regels.")
    if not done.opgeruimd:
        typer.echo("Op de schijf staat nog een deel; de nachtelijke taak ruimt dat op.")
