"""Training on what is stored: the tables of a region in, stored versions of models out."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial

from models.errors import TooLittleDataError
from models.evaluation import EvaluationConfig
from models.plaatsing_training import train_plaatsing
from models.praktijkverklaring_training import train_werkproces
from models.study import Search
from models.training import NO_SEARCH, QUICK, Training, train_uitvalrisico
from service.audit.spoor import current_spoor
from service.jobs import model_store, store
from service.koppelingen import read_tables
from service.modelbeheer.aanbieden import aanbieden
from service.modelbeheer.wie import analist_of
from service.privacy.bezwaar import without_objectors
from service.settings import Settings
from service.snapshot.source import check_data
from service.storage.canonical import CanonicalRepository
from service.storage.engine import unit_of_work

TE_WEINIG_GELEERD = "werkproces: te weinig beoordeeld voor en na stages; er zijn nog geen routes"


def train_models(
    settings: Settings,
    *,
    seed: int,
    say: Callable[[str], None],
    evaluation: EvaluationConfig = QUICK,
    search: Search = NO_SEARCH,
    door: str = "",
) -> Iterator[str]:
    """Train the models on the store and save them; yields one line of figures per model.

    That of learning werkprocessen is left out where too little was judged to learn from.

    Parameters
    ----------
    settings : Settings
        Of the data folder.
    seed : int
        The same data and seed give the same models.
    say : callable
        Told each step that begins, in Dutch.
    evaluation : EvaluationConfig
        How much the uitvalrisico is tested.
    search : Search
        Settings of its trees to try first.
    door : str
        Account of the analist who has them trained; somebody else approves. Without one they are
        there to look at, and can never be promoted.

    Raises
    ------
    RefusedError
        There is no such account with the role analist.
    NoDataError
        The store is empty.
    """
    say("Gegevens lezen")
    with store(settings) as engine, unit_of_work(engine, read_only=True) as session:
        if door:
            analist_of(session, door)
        repository = CanonicalRepository(session)
        observed_until = check_data(repository)
        tables = without_objectors(session, read_tables(session))
    # a record of each in the processing log, as the standard asks where persons are many (P10)
    current_spoor().about(*tables["jongere"]["jongere_id"])
    uitvalrisico = partial(train_uitvalrisico, evaluation=evaluation, search=search)
    for train in (uitvalrisico, train_plaatsing):
        training: Training = train(tables, observed_until=observed_until, seed=seed, progress=say)
        yield _summary(training, _save(settings, training, door))
    try:
        learned = train_werkproces(tables, observed_until=observed_until, seed=seed, progress=say)
    except TooLittleDataError:
        yield TE_WEINIG_GELEERD
    else:
        yield _summary(learned, _save(settings, learned, door))


def _save(settings: Settings, training: Training, door: str) -> str:
    """Store a version and offer it for approval; return its version."""
    models = model_store(settings)
    version = models.save(training, trainer=door)
    with store(settings) as engine:
        op = datetime.now(UTC)
        aanbieden(engine, models, training.name, version, trainer=door, op=op)
    return version


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
