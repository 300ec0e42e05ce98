"""Protected attributes lie apart, are read by the audit job alone, and are forgotten (TRUST F3)."""

import ast
import pkgutil
import shutil
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

import service
from features.risicoprofiel import FEATURES
from models.store import KINDS
from service.audit.command import traced
from service.backup.making import make_backup
from service.backup.restoring import restore
from service.errors import FileError, InvoerError, RefusedError, SettingsError
from service.privacy.beschermd import (
    LONGEST,
    Ingenomen,
    Verantwoording,
    attributes_of,
    is_held,
    sweep,
    take_in,
)
from service.privacy.beschermd_bestand import WAARDEN, Kenmerk
from service.privacy.inzage import ELDERS
from service.privacy.loket import Loket
from service.privacy.rotatie import rotate
from service.privacy.verwijdering import Grond, erase, replay
from service.rechten.toegang import SYSTEEM, looking_as
from service.settings import Settings, open_settings
from service.storage.audit import AuditRepository, Regelvraag, limit_role
from service.storage.beschermd import FILE, KenmerkRepository, limit_kluis, open_kluis
from service.storage.engine import open_engine, unit_of_work
from tests.conftest import BOTH
from tests.databases import open_migrated
from tests.service.mensen import settle
from tests.service.rechten.test_row_security import _open_as
from tests.service.region import small_region

KEY = "beschermd-" * 5
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
TOT = NOW.date() + timedelta(days=90)
WAAROM = Verantwoording(
    "zien of het model groepen gelijk behandelt", "AI-verordening 10 lid 5", "DPIA-2026-3", TOT
)
WIE = {"a" * 32: "vrouw", "b" * 32: "man", "c" * 32: "vrouw"}
ANNA, BRAM, CEES = WIE
DOOR = "gebruiker:1"


def with_key(settings: Settings, key: str | None = KEY) -> Settings:
    """Return what the audit job is given and nobody else: the settings with the key."""
    return Settings(**(settings.model_dump() | {"beschermd_key": key}))


OVERAL = pytest.mark.parametrize("database_url", BOTH, indirect=True)
"""On both databases, for what they do otherwise; the rest is decided before they have a part."""


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """URL of a migrated database: SQLite, or what `OVERAL` asks."""
    kind = getattr(request, "param", "sqlite")
    url: str = request.getfixturevalue("sqlite_url" if kind == "sqlite" else "postgres_url")
    return url


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Of an installation with three jongeren; without the key, as the service has them."""
    known = open_settings(tmp_path / "regio")
    settings = Settings(**(known.model_dump() | {"database_url": database_url}))
    engine = open_migrated(settings.database)
    with unit_of_work(engine) as session:
        settle(session, list(WIE))
    engine.dispose()
    return settings


@pytest.fixture
def store(settings: Settings) -> Iterator[Engine]:
    engine = open_engine(settings.database, synchronous="OFF")
    yield engine
    engine.dispose()


def write(folder: Path, text: str = "", name: str = "kenmerken.csv") -> Path:
    lines = "".join(f"{who};{value};Nederland\n" for who, value in WIE.items())
    path = folder / name
    path.write_text(text or f"jongere_id;geslacht;herkomst\n{lines}", encoding="utf-8")
    return path


def take(store: Engine, settings: Settings, folder: Path, text: str = "") -> Ingenomen:
    return take_in(store, with_key(settings), write(folder, text), WAAROM, door=DOOR, op=NOW)


def kept(store: Engine) -> int:
    with looking_as(SYSTEEM), open_kluis(store) as kluis:
        if kluis is None:
            return 0
        with unit_of_work(kluis, read_only=True) as session:
            return len(KenmerkRepository(session).all())


def told(store: Engine, settings: Settings, *who: str) -> list[tuple[str | None, ...]]:
    found = attributes_of(store, with_key(settings), pl.Series(who or list(WIE)))
    return found.drop("jongere_id").rows()


@OVERAL
def test_a_fresh_installation_holds_none_and_says_so(store: Engine, settings: Settings) -> None:
    with unit_of_work(store, read_only=True) as session:
        assert not is_held(session)
    with pytest.raises(RefusedError):
        attributes_of(store, with_key(settings), pl.Series([ANNA]))
    assert not list(settings.data.rglob(FILE))


@OVERAL
def test_the_audit_job_reads_back_what_was_taken_in(
    store: Engine, settings: Settings, tmp_path: Path
) -> None:
    assert take(store, settings, tmp_path) == Ingenomen(3, 0)
    assert told(store, settings, CEES, "z" * 32, ANNA) == [
        ("vrouw", "Nederland"),
        (None, None),
        ("vrouw", "Nederland"),
    ]
    with unit_of_work(store, read_only=True) as session:
        assert is_held(session)


def test_the_service_has_no_key_and_another_key_opens_nothing(
    store: Engine, settings: Settings, tmp_path: Path
) -> None:
    take(store, settings, tmp_path)
    for key in (None, "een andere sleutel van meer dan 32 tekens"):
        with pytest.raises(SettingsError) as refused:
            attributes_of(store, with_key(settings, key), pl.Series([ANNA]))
        assert refused.value.setting == "beschermd_key"
    with pytest.raises(SettingsError):
        take_in(store, settings, write(tmp_path), WAAROM, door=DOOR, op=NOW)


def test_a_number_becomes_a_pseudonym_and_stands_nowhere(
    store: Engine, settings: Settings, tmp_path: Path
) -> None:
    bsn = "999990019"
    found = take(store, settings, tmp_path, f"bsn,geslacht\n{bsn},man\n")
    assert found == Ingenomen(0, 1)
    held = settings.data.parent.rglob("*")
    written = [one for one in held if one.is_file() and one.name != "kenmerken.csv"]
    assert not any(bsn.encode() in one.read_bytes() for one in written)


WRONG_FILES = (
    f"jongere_id;geslacht\n{ANNA};onbekend\n",
    f"jongere_id;geslacht;naam\n{ANNA};man;Anna\n",
    "geslacht\nman\n",
    f"jongere_id;bsn;geslacht\n{ANNA};999990019;man\n",
    f"jongere_id\n{ANNA}\n",
)
WRONG_REASONS = (
    replace(WAAROM, doel=""),
    replace(WAAROM, grondslag="kort"),
    replace(WAAROM, dpia=" "),
    replace(WAAROM, tot=NOW.date()),
    replace(WAAROM, tot=NOW.date() + LONGEST + timedelta(days=1)),
)


def test_a_file_with_anything_else_and_a_reason_without_ground_or_end_are_refused_whole(
    store: Engine, settings: Settings, tmp_path: Path
) -> None:
    for text in WRONG_FILES:
        with pytest.raises(FileError):
            take(store, settings, tmp_path, text)
    for waarom in WRONG_REASONS:
        with pytest.raises(InvoerError):
            take_in(store, with_key(settings), write(tmp_path), waarom, door=DOOR, op=NOW)
    assert kept(store) == 0


def test_no_row_names_a_jongere_and_the_file_is_of_its_owner_alone(
    store: Engine, settings: Settings, tmp_path: Path
) -> None:
    take(store, settings, tmp_path)
    with looking_as(SYSTEEM), open_kluis(store) as kluis:
        assert kluis is not None
        with unit_of_work(kluis, read_only=True) as session:
            rows = KenmerkRepository(session).all()
    assert not {who for who, _, _ in rows} & set(WIE)
    if store.dialect.name == "sqlite":
        path = Path(store.url.database or "").with_name(FILE)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_taking_in_leaves_a_line_in_the_audit_log(
    store: Engine, settings: Settings, tmp_path: Path
) -> None:
    with traced(with_key(settings), "audit kenmerken"):
        take(store, settings, tmp_path)
    with unit_of_work(store, read_only=True) as session:
        (line,) = AuditRepository(session).find(Regelvraag())
    assert (line.actie, line.resultaat) == ("vangnet audit kenmerken", "vastgelegd")


@OVERAL
def test_who_is_erased_is_gone_at_once_where_the_key_is(
    store: Engine, settings: Settings, tmp_path: Path
) -> None:
    take(store, settings, tmp_path)
    erase(store, with_key(settings), ANNA, grond=Grond.BEZWAAR, door=DOOR, op=NOW)
    assert kept(store) == 4
    assert told(store, settings, ANNA, BRAM) == [(None, None), ("man", "Nederland")]


def test_without_the_key_an_erased_person_cannot_be_found_and_goes_in_the_night(
    store: Engine, settings: Settings, tmp_path: Path
) -> None:
    take(store, settings, tmp_path)
    erase(store, settings, ANNA, grond=Grond.BEZWAAR, door=DOOR, op=NOW)
    assert told(store, settings, ANNA) == [(None, None)]
    assert sweep(store, settings, dag=NOW.date()) == 0
    assert sweep(store, with_key(settings), dag=NOW.date()) == 2
    assert kept(store) == 4


@OVERAL
def test_the_last_day_is_kept_and_the_next_day_all_is_gone(
    store: Engine, settings: Settings, tmp_path: Path
) -> None:
    take(store, settings, tmp_path)
    assert sweep(store, settings, dag=TOT) == 0
    assert sweep(store, settings, dag=TOT + timedelta(days=1)) == 6
    assert kept(store) == 0
    with unit_of_work(store, read_only=True) as session:
        assert not is_held(session)


def test_what_came_with_no_known_inname_is_not_kept(
    store: Engine, settings: Settings, tmp_path: Path
) -> None:
    take(store, settings, tmp_path)
    with looking_as(SYSTEEM), open_kluis(store) as kluis:
        assert kluis is not None
        with unit_of_work(kluis) as session:
            row = {"pseudoniem": "p" * 32, "kenmerk": Kenmerk.GESLACHT.value}
            KenmerkRepository(session).put([row | {"waarde": "man", "inname_id": 99}])
    assert sweep(store, settings, dag=NOW.date()) == 1
    assert kept(store) == 6


def test_a_new_value_takes_the_place_of_the_old_one(
    store: Engine, settings: Settings, tmp_path: Path
) -> None:
    take(store, settings, tmp_path)
    take(store, settings, tmp_path, f"jongere_id,geslacht\n{ANNA},x\n")
    assert told(store, settings, ANNA, BRAM) == [("x", "Nederland"), ("man", "Nederland")]


@OVERAL
def test_after_a_rotation_of_keys_everybody_is_still_found(
    store: Engine, settings: Settings, tmp_path: Path
) -> None:
    take(store, settings, tmp_path)
    assert rotate(store, settings, op=NOW) == len(WIE)
    again = open_settings(settings.data)
    fresh = Settings(**(again.model_dump() | {"database_url": settings.database}))
    with unit_of_work(store, read_only=True) as session, looking_as(SYSTEEM):
        ids = session.scalars(sa.text("SELECT jongere_id FROM jongere")).all()
    assert set(ids).isdisjoint(WIE)
    found = sorted(told(store, fresh, *ids))
    assert found == [("man", "Nederland"), ("vrouw", "Nederland"), ("vrouw", "Nederland")]
    assert sweep(store, with_key(fresh), dag=NOW.date()) == 0


def test_an_inzage_tells_them_or_says_where_they_can_be_had(
    store: Engine, settings: Settings, tmp_path: Path
) -> None:
    def rows(known: Settings) -> list[object]:
        with looking_as(SYSTEEM):
            found = Loket(store, known).inzage(ANNA, op=NOW)
        return [row for one in found.onderdelen if one.tabel == "beschermd" for row in one.regels]

    assert rows(with_key(settings)) == []
    take(store, settings, tmp_path)
    assert rows(with_key(settings)) == [{"geslacht": "vrouw", "herkomst": "Nederland"}]
    assert rows(settings) == [{"let op": ELDERS}]


@OVERAL
def test_a_backup_brings_them_back_but_nobody_who_was_erased_since(
    store: Engine, settings: Settings, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    own = with_key(settings)
    if store.dialect.name == "sqlite":
        shutil.copy(store.url.database or "", settings.data / "vangnet.db")
        own = Settings(**(own.model_dump() | {"database_url": None}))
        store = open_engine(own.database, synchronous="OFF")
        request.addfinalizer(store.dispose)
    take(store, own, tmp_path)
    copy = make_backup(own, tmp_path / "reserve", now=NOW).path
    erase(store, own, ANNA, grond=Grond.BEZWAAR, door=DOOR, op=NOW)
    place = tmp_path / "nieuw"
    place.mkdir()
    for name in ("instellingen.toml", "verwijderingen.jsonl"):
        shutil.copy(settings.data / name, place / name)
    url = None
    if store.dialect.name == "postgresql":
        url = request.getfixturevalue("postgres").create()
    new = Settings(**(own.model_dump() | {"data": place, "database_url": url}))
    restore(new, copy)
    back = open_engine(new.database, synchronous="OFF")
    request.addfinalizer(back.dispose)
    assert replay(back, new) == 0
    assert told(back, new, ANNA, BRAM) == [(None, None), ("man", "Nederland")]
    assert kept(back) == 4


@pytest.mark.postgres
def test_the_roles_that_serve_and_train_get_permission_denied(
    postgres_url: str, tmp_path: Path
) -> None:
    known = open_settings(tmp_path / "regio")
    settings = Settings(**(known.model_dump() | {"database_url": postgres_url}))
    owner = open_migrated(postgres_url)
    with unit_of_work(owner) as session:
        settle(session, list(WIE))
    take(owner, settings, tmp_path)
    serve, train, audit = (
        _open_as(postgres_url, role) for role in ("vangnet_web", "vangnet_train", "vangnet_audit")
    )
    with unit_of_work(owner) as session:
        for role in ("vangnet_web", "vangnet_train"):
            limit_role(session, role)
            limit_kluis(session, role, read=False)
        limit_kluis(session, "vangnet_audit", read=True)
    for engine in (serve, train):
        with engine.connect() as connection, pytest.raises(sa.exc.ProgrammingError) as denied:
            connection.exec_driver_sql("SELECT * FROM beschermd.kenmerk")
        assert "permission denied" in str(denied.value)
        with pytest.raises(RefusedError):
            attributes_of(engine, with_key(settings), pl.Series([ANNA]))
        erase(
            engine,
            with_key(settings),
            CEES if engine is serve else BRAM,
            grond=Grond.BEZWAAR,
            door=DOOR,
            op=NOW,
        )
    assert told(audit, settings) == [("vrouw", "Nederland"), (None, None), (None, None)]
    for engine in (owner, serve, train, audit):
        engine.dispose()


def test_only_the_audit_job_can_come_near_them() -> None:
    allowed = {"service.privacy.beschermd", "service.commands.audit"}
    readers = {"service.modelbeheer.eerlijkheid"}
    for found in pkgutil.walk_packages(service.__path__, "service."):
        spec = find_spec(found.name)
        if found.ispkg or spec is None or spec.origin is None:
            continue
        tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if not isinstance(node, ast.ImportFrom):
                continue
            names = {one.name for one in node.names}
            if node.module == "service.storage.beschermd" and names - {"FILE", "kluis_path"}:
                assert found.name in allowed, found.name
            if node.module == "service.privacy.beschermd" and "attributes_of" in names:
                assert found.name in readers, found.name


def test_no_feature_and_no_table_of_training_holds_one() -> None:
    names = {one.name for kind in KINDS.values() for one in kind.features}
    names |= {one.name for one in FEATURES}
    columns = {name for frame in small_region().tables.values() for name in frame.columns}
    assert not {*Kenmerk} & (names | columns)


def test_the_values_are_few_enough_to_compare_and_kept_a_year_at_most() -> None:
    assert {one: len(values) for one, values in WAARDEN.items()} == dict.fromkeys(Kenmerk, 3)
    assert timedelta(days=365) <= LONGEST <= timedelta(days=366)
