"""A running service on the small region, whose scores are real."""

from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import Engine

from models.registered import RegisteredModel
from service.regio import Regio
from service.settings import Settings
from service.storage.engine import open_engine, unit_of_work
from tests.conftest import PostgresServer
from tests.service.conftest import NAAM, OWN_SITE, WACHTWOORD, make_app, make_settings
from tests.service.region import small_models, small_regio, small_region
from tests.service.storage.imports import merge_all

PLACES = ("leerbedrijf", "leerwerkplek")


def by_hash(name: str, version: str, sha256: str) -> RegisteredModel:
    """Return a model of the small region by its hash, as the store of models does."""
    found = {one.model.name: one for one in small_models()}[name]
    assert (found.version, found.sha256) == (version, sha256)
    return found.model


# on the second database too, but not while everybody waits: the service is the same
BOTH = ("sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.slow]))


@pytest.fixture(scope="module", params=BOTH)
def settings(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    made = make_settings(tmp_path_factory.mktemp("suggestielog"))
    made = made.model_copy(update={"tweede_factor": False})
    if request.param == "sqlite":
        yield made
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.create(request.getfixturevalue("postgres_template"))
    yield made.model_copy(update={"database_url": SecretStr(url)})
    server.drop(url)


@pytest.fixture(scope="module")
def app(settings: Settings) -> FastAPI:
    return app_with_places(settings, small_regio)


def app_with_places(settings: Settings, load_regio: Callable[[], Regio]) -> FastAPI:
    """Return a service whose store holds the places of the small region."""
    made = make_app(settings, load_regio)
    engine = open_engine(settings.database)
    with unit_of_work(engine) as session:
        merge_all(session, {name: small_region().tables[name] for name in PLACES})
    engine.dispose()
    return made


@pytest.fixture(scope="module")
def coach(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as client:
        form = {"naam": NAAM, "wachtwoord": WACHTWOORD}
        assert client.post("/inloggen", data=form, headers=OWN_SITE).status_code == 303
        client.headers.update(OWN_SITE)
        yield client


@pytest.fixture
def store(app: FastAPI, settings: Settings) -> Iterator[Engine]:
    engine = open_engine(settings.database)
    yield engine
    engine.dispose()
