import threading
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from service.aanmelden.accounts import (
    LINK_LIFE,
    create_gebruiker,
    make_setup_link,
    read_setup_link,
    set_gebruiker_actief,
    use_setup_link,
)
from service.aanmelden.errors import SignInError, WeakPasswordError
from service.aanmelden.login import Refusal, log_in
from service.errors import PasswordError
from service.storage.engine import unit_of_work
from service.storage.gebruiker import GebruikerRepository
from tests.service.aanmelden.people import NAAM, NOW, RULES, WACHTWOORD, add, enter

KEY = RULES.key


def make_link(engine: Engine, naam: str = NAAM) -> str:
    with unit_of_work(engine) as session:
        if GebruikerRepository(session).find(naam) is None:
            create_gebruiker(session, naam, None, ["loopbaancoach"])
        return make_setup_link(session, naam, key=KEY, now=NOW)


def use(engine: Engine, link: str, later: timedelta = timedelta()) -> None:
    with unit_of_work(engine) as session:
        use_setup_link(session, link, WACHTWOORD, key=KEY, now=NOW + later)


def test_a_fresh_account_is_unusable_until_its_link_is_used(engine: Engine) -> None:
    link = make_link(engine)
    for guess in (WACHTWOORD, "", NAAM, link):
        assert log_in(engine, NAAM, guess, rules=RULES, now=NOW) is Refusal.WRONG
    use(engine, link)

    assert enter(engine, NAAM)


def test_a_link_works_once(engine: Engine) -> None:
    link = make_link(engine)
    use(engine, link)

    with pytest.raises(SignInError):
        use(engine, link)


def test_of_two_who_use_a_link_at_once_one_succeeds(engine: Engine) -> None:
    link = make_link(engine)
    outcomes: list[str] = []

    def attempt() -> None:
        try:
            use(engine, link)
            outcomes.append("used")
        except SignInError:
            outcomes.append("refused")

    threads = [threading.Thread(target=attempt) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["refused", "refused", "refused", "used"]


def test_a_link_is_over_after_three_days(engine: Engine) -> None:
    link = make_link(engine)
    with unit_of_work(engine, read_only=True) as session:
        last = NOW + LINK_LIFE - timedelta(seconds=1)
        assert read_setup_link(session, link, key=KEY, now=last).naam == NAAM
        with pytest.raises(SignInError):
            read_setup_link(session, link, key=KEY, now=NOW + LINK_LIFE)


def test_a_new_link_makes_the_former_worthless(engine: Engine) -> None:
    former, link = make_link(engine), make_link(engine)

    with pytest.raises(SignInError):
        use(engine, former)
    use(engine, link)


def test_a_password_that_is_refused_leaves_the_link(engine: Engine) -> None:
    link = make_link(engine)
    for bad, error in (("kort", PasswordError), ("welkom2026welkom2026", WeakPasswordError)):
        with pytest.raises(error), unit_of_work(engine) as session:
            use_setup_link(session, link, bad, key=KEY, now=NOW)
    use(engine, link)

    assert enter(engine, NAAM)


def test_a_closed_account_cannot_be_opened_by_its_link(engine: Engine) -> None:
    link = make_link(engine)
    with unit_of_work(engine) as session:
        set_gebruiker_actief(session, NAAM, actief=False)

    with pytest.raises(SignInError):
        use(engine, link)


def test_the_store_never_holds_a_link(sqlite_engine: Engine) -> None:
    link = make_link(sqlite_engine)
    with sqlite_engine.connect() as connection:
        assert link not in "\n".join(connection.connection.iterdump())


def test_a_link_for_who_forgot_a_password_leaves_the_old_one_until_it_is_used(
    sqlite_engine: Engine,
) -> None:
    add(sqlite_engine, NAAM, "loopbaancoach")
    link = make_link(sqlite_engine)
    assert enter(sqlite_engine, NAAM)
    with unit_of_work(sqlite_engine) as session:
        use_setup_link(session, link, "iets heel anders bedacht", key=KEY, now=NOW)

    assert log_in(sqlite_engine, NAAM, WACHTWOORD, rules=RULES, now=NOW) is Refusal.WRONG
