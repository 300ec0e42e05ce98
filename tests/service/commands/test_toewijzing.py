"""A jongere is given a coach by the command line."""

from pathlib import Path

import pytest

from service.jobs import store
from service.rechten.begrippen import Rol
from service.settings import open_settings
from service.storage import unit_of_work
from tests.service.mensen import GEMEENTE, add_account, add_regio, settle
from tests.service.test_cli import Shell

ANNA, COACH, BAAS = "a" * 32, "coach", "baas"
WACHTWOORD = "een lang en goed wachtwoord"


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    made = Shell(tmp_path / "regio", capsys)
    with store(open_settings(made.data)) as engine, unit_of_work(engine) as session:
        add_regio(session)
        settle(session, [ANNA])
        add_account(session, COACH, WACHTWOORD, [Rol.LOOPBAANCOACH], [GEMEENTE])
        add_account(session, BAAS, WACHTWOORD, [Rol.BEHEERDER], [GEMEENTE])
    return made


def test_a_toewijzing_stands_until_it_ends(shell: Shell) -> None:
    assert "Begeleid door: niemand." in shell.run("toewijzing", ANNA)[1]
    assert f"Begeleid door: {COACH}." in shell.run("toewijzing", ANNA, COACH)[1]
    assert f"Begeleid door: {COACH}." in shell.run("toewijzing", ANNA)[1]
    assert "Begeleid door: niemand." in shell.run("toewijzing", ANNA, COACH, "--einde")[1]


def test_only_a_coach_and_a_known_jongere_are_taken(shell: Shell) -> None:
    for naam in (BAAS, "niemand"):
        code, told = shell.run("toewijzing", ANNA, naam)
        assert code != 0
        assert "deze coach is er niet" in told
    assert shell.run("toewijzing", "b" * 32, COACH)[0] != 0
    assert "Begeleid door: niemand." in shell.run("toewijzing", ANNA)[1]
