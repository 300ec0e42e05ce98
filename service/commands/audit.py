"""The commands `vangnet audit ...`: check the log, export its head, search it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.commands.kenmerken import eerlijkheid, kenmerken
from service.commands.openen import DataOption, opened
from service.settings import Settings, open_settings

if TYPE_CHECKING:
    from sqlalchemy import Engine, Row

    from service.audit.controle import Controle

app = typer.Typer(
    name="audit",
    help="Controleer, bewaar en doorzoek het logboek van wie wat deed en zag.",
    no_args_is_help=True,
)


DayOption = Annotated[
    datetime | None, typer.Option(metavar="JJJJ-MM-DD", formats=["%Y-%m-%d"], help="Dag in UTC.")
]
MomentOption = Annotated[
    datetime,
    typer.Option(
        metavar="MOMENT",
        formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"],
        help="Dag of JJJJ-MM-DDTUU:MM, in UTC.",
    ),
]
MOST = 1000
IEDEREEN = (
    "{aantal} regels noemen niemand, want zij gaan over iedereen: een reservekopie bijvoorbeeld. "
    "Lag die buiten uw hoede, dan is iedereen betrokken."
)
GEWIST = "{aantal} anderen zijn intussen gewist; van hen is niet meer te zeggen wie zij zijn."
HEEL = "Het logboek is heel: {regels} regels en {koppen} bewaarde koppen gecontroleerd."
GEEN_KOPPEN = (
    "Er zijn geen bewaarde koppen in {map}. Zonder kop valt een afgeknipt einde niet op; "
    "bewaar er elke dag een met: vangnet audit kop"
)


@app.command()
def controleer(
    context: typer.Context,
    *,
    map_: Annotated[
        Path | None, typer.Option("--map", metavar="MAP", help="Map met de bewaarde koppen.")
    ] = None,
    sleutel: Annotated[
        list[str] | None,
        typer.Option(metavar="HEX", help="Vroegere publieke sleutel die ook mag hebben getekend."),
    ] = None,
    data: DataOption = None,
) -> None:
    """Kijk na of elke regel van het logboek klopt, en het einde met de bewaarde koppen.

    Klopt er iets niet, dan gaat er bericht naar de functionaris gegevensbescherming.
    """
    from service.audit.alarm import follow_up
    from service.audit.command import traced
    from service.audit.controle import check_log
    from service.audit.koppen import read_koppen
    from service.audit.opening import audit_sleutels
    from service.logs import get_log
    from service.storage.engine import unit_of_work

    settings = open_settings(data or context.obj)
    folder = map_ or settings.koppen
    keys = [audit_sleutels(settings).public_key, *(sleutel or ())]
    koppen = read_koppen(folder)
    with traced(settings, "audit controleer"), _opened(settings) as engine:
        with unit_of_work(engine, read_only=True) as session:
            found = check_log(session, koppen, public_keys=keys)
        if not koppen:
            typer.echo(GEEN_KOPPEN.format(map=folder))
        _tell(found)
        with unit_of_work(engine) as session:
            follow_up(session, found, now=datetime.now(UTC))
    if not found.is_whole:
        get_log(__name__).error("audit_chain_broken", breuken=len(found.breuken))
        raise typer.Exit(code=1)


def _tell(found: "Controle") -> None:
    if found.is_whole:
        typer.echo(HEEL.format(regels=found.regels, koppen=found.koppen))
    for breuk in found.breuken:
        typer.echo(f"Regel {breuk.nummer}: {breuk.afwijking}.")


@app.command()
def kop(
    context: typer.Context,
    *,
    map_: Annotated[
        Path | None, typer.Option("--map", metavar="MAP", help="Map op een tweede plek.")
    ] = None,
    data: DataOption = None,
) -> None:
    """Teken de laatste regel van het logboek en bewaar die op een tweede plek."""
    from service.audit.command import traced
    from service.audit.koppen import sign_kop, write_kop
    from service.audit.opening import audit_sleutels
    from service.storage.audit import AuditRepository
    from service.storage.engine import unit_of_work

    settings = open_settings(data or context.obj)
    with traced(settings, "audit kop"), _opened(settings) as engine:
        with unit_of_work(engine, read_only=True) as session:
            head = AuditRepository(session).head()
        signed = sign_kop(head, audit_sleutels(settings), now=datetime.now(UTC))
        path = write_kop(signed, map_ or settings.koppen)
    typer.echo(f"Regel {head.nummer} staat getekend in {path}")
    typer.echo(f"Publieke sleutel: {signed.publieke_sleutel}")


@app.command()
def zoek(
    context: typer.Context,
    *,
    jongere: Annotated[str, typer.Option(help="Nummer van de jongere in Vangnet.")] = "",
    actor: Annotated[str, typer.Option(help="Wie het deed, zoals gebruiker:12.")] = "",
    actie: Annotated[str, typer.Option(help="Deel van de actie, zoals suggesties.")] = "",
    van: DayOption = None,
    tot: DayOption = None,
    data: DataOption = None,
) -> None:
    """Zoek regels: wie deed wat, wanneer en waarvoor. De nieuwste staat bovenaan."""
    from service.audit.command import traced
    from service.audit.opening import open_log
    from service.storage.audit import AuditRepository, Regelvraag
    from service.storage.engine import unit_of_work

    settings = open_settings(data or context.obj)
    with traced(settings, "audit zoek") as spoor, _opened(settings) as engine:
        spoor.about(*filter(None, [jongere]))
        wie = open_log(engine, settings).name_of(jongere) if jongere else ""
        vraag = Regelvraag(van=_utc(van), tot=_utc(tot), actor=actor, actie=actie, object=wie)
        with unit_of_work(engine, read_only=True) as session:
            rows = AuditRepository(session).find(vraag, aantal=MOST)
        spoor.record_now()
        for row in rows:
            typer.echo(_told(row))
        typer.echo(f"{len(rows)} regels" + (", er zijn er meer" if len(rows) == MOST else ""))


@app.command()
def betrokkenen(
    context: typer.Context,
    *,
    van: MomentOption,
    tot: MomentOption,
    naar: Annotated[
        Path,
        typer.Option("--naar", metavar="BESTAND", help="Lijst: een .csv- of .parquet-bestand."),
    ],
    actor: Annotated[str, typer.Option(help="Alleen wat deze zag, zoals gebruiker:12.")] = "",
    route: Annotated[str, typer.Option(help="Alleen langs deze weg, zoals suggesties.")] = "",
    data: DataOption = None,
) -> None:
    """Schrijf bij een incident wie er tussen twee momenten is getoond of gelezen, en door wie."""
    from service.audit.betrokkenen import affected
    from service.jobs import check_output, write_frame
    from service.storage.audit import Regelvraag

    check_output(naar)
    vraag = Regelvraag(van=_utc(van), tot=_utc(tot), actor=actor, actie=route)
    with opened(context, data, "audit betrokkenen") as (settings, engine):
        found = affected(engine, settings, vraag)
        write_frame(found.lijst, naar)
    typer.echo(f"{found.lijst.height} jongeren uit {found.regels} regels staan in {naar}.")
    if found.gewist:
        typer.echo(GEWIST.format(aantal=found.gewist))
    if found.iedereen:
        typer.echo(IEDEREEN.format(aantal=found.iedereen))


@app.command()
def verwerkingen(
    context: typer.Context,
    *,
    van: DayOption = None,
    data: DataOption = None,
) -> None:
    """Schrijf het verwerkingenlogboek als OTLP-JSON, een verwerking per regel."""
    from service.audit.command import traced
    from service.audit.export import otlp_lines
    from service.storage.audit import AuditRepository
    from service.storage.engine import unit_of_work

    settings = open_settings(data or context.obj)
    with traced(settings, "audit verwerkingen") as spoor, _opened(settings) as engine:
        spoor.record_now()
        with unit_of_work(engine, read_only=True) as session:
            for line in otlp_lines(AuditRepository(session).verwerkingen(van=_utc(van))):
                typer.echo(line)


@app.command()
def rol(
    context: typer.Context,
    naam: Annotated[str, typer.Argument(help="Rol die in PostgreSQL werkt.")],
    *,
    kenmerken: Annotated[
        bool,
        typer.Option("--kenmerken", help="Deze rol toetst op beschermde kenmerken, en mag erbij."),
    ] = False,
    data: DataOption = None,
) -> None:
    """Laat een rol het logboek alleen lezen en aanvullen, en houd haar van de kenmerken af."""
    from service.audit.command import traced
    from service.storage.audit import limit_role
    from service.storage.beschermd import limit_kluis
    from service.storage.engine import unit_of_work

    settings = open_settings(data or context.obj)
    with traced(settings, "audit rol"), _opened(settings) as engine:
        if engine.dialect.name != "postgresql":
            raise typer.BadParameter("alleen PostgreSQL kent rollen", param_hint="NAAM")
        with unit_of_work(engine) as session:
            limit_role(session, naam)
            limit_kluis(session, naam, read=kenmerken)
    typer.echo(f"De rol {naam} kan het logboek nu alleen lezen en aanvullen.")
    bij = "mag" if kenmerken else "mag niet"
    typer.echo(f"Zij {bij} bij de beschermde kenmerken.")


app.command()(kenmerken)
app.command()(eerlijkheid)


@contextmanager
def _opened(settings: Settings) -> "Iterator[Engine]":
    from service.storage.engine import open_engine
    from service.storage.migrate import check_migrated

    engine = open_engine(settings.database)
    try:
        check_migrated(engine)
        yield engine
    finally:
        engine.dispose()


def _utc(day: datetime | None) -> datetime | None:
    return None if day is None else day.replace(tzinfo=UTC)


def _told(row: "Row[Any]") -> str:
    moment = row.tijdstip.strftime("%Y-%m-%d %H:%M:%S")
    objecten = " ".join(json.loads(row.objecten))
    return f"{row.nummer} {moment} {row.actor} {row.actie} [{row.doel}] {row.resultaat} {objecten}"
