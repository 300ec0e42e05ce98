from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import Engine

from service.aanmelden import second_factor
from service.aanmelden.errors import AanmeldReden, SignInError, TooManyError
from service.aanmelden.limits import ATTEMPTS, PAUSE
from service.aanmelden.login import (
    STEP_LIFE,
    complete_login,
    complete_setup,
    log_in,
    step_secret,
)
from service.aanmelden.rules import WITH_SECOND_FACTOR
from service.aanmelden.sessies import actor_of
from service.rechten.begrippen import Rol
from service.storage.engine import unit_of_work
from service.storage.tweede_factor import TweedeFactorRepository
from tests.service.aanmelden.people import (
    MINUTE,
    NAAM,
    NOW,
    RULES,
    WACHTWOORD,
    add,
    half,
    set_up,
)

LATER = NOW + MINUTE


def test_the_roles_that_need_a_second_factor() -> None:
    assert {*WITH_SECOND_FACTOR} == {
        Rol.BEHEERDER,
        Rol.ANALIST,
        Rol.FUNCTIONARIS_GEGEVENSBESCHERMING,
    }
    assert RULES.needs_second_factor(["loopbaancoach", "analist"])
    assert not RULES.needs_second_factor(["loopbaancoach", "leerbedrijf"])


def test_the_right_code_completes_a_login(engine: Engine) -> None:
    add(engine, NAAM, "beheerder")
    secret, _, _ = set_up(engine, NAAM)
    step = half(engine, NAAM, LATER)
    token = complete_login(engine, step, pyotp.TOTP(secret).at(LATER), rules=RULES, now=LATER)

    actor = actor_of(engine, token, rules=RULES, now=LATER)
    assert actor is not None
    assert actor.naam == NAAM


def test_a_used_code_opens_nothing_again(engine: Engine) -> None:
    add(engine, NAAM, "beheerder")
    secret, _, _ = set_up(engine, NAAM)
    code = pyotp.TOTP(secret).at(LATER)
    complete_login(engine, half(engine, NAAM, LATER), code, rules=RULES, now=LATER)

    with pytest.raises(SignInError) as raised:
        complete_login(engine, half(engine, NAAM, LATER), code, rules=RULES, now=LATER)
    assert raised.value.reden is AanmeldReden.CODE


def test_the_code_that_confirmed_the_factor_is_used_as_well(engine: Engine) -> None:
    add(engine, NAAM, "beheerder")
    secret, _, _ = set_up(engine, NAAM)

    with pytest.raises(SignInError):
        complete_login(engine, half(engine, NAAM), pyotp.TOTP(secret).at(NOW), rules=RULES, now=NOW)


@pytest.mark.parametrize(("seconds", "good"), [(-60, False), (-30, True), (30, True), (60, False)])
def test_a_clock_may_be_half_a_minute_off(engine: Engine, seconds: int, good: bool) -> None:
    add(engine, NAAM, "beheerder")
    secret, _, _ = set_up(engine, NAAM)
    now = NOW + 10 * MINUTE
    code = pyotp.TOTP(secret).at(now + timedelta(seconds=seconds))
    step = half(engine, NAAM, now)
    if good:
        assert complete_login(engine, step, code, rules=RULES, now=now)
        return
    with pytest.raises(SignInError):
        complete_login(engine, step, code, rules=RULES, now=now)


@pytest.mark.parametrize("code", ["", "000000", "abc", "1234567", "é" * 6, "\x00"])
def test_another_code_is_refused(sqlite_engine: Engine, code: str) -> None:
    add(sqlite_engine, NAAM, "beheerder")
    secret, _, _ = set_up(sqlite_engine, NAAM)
    assert code != pyotp.TOTP(secret).at(LATER)

    with pytest.raises(SignInError):
        complete_login(sqlite_engine, half(sqlite_engine, NAAM), code, rules=RULES, now=LATER)


def test_five_wrong_codes_pause_the_account(engine: Engine) -> None:
    add(engine, NAAM, "beheerder")
    secret, _, _ = set_up(engine, NAAM)
    step = half(engine, NAAM, LATER)
    for _ in range(ATTEMPTS):
        with pytest.raises(SignInError):
            complete_login(engine, step, "fout", rules=RULES, now=LATER)
    code = pyotp.TOTP(secret).at(LATER)
    with pytest.raises(TooManyError):
        complete_login(engine, step, code, rules=RULES, now=LATER)

    after = LATER + PAUSE
    assert complete_login(engine, step, pyotp.TOTP(secret).at(after), rules=RULES, now=after)


def test_a_recovery_code_works_once(engine: Engine) -> None:
    add(engine, NAAM, "beheerder")
    _, _, codes = set_up(engine, NAAM)
    typed = codes[3].upper().replace("-", " ")
    assert complete_login(engine, half(engine, NAAM), typed, rules=RULES, now=NOW)

    with pytest.raises(SignInError):
        complete_login(engine, half(engine, NAAM), codes[3], rules=RULES, now=NOW)
    with unit_of_work(engine, read_only=True) as session:
        assert TweedeFactorRepository(session).count_codes(1) == len(codes) - 1 == 9


def test_a_recovery_code_is_of_one_account(engine: Engine) -> None:
    add(engine, NAAM, "beheerder")
    add(engine, "ander", "beheerder")
    _, _, codes = set_up(engine, NAAM)
    set_up(engine, "ander")

    with pytest.raises(SignInError):
        complete_login(engine, half(engine, "ander"), codes[0], rules=RULES, now=NOW)


def test_the_store_holds_no_secret_and_no_recovery_code(sqlite_engine: Engine) -> None:
    add(sqlite_engine, NAAM, "beheerder")
    secret, _, codes = set_up(sqlite_engine, NAAM)
    with sqlite_engine.connect() as connection:
        dump = "\n".join(connection.connection.iterdump()).lower()

    assert secret.lower() not in dump
    assert secret.encode().hex() not in dump
    assert not any(code.replace("-", "") in dump.replace("-", "") for code in codes)


def test_recovery_codes_have_120_bits_each_and_differ() -> None:
    codes = {second_factor._recovery_code() for _ in range(100)}

    assert len(codes) == 100
    assert all(len(code.replace("-", "")) * 5 == 120 for code in codes)


def test_a_factor_that_was_not_confirmed_is_not_asked(engine: Engine) -> None:
    gebruiker_id = add(engine, NAAM, "loopbaancoach")
    with unit_of_work(engine) as session:
        second_factor.begin(session, gebruiker_id, key=RULES.key)

    assert isinstance(log_in(engine, NAAM, WACHTWOORD, rules=RULES, now=NOW), str)


def test_loading_the_page_twice_keeps_the_secret_that_was_scanned(engine: Engine) -> None:
    add(engine, NAAM, "beheerder")
    step = half(engine, NAAM)

    first = step_secret(engine, step, rules=RULES, now=NOW)
    assert first == step_secret(engine, step, rules=RULES, now=NOW)


def test_who_has_a_factor_cannot_set_up_another_with_a_password_alone(engine: Engine) -> None:
    add(engine, NAAM, "beheerder")
    secret, _, _ = set_up(engine, NAAM)
    step = half(engine, NAAM, LATER)

    assert step_secret(engine, step, rules=RULES, now=LATER) is None
    with pytest.raises(SignInError):
        complete_setup(engine, step, pyotp.TOTP(secret).at(LATER), rules=RULES, now=LATER)


def test_a_login_must_be_completed_within_ten_minutes(engine: Engine) -> None:
    add(engine, NAAM, "beheerder")
    secret, _, _ = set_up(engine, NAAM)
    step = half(engine, NAAM)
    late = NOW + STEP_LIFE

    with pytest.raises(SignInError) as raised:
        complete_login(engine, step, pyotp.TOTP(secret).at(late), rules=RULES, now=late)
    assert raised.value.reden is AanmeldReden.STAP


def test_a_demo_asks_no_second_factor() -> None:
    rules = type(RULES)(**{**vars(RULES), "tweede_factor": False})

    assert not rules.needs_second_factor(["beheerder"])


def test_the_qr_code_is_an_image_without_style_or_script() -> None:
    svg = second_factor.qr_svg(second_factor.app_address("ABCDEFGH" * 4, "anna"))

    assert svg.startswith("<svg")
    assert "style" not in svg
    assert "script" not in svg
