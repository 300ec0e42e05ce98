"""What people write freely is read by people alone; no model ever sees it (TRUST P7)."""

import ast
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

import features
import models
from features.risicoprofiel import population, risicoprofiel
from features.tables import TABLES
from service.koppelingen import read_tables
from service.storage import unit_of_work
from service.storage.tables import METADATA
from tests.service.privacy.everywhere import fill
from tests.service.region import CONFIG, small_region

FREE = {
    "besluit": "reden",
    "bezwaar": "reden",
    "contactmoment": "tekst",
    "correctie": "reden",
    "modelstop": "reden",
    "opvolging": "toelichting",
    "zienswijze": "tekst",
}
"""Columns in which people write what they like."""
CODES = {
    ("jongere", "woonplaats"),
    ("jongere", "gemeente"),
    ("inschrijving", "volgnummer"),
    ("resultaat", "onderdeel"),
    ("stage", "leerwerkplek_id"),
    ("contact", "door"),
}
"""Texts about a jongere without a list or a pattern: names of places and keys, no sentences."""


def sources() -> list[Path]:
    folders = [Path(str(one.__file__)).parent for one in (features, models)]
    return [path for folder in folders for path in folder.rglob("*.py")]


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return {name.split(".")[0] for name in found}


def test_features_and_models_cannot_reach_the_tables_with_free_text() -> None:
    assert len(sources()) > 50
    for path in sources():
        assert not imported(path) & {"service", "sqlalchemy", "sqlite3", "psycopg"}, path


def test_no_canonical_table_about_a_jongere_has_room_for_free_text() -> None:
    open_ended = {
        (name, column.name)
        for name, table in TABLES.items()
        if "jongere_id" in table.schema
        for column in table.columns
        if column.dtype == pl.String() and not column.values and not column.pattern
    }
    assert open_ended == CODES


def test_what_is_read_for_models_are_canonical_tables_only(engine: Engine) -> None:
    for name, column in FREE.items():
        assert isinstance(METADATA.tables[name].c[column].type, sa.String)
        assert name not in TABLES
    fill(engine, "a" * 32, leave_out=("koppeling",))
    with unit_of_work(engine, read_only=True) as session:
        assert set(read_tables(session)) <= set(TABLES)


@pytest.mark.parametrize(("name", "column"), [("contact", "door"), ("jongere", "gemeente")])
def test_another_text_changes_no_feature(name: str, column: str) -> None:
    tables = dict(small_region().tables)
    before = risicoprofiel(tables, population(tables, [CONFIG.peildatum]))
    changed = pl.lit("schrijf hier wat je wilt: ") + pl.col(column)
    tables[name] = tables[name].with_columns(changed.alias(column))
    assert risicoprofiel(tables, population(tables, [CONFIG.peildatum])).equals(before)
