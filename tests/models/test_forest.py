import lightgbm
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.booster import BoosterConfig, Examples, grow
from models.forest import MOST_LEAVES, Forest, UnsupportedTreesError

N_COLUMNS = 6
NAMES = [f"c{place}" for place in range(N_COLUMNS)]
WHOLE, COMPLETE = 1, 2
"""A column of whole numbers, and one in which nothing was unknown while learning."""
Matrix = NDArray[np.float64]


def drawn(seed: int, n_rows: int = 800) -> Matrix:
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(n_rows, N_COLUMNS))
    matrix[:, WHOLE] = np.round(2 * matrix[:, WHOLE])
    unknown = rng.random(matrix.shape) < 0.2
    unknown[:, COMPLETE] = False
    matrix[unknown] = np.nan
    return matrix


def grown(seed: int, leaves: int = MOST_LEAVES, categories: tuple[int, ...] = ()) -> str:
    matrix = drawn(seed)
    if categories:
        matrix[:, WHOLE] = np.abs(matrix[:, WHOLE])
    known = np.nan_to_num(matrix)
    logit = known[:, 0] + known[:, 1] * known[:, 2] + np.isnan(matrix[:, 3])
    labels = (np.random.default_rng(seed).normal(size=len(matrix)) < logit).astype(np.float64)
    config = BoosterConfig(rounds=30, leaves=leaves, rows_per_leaf=5, column_share=0.9)
    directions = [0] * N_COLUMNS
    return grow(NAMES, directions, Examples(matrix, labels), categories, config, seed)  # type: ignore[arg-type]


TEXTS = [grown(seed) for seed in range(3)]
FOREST = Forest.of([(text, 1 / 3) for text in TEXTS], range(N_COLUMNS))


def booster(text: str, matrix: Matrix) -> Matrix:
    return np.asarray(
        lightgbm.Booster(model_str=text).predict(matrix, raw_score=True, num_threads=1)
    )


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.integers(1, 700))
def test_compiled_trees_score_as_lightgbm_does(seed: int, n_rows: int) -> None:
    rng = np.random.default_rng(seed)
    matrix = 2 * drawn(seed, n_rows)
    matrix[rng.random(matrix.shape) < 0.05] = np.nan  # also where nothing was unknown
    matrix[rng.random(matrix.shape) < 0.02] = np.inf
    matrix[rng.random(matrix.shape) < 0.02] = -np.inf
    matrix[rng.random(matrix.shape) < 0.05] = 0.0

    found = FOREST.margins(np.ascontiguousarray(matrix.T))

    expected = np.mean([booster(text, matrix) for text in TEXTS], axis=0)
    assert np.abs(found - expected).max() < 1e-12


def test_a_value_on_a_threshold_goes_the_same_way() -> None:
    thresholds = FOREST.threshold[np.isfinite(FOREST.threshold)][:200]
    matrix = np.repeat(thresholds[:, None], N_COLUMNS, axis=1)

    found = FOREST.margins(np.ascontiguousarray(matrix.T))

    expected = np.mean([booster(text, matrix) for text in TEXTS], axis=0)
    assert np.abs(found - expected).max() < 1e-12


def test_columns_may_lie_elsewhere_among_the_features() -> None:
    matrix = drawn(7)
    order = [5, 3, 1, 0, 2, 4]
    moved = np.empty_like(matrix.T)
    moved[order] = matrix.T

    found = Forest.of([(TEXTS[0], 1.0)], order).margins(moved)

    assert np.abs(found - booster(TEXTS[0], matrix)).max() < 1e-12


def test_trees_that_never_split_are_one_number() -> None:
    nothing = Examples(np.zeros((200, N_COLUMNS)), (np.arange(200) % 2).astype(np.float64))
    text = grow(NAMES, [0] * N_COLUMNS, nothing, (), BoosterConfig(rounds=2), 1)
    matrix = drawn(3, 40)

    found = Forest.of([(text, 1.0)], range(N_COLUMNS)).margins(np.ascontiguousarray(matrix.T))

    assert np.abs(found - booster(text, matrix)).max() < 1e-12


def test_no_trees_add_nothing() -> None:
    assert (Forest.of([], range(N_COLUMNS)).margins(drawn(3).T.copy()) == 0).all()


def test_greater_trees_and_categories_are_refused() -> None:
    with pytest.raises(UnsupportedTreesError):
        Forest.of([(grown(1, leaves=MOST_LEAVES + 1), 1.0)], range(N_COLUMNS))
    with pytest.raises(UnsupportedTreesError):
        Forest.of([(grown(1, categories=(WHOLE,)), 1.0)], range(N_COLUMNS))
