"""The command `vangnet verstuur`: send the notices that wait, or show them."""

from typing import TYPE_CHECKING, Annotated

import typer

from service.commands.openen import DataOption, opened

if TYPE_CHECKING:
    from service.storage.bericht import Bericht

GEEN_SERVER = (
    "Er is geen mailserver ingesteld (VANGNET_SMTP_HOST). Berichten blijven bewaard; "
    "dit wacht er nu:"
)
DODE = "Deze berichten nam de mailserver niet aan. Probeer ze opnieuw met --opnieuw:"


def verstuur(
    context: typer.Context,
    *,
    opnieuw: Annotated[
        bool, typer.Option("--opnieuw", help="Probeer ook wat niet lukte nog een keer.")
    ] = False,
    data: DataOption = None,
) -> None:
    """Verstuur de berichten die klaarstaan; zonder mailserver toont dit wat er wacht."""
    from datetime import UTC, datetime

    from service.outbox.loop import mail_server
    from service.outbox.sending import send_due
    from service.storage.bericht import BerichtRepository, Status
    from service.storage.engine import unit_of_work

    with opened(context, data, "verstuur") as (settings, engine):
        server = mail_server(settings)
        if opnieuw:
            with unit_of_work(engine) as session:
                BerichtRepository(session).revive(now=datetime.now(UTC))
        done = None if server is None else send_due(engine, server)
        with unit_of_work(engine, read_only=True) as session:
            waiting, dead = (
                BerichtRepository(session).list(one) for one in (Status.WACHT, Status.DOOD)
            )
    if done is None:
        _show(GEEN_SERVER, waiting)
    else:
        typer.echo(f"{done.verzonden} berichten verstuurd, {len(waiting)} wachten nog.")
    if dead:
        _show(DODE, dead)
    if done is not None and done.mislukt:
        typer.echo(f"{done.mislukt} berichten lukten niet ({done.reden}).")
        raise typer.Exit(code=1)


def _show(heading: str, berichten: "tuple[Bericht, ...]") -> None:
    typer.echo(heading)
    for one in berichten:
        typer.echo(f"  {one.soort} {one.pad} vanaf {one.vanaf:%d-%m-%Y %H:%M} UTC")
    typer.echo(f"{len(berichten)} berichten.")
