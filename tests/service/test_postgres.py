"""The same commands on PostgreSQL: from files to a page, with nothing but another address."""

from pathlib import Path

import polars as pl
import pytest
from fastapi.testclient import TestClient

from service.app import create_app
from service.jobs import open_regio, regio_stamp
from service.privacy.pseudoniemen import Pseudoniemen
from service.privacy.sleutels import Domein, Sleutels
from service.settings import open_settings
from service.storage.engine import open_engine
from tests.conftest import PostgresServer
from tests.service.conftest import OWN_SITE
from tests.service.promoveren import promote_new
from tests.service.region import small_region, small_trainings
from tests.service.test_cli import Shell

pytestmark = pytest.mark.postgres


@pytest.fixture
def shell(
    postgres: PostgresServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Shell:
    """Return a shell on an empty PostgreSQL database, by the setting of the README."""
    url = postgres.create().replace("postgresql+psycopg://", "postgresql://")
    monkeypatch.setenv("VANGNET_DATABASE_URL", url)
    return Shell(tmp_path / "regio", capsys)


@pytest.mark.slow
def test_the_commands_and_the_pages_agree_on_postgresql(shell: Shell, tmp_path: Path) -> None:
    files, out = tmp_path / "canoniek", tmp_path / "risico.csv"
    files.mkdir()
    for name, frame in small_region().tables.items():
        frame.write_parquet(files / f"{name}.parquet")
    assert shell.run("import", files)[0] == 0
    promote_new(open_settings(shell.data), small_trainings())
    code, printed = shell.run("score", "--out", out)
    assert code == 0, printed
    shell.run("organisatie", "--uit-gegevens", "--regio", "Achterhoek")
    at = ["--rol", "loopbaancoach", "--organisatie", "Doorstroompunt Achterhoek"]
    link = shell.run("gebruiker", "anna", *at)[1].split("link=")[1].strip()
    wachtwoord = "een lang en goed wachtwoord"
    settings = open_settings(shell.data)

    stamp = regio_stamp(settings)
    app = create_app(settings, load_regio=lambda: open_regio(settings), regio_stamp=stamp)
    with TestClient(app, headers=OWN_SITE) as client:
        nobody = client.post("/inloggen", data={"naam": "an\x00na", "wachtwoord": wachtwoord})
        chosen = {"link": link, "wachtwoord": wachtwoord, "nogmaals": wachtwoord}
        client.post("/inrichten", data=chosen)
        client.post("/inloggen", data={"naam": "anna", "wachtwoord": wachtwoord})
        client.post("/instructie")
        shown = client.get("/api/v1/jongeren?paginagrootte=100").json()

    scores = dict(pl.read_csv(out).iter_rows())
    assert nobody.status_code == 400
    assert shown["totaal"] == len(scores) > 200
    people = [one["jongere"]["jongereId"] for one in shown["resultaten"]]
    engine = open_engine(settings.database)
    given = Pseudoniemen(engine, Sleutels.of(settings)).of_many(Domein.EXPORT, people)
    engine.dispose()
    for person, one in zip(people, shown["resultaten"], strict=True):
        assert one["kans"] == pytest.approx(scores[given[person]])
    assert not (shell.data / "vangnet.db").exists()


@pytest.mark.slow
def test_training_reads_postgresql_too(shell: Shell, tmp_path: Path) -> None:
    for name, frame in small_region().tables.items():
        frame.write_parquet(tmp_path / f"{name}.parquet")
    assert shell.run("import", *tmp_path.glob("*.parquet"))[0] == 0
    code, printed = shell.run("train")

    assert code == 0, printed
    assert "uitvalrisico versie 1: AUC" in printed
