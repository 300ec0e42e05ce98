"""The command `vangnet herstel`: put a backup back, or practise that."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.commands.openen import DataOption
from service.settings import open_settings

if TYPE_CHECKING:
    from service.backup.restoring import Herstel

LOG_HEEL = "Het auditlog is heel, gecontroleerd met {koppen} bewaarde koppen."
LOG_STUK = "Het auditlog is niet heel: er zijn {aantal} afwijkingen. Laat dit onderzoeken."


def herstel(
    context: typer.Context,
    bestand: Annotated[
        Path | None, typer.Argument(metavar="BESTAND", help="De reservekopie.")
    ] = None,
    *,
    oefening: Annotated[
        bool,
        typer.Option(
            "--oefening", help="Zet de kopie (of een nieuwe) ergens anders terug en meet de tijd."
        ),
    ] = False,
    data: DataOption = None,
) -> None:
    """Zet een reservekopie terug in een lege map en database, en controleer wat er terugkwam."""
    from datetime import UTC, datetime

    from service.audit.command import traced
    from service.backup.drill import practise
    from service.backup.restoring import restore

    settings = open_settings(data or context.obj)
    if oefening:
        with traced(settings, "herstel oefening") as spoor:
            spoor.about_everybody()
            spoor.record_now()  # what the drill changes, it changes elsewhere
        done = practise(settings, bestand, now=datetime.now(UTC))
        found = done.herstel
        _tell(found)
        typer.echo(
            f"Verlies bij een ramp nu: {done.verlies.total_seconds() / 60:.1f} minuten werk. "
            f"Terugzetten en controleren: {found.seconds:.1f} seconden. "
            "De eigen gegevens zijn niet veranderd."
        )
    elif bestand is None:
        raise typer.BadParameter("noem de reservekopie", param_hint="BESTAND")
    else:
        found = restore(settings, bestand)
        with traced(settings, "herstel") as spoor:  # what failed changed nothing, and has no log
            spoor.about_everybody()
        _tell(found)
        typer.echo(f"Teruggezet in {found.seconds:.1f} seconden.")
    if not found.log.is_whole:
        raise typer.Exit(code=1)


def _tell(found: "Herstel") -> None:
    manifest = found.manifest
    typer.echo(
        f"Reservekopie van {manifest.gemaakt_op:%d-%m-%Y %H:%M} UTC: {manifest.rijen} rijen in "
        f"{len(manifest.tabellen)} tabellen, aantallen en controlegetallen gelijk."
    )
    broken = len(found.log.breuken)
    told = LOG_STUK if broken else LOG_HEEL
    typer.echo(told.format(aantal=broken, koppen=found.log.koppen))
    if found.opnieuw_gewist:
        typer.echo(f"{found.opnieuw_gewist} personen zijn opnieuw gewist.")
