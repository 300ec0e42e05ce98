from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.contract import (
    VIOLATIONS,
    Column,
    Offence,
    Reference,
    Rule,
    Table,
    check_table,
    find_violations,
)
from features.errors import TableError
from features.tables import TABLES
from tests.checks import check_tables
from tests.strategies import frames

DIER = Table(
    "dier",
    "an animal, to try every demand of a contract on",
    (
        Column("naam", pl.String(), "name", pattern=r"[a-z]+"),
        Column("soort", pl.String(), "kind", values=("hond", "kat")),
        Column("poten", pl.Int32(), "legs", required=False, minimum=0, maximum=4),
        Column("kleuren", pl.List(pl.String), "colours", required=False, values=("wit", "rood")),
        Column("chips", pl.List(pl.String), "chips", required=False, pattern=r"\d{3}"),
        Column("geboren", pl.Date(), "born", required=False),
        Column("overleden", pl.Date(), "died", required=False),
        Column("moeder", pl.String(), "mother", required=False),
    ),
    key=("naam", "soort"),
    references=(Reference(("moeder",), "moeder", ("naam",)),),
    rules=(Rule("overleden", pl.col("overleden") >= pl.col("geboren"), "not before geboren"),),
)
MOEDER = Table("moeder", "a mother", (Column("naam", pl.String(), "name"),), key=("naam",))
GOOD: dict[str, Any] = {
    "naam": "rex",
    "soort": "hond",
    "poten": 4,
    "kleuren": ["wit"],
    "chips": ["123"],
    "geboren": date(2020, 1, 1),
    "overleden": None,
    "moeder": "bella",
}
MOEDERS = {"moeder": pl.DataFrame({"naam": ["bella"]})}


def dieren(*facts: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame([{**GOOD, **fact} for fact in facts], schema=DIER.schema)


def found(*facts: dict[str, Any]) -> list[tuple[int, str, str | None, str]]:
    violations = find_violations(dieren(*facts), DIER, references=MOEDERS)
    assert violations.schema == VIOLATIONS
    return violations.select("row", "column", "value", "offence").rows()


def test_a_good_row_has_no_violation() -> None:
    assert found({}) == []
    assert found({"poten": None, "kleuren": None, "chips": None, "moeder": None}) == []
    assert found({"kleuren": [], "chips": []}) == []


@pytest.mark.parametrize(
    ("fact", "column", "value", "offence"),
    [
        ({"soort": None}, "soort", None, Offence.MISSING),
        ({"poten": -1}, "poten", "-1", Offence.TOO_LOW),
        ({"poten": 5}, "poten", "5", Offence.TOO_HIGH),
        ({"soort": "vis"}, "soort", "vis", Offence.NOT_LISTED),
        ({"kleuren": ["wit", "geel"]}, "kleuren", "wit|geel", Offence.NOT_LISTED),
        ({"naam": "Rex"}, "naam", "Rex", Offence.PATTERN),
        ({"naam": "rex2"}, "naam", "rex2", Offence.PATTERN),
        ({"chips": ["123", "45"]}, "chips", "123|45", Offence.PATTERN),
        ({"moeder": "luna"}, "moeder", "luna", Offence.REFERENCE),
        ({"overleden": date(2019, 1, 1)}, "overleden", "2019-01-01", Offence.RULE),
    ],
    ids=lambda case: str(case) if isinstance(case, Offence) else None,
)
def test_every_offence_is_found_with_its_row_and_value(
    fact: dict[str, Any], column: str, value: str | None, offence: Offence
) -> None:
    assert found({"naam": "fik"}, fact) == [(1, column, value, str(offence))]


def test_the_second_row_with_a_key_is_the_duplicate() -> None:
    assert found({}, {"naam": "fik"}, {}) == [(2, "naam, soort", "rex, hond", "duplicate")]


def test_all_offences_of_all_rows_are_told_in_order() -> None:
    assert [row[:2] for row in found({"poten": 9, "naam": "X"}, {}, {"soort": "vis"})] == [
        (0, "naam"),
        (0, "poten"),
        (2, "soort"),
    ]


@pytest.mark.parametrize("poten", [0, 4])
def test_bounds_are_allowed_themselves(poten: int) -> None:
    assert found({"poten": poten}) == []


def test_a_reference_to_a_table_that_is_not_given_is_not_looked_at() -> None:
    frame = dieren({"moeder": "luna"})

    assert find_violations(frame, DIER).is_empty()
    assert find_violations(frame, DIER, references={}).is_empty()


@pytest.mark.parametrize(
    ("frame", "column", "problem"),
    [
        (dieren({}).drop("poten"), "poten", "column is missing"),
        (
            dieren({}).with_columns(pl.col("poten").cast(pl.Float64)),
            "poten",
            "type is Float64, expected Int32",
        ),
        (dieren({}).with_columns(staart=1), "staart", "column is not in the contract"),
    ],
    ids=["missing", "other type", "unknown"],
)
def test_wrong_columns_are_refused_before_any_row(
    frame: pl.DataFrame, column: str, problem: str
) -> None:
    with pytest.raises(TableError) as raised:
        find_violations(frame, DIER)

    assert raised.value == TableError("dier", column, None, problem)
    assert str(raised.value) == f"table dier, column {column}: {problem}"


def test_the_error_says_table_column_row_and_what_is_wrong() -> None:
    with pytest.raises(TableError) as raised:
        check_table(dieren({}, {"naam": "fik", "poten": 7}), DIER)

    error = raised.value
    assert (error.table, error.column, error.row) == ("dier", "poten", 1)
    assert str(error) == "table dier, column poten, row 1: '7': too high, expected 4"


def test_tables_are_checked_against_each_other() -> None:
    contracts = {"dier": DIER, "moeder": MOEDER}

    check_tables({"dier": dieren({}), **MOEDERS}, contracts)
    with pytest.raises(TableError, match="luna"):
        check_tables({"dier": dieren({"moeder": "luna"}), **MOEDERS}, contracts)


def test_a_column_is_found_by_its_name() -> None:
    assert DIER.column("poten").maximum == 4
    with pytest.raises(KeyError):
        DIER.column("staart")


@given(st.data())
def test_what_satisfies_a_contract_has_no_violation(data: st.DataObject) -> None:
    contract = data.draw(st.sampled_from(list(TABLES.values())))

    assert find_violations(data.draw(frames(contract)), contract).is_empty()


@given(st.data())
def test_an_emptied_required_cell_is_always_found(data: st.DataObject) -> None:
    contract = data.draw(st.sampled_from(list(TABLES.values())))
    frame = data.draw(frames(contract, min_size=1))
    column = data.draw(st.sampled_from([c.name for c in contract.columns if c.required]))
    row = data.draw(st.integers(0, frame.height - 1))
    here = pl.int_range(pl.len()) == row
    broken = frame.with_columns(pl.when(~here).then(pl.col(column)).alias(column))

    missing = find_violations(broken, contract).filter(pl.col("offence") == str(Offence.MISSING))

    assert missing.select("row", "column").rows() == [(row, column)]
