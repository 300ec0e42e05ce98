"""The command `vangnet bewaar`: the nightly job that keeps every term."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from service.commands.privacy_opties import DataOption, counter

if TYPE_CHECKING:
    from service.privacy.bewaren import BewaardModel, Nachtverslag


def bewaar(context: typer.Context, *, data: DataOption = None) -> None:
    """Verwijder wat over zijn bewaartermijn is; plan dit elke nacht."""
    from datetime import UTC, datetime

    from service.audit.spoor import current_spoor
    from service.importing.voorstel import Werkplaats, clean
    from service.jobs import model_store
    from service.privacy.bewaren import keep_terms, kept_models

    with counter(context, data, "bewaar") as (settings, engine, _):
        current_spoor().about_everybody()
        dag = datetime.now(UTC).date()
        done = keep_terms(engine, settings, dag=dag)
        models = kept_models(model_store(settings).cards(), dag=dag)
        uploads = clean(Werkplaats.of(settings.data))
    for line in _told(done, models, uploads):
        typer.echo(line)
    if not done.opgeruimd:
        typer.echo("De schijf kon nog niet worden opgeruimd, want iemand was bezig.")
        raise typer.Exit(code=1)


def _told(done: "Nachtverslag", models: "list[BewaardModel]", uploads: int) -> Iterator[str]:
    """Yield what one night threw away, and what a person has to decide about."""
    for name, count in sorted(done.verwijderd.items()):
        yield f"{name}: {count} regels verwijderd."
    if done.opnieuw_gewist:
        yield f"Opnieuw gewist: {done.opnieuw_gewist} personen uit het grootboek."
    if uploads:
        yield f"Bestanden die niemand inlas: {uploads} keer weggegooid."
    if models:
        yield f"{len(models)} versies van modellen bewaard, tien jaar lang."
    for one in models:
        if one.mag_weg:
            yield f"Model {one.naam} versie {one.versie} is ouder dan tien jaar: mag het weg?"
    if not (done.verwijderd or done.opnieuw_gewist or uploads):
        yield "Niets is over zijn bewaartermijn."
