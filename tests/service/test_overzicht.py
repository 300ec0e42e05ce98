from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.overzicht import age, jongere_overzicht
from tests.service.region import CONFIG, small_region


def test_a_title_that_the_region_does_not_know_comes_from_the_national_list() -> None:
    tables = dict(small_region().tables)
    known = jongere_overzicht(tables, CONFIG.peildatum, {})
    tables["kwalificatie"] = tables["kwalificatie"].clear()

    national = jongere_overzicht(tables, CONFIG.peildatum, {})

    codes = tables["inschrijving"].filter(opleidingcode="25748")["jongere_id"]
    titles = {national[one].opleiding for one in codes if known[one].opleiding is not None}
    assert "Assistent verkoop/retail" in titles


def test_the_own_title_of_a_region_wins() -> None:
    tables = dict(small_region().tables)
    tables["kwalificatie"] = tables["kwalificatie"].with_columns(titel=pl.lit("Eigen naam"))

    shown = {one.opleiding for one in jongere_overzicht(tables, CONFIG.peildatum, {}).values()}

    assert shown <= {"Eigen naam", None}
    assert "Eigen naam" in shown


@pytest.mark.parametrize(
    ("born", "years"),
    [(date(2008, 11, 1), 18), (date(2008, 12, 1), 17), (date(2008, 1, 1), 18)],
)
def test_age_counts_whole_years_from_the_month_of_birth(born: date, years: int) -> None:
    frame = pl.DataFrame({"geboortedatum": [born]})

    assert frame.select(age(date(2026, 11, 1))).item() == years


@given(born=st.dates(date(1999, 1, 1), date(2014, 12, 31)))
def test_nobody_grows_younger(born: date) -> None:
    frame = pl.DataFrame({"geboortedatum": [born]})
    ages = [frame.select(age(date(2026, month, 1))).item() for month in range(1, 13)]

    assert ages == sorted(ages)
    assert ages[-1] - ages[0] <= 1


def test_a_school_is_told_by_its_name_where_that_is_known() -> None:
    tables = small_region().tables
    code = tables["inschrijving"]["instelling"][0]
    shown = jongere_overzicht(tables, CONFIG.peildatum, {}, {code: "Praktijkschool"}).values()
    assert {one.school for one in shown if one.instelling == code} == {"Praktijkschool"}
    assert {one.school for one in shown if one.instelling != code} == {None}
