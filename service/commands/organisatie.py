"""The command `vangnet organisatie`: which organisations there are, and in which region."""

from typing import Annotated

import typer

from service.commands.openen import DataOption, opened
from service.rechten.begrippen import OrganisatieSoort

GEEN = "Er zijn nog geen organisaties. Begin met: vangnet organisatie --uit-gegevens --regio NAAM"
ONVOLLEDIG = "noem ook --soort, --code en --regio"


def organisatie(
    context: typer.Context,
    naam: Annotated[
        str | None, typer.Argument(help="Naam van de organisatie; zonder naam komt de lijst.")
    ] = None,
    *,
    soort: Annotated[OrganisatieSoort | None, typer.Option(help="Wat het is.")] = None,
    code: Annotated[
        str | None, typer.Option(help="BRIN, gemeente, LeerbedrijfID, of de naam van de regio.")
    ] = None,
    regio: Annotated[str | None, typer.Option(help="Regio waarin zij werkt.")] = None,
    uit_gegevens: Annotated[
        bool,
        typer.Option("--uit-gegevens", help="Maak er een van elke school en gemeente."),
    ] = False,
    data: DataOption = None,
) -> None:
    """Zet een organisatie in de lijst, of toon de lijst."""
    from service.rechten.inrichten import organisaties_from_data
    from service.storage.engine import unit_of_work
    from service.storage.organisatie import OrganisatieRepository

    with opened(context, data, "organisatie") as (_, engine):
        if uit_gegevens:
            if not regio:
                raise typer.BadParameter("noem ook --regio", param_hint="--uit-gegevens")
            made = organisaties_from_data(engine, regio)
            typer.echo(f"{len(made)} organisaties gemaakt in {regio}. Loop de lijst na.")
            return
        if naam is not None:
            if soort is None or not code or not regio:
                raise typer.BadParameter(ONVOLLEDIG, param_hint="NAAM")
            with unit_of_work(engine) as session:
                OrganisatieRepository(session).add(naam=naam, soort=soort, code=code, regio=regio)
            typer.echo(f"{naam} staat in de lijst.")
            return
        with unit_of_work(engine, read_only=True) as session:
            known = OrganisatieRepository(session).all()
    for one in known:
        typer.echo(f"{one.regio}\t{one.soort}\t{one.code}\t{one.naam}")
    if not known:
        typer.echo(GEEN)
