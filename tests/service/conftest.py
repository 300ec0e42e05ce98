"""A running service on a tiny made-up region, and somebody who is logged in."""

from collections.abc import Callable, Hashable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from pydantic import SecretStr

from service.aanmelden import wachtwoorden
from service.app import create_app
from service.dependencies import RegioView
from service.settings import Settings
from service.storage.engine import unit_of_work
from tests.databases import open_migrated
from tests.service.fakes import FakeRegio
from tests.service.mensen import FAKE_IDS, SMALL_IDS, add_account, add_regio, settle

NAAM = "coach"
WACHTWOORD = "een lang en goed wachtwoord"
OWN_SITE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hash passwords cheaply; `tests/service/aanmelden/test_wachtwoorden.py` looks at the cost."""
    cheap = PasswordHash([Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wachtwoorden, "_passwords", lambda: cheap)
        yield


def make_settings(folder: Path, *, secure_cookies: bool = False) -> Settings:
    """Return settings of a folder of its own."""
    return Settings(  # type: ignore[call-arg]  # the others have defaults
        data=folder,
        pseudonym_key=SecretStr("p" * 43),
        session_key=SecretStr("s" * 43),
        secure_cookies=secure_cookies,
    )


def make_app(
    settings: Settings,
    load_regio: Callable[[], RegioView],
    *,
    regio_stamp: Callable[[], Hashable] = lambda: None,
    renew_seconds: float = 60.0,
) -> FastAPI:
    """Return the service on a migrated store with one account."""
    engine = open_migrated(settings.database)
    with unit_of_work(engine) as session:
        add_regio(session)
        settle(session, [*FAKE_IDS, *SMALL_IDS])
        add_account(session, NAAM, WACHTWOORD)
    engine.dispose()
    return create_app(
        settings, load_regio=load_regio, regio_stamp=regio_stamp, renew_seconds=renew_seconds
    )


@pytest.fixture(scope="module")
def regio() -> FakeRegio:
    return FakeRegio()


@pytest.fixture(scope="module")
def app(regio: FakeRegio, tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    return make_app(make_settings(tmp_path_factory.mktemp("regio")), lambda: regio)


@pytest.fixture(scope="module")
def anonymous(app: FastAPI) -> Iterator[TestClient]:
    """Somebody who is not logged in."""
    with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="module")
def logged_in(app: FastAPI) -> Iterator[TestClient]:
    """Somebody who is logged in."""
    with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as client:
        answer = client.post(
            "/inloggen", data={"naam": NAAM, "wachtwoord": WACHTWOORD}, headers=OWN_SITE
        )
        assert answer.status_code == 303
        yield client
