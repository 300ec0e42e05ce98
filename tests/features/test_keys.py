from datetime import date

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from features.keys import all_different

DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31))
ROWS = st.lists(st.tuples(st.sampled_from(["a", "b", "", "é"]), DAYS, st.integers(-9, 9)))
SCHEMA = {"naam": pl.String, "datum": pl.Date, "volgnummer": pl.Int32}


@given(ROWS, st.booleans())
def test_keys_are_all_different_exactly_when_no_row_occurs_twice(
    rows: list[tuple[str, date, int]], doubled: bool
) -> None:
    rows = rows + rows[:1] if doubled else rows
    keys = pl.DataFrame(rows, schema=SCHEMA, orient="row")

    assert all_different(keys) == (len(set(rows)) == len(rows) and keys.height > 0)


def test_an_empty_cell_is_never_seen_quickly() -> None:
    assert not all_different(pl.DataFrame({"naam": ["a", None]}))


def test_numbers_too_large_for_the_quick_way_are_never_called_different() -> None:
    assert not all_different(pl.DataFrame({"een": [0, 2**40], "twee": [0, 2**40]}))


def test_fractions_are_never_seen_quickly() -> None:
    assert not all_different(pl.DataFrame({"getal": [0.5, 1.5]}))
