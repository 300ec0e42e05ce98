"""The command `vangnet toewijzing`: which coach guides whom."""

from typing import Annotated

import typer

from service.commands.privacy_opties import DataOption, WieArgument, counter, find


def toewijzing(
    context: typer.Context,
    wie: WieArgument,
    coach: Annotated[
        str | None, typer.Argument(help="Naam van het account; zonder naam komt de lijst.")
    ] = None,
    *,
    einde: Annotated[
        bool, typer.Option("--einde", help="De coach begeleidt de jongere niet meer.")
    ] = False,
    data: DataOption = None,
) -> None:
    """Wijs een jongere toe aan een loopbaancoach, die de jongere dan ook ziet."""
    from datetime import UTC, datetime

    from service.errors import NotFoundError
    from service.rechten.toewijzen import assign, end, guidance
    from service.storage.engine import unit_of_work

    with counter(context, data, "toewijzing") as (_, engine, loket):
        jongere_id = find(loket, wie)
        with unit_of_work(engine) as session:
            try:
                if coach is not None and einde:
                    end(session, jongere_id, coach, regios=None)
                elif coach is not None:
                    assign(session, jongere_id, coach, regios=None, op=datetime.now(UTC))
            except NotFoundError as error:
                raise typer.BadParameter("deze coach is er niet", param_hint="COACH") from error
            found = guidance(session, jongere_id, None)
    typer.echo(f"Begeleid door: {', '.join(found.coaches) or 'niemand'}.")
