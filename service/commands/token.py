"""The command `vangnet token`: keys by which programs ask the API."""

from typing import Annotated

import typer

from service.commands.openen import DataOption, opened
from service.rechten.begrippen import Handeling


def token(
    context: typer.Context,
    naam: Annotated[str, typer.Argument(help="Naam van het account waarvoor het token is.")],
    *,
    recht: Annotated[
        list[Handeling] | None,
        typer.Option("--recht", help="Wat het programma mag; vaker te noemen."),
    ] = None,
    voor: Annotated[str, typer.Option(help="Waarvoor het token is.")] = "programma",
    dagen: Annotated[int, typer.Option(min=1, max=90, help="Hoeveel dagen het werkt.")] = 30,
    trek_in: Annotated[
        int | None, typer.Option("--trek-in", metavar="NUMMER", help="Maak een token waardeloos.")
    ] = None,
    data: DataOption = None,
) -> None:
    """Maak een token, trek er een in, of toon zonder keuze welke er zijn."""
    from datetime import UTC, datetime

    from service.aanmelden.accounts import find_gebruiker
    from service.aanmelden.opening import sessie_rules
    from service.aanmelden.tokens import make_token
    from service.audit.spoor import current_spoor
    from service.errors import NotFoundError
    from service.storage.api_token import ApiTokenRepository
    from service.storage.engine import unit_of_work

    now = datetime.now(UTC)
    with (
        opened(context, data, "token") as (settings, engine),
        unit_of_work(engine) as session,
    ):
        try:
            known = find_gebruiker(session, naam)
            current_spoor().note("gebruiker", known.id)
            if trek_in is not None:
                ApiTokenRepository(session).revoke(trek_in, known.id, now)
        except NotFoundError as error:
            raise typer.BadParameter(
                "dit account of token is er niet", param_hint="NAAM"
            ) from error
        secret = ""
        if recht:
            secret, _ = make_token(
                session,
                known,
                naam=voor,
                scopes=recht,
                dagen=dagen,
                rules=sessie_rules(settings),
                now=now,
            )
        tokens = ApiTokenRepository(session).list_of(known.id)
    for one in tokens:
        state = f"werkt tot {one.verloopt_op:%Y-%m-%d}" if one.is_valid(now) else "werkt niet meer"
        typer.echo(
            f"{one.id} {one.naam} (eindigt op {one.einde}): {', '.join(one.scopes)}; {state}"
        )
    if secret:
        typer.echo(f"Bewaar dit token nu, het verschijnt maar één keer:\n{secret}")
