"""The commands of privacy: one line of what happened, and nothing half done."""

import io
import os
import time
from pathlib import Path

import pytest

from service.importing.voorstel import KEPT_SECONDS, Werkplaats, lay_down
from service.jobs import store
from service.settings import open_settings
from service.storage import CanonicalRepository, unit_of_work
from tests.service.mensen import settle
from tests.service.test_cli import Shell

ANNA, BRAM = "a" * 32, "b" * 32


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    made = Shell(tmp_path / "regio", capsys)
    with store(open_settings(made.data)) as engine, unit_of_work(engine) as session:
        settle(session, [ANNA, BRAM])
    return made


def people(shell: Shell) -> set[str]:
    with (
        store(open_settings(shell.data)) as engine,
        unit_of_work(engine, read_only=True) as session,
    ):
        return set(CanonicalRepository(session).read("jongere")["jongere_id"])


def test_inzage_writes_a_page_to_print_and_json(shell: Shell, tmp_path: Path) -> None:
    code, told = shell.run("inzage", ANNA, "--naar", tmp_path / "uit")
    assert code == 0, told
    assert "1 regels uit 1 tabellen" in told
    assert ANNA in (tmp_path / "uit" / "inzage.json").read_text()
    assert (tmp_path / "uit" / "inzage.pdf").read_bytes().startswith(b"%PDF")


def test_a_bsn_is_never_taken_on_the_command_line(shell: Shell, tmp_path: Path) -> None:
    code, told = shell.run("inzage", "999990019", "--naar", tmp_path / "uit")
    assert code != 0
    assert "typ hier geen BSN" in told


def test_verwijder_asks_for_a_ground_and_the_word(shell: Shell) -> None:
    code, told = shell.run("verwijder", ANNA)
    assert code != 0
    assert "Kies waarom" in told
    assert people(shell) == {ANNA, BRAM}
    code, told = shell.run("verwijder", ANNA, "--grond", "bezwaar", "--zeker", "verwijder")
    assert code == 0, told
    assert "Verwijderd: 2 regels." in told
    assert people(shell) == {BRAM}
    assert shell.run("verwijder", ANNA, "--grond", "bezwaar", "--zeker", "verwijder")[0] != 0


def test_bezwaar_stands_until_it_is_withdrawn(shell: Shell) -> None:
    assert "Het bezwaar is vastgelegd." in shell.run("bezwaar", ANNA)[1]
    assert "Het bezwaar is ingetrokken." in shell.run("bezwaar", ANNA, "--trek-in")[1]


def test_bewaar_says_what_went(shell: Shell) -> None:
    assert shell.run("bewaar") == (0, "Niets is over zijn bewaartermijn.")


def test_bewaar_removes_files_that_somebody_sent_and_nobody_read(shell: Shell) -> None:
    werkplaats = Werkplaats.of(shell.data)
    kept, left = (
        lay_down(werkplaats, [("verzuim.csv", io.BytesIO(b"bsn;week"))], door=1) for _ in range(2)
    )
    hours_ago = time.time() - 2 * KEPT_SECONDS
    os.utime(left.map, (hours_ago, hours_ago))

    assert "Bestanden die niemand inlas: 1 keer weggegooid." in shell.run("bewaar")[1]
    assert [one.name for one in werkplaats.uploads.iterdir()] == [kept.sleutel]


def test_sleutels_gives_everybody_another_number(shell: Shell) -> None:
    assert "Nu geldt: geen" in shell.run("sleutels")[1]
    code, told = shell.run("sleutels", "--vernieuw")
    assert code == 0, told
    assert "2 jongeren hebben een nieuw nummer." in told
    assert people(shell).isdisjoint({ANNA, BRAM})
    assert "Bekend: 1 sleutels" in shell.run("sleutels")[1]
