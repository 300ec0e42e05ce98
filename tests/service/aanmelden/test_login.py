import threading
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from service.aanmelden import wachtwoorden
from service.aanmelden.accounts import create_gebruiker, set_gebruiker_actief
from service.aanmelden.limits import ATTEMPTS, PAUSE
from service.aanmelden.login import NextStep, Refusal, log_in
from service.aanmelden.sessies import actor_of, keep_alive, log_out
from service.storage.engine import unit_of_work
from service.storage.tables import INLOGPOGING, SESSIE
from tests.databases import open_migrated
from tests.service.aanmelden.people import MINUTE, NAAM, NOW, RULES, WACHTWOORD


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    path = tmp_path_factory.mktemp("auth") / "vangnet.db"
    engine = open_migrated(f"sqlite:///{path.as_posix()}")
    with unit_of_work(engine) as session:
        create_gebruiker(session, NAAM, WACHTWOORD, ["loopbaancoach", "matchtafeldeelnemer"])
    return engine


@pytest.fixture(autouse=True)
def fresh(engine: Engine) -> None:
    """Forget the attempts and sessions of other tests."""
    with unit_of_work(engine) as session:
        session.execute(sa.delete(INLOGPOGING))
        session.execute(sa.delete(SESSIE))


def start(engine: Engine, now: datetime = NOW) -> str:
    """Log in, and return the token."""
    token = log_in(engine, NAAM, WACHTWOORD, rules=RULES, now=now)
    assert isinstance(token, str)
    return token


def test_the_right_password_opens_a_session_with_the_roles_of_the_account(engine: Engine) -> None:
    actor = actor_of(engine, start(engine), rules=RULES, now=NOW)

    assert actor is not None
    assert (actor.naam, actor.rollen) == (NAAM, ("matchtafeldeelnemer", "loopbaancoach"))


@pytest.mark.parametrize(("naam", "password"), [(NAAM, "fout"), ("niemand", WACHTWOORD), ("", "")])
def test_a_wrong_name_and_a_wrong_password_are_refused_alike(
    engine: Engine, naam: str, password: str
) -> None:
    assert log_in(engine, naam, password, rules=RULES, now=NOW) is Refusal.WRONG


def test_an_unknown_name_costs_a_whole_password_check(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    verify = wachtwoorden._passwords().verify

    def spy(password: str, password_hash: str) -> bool:
        checked.append(password_hash)
        return verify(password, password_hash)

    monkeypatch.setattr(wachtwoorden._passwords(), "verify", spy)
    log_in(engine, "niemand", "x", rules=RULES, now=NOW)
    log_in(engine, NAAM, "x", rules=RULES, now=NOW)

    parameters = [found.rsplit("$", 2)[0] for found in checked]
    assert len(parameters) == 2
    assert parameters[0] == parameters[1]


def test_the_store_never_holds_a_token_or_a_password(engine: Engine) -> None:
    token = start(engine)
    with engine.connect() as connection:
        dump = "\n".join(connection.connection.iterdump())

    assert token not in dump
    assert WACHTWOORD not in dump
    assert "$argon2id$" in dump


def test_each_login_gives_a_new_token_of_256_bits(engine: Engine) -> None:
    tokens = {start(engine) for _ in range(3)}

    assert len(tokens) == 3
    assert all(len(token) >= 43 for token in tokens)


def test_a_session_ends_after_half_an_hour_of_silence(engine: Engine) -> None:
    token = start(engine)

    assert actor_of(engine, token, rules=RULES, now=NOW + 29 * MINUTE) is not None
    assert actor_of(engine, token, rules=RULES, now=NOW + 30 * MINUTE) is None


def test_a_session_in_use_goes_on_but_never_longer_than_twelve_hours(engine: Engine) -> None:
    token = start(engine)
    moment = NOW
    while moment < NOW + timedelta(hours=11, minutes=40):
        moment += 20 * MINUTE
        assert actor_of(engine, token, rules=RULES, now=moment) is not None
        keep_alive(engine, token, rules=RULES, now=moment)

    assert actor_of(engine, token, rules=RULES, now=NOW + timedelta(hours=12)) is None


def test_a_session_is_over_after_logging_out(engine: Engine) -> None:
    token, other = start(engine), start(engine)
    log_out(engine, token, rules=RULES)

    assert actor_of(engine, token, rules=RULES, now=NOW) is None
    assert actor_of(engine, other, rules=RULES, now=NOW) is not None


def test_a_session_is_over_when_the_account_closes_or_gets_a_new_password(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        create_gebruiker(session, "ander", WACHTWOORD, [])
    token = log_in(engine, "ander", WACHTWOORD, rules=RULES, now=NOW)
    assert isinstance(token, str)
    with unit_of_work(engine) as session:
        set_gebruiker_actief(session, "ander", actief=False)
    closed = actor_of(engine, token, rules=RULES, now=NOW)
    refused = log_in(engine, "ander", WACHTWOORD, rules=RULES, now=NOW)
    with unit_of_work(engine) as session:
        set_gebruiker_actief(session, "ander", actief=True)
    reopened = actor_of(engine, token, rules=RULES, now=NOW)
    token = log_in(engine, "ander", WACHTWOORD, rules=RULES, now=NOW)
    assert isinstance(token, str)
    assert actor_of(engine, token, rules=RULES, now=NOW) is not None
    with unit_of_work(engine) as session:
        create_gebruiker(session, "ander", WACHTWOORD + "!", [])

    assert closed is None
    assert refused is Refusal.WRONG
    assert reopened is None
    assert actor_of(engine, token, rules=RULES, now=NOW) is None


@pytest.mark.parametrize("token", ["", "x", "x" * 5000, "é\x00"])
def test_a_made_up_token_is_nobody(engine: Engine, token: str) -> None:
    assert actor_of(engine, token, rules=RULES, now=NOW) is None


@pytest.mark.parametrize("naam", [NAAM, "niemand"])
def test_five_failures_pause_the_name_for_five_minutes(engine: Engine, naam: str) -> None:
    for _ in range(ATTEMPTS):
        assert log_in(engine, naam, "fout", rules=RULES, now=NOW) is Refusal.WRONG
    for later in (timedelta(), PAUSE - MINUTE):
        outcome = log_in(engine, naam, WACHTWOORD, rules=RULES, now=NOW + later)
        assert outcome is Refusal.PAUSED

    after = log_in(engine, naam, WACHTWOORD, rules=RULES, now=NOW + PAUSE)
    assert after is Refusal.WRONG if naam == "niemand" else isinstance(after, str)


def test_attempts_during_the_pause_do_not_lengthen_it(engine: Engine) -> None:
    for second in range(0, 300, 10):
        log_in(engine, NAAM, "fout", rules=RULES, now=NOW + timedelta(seconds=second))

    assert isinstance(log_in(engine, NAAM, WACHTWOORD, rules=RULES, now=NOW + PAUSE + MINUTE), str)


def test_a_success_forgets_the_failures_before_it(engine: Engine) -> None:
    for _ in range(3):
        for _ in range(ATTEMPTS - 1):
            log_in(engine, NAAM, "fout", rules=RULES, now=NOW)
        start(engine)


def test_a_pause_holds_for_one_name_only(engine: Engine) -> None:
    for _ in range(ATTEMPTS + 1):
        log_in(engine, "niemand", "fout", rules=RULES, now=NOW)

    assert isinstance(log_in(engine, NAAM, WACHTWOORD, rules=RULES, now=NOW), str)


def test_many_guesses_at_once_do_not_get_past_the_limit(engine: Engine) -> None:
    outcomes: list[object] = []
    threads = [
        threading.Thread(
            target=lambda: outcomes.append(log_in(engine, NAAM, "fout", rules=RULES, now=NOW))
        )
        for _ in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes.count(Refusal.WRONG) == ATTEMPTS
    assert outcomes.count(Refusal.PAUSED) == 12 - ATTEMPTS


@pytest.mark.parametrize("rol", ["beheerder", "analist", "functionaris_gegevensbescherming"])
def test_who_sees_much_gets_no_session_for_a_password_alone(engine: Engine, rol: str) -> None:
    with unit_of_work(engine) as session:
        create_gebruiker(session, rol, WACHTWOORD, [rol])
    outcome = log_in(engine, rol, WACHTWOORD, rules=RULES, now=NOW)

    assert isinstance(outcome, NextStep)
    assert actor_of(engine, outcome.token, rules=RULES, now=NOW) is None


def test_five_failures_pause_an_address_whatever_the_names(engine: Engine) -> None:
    for number in range(ATTEMPTS):
        log_in(engine, f"n{number}", "fout", rules=RULES, now=NOW, address="192.0.2.1")

    def outcome(address: str, later: timedelta = timedelta()) -> object:
        return log_in(engine, NAAM, WACHTWOORD, rules=RULES, now=NOW + later, address=address)

    assert outcome("192.0.2.1") is Refusal.PAUSED
    assert isinstance(outcome("192.0.2.2"), str)
    assert isinstance(outcome("192.0.2.1", PAUSE), str)


def test_an_address_in_its_pause_cannot_lock_others_out(engine: Engine) -> None:
    for number in range(ATTEMPTS):
        log_in(engine, f"n{number}", "fout", rules=RULES, now=NOW, address="192.0.2.1")
    for _ in range(ATTEMPTS):
        log_in(engine, NAAM, "fout", rules=RULES, now=NOW, address="192.0.2.1")

    found = log_in(engine, NAAM, WACHTWOORD, rules=RULES, now=NOW, address="192.0.2.2")
    assert isinstance(found, str)


def test_a_whole_school_may_log_in_from_one_address_at_nine_o_clock(engine: Engine) -> None:
    for _ in range(3 * ATTEMPTS):
        found = log_in(engine, NAAM, WACHTWOORD, rules=RULES, now=NOW, address="192.0.2.1")
        assert isinstance(found, str)


def test_neighbours_in_one_ipv6_network_count_as_one_address(engine: Engine) -> None:
    for number in range(ATTEMPTS):
        address = f"2001:db8::{number + 1}"
        log_in(engine, f"n{number}", "fout", rules=RULES, now=NOW, address=address)

    found = log_in(engine, NAAM, WACHTWOORD, rules=RULES, now=NOW, address="2001:db8::ffff")
    assert found is Refusal.PAUSED


def test_the_store_holds_neither_names_nor_addresses_of_attempts(engine: Engine) -> None:
    log_in(engine, "wie-is-dit", "fout", rules=RULES, now=NOW, address="192.0.2.77")
    with engine.connect() as connection:
        dump = "\n".join(connection.connection.iterdump())

    assert "wie-is-dit" not in dump
    assert "192.0.2.77" not in dump
