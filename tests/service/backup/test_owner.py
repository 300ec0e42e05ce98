"""Backups by an ordinary owner of the tables, for whom row security holds too (TRUST R2, S6)."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from service.backup.database import digest
from service.backup.making import make_backup
from service.backup.restoring import restore
from service.settings import SETTINGS_FILE, Settings, open_settings
from service.storage import migrate, open_engine
from tests.conftest import PostgresServer
from tests.service.backup.test_backup import NOW, changed
from tests.service.faults.filling import fill_new_tables

OWNER = "vangnet_eigenaar"


def statement(url: str, text: str) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(text)
    engine.dispose()


@pytest.fixture
def owned(postgres: PostgresServer) -> Iterator[list[str]]:
    """Two empty databases of a role without special rights."""
    made = [postgres.create() for _ in range(2)]
    statement(made[0], f"CREATE ROLE {OWNER} LOGIN NOSUPERUSER NOBYPASSRLS")
    statement(made[0], f'GRANT SET ON PARAMETER "vangnet.doel" TO {OWNER}')
    for url in made:
        statement(url, f'ALTER DATABASE "{sa.make_url(url).database}" OWNER TO {OWNER}')
        statement(url, f"ALTER SCHEMA public OWNER TO {OWNER}")
    yield [url.replace("postgres@", f"{OWNER}@", 1) for url in made]
    for url in made:
        postgres.drop(url)
    server = postgres.url("postgres")
    statement(server, f'REVOKE SET ON PARAMETER "vangnet.doel" FROM {OWNER}')
    statement(server, f"DROP ROLE {OWNER}")


@pytest.mark.postgres
def test_an_ordinary_owner_can_back_up_and_put_back_every_row(
    owned: list[str], tmp_path: Path
) -> None:
    settings: Settings = changed(open_settings(tmp_path / "regio"), database_url=owned[0])
    engine = open_engine(owned[0])
    migrate(engine)
    fill_new_tables(engine)
    before = digest(engine)
    engine.dispose()
    (tmp_path / "elders").mkdir()
    shutil.copy(settings.data / SETTINGS_FILE, tmp_path / "elders")
    place = changed(open_settings(tmp_path / "elders"), database_url=owned[1])

    kopie = make_backup(settings, tmp_path / "kopie", now=NOW)
    restore(place, kopie.path)

    assert all(one.rijen for one in before.values())
    other = open_engine(owned[1])
    with other.connect() as connection:
        forced = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_class WHERE relforcerowsecurity"
        ).scalar_one()
        asleep = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'D'"
        ).scalar_one()
    assert digest(other) == before == kopie.manifest.tabellen
    other.dispose()
    assert forced > 0
    assert asleep == 0
