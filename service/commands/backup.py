"""The command `vangnet backup`: copy everything but the keys to another place."""

from pathlib import Path
from typing import Annotated

import typer

from service.commands.openen import DataOption, opened

OPEN = (
    "De kopie is niet versleuteld en bevat gegevens over personen. "
    "Stel VANGNET_BACKUP_KEY in, of bewaar haar op een versleutelde schijf."
)
SLEUTELS = (
    "Bewaar instellingen.toml apart van deze kopie: zonder die sleutels is de kopie niet terug "
    "te zetten."
)


def backup(
    context: typer.Context,
    naar: Annotated[
        Path, typer.Argument(metavar="MAP", help="Map voor de kopie, liefst op een andere schijf.")
    ],
    *,
    data: DataOption = None,
) -> None:
    """Maak een reservekopie van de database en de modellen, terwijl anderen doorwerken."""
    from datetime import UTC, datetime

    from service.audit.command import record_before_output
    from service.audit.spoor import current_spoor
    from service.backup.making import make_backup

    with opened(context, data, "backup") as (settings, _):
        current_spoor().about_everybody()
        record_before_output()
        kopie = make_backup(settings, naar, now=datetime.now(UTC))
    megabytes = kopie.path.stat().st_size / 1e6
    typer.echo(
        f"{kopie.path}: {kopie.manifest.rijen} rijen in {len(kopie.manifest.tabellen)} tabellen, "
        f"{megabytes:.1f} MB, in {kopie.seconds:.1f} seconden."
    )
    if settings.backup_key is None:
        typer.echo(OPEN)
    typer.echo(SLEUTELS)
