"""Accounts and tokens by the command line."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.aanmelden.accounts import use_setup_link
from service.aanmelden.login import Refusal, log_in
from service.aanmelden.opening import sessie_rules
from service.aanmelden.tokens import actor_of_token
from service.jobs import store
from service.settings import open_settings
from service.storage.engine import unit_of_work
from service.storage.gebruiker import GebruikerRepository
from tests.service.test_cli import Shell

PASSWORD = "een lang en goed wachtwoord"  # noqa: S105  # of a test
LINK = re.compile(r"/inrichten\?link=([\w-]+)")


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(tmp_path, capsys)


def link_of(printed: str) -> str:
    found = LINK.search(printed)
    assert found is not None, printed
    return found[1]


def may_enter(shell: Shell, naam: str, password: str = PASSWORD) -> bool:
    settings = open_settings(shell.data)
    with store(settings) as engine:
        rules = sessie_rules(settings)
        outcome = log_in(engine, naam, password, rules=rules, now=datetime.now(UTC))
    return not isinstance(outcome, Refusal)


def use(shell: Shell, link: str) -> None:
    settings = open_settings(shell.data)
    key = settings.session_key.get_secret_value().encode()
    with store(settings) as engine, unit_of_work(engine) as session:
        use_setup_link(session, link, PASSWORD, key=key, now=datetime.now(UTC))


def test_a_fresh_installation_has_no_usable_account_until_a_link_is_used(shell: Shell) -> None:
    shell.run("migrate")
    with store(open_settings(shell.data)) as engine, unit_of_work(engine) as session:
        assert GebruikerRepository(session).list() == ()
    code, printed = shell.run("gebruiker", "anna", "--rol", "loopbaancoach")
    guesses = [PASSWORD, "", "anna", link_of(printed)]

    assert code == 0
    assert "Wachtwoord" not in printed
    assert not any(may_enter(shell, "anna", guess) for guess in guesses)
    use(shell, link_of(printed))
    assert may_enter(shell, "anna")


def test_asking_again_gives_another_link(shell: Shell) -> None:
    first = link_of(shell.run("gebruiker", "anna", "--rol", "loopbaancoach")[1])
    second = link_of(shell.run("gebruiker", "anna")[1])

    assert first != second


def test_a_change_of_role_prints_no_link(shell: Shell) -> None:
    shell.run("gebruiker", "anna", "--rol", "loopbaancoach")
    code, printed = shell.run("gebruiker", "anna", "--rol", "analist", "--rol", "beheerder")
    with store(open_settings(shell.data)) as engine, unit_of_work(engine) as session:
        known = GebruikerRepository(session).find("anna")

    assert (code, LINK.search(printed)) == (0, None)
    assert known is not None
    assert set(known.rollen) == {"analist", "beheerder"}


def test_an_account_is_closed_and_opened_again(shell: Shell) -> None:
    use(shell, link_of(shell.run("gebruiker", "bram", "--rol", "loopbaancoach")[1]))
    closed = shell.run("gebruiker", "bram", "--sluit")
    while_closed = may_enter(shell, "bram")
    opened = shell.run("gebruiker", "bram", "--open")

    assert "Het account van bram is gesloten." in closed[1]
    assert "Het account van bram is open." in opened[1]
    assert (while_closed, may_enter(shell, "bram")) == (False, True)


@pytest.mark.parametrize("words", [["--sluit"], ["--geen-tweede-stap"], ["--rol", "geen rol"]])
def test_nobody_can_be_changed_who_has_no_account(shell: Shell, words: list[str]) -> None:
    assert shell.run("gebruiker", "niemand", *words)[0] == 2


def test_no_person_of_a_provider_is_linked_without_one(shell: Shell) -> None:
    shell.run("gebruiker", "anna", "--rol", "loopbaancoach")
    code, printed = shell.run("gebruiker", "anna", "--sub", "123")

    assert code == 1
    assert "oidc_issuer" in printed


def test_a_token_is_printed_once_and_revoked_by_its_number(shell: Shell) -> None:
    shell.run("gebruiker", "anna", "--rol", "loopbaancoach")
    made = shell.run("token", "anna", "--recht", "risico_lezen", "--voor", "koppeling")
    secret = made[1].split()[-1]
    listed = shell.run("token", "anna")
    settings = open_settings(shell.data)

    def opens() -> bool:
        with store(settings) as engine:
            rules = sessie_rules(settings)
            return actor_of_token(engine, secret, rules=rules, now=datetime.now(UTC)) is not None

    assert opens()
    assert secret not in listed[1]
    assert "koppeling" in listed[1]
    assert "werkt niet meer" in shell.run("token", "anna", "--trek-in", listed[1].split()[0])[1]
    assert not opens()


def test_a_token_for_what_the_account_may_not_is_refused(shell: Shell) -> None:
    shell.run("gebruiker", "anna", "--rol", "loopbaancoach")

    assert shell.run("token", "anna", "--recht", "audit_lezen")[0] == 1
    assert shell.run("token", "niemand", "--recht", "risico_lezen")[0] == 2
