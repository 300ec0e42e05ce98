"""The command `vangnet bewaak`: look every night whether the models in use still do well."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from service.commands.openen import DataOption, opened


def bewaak(
    context: typer.Context,
    *,
    dag: Annotated[
        datetime | None,
        typer.Option(
            metavar="JJJJ-MM-DD",
            formats=["%Y-%m-%d"],
            help="Dag vanaf waar we kijken; standaard de laatste dag met gegevens.",
        ),
    ] = None,
    data: DataOption = None,
) -> None:
    """Kijk of de modellen het nog goed doen, en meld wat niet klopt. Plan dit elke nacht."""
    from service.audit.spoor import current_spoor
    from service.bewaken.dag import bewaak as watch
    from service.jobs import model_store, problems_file
    from service.suggestielog.volggedrag import check_today
    from service.terminal import step_list

    now = datetime.now(UTC)
    with opened(context, data, "bewaak") as (settings, engine), step_list() as say:
        current_spoor().about_everybody()
        found = watch(
            engine,
            model_store(settings),
            now=now,
            dag=None if dag is None else dag.date(),
            problems=problems_file(settings),
            say=say,
        )
        say("Kijken of mensen zelf kiezen")
        followed = check_today(engine, now=now)
    for one in found.nieuw:
        typer.echo(f"{one.model} versie {one.versie}, {one.maat}: {one.tekst}")
    for alarm in followed:
        typer.echo(f"{alarm.groep} {alarm.naam}: {alarm.reden} ({alarm.waarde:.2f}).")
    typer.echo(f"{len(found.bevindingen)} metingen, {len(found.nieuw) + len(followed)} nieuw.")
