"""The command `vangnet bezwaar`: no model looks at somebody any more."""

from typing import Annotated

import typer

from service.commands.privacy_opties import DataOption, WieArgument, counter, find


def bezwaar(
    context: typer.Context,
    wie: WieArgument,
    *,
    reden: Annotated[str, typer.Option(help="Wat de jongere zei; mag leeg blijven.")] = "",
    trek_in: Annotated[bool, typer.Option("--trek-in", help="Het bezwaar is ingetrokken.")] = False,
    data: DataOption = None,
) -> None:
    """Leg vast dat een jongere niet wil dat een model met hem of haar rekent."""
    from datetime import UTC, datetime

    from service.audit.spoor import current_spoor
    from service.privacy.bezwaar import object_to_scoring, withdraw_objection
    from service.storage.engine import unit_of_work

    now = datetime.now(UTC)
    with counter(context, data, "bezwaar") as (_, engine, loket):
        jongere_id = find(loket, wie)
        with unit_of_work(engine) as session:
            if trek_in:
                withdraw_objection(session, jongere_id, op=now)
            else:
                object_to_scoring(
                    session, jongere_id, reden=reden, door=current_spoor().actor, op=now
                )
    typer.echo("Het bezwaar is ingetrokken." if trek_in else "Het bezwaar is vastgelegd.")
