"""Gradient-boosted trees with a calibrated probability: the engine under every score.

Small trees, monotone where the field is sure, averaged over seeds, and calibrated on data
later than the trees saw. A fitted booster is kept as data: LightGBM's own text and JSON.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from features.registry import Direction
from models.calibration import Platt

if TYPE_CHECKING:
    from lightgbm import Booster

Matrix = NDArray[np.float64]
"""Shape (n_rows, n_columns); NaN means unknown, which is a value of its own to the trees."""
Vector = NDArray[np.float64]

CONFIG_FILE = "booster.json"
FEWEST_TO_DRAW_FROM = 10
"""With fewer rows than this every tree sees all of them."""


@dataclass(frozen=True)
class BoosterConfig:
    """Size and pace of the trees.

    The defaults were chosen on held-out time of a made-up region; rounds are fixed, so that no
    data are spent on stopping early.
    """

    rounds: int = 150
    leaves: int = 8
    learning_rate: float = 0.05
    rows_per_leaf: int = 30
    l2: float = 5.0
    column_share: float = 0.6
    row_share: float = 0.8
    seeds: int = 2
    threads: int = 1

    def parameters(self, directions: Sequence[Direction], seed: int) -> dict[str, Any]:
        """Return LightGBM's own names for these settings."""
        return {
            "objective": "binary",
            "num_leaves": self.leaves,
            "learning_rate": self.learning_rate,
            "min_data_in_leaf": self.rows_per_leaf,
            "lambda_l2": self.l2,
            "feature_fraction": self.column_share,
            "bagging_fraction": self.row_share,
            "bagging_freq": 1,
            "monotone_constraints": list(directions),
            "monotone_constraints_method": "advanced",
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
    """

    matrix: Matrix
    labels: Vector


@dataclass(frozen=True)
class CalibratedBooster:
    """Fitted trees, one set per seed, and the calibration of their mean log-odds."""

    columns: tuple[str, ...]
    trees: tuple[str, ...]
    calibration: Platt
    config: BoosterConfig

    @classmethod
    def fit(
        cls,
        columns: Sequence[str],
        directions: Sequence[Direction],
        training: Examples,
        calibration: Examples,
        *,
        config: BoosterConfig,
        seed: int,
    ) -> Self:
        """Grow trees on the training rows and calibrate them on the (later) calibration rows.

        Parameters
        ----------
        columns : sequence of str
            Names of the columns of both matrices, in order.
        directions : sequence of {-1, 0, 1}
            Monotone constraint per column.
        training, calibration : Examples
            Rows for the trees, and later rows for the calibration. One class only is allowed in
            either: the score is then (nearly) constant.
        config : BoosterConfig
            Size and pace.
        seed : int
            The same seed and data give the same booster.
        """
        seeds = np.random.default_rng(seed).integers(0, 2**31 - 1, size=config.seeds)
        trees = tuple(
            _grow(columns, config.parameters(directions, int(one)), training, config)
            for one in seeds
        )
        raw = cls(tuple(columns), trees, Platt(0.0, 1.0), config)
        margins = raw._margins(calibration.matrix)
        return cls(raw.columns, trees, Platt.fit(margins, calibration.labels), config)

    def predict(self, matrix: Matrix) -> Vector:
        """Return calibrated probabilities of shape (n_rows,)."""
        return np.asarray(expit(self.calibration.logit(self._margins(matrix))))

    def contributions(self, matrix: Matrix) -> Matrix:
        """Return what each column adds to the log-odds of the calibrated probability.

        Returns
        -------
        array of shape (n_rows, n_columns + 1)
            Exact TreeSHAP contributions, averaged over seeds and taken through the
            calibration; the last column is what an average row has. A row sums to the
            log-odds of `predict`, within 1e-6.

        References
        ----------
        Lundberg et al. (2020), From local explanations to global understanding with
        explainable AI for trees, Nature Machine Intelligence 2.
        """
        if not len(matrix):
            return np.zeros((0, len(self.columns) + 1))
        mean = self._mean(matrix, pred_contrib=True) * self.calibration.slope
        mean[:, -1] += self.calibration.intercept
        return mean

    def save(self, folder: Path) -> None:
        """Write the trees as LightGBM text and the rest as JSON into an existing folder."""
        for number, text in enumerate(self.trees):
            (folder / _tree_file(number)).write_text(text, encoding="utf-8", newline="\n")
        described = {
            "columns": self.columns,
            "calibration": asdict(self.calibration),
            "config": asdict(self.config),
        }
        (folder / CONFIG_FILE).write_text(json.dumps(described, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read back what `save` wrote; scores are equal within 1e-12."""
        described = json.loads((folder / CONFIG_FILE).read_text(encoding="utf-8"))
        config = BoosterConfig(**described["config"])
        trees = tuple(
            (folder / _tree_file(number)).read_text(encoding="utf-8")
            for number in range(config.seeds)
        )
        return cls(tuple(described["columns"]), trees, Platt(**described["calibration"]), config)

    def _margins(self, matrix: Matrix) -> Vector:
        """Return the mean log-odds over the seeds, before calibration."""
        if not len(matrix):
            return np.zeros(0)
        return self._mean(matrix, raw_score=True)

    def _mean(self, matrix: Matrix, **what: bool) -> NDArray[np.float64]:
        """Return the mean over the seeds of what LightGBM predicts."""
        parts = [
            np.asarray(booster.predict(matrix, num_threads=self.config.threads, **what))
            for booster in self._boosters
        ]
        return np.asarray(np.mean(parts, axis=0), dtype=np.float64)

    @cached_property
    def _boosters(self) -> "tuple[Booster, ...]":
        """The trees ready to score; their text is parsed once per instance."""
        from lightgbm import Booster

        return tuple(Booster(model_str=text) for text in self.trees)


def _tree_file(number: int) -> str:
    return f"trees_{number}.txt"


def _grow(
    columns: Sequence[str], parameters: dict[str, Any], training: Examples, config: BoosterConfig
) -> str:
    import lightgbm

    if len(training.labels) < FEWEST_TO_DRAW_FROM:
        parameters = parameters | {"bagging_fraction": 1.0}
    rows = lightgbm.Dataset(
        training.matrix,
        training.labels,
        feature_name=list(columns),
        params={"verbosity": -1, "num_threads": config.threads, "deterministic": True},
    )
    return str(lightgbm.train(parameters, rows, config.rounds).model_to_string())
