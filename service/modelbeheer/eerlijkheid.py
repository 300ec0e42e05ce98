"""The audit job: does a version treat people alike by what nobody else may read (TRUST F2-F4, F7).

The recipe of the version is fitted anew on earlier time, as an evaluation does, and scores later
time that it did not learn from. Only then do the protected attributes come in, to tell the rows
into groups; figures of groups of ten and more are all that leaves. What people decided about the
same rows stands beside it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any, Final

import polars as pl
from sqlalchemy import Engine

from features.contract import Tables
from models.beside import Live
from models.errors import ModelNotFoundError
from models.evaluate import proxy_lines
from models.evaluation import Fit, Holdout, backtest, pool
from models.fairness import DRAWS, Scored, select
from models.gate import Bevinding, Kleur, Oordeel, Regel
from models.leerwerkplek import PlaatsingModel
from models.measures import LIST_SHARE
from models.recipes import RECIPES
from models.store import ModelStore
from models.training import per_group
from models.uitvalrisico import UitvalrisicoModel
from service.audit.spoor import current_spoor
from service.bewaken.opvolging import trekkansen
from service.evaluatie.redenen import read_redenen
from service.evaluatie.uitvoeren import fit_again
from service.modelbeheer.kampioenen import in_use
from service.modelbeheer.na_besluit import (
    NIETS,
    NaBesluit,
    beside,
    chosen_by_people,
    over_lijst,
)
from service.privacy.beschermd import attributes_of
from service.settings import Settings
from service.storage.bewaken import BewakenRepository, Gekozen
from service.storage.engine import unit_of_work
from service.storage.groepstoets import GroepstoetsRepository, Toetssoort
from service.storage.na_besluit import Beslist, decided_after
from service.trainen import Opdracht, read_known

TOETS: Final = "groepstoets"
"""How a line in the audit log names a test: by its number."""
KEPT: Final = ("groepen", "groepsparen", "groepen_te_klein")
BEGIN: Final = datetime.combine(date(2000, 1, 1), time.min, UTC)

Say = Callable[[str], None]


@dataclass(frozen=True)
class Getoetst:
    """What a test found of a version: what the gate says, and plain data that is safe to show."""

    oordeel: Oordeel
    uitkomst: Mapping[str, Any]


@dataclass(frozen=True)
class _Besloten:
    """What people decided: whom they helped, and which places they chose."""

    gekozen: list[Gekozen]
    plekken: list[Beslist]


def judge_fairness(
    engine: Engine,
    models: ModelStore,
    settings: Settings,
    model: str,
    versie: str | None = None,
    *,
    seed: int = 1,
    draws: int = DRAWS,
    say: Say = lambda _: None,
) -> Getoetst:
    """Judge a version by the groups of the protected attributes, and keep what was found.

    Parameters
    ----------
    engine : Engine
        The store.
    models : ModelStore
        Where the versions are.
    settings : Settings
        With the key of the protected attributes.
    model : str
        Name of the model.
    versie : str, optional
        Which version; by default the one in use.
    seed, draws : int
        Of the fit and of the intervals.
    say : callable
        Told each step that begins, in Dutch.

    Raises
    ------
    ModelNotFoundError
        There is no such version, or none in use.
    SettingsError, RefusedError
        The attributes cannot be read here.
    NoDataError, TooLittleDataError
        There is too little to judge with.
    """
    live = in_use(engine, models, model)
    if versie is None and live is None:
        raise ModelNotFoundError(model, None)
    mine = models.load(model, versie or (live.versie if live else None))
    say("Gegevens lezen")
    with unit_of_work(engine, read_only=True) as session:
        tables, until = read_known(session, Opdracht())
        besloten = _Besloten(
            BewakenRepository(session).gekozen(), decided_after(session, since=BEGIN)
        )
        recorded = trekkansen(session, tables, until)
    known = attributes_of(engine, settings, tables["jongere"]["jongere_id"])
    current_spoor().about_everybody()
    say("Toetsen op een latere periode")
    fit = fit_again(RECIPES[model], mine, tables, until, seed, recorded)
    whole = pool(backtest(fit, windows=1))
    other = None if live is None or live.versie == mine.version else live
    found = by_attributes(model, whole, known, other, seed=seed, draws=draws)
    say("Kijken wat kenmerken verraden")
    found = with_proxies(found, fit, known, read_redenen(settings.data, model))
    say("Ernaast leggen wat mensen besloten")
    people = _of_people(model, whole, tables, known, besloten, seed=seed, draws=draws)
    uitkomst = {**found.uitkomst, "na_besluit": people.described()}
    with unit_of_work(engine) as session:
        number = GroepstoetsRepository(session).add(
            soort=Toetssoort.BESCHERMD.value,
            model=model,
            versie=mine.version,
            sha256=mine.sha256,
            bekend_tot=until,
            oordeel=found.oordeel.kleur.value,
            uitkomst=uitkomst,
            tijdstip=datetime.now(UTC),
        )
        current_spoor().note(TOETS, number)
    return replace(found, uitkomst=uitkomst)


def by_attributes(
    model: str,
    whole: Holdout,
    known: pl.DataFrame,
    live: Live | None,
    *,
    seed: int,
    draws: int = DRAWS,
) -> Getoetst:
    """Return what the gate says of held-out rows, told into groups by these attributes.

    Parameters
    ----------
    model : str
        Its name.
    whole : Holdout
        Scores on later time.
    known : DataFrame
        ``jongere_id`` and a column per attribute.
    live : Live, optional
        Another version that is in use, to hold beside it.
    seed, draws : int
        Of the intervals.
    """
    groups = _groups(whole.frame, known)
    held = replace(whole, groepen=groups)
    card = per_group([held], RECIPES[model].kind, live, seed=seed, draws=draws)
    shown = {(one["kenmerk"], one["waarde"]) for one in card["groepen"]}
    oordeel = _told(Oordeel.from_described(card["oordeel"]), shown)
    uitkomst = {name: card[name] for name in KEPT} | {
        "oordeel": oordeel.described(),
        "kenmerken": groups.columns,
        "zaad": seed,
    }
    return Getoetst(oordeel, uitkomst)


def with_proxies(
    found: Getoetst, fit: Fit, known: pl.DataFrame, reasons: Mapping[tuple[str, str], str]
) -> Getoetst:
    """Return a test that also tells what the features of a model betray of these attributes (F2).

    Where a feature, or all together, tell a group better than TRUST F2 allows without a written
    reason, somebody must sign for it: the verdict is orange at best.

    Parameters
    ----------
    found : Getoetst
        What the gate says.
    fit : Fit
        Of the version, with the examples that it learns from.
    known : DataFrame
        ``jongere_id`` and a column per attribute.
    reasons : mapping of (kenmerk, kolom) to str
        Written reasons.
    """
    groups = _groups(fit.history.frame, known)
    told = proxy_lines(replace(fit, history=replace(fit.history, groepen=groups)), reasons)
    oordeel = found.oordeel
    if told["rood"] and oordeel.kleur is not Kleur.ROOD:
        oordeel = replace(oordeel, kleur=Kleur.ORANJE)
    uitkomst = {**found.uitkomst, "proxies": told, "oordeel": oordeel.described()}
    return Getoetst(oordeel, uitkomst)


def _groups(rows: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return the attributes of the jongere of each row, in the order of the rows."""
    joined = rows.select("jongere_id").join(
        known, on="jongere_id", how="left", maintain_order="left"
    )
    return joined.drop("jongere_id")


def _told(oordeel: Oordeel, shown: set[tuple[str, str]]) -> Oordeel:
    """Return a verdict without the figures of groups that are not shown."""
    nothing = float("nan")
    return replace(
        oordeel,
        bevindingen=tuple(
            one
            if one.regel is not Regel.TE_WEINIG and (one.kenmerk, one.waarde) in shown
            else Bevinding(one.kleur, one.regel, one.kenmerk, one.waarde, nothing, nothing, nothing)
            for one in oordeel.bevindingen
        ),
    )


def _of_people(
    model: str,
    whole: Holdout,
    tables: Tables,
    known: pl.DataFrame,
    besloten: _Besloten,
    *,
    seed: int,
    draws: int,
) -> NaBesluit:
    """Return what people decided beside the model, by the same groups."""
    if model == UitvalrisicoModel.name:
        scored = Scored(
            whole.labels,
            whole.scores,
            whole.jongeren,
            select(whole.scores, whole.lists, LIST_SHARE),
        )
        chosen = chosen_by_people(whole.frame, besloten.gekozen)
        return over_lijst(scored, chosen, _groups(whole.frame, known), seed=seed, draws=draws)
    if model == PlaatsingModel.name and besloten.plekken:
        who = pl.DataFrame({"jongere_id": [one.jongere_id for one in besloten.plekken]})
        groups = _groups(who, known)
        return beside(besloten.plekken, tables, groups=groups, seed=seed, draws=draws)
    return NIETS
