import json
import shutil
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from mlflow.tracking import MlflowClient

from features.registry import names
from models.booster import BoosterConfig
from models.errors import AlteredModelError, ModelNotFoundError, NotPromotedError
from models.leerwerkplek import PlaatsingModel
from models.store import CHAMPION, SHA256, Champion, ModelStore
from models.training import Training


def pairs(n_rows: int, seed: int) -> pl.DataFrame:
    values = np.random.default_rng(seed).random((n_rows, len(PlaatsingModel.features)))
    return pl.DataFrame(values, schema=names(PlaatsingModel.features))


def trained(seed: int) -> Training:
    frame = pairs(300, seed)
    labels = (frame["uren_overlap"] > 0.5).cast(pl.Float64).to_numpy()
    model = PlaatsingModel.fit(
        frame,
        labels,
        calibration=(frame, labels),
        config=BoosterConfig(rounds=5, seeds=1),
        seed=seed,
    )
    metrics = {"auc": 0.75, "calibration_slope": float("nan")}
    return Training(
        model, metrics, {"model": "plaatsing", "wat": "de kans dat één plek past"}, "plaatsing"
    )


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two stored versions; making the tables of MLflow takes seconds, so once."""
    folder = tmp_path_factory.mktemp("modellen")
    store = open_store(folder)
    assert store.versions("plaatsing") == ()
    assert [store.save(trained(1)), store.save(trained(2))] == ["1", "2"]
    return folder


@pytest.fixture
def folder(database: Path, tmp_path: Path) -> Path:
    """A copy, which may be damaged; also shows that the folder can be moved."""
    copy = tmp_path / "elders"
    shutil.copytree(database, copy)
    return copy


def open_store(folder: Path) -> ModelStore:
    return ModelStore(f"sqlite:///{folder / 'mlflow.db'}", folder / "bestanden")


def promote(store: ModelStore, version: str) -> None:
    store.promote("plaatsing", version, sha256=store.card("plaatsing", version).sha256)


def test_only_the_version_that_was_promoted_last_is_loaded_by_itself(folder: Path) -> None:
    store = open_store(folder)
    assert store.versions("plaatsing") == ("1", "2")
    with pytest.raises(NotPromotedError):
        store.load("plaatsing")
    assert store.champion("plaatsing") is None

    loaded = []
    for version in ("2", "1"):
        promote(store, version)
        loaded.append(store.load("plaatsing").version)

    assert loaded == ["2", "1"]
    assert store.champion("plaatsing") == Champion("1", store.card("plaatsing", "1").sha256)
    store.demote("plaatsing")
    with pytest.raises(NotPromotedError):
        store.load("plaatsing")


def test_a_version_with_another_hash_than_was_approved_is_not_promoted(folder: Path) -> None:
    store = open_store(folder)
    promote(store, "1")

    with pytest.raises(AlteredModelError):
        store.promote("plaatsing", "2", sha256=store.card("plaatsing", "1").sha256)

    assert store.load("plaatsing").version == "1"


def test_an_alias_that_somebody_set_by_hand_makes_no_champion(folder: Path) -> None:
    store = open_store(folder)
    client = MlflowClient(f"sqlite:///{folder / 'mlflow.db'}")
    client.set_registered_model_alias("plaatsing", CHAMPION, "2")

    with pytest.raises(NotPromotedError):
        store.load("plaatsing")


def test_files_and_their_recorded_hash_changed_together_are_not_those_promoted(
    folder: Path,
) -> None:
    store = open_store(folder)
    promote(store, "2")
    for path in folder.rglob("card.json"):
        path.write_text("{}", encoding="utf-8")
    with pytest.raises(AlteredModelError) as refused:
        store.load("plaatsing")
    client = MlflowClient(f"sqlite:///{folder / 'mlflow.db'}")
    client.set_model_version_tag("plaatsing", "2", SHA256, refused.value.found)

    with pytest.raises(AlteredModelError):
        store.load("plaatsing")


def test_a_loaded_model_gives_the_scores_that_it_gave_when_saved(folder: Path) -> None:
    stored = open_store(folder).load("plaatsing", "1")

    scores = stored.model.predict(pairs(50, 9))

    assert np.abs(scores - trained(1).model.predict(pairs(50, 9))).max() < 1e-12
    assert stored.card["wat"] == "de kans dat één plek past"
    assert len(stored.sha256) == 64


@pytest.mark.parametrize("file", ["trees_0_0.txt", "stack.json", "card.json"])
def test_an_altered_file_is_refused(folder: Path, file: str) -> None:
    store = open_store(folder)
    for path in folder.rglob(file):
        path.write_text(path.read_text(encoding="utf-8") + " ", encoding="utf-8")

    with pytest.raises(AlteredModelError) as refused:
        store.load("plaatsing", "2")

    assert refused.value.version == "2"
    assert refused.value.found != refused.value.expected


def test_an_added_file_is_refused(folder: Path) -> None:
    for path in list(folder.rglob("stack.json")):
        (path.parent / "trees_9.txt").write_text("tree", encoding="utf-8")

    with pytest.raises(AlteredModelError):
        open_store(folder).load("plaatsing", "2")


@pytest.mark.parametrize(
    ("name", "version"), [("uitvalrisico", None), ("plaatsing", "3"), ("werkproces", None)]
)
def test_what_is_not_stored_is_not_found(folder: Path, name: str, version: str | None) -> None:
    with pytest.raises(ModelNotFoundError) as missing:
        open_store(folder).load(name, version)

    assert (missing.value.model, missing.value.version) == (name, version)


def test_files_that_are_gone_are_not_found(folder: Path) -> None:
    shutil.rmtree(folder / "bestanden")

    with pytest.raises(ModelNotFoundError):
        open_store(folder).load("plaatsing", "2")


def test_a_moved_store_takes_new_versions_in_its_new_place(folder: Path) -> None:
    store = open_store(folder)

    version = store.save(trained(3))

    assert store.load("plaatsing", version).version == "3"
    assert len(list(folder.rglob("stack.json"))) == 3


def test_a_stored_model_is_plain_text(folder: Path) -> None:
    for path in (folder / "bestanden").rglob("*"):
        if path.is_file():
            assert path.suffix in {".txt", ".json"}
            path.read_text(encoding="utf-8")
    described = json.loads(next(folder.rglob("stack.json")).read_text(encoding="utf-8"))
    assert described["columns"] == names(PlaatsingModel.features)
