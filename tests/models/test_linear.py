import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.linear import LinearConfig, LinearModel
from models.metrics import auc
from tests.models.strategies import DIRECTIONS, made_up_examples


@pytest.fixture(scope="module")
def model() -> LinearModel:
    rows = made_up_examples(1500, 1)
    return LinearModel.fit(rows.matrix, rows.labels, directions=DIRECTIONS, config=LinearConfig())


def test_it_ranks_what_it_has_not_seen(model: LinearModel) -> None:
    unseen = made_up_examples(2000, 9)

    assert auc(unseen.labels, model.margins(unseen.matrix)) > 0.7


def test_contributions_are_zero_on_average_and_sum_to_the_margin(model: LinearModel) -> None:
    rows = made_up_examples(1500, 1).matrix
    parts = model.contributions(rows)

    assert np.abs(parts[:, :-1].mean(axis=0)).max() < 1e-9
    assert np.abs(parts.sum(axis=1) - model.margins(rows)).max() < 1e-12


@settings(max_examples=50)
@given(
    st.integers(0, 1),
    st.lists(st.floats(-0.5, 1.5), min_size=3, max_size=3),
    st.floats(0, 2),
)
def test_a_sure_direction_is_never_broken(
    model: LinearModel, column: int, row: list[float], more: float
) -> None:
    raised = list(row)
    raised[column] += more

    before, after = model.margins(np.array([row, raised]))

    assert after >= before - 1e-12


def test_what_is_unknown_has_a_weight_of_its_own() -> None:
    rng = np.random.default_rng(1)
    column = rng.random((2000, 1))
    unknown = rng.random(2000) < 0.3
    labels = (rng.random(2000) < np.where(unknown, 0.6, 0.2)).astype(np.float64)
    column[unknown, 0] = np.nan

    model = LinearModel.fit(column, labels, directions=(0,), config=LinearConfig())
    low, high = model.margins(np.array([[0.5], [np.nan]]))

    assert high - low > 1


def test_a_category_never_seen_scores_as_unknown_and_a_rare_one_too() -> None:
    rng = np.random.default_rng(1)
    codes = rng.integers(0, 3, size=(900, 1)).astype(np.float64)
    codes[:3] = 3
    labels = (rng.random(900) < np.where(codes[:, 0] == 1, 0.7, 0.2)).astype(np.float64)

    model = LinearModel.fit(codes, labels, directions=(0,), categories=(0,), config=LinearConfig())
    first, second, rare, new, unknown = model.margins(np.array([[0.0], [1], [3], [9], [np.nan]]))

    assert second - first > 1.5
    assert rare == new == unknown


def test_a_bend_is_followed() -> None:
    rng = np.random.default_rng(1)
    column = rng.random((4000, 1))
    labels = (rng.random(4000) < 0.1 + 0.6 * (np.abs(column[:, 0] - 0.5) > 0.3)).astype(np.float64)

    model = LinearModel.fit(column, labels, directions=(0,), config=LinearConfig())
    edge, middle, other = model.margins(np.array([[0.05], [0.5], [0.95]]))

    assert min(edge, other) - middle > 1.5


def test_it_survives_json(model: LinearModel) -> None:
    assert LinearModel.from_described(json.loads(json.dumps(model.described()))) == model


@pytest.mark.parametrize("n_rows", [1, 5])
def test_a_handful_of_rows_and_a_column_without_values_do_not_crash(n_rows: int) -> None:
    few = made_up_examples(n_rows, 1)
    matrix = np.column_stack([few.matrix, np.full(n_rows, np.nan)])

    model = LinearModel.fit(matrix, few.labels, directions=(0,) * 4, config=LinearConfig())

    assert np.isfinite(model.margins(matrix)).all()
