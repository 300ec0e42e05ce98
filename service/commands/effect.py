"""The command `vangnet effect`: does help help, or can the data not tell."""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.commands.gegevens_opties import PeildatumOption, SeedOption
from service.commands.openen import DataOption, opened

if TYPE_CHECKING:
    from features.contract import Tables
    from models.effect_vraag import Vraag

ALLEEN_BEGELEIDING = (
    "--tegenover werkt alleen met één --soort die contact zoekt, zoals mentor, en een ander dan die"
)


def effect(
    context: typer.Context,
    *,
    soort: Annotated[
        list[str] | None,
        typer.Option(help="Soort traject, of wie contact zoekt; standaard alles wat er is."),
    ] = None,
    tegenover: Annotated[
        str | None, typer.Option(help="Vergelijk met wie door deze rol werd benaderd.")
    ] = None,
    peildatum: PeildatumOption = None,
    seed: SeedOption = 1,
    out: Annotated[
        Path | None,
        typer.Option(metavar="BESTAND", help="Schrijf de antwoorden ook hierheen (JSON)."),
    ] = None,
    data: DataOption = None,
) -> None:
    """Schat of trajecten en begeleiding werken, of zeg waarom dat niet te zeggen is."""
    from service.audit.spoor import current_spoor
    from service.effecten import Gevraagd, judge_all, keep, write
    from service.koppelingen import read_tables
    from service.privacy.bezwaar import without_objectors
    from service.snapshot.source import check_data
    from service.storage.canonical import CanonicalRepository
    from service.storage.engine import unit_of_work
    from service.terminal import step_list

    with opened(context, data, "effect") as (settings, engine):
        with unit_of_work(engine, read_only=True) as session:
            last = check_data(CanonicalRepository(session))
            tables = without_objectors(session, read_tables(session))
        # a record of each in the processing log, as the standard asks where persons are many (P10)
        current_spoor().about(*tables["jongere"]["jongere_id"])
        asked = Gevraagd(_asked(tables, soort, tegenover), _day(peildatum, last), seed)
        with step_list() as say:
            answers = list(judge_all(tables, asked, say=say))
        keep(settings.models, answers)
    if out is not None:
        write(out, answers)
    for one in answers:
        typer.echo(f"\n{one['kop']}\n  Jongeren die {one['telt']}")
        _say_all(one["zinnen"])


def _day(peildatum: datetime | None, last: date) -> date:
    return min(peildatum.date(), last) if peildatum is not None else last


def _asked(
    tables: "Tables", soorten: list[str] | None, tegenover: str | None
) -> "tuple[Vraag, ...]":
    """Return the questions that were meant; refuse a soort that is not there."""
    from dataclasses import replace

    from models.effect_vraag import SoortHulp, vragen

    every = vragen(tables)
    names = sorted({one.naam for one in every})
    for one in (*(soorten or ()), *((tegenover,) if tegenover else ())):
        if one not in names:
            raise typer.BadParameter(f"{one} is er niet; wel: {', '.join(names)}")
    found = tuple(one for one in every if not soorten or one.naam in soorten)
    if tegenover is None:
        return found
    rollen = {one.naam for one in every if one.hulp == SoortHulp.BEGELEIDING}
    both = [*(soorten or ()), tegenover]
    if len(both) != 2 or both[0] == both[1] or not rollen.issuperset(both):
        raise typer.BadParameter(ALLEEN_BEGELEIDING)
    return tuple(replace(one, tegenover=tegenover) for one in found)


def _say_all(sentences: Iterable[str]) -> None:
    for one in sentences:
        typer.echo(f"  {one}")
