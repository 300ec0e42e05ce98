"""The risk learner for any table: numbers, categories as text, null where unknown.

What `RegisteredModel` is for the product, without a list of registered columns: for experiments
and for tables of others. Members, weights and explanation are those of `Stack`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.registry import Direction
from models.booster import BoosterConfig, Examples
from models.errors import MissingColumnError, TooLittleDataError
from models.interval import Bounds
from models.linear import LinearConfig
from models.stack import Stack, StackConfig

TABLE_FILE = "table.json"
NEEDED = 25
"""Fewest rows of either outcome: with less, a rule is more honest than a model."""
TABLE_CONFIG: Final = StackConfig(
    trees=(
        BoosterConfig(
            rounds=300,
            leaves=8,
            learning_rate=0.03,
            rows_per_leaf=20,
            l2=10.0,
            column_share=0.3,
            row_share=0.7,
        ),
        BoosterConfig(
            rounds=300,
            leaves=16,
            learning_rate=0.05,
            rows_per_leaf=20,
            l2=10.0,
            column_share=0.5,
            row_share=0.7,
            random_cuts=True,
        ),
    ),
    linear=LinearConfig(),
    sets=5,
)
"""Two kinds of trees and a logistic model; one setting for every table, weighed by the table."""
FEW_ROWS = 10_000
SETS_OF_FEW = 10
"""With fewer rows each set leaves out less of them."""


@dataclass(frozen=True)
class TableModel:
    """A stack on the columns of a table, and the categories that it knows."""

    categories: Mapping[str, tuple[str, ...]]
    stack: Stack

    @classmethod
    def fit(
        cls,
        frame: pl.DataFrame,
        labels: NDArray[np.float64],
        *,
        groups: NDArray[np.int64] | None = None,
        directions: Mapping[str, Direction] | None = None,
        config: StackConfig | None = None,
        seed: int,
    ) -> Self:
        """Fit on every column of a table.

        Parameters
        ----------
        frame : DataFrame
            Text columns are categories, others numbers; null is unknown.
        labels : array of shape (n_rows,)
            0 or 1.
        groups : array of int, optional
            Number of the person of each row: rows of one person stay together.
        directions : mapping of column to {-1, 1}, optional
            Columns of which the sign is sure.
        config : StackConfig, optional
            Members and sets; by default `TABLE_CONFIG`, in ten sets below 10,000 rows.
        seed : int
            The same seed and data give the same model.

        Raises
        ------
        TooLittleDataError
            An outcome occurs fewer than 25 times.
        """
        positives = int(labels.sum())
        for outcome, n in (("positive", positives), ("negative", len(labels) - positives)):
            if n < NEEDED:
                raise TooLittleDataError("table", f"{outcome} examples to fit on", n, NEEDED)
        known = {
            name: tuple(sorted(frame[name].drop_nulls().unique().to_list()))
            for name, dtype in frame.schema.items()
            if dtype == pl.String
        }
        sure = directions or {}
        stack = Stack.fit(
            frame.columns,
            [sure.get(name, 0) for name in frame.columns],
            Examples(_matrix(frame, frame.columns, known), labels, groups),
            None,
            config=config or default_config(len(labels)),
            seed=seed,
            categories=[frame.columns.index(name) for name in known],
        )
        return cls(known, stack)

    def predict(self, frame: pl.DataFrame) -> NDArray[np.float64]:
        """Return probabilities of shape (n_rows,), in the order of the rows."""
        return self.stack.predict(self._encoded(frame))

    def bounds(self, frame: pl.DataFrame) -> Bounds:
        """Return between which shares of a hundred with each score it will be (90%)."""
        return self.stack.bounds(self._encoded(frame))

    def contributions(self, frame: pl.DataFrame) -> NDArray[np.float64]:
        """Return contributions in log-odds, as `Stack.contributions`."""
        return self.stack.contributions(self._encoded(frame))

    def save(self, folder: Path) -> None:
        """Write the model as data into a folder, which is made when absent."""
        folder.mkdir(parents=True, exist_ok=True)
        self.stack.save(folder)
        (folder / TABLE_FILE).write_text(json.dumps(dict(self.categories)), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read back what `save` wrote."""
        described = json.loads((folder / TABLE_FILE).read_text(encoding="utf-8"))
        known = {name: tuple(values) for name, values in described.items()}
        return cls(known, Stack.load(folder))

    def _encoded(self, frame: pl.DataFrame) -> NDArray[np.float64]:
        for column in self.stack.columns:
            if column not in frame.columns:
                raise MissingColumnError("table", column)
        return _matrix(frame, self.stack.columns, self.categories)


def default_config(n_rows: int) -> StackConfig:
    """Return the setting for a table of so many rows."""
    return TABLE_CONFIG if n_rows >= FEW_ROWS else replace(TABLE_CONFIG, sets=SETS_OF_FEW)


def _matrix(
    frame: pl.DataFrame,
    columns: list[str] | tuple[str, ...],
    categories: Mapping[str, tuple[str, ...]],
) -> NDArray[np.float64]:
    """Return floats, NaN where unknown; a category that was never seen is unknown."""
    chosen = [
        pl.col(name).replace_strict(
            list(categories[name]),
            list(range(len(categories[name]))),
            default=None,
            return_dtype=pl.Float64,
        )
        if name in categories
        else pl.col(name).cast(pl.Float64)
        for name in columns
    ]
    filled = frame.select(chosen).fill_null(float("nan"))
    return np.ascontiguousarray(filled.to_numpy(), dtype=np.float64)
