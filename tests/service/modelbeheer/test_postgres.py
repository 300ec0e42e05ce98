"""Train, promote and go back with the store and the register of models both on PostgreSQL (F11)."""

from pathlib import Path

import pytest
from mlflow.tracking import MlflowClient
from typer.testing import CliRunner

from models.errors import AlteredModelError
from models.store import CHAMPION, PROMOTED, ModelStore
from models.training import QUICK
from service.cli import app
from service.modelbeheer.kampioenen import champions, in_use
from service.settings import Settings, open_settings
from service.storage.engine import open_engine, unit_of_work
from tests.conftest import PostgresServer
from tests.databases import open_migrated
from tests.service.promoveren import KEURDER, REDEN, TRAINER, add_analisten
from tests.service.region import small_region

MODEL = "uitvalrisico"


@pytest.fixture
def settings(
    postgres: PostgresServer,
    postgres_template: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Settings:
    """Return an installation with two analysts, of which nothing lies in SQLite."""
    for name, url in (
        ("VANGNET_DATABASE_URL", postgres.create(postgres_template)),
        ("VANGNET_TRACKING_URL", postgres.create()),
    ):
        monkeypatch.setenv(name, url.replace("postgresql+psycopg://", "postgresql://"))
    monkeypatch.setattr("models.training.THOROUGH", QUICK)
    settings = open_settings(tmp_path / "regio")
    engine = open_migrated(settings.database)
    with unit_of_work(engine) as session:
        add_analisten(session)
    engine.dispose()
    return settings


def run(settings: Settings, *words: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["--data", str(settings.data), *map(str, words)])
    return done.exit_code, done.output


def champion(settings: Settings) -> tuple[str, str]:
    """Return the version of the alias as MLflow tells it, and the one of the table of besluiten."""
    known = MlflowClient(settings.tracking, settings.tracking).get_registered_model(MODEL)
    engine = open_engine(settings.database)
    with unit_of_work(engine, read_only=True) as session:
        told = champions(session)[MODEL].version
    engine.dispose()
    return str(known.aliases[CHAMPION]), told


def worker(settings: Settings) -> ModelStore:
    """Return the register as another process sees it."""
    return ModelStore(settings.tracking, settings.models)


@pytest.mark.slow
@pytest.mark.postgres
def test_two_versions_are_trained_promoted_and_put_back_on_postgresql(
    settings: Settings, tmp_path: Path
) -> None:
    bron = tmp_path / "bron"
    bron.mkdir()
    for name, frame in small_region().tables.items():
        frame.write_parquet(bron / f"{name}.parquet")
    for seed in ("1", "2"):
        words = ("train", MODEL, "--bron", bron, "--door", TRAINER, "--seed", seed)
        assert run(settings, *words)[0] == 0
    sign = ("--door", KEURDER, "--reden", REDEN)

    for version in ("1", "2"):
        code, told = run(settings, "promote", MODEL, version, *sign)
        assert code == 0, told
        assert champion(settings) == (version, version)
        assert worker(settings).load(MODEL).version == version
    code, told = run(settings, "rollback", MODEL, *sign)
    assert code == 0, told
    assert champion(settings) == ("1", "1")

    models = worker(settings)
    loaded, tags = models.load(MODEL), MlflowClient(settings.tracking).get_model_version(MODEL, "1")
    assert (loaded.version, loaded.sha256) == ("1", tags.tags[PROMOTED])
    assert not list(settings.data.glob("*.db"))
    (card,) = models.artifacts(MODEL, "1").rglob("card.json")
    card.write_text(card.read_text(encoding="utf-8") + " ", encoding="utf-8")
    with pytest.raises(AlteredModelError):
        worker(settings).load(MODEL)
    engine = open_engine(settings.database)
    assert in_use(engine, worker(settings), MODEL) is None
    engine.dispose()
