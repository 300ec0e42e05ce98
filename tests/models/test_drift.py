"""A shift is seen in the column that shifted and nowhere else; chance alone raises no alarm."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.drift import (
    ALARM,
    NOTED,
    Verschuiving,
    counts_of,
    edges_of,
    psi,
    rewritten,
    stand_of,
    verschuivingen,
)

NAMES = [f"f{number}" for number in range(30)]
REALISTIC = 1400
"""Jongeren on one day in a region of some three thousand."""


def sample(seed: int, n: int = REALISTIC) -> pl.DataFrame:
    """Return rows of one population: sure, counted, rare and partly unknown columns."""
    rng = np.random.default_rng(seed)
    columns: dict[str, object] = {"jongere_id": [f"J{one}" for one in range(n)]}
    for number, name in enumerate(NAMES):
        kind = number % 4
        values = (
            rng.normal(size=n),
            rng.poisson(2, n).astype(float),
            (rng.random(n) < 0.05).astype(float),
            np.where(rng.random(n) < 0.3, np.nan, rng.gamma(2, 1, n)),
        )[kind]
        columns[name] = values
    return pl.DataFrame(columns)


def moved(now: pl.DataFrame, *, then: pl.DataFrame | None = None) -> dict[str, Verschuiving]:
    found = verschuivingen(sample(1000) if then is None else then, now, NAMES)
    return {one.naam: one for one in found}


@pytest.mark.parametrize("seed", range(20))
def test_without_a_shift_there_is_no_alarm_and_the_index_is_what_chance_gives(seed: int) -> None:
    found = moved(sample(seed)).values()

    assert all(one.genoeg for one in found)
    assert not any(one.alarm or one.opvallend for one in found)
    total = sum(one.psi for one in found) / sum(one.toeval for one in found)
    assert 0.7 < total < 1.4


@given(st.sampled_from(NAMES), st.integers(0, 50))
def test_a_shift_in_one_column_raises_the_alarm_there_and_only_there(name: str, seed: int) -> None:
    now = sample(seed).with_columns(
        pl.when(pl.int_range(pl.len()) % 2 == 0).then(3.7).otherwise(pl.col(name)).alias(name)
    )

    assert [one.naam for one in moved(now).values() if one.alarm] == [name]


def test_a_column_that_is_no_longer_filled_raises_the_alarm_and_says_so() -> None:
    empty = pl.lit(None, pl.Float64).alias("f0")
    one = moved(sample(3).with_columns(empty))["f0"]

    assert one.alarm
    assert (one.onbekend, one.onbekend_eerst) == (1.0, 0.0)


def test_where_chance_could_reach_the_border_nothing_is_said() -> None:
    found = moved(sample(5, n=60), then=sample(6, n=60))

    assert not found["f0"].genoeg
    assert not any(one.alarm for one in found.values() if not one.genoeg)


def test_of_what_a_class_shares_the_classes_count_and_not_the_pupils() -> None:
    rng = np.random.default_rng(7)
    then, now = (
        pl.DataFrame(
            {
                "jongere_id": [f"J{one}" for one in range(2000)],
                "klas_verzuim": np.repeat(rng.normal(size=80), 25),
            }
        )
        for _ in range(2)
    )

    (one,) = verschuivingen(then, now, ["klas_verzuim"])

    assert one.n == 80
    assert not one.genoeg


def test_the_source_that_moved_is_named_and_no_other() -> None:
    bronnen = pl.Series(["Magister", "Eduarte", "Trajectplanner", "Osiris"] * (REALISTIC // 4))
    now = sample(8)
    shifted = now.with_columns(
        pl.when(bronnen == "Eduarte").then(9.0).otherwise(pl.col("f0")).alias("f0")
    )

    found = {one.naam: one for one in verschuivingen(sample(9), shifted, NAMES, bronnen)}

    assert found["f0"].alarm
    assert found["f0"].bron == "Eduarte"
    assert {one.bron for one in found.values() if one.naam != "f0"} == {""}


def test_a_value_that_is_nearly_the_same_stays_in_its_bin() -> None:
    months = np.repeat([8.936, 20.928, 32.953, 44.945], 300)
    edges = edges_of(months)

    assert counts_of(months + 0.033, edges).tolist() == counts_of(months, edges).tolist()


@given(st.lists(st.integers(0, 400), min_size=2, max_size=12), st.integers(1, 9))
def test_the_index_is_nought_for_equal_shares_and_the_same_both_ways(
    counts: list[int], times: int
) -> None:
    first = np.array(counts)
    other = first[::-1].copy()

    assert psi(first, first) == 0.0
    assert psi(first, other) == pytest.approx(psi(other, first))
    assert psi(first, other) >= 0.0
    assert psi(first, first * times) < NOTED


def test_nothing_known_gives_one_bin_and_no_shift() -> None:
    nothing = np.full(50, np.nan)

    assert edges_of(nothing) == []
    assert counts_of(nothing, []).tolist() == [0, 50]
    assert ALARM == 0.2


def test_what_was_rewritten_since_is_seen_in_that_column_alone() -> None:
    day = sample(11)
    stand = stand_of(day, NAMES)
    changed = day.with_columns(pl.lit(1.0).alias("f1"))

    assert set(rewritten(stand, day).values()) == {0.0}
    assert [name for name, value in rewritten(stand, changed).items() if value > ALARM] == ["f1"]


def test_a_day_of_which_many_are_gone_says_nothing() -> None:
    stand = stand_of(sample(12), NAMES)

    assert rewritten(stand, sample(12, n=REALISTIC // 2)) == {}
