import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import expit

from features.registry import Feature
from models.change import Moment, log_odds_changes, veranderingen


def feature(name: str, group: str = "") -> Feature:
    return Feature(name, name, "", "verzuim", "toets", 0, group)


FEATURES = (
    feature("verzuim_4", "verzuim"),
    feature("verzuim_13", "verzuim"),
    feature("wissels"),
    feature("niveau"),
)
LOG_ODDS = arrays(np.float64, 4, elements=st.floats(-4, 4))
VALUES = arrays(np.float64, 4, elements=st.floats(0, 1) | st.just(float("nan")))


def moment(contributions: np.ndarray, values: np.ndarray, base: float) -> Moment:
    return Moment(values, np.append(contributions, base))


@given(LOG_ODDS, LOG_ODDS, VALUES, VALUES, st.floats(-3, 3))
def test_the_groups_sum_to_the_difference_of_both_scores(
    first: np.ndarray, later: np.ndarray, then: np.ndarray, now: np.ndarray, base: float
) -> None:
    before, after = moment(first, then, base), moment(later, now, base)

    moved = log_odds_changes(before, after, FEATURES)
    points = sum(one.bijdrage for one in veranderingen(before, after, FEATURES))

    assert sum(moved.values()) == pytest.approx(after.log_odds - before.log_odds, abs=1e-9)
    assert points == pytest.approx(100 * (expit(after.log_odds) - expit(before.log_odds)), abs=1e-9)


@given(LOG_ODDS, VALUES, st.floats(-3, 3))
def test_nothing_changed_when_both_peildata_are_the_same(
    row: np.ndarray, values: np.ndarray, base: float
) -> None:
    same = moment(row, values, base)

    assert veranderingen(same, same, FEATURES) == ()


@given(LOG_ODDS, LOG_ODDS, VALUES, VALUES)
def test_looking_back_instead_of_forward_turns_every_sign(
    first: np.ndarray, later: np.ndarray, then: np.ndarray, now: np.ndarray
) -> None:
    before, after = moment(first, then, 0.0), moment(later, now, 0.0)

    forward = {one.groep: one.bijdrage for one in veranderingen(before, after, FEATURES)}
    back = {one.groep: one.bijdrage for one in veranderingen(after, before, FEATURES)}

    assert forward == {groep: pytest.approx(-points) for groep, points in back.items()}


def test_a_group_is_named_by_the_feature_whose_value_changed() -> None:
    before = moment(np.array([0.0, 0.0, 0.0, 0.0]), np.array([0.1, 0.2, 0.0, 1.0]), -1.0)
    after = moment(np.array([0.9, 0.4, 0.0, 0.0]), np.array([0.1, 0.6, 0.0, 1.0]), -1.0)

    (found,) = veranderingen(before, after, FEATURES)

    assert (found.groep, found.feature, found.eerder, found.nu) == (
        "verzuim",
        "verzuim_13",
        0.2,
        0.6,
    )
    assert found.bijdrage > 0


def test_a_value_that_became_known_was_unknown_before() -> None:
    before = moment(np.zeros(4), np.array([0.1, 0.2, np.nan, 1.0]), 0.0)
    after = moment(np.array([0.0, 0.0, -0.5, 0.0]), np.array([0.1, 0.2, 2.0, 1.0]), 0.0)

    (found,) = veranderingen(before, after, FEATURES)

    assert (found.feature, found.eerder, found.nu) == ("wissels", None, 2.0)
    assert found.bijdrage < 0
