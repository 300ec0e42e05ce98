from datetime import date, timedelta

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from models.splitting import (
    backtests,
    deal_groups,
    peildata_between,
    refit_split,
    temporal_split,
    without_groups,
)

BEGIN = date(2022, 8, 1)


@st.composite
def examples(draw: st.DrawFn) -> tuple[pl.Series, pl.Series]:
    """Peildata and the later days on which their outcome is known."""
    days = draw(st.lists(st.integers(0, 1200), min_size=1, max_size=60))
    waits = draw(st.lists(st.integers(1, 500), min_size=len(days), max_size=len(days)))
    return (
        pl.Series("peildatum", [BEGIN + timedelta(days=day) for day in days]),
        pl.Series(
            "known_by",
            [BEGIN + timedelta(days=day + wait) for day, wait in zip(days, waits, strict=True)],
        ),
    )


@given(examples())
def test_everything_used_to_fit_was_known_before_the_test_begins(
    rows: tuple[pl.Series, pl.Series],
) -> None:
    peildatum, known_by = rows

    split = temporal_split(peildatum, known_by)

    assert split.test_start == peildatum.filter(split.test).min()
    assert all(day <= split.test_start for day in known_by.filter(split.fitting))


@given(examples())
def test_a_row_has_at_most_one_use_and_the_calibration_is_later_than_the_trees(
    rows: tuple[pl.Series, pl.Series],
) -> None:
    peildatum, known_by = rows

    split = temporal_split(peildatum, known_by)

    uses = split.training.astype(int) + split.calibration.astype(int) + split.test.astype(int)
    assert uses.max() <= 1
    for earlier in peildatum.filter(split.training):
        assert all(earlier < later for later in peildatum.filter(split.calibration))


@given(examples())
def test_the_final_fit_uses_every_row_once_and_calibrates_on_the_newest_quarter(
    rows: tuple[pl.Series, pl.Series],
) -> None:
    peildatum, _ = rows

    split = refit_split(peildatum)

    assert (split.training ^ split.calibration).all()
    assert not split.test.any()
    newest = peildatum.max()
    assert isinstance(newest, date)
    recent = peildatum > newest - timedelta(days=88)
    assert not (recent.to_numpy() & split.training).any()


def test_a_two_year_horizon_leaves_a_gap_between_fitting_and_test() -> None:
    peildatum = pl.Series(peildata_between(date(2022, 1, 1), date(2025, 1, 1), months=1))
    known_by = peildatum.dt.offset_by("12mo").dt.offset_by("90d")

    split = temporal_split(peildatum, known_by)

    last_fitted = peildatum.filter(split.fitting).max()
    assert split.test_start == date(2024, 4, 1)
    assert last_fitted == date(2023, 1, 1)


def test_no_rows_give_no_split() -> None:
    nothing = pl.Series("peildatum", [], dtype=pl.Date)

    assert temporal_split(nothing, nothing).test_start is None
    assert len(refit_split(nothing).training) == 0


def test_peildata_are_counted_back_from_the_last() -> None:
    assert peildata_between(date(2024, 11, 1), date(2025, 3, 31), months=2) == (
        date(2024, 11, 30),
        date(2025, 1, 31),
        date(2025, 3, 31),
    )
    assert peildata_between(date(2025, 4, 1), date(2025, 3, 31), months=2) == ()


@given(examples(), st.integers(1, 4))
def test_every_backtest_looks_ahead_and_their_windows_do_not_overlap(
    rows: tuple[pl.Series, pl.Series], windows: int
) -> None:
    peildatum, known_by = rows

    found = backtests(peildatum, known_by, windows=windows)

    for split in found:
        assert split.test_start is not None
        assert all(day <= split.test_start for day in known_by.filter(split.fitting))
        assert all(day >= split.test_start for day in peildatum.filter(split.test))
    tested = np.sum([split.test for split in found], axis=0) if found else np.zeros(1)
    assert np.max(tested) <= 1
    assert len(found) <= windows


@given(examples())
def test_a_new_school_is_never_fitted_on_and_is_all_that_is_tested(
    rows: tuple[pl.Series, pl.Series],
) -> None:
    peildatum, known_by = rows
    schools = pl.Series([f"S{place % 5}" for place in range(len(peildatum))])
    split = temporal_split(peildatum, known_by)

    for held in deal_groups(schools, 3, np.random.default_rng(1)):
        apart = without_groups(split, schools, held)
        assert not set(schools.filter(apart.fitting)) & held
        assert set(schools.filter(apart.test)) <= held


def test_groups_are_dealt_once_each() -> None:
    schools = pl.Series([f"S{place % 7}" for place in range(50)])

    parts = deal_groups(schools, 3, np.random.default_rng(1))

    assert sorted(name for part in parts for name in part) == sorted(set(schools))
    assert max(map(len, parts)) - min(map(len, parts)) <= 1
