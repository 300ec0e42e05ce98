"""The region of an installation follows its store and its models, and never a spoiled model."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from time import monotonic

import polars as pl
import pytest
from mlflow.tracking import MlflowClient
from sqlalchemy import Engine

from models.errors import AlteredModelError
from models.store import SHA256, ModelStore
from service.errors import NoDataError
from service.privacy.correctie import correct
from service.privacy.rotatie import rotate
from service.rechten.toegang import SYSTEEM, looking_as
from service.regio import Regio
from service.settings import SETTINGS_FILE, Settings
from service.snapshot.holder import Holder
from service.snapshot.source import RegioSource
from service.storage.canonical import CanonicalRepository
from service.storage.engine import unit_of_work
from service.storage.persoonsrijen import known_ids, rekey
from tests.databases import open_migrated
from tests.service.conftest import make_settings
from tests.service.promoveren import promote_new
from tests.service.region import small_region, small_trainings
from tests.service.snapshot.test_stored import run

Place = tuple[Settings, Engine]
CORRECTED_WITHIN = 59.0
"""Seconds; a service looks each second whether something changed (TRUST P6)."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A data folder with a small region and its models."""
    settings = make_settings(tmp_path_factory.mktemp("bron"))
    engine = open_migrated(settings.database)
    with unit_of_work(engine) as session:
        number = run(session)
        for name, frame in small_region().tables.items():
            CanonicalRepository(session).merge(name, frame, number)
    train(settings)
    yield settings, engine
    engine.dispose()


def train(settings: Settings) -> ModelStore:
    """Let a newer version of each model score, the same but for its number."""
    return promote_new(settings, small_trainings())


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


def test_a_service_without_data_says_so(tmp_path: Path, place: Place) -> None:
    empty = make_settings(tmp_path)
    engine = open_migrated(empty.database)
    for models in (empty, place[0]):
        with pytest.raises(NoDataError):
            RegioSource(models, engine).load()
    engine.dispose()


def test_without_a_version_that_was_approved_the_region_works_on_without_scores(
    tmp_path: Path,
) -> None:
    settings = make_settings(tmp_path)
    engine = open_migrated(settings.database)
    with unit_of_work(engine) as session:
        number = run(session)
        for name, frame in small_region().tables.items():
            CanonicalRepository(session).merge(name, frame, number)
    models = ModelStore(settings.tracking, settings.models)
    for training in small_trainings():
        models.save(training)
    regio = RegioSource(settings, engine).load()
    engine.dispose()

    assert regio.gestopt == {"uitvalrisico", "plaatsing"}
    assert regio.scores.is_empty()
    assert regio.zonder_score()[1] > 100


def test_a_version_whose_files_were_altered_with_their_recorded_hash_is_refused(
    place: Place,
) -> None:
    settings, engine = place
    models = train(settings)
    card = models.card("plaatsing", models.versions("plaatsing")[-1])
    newest = max(settings.models.rglob("card.json"), key=lambda path: path.stat().st_mtime_ns)
    text = newest.read_text(encoding="utf-8")
    newest.write_text(text + " ", encoding="utf-8")
    with pytest.raises(AlteredModelError) as refused:
        models.load("plaatsing", card.version)
    client = MlflowClient(settings.tracking)
    client.set_model_version_tag("plaatsing", card.version, SHA256, refused.value.found)
    assert models.load("plaatsing", card.version).sha256 != card.sha256

    with pytest.raises(AlteredModelError):
        RegioSource(settings, engine).load()
    newest.write_text(text, encoding="utf-8")
    client.set_model_version_tag("plaatsing", card.version, SHA256, card.sha256)


def test_within_a_minute_of_a_correction_everybody_sees_the_new_score(place: Place) -> None:
    settings, engine = place
    source = RegioSource(settings, engine)
    holder: Holder[Regio] = Holder(source.load_ready, source.stamp)
    with unit_of_work(engine, read_only=True) as session:
        verzuim = CanonicalRepository(session).read("verzuim").sort("week")
    scored = pl.col("jongere_id").is_in(holder.get().scores["jongere_id"].to_list())
    wrong = verzuim.filter(scored, uren_ongeoorloofd=0).row(-1, named=True)
    jongere_id = wrong["jongere_id"]
    former = holder.get().uitvalrisico(jongere_id)
    began = monotonic()
    with unit_of_work(engine) as session:
        correct(
            session,
            jongere_id,
            tabel="verzuim",
            sleutel={"week": str(wrong["week"])},
            kolom="uren_ongeoorloofd",
            waarde=str(wrong["lesuren"]),
            reden="de school gaf het niet door",
            door="toets",
            op=datetime.now(UTC),
        )
    assert holder.renew()
    now = holder.get().uitvalrisico(jongere_id)
    assert monotonic() - began < CORRECTED_WITHIN

    assert now.invoer != former.invoer
    assert now.kans != former.kans
    assert now == RegioSource(settings, engine).load_ready().uitvalrisico(jongere_id)


def test_a_corrected_wish_gives_other_places(place: Place) -> None:
    settings, engine = place
    source = RegioSource(settings, engine)
    holder: Holder[Regio] = Holder(source.load_ready, source.stamp)
    matching = holder.get().matching
    jongere_id = next(one for one in matching.paren.zoekend if matching.suggesties(one).suggesties)
    with unit_of_work(engine) as session:
        wish = CanonicalRepository(session).read("voorkeur")
        day = wish.filter(pl.col("jongere_id") == jongere_id)["datum"].max()
        correct(
            session,
            jongere_id,
            tabel="voorkeur",
            sleutel={"datum": str(day)},
            kolom="reistijd_max",
            waarde="1",
            reden="reizen kan niet",
            door="toets",
            op=datetime.now(UTC),
        )
    assert holder.renew()
    assert holder.get().matching.suggesties(jongere_id).suggesties != (
        matching.suggesties(jongere_id).suggesties
    )


def test_after_a_key_rotation_everybody_sees_the_new_ids_as_a_new_source_does(
    place: Place,
) -> None:
    settings, engine = place
    keys = ("pseudonym_key", "session_key")
    (settings.data / SETTINGS_FILE).write_text(
        "".join(f'{one} = "{getattr(settings, one).get_secret_value()}"\n' for one in keys)
    )
    with looking_as(SYSTEEM), unit_of_work(engine) as session:
        ids = known_ids(session)
        rekey(session, {one: f"{number:032x}" for number, one in enumerate(ids)})
    source = RegioSource(settings, engine)
    holder: Holder[Regio] = Holder(source.load_ready, source.stamp)
    former = holder.get()
    old = frozenset(former.matching.paren.zoekend)

    assert rotate(engine, settings, op=datetime.now(UTC)) == len(ids)
    assert holder.renew()
    now, whole = holder.get(), RegioSource(settings, engine).load_ready()
    assert old.isdisjoint(now.matching.paren.zoekend)
    assert now.scores.equals(whole.scores)
    assert now.matching.paren.zoekend == whole.matching.paren.zoekend
    jongere_id = now.matching.paren.zoekend[3]
    assert now.matching.suggesties(jongere_id) == whole.matching.suggesties(jongere_id)
    assert not holder.renew()
