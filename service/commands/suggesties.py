"""The commands `vangnet suggesties ...`: are the records whole, and what follows from them."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from service.commands.openen import DataOption, opened

app = typer.Typer(
    name="suggesties",
    help="Controleer wat is voorgesteld en getoond, en maak het opnieuw.",
    no_args_is_help=True,
)
ZONDER = "{aantal} getoonde lijsten hebben geen vastgelegde regels."
LEEG = "{aantal} getoonde lijsten zijn leeg: wie erin stond, is gewist."
HERHAALD = (
    "{suggesties} suggesties uit {lijsten} lijsten opnieuw gemaakt: "
    "grootste verschil {verschil:.1e}, "
    "{andere_rang} lijsten in een andere volgorde, {te_ver} met een andere kans, "
    "{beschadigd} met een gewijzigde tekst of regel."
)
VEROUDERD = ";verouderd"
GEWIST = "Uit {gewist} lijsten is iemand gewist; de rest ervan is opnieuw gemaakt."


@app.command()
def controleer(context: typer.Context, *, data: DataOption = None) -> None:
    """Tel wat er vastligt en of elke getoonde lijst regels heeft."""
    from service.storage.engine import unit_of_work
    from service.storage.suggestielog import SuggestielogRepository
    from service.suggestielog.controle import empty_lists

    with opened(context, data, "suggesties controleer") as (_, engine):
        with unit_of_work(engine, read_only=True) as session:
            counts = SuggestielogRepository(session).counts()
        gewist, missing = empty_lists(engine)
    for table, count in counts.items():
        typer.echo(f"{table}: {count}")
    if gewist:
        typer.echo(LEEG.format(aantal=gewist))
    typer.echo(ZONDER.format(aantal=missing))
    if missing:
        raise typer.Exit(code=1)


@app.command()
def verouderd(context: typer.Context, *, data: DataOption = None) -> None:
    """Noem elke suggestie die niet meer klopt omdat daarna een gegeven is verbeterd."""
    from service.audit.command import record_before_output
    from service.audit.spoor import current_spoor
    from service.storage.engine import unit_of_work
    from service.storage.verouderd import outdated_suggesties

    with opened(context, data, "suggesties verouderd") as (_, engine):
        with unit_of_work(engine, read_only=True) as session:
            found = outdated_suggesties(session)
        current_spoor().about(*(one.jongere_id for one in found))
        record_before_output()
    for one in found:
        typer.echo(f"{one.jongere_id};{one.soort};{one.object_id or ''};{one.lijst_sha256}")
    typer.echo(f"{len(found)} suggesties zijn verouderd.")


@app.command()
def herhaal(
    context: typer.Context,
    *,
    aantal: Annotated[int, typer.Option(min=1, help="Hoeveel van de nieuwste suggesties.")] = 1000,
    data: DataOption = None,
) -> None:
    """Maak de nieuwste suggesties opnieuw uit wat is vastgelegd, en vergelijk."""
    from service.audit.spoor import current_spoor
    from service.jobs import model_store
    from service.suggestielog.controle import repeat_stored
    from service.suggestielog.herhalen import by_hash

    with opened(context, data, "suggesties herhaal") as (settings, engine):
        current_spoor().about_everybody()
        found = repeat_stored(engine, by_hash(model_store(settings)), aantal=aantal)
    typer.echo(HERHAALD.format(**vars(found)))
    if found.gewist:
        typer.echo(GEWIST.format(gewist=found.gewist))
    if not found.goed:
        raise typer.Exit(code=1)


@app.command()
def volggedrag(context: typer.Context, *, data: DataOption = None) -> None:
    """Kijk of mensen nog zelf kiezen, en meld waar dat niet zo lijkt. Plan dit elke dag."""
    from service.audit.spoor import current_spoor
    from service.suggestielog.volggedrag import check_today

    with opened(context, data, "suggesties volggedrag") as (_, engine):
        current_spoor().about_everybody()
        new = check_today(engine, now=datetime.now(UTC))
    for one in new:
        typer.echo(f"{one.groep} {one.naam}: {one.reden} ({one.waarde:.2f}).")
    typer.echo(f"{len(new)} nieuwe meldingen.")


@app.command()
def herziening(
    context: typer.Context,
    model: Annotated[str, typer.Argument(help="Naam van het model.")],
    versie: Annotated[str, typer.Argument(help="Versie die niet goed was.")],
    *,
    data: DataOption = None,
) -> None:
    """Noem elk besluit dat is genomen nadat deze versie over de jongere was getoond."""
    from service.audit.command import record_before_output
    from service.audit.spoor import current_spoor
    from service.storage.engine import unit_of_work
    from service.suggestielog.herziening import outdated, review_list

    with opened(context, data, "suggesties herziening") as (_, engine):
        with unit_of_work(engine, read_only=True) as session:
            found = review_list(session, model, versie)
            old = outdated(session, found)
        current_spoor().about(*(one.jongere_id for one in found))
        record_before_output()
    for one in found:
        mark = VEROUDERD if one.id in old else ""
        typer.echo(f"{one.id};{one.tijdstip:%Y-%m-%d %H:%M};{one.jongere_id};{one.keuze}{mark}")
    typer.echo(f"{len(found)} besluiten.")
