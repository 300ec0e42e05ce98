import io
import re
from datetime import date

import polars as pl
import pytest

from features.contract import LIST_SEPARATOR, Table, check_table, find_violations
from features.errors import TableError
from features.tables import TABLES
from tests.checks import check_tables
from tests.features.facts import World

CONTRACTS = list(TABLES.values())
by_name = pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.name)
PERSONAL = ("naam", "bsn", "adres", "telefoon", "email", "geslacht", "nationaliteit")


@by_name
def test_an_empty_table_satisfies_its_contract_also_after_a_round_trip(
    contract: Table,
) -> None:
    empty = contract.empty()

    check_table(empty, contract)
    assert empty.schema == contract.schema
    assert pl.read_parquet(_stored(empty)).schema == contract.schema


def _stored(frame: pl.DataFrame) -> bytes:
    stored = io.BytesIO()
    frame.write_parquet(stored)
    return stored.getvalue()


@by_name
def test_keys_are_columns_that_must_be_there(contract: Table) -> None:
    assert contract.key
    for name in contract.key:
        assert contract.column(name).required


@by_name
def test_references_lead_to_the_key_of_a_table_that_comes_before(contract: Table) -> None:
    order = list(TABLES)

    for reference in contract.references:
        target = TABLES[reference.table]
        assert order.index(target.name) < order.index(contract.name)
        assert reference.target == target.key
        assert [contract.column(name).dtype for name in reference.columns] == [
            target.column(name).dtype for name in reference.target
        ]


@by_name
def test_every_column_and_table_says_what_it_means(contract: Table) -> None:
    assert contract.meaning
    assert all(column.meaning for column in contract.columns)
    assert len({column.name for column in contract.columns}) == len(contract.columns)


@by_name
def test_a_row_says_where_it_came_from_and_an_event_when_it_was_known(contract: Table) -> None:
    columns = contract.schema.names()

    assert "bron" in columns
    if contract.name != "leerwerkplek" and {"datum", "week", "einddatum"} & set(columns):
        assert contract.column("bekend_op").required


@by_name
def test_an_end_has_a_day_on_which_it_was_known(contract: Table) -> None:
    assert ("einddatum" in contract.schema) == ("einde_bekend_op" in contract.schema)


@by_name
def test_listed_values_survive_being_kept_as_text(contract: Table) -> None:
    for column in contract.columns:
        for value in column.values:
            assert LIST_SEPARATOR not in value
            assert value == value.strip()


def test_names_and_contact_details_of_persons_are_in_no_table() -> None:
    about_persons = [table for table in CONTRACTS if "jongere_id" in table.schema]

    assert len(about_persons) > 8
    for table in about_persons:
        assert not set(PERSONAL) & set(table.schema.names())


def test_every_table_about_a_jongere_refers_to_the_jongere() -> None:
    for table in CONTRACTS:
        if "jongere_id" in table.schema and table.name != "jongere":
            assert tuple(
                reference.table
                for reference in table.references
                if reference.columns == ("jongere_id",)
            ) == ("jongere",)


def test_a_whole_world_satisfies_all_contracts() -> None:
    check_tables(World(11).tables(), TABLES)


def test_a_row_that_refers_to_nobody_is_named() -> None:
    tables = World(11).tables()
    tables["jongere"] = tables["jongere"].filter(pl.col("jongere_id") != "j1")

    with pytest.raises(TableError) as raised:
        check_tables(tables, TABLES)

    assert raised.value.column == "jongere_id"
    assert re.search("'j1': reference, expected jongere", raised.value.problem)


@pytest.mark.parametrize(
    ("week", "geoorloofd", "bekend_op", "column"),
    [
        (date(2025, 3, 4), 0.0, date(2025, 3, 20), "week"),
        (date(2025, 3, 3), 19.0, date(2025, 3, 20), "uren_ongeoorloofd"),
        (date(2025, 3, 3), 0.0, date(2025, 3, 2), "bekend_op"),
    ],
    ids=["no Monday", "more missed than taught", "known before it happened"],
)
def test_rules_of_verzuim(week: date, geoorloofd: float, bekend_op: date, column: str) -> None:
    frame = pl.DataFrame(
        {
            "jongere_id": ["j1"],
            "week": [week],
            "lesuren": [20.0],
            "uren_geoorloofd": [geoorloofd],
            "uren_ongeoorloofd": [2.0],
            "bekend_op": [bekend_op],
            "bron": ["test"],
        }
    )

    assert find_violations(frame, TABLES["verzuim"])["column"].to_list() == [column]
