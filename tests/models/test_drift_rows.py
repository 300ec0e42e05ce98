"""What a model is held beside: the same day of the year, and only outcomes that are due."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.labels import UITVAL
from features.synthetic import Region
from models.drift import verschuivingen
from models.drift_rows import asked_on, matured_since, same_day_then
from models.history import uitval_known_by
from models.recipes import RECIPES
from models.splitting import add_months

DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))


@given(DAYS, DAYS)
def test_the_day_of_comparison_is_one_that_the_model_knew_at_the_same_time_of_year(
    day: date, until: date
) -> None:
    found = same_day_then(day, until)

    assert found <= until
    assert found < day
    assert (found.month, min(found.day, 28)) == (day.month, min(day.day, 28))


@pytest.mark.parametrize("ago", [0, 45])
def test_a_region_that_did_not_change_raises_no_alarm_in_any_season(
    region: Region, ago: int
) -> None:
    day = region.config.peildatum - timedelta(days=ago)
    names = [feature.name for feature in RECIPES["uitvalrisico"].kind.features]
    then, now = (
        asked_on("uitvalrisico", region.tables, one) for one in (same_day_then(day, day), day)
    )

    assert [one.naam for one in verschuivingen(then, now, names) if one.alarm] == []


@pytest.mark.parametrize("model", list(RECIPES))
def test_what_a_model_is_asked_about_holds_all_its_features(region: Region, model: str) -> None:
    rows = asked_on(model, region.tables, region.config.peildatum)

    assert {feature.name for feature in RECIPES[model].kind.features} <= set(rows.columns)
    assert "jongere_id" in rows.columns


@pytest.mark.parametrize("model", list(RECIPES))
def test_only_outcomes_that_came_due_after_what_the_model_knew_count(
    region: Region, model: str
) -> None:
    until = region.config.peildatum
    known = add_months(until, -9)

    found = matured_since(model, region.tables, bekend_tot=known, until=until)

    assert set(np.unique(found.uitkomst)) <= {0.0, 1.0}
    assert found.frame.height == len(found.uitkomst)
    nothing = matured_since(model, region.tables, bekend_tot=until, until=until)
    assert nothing.frame.height == 0
    if model == "uitvalrisico":
        due = [uitval_known_by(day, UITVAL) for day in found.frame["peildatum"].unique()]
        assert found.frame.height > 0
        assert all(known < one <= until for one in due)
        assert found.groepen.height == found.frame.height


def test_pairs_are_of_places_that_were_known_on_the_day(region: Region) -> None:
    day = add_months(region.config.peildatum, -12)
    late = region.tables["leerwerkplek"].filter(pl.col("bekend_op") > day)["leerwerkplek_id"]

    found = asked_on("plaatsing", region.tables, day)

    assert found.height > 0
    assert not set(found["leerwerkplek_id"]) & set(late)
