"""Training on what is stored: the tables of a region in, stored versions of models out."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from features.contract import Tables
from features.peildatum import cut_to_peildatum
from models.beside import Live
from models.distributed import Cluster, open_cluster
from models.errors import TooLittleDataError
from models.evaluation import EvaluationConfig
from models.leerwerkplek import PlaatsingModel
from models.provenance import fingerprint, ordered, with_herkomst
from models.recipes import RECIPES
from models.store import ModelStore
from models.study import Search, prepare_storage
from models.training import NO_SEARCH, QUICK, Training
from models.tuning import Tuned, searched
from models.uitvalrisico import UitvalrisicoModel
from service.audit.spoor import current_spoor
from service.bewaken.opvolging import trekkansen
from service.bewaken.verschuiving import with_stand
from service.bronmap import read_bronmap
from service.jobs import model_store, store
from service.koppelingen import read_tables
from service.modelbeheer.aanbieden import aanbieden
from service.modelbeheer.kampioenen import in_use
from service.modelbeheer.wie import analist_of
from service.privacy.bezwaar import without_objectors
from service.publicatie.feiten import git_commit
from service.settings import Settings
from service.snapshot.source import check_data, newest_day
from service.storage.alone import alone
from service.storage.canonical import CanonicalRepository
from service.storage.engine import unit_of_work
from service.suggestielog.herkomst import code_version

ALLE = tuple(RECIPES)
"""Models that can be trained, in order."""
TE_WEINIG_GELEERD = "werkproces: te weinig beoordeeld voor en na stages; er zijn nog geen routes"

ZOEKEN = "Instellingen zoeken voor {name}"

Say = Callable[[str], None]


@dataclass(frozen=True)
class Opdracht:
    """What is asked of a training.

    Parameters
    ----------
    modellen : tuple of str
        Which models, of `ALLE`.
    seed : int
        The same data and seed give the same models and the same figures.
    door : str
        Account of the analist who trains; without one a version can never be promoted.
    peildatum : date, optional
        Last day of which anything counts as known; by default the newest day in the data.
    bron : Path, optional
        Folder of canonical tables to train on instead of the store.
    search : Search
        Budget of the search for settings of the trees, for each model; its place is chosen here.
    evaluation : EvaluationConfig
        How much the uitvalrisico is tested.
    distributed : bool
        Whether the work is dealt over the machines of a Dask cluster.
    """

    modellen: tuple[str, ...] = ALLE
    seed: int = 1
    door: str = ""
    peildatum: date | None = None
    bron: Path | None = None
    search: Search = NO_SEARCH
    evaluation: EvaluationConfig = QUICK
    distributed: bool = False


def train_models(settings: Settings, opdracht: Opdracht, *, say: Say) -> Iterator[str]:
    """Train models and store them for a second person to approve; yields a line for each.

    That of learning werkprocessen is left out where too little was judged to learn from.

    Parameters
    ----------
    settings : Settings
        Of the data folder.
    opdracht : Opdracht
        What is asked.
    say : callable
        Told each step that begins, in Dutch.

    Raises
    ------
    NoDataError
        There are no data.
    FileError
        The folder to train on cannot be used.
    RefusedError
        Who trains is no open account with the role analist.
    LeakError, OtherStudyError
        See `models.training.train_uitvalrisico`.
    NoClusterError
        There is no cluster to train on.
    """
    models = model_store(settings)
    machines = open_cluster(settings.dask_scheduler) if opdracht.distributed else nullcontext()
    with machines as cluster, _started(settings, opdracht, say) as (engine, start):
        herkomst = {
            "code": code_version(),
            "git": git_commit() or "",
            "gegevens_sha256": fingerprint(start.tables),
            "bekend_tot": start.until.isoformat(),
            "zaad": str(opdracht.seed),
            "machines": "1" if cluster is None else str(len(cluster.workers)),
        }
        for name in opdracht.modellen:
            try:
                live = in_use(engine, models, name)
                training = _train(name, start, opdracht, cluster, say, live)
            except TooLittleDataError:
                yield TE_WEINIG_GELEERD
            else:
                told = with_stand(with_herkomst(training, herkomst), start.tables, start.until)
                yield _summary(told, _keep(engine, models, told, opdracht.door))


def search_settings(settings: Settings, opdracht: Opdracht, *, say: Say) -> Iterator[str]:
    """Take part in the searches of a training elsewhere, without making a model.

    Parameters, errors as `train_models`; yields a line for each model.
    """
    with _started(settings, opdracht, say) as (_, start):
        for name in opdracht.modellen:
            say(ZOEKEN.format(name=name))
            recipe = RECIPES[name]
            history = recipe.history(start.tables, observed_until=start.until)
            tuned = searched(
                recipe.kind, history, recipe.trees, search=start.search, seed=opdracht.seed
            )
            yield _searched(name, tuned)


@dataclass(frozen=True)
class _Start:
    """What every model of one training begins with."""

    tables: Tables
    until: date
    search: Search
    recorded: pl.DataFrame


@contextmanager
def _started(settings: Settings, opdracht: Opdracht, say: Say) -> Iterator[tuple[Engine, _Start]]:
    """Open the store and read what is asked for; who trains is checked before anything else."""
    search = opdracht.search
    with store(settings) as engine:
        if search.wanted:
            with alone(settings.tracking):
                model_store(settings).prepare()
                prepare_storage(settings.tracking)
            search = replace(search, storage=settings.tracking)
        say("Gegevens lezen")
        with unit_of_work(engine, read_only=True) as session:
            if opdracht.door:
                analist_of(session, opdracht.door)
            tables, until = read_known(session, opdracht)
            recorded = trekkansen(session, tables, until)
        # a record of each in the processing log, as the standard asks where persons are many (P10)
        current_spoor().about(*tables["jongere"]["jongere_id"])
        yield engine, _Start(tables, until, search, recorded)


def read_known(session: Session, opdracht: Opdracht) -> tuple[Tables, date]:
    """Return the tables to train on, in order, and the last day of which they know anything.

    Nobody who objects is in them.

    Raises
    ------
    NoDataError
        There are no data.
    FileError
        The folder cannot be used.
    """
    if opdracht.bron is None:
        until = check_data(CanonicalRepository(session))
        tables: Tables = read_tables(session)
    else:
        tables = read_bronmap(opdracht.bron)
        until = newest_day(tables)
    if opdracht.peildatum is not None and opdracht.peildatum < until:
        until = opdracht.peildatum
        tables = cut_to_peildatum(tables, until)
    return ordered(without_objectors(session, tables)), until


def _train(
    name: str,
    start: _Start,
    opdracht: Opdracht,
    cluster: Cluster | None,
    say: Say,
    live: Live | None,
) -> Training:
    """Train one model; `live` is the version in use, to hold beside it."""
    own: dict[str, dict[str, Any]] = {
        UitvalrisicoModel.name: {"evaluation": opdracht.evaluation, "live": live},
        PlaatsingModel.name: {"recorded": start.recorded},
    }
    return RECIPES[name].train(
        start.tables,
        observed_until=start.until,
        seed=opdracht.seed,
        progress=say,
        search=start.search,
        cluster=cluster,
        **own.get(name, {}),
    )


def _keep(engine: Engine, models: ModelStore, training: Training, door: str) -> str:
    """Store a version and offer it to a second person; returns the version."""
    version = models.save(training, trainer=door)
    aanbieden(engine, models, training.name, version, trainer=door, op=datetime.now(UTC))
    return version


def _searched(name: str, tuned: Tuned) -> str:
    if tuned.study is None:
        return f"{name}: te weinig gegevens om instellingen te zoeken"
    found = tuned.study
    return (
        f"{name}: studie {found.name} telt {found.complete + found.pruned} proeven; het beste "
        f"verlies is nu {found.loss:.5f}"
    )


def _summary(training: Training, version: str) -> str:
    found = training.metrics
    if training.model.te_weinig_gegevens:
        return (
            f"{training.name} versie {version}: te weinig gegevens voor een model ("
            f"{training.model.n_positief} jongeren met deze uitkomst); een eenvoudige regel, met "
            "brede marges"
        )
    return (
        f"{training.name} versie {version}: AUC {found['auc']:.3f} "
        f"({found['auc_low']:.3f}-{found['auc_high']:.3f}), "
        f"de eenvoudige regel {found['baseline_auc']:.3f}; "
        f"Brier {found['brier']:.4f}, de regel {found['baseline_brier']:.4f}"
    )
