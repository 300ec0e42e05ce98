"""A unit of work happens wholly or not at all, and a database that fails says what is wrong."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from service.errors import SettingsError, StoreError, StoreProblem
from service.storage import CanonicalRepository, MergeCount, open_engine, unit_of_work
from service.storage.engine import PAGES_KB, for_reading
from service.storage.tables import CANONICAL, IMPORTRUN, METADATA
from tests.service.storage.imports import NOON, jongeren, merge_all, start_import, verzuim

BOTH_TABLES = {"jongere": jongeren(20), "verzuim": verzuim(20, 52)}


class PowerCutError(Exception):
    """Something that no part of the code expects."""


def count_rows(engine: Engine) -> int:
    with unit_of_work(engine, read_only=True) as session:
        return sum(
            session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for table in (IMPORTRUN, *CANONICAL.values())
        )


@pytest.mark.parametrize("failure", [PowerCutError, KeyboardInterrupt])
def test_a_unit_of_work_that_fails_leaves_nothing(
    engine: Engine, failure: type[BaseException]
) -> None:
    def merge_and_fail() -> None:
        with unit_of_work(engine) as session:
            merge_all(session, BOTH_TABLES)
            raise failure

    with pytest.raises(failure):
        merge_and_fail()
    assert count_rows(engine) == 0


def test_a_failure_halfway_leaves_what_was_there_before(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        merge_all(session, BOTH_TABLES)
    before = count_rows(engine)
    with pytest.raises(sa.exc.IntegrityError), unit_of_work(engine) as session:
        merge_all(session, {"jongere": jongeren(30), "verzuim": verzuim(31, 52)})
    assert count_rows(engine) == before


def test_a_merge_is_not_kept_before_the_unit_of_work_ends(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        merge_all(session, BOTH_TABLES)
        assert count_rows(engine) == 0
    assert count_rows(engine) == 1 + 20 + 20 * 52


def test_a_reader_sees_one_moment_while_another_writes(engine: Engine) -> None:
    with unit_of_work(engine, read_only=True) as reader:
        repository = CanonicalRepository(reader)
        assert repository.read("jongere").height == 0
        with unit_of_work(engine) as writer:
            merge_all(writer, BOTH_TABLES)
        assert repository.read("verzuim").height == 0
    with unit_of_work(engine, read_only=True) as reader:
        assert CanonicalRepository(reader).read("verzuim").height == 20 * 52


def test_a_reading_unit_of_work_cannot_write_and_the_next_one_can(engine: Engine) -> None:
    with pytest.raises(StoreError) as raised, unit_of_work(engine, read_only=True) as session:
        start_import(session)
    assert raised.value.problem is StoreProblem.READ_ONLY
    with unit_of_work(engine) as session:
        start_import(session)


def test_who_waits_too_long_for_another_import_is_told(database_url: str) -> None:
    engine = open_engine(database_url, lock_seconds=0.05)
    with unit_of_work(engine) as first:
        merge_all(first, {"jongere": jongeren(1)})
        with pytest.raises(StoreError) as raised, unit_of_work(engine) as second:
            merge_all(second, {"jongere": jongeren(2)})
    assert raised.value.problem is StoreProblem.LOCKED
    with unit_of_work(engine) as second:
        assert merge_all(second, {"jongere": jongeren(2)})["jongere"] == MergeCount(1, 0, 1)
    engine.dispose()


def test_a_sessie_of_no_gebruiker_is_refused_by_the_database(engine: Engine) -> None:
    with pytest.raises(sa.exc.IntegrityError), unit_of_work(engine) as session:
        session.execute(
            sa.text(
                "INSERT INTO sessie (token_hmac, gebruiker_id, aangemaakt_op, gezien_op)"
                " VALUES ('a', 1, '2026-11-01', '2026-11-01')"
            )
        )


@pytest.mark.parametrize(
    "url", ["", "vangnet.db", "mysql://localhost/vangnet"], ids=["empty", "no URL", "other kind"]
)
def test_a_url_of_no_supported_database_is_a_wrong_setting(url: str) -> None:
    with pytest.raises(SettingsError) as raised:
        open_engine(url)
    assert raised.value.setting == "database_url"


@pytest.mark.postgres
def test_a_url_in_the_short_form_of_hosters_is_understood(postgres_url: str) -> None:
    engine = open_engine(postgres_url.replace("postgresql+psycopg://", "postgres://"))
    assert engine.dialect.driver == "psycopg"
    engine.dispose()


def test_a_database_that_is_not_there_is_unreachable(bare_url: str, tmp_path: Path) -> None:
    url = sa.make_url(bare_url)
    missing = (
        url.set(database=str(tmp_path / "nowhere" / "vangnet.db"))
        if url.get_backend_name() == "sqlite"
        else url.set(database="nowhere")
    )
    with pytest.raises(StoreError) as raised:
        open_engine(missing.render_as_string(hide_password=False))
    assert raised.value.problem is StoreProblem.UNREACHABLE


@pytest.mark.postgres
def test_a_server_that_is_not_there_is_unreachable(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as raised:
        open_engine(f"postgresql://postgres@/postgres?host={tmp_path}")
    assert raised.value.problem is StoreProblem.UNREACHABLE


def test_a_full_disk_is_told_and_nothing_is_kept(sqlite_engine: Engine) -> None:
    with sqlite_engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

    @sa.event.listens_for(sqlite_engine, "begin")
    def limit(connection: sa.Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 5}")

    with pytest.raises(StoreError) as raised, unit_of_work(sqlite_engine) as session:
        merge_all(session, BOTH_TABLES)
    assert raised.value.problem is StoreProblem.DISK_FULL
    assert count_rows(sqlite_engine) == 0


def test_a_file_that_is_no_database_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "vangnet.db"
    path.write_text("dit is geen database, maar een brief " * 100, encoding="utf-8")
    with pytest.raises(StoreError) as raised:
        open_engine(f"sqlite:///{path}")
    assert raised.value.problem is StoreProblem.DAMAGED


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file modes")
def test_only_the_owner_can_read_a_new_sqlite_database(tmp_path: Path) -> None:
    path = tmp_path / "vangnet.db"
    before = os.umask(0)
    try:
        engine = open_engine(f"sqlite:///{path}")
        with unit_of_work(engine) as session:
            session.execute(sa.text("CREATE TABLE t (a integer)"))
        modes = {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
        engine.dispose()
    finally:
        os.umask(before)
    assert modes == {0o600}


OTHER_PROCESS = """
import sys
from service.storage import open_engine
engine = open_engine(sys.argv[1])
with engine.begin() as connection:
    connection.exec_driver_sql("CREATE TABLE elders (id INTEGER)")
engine.dispose()
"""


def test_opening_a_database_again_keeps_the_locks_of_this_process(sqlite_url: str) -> None:
    engine = open_engine(sqlite_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE hier (id INTEGER)")
    open_engine(sqlite_url).dispose()

    subprocess.run(  # noqa: S603  # our own program
        [sys.executable, "-c", OTHER_PROCESS, sqlite_url], check=True, timeout=60
    )

    # the other process was not the last one, so it must leave the WAL that this one uses
    assert Path(f"{engine.url.database}-wal").exists()
    assert {"hier", "elders"} <= set(sa.inspect(engine).get_table_names())
    engine.dispose()


def test_sqlite_is_opened_so_that_a_commit_survives_a_power_cut(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'vangnet.db'}")
    with engine.connect() as connection:
        found = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    engine.dispose()
    assert found == ["wal", 2, 1]


def test_connections_together_keep_no_more_of_a_file_in_memory_than_one_may(
    sqlite_engine: Engine,
) -> None:
    reading = for_reading(sqlite_engine)
    with reading.connect() as one, reading.connect() as other:
        each = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for connection in (one, other)
            for name in ("cache_size", "soft_heap_limit")
        ]
    assert each == [-PAGES_KB, 1024 * PAGES_KB] * 2


def test_a_mistake_in_a_statement_is_no_problem_of_the_store(engine: Engine) -> None:
    with pytest.raises(sa.exc.DBAPIError), unit_of_work(engine) as session:
        session.execute(sa.text("SELEC 1"))


def test_the_message_of_a_failure_holds_no_value_of_a_row(engine: Engine) -> None:
    def insert_without_password() -> None:
        statement = sa.insert(METADATA.tables["gebruiker"]).values(
            naam="Anna de Wit", rollen="", actief=True, aangemaakt_op=NOON
        )
        with unit_of_work(engine) as session:
            session.execute(statement)

    with pytest.raises(sa.exc.IntegrityError) as raised:
        insert_without_password()
    assert "gebruiker" in str(raised.value)
    assert "Anna de Wit" not in str(raised.value)
    assert "Anna de Wit" not in str(raised.value.orig)
