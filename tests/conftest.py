"""Databases for every test that asks: a fresh one each, on SQLite and on PostgreSQL.

``engine`` gives both in turn; ``sqlite_engine`` where the database does not matter;
``shared_engine`` for many examples that roll their work back, since making a database takes time.
"""

import os
import shutil
from collections.abc import Iterator
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from sqlalchemy import Engine

from models.store import ModelStore
from service.storage import open_engine
from tests import databases
from tests.databases import open_migrated
from tests.postgres import NoPostgresError, run_postgres

if TYPE_CHECKING:
    from mlflow.tracking import MlflowClient

REQUIRE = "VANGNET_TEST_REQUIRE"
"""Environment variable: comma-separated markers whose tests may not be skipped."""

BOTH = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))

# no deadline: machines that run tests are busy; the same examples in every run, so that a change
# is judged by itself; a fixture is meant for all examples of its test
settings.register_profile(
    "vangnet",
    deadline=None,
    max_examples=40,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("vangnet")


@pytest.fixture(scope="session", autouse=True)
def quick_register() -> Iterator[None]:
    """Copy an empty register of models, which MLflow makes once, where a test needs a new one."""
    own = ModelStore.__dict__["_client"].func

    def prepared(store: ModelStore) -> "MlflowClient":
        databases.lay_down_register(store._tracking_uri)
        client: MlflowClient = own(store)
        return client

    again = cached_property(prepared)
    again.__set_name__(ModelStore, "_client")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ModelStore, "_client", again)
        yield


class PostgresServer:
    """Makes databases on a running server and throws them away."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._numbers = count()

    def create(self, template: str = "template1") -> str:
        """Return the URL of a new database that is a copy of the template."""
        name = f"test_{next(self._numbers)}"
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected."""
        self._execute(f'DROP DATABASE "{sa.make_url(url).database}" WITH (FORCE)')

    def url(self, name: str) -> str:
        """Return the URL of a database on this server."""
        return self._url.format(database=name)

    def _execute(self, statement: str) -> None:
        engine = sa.create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()


def skip_or_fail(marker: str, reason: str) -> None:
    """Skip this test, unless tests with this marker are required: then fail it."""
    if marker in os.environ.get(REQUIRE, "").split(","):
        pytest.fail(f"{marker} is required: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server of this test run alone."""
    try:
        with run_postgres() as url:
            yield PostgresServer(url)
    except NoPostgresError as error:
        skip_or_fail("postgres", str(error))


@pytest.fixture(scope="session")
def postgres_template(postgres: PostgresServer) -> str:
    """Name of a migrated database without rows."""
    url = postgres.create()
    open_migrated(url).dispose()
    return str(sa.make_url(url).database)


@pytest.fixture(scope="session")
def sqlite_template() -> Path:
    """A migrated database without rows."""
    return databases.sqlite_template()


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """URL of a migrated SQLite database without rows."""
    shutil.copy(sqlite_template, tmp_path / "vangnet.db")
    return f"sqlite:///{tmp_path / 'vangnet.db'}"


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """URL of a migrated database without rows, on either server."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    yield request.getfixturevalue("postgres_url")


@pytest.fixture
def postgres_url(postgres: PostgresServer, postgres_template: str) -> Iterator[str]:
    """URL of a migrated PostgreSQL database without rows; mark the test with `postgres`."""
    url = postgres.create(postgres_template)
    yield url
    postgres.drop(url)


@pytest.fixture(scope="session", params=BOTH)
def shared_engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """An open, migrated database for tests of many examples: each rolls all its work back."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("shared") / "vangnet.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        url = f"sqlite:///{path}"
    else:
        server: PostgresServer = request.getfixturevalue("postgres")
        url = server.create(request.getfixturevalue("postgres_template"))
    yield from _open(url)


@pytest.fixture(params=BOTH)
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a database that was never migrated, on either server."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'bare.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.create()
    yield url
    server.drop(url)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An open, migrated database without rows, on either server."""
    yield from _open(database_url)


@pytest.fixture
def bare_engine(bare_url: str) -> Iterator[Engine]:
    """An open database that was never migrated, on either server."""
    yield from _open(bare_url)


@pytest.fixture
def sqlite_engine(sqlite_url: str) -> Iterator[Engine]:
    """An open, migrated SQLite database without rows."""
    yield from _open(sqlite_url)


def _open(url: str) -> Iterator[Engine]:
    # nothing of a test has to survive a power cut
    engine = open_engine(url, synchronous="OFF", lock_seconds=2)
    yield engine
    engine.dispose()
