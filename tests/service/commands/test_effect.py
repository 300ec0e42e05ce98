"""`vangnet effect` as an analyst types it: answers and refusals, told, kept and written."""

import json
from pathlib import Path

import pytest

from models.effect_nuisance import logistic
from models.effect_zinnen import GEEN_ANTWOORD
from service.effecten import FILE
from service.jobs import store
from service.settings import open_settings
from service.storage import unit_of_work
from service.storage.canonical import CanonicalRepository
from tests.service.region import small_region
from tests.service.storage.imports import start_import
from tests.service.test_cli import Shell

TABLES = (
    *("jongere", "inschrijving", "diploma", "kwalificatie", "contact", "verzuim"),
    *("traject", "traject_voorwaarde", "bekend_bij"),
)


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a made-up region in its store."""
    data = tmp_path_factory.mktemp("regio")
    with store(open_settings(data)) as engine, unit_of_work(engine) as session:
        run = start_import(session)
        for name in TABLES:
            CanonicalRepository(session).merge(name, small_region().tables[name], run)
    return data


@pytest.fixture
def shell(region: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(region, capsys)


def test_a_traject_in_which_nobody_took_part_is_refused_in_words(
    shell: Shell, tmp_path: Path
) -> None:
    out = tmp_path / "effecten.json"
    asked = ("--soort", "voorschakeltraject", "--peildatum", "2025-01-01", "--out", out)
    code, printed = shell.run("effect", *asked)

    assert code == 0
    assert printed.count(GEEN_ANTWOORD) == 2
    written = json.loads(out.read_text(encoding="utf-8"))
    assert [one["weigering"] for one in written] == ["te weinig jongeren"] * 2
    assert {one["peildatum"] for one in written} == {"2025-01-01"}
    assert (open_settings(shell.data).models / FILE).exists()


def test_a_soort_that_is_not_there_is_refused_with_what_is(shell: Shell) -> None:
    code, printed = shell.run("effect", "--soort", "schaken")

    assert code == 2
    assert "schaken is er niet" in printed
    assert "mentor" in printed


def test_only_two_roles_that_differ_can_be_laid_beside_each_other(shell: Shell) -> None:
    asked = ("effect", "--soort", "voorschakeltraject", "--tegenover", "mentor")

    assert shell.run(*asked)[0] == 2
    assert shell.run("effect", "--tegenover", "mentor")[0] == 2
    for soort, other in (("mentor", "voorschakeltraject"), ("mentor", "mentor")):
        assert shell.run("effect", "--soort", soort, "--tegenover", other)[0] == 2


@pytest.mark.slow
def test_contact_by_a_mentor_gets_an_answer_about_uitval(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.effect.both", logistic)
    out = tmp_path / "effecten.json"
    code, printed = shell.run("effect", "--soort", "mentor", "--out", out)

    assert code == 0
    assert "Contact door mentor" in printed
    found = {one["uitkomst"]: one for one in json.loads(out.read_text(encoding="utf-8"))}
    assert int(found["uitval"]["jongeren"]["wel"]) > 100
    assert found["uitval"]["overlap"]["ess"] > 100
