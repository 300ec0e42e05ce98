"""The command `vangnet publiceer`: the files by which an organisation explains itself in public."""

from pathlib import Path
from typing import Annotated

import typer

from service.commands.privacy_opties import DataOption


def publiceer(
    context: typer.Context,
    naar: Annotated[Path, typer.Argument(metavar="MAP", help="Map voor de openbare bestanden.")],
    *,
    concept: Annotated[
        bool, typer.Option("--concept", help="Schrijf ook als er nog antwoorden ontbreken.")
    ] = False,
    data: DataOption = None,
) -> None:
    """Maak de registratie, de modelkaarten en de dossiers (technisch, DPIA, IAMA)."""
    from datetime import UTC, datetime

    from service.audit.command import record_before_output, traced
    from service.jobs import model_store, store
    from service.modelbeheer.kampioenen import champions
    from service.publicatie.organisatie import FILE, read_antwoorden
    from service.publicatie.uitgave import REPORT, make, write
    from service.settings import open_settings
    from service.storage.engine import unit_of_work

    settings = open_settings(data or context.obj)
    with traced(settings, "publiceer"):
        antwoorden = read_antwoorden(settings.data)
        with store(settings) as engine, unit_of_work(engine, read_only=True) as session:
            used = champions(session)
        made = make(model_store(settings).cards(), used, antwoorden, op=datetime.now(UTC))
        record_before_output()
        written = write(made, naar, concept=concept)
    if written:
        typer.echo(f"{len(made.bestanden)} bestanden staan in {naar}.")
    if made.ontbreekt:
        typer.echo(
            f"Er ontbreken nog {len(made.ontbreekt)} antwoorden; ze staan in {naar / REPORT}. "
            f"Vul ze in in {settings.data / FILE}."
        )
        if not concept:
            raise typer.Exit(code=1)
