"""An installation of an ordinary owner of a database, for whom row security holds too (R2, S6)."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from service.backup.database import digest
from service.backup.drill import practise
from service.backup.making import make_backup
from service.backup.restoring import restore
from service.settings import SETTINGS_FILE, Settings, open_settings
from service.storage import migrate, open_engine
from tests.conftest import PostgresServer
from tests.service.backup.test_backup import NOW, changed
from tests.service.conftest import NAAM, OWN_SITE, WACHTWOORD, make_app, make_settings
from tests.service.fakes import FakeRegio
from tests.service.faults.filling import fill_new_tables

pytestmark = pytest.mark.postgres

OWNER = "vangnet_eigenaar"
PLAIN = "rolsuper OR rolbypassrls OR rolcreaterole OR rolreplication"


def statement(url: str, text: str) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(text)
    engine.dispose()


@dataclass(frozen=True)
class Owner:
    """Makes databases as a role that may log in and make databases, and nothing else."""

    server: str
    numbers: Iterator[int]

    def create(self) -> str:
        """Return the URL of a new database, with this role as the user."""
        name = f"{OWNER}_{next(self.numbers)}"
        statement(self.url("postgres"), f"CREATE DATABASE {name}")
        return self.url(name)

    def url(self, name: str) -> str:
        address = sa.make_url(self.server).set(username=OWNER, database=name)
        return address.render_as_string(hide_password=False)


@pytest.fixture(scope="module")
def owner(postgres: PostgresServer) -> Iterator[Owner]:
    server = postgres.url("postgres")
    statement(server, f"CREATE ROLE {OWNER} LOGIN CREATEDB")
    numbers = count()
    yield Owner(server, numbers)
    for number in range(next(numbers)):
        statement(server, f"DROP DATABASE {OWNER}_{number} WITH (FORCE)")
    statement(server, f"DROP ROLE {OWNER}")


def test_an_ordinary_owner_can_back_up_put_back_and_practise_with_every_row(
    owner: Owner, tmp_path: Path
) -> None:
    settings: Settings = changed(open_settings(tmp_path / "regio"), database_url=owner.create())
    engine = open_engine(settings.database)
    migrate(engine)
    fill_new_tables(engine)
    before = digest(engine)
    engine.dispose()
    (tmp_path / "elders").mkdir()
    shutil.copy(settings.data / SETTINGS_FILE, tmp_path / "elders")
    place = changed(open_settings(tmp_path / "elders"), database_url=owner.create())

    kopie = make_backup(settings, tmp_path / "kopie", now=NOW)
    restore(place, kopie.path)
    oefening = practise(settings, kopie.path, now=NOW)

    assert all(one.rijen for one in before.values())
    other = open_engine(place.database)
    with other.connect() as connection:
        forced = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_class WHERE relforcerowsecurity"
        ).scalar_one()
        asleep = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'D'"
        ).scalar_one()
        may_more = connection.exec_driver_sql(
            f"SELECT {PLAIN} FROM pg_roles WHERE rolname = current_user"  # noqa: S608  # a constant
        ).scalar_one()
    assert digest(other) == before == kopie.manifest.tabellen == oefening.herstel.manifest.tabellen
    other.dispose()
    assert forced > 0
    assert asleep == 0
    assert not may_more


def test_an_ordinary_owner_can_serve_and_go_back_to_an_empty_database(
    owner: Owner, tmp_path: Path
) -> None:
    settings = changed(make_settings(tmp_path), database_url=owner.create())
    app = make_app(settings, FakeRegio)
    with TestClient(app, follow_redirects=False, headers=OWN_SITE) as client:
        client.post("/inloggen", data={"naam": NAAM, "wachtwoord": WACHTWOORD})
        answer = client.get("/api/v1/jongeren")
    assert answer.status_code == 200
    assert answer.json()["resultaten"]
    engine = open_engine(settings.database)
    migrate(engine, "base")
    assert sa.inspect(engine).get_table_names() == ["alembic_version"]
    engine.dispose()
