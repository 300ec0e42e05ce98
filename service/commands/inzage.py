"""The command `vangnet inzage`: everything on one person, to read and as JSON."""

from pathlib import Path
from typing import Annotated

import typer

from service.commands.privacy_opties import DataOption, WieArgument, counter, find


def inzage(
    context: typer.Context,
    wie: WieArgument,
    *,
    naar: Annotated[
        Path, typer.Option("--naar", metavar="MAP", help="Map voor inzage.json en inzage.pdf.")
    ],
    data: DataOption = None,
) -> None:
    """Schrijf alles wat over één jongere bekend is, om te lezen en als JSON."""
    from datetime import UTC, datetime

    from service.audit.command import record_before_output
    from service.errors import VangnetError
    from service.jobs import open_regio
    from service.privacy.inzage import as_json, as_pdf
    from service.suggestielog.toezicht import Toezicht

    with counter(context, data, "inzage") as (settings, engine, loket):
        jongere_id = find(loket, wie)
        try:  # what it says of the score is shown, so it is recorded as on the page (TRUST H1)
            regio = Toezicht(engine).shown(open_regio(settings), None)
        except VangnetError:  # nothing is trained yet: the rest is told all the same
            regio = None
        found = loket.inzage(jongere_id, op=datetime.now(UTC), regio=regio)
        record_before_output()
        naar.mkdir(parents=True, exist_ok=True)
        (naar / "inzage.json").write_text(as_json(found), encoding="utf-8")
        (naar / "inzage.pdf").write_bytes(as_pdf(found))
    rows = sum(len(one.regels) for one in found.onderdelen)
    typer.echo(f"{rows} regels uit {len(found.onderdelen)} tabellen staan in {naar}.")
