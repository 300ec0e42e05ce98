"""The region of an installation follows its store and its models, and never a spoiled model."""

from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import Engine

from models.errors import AlteredModelError
from models.plaatsing_training import train_plaatsing
from models.store import ModelStore
from models.training import Training, train_uitvalrisico
from service.errors import NoDataError, NoModelError
from service.regio import Regio
from service.settings import Settings
from service.snapshot.holder import Holder
from service.snapshot.source import RegioSource
from service.storage.canonical import CanonicalRepository
from service.storage.engine import open_engine, unit_of_work
from service.storage.migrate import migrate
from tests.service.conftest import make_settings
from tests.service.region import CONFIG, QUICK, small_region
from tests.service.snapshot.test_stored import run

Place = tuple[Settings, Engine]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A data folder with a small region and its models."""
    settings = make_settings(tmp_path_factory.mktemp("bron"))
    engine = open_engine(settings.database, synchronous="OFF")
    migrate(engine)
    with unit_of_work(engine) as session:
        number = run(session)
        for name, frame in small_region().tables.items():
            CanonicalRepository(session).merge(name, frame, number)
    train(settings)
    yield settings, engine
    engine.dispose()


@cache
def trainings() -> tuple[Training, ...]:
    return tuple(
        kind(
            small_region().tables,
            observed_until=CONFIG.peildatum,
            seed=1,
            progress=lambda _: None,
            config=QUICK,
        )
        for kind in (train_uitvalrisico, train_plaatsing)
    )


def train(settings: Settings) -> ModelStore:
    """Store a newer version of each model, the same but for its number."""
    store = ModelStore(settings.tracking, settings.models)
    for training in trainings():
        store.save(training)
    return store


def widen(engine: Engine, plek: int) -> None:
    with unit_of_work(engine) as session:
        frame = CanonicalRepository(session).read("leerwerkplek")
        row = frame[plek].with_columns(pl.col("capaciteit") + 2)
        CanonicalRepository(session).merge("leerwerkplek", row, run(session))


def test_after_a_change_the_same_source_returns_what_a_new_one_does(place: Place) -> None:
    settings, engine = place
    source = RegioSource(settings, engine)
    first = source.load_ready()
    widen(engine, 4)
    now, whole = source.load_ready(), RegioSource(settings, engine).load_ready()

    assert now.stempel != first.stempel
    assert now.scores.equals(whole.scores)
    assert now.matching.paren.plekken == whole.matching.paren.plekken
    assert (
        now.matching.paren.plekken[4].capaciteit == first.matching.paren.plekken[4].capaciteit + 2
    )
    crowds = now.matching.paren.crowd(), whole.matching.paren.crowd()
    assert (crowds[0].best == crowds[1].best).all()
    assert (crowds[0].kansen == crowds[1].kansen).all()


def test_another_stamp_comes_of_a_change_and_of_training_and_of_nothing_else(place: Place) -> None:
    settings, engine = place
    source = RegioSource(settings, engine)
    stamps = [source.stamp(), source.stamp()]
    widen(engine, 6)
    stamps += [source.stamp(), source.stamp()]
    train(settings)
    stamps += [source.stamp(), source.stamp()]

    assert [one == other for one, other in pairwise(stamps)] == [
        True,
        False,
        True,
        False,
        True,
    ]


def test_a_model_is_read_again_only_when_there_is_a_newer_one(place: Place) -> None:
    settings, engine = place
    source = RegioSource(settings, engine)
    first = source.load()
    widen(engine, 8)
    second = source.load()
    train(settings)

    assert second.matching.paren.scorer is first.matching.paren.scorer
    assert source.load().matching.paren.scorer is not first.matching.paren.scorer


def test_a_new_model_of_which_the_file_was_altered_is_refused_and_the_former_goes_on(
    place: Place,
) -> None:
    settings, engine = place
    source = RegioSource(settings, engine)
    holder: Holder[Regio] = Holder(source.load_ready, source.stamp)
    former = holder.get()
    store = train(settings)
    newest = max(settings.models.rglob("trees_0_0.txt"), key=lambda path: path.stat().st_mtime_ns)
    text = newest.read_text(encoding="utf-8")
    newest.write_text(text.replace("leaf_value=0", "leaf_value=1", 1) + " ", encoding="utf-8")

    with pytest.raises(AlteredModelError):
        holder.renew()
    assert holder.get() is former
    newest.write_text(text, encoding="utf-8")
    assert holder.renew()
    served = holder.get().matching.herkomst
    assert served is not None
    assert served.versie == store.versions("plaatsing")[-1]


def test_a_service_without_data_or_without_models_says_so(tmp_path: Path, place: Place) -> None:
    empty = make_settings(tmp_path)
    engine = open_engine(empty.database, synchronous="OFF")
    migrate(engine)
    with pytest.raises(NoModelError):
        RegioSource(empty, engine).load()
    with pytest.raises(NoDataError):
        RegioSource(place[0], engine).load()
    engine.dispose()
