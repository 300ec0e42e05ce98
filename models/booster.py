"""Gradient-boosted trees with a calibrated probability: the engine under every score.

Small trees, monotone where the field is sure, in a few sets that are averaged, and calibrated on
data later than the trees saw. A jongere who stands in both is calibrated by the one set that was
grown without them: one departure makes several rows positive, and trees that saw it would
seem surer than they are. A fitted booster is kept as data: LightGBM's own text and JSON.
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
Groups = NDArray[np.int64]

CONFIG_FILE = "booster.json"
UNCHANGED = Platt(0.0, 1.0)
FEWEST_TO_DRAW_FROM = 10
"""With fewer rows than this every tree sees all of them."""


@dataclass(frozen=True)
class BoosterConfig:
    """Size and pace of the trees.

    The defaults were chosen on later time of made-up regions; rounds are fixed, so that no data
    are spent on stopping early. `seeds` is the number of sets of trees; each leaves out that
    part of the groups, so with one set nothing is left out.
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
            "monotone_constraints": list(directions),
            "monotone_constraints_method": "basic",
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
        rng = np.random.default_rng(seed)
        seeds = rng.integers(0, 2**31 - 1, size=config.seeds)
        parts = _parts(training, calibration, config.seeds, rng)
        margins = np.zeros(len(calibration.labels))
        trees = []
        for number, one in enumerate(seeds):
            others = parts[0] != number
            grown = _grow(
                columns, config.parameters(directions, int(one)), training.take(others), config
            )
            trees.append(grown)
            own = parts[1] == number
            raw = cls(tuple(columns), (grown,), UNCHANGED, config)
            margins[own] = raw._margins(calibration.matrix[own])
        platt = Platt.fit(margins, calibration.labels)
        return cls(tuple(columns), tuple(trees), platt, config)

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


def _parts(
    training: Examples, calibration: Examples, n_parts: int, rng: np.random.Generator
) -> tuple[Groups, Groups]:
    """Deal the groups over the sets of trees; a part below zero is left out of none of them.

    The calibration rows of a part are scored by the set that is grown without that part.
    """
    earlier, later = training.groups, calibration.groups
    if earlier is None or later is None or n_parts < 2:
        unseen = np.arange(len(calibration.labels)) % max(n_parts, 1)
        return np.full(len(training.labels), -1), unseen
    known = np.unique(np.concatenate([earlier, later]))
    dealt = rng.permutation(np.arange(len(known)) % n_parts)
    seen, unseen = (dealt[np.searchsorted(known, numbers)] for numbers in (earlier, later))
    if min(np.count_nonzero(seen != number) for number in range(n_parts)) == 0:
        seen = np.full(len(seen), -1)
    return seen, unseen


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
