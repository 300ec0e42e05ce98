"""The commands that analysts schedule: each parses, calls one function, prints."""

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.commands.audit import app as audit
from service.commands.backup import backup
from service.commands.bewaak import bewaak
from service.commands.bewaar import bewaar
from service.commands.bezwaar import bezwaar
from service.commands.effect import effect
from service.commands.evaluate import evaluate
from service.commands.gebruiker import gebruiker
from service.commands.herstel import herstel
from service.commands.inzage import inzage
from service.commands.modellen import promote, rollback
from service.commands.organisatie import organisatie
from service.commands.publiceer import publiceer
from service.commands.sleutels import sleutels
from service.commands.stop import stop
from service.commands.suggesties import app as suggesties
from service.commands.toewijzing import toewijzing
from service.commands.token import token
from service.commands.train import train
from service.commands.verstuur import verstuur
from service.commands.verwijder import verwijder
from service.settings import Settings, open_settings
from service.terminal import console, counted, progress_bar, step_list

if TYPE_CHECKING:
    import polars as pl

    from service.regio import Regio

INTERRUPTED = 130
"""Exit code after Ctrl-C, by the convention of shells: 128 + SIGINT."""
UNTRACED = frozenset({"serve", "migrate"})
"""Commands whose own work is about nobody; the service logs each request by itself."""
STOPPED = "Gestopt. Wat al klaar was, is bewaard; er is niets half opgeslagen."
NO_POSTCODES = (
    "Er is nog geen postcodetabel: reistijden zijn niet bekend en houden geen plek tegen. "
    "Laad er een met: vangnet reference BESTAND"
)

app = typer.Typer(
    name="vangnet",
    help="Uitvalrisico en passende leerwerkplekken, met uitleg.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data", metavar="MAP", help="Map met alle gegevens en instellingen van deze regio."
    ),
]
PeildatumOption = Annotated[
    datetime | None,
    typer.Option(
        "--peildatum",
        metavar="JJJJ-MM-DD",
        formats=["%Y-%m-%d"],
        help="Dag vanaf waar we kijken; standaard de laatste dag waarover gegevens zijn.",
    ),
]
OutOption = Annotated[
    Path, typer.Option("--out", metavar="BESTAND", help="Uitvoer: een .parquet- of .csv-bestand.")
]
PortOption = Annotated[
    int | None, typer.Option("--poort", help="Poort van de pagina's; standaard 8400.")
]


@app.callback()
def _choose_data(context: typer.Context, data: DataOption = None) -> None:
    context.obj = data


def _settings(context: typer.Context, data: Path | None) -> Settings:
    """Return the settings, and leave a line in the audit log when the command ends."""
    from service.audit.command import traced

    settings = open_settings(data or context.obj)
    if context.info_name not in UNTRACED:
        context.with_resource(traced(settings, context.info_name or ""))
    return settings


@app.command("import")
def import_files(
    context: typer.Context,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PAD...", help="Bestanden of mappen om in te lezen."),
    ] = None,
    *,
    mapping: Annotated[
        Path | None, typer.Option(help="Mapping: welke kolom wat betekent (TOML).")
    ] = None,
    proef: Annotated[
        bool, typer.Option("--proef", help="Laat alleen zien wat er zou veranderen.")
    ] = False,
    gemaskeerd: Annotated[
        bool, typer.Option("--gemaskeerd", help="Sta gemaskeerde nummers zoals BSN1 toe.")
    ] = False,
    sjabloon: Annotated[
        Path | None,
        typer.Option(metavar="MAP", help="Schrijf lege invulbestanden naar deze map en stop."),
    ] = None,
    data: DataOption = None,
) -> None:
    """Lees bestanden van scholen in: alles of niets, met elke foute regel bij naam."""
    from service.import_command import run_import, run_sjabloon

    if sjabloon is not None:
        run_sjabloon(sjabloon)
        return
    if not paths:
        raise typer.BadParameter("noem minstens één bestand of map", param_hint="PAD")
    settings = _settings(context, data)
    good = run_import(settings, paths, mapping=mapping, dry_run=proef, allow_masked=gemaskeerd)
    if not good:
        raise typer.Exit(code=1)


@app.command()
def reference(
    context: typer.Context,
    bestand: Annotated[
        Path | None,
        typer.Argument(metavar="BESTAND", help="CSV: postcode (4 cijfers), lat, lon, plaats."),
    ] = None,
    *,
    data: DataOption = None,
) -> None:
    """Laad de postcodetabel waar reistijden op rusten, of zeg welke er nu is."""
    from service.jobs import load_reference

    settings = _settings(context, data)
    if bestand is not None:
        count = load_reference(settings, bestand)
        typer.echo(f"{count.new} postcodes nieuw, {count.changed} veranderd uit {bestand}")
    _tell_postcodes(settings, always=True)


@app.command()
def score(
    context: typer.Context,
    *,
    out: OutOption,
    peildatum: PeildatumOption = None,
    data: DataOption = None,
) -> None:
    """Bereken het uitvalrisico van iedereen zonder startkwalificatie die staat ingeschreven."""
    from service.jobs import check_output, open_regio, write_recorded
    from service.suggestielog.uitvoer import record_scores

    check_output(out)
    settings = _settings(context, data)
    with step_list() as say:
        say("Gegevens en modellen openen")
        regio = open_regio(settings, _day(peildatum))
        say("Uitvalrisico berekenen")
        frame = regio.scores
    write_recorded(settings, frame, out, lambda engine: record_scores(engine, regio))
    typer.echo(f"{frame.height} jongeren naar {out}")


@app.command()
def suggest(
    context: typer.Context,
    *,
    out: OutOption,
    top: Annotated[int, typer.Option("--top", min=1, help="Plekken per jongere.")] = 5,
    peildatum: PeildatumOption = None,
    data: DataOption = None,
) -> None:
    """Zoek voor iedere jongere zonder startkwalificatie de best passende leerwerkplekken."""
    rows = _write_pairs(
        _settings(context, data),
        peildatum,
        out,
        "Plekken rangschikken",
        lambda regio, progress: regio.matching.suggest(top=top, progress=progress),
    )
    typer.echo(f"{rows} suggesties naar {out}")


@app.command()
def match(
    context: typer.Context,
    *,
    out: OutOption,
    peildatum: PeildatumOption = None,
    data: DataOption = None,
) -> None:
    """Maak één voorstel voor alle jongeren zonder plek samen, binnen de capaciteit."""
    rows = _write_pairs(
        _settings(context, data),
        peildatum,
        out,
        "Paren scoren",
        lambda regio, progress: regio.matching.match(progress=progress),
    )
    typer.echo(f"{rows} plaatsen voorgesteld in {out}")


@app.command()
def serve(
    context: typer.Context,
    *,
    port: PortOption = None,
    workers: Annotated[int, typer.Option(min=1, help="Processen naast elkaar.")] = 1,
    data: DataOption = None,
) -> None:
    """Start de pagina's en de API op deze computer."""
    _serve(_settings(context, data), port, workers)


@app.command()
def migrate(context: typer.Context, *, data: DataOption = None) -> None:
    """Breng de database naar de vorm van deze versie."""
    from service.jobs import migrate_store

    typer.echo(f"De database heeft nu vorm {migrate_store(_settings(context, data))}.")


@app.command()
def koppelingen(
    context: typer.Context,
    *,
    bevestig: Annotated[
        list[str] | None,
        typer.Option(metavar="TEKST[=CODE]", help="Deze eigen woorden betekenen dit inderdaad."),
    ] = None,
    wijs_af: Annotated[
        list[str] | None,
        typer.Option(metavar="TEKST[=CODE]", help="Deze eigen woorden betekenen iets anders."),
    ] = None,
    van: Annotated[
        Path | None, typer.Option(metavar="BESTAND", help="Lees besluiten uit een ingevulde lijst.")
    ] = None,
    naar: Annotated[
        Path | None, typer.Option(metavar="BESTAND", help="Schrijf de lijst als CSV.")
    ] = None,
    data: DataOption = None,
) -> None:
    """Zeg wat de eigen woorden van een school betekenen; wij doen een voorstel."""
    from service.koppelingen_command import run_koppelingen

    good = run_koppelingen(
        _settings(context, data),
        bevestig=bevestig or (),
        wijs_af=wijs_af or (),
        van=van,
        naar=naar,
    )
    if not good:
        raise typer.Exit(code=1)


@app.command()
def demo(
    context: typer.Context,
    *,
    leeg: Annotated[bool, typer.Option("--leeg", help="Begin zonder gegevens.")] = False,
    jongeren: Annotated[int, typer.Option(min=50, help="Grootte van de verzonnen regio.")] = 6000,
    port: PortOption = None,
    open_pages: Annotated[
        bool, typer.Option("--serveer/--niet-serveren", help="Start daarna de pagina's.")
    ] = True,
    data: DataOption = None,
) -> None:
    """Bouw een verzonnen regio, lees haar in, train de modellen en open de pagina's."""
    from service.audit.command import traced
    from service.demo import DEMO_DATA, build_demo
    from service.serving import check_port

    settings = open_settings(data or context.obj or DEMO_DATA, demo=True)
    if open_pages:
        check_port(settings, port)
    with step_list() as say, traced(settings, "demo"):
        login = build_demo(settings, jongeren=jongeren, leeg=leeg, say=say, tell=console.print)
    others = ", ".join(login.anderen)
    typer.echo(f"Inloggen als {login.naam} met wachtwoord {login.wachtwoord} (of als {others})")
    if open_pages:
        _serve(settings, port)


app.command()(backup)
app.command()(inzage)
app.command()(verwijder)
app.command()(bewaar)
app.command()(bewaak)
app.command()(bezwaar)
app.command()(sleutels)
app.command()(gebruiker)
app.command()(herstel)
app.command()(organisatie)
app.command()(token)
app.command()(toewijzing)
app.command()(train)
app.command()(evaluate)
app.command()(effect)
app.command()(stop)
app.command()(promote)
app.command()(rollback)
app.add_typer(suggesties)
app.command()(publiceer)
app.command()(verstuur)
app.add_typer(audit)


def main() -> None:
    """Run the command line; turn every expected failure into one Dutch sentence."""
    from service.answers import answer_for

    try:
        app()
    except SystemExit as ended:  # Typer turns Ctrl-C into an exit code, without a word
        if ended.code == INTERRUPTED:
            console.print(STOPPED)
        raise
    except KeyboardInterrupt:
        console.print(STOPPED)
        sys.exit(INTERRUPTED)
    except Exception as error:
        answer = answer_for(error)
        if answer is None:
            raise
        console.print(answer.detail, markup=False, soft_wrap=True)
        sys.exit(1)


def _serve(settings: Settings, port: int | None, workers: int = 1) -> None:
    from service.serving import check_port, run_server

    address = f"http://{settings.host}:{check_port(settings, port)}"
    typer.echo(f"Open over enkele seconden {address} in de browser. Stoppen kan met Ctrl-C.")
    if not run_server(settings, port=port, workers=workers):
        raise typer.Exit(INTERRUPTED)  # it was Ctrl-C


def _write_pairs(
    settings: Settings,
    peildatum: datetime | None,
    out: Path,
    step: str,
    pairs_of: Callable[["Regio", Callable[[int, int], None]], "pl.DataFrame"],
) -> int:
    """Write pairs of a region to a file, with a bar; returns how many there are."""
    from service.jobs import check_output, open_regio, write_recorded
    from service.suggestielog.uitvoer import record_pairs

    check_output(out)
    _tell_postcodes(settings)
    with progress_bar() as advance:
        regio = open_regio(settings, _day(peildatum))
        frame = pairs_of(regio, counted(advance, step))
    write_recorded(settings, frame, out, lambda one: record_pairs(one, regio.matching, frame))
    return frame.height


def _tell_postcodes(settings: Settings, *, always: bool = False) -> None:
    """Say that travel times are unknown for lack of postcodes; how many there are if asked."""
    from service.jobs import postcodes

    found = postcodes(settings)
    if not found:
        console.print(NO_POSTCODES)
    elif always:
        typer.echo(f"De postcodetabel telt {found} postcodes.")


def _day(peildatum: datetime | None) -> date | None:
    return None if peildatum is None else peildatum.replace(tzinfo=UTC).date()


if __name__ == "__main__":
    main()
