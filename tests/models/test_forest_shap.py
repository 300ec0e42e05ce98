"""Contributions that were worked out beforehand are those of LightGBM."""

import lightgbm
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from models.booster import BoosterConfig, Examples, grow
from models.forest import MOST_LEAVES
from models.forest_shap import ForestShap
from models.members import TreeMember
from tests.models.test_forest import N_COLUMNS, NAMES, TEXTS, Matrix, drawn, grown

SHAP = ForestShap.of([(text, 1 / len(TEXTS)) for text in TEXTS])


def expected(text: str, matrix: Matrix) -> Matrix:
    return np.asarray(
        lightgbm.Booster(model_str=text).predict(matrix, pred_contrib=True, num_threads=1)
    )


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1), st.integers(1, 80))
def test_contributions_are_those_of_lightgbm(seed: int, n_rows: int) -> None:
    rng = np.random.default_rng(seed)
    matrix = 2 * drawn(seed, n_rows)
    matrix[rng.random(matrix.shape) < 0.05] = np.nan
    matrix[rng.random(matrix.shape) < 0.02] = np.inf
    matrix[rng.random(matrix.shape) < 0.05] = 0.0

    found = SHAP.contributions(matrix)

    assert np.abs(found - np.mean([expected(one, matrix) for one in TEXTS], axis=0)).max() < 1e-9


def test_contributions_of_a_row_add_up_to_its_score() -> None:
    matrix = drawn(5, 60)
    margins = SHAP.forest.margins(np.ascontiguousarray(matrix.T))
    assert np.abs(SHAP.contributions(matrix).sum(axis=1) - margins).max() < 1e-9


def test_trees_that_never_split_add_only_the_base() -> None:
    nothing = Examples(np.zeros((200, N_COLUMNS)), (np.arange(200) % 2).astype(np.float64))
    text = grow(NAMES, [0] * N_COLUMNS, nothing, (), BoosterConfig(rounds=2), 1)
    matrix = drawn(3, 10)
    found = ForestShap.of([(text, 1.0)]).contributions(matrix)
    assert np.abs(found - expected(text, matrix)).max() < 1e-12


def test_greater_trees_are_left_to_lightgbm() -> None:
    text, matrix = grown(1, leaves=MOST_LEAVES + 1), drawn(2, 30)
    found = TreeMember((text,), 1).contributions(matrix)
    assert np.abs(found - expected(text, matrix)).max() < 1e-12
