"""Rows that are handed to the driver as text say what SQLAlchemy would have said."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, make_url
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import IntegrityError

from service.errors import StoreError, StoreProblem
from service.storage.audit_tables import AUDIT_IJKPUNT, VERWERKINGSREGEL
from service.storage.driver import add_rows, ask, prepare, read_rows
from service.storage.engine import open_engine, unit_of_work

ADD = sa.insert(AUDIT_IJKPUNT)
FIND = sa.select(*AUDIT_IJKPUNT.c).where(AUDIT_IJKPUNT.c.nummer >= sa.bindparam("least"))
PSYCOPG = make_url("postgresql+psycopg://x").get_dialect()()
MOMENT = datetime(2026, 11, 2, 3, 4, 5, 678, tzinfo=timezone(timedelta(hours=2)))


def row(nummer: int) -> dict[str, object]:
    return {
        "nummer": nummer,
        "hash": "a" * 64,
        "tijdstip": MOMENT,
        "publieke_sleutel": "b" * 64,
        "handtekening": "c" * 128,
    }


def test_rows_are_read_as_the_types_of_their_columns_say(engine: Engine) -> None:
    with unit_of_work(engine, traced=False) as session:
        add_rows(session.connection(), ADD, [row(1), row(2)])
    with unit_of_work(engine, read_only=True) as session:
        asked = {"least": 2}
        found = read_rows(session.connection(), FIND, asked)
        told = [
            prepare(FIND, tuple(asked), session.connection().dialect).values(one) for one in found
        ]
        usual = session.execute(FIND, asked).all()
    assert told == [tuple(one) for one in usual]
    assert told[0][2] == MOMENT


def test_a_row_that_is_there_already_is_refused_as_always(engine: Engine) -> None:
    with unit_of_work(engine, traced=False) as session:
        add_rows(session.connection(), ADD, [row(1)])
        with pytest.raises(IntegrityError):
            add_rows(session.connection(), ADD, [row(1)])
        session.rollback()


def test_one_question_finds_the_same_outside_a_transaction(engine: Engine) -> None:
    with unit_of_work(engine, traced=False) as session:
        add_rows(session.connection(), ADD, [row(1), row(2)])
    with unit_of_work(engine, read_only=True) as session:
        inside = read_rows(session.connection(), FIND, {"least": 2})
    assert ask(engine, FIND, {"least": 2}) == inside
    assert ask(engine, FIND, {"least": 3}) == ()


def test_a_question_to_a_database_that_was_never_made_ready_is_told_as_such(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'empty.db'}", synchronous="OFF")
    with pytest.raises(StoreError) as caught:
        ask(engine, FIND, {"least": 1})
    engine.dispose()
    assert caught.value.problem is StoreProblem.NOT_MIGRATED


def test_what_a_refusal_says_holds_no_value_of_a_row(engine: Engine) -> None:
    with unit_of_work(engine, traced=False) as session:
        add_rows(session.connection(), ADD, [row(1)])
        with pytest.raises(IntegrityError) as caught:
            add_rows(session.connection(), ADD, [row(1)])
        session.rollback()
    assert "c" * 128 not in str(caught.value)
    assert "nummer)=(1)" not in str(caught.value)


@given(st.lists(st.datetimes(timezones=st.just(UTC)), min_size=1, max_size=5))
def test_each_row_gets_its_own_values_on_both_databases(moments: list[datetime]) -> None:
    rows = [{"name": str(place), "start_time": one} for place, one in enumerate(moments)]
    insert = sa.insert(VERWERKINGSREGEL)
    by_place = prepare(insert, ("name", "start_time"), sqlite.dialect()).parameters(rows)
    assert [one[0] for one in by_place] == [one["name"] for one in rows]
    assert len({one[1] for one in by_place}) == len(set(moments))
    by_name = prepare(insert, ("name", "start_time"), PSYCOPG).parameters(rows)
    assert [one["start_time"] for one in by_name] == moments
    assert "RETURNING" not in prepare(insert, ("name",), PSYCOPG).text
