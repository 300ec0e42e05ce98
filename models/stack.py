"""Trees and a logistic model side by side, weighed in log-odds: the engine under every score.

Each member is grown in a few sets, and each set leaves out a part of the groups (jongeren). Rows of
a part are judged by the set that did not see it: they give the weights of the members, the
calibration if that helps, and how far scores stray. Where later rows are given they are the
judges; else the training rows are. Everything is kept as data: LightGBM's own text and JSON, and
contributions are exact, because log-odds are added only.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import LinearConstraint, minimize
from scipy.special import expit

from features.registry import Direction
from models.booster import BoosterConfig, Examples, Groups, Matrix, Vector, grow
from models.calibration import Platt, choose_calibration, row_losses
from models.interval import Bounds, Spread
from models.linear import LinearConfig, LinearModel

if TYPE_CHECKING:
    from lightgbm import Booster

STACK_FILE = "stack.json"
LEAST_WEIGHT = 0.02
"""A member with less weight is left out."""


@dataclass(frozen=True)
class StackConfig:
    """Members of a stack, and the number of sets in which each is grown."""

    trees: tuple[BoosterConfig, ...] = (BoosterConfig(),)
    linear: LinearConfig | None = None
    sets: int = 4

    @classmethod
    def from_described(cls, described: dict[str, Any]) -> Self:
        """Return the config that `asdict` described."""
        linear = described["linear"]
        return cls(
            tuple(BoosterConfig(**one) for one in described["trees"]),
            None if linear is None else LinearConfig(**linear),
            described["sets"],
        )


def as_stack(config: StackConfig | BoosterConfig) -> StackConfig:
    """Return a stack of one set of trees per seed for a plain booster's config."""
    if isinstance(config, StackConfig):
        return config
    return StackConfig((config,), None, config.seeds)


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
        return self._mean(matrix, pred_contrib=True)

    def _mean(self, matrix: Matrix, **what: bool) -> NDArray[np.float64]:
        parts = [
            np.asarray(booster.predict(matrix, num_threads=self.threads, **what))
            for booster in self._boosters
        ]
        return np.asarray(np.mean(parts, axis=0), dtype=np.float64)

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


@dataclass(frozen=True)
class Stack:
    """Fitted members with their weights, the calibration of their sum, and its spread."""

    columns: tuple[str, ...]
    members: tuple[Member, ...]
    weights: tuple[float, ...]
    calibration: Platt
    spread: Spread
    config: StackConfig

    @classmethod
    def fit(
        cls,
        columns: Sequence[str],
        directions: Sequence[Direction],
        training: Examples,
        later: Examples | None,
        *,
        config: StackConfig,
        seed: int,
        categories: Sequence[int] = (),
    ) -> Self:
        """Grow the members, and weigh and calibrate them on rows that they did not see.

        Parameters
        ----------
        columns : sequence of str
            Names of the columns of the matrices, in order.
        directions : sequence of {-1, 0, 1}
            Monotone constraint per column; a category has none.
        training : Examples
            Rows to grow on.
        later : Examples, optional
            Later rows to weigh and calibrate on; without them each part of the training rows is
            judged by the sets that left it out. One class only is allowed in either: the score
            is then (nearly) constant.
        config : StackConfig
            Members and sets.
        seed : int
            The same seed and data give the same stack.
        categories : sequence of int
            Places of the columns that hold codes instead of numbers.
        """
        rng = np.random.default_rng(seed)
        seeds = rng.integers(0, 2**31 - 1, size=config.sets)
        judges = training if later is None else later
        seen, unseen = _parts(training, judges, config.sets, rng)
        margins = np.zeros((len(judges.labels), len(config.trees) + (config.linear is not None)))
        sets: list[list[Member]] = []
        for number, one in enumerate(seeds):
            kept = training.take(seen != number)
            grown = _grow_members(columns, directions, kept, categories, config, int(one))
            own = unseen == number
            for place, member in enumerate(grown if own.any() else ()):
                margins[own, place] = member.margins(judges.matrix[own])
            sets.append(grown)
        groups = judges.groups
        numbers = np.arange(len(judges.labels)) if groups is None else groups
        weights = blend(margins, judges.labels, unseen)
        mixed = margins @ weights
        calibration = choose_calibration(mixed, judges.labels, numbers)
        chances = expit(calibration.logit(mixed))
        used = np.flatnonzero(weights)
        return cls(
            tuple(columns),
            tuple(_join([one[place] for one in sets]) for place in used),
            tuple(weights[used].tolist()),
            calibration,
            Spread.fit(chances, judges.labels),
            config,
        )

    def predict(self, matrix: Matrix) -> Vector:
        """Return probabilities of shape (n_rows,)."""
        return np.asarray(expit(self.calibration.logit(self.margins(matrix))))

    def margins(self, matrix: Matrix) -> Vector:
        """Return the weighted log-odds before calibration, of shape (n_rows,)."""
        if not len(matrix):
            return np.zeros(0)
        parts = zip(self.weights, self.members, strict=True)
        return np.asarray(sum(weight * member.margins(matrix) for weight, member in parts))

    def bounds(self, matrix: Matrix) -> Bounds:
        """Return between which shares of a hundred jongeren with each score it will be."""
        return self.spread.bounds(self.predict(matrix))

    def contributions(self, matrix: Matrix) -> Matrix:
        """Return what each column adds to the log-odds of the probability.

        Returns
        -------
        array of shape (n_rows, n_columns + 1)
            Exact TreeSHAP contributions and exact linear terms, weighed as the members are and
            taken through the calibration; the last column is the base. A row sums to the
            log-odds of `predict`, within 1e-6.

        References
        ----------
        Lundberg et al. (2020), From local explanations to global understanding with
        explainable AI for trees, Nature Machine Intelligence 2.
        """
        found = np.zeros((len(matrix), len(self.columns) + 1))
        if not len(matrix):
            return found
        for weight, member in zip(self.weights, self.members, strict=True):
            found += weight * member.contributions(matrix)
        found *= self.calibration.slope
        found[:, -1] += self.calibration.intercept
        return found

    def save(self, folder: Path) -> None:
        """Write the trees as LightGBM text and the rest as JSON into an existing folder."""
        members: list[dict[str, Any]] = []
        for place, member in enumerate(self.members):
            if isinstance(member, LinearMember):
                members.append({"linear": [one.described() for one in member.models]})
                continue
            files = [f"trees_{place}_{number}.txt" for number in range(len(member.texts))]
            for name, text in zip(files, member.texts, strict=True):
                (folder / name).write_text(text, encoding="utf-8", newline="\n")
            members.append({"trees": files, "threads": member.threads})
        described = {
            "columns": self.columns,
            "members": members,
            "weights": self.weights,
            "calibration": asdict(self.calibration),
            "spread": asdict(self.spread),
            "config": asdict(self.config),
        }
        (folder / STACK_FILE).write_text(json.dumps(described, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read back what `save` wrote; scores are equal within 1e-12."""
        described = json.loads((folder / STACK_FILE).read_text(encoding="utf-8"))
        return cls(
            tuple(described["columns"]),
            tuple(_load_member(one, folder) for one in described["members"]),
            tuple(described["weights"]),
            Platt(**described["calibration"]),
            Spread(**described["spread"]),
            StackConfig.from_described(described["config"]),
        )


def blend(margins: Matrix, labels: Vector, parts: NDArray[np.int64]) -> Vector:
    """Return the weight of each member: at least 0, together 1.

    The stack is taken only if, with weights from the other parts, it loses less than the best
    member alone.

    Parameters
    ----------
    margins : array of shape (n_rows, n_members)
        Log-odds of each member on rows that it did not see.
    labels : array of shape (n_rows,)
        0 or 1.
    parts : array of int of shape (n_rows,)
        Number of the part of each row.
    """
    n_members = margins.shape[1]
    if n_members == 1 or not len(labels):
        return np.asarray(np.eye(n_members)[0])
    alone = [row_losses(margins[:, place], labels).mean() for place in range(n_members)]
    best: Vector = np.eye(n_members)[int(np.argmin(alone))]
    lost = np.zeros(len(labels))
    for part in np.unique(parts):
        out = parts == part
        weights = _convex(margins[~out], labels[~out]) if not out.all() else best
        lost[out] = row_losses(margins[out] @ weights, labels[out])
    return _convex(margins, labels) if lost.mean() < min(alone) else best


def _convex(margins: Matrix, labels: Vector) -> Vector:
    n_members = margins.shape[1]

    def loss(weights: Vector) -> tuple[float, Vector]:
        mixed = margins @ weights
        slope = margins.T @ (expit(mixed) - labels) / len(labels)
        return float(row_losses(mixed, labels).mean()), slope

    found = minimize(
        loss,
        np.full(n_members, 1 / n_members),
        jac=True,
        method="SLSQP",
        options={"ftol": 1e-9},
        bounds=[(0, 1)] * n_members,
        constraints=LinearConstraint(np.ones((1, n_members)), 1.0, 1.0),
    )
    weights = np.where(found.x < LEAST_WEIGHT, 0.0, found.x)
    return np.asarray(weights / weights.sum())


def _grow_members(
    columns: Sequence[str],
    directions: Sequence[Direction],
    kept: Examples,
    categories: Sequence[int],
    config: StackConfig,
    seed: int,
) -> list[Member]:
    grown: list[Member] = [
        TreeMember((grow(columns, directions, kept, categories, one, seed),), one.threads)
        for one in config.trees
    ]
    if config.linear is not None:
        fitted = LinearModel.fit(
            kept.matrix,
            kept.labels,
            directions=directions,
            categories=categories,
            config=config.linear,
        )
        grown.append(LinearMember((fitted,)))
    return grown


def _join(sets: Sequence[Member]) -> Member:
    """Return one member of the same member of every set."""
    first = sets[0]
    if isinstance(first, TreeMember):
        texts = [text for one in sets if isinstance(one, TreeMember) for text in one.texts]
        return TreeMember(tuple(texts), first.threads)
    return LinearMember(
        tuple(model for one in sets if isinstance(one, LinearMember) for model in one.models)
    )


def _load_member(described: dict[str, Any], folder: Path) -> Member:
    if "linear" in described:
        return LinearMember(tuple(LinearModel.from_described(one) for one in described["linear"]))
    texts = tuple((folder / name).read_text(encoding="utf-8") for name in described["trees"])
    return TreeMember(texts, described["threads"])


def _parts(
    training: Examples, judges: Examples, n_parts: int, rng: np.random.Generator
) -> tuple[Groups, Groups]:
    """Deal the groups over the sets; a training part below zero is left out of none of them.

    Rows of a judged part are scored by the set that is grown without that part.
    """
    same = judges is training
    earlier, later = training.groups, judges.groups
    if earlier is None or later is None:
        dealt = _deal(judges.labels, n_parts, rng)
        seen = dealt if same and n_parts > 1 else np.full(len(training.labels), -1)
        return _checked(seen, n_parts), dealt
    known, first = np.unique(np.concatenate([earlier, later]), return_index=True)
    outcome = np.concatenate([training.labels, judges.labels])[first]
    of_group = _deal(outcome, n_parts, rng)
    seen, unseen = (of_group[np.searchsorted(known, numbers)] for numbers in (earlier, later))
    return _checked(seen, n_parts), unseen


def _deal(labels: Vector, n_parts: int, rng: np.random.Generator) -> Groups:
    """Return the number of a part for each label: as many of either outcome in every part."""
    order = np.lexsort([rng.random(len(labels)), labels])
    dealt = np.zeros(len(labels), dtype=np.int64)
    dealt[order] = np.arange(len(labels)) % max(n_parts, 1)
    return dealt


def _checked(seen: Groups, n_parts: int) -> Groups:
    """Return the parts, or none when one set or an empty set would be left."""
    fewest = min(np.count_nonzero(seen != number) for number in range(n_parts))
    return seen if n_parts > 1 and fewest else np.full(len(seen), -1)
