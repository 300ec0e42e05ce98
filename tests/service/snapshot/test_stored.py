"""What memory holds of the store after any changes is what a whole reading gives."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from shutil import copy

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete
from sqlalchemy.orm import Session

from features.synthetic import RegionConfig, generate_region
from features.tables import TABLES
from service.snapshot.stored import StoredTables
from service.storage.canonical import CanonicalRepository
from service.storage.engine import open_engine, unit_of_work
from service.storage.importrun import ImportRepository
from service.storage.tables import CANONICAL
from tests.databases import open_migrated, sqlite_template

TABLES_MADE = generate_region(
    RegionConfig(jongeren=12, leerbedrijven=5, leerwerkplekken=8, begin=date(2026, 8, 1), seed=4)
).tables


def run(session: Session) -> int:
    """Record a run of today and return its id."""
    moment = datetime(2026, 11, 1, tzinfo=UTC)
    return ImportRepository(session).add(
        tijdstip=moment, bestand="bestand.csv", sha256="0" * 64, soort="toets", actor="toets"
    )


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """A store of either kind with a small region in it."""
    fill(engine)
    return engine


def fill(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        number = run(session)
        for name in TABLES:
            if name in TABLES_MADE:
                CanonicalRepository(session).merge(name, TABLES_MADE[name], number)


@cache
def filled_file() -> Path:
    """Return a SQLite store with the small region in it, to be copied."""
    path = sqlite_template().parent / "filled.db"
    engine = open_migrated(f"sqlite:///{path.as_posix()}")
    fill(engine)
    engine.dispose()
    return path


def read(engine: Engine) -> StoredTables:
    with unit_of_work(engine, read_only=True) as session:
        return StoredTables.read(session)


def renewed(engine: Engine, former: StoredTables) -> StoredTables:
    with unit_of_work(engine, read_only=True) as session:
        return former.renewed(session)


def same(one: StoredTables, other: StoredTables) -> bool:
    return one.runs == other.runs and all(
        frame.equals(other.tables[name]) for name, frame in one.tables.items()
    )


def raise_capacity(session: Session, place: int) -> None:
    frame = CanonicalRepository(session).read("leerwerkplek")
    row = frame[place % frame.height].with_columns(pl.col("capaciteit") + 1)
    CanonicalRepository(session).merge("leerwerkplek", row, run(session))


def add_week(session: Session, place: int) -> None:
    frame = CanonicalRepository(session).read("verzuim")
    row = frame[place % frame.height].with_columns(pl.col("week").dt.offset_by("520w"))
    CanonicalRepository(session).merge("verzuim", row, run(session))


def remove_week(session: Session, place: int) -> None:
    frame = CanonicalRepository(session).keys("verzuim")
    jongere_id, week = frame.row(place % frame.height)
    table = CANONICAL["verzuim"].c
    session.execute(
        delete(CANONICAL["verzuim"]).where(table.jongere_id == jongere_id, table.week == week)
    )
    run(session)


def replace_week(session: Session, place: int) -> None:
    remove_week(session, place)
    add_week(session, place)


def say_nothing_new(session: Session, place: int) -> None:
    CanonicalRepository(session).merge("stage", TABLES_MADE["stage"][place % 3], run(session))


CHANGES: tuple[Callable[[Session, int], None], ...] = (
    raise_capacity,
    add_week,
    remove_week,
    replace_week,
    say_nothing_new,
)


@pytest.mark.parametrize("change", CHANGES)
def test_after_a_change_memory_holds_what_a_whole_reading_gives(
    filled: Engine, change: Callable[[Session, int], None]
) -> None:
    former = read(filled)
    with unit_of_work(filled) as session:
        change(session, 5)

    assert same(renewed(filled, former), read(filled))


@settings(max_examples=15, deadline=None)
@given(
    changes=st.lists(
        st.tuples(st.sampled_from(CHANGES), st.integers(0, 500), st.booleans()), max_size=6
    )
)
def test_any_row_of_changes_seen_at_any_moments_leaves_what_a_whole_reading_gives(
    changes: list[tuple[Callable[[Session, int], None], int, bool]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    store = copy(filled_file(), tmp_path_factory.mktemp("store"))
    engine = open_engine(f"sqlite:///{store}", synchronous="OFF")
    held = read(engine)
    for change, place, looked in changes:
        with unit_of_work(engine) as session:
            change(session, place)
        held = renewed(engine, held) if looked else held
    held, whole = renewed(engine, held), read(engine)
    engine.dispose()

    assert same(held, whole)


def test_a_table_that_nobody_touched_stays_the_same_object(filled: Engine) -> None:
    former = read(filled)
    with unit_of_work(filled) as session:
        raise_capacity(session, 2)
    now = renewed(filled, former)

    changed = {name for name, frame in now.tables.items() if frame is not former.tables[name]}
    assert changed == {"leerwerkplek"}


def test_a_run_that_is_committed_after_a_later_one_is_read_all_the_same(filled: Engine) -> None:
    with unit_of_work(filled) as session:
        early, late = run(session), run(session)
    with unit_of_work(filled) as session:
        frame = CanonicalRepository(session).read("leerwerkplek")
        raised = frame[:1].with_columns(pl.col("capaciteit") + 1)
        CanonicalRepository(session).merge("leerwerkplek", raised, early)
    whole = read(filled)
    former = StoredTables(whole.tables | {"leerwerkplek": frame}, whole.runs - {early})

    assert late in former.runs
    assert same(renewed(filled, former), whole)


def test_another_pseudonym_for_everybody_is_read_whole(filled: Engine) -> None:
    former = read(filled)
    renamed = {
        name: frame.with_columns(pl.col("jongere_id") + "x") if "jongere_id" in frame else frame
        for name, frame in former.tables.items()
    }

    assert same(renewed(filled, StoredTables(renamed, former.runs)), former)
