from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features import tables as t
from features.contract import Table
from service.importing.cells import Notation, convert, parse_date, parse_number
from service.importing.mapping import CONTRACTS

DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))


def converted(
    cells: list[str | None], table: Table, column: str, notation: Notation | None = None
) -> tuple[list[object], list[bool]]:
    values, bad = convert(
        pl.Series(cells, dtype=pl.String), table.column(column), notation or Notation()
    )
    return values.to_list(), bad.to_list()


@given(DAYS, st.sampled_from(["%d-%m-%Y", "%Y-%m-%d", "%d/%m/%Y", "%Y%m%d", "%Y-%m-%d 00:00:00"]))
def test_a_day_written_in_any_usual_way_is_that_day(day: date, form: str) -> None:
    text = day.strftime(form)
    assert parse_date(text) == day
    assert converted([text], t.RESULTAAT, "datum") == ([day], [False])


@given(DAYS)
def test_any_day_of_a_week_and_its_iso_number_mean_its_monday(day: date) -> None:
    year, week, weekday = day.isocalendar()
    monday = date.fromordinal(day.toordinal() - weekday + 1)
    texts: list[str | None] = [f"{day:%d-%m-%Y}", f"{year}-W{week:02d}"]
    assert converted(texts, t.VERZUIM, "week") == ([monday, monday], [False, False])


@pytest.mark.parametrize("text", ["31-02-2024", "1-2-24", "0024-01-05", "morgen", "2024-13-01"])
def test_what_is_no_day_is_a_bad_cell(text: str) -> None:
    assert converted([text, None, " "], t.RESULTAAT, "datum")[1] == [True, False, False]


def test_the_order_of_the_mapping_decides_between_day_and_month() -> None:
    assert parse_date("02-01-2024", "mdj") == date(2024, 2, 1)
    assert parse_date("02-01-2024", "dmj") == date(2024, 1, 2)


def test_of_a_day_of_birth_only_the_month_is_kept() -> None:
    cells: list[str | None] = ["17-05-2008", "2008-05-00"]
    assert converted(cells, t.JONGERE, "geboortedatum")[0] == [date(2008, 5, 1)] * 2


@given(st.floats(0, 60).map(lambda number: round(number, 2)))
def test_a_number_with_a_comma_is_the_number_with_a_point(number: float) -> None:
    assert parse_number(str(number).replace(".", ",")) == parse_number(str(number)) == number


def test_a_point_is_refused_where_the_mapping_says_comma_and_the_reverse() -> None:
    comma, point = Notation(decimal_comma=True), Notation(decimal_comma=False)
    assert converted(["1.5", "1,5"], t.VERZUIM, "lesuren", comma) == ([None, 1.5], [True, False])
    assert converted(["1.5", "1,5"], t.VERZUIM, "lesuren", point) == ([1.5, None], [False, True])


@pytest.mark.parametrize("text", ["nan", "inf", "1e999", "1_0", "1.000,5", "uur"])
def test_what_is_no_plain_number_is_a_bad_cell(text: str) -> None:
    assert converted([text], t.VERZUIM, "lesuren")[1] == [True]


def test_a_broken_number_is_no_whole_number() -> None:
    assert converted(["2.0", "2,5"], t.LEERWERKPLEK, "capaciteit") == ([2, None], [False, True])


def test_a_niveau_is_a_number_or_a_word() -> None:
    words: list[str | None] = ["Nog niet", "met hulp", "onder toezicht", "zelfstandig", "4"]
    assert converted(words, t.COMPETENTIEMETING, "niveau")[0] == [0, 1, 2, 3, 4]
    assert converted(["MBO-3", "entree"], t.INSCHRIJVING, "niveau")[0] == [3, 1]


def test_yes_and_no_are_known_in_all_their_forms() -> None:
    yes: list[str | None] = ["ja", "J", "1", "waar", "TRUE"]
    no: list[str | None] = ["nee", "N", "0", "onwaar", "false"]
    assert converted(yes, t.CONTACT, "gelukt")[0] == [True] * 5
    assert converted(no, t.CONTACT, "gelukt")[0] == [False] * 5
    assert converted(["soms"], t.CONTACT, "gelukt")[1] == [True]


def test_words_of_the_file_become_words_of_the_list() -> None:
    notation = Notation(values={"soort": {"LV": "luxeverzuim"}})
    cells: list[str | None] = ["lv", "Overig Verzuim", "anders"]
    expected = ["luxeverzuim", "overig verzuim", "anders"]
    assert converted(cells, t.VERZUIMMELDING, "soort", notation)[0] == expected


def test_a_list_is_split_and_each_word_is_found() -> None:
    cells: list[str | None] = ["Fiets, OV", "auto|lopen", ""]
    assert converted(cells, t.VOORKEUR, "vervoer")[0] == [["fiets", "ov"], ["auto", "lopen"], None]


@pytest.mark.parametrize("table", CONTRACTS.values(), ids=lambda table: table.name)
def test_empty_cells_are_never_bad_and_have_the_type_of_the_contract(table: Table) -> None:
    for column in table.columns:
        values, bad = convert(pl.Series([None, "", " "], dtype=pl.String), column, Notation())
        assert values.dtype == column.dtype
        assert values.null_count() == 3
        assert not bad.any()
