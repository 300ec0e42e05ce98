"""A full disk, a lost database, a file of a model that is gone or changed (TRUST R9).

What people read says what to do, nothing is half done, and the health page tells which part it is.
A slow identity provider: `tests/service/aanmelden`.
"""

import errno
import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import Engine

from service.answers import ANSWERS, STORE_ANSWERS, answer_for
from service.backup.making import make_backup
from service.cli import main
from service.errors import NotRecordedError, StoreError, StoreProblem
from service.importing.run import import_paths
from service.outbox.berichten import Soort, enqueue
from service.settings import Settings, open_settings
from service.storage import unit_of_work
from service.storage.outbox_tables import BERICHT
from tests.conftest import PostgresServer, skip_or_fail
from tests.postgres import Cluster, NoPostgresError, make_cluster
from tests.service.backup.test_owner import statement
from tests.service.conftest import NAAM, OWN_SITE, WACHTWOORD, make_app, make_settings
from tests.service.fakes import FakeRegio
from tests.service.importing.tabular_files import KEY, all_tables
from tests.service.storage.imports import NOON

LOST = STORE_ANSWERS[StoreProblem.UNREACHABLE].detail
UNLOGGED = ANSWERS[NotRecordedError].detail
FULL = STORE_ANSWERS[StoreProblem.DISK_FULL].detail


@contextmanager
def full_disk(engine: Engine) -> Iterator[None]:
    """Let the file of the store grow no further."""
    with closing(sqlite3.connect(str(engine.url.database))) as file:
        file.execute("VACUUM")  # what a migration emptied would still hold rows
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

    def limit(connection: sa.Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    sa.event.listen(engine, "begin", limit)
    yield
    sa.event.remove(engine, "begin", limit)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")


def test_an_import_on_a_full_disk_leaves_nothing_and_can_be_done_again(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    inbox = tmp_path / "in"
    inbox.mkdir()
    paths = all_tables(inbox)
    with full_disk(sqlite_engine), pytest.raises(StoreError) as refusal:
        import_paths(paths, engine=sqlite_engine, key=KEY)
    assert refusal.value.problem is StoreProblem.DISK_FULL
    answer = answer_for(refusal.value)
    assert answer is not None
    assert answer.detail == FULL
    assert import_paths(paths, engine=sqlite_engine, key=KEY).counts["jongere"].new == 3


def test_a_notice_on_a_full_disk_is_not_half_kept(sqlite_engine: Engine) -> None:
    def tell_much() -> None:
        with unit_of_work(sqlite_engine) as session:
            for number in range(500):
                enqueue(session, Soort.ALARM, sleutel=f"{number}" * 30, op=NOON)

    with full_disk(sqlite_engine), pytest.raises(StoreError):
        tell_much()
    with unit_of_work(sqlite_engine, read_only=True) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(BERICHT)) == 0


def test_a_backup_to_a_full_disk_leaves_no_half_file(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sqlite_url
    settings = open_settings(tmp_path)

    def no_space(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("service.backup.archive.os.fsync", no_space)
    with pytest.raises(OSError, match="space") as refusal:
        make_backup(settings, tmp_path / "kopie", now=NOON)
    answer = answer_for(refusal.value)
    assert answer is not None
    assert answer.detail == FULL
    assert list((tmp_path / "kopie").iterdir()) == []


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    try:
        with make_cluster() as made:
            yield made
    except NoPostgresError as error:
        skip_or_fail("postgres", str(error))


@pytest.mark.postgres
def test_a_service_whose_database_crashes_says_so_and_goes_on_when_it_is_back(
    cluster: Cluster, tmp_path: Path
) -> None:
    with cluster.serve(stop=signal.SIGQUIT):
        url = PostgresServer(cluster.url).create()
        # as in production: what was committed survives the crash
        statement(url, f'ALTER DATABASE "{sa.make_url(url).database}" SET synchronous_commit = on')
        settings = Settings(
            **(make_settings(tmp_path).model_dump() | {"database_url": SecretStr(url)})
        )
        service = make_app(settings, FakeRegio)
        client = TestClient(service, follow_redirects=False, raise_server_exceptions=False)
        client.__enter__()
        login = {"naam": NAAM, "wachtwoord": WACHTWOORD}
        assert client.post("/inloggen", data=login, headers=OWN_SITE).status_code == 303
        assert client.get("/api/v1/matchtafels").status_code == 200
    page, answer = client.get("/jongeren"), client.get("/api/v1/matchtafels")
    assert (page.status_code, answer.status_code) == (503, 503)
    # what cannot be logged is not shown either (TRUST A4)
    assert any(sentence in page.text for sentence in (LOST, UNLOGGED))
    assert answer.json()["detail"] in (LOST, UNLOGGED)
    health = client.get("/api/v1/gereedheid")
    assert health.status_code == 503
    assert "database" in health.text
    assert client.get("/api/v1/gezondheid").status_code == 200
    with cluster.serve():
        assert client.get("/api/v1/matchtafels").status_code == 200
        assert client.get("/jongeren").status_code == 200
        assert client.get("/api/v1/gereedheid").status_code == 200
        client.__exit__(None, None, None)


@pytest.mark.postgres
def test_a_command_without_its_database_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VANGNET_DATABASE_URL", f"postgresql://postgres@/x?host={tmp_path}")
    for command in (["verstuur"], ["backup", str(tmp_path / "kopie")], ["herstel", "--oefening"]):
        monkeypatch.setattr("sys.argv", ["vangnet", "--data", str(tmp_path), *command])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 1
        assert LOST in capsys.readouterr().err
