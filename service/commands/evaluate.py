"""The command `vangnet evaluate`: is a new version better, for whom, and where not."""

from pathlib import Path
from typing import Annotated

import typer

from service.commands.gegevens_opties import BronOption, PeildatumOption, SeedOption
from service.commands.privacy_opties import DataOption
from service.commands.train import Model


def evaluate(
    context: typer.Context,
    model: Annotated[
        Model, typer.Argument(metavar="MODEL", help="Welk model.")
    ] = Model.UITVALRISICO,
    *,
    versie: Annotated[
        str, typer.Option(metavar="N", help="Welke versie; standaard de nieuwste.")
    ] = "",
    peildatum: PeildatumOption = None,
    bron: BronOption = None,
    out: Annotated[
        Path | None, typer.Option(metavar="MAP", help="Map waar het verslag ook komt te staan.")
    ] = None,
    per_lijst: Annotated[
        int,
        typer.Option(
            "--per-lijst",
            metavar="N",
            min=0,
            help="Zo veel jongeren kunnen de coaches per maand zien; standaard een tiende.",
        ),
    ] = 0,
    vensters: Annotated[int, typer.Option(min=1, help="Op zo veel perioden toetsen.")] = 3,
    herhalingen: Annotated[
        int, typer.Option(min=20, help="Zo vaak opnieuw trekken voor elke marge.")
    ] = 200,
    zonder_ablatie: Annotated[
        bool,
        typer.Option("--zonder-ablatie", help="Train niet opnieuw zonder elke groep kenmerken."),
    ] = False,
    verzonnen: Annotated[
        bool, typer.Option("--verzonnen", help="Zeg in het verslag dat de gegevens verzonnen zijn.")
    ] = False,
    seed: SeedOption = 1,
    data: DataOption = None,
) -> None:
    """Vergelijk een versie eerlijk met de versie in gebruik en met eenvoudige regels."""
    from models.evaluate import Plan
    from models.measures import LIST_SHARE
    from service.audit.command import record_before_output, traced
    from service.evaluatie.plaats import HTML_FILE
    from service.evaluatie.uitvoeren import Vraag, evalueer
    from service.evaluatie.zinnen import conclusie
    from service.settings import open_settings
    from service.terminal import step_bars

    settings = open_settings(data or context.obj)
    with traced(settings, "evaluate"), step_bars() as (say, _):
        vraag = Vraag(
            model=model.value,
            versie=versie or None,
            peildatum=None if peildatum is None else peildatum.date(),
            bron=bron,
            plan=Plan(
                windows=vensters,
                room=per_lijst or LIST_SHARE,
                draws=herhalingen,
                ablation=not zonder_ablatie,
            ),
            seed=seed,
            verzonnen=verzonnen,
        )
        made = evalueer(settings, vraag, say=say)
        record_before_output()
        if out is not None:
            made.write(out)
    for zin in conclusie(made.gegevens):
        typer.echo(zin)
    where = f"in {out / HTML_FILE}" if out else "bij de versie op de pagina Modellen"
    typer.echo(f"Het verslag van {model.value} versie {made.versie} staat {where}.")
