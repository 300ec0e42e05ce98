"""The command `vangnet verstuur`: send the notices that wait, or show them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.settings import open_settings

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
    data: Annotated[Path | None, typer.Option("--data", metavar="MAP")] = None,
) -> None:
    """Verstuur de berichten die klaarstaan; zonder mailserver toont dit wat er wacht."""
    from datetime import UTC, datetime

    from service.jobs import store
    from service.outbox.loop import mail_server
    from service.outbox.sending import send_due
    from service.storage.bericht import BerichtRepository, Status
    from service.storage.engine import unit_of_work

    settings = open_settings(data or context.obj)
    server = mail_server(settings)
    with store(settings) as engine:
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
