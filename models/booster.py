"""Gradient-boosted trees: small, monotone where the field is sure, kept as LightGBM's own text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from features.registry import Direction

Matrix = NDArray[np.float64]
"""Shape (n_rows, n_columns); NaN means unknown, which is a value of its own to the trees."""
Vector = NDArray[np.float64]
Groups = NDArray[np.int64]

FEWEST_TO_DRAW_FROM = 10
"""With fewer rows than this every tree sees all of them."""


@dataclass(frozen=True)
class BoosterConfig:
    """Size and pace of the trees.

    The defaults were chosen on later time of made-up regions; rounds are fixed, so that no data
    are spent on stopping early. `seeds` is the number of sets of trees where they stand alone;
    each leaves out that part of the groups, so with one set nothing is left out. With
    `random_cuts` each cut is tried at one random point: slower to learn, and it varies more.
    """

    rounds: int = 120
    leaves: int = 8
    learning_rate: float = 0.05
    rows_per_leaf: int = 100
    l2: float = 20.0
    column_share: float = 0.4
    row_share: float = 0.8
    seeds: int = 4
    threads: int = 1
    random_cuts: bool = False
    category_l2: float = 20.0
    rows_per_category: int = 30

    def parameters(self, directions: Sequence[Direction], seed: int) -> dict[str, Any]:
        """Return LightGBM's own names for these settings.

        The basic way of keeping constraints is the only one that keeps them: with unknown values
        the finer ones of LightGBM 4.7 let a score move the wrong way, for no better score.
        """
        return {
            "objective": "binary",
            "num_leaves": self.leaves,
            "learning_rate": self.learning_rate,
            "min_data_in_leaf": self.rows_per_leaf,
            "lambda_l2": self.l2,
            "feature_fraction": self.column_share,
            "bagging_fraction": self.row_share,
            "bagging_freq": 1,
            "monotone_constraints": list(directions) if any(directions) else None,
            "monotone_constraints_method": "basic",
            "extra_trees": self.random_cuts,
            "cat_l2": self.category_l2,
            "cat_smooth": self.category_l2,
            "min_data_per_group": self.rows_per_category,
            "deterministic": True,
            "force_row_wise": True,
            "num_threads": self.threads,
            "seed": seed,
            "verbosity": -1,
        }


@dataclass(frozen=True)
class Examples:
    """Rows to learn from: features and what happened.

    Parameters
    ----------
    matrix : array of shape (n_rows, n_columns)
        NaN where unknown.
    labels : array of shape (n_rows,)
        0 or 1; never NaN: what is censored is left out before.
    groups : array of int of shape (n_rows,), optional
        Number of the jongere of each row, the same in all examples of a fit.
    """

    matrix: Matrix
    labels: Vector
    groups: Groups | None = None

    def take(self, rows: NDArray[np.bool_]) -> Self:
        """Return these rows only."""
        groups = None if self.groups is None else self.groups[rows]
        return type(self)(self.matrix[rows], self.labels[rows], groups)


Grow = Callable[
    [Sequence[str], Sequence[Direction], Examples, Sequence[int], BoosterConfig, int], str
]
"""Grows trees as `grow` does, perhaps elsewhere."""


def grow(
    columns: Sequence[str],
    directions: Sequence[Direction],
    training: Examples,
    categories: Sequence[int],
    config: BoosterConfig,
    seed: int,
) -> str:
    """Return trees as LightGBM's text, which says all of them.

    Parameters
    ----------
    columns : sequence of str
        Names of the columns of the matrix.
    directions : sequence of {-1, 0, 1}
        Monotone constraint per column; it must be 0 for a category.
    training : Examples
        Rows to grow on.
    categories : sequence of int
        Places of the columns that hold codes.
    config : BoosterConfig
        Size and pace.
    seed : int
        The same seed and data give the same text.
    """
    import lightgbm

    parameters = config.parameters(directions, seed)
    if len(training.labels) < FEWEST_TO_DRAW_FROM:
        parameters = parameters | {"bagging_fraction": 1.0}
    rows = lightgbm.Dataset(
        training.matrix,
        training.labels,
        feature_name=list(columns),
        categorical_feature=list(categories),
        params={
            "verbosity": -1,
            "num_threads": config.threads,
            "deterministic": True,
            "min_data_per_group": config.rows_per_category,
        },
    )
    return str(lightgbm.train(parameters, rows, config.rounds).model_to_string())
