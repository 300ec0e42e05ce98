"""The command `vangnet bewaar`: the nightly job that keeps every term."""

import typer

from service.commands.privacy_opties import DataOption, counter


def bewaar(context: typer.Context, *, data: DataOption = None) -> None:
    """Verwijder wat over zijn bewaartermijn is; plan dit elke nacht."""
    from datetime import UTC, datetime

    from service.audit.spoor import current_spoor
    from service.jobs import model_store
    from service.privacy.bewaren import keep_terms, kept_models

    with counter(context, data, "bewaar") as (settings, engine, _):
        current_spoor().about_everybody()
        dag = datetime.now(UTC).date()
        done = keep_terms(engine, settings, dag=dag)
        models = kept_models(model_store(settings).cards(), dag=dag)
    for name, count in sorted(done.verwijderd.items()):
        typer.echo(f"{name}: {count} regels verwijderd.")
    if done.opnieuw_gewist:
        typer.echo(f"Opnieuw gewist: {done.opnieuw_gewist} personen uit het grootboek.")
    if models:
        typer.echo(f"{len(models)} versies van modellen bewaard, tien jaar lang.")
    for one in models:
        if one.mag_weg:
            typer.echo(f"Model {one.naam} versie {one.versie} is ouder dan tien jaar: mag het weg?")
    if not done.verwijderd and not done.opnieuw_gewist:
        typer.echo("Niets is over zijn bewaartermijn.")
    if not done.opgeruimd:
        typer.echo("De schijf kon nog niet worden opgeruimd, want iemand was bezig.")
        raise typer.Exit(code=1)
