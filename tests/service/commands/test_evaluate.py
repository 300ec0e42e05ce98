"""`vangnet evaluate` as an analyst runs it, on a small region."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from mlflow.tracking import MlflowClient

from models.store import OORDEEL_FILE, ModelStore
from service.evaluatie.plaats import FOLDER, HTML_FILE, JSON_FILE, report_of
from service.evaluatie.zinnen import samenvatting
from service.jobs import model_store, store
from service.settings import open_settings
from service.storage.audit import AuditRepository
from service.storage.engine import unit_of_work
from tests.service.promoveren import offer, promote_new
from tests.service.region import small_region, small_trainings
from tests.service.test_cli import Shell

QUICK = ("--vensters", "1", "--herhalingen", "20", "--zonder-ablatie", "--verzonnen")


@pytest.fixture(scope="module")
def bron(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bron")
    for name, frame in small_region().tables.items():
        frame.write_parquet(folder / f"{name}.parquet")
    return folder


def test_without_a_version_it_says_that_one_must_be_trained(
    bron: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, printed = Shell(tmp_path, capsys).run("evaluate", "--bron", bron)

    assert code == 1
    assert "vangnet train" in printed


@pytest.mark.slow
def test_a_new_version_is_laid_beside_the_one_in_use(
    bron: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shell, settings = Shell(tmp_path, capsys), open_settings(tmp_path)
    training, _ = small_trainings()
    with store(settings) as engine:
        models = promote_new(settings, [training])
        version = offer(engine, models, replace(training, metrics={}))
    out = tmp_path / "uit"

    code, printed = shell.run("evaluate", "--bron", bron, "--out", out, *QUICK)

    assert code == 0, printed
    assert "verzonnen gegevens" in printed
    found = json.loads((out / JSON_FILE).read_text(encoding="utf-8"))
    assert (found["over"]["versie"], found["over"]["in_gebruik"]) == (version, "1") == ("2", "1")
    assert set(found["kandidaten"]) == {"uitdager", "kampioen", "regel", "logistisch", "bos"}
    assert found["verschillen"]["kampioen"]["auc"] == {"waarde": 0, "laag": 0, "hoog": 0}
    assert found["capaciteit"]
    assert found["ablatie"] is None
    kept = {HTML_FILE, JSON_FILE, OORDEEL_FILE}
    assert kept_with_the_run(models, settings.tracking, version) == kept
    card = next(one for one in models.cards() if one.version == version)
    assert card.evaluatie == samenvatting(found)
    page = (out / HTML_FILE).read_text(encoding="utf-8")
    assert report_of(model_store(settings), "uitvalrisico", version).read_text() == page  # type: ignore[union-attr]  # it is there
    assert report_of(models, "uitvalrisico", "1") is None
    with store(settings) as engine, unit_of_work(engine, read_only=True) as session:
        assert list(AuditRepository(session).lines())[-1].actie == "vangnet evaluate"


def kept_with_the_run(models: ModelStore, tracking: str, version: str) -> set[str]:
    """Return what MLflow lists as the evaluation of a version."""
    assert models.artifacts("uitvalrisico", version).is_dir()
    client = MlflowClient(tracking_uri=tracking)
    run = str(client.get_model_version("uitvalrisico", version).run_id)
    return {Path(one.path).name for one in client.list_artifacts(run, FOLDER)}
