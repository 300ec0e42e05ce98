"""The command `vangnet gebruiker`: accounts, what they may, and links to set them up."""

from typing import TYPE_CHECKING, Annotated

import typer

from service.commands.openen import DataOption, opened
from service.rechten.begrippen import Rol

if TYPE_CHECKING:
    from service.aanmelden.beheer import Wijziging

ZIET_NIETS = (
    "{naam} ziet nog niemand: geef minstens één rol (--rol) en één organisatie (--organisatie)."
)


def gebruiker(
    context: typer.Context,
    naam: Annotated[str, typer.Argument(help="Naam waarmee de gebruiker inlogt.")],
    *,
    rol: Annotated[
        list[Rol] | None,
        typer.Option("--rol", help="Rol van het account, ook meer dan één. Vervangt wat er was."),
    ] = None,
    organisatie: Annotated[
        list[str] | None,
        typer.Option("--organisatie", help="Waarvoor het account werkt, ook meer dan één."),
    ] = None,
    sluit: Annotated[
        bool | None, typer.Option("--sluit/--open", help="Sluit het account, of open het weer.")
    ] = None,
    sub: Annotated[
        str | None, typer.Option(help="Wie dit is bij de inlogdienst van de organisatie.")
    ] = None,
    geen_tweede_stap: Annotated[
        bool, typer.Option("--geen-tweede-stap", help="Haal de tweede stap van het account weg.")
    ] = False,
    data: DataOption = None,
) -> None:
    """Maak of verander een account; een link om een wachtwoord te kiezen verschijnt één keer."""
    from datetime import UTC, datetime

    from service.aanmelden.accounts import find_gebruiker
    from service.aanmelden.beheer import Wijziging, manage_account
    from service.audit.spoor import current_spoor
    from service.errors import NotFoundError
    from service.rechten.inrichten import Aanstelling
    from service.storage.engine import unit_of_work

    wanted = Wijziging(
        Aanstelling(rol or None, organisatie or None),
        actief=None if sluit is None else not sluit,
        sub=sub,
        geen_tweede_stap=geen_tweede_stap,
    )
    with opened(context, data, "gebruiker") as (settings, engine):
        key = settings.session_key.get_secret_value().encode()
        try:
            with unit_of_work(engine) as session:
                found = manage_account(
                    session,
                    naam,
                    wanted,
                    key=key,
                    issuer=settings.oidc_issuer,
                    now=datetime.now(UTC),
                )
                current_spoor().note("gebruiker", find_gebruiker(session, naam).id)
        except NotFoundError as error:
            raise typer.BadParameter(f"deze {error.what} is er niet", param_hint="NAAM") from error
    for line in _told(naam, wanted, ziet_iets=found.ziet_iets):
        typer.echo(line)
    if found.link:
        site = (settings.public_url or f"http://{settings.host}:{settings.port}").rstrip("/")
        typer.echo(f"Geef {naam} deze link; hij werkt één keer, hoogstens drie dagen:")
        typer.echo(f"{site}/inrichten?link={found.link}")


def _told(naam: str, wanted: "Wijziging", *, ziet_iets: bool) -> list[str]:
    """Return what was done, a sentence each."""
    lines = []
    if not wanted.aanstelling.is_empty:
        lines.append(f"De rollen en organisaties van {naam} zijn veranderd.")
    if wanted.actief is not None:
        lines.append(f"Het account van {naam} is {'open' if wanted.actief else 'gesloten'}.")
    if wanted.sub is not None:
        lines.append(f"{naam} kan nu inloggen via de organisatie.")
    if wanted.geen_tweede_stap:
        lines.append(f"De tweede stap van {naam} is weg.")
    if not ziet_iets:
        lines.append(ZIET_NIETS.format(naam=naam))
    return lines
