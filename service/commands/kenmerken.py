"""The commands `vangnet audit kenmerken` and `vangnet audit eerlijkheid` (TRUST F3).

Only these need ``VANGNET_BESCHERMD_KEY``: give it to the job that runs them, never to the pages.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from service.commands.gegevens_opties import SeedOption
from service.commands.openen import DataOption, opened

GEEN_BESTAND = "noem een bestand, of --wis"
INGENOMEN = (
    "Van {jongeren} jongeren liggen er nu kenmerken apart. {onbekend} regels zijn van iemand"
)
INGENOMEN += " die hier niet bekend is; die zijn overgeslagen."
WAT_NU = "Toets nu met: vangnet audit eerlijkheid"


def kenmerken(
    context: typer.Context,
    bestand: Annotated[
        Path | None,
        typer.Argument(
            metavar="BESTAND",
            help="CSV, Excel of Parquet met bsn, onderwijsnummer of jongere_id, en geslacht of "
            "herkomst.",
        ),
    ] = None,
    *,
    doel: Annotated[str, typer.Option(help="Waarvoor; minstens 10 tekens.")] = "",
    grondslag: Annotated[
        str, typer.Option(help="Op welke grond van de AVG en de AI-verordening.")
    ] = "",
    dpia: Annotated[str, typer.Option(help="De DPIA waarin dit is afgewogen.")] = "",
    tot: Annotated[
        datetime | None,
        typer.Option(
            metavar="JJJJ-MM-DD", formats=["%Y-%m-%d"], help="Laatste dag; hoogstens een jaar."
        ),
    ] = None,
    wis: Annotated[bool, typer.Option("--wis", help="Gooi alle kenmerken nu weg.")] = False,
    data: DataOption = None,
) -> None:
    """Neem geslacht of herkomst in, apart van al het andere, om modellen te toetsen."""
    from service.audit.spoor import current_spoor
    from service.errors import InvoerError
    from service.privacy.beschermd import Verantwoording, take_in, throw_away

    now = datetime.now(UTC)
    with opened(context, data, "audit kenmerken") as (settings, engine):
        current_spoor().about_everybody()
        if wis:
            typer.echo(f"{throw_away(engine, op=now)} kenmerken zijn weg.")
            return
        if bestand is None:
            raise typer.BadParameter(GEEN_BESTAND, param_hint="BESTAND")
        waarom = Verantwoording(doel, grondslag, dpia, now.date() if tot is None else tot.date())
        try:
            found = take_in(engine, settings, bestand, waarom, door=current_spoor().actor, op=now)
        except InvoerError as error:
            raise typer.BadParameter(" ".join(one.zin for one in error.fouten)) from error
    typer.echo(INGENOMEN.format_map(vars(found)))
    typer.echo(WAT_NU)


def eerlijkheid(
    context: typer.Context,
    model: Annotated[
        str, typer.Argument(help="uitvalrisico, plaatsing of werkproces.")
    ] = "uitvalrisico",
    *,
    versie: Annotated[
        str, typer.Option(metavar="N", help="Welke versie; standaard die in gebruik is.")
    ] = "",
    seed: SeedOption = 1,
    data: DataOption = None,
) -> None:
    """Toets of een model groepen gelijk behandelt naar beschermde kenmerken, ook na het besluit."""
    from models.store import KINDS
    from service.jobs import model_store
    from service.modelbeheer.eerlijkheid import judge_fairness
    from service.terminal import step_list
    from service.web.modelzinnen import OORDELEN, bevinding_zin

    if model not in KINDS:
        raise typer.BadParameter(f"kies uit {', '.join(KINDS)}", param_hint="MODEL")
    with opened(context, data, "audit eerlijkheid") as (settings, engine), step_list() as say:
        found = judge_fairness(
            engine, model_store(settings), settings, model, versie or None, seed=seed, say=say
        )
    for one in found.oordeel.bevindingen:
        typer.echo(f"  {bevinding_zin(one)}")
    typer.echo(OORDELEN[found.oordeel.kleur])
