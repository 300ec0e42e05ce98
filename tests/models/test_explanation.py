import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from features.registry import Feature
from models.explanation import SMALLEST, redenen


def feature(name: str, group: str = "") -> Feature:
    return Feature(name, name, "", "verzuim", "toets", 0, group)


FEATURES = (
    feature("verzuim_4", "verzuim"),
    feature("verzuim_13", "verzuim"),
    feature("wissels"),
    feature("niveau"),
)


@given(st.lists(st.floats(-3, 3), min_size=5, max_size=5))
def test_a_reason_is_what_the_chance_would_lose_without_its_group(row: list[float]) -> None:
    contributions = np.array([row])
    sums = {"verzuim": row[0] + row[1], "wissels": row[2], "niveau": row[3]}
    total = sum(row)

    raising, lowering = redenen(contributions, np.zeros((1, 4)), FEATURES, top=4)[0]

    for reden in (*raising, *lowering):
        group = "verzuim" if reden.feature.startswith("verzuim") else reden.feature
        expected = 100 * (expit(total) - expit(total - sums[group]))
        assert reden.bijdrage == pytest.approx(expected)
        assert abs(reden.bijdrage) >= SMALLEST


@given(st.lists(st.floats(-3, 3), min_size=5, max_size=5), st.integers(1, 3))
def test_reasons_are_ordered_by_weight_one_per_group_and_at_most_top(
    row: list[float], top: int
) -> None:
    raising, lowering = redenen(np.array([row]), np.zeros((1, 4)), FEATURES, top=top)[0]

    for side, sign in ((raising, 1), (lowering, -1)):
        weights = [sign * reden.bijdrage for reden in side]
        assert len(side) <= top
        assert weights == sorted(weights, reverse=True)
        assert all(weight > 0 for weight in weights)
    told = [reden.feature for reden in (*raising, *lowering)]
    assert sum(name.startswith("verzuim") for name in told) <= 1


def test_the_feature_that_did_most_in_the_direction_of_its_group_names_it() -> None:
    contributions = np.array([[-0.4, 1.0, 0.0, 0.0, -2.0]])

    raising, _ = redenen(contributions, np.array([[0.0, 0.25, 0.0, 0.0]]), FEATURES)[0]

    assert raising[0].feature == "verzuim_13"
    assert raising[0].waarde == 0.25


def test_an_unknown_value_is_none() -> None:
    contributions = np.array([[0.0, 0.0, 1.5, 0.0, -1.0]])

    raising, lowering = redenen(contributions, np.full((1, 4), np.nan), FEATURES)[0]

    assert raising[0].waarde is None
    assert lowering == ()
