"""Who a request comes from is told at once where that takes no wait, and in a thread otherwise."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from starlette.requests import Request

from service.aanmelden.accounts import create_gebruiker
from service.aanmelden.incoming import read_at_once, read_incoming
from service.aanmelden.rules import SessieRules
from service.aanmelden.sessies import start_session
from service.rechten.begrippen import Rol
from service.storage.engine import for_asking_at_once, open_engine, unit_of_work

RULES = SessieRules(b"k" * 32, timedelta(minutes=30), timedelta(hours=12), secure=False)
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


def log_in(engine: Engine) -> str:
    with unit_of_work(engine, traced=False) as session:
        made = create_gebruiker(session, "anna", "een lang en goed wachtwoord 1", [Rol.ANALIST])
        return start_session(session, made.id, rules=RULES, now=NOW)


def request(cookie: str, *headers: tuple[bytes, bytes]) -> Request:
    sent = [(b"cookie", f"{RULES.cookie}={cookie}".encode()), *headers]
    return Request({"type": "http", "headers": sent})


@pytest.fixture
def asking(sqlite_engine: Engine) -> Iterator[Engine]:
    found = for_asking_at_once(sqlite_engine)
    assert found is not None
    yield found
    found.dispose()


@contextmanager
def held(engine: Engine) -> Iterator[None]:
    """Hold a store as nobody does who serves: others cannot even read it."""
    engine.dispose()
    with closing(sqlite3.connect(str(engine.url.database))) as connection:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("DELETE FROM sessie WHERE false")
        yield


def test_both_ways_tell_the_same(sqlite_engine: Engine, asking: Engine) -> None:
    asked = request(log_in(sqlite_engine))
    found = read_at_once(asked, sqlite_engine, asking, RULES, NOW)
    assert found is not None
    assert found == read_incoming(asked, sqlite_engine, RULES, NOW)


def test_a_session_that_ended_is_not_known_at_once_either(
    sqlite_engine: Engine, asking: Engine
) -> None:
    asked = request(log_in(sqlite_engine))
    assert read_at_once(asked, sqlite_engine, asking, RULES, NOW) is not None
    with unit_of_work(sqlite_engine, traced=False) as session:
        session.execute(sa.text("DELETE FROM sessie"))
    assert read_at_once(asked, sqlite_engine, asking, RULES, NOW) is None


def test_a_token_is_never_looked_up_at_once(sqlite_engine: Engine, asking: Engine) -> None:
    asked = request(log_in(sqlite_engine), (b"authorization", b"Bearer x"))
    assert read_at_once(asked, sqlite_engine, asking, RULES, NOW) is None


def test_nothing_is_waited_for_when_the_store_is_held(
    sqlite_engine: Engine, asking: Engine
) -> None:
    asked = request(log_in(sqlite_engine))
    with held(sqlite_engine):
        begun = datetime.now(UTC)
        assert read_at_once(asked, sqlite_engine, asking, RULES, NOW) is None
        assert datetime.now(UTC) - begun < timedelta(seconds=5)


def test_a_server_is_always_asked_in_a_thread(postgres_url: str) -> None:
    engine = open_engine(postgres_url)
    assert for_asking_at_once(engine) is None
    engine.dispose()
