"""The members of a stack: trees, and a logistic model; each the mean of a few sets."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from features.registry import Direction
from models.booster import BoosterConfig, Examples, Grow, Matrix, Vector
from models.forest import UnsupportedTreesError
from models.forest_shap import ForestShap
from models.linear import LinearConfig, LinearModel

if TYPE_CHECKING:
    from lightgbm import Booster


@dataclass(frozen=True)
class TreeMember:
    """Trees of one config: one text per set."""

    texts: tuple[str, ...]
    threads: int

    def margins(self, matrix: Matrix) -> Vector:
        """Return the mean log-odds over the sets."""
        return self._mean(matrix, raw_score=True)

    def contributions(self, matrix: Matrix) -> Matrix:
        """Return exact TreeSHAP values; the last column is the base."""
        if self._shap is None:
            return self._mean(matrix, pred_contrib=True)
        return self._shap.contributions(matrix)

    def _mean(self, matrix: Matrix, **what: bool) -> NDArray[np.float64]:
        parts = [
            np.asarray(booster.predict(matrix, num_threads=self.threads, **what))
            for booster in self._boosters
        ]
        return np.asarray(np.mean(parts, axis=0), dtype=np.float64)

    @cached_property
    def _shap(self) -> ForestShap | None:
        """The same trees with their contributions worked out; None where they are too large."""
        try:
            return ForestShap.of([(text, 1 / len(self.texts)) for text in self.texts])
        except UnsupportedTreesError:
            return None

    @cached_property
    def _boosters(self) -> "tuple[Booster, ...]":
        """The trees ready to score; their text is parsed once per instance."""
        from lightgbm import Booster

        return tuple(Booster(model_str=text) for text in self.texts)


@dataclass(frozen=True)
class LinearMember:
    """The logistic model: one per set, of which the log-odds are averaged."""

    models: tuple[LinearModel, ...]

    def margins(self, matrix: Matrix) -> Vector:
        """Return the mean log-odds over the sets."""
        return np.asarray(self.contributions(matrix).sum(axis=1))

    def contributions(self, matrix: Matrix) -> Matrix:
        """Return the mean contributions over the sets; the last column is the base."""
        return np.asarray(np.mean([one.contributions(matrix) for one in self.models], axis=0))


Member = TreeMember | LinearMember


def grow_members(
    columns: Sequence[str],
    directions: Sequence[Direction],
    kept: Examples,
    categories: Sequence[int],
    trees: Sequence[BoosterConfig],
    linear: LinearConfig | None,
    seed: int,
    grow: Grow,
) -> list[Member]:
    """Return one set of every member: the trees in order, then the logistic model if any."""
    grown: list[Member] = [
        TreeMember((grow(columns, directions, kept, categories, one, seed),), one.threads)
        for one in trees
    ]
    if linear is not None:
        fitted = LinearModel.fit(
            kept.matrix,
            kept.labels,
            directions=directions,
            categories=categories,
            config=linear,
        )
        grown.append(LinearMember((fitted,)))
    return grown


def join(sets: Sequence[Member]) -> Member:
    """Return one member of the same member of every set."""
    first = sets[0]
    if isinstance(first, TreeMember):
        texts = [text for one in sets if isinstance(one, TreeMember) for text in one.texts]
        return TreeMember(tuple(texts), first.threads)
    return LinearMember(
        tuple(model for one in sets if isinstance(one, LinearMember) for model in one.models)
    )


def load_member(described: dict[str, Any], folder: Path) -> Member:
    """Return the member that a stack's file describes; the texts of trees lie beside it."""
    if "linear" in described:
        return LinearMember(tuple(LinearModel.from_described(one) for one in described["linear"]))
    texts = tuple((folder / name).read_text(encoding="utf-8") for name in described["trees"])
    return TreeMember(texts, described["threads"])
