"""A filled database of every earlier release comes along, forward and back (TRUST R1)."""

from collections.abc import Sequence

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine

from service.storage import check_migrated, current_revision, migrate
from service.storage.migrate import MIGRATIONS
from service.storage.tables import METADATA
from tests.service.faults.filling import Rows, fill_new_tables, kept, read_all, seen

REVISIONS: Sequence[str] = sorted(
    path.name[1:5] for path in (MIGRATIONS / "versions").glob("r*.py")
)
RELEASED = ("0002", "0003", "0004")
"""The last three schemas that were released."""


def assert_kept(before: Rows, engine: Engine) -> None:
    after = read_all(engine)
    assert seen(before, after) == kept(before, after)


def assert_as_the_code(engine: Engine) -> None:
    check_migrated(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


@pytest.mark.slow
@pytest.mark.parametrize("released", RELEASED)
def test_a_filled_database_of_an_earlier_release_keeps_its_rows(
    bare_engine: Engine, released: str
) -> None:
    migrate(bare_engine, released)
    fill_new_tables(bare_engine)
    before = read_all(bare_engine)
    assert all(before.values())

    migrate(bare_engine)
    assert_kept(before, bare_engine)
    migrate(bare_engine, REVISIONS[-2])
    assert_kept(before, bare_engine)
    migrate(bare_engine)

    assert_kept(before, bare_engine)
    assert_as_the_code(bare_engine)


@pytest.mark.slow
def test_rows_of_every_schema_survive_every_step_forward_and_back(bare_engine: Engine) -> None:
    stored: Rows = {}
    for revision in REVISIONS:
        migrate(bare_engine, revision)
        assert current_revision(bare_engine) == revision
        found = read_all(bare_engine)
        assert seen(stored, found) == kept(stored, found)
        if not all(found.values()):
            fill_new_tables(bare_engine)
            found = read_all(bare_engine)
        stored = found
    for revision in reversed(REVISIONS[:-1]):
        migrate(bare_engine, revision)
        found = read_all(bare_engine)
        assert seen(stored, found) == kept(stored, found)
        stored = found
    migrate(bare_engine)
    assert_as_the_code(bare_engine)
