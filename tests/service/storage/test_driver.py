"""Rows that are handed to the driver as text say what SQLAlchemy would have said."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, make_url
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import IntegrityError

from service.storage.audit_tables import AUDIT_IJKPUNT, VERWERKINGSREGEL
from service.storage.driver import add_rows, prepare, read_rows
from service.storage.engine import unit_of_work

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
