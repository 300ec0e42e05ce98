"""Trees and a logistic model side by side, weighed in log-odds: the engine under every score.

Each member is grown in a few sets, and each set leaves out a part of the groups (jongeren). Rows of
a part are judged by the set that did not see it: they give the weights of the members, the
calibration if that helps, and how far scores stray. Where later rows are given they are the
judges; else the training rows are. The level of each kind of row is learned from all rows that
were left out once, for it takes many. Everything is kept as data: LightGBM's own text and JSON, and
contributions are exact, because log-odds are added only.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from scipy.special import expit

from features.registry import Direction
from models.blending import blend
from models.booster import BoosterConfig, Examples, Groups, Grow, Matrix, Vector
from models.booster import grow as grow_here
from models.calibration import Platt, choose_calibration
from models.interval import Bounds, Spread
from models.levels import NO_LEVELS, Kind, Levels
from models.linear import LinearConfig
from models.members import LinearMember, Member, grow_members, join, load_member

STACK_FILE = "stack.json"


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
class Stack:
    """Fitted members with their weights, levels, the calibration of their sum, and its spread."""

    columns: tuple[str, ...]
    members: tuple[Member, ...]
    weights: tuple[float, ...]
    calibration: Platt
    spread: Spread
    config: StackConfig
    levels: Levels = NO_LEVELS

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
        kinds: Sequence[Kind] = (),
        grow: Grow = grow_here,
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
        kinds : sequence of Kind
            Rows that get a level of their own.
        grow : callable
            Grows one set of trees, on another machine perhaps.
        """
        rng = np.random.default_rng(seed)
        seeds = rng.integers(0, 2**31 - 1, size=config.sets)
        judges = training if later is None else later
        seen, unseen = _parts(training, judges, config.sets, rng)
        sets = [
            grow_members(
                columns,
                directions,
                training.take(seen != number),
                categories,
                config.trees,
                config.linear,
                int(one),
                grow,
            )
            for number, one in enumerate(seeds)
        ]
        groups = judges.groups
        numbers = np.arange(len(judges.labels)) if groups is None else groups
        margins = _left_out(sets, judges.matrix, unseen)
        weights = blend(margins, judges.labels, unseen)
        mixed = margins @ weights
        levels = NO_LEVELS
        if kinds:
            rows, dealt = (training, seen) if (seen >= 0).all() else (judges, unseen)
            told = _left_out(sets, rows.matrix, dealt) @ weights
            levels = Levels.fit(kinds, columns, directions, rows, told)
            mixed = mixed + levels.margins(columns, judges.matrix)
        calibration = choose_calibration(mixed, judges.labels, numbers)
        chances = expit(calibration.logit(mixed))
        spread = Spread.fit(chances, judges.labels)
        used = np.flatnonzero(weights)
        return cls(
            tuple(columns),
            tuple(join([one[place] for one in sets]) for place in used),
            tuple(weights[used].tolist()),
            calibration,
            spread,
            config,
            levels,
        )

    def predict(self, matrix: Matrix) -> Vector:
        """Return probabilities of shape (n_rows,)."""
        return np.asarray(expit(self.calibration.logit(self.margins(matrix))))

    def margins(self, matrix: Matrix) -> Vector:
        """Return the weighted log-odds before calibration, of shape (n_rows,)."""
        if not len(matrix):
            return np.zeros(0)
        found = self.levels.margins(self.columns, matrix)
        for weight, member in zip(self.weights, self.members, strict=True):
            found += weight * member.margins(matrix)
        return found

    def bounds(self, matrix: Matrix) -> Bounds:
        """Return between which shares of a hundred jongeren with each score it will be."""
        return self.spread.bounds(self.predict(matrix))

    def contributions(self, matrix: Matrix) -> Matrix:
        """Return what each column adds to the log-odds of the probability.

        Returns
        -------
        array of shape (n_rows, n_columns + 1)
            Exact TreeSHAP contributions and exact linear terms, weighed as the members are, with
            the level of the row, and taken through the calibration; the last column is the base.
            A row sums to the log-odds of `predict`, within 1e-6.

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
        found[:, :-1] += self.levels.contributions(self.columns, matrix)
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
            "levels": self.levels.described(),
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
            tuple(load_member(one, folder) for one in described["members"]),
            tuple(described["weights"]),
            Platt(**described["calibration"]),
            Spread(**described["spread"]),
            StackConfig.from_described(described["config"]),
            Levels.from_described(described.get("levels", ())),  # absent in models of before
        )


def _left_out(sets: Sequence[Sequence[Member]], matrix: Matrix, dealt: Groups) -> Matrix:
    """Return the log-odds of each member, of shape (n_rows, n_members).

    Each row is judged by the set that left its part out.
    """
    margins = np.zeros((len(matrix), len(sets[0])))
    for number, grown in enumerate(sets):
        own = dealt == number
        for place, member in enumerate(grown if own.any() else ()):
            margins[own, place] = member.margins(matrix[own])
    return margins


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
