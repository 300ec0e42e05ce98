import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from service import auth
from service.auth import (
    ATTEMPTS,
    PAUSE,
    Refusal,
    SessieRules,
    actor_of,
    create_gebruiker,
    keep_alive,
    log_in,
    log_out,
    set_gebruiker_actief,
)
from service.errors import PasswordError
from service.storage.engine import open_engine, unit_of_work
from service.storage.migrate import migrate
from service.storage.tables import INLOGPOGING, SESSIE
from tests.service.conftest import NAAM, OWN_SITE, WACHTWOORD, make_app, make_settings
from tests.service.fakes import FakeRegio

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
RULES = SessieRules(
    key=b"s" * 32, idle=timedelta(minutes=30), longest=timedelta(hours=12), secure=False
)
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    path = tmp_path_factory.mktemp("auth") / "vangnet.db"
    engine = open_engine(f"sqlite:///{path.as_posix()}", synchronous="OFF")
    migrate(engine)
    with unit_of_work(engine) as session:
        create_gebruiker(session, NAAM, WACHTWOORD, ["loopbaancoach", "beheerder"])
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
    assert (actor.naam, actor.rollen) == (NAAM, ("loopbaancoach", "beheerder"))


@pytest.mark.parametrize(("naam", "password"), [(NAAM, "fout"), ("niemand", WACHTWOORD), ("", "")])
def test_a_wrong_name_and_a_wrong_password_are_refused_alike(
    engine: Engine, naam: str, password: str
) -> None:
    assert log_in(engine, naam, password, rules=RULES, now=NOW) is Refusal.WRONG


def test_an_unknown_name_costs_a_whole_password_check(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    verify = auth._passwords().verify

    def spy(password: str, password_hash: str) -> bool:
        checked.append(password_hash)
        return verify(password, password_hash)

    monkeypatch.setattr(auth._passwords(), "verify", spy)
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


def test_a_short_password_is_refused(engine: Engine) -> None:
    with unit_of_work(engine) as session, pytest.raises(PasswordError):
        create_gebruiker(session, "kort", "veertien chars", [])


def log_in_over_http(client: TestClient, **headers: str) -> int:
    """Post the login form; return the status."""
    form = {"naam": NAAM, "wachtwoord": WACHTWOORD}
    return client.post("/inloggen", data=form, headers=headers).status_code


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
        ({"Origin": "http://testserver"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, 403),
        ({"Origin": "http://sub.testserver"}, 403),
        ({"Origin": "http://testserver.elders.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 403),
    ],
    ids=str,
)
def test_a_post_counts_only_when_it_comes_from_our_own_pages(
    anonymous: TestClient, headers: dict[str, str], status: int
) -> None:
    assert log_in_over_http(anonymous, **headers) == status
    anonymous.cookies.clear()


def test_a_logout_from_another_site_does_not_end_the_session(logged_in: TestClient) -> None:
    refused = logged_in.post("/uitloggen", headers={"Sec-Fetch-Site": "cross-site"})

    assert refused.status_code == 403
    assert logged_in.get("/jongeren").status_code == 200


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(anonymous: TestClient) -> None:
    answer = anonymous.post(
        "/inloggen", data={"naam": NAAM, "wachtwoord": WACHTWOORD}, headers=OWN_SITE
    )
    cookie = answer.headers["set-cookie"].lower()
    anonymous.cookies.clear()

    assert cookie.startswith("vangnet=")
    for part in ("httponly", "samesite=lax", "path=/"):
        assert part in cookie
    assert "domain" not in cookie


def test_over_https_the_cookie_is_bound_to_this_host(tmp_path: Path) -> None:
    app = make_app(make_settings(tmp_path, secure_cookies=True), FakeRegio)
    with TestClient(app, base_url="https://testserver", follow_redirects=False) as client:
        answer = client.post(
            "/inloggen", data={"naam": NAAM, "wachtwoord": WACHTWOORD}, headers=OWN_SITE
        )
        cookie = answer.headers["set-cookie"]
        listed = client.get("/jongeren")

    assert cookie.startswith("__Host-vangnet=")
    assert "Secure" in cookie
    assert listed.status_code == 200
    assert "max-age" in listed.headers["strict-transport-security"]


def test_an_old_cookie_is_worthless_after_logging_out(tmp_path: Path) -> None:
    app = make_app(make_settings(tmp_path), FakeRegio)
    with TestClient(app, follow_redirects=False) as client:
        assert log_in_over_http(client, **OWN_SITE) == 303
        old = client.cookies["vangnet"]
        client.post("/uitloggen", headers=OWN_SITE)
        client.cookies.set("vangnet", old)

        assert client.get("/api/v1/jongeren").status_code == 401


def test_a_wrong_password_shows_the_form_again_and_a_pause_says_so(tmp_path: Path) -> None:
    app = make_app(make_settings(tmp_path), FakeRegio)
    with TestClient(app) as client:
        form = {"naam": NAAM, "wachtwoord": "fout"}
        answers = [
            client.post("/inloggen", data=form, headers=OWN_SITE) for _ in range(ATTEMPTS + 1)
        ]

    assert [answer.status_code for answer in answers] == [400] * ATTEMPTS + [429]
    assert "horen niet bij elkaar" in answers[0].text
    assert "Wacht vijf minuten" in answers[-1].text
    assert "fout" not in answers[0].text.split("<main")[1]
