"""An evaluation as it is asked: a stored version beside the one in use, on what is stored."""

import json
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import polars as pl
from sqlalchemy.orm import Session

from features.contract import Tables
from models.beside import Live
from models.errors import ModelNotFoundError, TooLittleDataError
from models.evaluate import Plan, evaluate, on_newer, settings_of
from models.evaluation import Fit
from models.leerwerkplek import PlaatsingModel
from models.plaatsing_training import PlaatsingLearner
from models.provenance import fingerprint
from models.recipes import RECIPES, Recipe
from models.store import OORDEEL_FILE, ModelStore, StoredModel
from service.audit.spoor import current_spoor
from service.bewaken.opvolging import trekkansen
from service.evaluatie.plaats import FOLDER, HTML_FILE, JSON_FILE
from service.evaluatie.redenen import read_redenen
from service.evaluatie.verslag import verslag
from service.evaluatie.zinnen import samenvatting
from service.jobs import model_store, store
from service.modelbeheer.kampioenen import champions, in_use
from service.settings import Settings
from service.storage.engine import unit_of_work
from service.storage.groepstoets import GroepstoetsRepository, Toetssoort
from service.suggestielog.herkomst import code_version
from service.trainen import Opdracht, Say, read_known

VERZONNEN: Final = "verzonnen"
"""Word in a column ``bron`` by which made-up tables name themselves."""


@dataclass(frozen=True)
class Vraag:
    """What is asked of an evaluation.

    Parameters
    ----------
    model : str
        Name of the model.
    versie : str, optional
        The version to judge; by default the newest.
    peildatum : date, optional
        Last day of which anything counts as known.
    bron : Path, optional
        Folder of canonical tables, instead of the store.
    plan : Plan
        How it is done.
    seed : int
        The same data and seed give the same figures.
    verzonnen : bool
        Whether the data are known to be made up; tables that say so themselves count too.
    """

    model: str
    versie: str | None = None
    peildatum: date | None = None
    bron: Path | None = None
    plan: Plan = field(default_factory=Plan)
    seed: int = 1
    verzonnen: bool = False


@dataclass(frozen=True)
class Uitkomst:
    """What came of it: the version, the figures as data, and the report as one file."""

    versie: str
    gegevens: dict[str, Any]

    @property
    def als_json(self) -> str:
        """The figures as canonical JSON: keys in order, so that equal figures are equal files."""
        text = json.dumps(
            self.gegevens, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False
        )
        return text + "\n"

    @property
    def als_html(self) -> str:
        """The report: one page that stands alone."""
        return verslag(self.gegevens)

    def write(self, folder: Path) -> None:
        """Write both files into a folder, which is made when absent."""
        folder.mkdir(parents=True, exist_ok=True)
        _write_whole(folder / JSON_FILE, self.als_json)
        _write_whole(folder / HTML_FILE, self.als_html)


def evalueer(settings: Settings, vraag: Vraag, *, say: Say) -> Uitkomst:
    """Judge a stored version beside the one in use and simple rivals, and keep it with its run.

    Parameters
    ----------
    settings : Settings
        Of the data folder.
    vraag : Vraag
        What is asked.
    say : callable
        Told each step that begins, in Dutch.

    Raises
    ------
    ModelNotFoundError
        The version, or any version, is not stored.
    NoDataError, FileError
        There are no data, or a file cannot be used.
    TooLittleDataError
        Data are too few to judge with, or the version is a rule for want of data.
    """
    models, recipe = model_store(settings), RECIPES[vraag.model]
    reasons = read_redenen(settings.data, vraag.model)
    mine = models.load(vraag.model, vraag.versie or _newest(models, vraag.model))
    with store(settings) as engine:
        say("Gegevens lezen")
        live = in_use(engine, models, vraag.model)
        order = Opdracht(peildatum=vraag.peildatum, bron=vraag.bron)
        with unit_of_work(engine, read_only=True) as session:
            tables, until = read_known(session, order)
            besloten = _besloten(session, vraag.model)
            recorded = trekkansen(session, tables, until)
    # a record of each in the processing log, as the standard asks where persons are many (P10)
    current_spoor().about(*tables["jongere"]["jongere_id"])
    say("Voorbeelden uit het verleden maken")
    fit = fit_again(recipe, mine, tables, until, vraag.seed, recorded)
    champion = _champion(recipe, fit, live)
    found = evaluate(fit, champion, plan=vraag.plan, reasons=reasons, progress=say)
    if live is not None and champion is not None and live.versie != mine.version:
        stored = Live(mine.model, mine.version, _known_until(mine, until))
        found["bestanden"] = on_newer(stored, live, fit, draws=vraag.plan.draws)
    found["na_besluit"] = besloten
    found["over"] = {
        "model": vraag.model,
        "versie": mine.version,
        "sha256": mine.sha256,
        "in_gebruik": None if live is None else live.versie,
        "bekend_tot": until.isoformat(),
        "gegevens_sha256": (digest := fingerprint(tables)),
        "zelfde_gegevens": mine.card.get("herkomst", {}).get("gegevens_sha256") == digest,
        "zaad": vraag.seed,
        "code": code_version(),
        "verzonnen": vraag.verzonnen or made_up(tables),
    }
    made = Uitkomst(mine.version, found)
    folder = models.artifacts(vraag.model, mine.version) / FOLDER
    made.write(folder)
    _write_whole(folder / OORDEEL_FILE, json.dumps(samenvatting(found)))
    return made


def _write_whole(path: Path, text: str) -> None:
    """Write a file whole or not at all: the pages may read it at this moment."""
    scratch = path.with_name(f".{path.name}.nieuw")
    scratch.write_text(text, encoding="utf-8")
    scratch.replace(path)


def _besloten(session: Session, model: str) -> dict[str, Any] | None:
    """Return what the watch last found of people beside the version in use; None for nothing."""
    live = champions(session).get(model)
    if live is None:
        return None
    newest = GroepstoetsRepository(session).newest(
        Toetssoort.NA_BESLUIT, model, live.version, live.sha256
    )
    if newest is None:
        return None
    told = {"versie": live.version, "op": newest.tijdstip.date().isoformat()}
    return {**newest.uitkomst, **told}


def made_up(tables: Tables) -> bool:
    """Return whether tables say of themselves, in a column ``bron``, that they are made up."""
    return any(
        bool(frame["bron"].cast(pl.String).str.contains(VERZONNEN).any())
        for frame in tables.values()
        if "bron" in frame.columns
    )


def _newest(models: ModelStore, name: str) -> str:
    known = models.versions(name)
    if not known:
        raise ModelNotFoundError(name, None)
    return known[-1]


def fit_again(
    recipe: Recipe,
    mine: StoredModel,
    tables: Tables,
    until: date,
    seed: int,
    recorded: pl.DataFrame,
) -> Fit:
    """Return how a stored version is fitted anew, to be judged on time it did not learn from.

    `recorded` is what the log knows of how stages came about (`models.propensity.RECORDED`).

    Raises
    ------
    TooLittleDataError
        The version is a rule for want of data.
    """
    config = settings_of(mine.model, recipe.config)
    if config is None:
        raise TooLittleDataError(recipe.kind.name, "jongeren", mine.model.n_positief, 25)
    history = recipe.history(tables, observed_until=until)
    learn = None
    if issubclass(recipe.kind, PlaatsingModel):
        learn = PlaatsingLearner.of(tables, history.frame, seed=seed, recorded=recorded)
    return Fit(recipe.kind, recipe.rule, history, until, config, seed, learn)


def _champion(recipe: Recipe, fit: Fit, live: Live | None) -> Fit | None:
    """Return how the model in use is fitted anew; None without one, or where it is a rule."""
    config = None if live is None else settings_of(live.model, recipe.config)
    return None if config is None else replace(fit, config=config)


def _known_until(mine: StoredModel, until: date) -> date:
    told = mine.card.get("gegevens", {}).get("bekend_tot")
    return until if told is None else date.fromisoformat(told)
