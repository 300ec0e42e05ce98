from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.peildatum import numbered
from features.verzuim import WINDOWS, verzuim_features, verzuimmelding_features
from tests.features.facts import rows, spine

PEILDATUM = date(2025, 3, 3)  # a Monday
SHARES = [f"verzuim_ongeoorloofd_{weeks}" for weeks in WINDOWS]


def week(
    ago: int, ongeoorloofd: float, geoorloofd: float = 0.0, **more: float | date
) -> dict[str, Any]:
    return {
        "week": PEILDATUM - timedelta(weeks=ago),
        "uren_ongeoorloofd": ongeoorloofd,
        "uren_geoorloofd": geoorloofd,
        **more,
    }


def features_of(*weeks: dict[str, Any]) -> dict[str, Any]:
    tables = {"verzuim": rows("verzuim", *weeks)}
    found = verzuim_features(tables, numbered(spine(("j1", PEILDATUM)))).collect()
    return found.row(0, named=True) if found.height else {}


def test_a_share_is_missed_hours_over_taught_hours_of_its_window() -> None:
    found = features_of(week(1, 5.0, 2.0), week(2, 3.0), week(10, 10.0), week(40, 0.0))

    assert found["verzuim_ongeoorloofd_4"] == pytest.approx(8 / 40)
    assert found["verzuim_geoorloofd_4"] == pytest.approx(2 / 40)
    assert found["verzuim_ongeoorloofd_13"] == pytest.approx(18 / 60)
    assert found["verzuim_ongeoorloofd_52"] == pytest.approx(18 / 80)


def test_the_change_compares_the_last_month_with_the_rest_of_the_own_year() -> None:
    found = features_of(week(1, 10.0), week(10, 5.0), week(40, 5.0))

    assert found["verzuim_ongeoorloofd_verandering"] == pytest.approx(10 / 20 - 10 / 40)


def test_without_an_own_past_there_is_no_change() -> None:
    assert features_of(week(1, 10.0))["verzuim_ongeoorloofd_verandering"] is None


def test_nothing_registered_is_unknown_and_registered_without_absence_is_zero() -> None:
    assert {value for name, value in features_of().items() if name != "rij"} == {None}
    assert features_of(week(1, 0.0))["verzuim_ongeoorloofd_4"] == 0.0
    assert features_of(week(20, 0.0))["verzuim_ongeoorloofd_4"] is None


def test_a_week_without_lessons_is_not_registered() -> None:
    found = features_of(week(1, 0.0, lesuren=0.0), week(6, 5.0))

    assert found["verzuim_ongeoorloofd_4"] is None
    assert found["verzuim_weken_geregistreerd_13"] == 1


def test_windows_end_at_their_first_week() -> None:
    found = features_of(week(3, 20.0), week(4, 0.0), week(51, 20.0), week(52, 20.0))

    assert found["verzuim_ongeoorloofd_4"] == 1.0
    assert found["verzuim_ongeoorloofd_13"] == pytest.approx(0.5)
    assert found["verzuim_ongeoorloofd_52"] == pytest.approx(40 / 60)


def test_a_week_not_known_on_the_peildatum_never_counts() -> None:
    late = week(1, 20.0, bekend_op=PEILDATUM + timedelta(days=1))

    assert features_of(late, week(2, 0.0))["verzuim_ongeoorloofd_4"] == 0.0


def test_weeks_are_counted_with_absence_missed_as_a_whole_and_by_spell() -> None:
    found = features_of(
        week(1, 4.0), week(2, 20.0), week(3, 0.0, 20.0), week(5, 2.0), week(20, 0.0), week(70, 1.0)
    )

    assert found["verzuim_weken_ongeoorloofd_13"] == 3
    assert found["verzuim_weken_ongeoorloofd_deel_26"] == pytest.approx(3 / 5)
    assert found["verzuim_weken_ongeoorloofd_deel_alles"] == pytest.approx(4 / 6)
    assert found["verzuim_weken_ongeoorloofd_verandering"] == pytest.approx(3 / 4 - 1 / 2)
    assert found["verzuim_reeksen_26"] == 2
    assert found["verzuim_hele_weken_26"] == 1
    assert found["verzuim_hele_weken_geoorloofd_52"] == 1


def test_a_week_told_later_joins_two_spells_from_then_on() -> None:
    between = week(2, 1.0, bekend_op=PEILDATUM - timedelta(days=1))
    late = week(2, 1.0, bekend_op=PEILDATUM + timedelta(days=1))

    assert features_of(week(1, 1.0), between, week(3, 1.0))["verzuim_reeksen_26"] == 1
    assert features_of(week(1, 1.0), late, week(3, 1.0))["verzuim_reeksen_26"] == 2


@given(st.integers(0, 50), st.integers(0, 50))
def test_absence_longer_ago_never_weighs_more(one: int, other: int) -> None:
    recent, old = sorted((one, other))
    quiet = [week(ago, 0.0) for ago in range(52)]

    def level(ago: int) -> float:
        weeks = [w if n != ago else week(ago, 3.0) for n, w in enumerate(quiet)]
        return float(features_of(*weeks)["verzuim_weken_ongeoorloofd_recent"])

    assert level(recent) >= level(old) > 0


@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.floats(0, 10), st.floats(0, 10), st.floats(0, 10)),
        min_size=1,
        max_size=15,
        unique_by=lambda drawn: drawn[0],
    )
)
def test_more_unauthorised_absence_raises_every_share(
    drawn: list[tuple[int, float, float, float]],
) -> None:
    before = features_of(*(week(ago, missed, other) for ago, missed, other, _ in drawn))
    after = features_of(*(week(ago, missed + more, other) for ago, missed, other, more in drawn))

    for name in SHARES if before else []:
        assert (before[name] is None) == (after[name] is None)
        if before[name] is not None:
            assert 0 <= before[name] <= after[name] + 1e-12
            assert after[name] <= 1 + 1e-12


def test_reports_are_zero_when_the_register_is_there_and_unknown_when_it_is_not() -> None:
    days = spine(("j1", PEILDATUM), ("j2", PEILDATUM), ("j2", date(2024, 1, 1)))
    known = rows(
        "verzuimmelding",
        {"datum": date(2025, 1, 7)},
        {"datum": date(2025, 2, 7)},
        {"datum": date(2024, 2, 7)},
    )

    def counts(tables: dict[str, pl.DataFrame]) -> list[int | None]:
        found = verzuimmelding_features(tables, numbered(days)).collect().sort("rij")
        return found["verzuimmeldingen_52"].to_list()

    assert counts({"verzuimmelding": known}) == [2, 0, None]
    assert counts({}) == [None, None, None]
