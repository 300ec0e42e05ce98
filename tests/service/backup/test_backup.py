"""A backup holds one moment, comes back equal, and is refused whole when it is not (TRUST R2)."""

import json
import shutil
import sqlite3
import stat
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from service.answers import answer_for
from service.audit.controle import Afwijking, Breuk
from service.audit.koppen import sign_kop, write_kop
from service.audit.opening import audit_sleutels
from service.backup.database import digest
from service.backup.drill import practise
from service.backup.making import make_backup
from service.backup.manifest import TableDigest
from service.backup.restoring import restore
from service.errors import BackupError, BackupProblem, FileError, StoreError, StoreProblem
from service.settings import SETTINGS_FILE, Settings, open_settings
from service.storage import CanonicalRepository, migrate, open_engine, unit_of_work
from service.storage.audit import AuditRepository
from tests.conftest import BOTH, PostgresServer
from tests.service.audit.lines import append, spoil
from tests.service.faults.filling import ROWS, fill_new_tables
from tests.service.storage.imports import jongeren, start_import

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
KEY = "k" * 40
MODEL = "uitvalrisico/run/artifacts/model/model.txt"


@contextmanager
def opened(settings: Settings) -> Iterator[Engine]:
    engine = open_engine(settings.database, synchronous="OFF")
    try:
        yield engine
    finally:
        engine.dispose()


def contents(settings: Settings) -> Mapping[str, TableDigest]:
    with opened(settings) as engine:
        return digest(engine)


def installation(folder: Path, url: str, **values: object) -> Settings:
    """Return the settings of a data folder; on SQLite the store lies in it."""
    return changed(
        open_settings(folder), database_url=None if url.startswith("sqlite") else url, **values
    )


def changed(settings: Settings, **values: object) -> Settings:
    """Return the same settings but for these."""
    return Settings(**(settings.model_dump() | values))


@pytest.fixture(scope="module", params=BOTH)
def template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """URL of a database with rows in every table, to copy."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('template') / 'vangnet.db'}"
    else:
        url = request.getfixturevalue("postgres").create()
    engine = open_engine(url, synchronous="OFF")
    migrate(engine)
    fill_new_tables(engine)
    engine.dispose()
    return url


@pytest.fixture
def filled(template: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """An installation with rows in every table, a register and a model."""
    folder = tmp_path / "regio"
    settings = open_settings(folder)
    (settings.models / MODEL).parent.mkdir(parents=True)
    (settings.models / MODEL).write_text("bomen")
    with sqlite3.connect(folder / "mlflow.db") as register:
        register.execute("CREATE TABLE runs (name TEXT)")
        register.execute("INSERT INTO runs VALUES ('eerste')")
    register.close()
    name = sa.make_url(template).database or ""
    if template.startswith("sqlite"):
        shutil.copy(name, folder)
        yield settings
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.create(name)
    yield changed(settings, database_url=url)
    server.drop(url)


@pytest.fixture
def elsewhere(
    filled: Settings, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Settings]:
    """An empty installation with the same keys."""
    folder = tmp_path / "elders"
    folder.mkdir()
    shutil.copy(filled.data / SETTINGS_FILE, folder)
    if filled.database.startswith("sqlite"):
        yield open_settings(folder)
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.create()
    yield installation(folder, url)
    server.drop(url)


def test_everything_but_the_keys_comes_back_equal(
    filled: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    kopie = make_backup(filled, tmp_path / "kopie", now=NOW)
    done = restore(elsewhere, kopie.path)

    assert all(one.rijen for one in kopie.manifest.tabellen.values())
    assert contents(elsewhere) == kopie.manifest.tabellen == contents(filled)
    assert done.manifest == kopie.manifest
    assert (elsewhere.models / MODEL).read_text() == "bomen"
    with sqlite3.connect(elsewhere.data / "mlflow.db") as register:
        assert register.execute("SELECT name FROM runs").fetchall() == [("eerste",)]
    register.close()
    with zipfile.ZipFile(kopie.path) as packed:
        secrets = (filled.pseudonym_key, filled.session_key)
        everything = b"".join(packed.read(name) for name in packed.namelist())
    assert not any(one.get_secret_value().encode() in everything for one in secrets)


@pytest.mark.parametrize(("last", "whole"), [(30, True), (20, False)])
def test_a_log_that_lost_its_end_before_the_backup_is_told_against_the_exported_head(
    sqlite_url: str, tmp_path: Path, last: int, *, whole: bool
) -> None:
    koppen = tmp_path / "elders"
    settings = installation(tmp_path, sqlite_url, auditkoppen=koppen)
    sleutels = audit_sleutels(settings)
    with opened(settings) as engine:
        for moment in (NOW, NOW + timedelta(days=1)):
            append(engine, 30)
            with unit_of_work(engine, read_only=True) as session:
                write_kop(sign_kop(AuditRepository(session).head(), sleutels, now=moment), koppen)
        spoil(engine, f"DELETE FROM auditregel WHERE nummer > {last}")  # noqa: S608  # a number
    kopie = make_backup(settings, tmp_path / "kopie", now=NOW)

    log = practise(settings, kopie.path, now=NOW).herstel.log

    # the head of a day later is of lines that this backup cannot have
    assert log.koppen == 1
    assert log.breuken == (() if whole else (Breuk(30, Afwijking.STAART_WEG),))


def test_a_file_that_is_no_exported_head_stops_before_anything_is_put_back(
    sqlite_url: str, tmp_path: Path
) -> None:
    settings = installation(tmp_path, sqlite_url, auditkoppen=tmp_path / "elders")
    kopie = make_backup(settings, tmp_path / "kopie", now=NOW)
    (tmp_path / "elders").mkdir()
    (tmp_path / "elders" / "kop-000000000001.json").write_text("{}")
    place = changed(open_settings(tmp_path / "plek"), auditkoppen=tmp_path / "elders")
    with pytest.raises(FileError):
        restore(place, kopie.path)
    assert {path.name for path in place.data.iterdir()} == {SETTINGS_FILE}


def test_numbering_goes_on_where_it_was(
    filled: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    restore(elsewhere, make_backup(filled, tmp_path / "kopie", now=NOW).path)
    with opened(elsewhere) as engine, unit_of_work(engine) as session:
        assert start_import(session) == ROWS + 1


def test_a_backup_holds_one_moment_while_others_write(
    engine: Engine, tmp_path: Path, database_url: str
) -> None:
    settings = installation(tmp_path, database_url)
    done = threading.Event()

    def write() -> None:
        number = 0
        while not done.is_set():
            number += 1
            with unit_of_work(engine) as session:  # a row in each of two tables, together
                CanonicalRepository(session).merge(
                    "jongere", jongeren(number), start_import(session)
                )

    writer = threading.Thread(target=write)
    writer.start()
    try:
        copies = [
            make_backup(settings, tmp_path / "kopie", now=NOW + timedelta(seconds=at)).manifest
            for at in range(3)
        ]
    finally:
        done.set()
        writer.join()
    for manifest in copies:
        assert manifest.tabellen["jongere"].rijen == manifest.tabellen["importrun"].rijen
    assert copies[-1].tabellen["jongere"].rijen > copies[0].tabellen["jongere"].rijen


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-300])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 0xFF
    path.write_bytes(content)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def other(path: Path) -> None:
    path.write_text("een brief aan de gemeente")


def without_a_part(path: Path) -> None:
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    del parts[f"modellen/{MODEL}"]
    _pack(path, parts)


def altered(path: Path) -> None:
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    parts["mlflow.db"] += b"\x00"
    _pack(path, parts)


def outside(path: Path) -> None:
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    parts["../elders.txt"] = b""
    _pack(path, parts)


def _pack(path: Path, parts: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)


DAMAGE = [(one, False) for one in (cut, flip, empty, other, without_a_part, altered, outside)]


@pytest.mark.parametrize(("damage", "sealed"), [*DAMAGE, (cut, True), (flip, True)])
def test_a_damaged_backup_is_refused_and_leaves_nothing(
    sqlite_url: str, tmp_path: Path, damage: Callable[[Path], None], *, sealed: bool
) -> None:
    settings = installation(tmp_path, sqlite_url, backup_key=KEY if sealed else None)
    (settings.models / MODEL).parent.mkdir(parents=True)
    (settings.models / MODEL).write_text("bomen")
    sqlite3.connect(settings.data / "mlflow.db").close()
    kopie = make_backup(settings, tmp_path / "kopie", now=NOW)
    damage(kopie.path)
    folder = tmp_path / "elders"
    folder.mkdir()
    place = installation(folder, "sqlite", backup_key=KEY, pseudonym_key=settings.pseudonym_key)

    with pytest.raises(BackupError) as refusal:
        restore(place, kopie.path)

    problem = BackupProblem.UNREADABLE if sealed else BackupProblem.DAMAGED
    assert refusal.value.problem is problem
    answer = answer_for(refusal.value)
    assert answer is not None
    assert "Er is niets teruggezet" in answer.detail
    assert {path.name for path in folder.iterdir()} == {SETTINGS_FILE}


def test_rows_that_differ_from_the_manifest_are_taken_out_again(
    filled: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    kopie = make_backup(filled, tmp_path / "kopie", now=NOW)
    with zipfile.ZipFile(kopie.path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    told = json.loads(parts["manifest.json"])
    told["tabellen"]["jongere"]["rijen"] += 1
    _pack(kopie.path, parts | {"manifest.json": json.dumps(told).encode()})

    with pytest.raises(BackupError) as refusal:
        restore(elsewhere, kopie.path)

    assert refusal.value.problem is BackupProblem.DIFFERENT
    assert not elsewhere.models.exists()
    with opened(elsewhere) as engine:
        assert sa.inspect(engine).get_table_names() == []


def test_a_sealed_backup_opens_with_its_key_alone(
    filled: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    kopie = make_backup(changed(filled, backup_key=KEY), tmp_path / "kopie", now=NOW)
    assert not zipfile.is_zipfile(kopie.path)
    with pytest.raises(BackupError) as without:
        restore(elsewhere, kopie.path)
    with pytest.raises(BackupError) as wrong:
        restore(changed(elsewhere, backup_key="x" * 40), kopie.path)
    assert without.value.problem is BackupProblem.SEALED
    assert wrong.value.problem is BackupProblem.UNREADABLE
    restore(changed(elsewhere, backup_key=KEY), kopie.path)
    assert contents(elsewhere) == kopie.manifest.tabellen


def test_a_backup_goes_into_an_empty_place_only(filled: Settings, tmp_path: Path) -> None:
    kopie = make_backup(filled, tmp_path / "kopie", now=NOW)
    before = contents(filled)
    with pytest.raises(BackupError) as refusal:
        restore(filled, kopie.path)
    assert refusal.value.problem is BackupProblem.NOT_EMPTY
    shutil.rmtree(filled.models)
    (filled.data / "mlflow.db").unlink()
    with pytest.raises(BackupError) as refusal:
        restore(filled, kopie.path)
    assert refusal.value.problem is BackupProblem.NOT_EMPTY
    assert contents(filled) == before


def test_a_backup_of_another_installation_or_database_is_refused(
    sqlite_url: str, tmp_path: Path
) -> None:
    settings = installation(tmp_path, sqlite_url)
    kopie = make_backup(settings, tmp_path / "kopie", now=NOW)
    stranger = open_settings(tmp_path / "ander")
    with pytest.raises(BackupError) as refusal:
        restore(stranger, kopie.path)
    assert refusal.value.problem is BackupProblem.OTHER_KEY
    moved = installation(
        tmp_path / "ander", "postgresql://localhost/x", pseudonym_key=settings.pseudonym_key
    )
    with pytest.raises(BackupError) as refusal:
        restore(moved, kopie.path)
    assert refusal.value.problem is BackupProblem.OTHER_DATABASE


def test_a_backup_of_an_earlier_release_comes_back_in_the_schema_of_now(
    bare_url: str, tmp_path: Path
) -> None:
    settings = installation(tmp_path / "regio", bare_url)
    with opened(settings) as engine:
        migrate(engine, "0004")
        fill_new_tables(engine)
    kopie = make_backup(settings, tmp_path / "kopie", now=NOW)
    assert kopie.manifest.revision == "0004"
    done = practise(settings, kopie.path, now=NOW + timedelta(minutes=7))
    assert done.verlies == timedelta(minutes=7)
    assert done.herstel.manifest == kopie.manifest


def test_a_drill_leaves_the_installation_as_it_was(filled: Settings) -> None:
    before, files = contents(filled), sorted(filled.data.rglob("*"))
    done = practise(filled, None, now=NOW)
    assert done.verlies == timedelta()
    assert done.herstel.manifest.tabellen == before == contents(filled)
    assert done.herstel.seconds > 0
    assert sorted(filled.data.rglob("*")) == files


def test_a_database_that_was_never_migrated_has_no_backup(bare_url: str, tmp_path: Path) -> None:
    settings = installation(tmp_path, bare_url)
    with pytest.raises(StoreError) as refusal:
        make_backup(settings, tmp_path / "kopie", now=NOW)
    assert refusal.value.problem is StoreProblem.NOT_MIGRATED
    assert list((tmp_path / "kopie").iterdir()) == []


def test_only_the_owner_can_read_a_backup(sqlite_url: str, tmp_path: Path) -> None:
    kopie = make_backup(installation(tmp_path, sqlite_url), tmp_path / "kopie", now=NOW)
    assert stat.S_IMODE(kopie.path.stat().st_mode) == 0o600
