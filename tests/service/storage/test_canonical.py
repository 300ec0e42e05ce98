"""The canonical tables come back as they went in, on both databases."""

from datetime import date

import polars as pl
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from features.errors import TableError
from features.tables import TABLES, VERZUIM
from service.storage import CanonicalRepository, MergeCount, unit_of_work
from service.storage import rows as rows_module
from service.storage.tables import CANONICAL, IMPORT_ID
from tests.service.storage.imports import (
    MONDAY,
    jongeren,
    merge_all,
    rolled_back,
    start_import,
    verzuim,
)
from tests.strategies import datasets, frames


def test_an_empty_store_gives_every_table_with_its_schema(engine: Engine) -> None:
    with unit_of_work(engine, read_only=True) as session:
        tables = CanonicalRepository(session).read_all()
    assert {name: frame.schema for name, frame in tables.items()} == {
        name: table.schema for name, table in TABLES.items()
    }
    assert all(frame.is_empty() for frame in tables.values())


@pytest.mark.parametrize("name", TABLES)
def test_any_valid_table_comes_back_exactly(shared_engine: Engine, name: str) -> None:
    @settings(max_examples=6)
    @given(tables=datasets(name))
    def check(tables: dict[str, pl.DataFrame]) -> None:
        with rolled_back(shared_engine) as session:
            merge_all(session, tables)
            back = CanonicalRepository(session).read_all(tables)
            keys = CanonicalRepository(session).keys(name)
        for stored, frame in tables.items():
            assert back[stored].schema == TABLES[stored].schema
            assert back[stored].equals(frame.sort(TABLES[stored].key))
        assert keys.equals(back[name].select(TABLES[name].key))

    check()


@pytest.mark.parametrize("name", ["inschrijving", "stage", "voorkeur", "leerwerkplek"])
def test_a_preview_counts_what_a_merge_does_and_the_same_file_twice_changes_nothing(
    shared_engine: Engine, name: str
) -> None:
    @settings(max_examples=12)
    @given(data=st.data())
    def check(data: st.DataObject) -> None:
        older = data.draw(datasets(name))
        keys = older[name] if older[name].height else None
        newer = data.draw(frames(TABLES[name], references=older, keys=keys))
        with rolled_back(shared_engine) as session:
            merge_all(session, older)
            repository = CanonicalRepository(session)
            import_id = start_import(session)
            expected = repository.preview(name, newer)
            assert repository.read(name).equals(older[name].sort(TABLES[name].key))
            assert repository.merge(name, newer, import_id) == expected
            once = repository.read(name)
            assert repository.merge(name, newer, import_id) == MergeCount(0, 0, newer.height)
            assert repository.read(name).equals(once)

    check()


def test_a_table_of_many_slices_comes_back_exactly(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows_module, "SLICE", 100)
    frame = verzuim(10, 52)
    with unit_of_work(engine) as session:
        counts = merge_all(session, {"jongere": jongeren(10), "verzuim": frame.reverse()})
    assert counts["verzuim"] == MergeCount(520, 0, 0)
    with unit_of_work(engine, read_only=True) as session:
        assert CanonicalRepository(session).read("verzuim").equals(frame)


@pytest.mark.parametrize("few", [0, 3, 1000])
def test_only_changed_rows_are_written_however_the_stored_ones_are_looked_up(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(rows_module, "FEW", few)
    monkeypatch.setattr(rows_module, "IN_AT_ONCE", 2)
    frame = verzuim(10, 5)
    changed = (pl.col("jongere_id") == "J3") & (pl.col("week") == MONDAY)
    newer = frame.with_columns(
        pl.when(changed).then(26.0).otherwise("lesuren").alias("lesuren"), bron=pl.lit("nieuw")
    )
    with unit_of_work(engine) as session:
        merge_all(session, {"jongere": jongeren(10), "verzuim": frame})
    with unit_of_work(engine) as session:
        assert merge_all(session, {"verzuim": newer})["verzuim"] == MergeCount(0, 1, 49)
    table = CANONICAL["verzuim"]
    with unit_of_work(engine, read_only=True) as session:
        touched = session.execute(
            sa.select(table.c.jongere_id, table.c.week, table.c.lesuren, table.c.bron).where(
                table.c[IMPORT_ID] == 2
            )
        ).all()
    assert [tuple(row) for row in touched] == [("J3", MONDAY, 26.0, "nieuw")]


def test_columns_beside_the_contract_are_left_out(engine: Engine) -> None:
    frame = jongeren(1).with_columns(regel=pl.lit(2, pl.UInt32))
    with unit_of_work(engine) as session:
        merge_all(session, {"jongere": frame})
        assert CanonicalRepository(session).read("jongere").equals(jongeren(1))


def erkend(*erkenningen: str | None) -> pl.DataFrame:
    row = {"leerbedrijf_id": "100000001", "naam": "Bakkerij", "bron": "test"}
    return pl.DataFrame(
        [row, row | {"leerbedrijf_id": "100000002", "erkenningen": erkenningen}],
        schema=TABLES["leerbedrijf"].schema,
    )


@pytest.mark.parametrize(
    ("name", "frame", "column", "row"),
    [
        ("verzuim", verzuim(1, 1).drop("lesuren"), "lesuren", None),
        ("verzuim", verzuim(1, 1).cast({"lesuren": pl.Int32}), "lesuren", None),
        ("verzuim", verzuim(1, 1).with_columns(bron=pl.lit("a\x00b")), "bron", 0),
        ("leerbedrijf", erkend("25748", None), "erkenningen", 1),
        ("leerbedrijf", erkend("25748", ""), "erkenningen", 1),
        ("leerbedrijf", erkend("25748|25740"), "erkenningen", 1),
        ("leerbedrijf", erkend("\x00"), "erkenningen", 1),
    ],
    ids=["missing", "other type", "NUL", "null in list", "empty in list", "separator", "NUL there"],
)
def test_a_frame_that_no_database_can_hold_exactly_is_refused(
    sqlite_engine: Engine, name: str, frame: pl.DataFrame, column: str, row: int | None
) -> None:
    with unit_of_work(sqlite_engine) as session, pytest.raises(TableError) as raised:
        CanonicalRepository(session).preview(name, frame)
    found = raised.value
    assert (found.table, found.column, found.row) == (name, column, row)


@pytest.mark.parametrize("erkenningen", [(), ("25748",), ("25748", "25740")])
def test_a_list_comes_back_as_long_as_it_was(engine: Engine, erkenningen: tuple[str, ...]) -> None:
    with unit_of_work(engine) as session:
        merge_all(session, {"leerbedrijf": erkend(*erkenningen)})
        back = CanonicalRepository(session).read("leerbedrijf")
    assert back["erkenningen"].to_list() == [None, list(erkenningen)]


def test_a_row_of_a_jongere_who_is_not_stored_is_refused_by_the_database(engine: Engine) -> None:
    with pytest.raises(sa.exc.IntegrityError), unit_of_work(engine) as session:
        merge_all(session, {"verzuim": verzuim(1, 1)})
    with unit_of_work(engine, read_only=True) as session:
        assert CanonicalRepository(session).read("verzuim").equals(VERZUIM.empty())


def test_the_last_day_on_which_anything_became_known(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        assert CanonicalRepository(session).last_known() is None
        merge_all(session, {"jongere": jongeren(2), "verzuim": verzuim(2, 3)})
        assert CanonicalRepository(session).last_known() == date(2025, 9, 24)


def test_a_table_that_does_not_exist_is_a_mistake(engine: Engine) -> None:
    with unit_of_work(engine) as session, pytest.raises(KeyError):
        CanonicalRepository(session).read("student")
