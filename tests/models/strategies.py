"""Small made-up problems for the tests of models."""

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import expit

from features.registry import Direction
from models.booster import Examples

COLUMNS = ("verzuim", "wissels", "leerjaar")
DIRECTIONS: tuple[Direction, ...] = (1, 1, 0)


def made_up_examples(n_rows: int, seed: int) -> Examples:
    """Examples in which verzuim and wissels raise the chance; a fifth of verzuim is unknown."""
    rng = np.random.default_rng(seed)
    matrix = rng.random((n_rows, len(COLUMNS)))
    chance = expit(-3 + 4 * matrix[:, 0] + 1.5 * matrix[:, 1])
    labels = (rng.random(n_rows) < chance).astype(np.float64)
    matrix[rng.random(n_rows) < 0.2, 0] = np.nan
    return Examples(matrix, labels)


@st.composite
def scored_labels(
    draw: st.DrawFn, *, both_classes: bool = True
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Labels and scores with many ties; with at least one of each outcome when asked."""
    size = draw(st.integers(2, 40))
    labels = draw(st.lists(st.integers(0, 1), min_size=size, max_size=size))
    if both_classes:
        labels[0], labels[1] = 0, 1
    scores = draw(st.lists(st.integers(1, 9), min_size=size, max_size=size))
    return np.asarray(labels, dtype=np.float64), np.asarray(scores, dtype=np.float64) / 10
