"""Names lie apart and are merged like any other table."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from features.tables import TABLES
from service.identity import IDENTITEIT
from service.storage import CanonicalRepository, IdentiteitRepository, MergeCount, unit_of_work
from service.storage.tables import CANONICAL, IDENTITEIT_TABLE
from tests.service.storage.imports import jongeren, merge_all, rolled_back, start_import
from tests.strategies import frames

NAMES = pl.DataFrame(
    [
        {
            "jongere_id": "J0",
            "voornamen": "Anna",
            "tussenvoegsel": "de",
            "achternaam": "Wit",
            "bron": "a",
        },
        {"jongere_id": "J1", "achternaam": "Kaya", "bron": "a"},
        {"jongere_id": "J2", "telefoon": "0612345678", "bron": "a"},
    ],
    schema=IDENTITEIT.schema,
)


def test_a_name_is_put_together_of_the_parts_that_are_known(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        merge_all(session, {"jongere": jongeren(4)})
        repository = IdentiteitRepository(session)
        repository.merge(NAMES, start_import(session))
        assert repository.names(["J0", "J1", "J2", "J3", "onbekend", "J0"]) == {
            "J0": "Anna de Wit",
            "J1": "Kaya",
        }
        assert repository.names([]) == {}


def test_the_names_of_more_jongeren_than_one_question_holds(engine: Engine) -> None:
    ids = jongeren(1200)["jongere_id"]
    frame = pl.DataFrame(
        [{"jongere_id": jongere_id, "achternaam": f"van {jongere_id}"} for jongere_id in ids],
        schema=IDENTITEIT.schema,
    ).with_columns(bron=pl.lit("a"))
    with unit_of_work(engine) as session:
        merge_all(session, {"jongere": jongeren(1200)})
        repository = IdentiteitRepository(session)
        repository.merge(frame, start_import(session))
        assert repository.names(ids.to_list()) == {name: f"van {name}" for name in ids}


def test_a_preview_counts_what_a_merge_does_and_twice_changes_nothing(
    shared_engine: Engine,
) -> None:
    @settings(max_examples=15)
    @given(data=st.data())
    def check(data: st.DataObject) -> None:
        parents = {"jongere": data.draw(frames(TABLES["jongere"], min_size=1))}
        older = data.draw(frames(IDENTITEIT, references=parents))
        newer = data.draw(frames(IDENTITEIT, references=parents))
        with rolled_back(shared_engine) as session:
            merge_all(session, parents)
            repository = IdentiteitRepository(session)
            import_id = start_import(session)
            assert repository.merge(older, import_id) == MergeCount(older.height, 0, 0)
            expected = repository.preview(newer)
            assert repository.merge(newer, import_id) == expected
            assert repository.merge(newer, import_id) == MergeCount(0, 0, newer.height)

    check()


def test_no_canonical_table_holds_a_column_of_an_identity() -> None:
    allowed = {"jongere_id", "woonplaats", "bron", "import_id"}
    personal = {column.name for column in IDENTITEIT_TABLE.c} - allowed
    canonical = {column.name for table in CANONICAL.values() for column in table.c}
    assert personal
    assert not personal & canonical


def test_reading_everything_reads_no_names(engine: Engine) -> None:
    with unit_of_work(engine, read_only=True) as session:
        assert "identiteit" not in CanonicalRepository(session).read_all()
