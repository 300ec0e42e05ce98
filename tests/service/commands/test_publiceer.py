"""Publishing, as a beheerder types it."""

import json
from pathlib import Path

import polars as pl
import pytest

from models.training import Training
from service.identity import IDENTITEIT
from service.jobs import store
from service.publicatie.organisatie import FILE
from service.publicatie.uitgave import REPORT
from service.settings import open_settings
from service.storage import IdentiteitRepository, unit_of_work
from service.storage.canonical import CanonicalRepository
from tests.service.promoveren import promote_new
from tests.service.publicatie.uitgaven import ANSWERS
from tests.service.region import small_models
from tests.service.storage.imports import start_import
from tests.service.test_cli import Shell

NAAM = "Kanariegeel"
JONGERE = "kanarie-jongere"


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with two models and somebody whom no public file may name."""
    data = tmp_path_factory.mktemp("regio")
    settings = open_settings(data)
    with store(settings) as engine, unit_of_work(engine) as session:
        run = start_import(session)
        person = {"jongere_id": JONGERE, "woonplaats": NAAM, "bron": "test"}
        schema = CanonicalRepository(session).read("jongere").schema
        frame = pl.DataFrame([person], schema=schema)
        CanonicalRepository(session).merge("jongere", frame, run)
        named = {"jongere_id": JONGERE, "achternaam": NAAM, "bron": "test"}
        frame = pl.DataFrame([named], schema=IDENTITEIT.schema)
        IdentiteitRepository(session).merge(frame, run)
    promote_new(
        settings,
        [Training(one.model, {"auc": 0.5}, one.card, one.model.name) for one in small_models()],
    )
    return data


@pytest.fixture
def shell(region: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(region, capsys)


def test_without_answers_nothing_is_published_unless_as_a_concept(
    shell: Shell, tmp_path: Path
) -> None:
    (shell.data / FILE).unlink(missing_ok=True)

    assert shell.run("publiceer", tmp_path)[0] == 1
    assert [one.name for one in tmp_path.iterdir()] == [REPORT]
    assert (shell.data / FILE).exists()
    code, printed = shell.run("publiceer", tmp_path, "--concept")
    assert code == 0
    assert "ontbreken nog" in printed
    assert (tmp_path / "dossiers" / "dpia.html").exists()


def test_with_answers_everything_is_published_and_names_nobody(
    shell: Shell, tmp_path: Path
) -> None:
    answers = "".join(f"{key} = {json.dumps(value)}\n" for key, value in ANSWERS.items())
    (shell.data / FILE).write_text(answers, encoding="utf-8")

    code, printed = shell.run("publiceer", tmp_path)

    assert code == 0, printed
    names = {one.relative_to(tmp_path).as_posix() for one in tmp_path.rglob("*.*")}
    models, dossiers = ("uitvalrisico", "plaatsing"), ("technische-documentatie", "dpia", "iama")
    pages = [f"modelkaarten/{name}-1" for name in models] + [f"dossiers/{one}" for one in dossiers]
    entries = [f"algoritmeregister/{name}.json" for name in models]
    assert names == {
        REPORT,
        *entries,
        *(f"{one}.{end}" for one in pages for end in ("json", "html")),
    }
    everything = "".join((tmp_path / name).read_text(encoding="utf-8") for name in names)
    assert NAAM not in everything
    assert JONGERE not in everything
    code, printed = shell.run("audit", "controleer")
    assert code == 0, printed


def test_without_models_the_command_says_what_to_do_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, printed = Shell(tmp_path / "leeg", capsys).run("publiceer", tmp_path / "uit")

    assert code == 1
    assert "train" in printed
