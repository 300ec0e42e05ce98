"""Migrations build the schema of `tables.py`, forward and back, empty and filled."""

import polars as pl
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine

from features.tables import JONGERE
from service.errors import StoreError, StoreProblem
from service.storage import (
    CanonicalRepository,
    check_migrated,
    current_revision,
    migrate,
    unit_of_work,
)
from service.storage.migrate import MIGRATIONS
from service.storage.tables import METADATA
from tests.service.storage.imports import start_import

HEAD = max(path.name[1:5] for path in (MIGRATIONS / "versions").glob("r*.py"))
"""Revisions are numbered by their file names."""


def store_one_jongere(engine: Engine) -> None:
    row = {"jongere_id": "J1", "bron": "test"}
    frame = pl.DataFrame([row], schema=JONGERE.schema)
    with unit_of_work(engine) as session:
        CanonicalRepository(session).merge("jongere", frame, start_import(session))


def test_the_migrations_build_exactly_the_tables_of_the_code(bare_engine: Engine) -> None:
    migrate(bare_engine)
    with bare_engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, METADATA) == []


def test_every_constraint_has_the_name_that_the_code_gives_it(bare_engine: Engine) -> None:
    migrate(bare_engine)
    inspector = sa.inspect(bare_engine)
    for table in METADATA.sorted_tables:
        stored = {key["name"] for key in inspector.get_foreign_keys(table.name)}
        stored.add(inspector.get_pk_constraint(table.name)["name"])
        wanted = {
            constraint.name
            for constraint in table.constraints
            if isinstance(constraint, sa.ForeignKeyConstraint | sa.PrimaryKeyConstraint)
        }
        assert stored == wanted


def test_an_empty_database_goes_forward_and_back_and_forward(bare_engine: Engine) -> None:
    assert current_revision(bare_engine) is None
    migrate(bare_engine)
    assert current_revision(bare_engine) == HEAD
    migrate(bare_engine, "base")
    assert current_revision(bare_engine) is None
    assert set(sa.inspect(bare_engine).get_table_names()) <= {"alembic_version"}
    migrate(bare_engine)
    assert current_revision(bare_engine) == HEAD


def test_a_filled_database_goes_back_and_forward(bare_engine: Engine) -> None:
    migrate(bare_engine)
    store_one_jongere(bare_engine)
    migrate(bare_engine, "base")
    migrate(bare_engine)
    with unit_of_work(bare_engine, read_only=True) as session:
        assert CanonicalRepository(session).read("jongere").height == 0


def test_migrating_again_keeps_the_rows(engine: Engine) -> None:
    store_one_jongere(engine)
    migrate(engine)
    with unit_of_work(engine, read_only=True) as session:
        assert CanonicalRepository(session).read("jongere")["jongere_id"].to_list() == ["J1"]


def test_a_migration_that_fails_leaves_nothing_behind(bare_engine: Engine) -> None:
    with bare_engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE stage (id integer)")
    with pytest.raises(sa.exc.DBAPIError):
        migrate(bare_engine)
    assert sa.inspect(bare_engine).get_table_names() == ["stage"]


def test_a_database_of_a_newer_version_is_left_alone(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    for use in (migrate, check_migrated):
        with pytest.raises(StoreError) as raised:
            use(engine)
        assert raised.value.problem is StoreProblem.NEWER
    assert current_revision(engine) == "9999"


def test_a_database_that_was_never_migrated_is_told_apart(bare_engine: Engine) -> None:
    with pytest.raises(StoreError) as raised:
        check_migrated(bare_engine)
    assert raised.value.problem is StoreProblem.NOT_MIGRATED
    migrate(bare_engine)
    check_migrated(bare_engine)


def test_reading_before_migrating_says_so(bare_engine: Engine) -> None:
    with (
        pytest.raises(StoreError) as raised,
        unit_of_work(bare_engine, read_only=True) as session,
    ):
        CanonicalRepository(session).read("jongere")
    assert raised.value.problem is StoreProblem.NOT_MIGRATED


def test_an_unknown_revision_is_a_mistake(bare_engine: Engine) -> None:
    with pytest.raises(ValueError, match="no revision"):
        migrate(bare_engine, "0000x")


def test_a_program_that_starts_does_not_wait_for_an_import(engine: Engine) -> None:
    with unit_of_work(engine) as importing:
        start_import(importing)
        migrate(engine)
        check_migrated(engine)
        assert current_revision(engine) == HEAD
