"""A session ends with everything that changes who may do what: the old cookie opens nothing."""

from collections.abc import Callable

import pyotp
import pytest
from sqlalchemy import Engine

from service.aanmelden.accounts import set_gebruiker_actief, set_rollen
from service.aanmelden.own import OwnAccount
from service.aanmelden.sessies import actor_of, log_out
from service.rechten.begrippen import Rol
from service.storage.engine import unit_of_work
from service.storage.gebruiker import GebruikerRepository
from tests.service.aanmelden.people import (
    MINUTE,
    NAAM,
    NOW,
    RULES,
    WACHTWOORD,
    add,
    as_actor,
    enter,
    set_up,
)

NEW = "iets heel anders bedacht"


def own(engine: Engine, later: int = 0) -> OwnAccount:
    with unit_of_work(engine, read_only=True) as session:
        known = GebruikerRepository(session).find(NAAM)
    assert known is not None
    return OwnAccount(engine, as_actor(known.id), RULES, NOW + later * MINUTE)


def change_role(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        set_rollen(session, NAAM, ["matchtafeldeelnemer"])


def disable(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        set_gebruiker_actief(session, NAAM, actief=False)


def disable_and_enable(engine: Engine) -> None:
    disable(engine)
    with unit_of_work(engine) as session:
        set_gebruiker_actief(session, NAAM, actief=True)


def change_password(engine: Engine) -> None:
    own(engine).change_password(WACHTWOORD, NEW)


def begin_second_factor(engine: Engine) -> None:
    secret, _ = own(engine).begin_factor()
    own(engine).confirm_factor(WACHTWOORD, pyotp.TOTP(secret).at(NOW))


@pytest.mark.parametrize(
    "change",
    [change_role, disable, disable_and_enable, change_password, begin_second_factor],
    ids=lambda change: change.__name__,
)
def test_an_old_cookie_is_refused_after(engine: Engine, change: Callable[[Engine], None]) -> None:
    add(engine, NAAM, "loopbaancoach")
    token = enter(engine, NAAM)
    assert actor_of(engine, token, rules=RULES, now=NOW) is not None
    change(engine)

    assert actor_of(engine, token, rules=RULES, now=NOW) is None


def test_an_old_cookie_is_refused_after_logging_out(engine: Engine) -> None:
    add(engine, NAAM, "loopbaancoach")
    token = enter(engine, NAAM)
    log_out(engine, token, rules=RULES)

    assert actor_of(engine, token, rules=RULES, now=NOW) is None


def test_an_old_cookie_is_refused_after_the_second_factor_went(engine: Engine) -> None:
    add(engine, NAAM, "beheerder")
    secret, token, _ = set_up(engine, NAAM)
    later = NOW + MINUTE
    own(engine, 1).remove_factor(WACHTWOORD, pyotp.TOTP(secret).at(later))

    assert actor_of(engine, token, rules=RULES, now=later) is None


def test_who_changes_a_password_goes_on_with_a_new_session(engine: Engine) -> None:
    add(engine, NAAM, "loopbaancoach")
    old = enter(engine, NAAM)
    token = own(engine).change_password(WACHTWOORD, NEW)

    assert token != old
    assert actor_of(engine, token, rules=RULES, now=NOW) is not None


def test_a_change_of_one_account_leaves_the_sessions_of_others(engine: Engine) -> None:
    add(engine, NAAM, "loopbaancoach")
    add(engine, "ander", "loopbaancoach")
    token = enter(engine, "ander")
    change_role(engine)

    assert actor_of(engine, token, rules=RULES, now=NOW) is not None


def test_a_session_sees_the_roles_of_now(engine: Engine) -> None:
    add(engine, NAAM, "loopbaancoach", "onbekende rol")
    change_role(engine)
    actor = actor_of(engine, enter(engine, NAAM), rules=RULES, now=NOW)

    assert actor is not None
    assert actor.rollen == (Rol.MATCHTAFELDEELNEMER,)
