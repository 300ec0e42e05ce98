"""A calibrated model that takes registered features only, by name, from a table."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.registry import Feature
from models.baselines import Points
from models.booster import BoosterConfig, Examples, Grow
from models.booster import grow as grow_here
from models.errors import MissingColumnError, UnregisteredColumnError
from models.explanation import SMALLEST, Redenen, redenen
from models.fallback import PRIOR_RATE, RULE_FILE, RuleScore
from models.interval import NOTHING_SEEN, Bounds, Spread, Strays
from models.levels import Kind
from models.stack import Stack, StackConfig, as_stack

Labelled = tuple[pl.DataFrame, NDArray[np.float64]]
"""Rows and what happened to them: 0 or 1, in the same order."""

LEARNED_FILE = "learned.json"


@dataclass(frozen=True)
class RegisteredModel:
    """Base of the models: checks columns, then leaves the work to a `Stack`, or to a rule.

    A subclass says what it is called, which features are registered, which kinds of rows get a
    level of their own (by registered features), and which other columns a table may carry (keys,
    blokkades); those are never used. Any other column stops training and scoring (TRUST F1).

    Parameters
    ----------
    stack : Stack or RuleScore
        What scores; a rule where data are few.
    n_positief : int
        Number of different jongeren with the outcome among the examples.
    """

    name: ClassVar[str]
    features: ClassVar[tuple[Feature, ...]]
    carried: ClassVar[frozenset[str]]
    kinds: ClassVar[tuple[Kind, ...]] = ()
    smallest: ClassVar[float] = SMALLEST
    """What a reason must move to be told, in points of the hundred: more than a column of chance
    moves (TRUST F8)."""

    stack: Stack | RuleScore
    n_positief: int = 0

    @property
    def te_weinig_gegevens(self) -> bool:
        """Whether data were too few for a model, so that a rule of points gives the score."""
        return isinstance(self.stack, RuleScore)

    @classmethod
    def fit(
        cls,
        frame: pl.DataFrame,
        labels: NDArray[np.float64],
        *,
        calibration: Labelled,
        config: StackConfig | BoosterConfig,
        seed: int,
        grow: Grow = grow_here,
    ) -> Self:
        """Fit on a table of examples; weigh and calibrate on the newest, each left out in turn.

        Parameters
        ----------
        frame : DataFrame
            One row per example with every registered feature, null where unknown. A column
            ``jongere_id`` (here and in the calibration) keeps the rows of one jongere together.
        labels : array of shape (n_rows,)
            0 or 1.
        calibration : (DataFrame, array)
            Newest examples; they may be among the rows of the frame, because each set of trees
            leaves out a part of the jongeren and judges that part. A frame that names nobody must
            not hold them.
        config : StackConfig or BoosterConfig
            Members of the stack; a booster's config alone stands for trees only.
        seed : int
            The same seed and data give the same model.
        grow : callable
            Grows one set of trees, on another machine perhaps.

        Raises
        ------
        UnregisteredColumnError, MissingColumnError
            A column is off the list, or a registered one is absent.
        """
        later, outcome = calibration
        groups = _groups(frame, later)
        columns = [feature.name for feature in cls.features]
        stack = Stack.fit(
            columns,
            [feature.direction for feature in cls.features],
            Examples(cls._matrix(frame, columns), np.asarray(labels, np.float64), groups[0]),
            Examples(cls._matrix(later, columns), np.asarray(outcome, np.float64), groups[1]),
            config=as_stack(config),
            seed=seed,
            kinds=cls.kinds,
            grow=grow,
        )
        n_positief = count_jongeren(
            pl.concat([_who(frame), _who(later, frame.height)]),
            np.concatenate([labels, outcome]),
            1,
        )
        return cls(stack, n_positief).with_strays(NOTHING_SEEN)

    @classmethod
    def fit_rule(
        cls, rules: Sequence[Points], frame: pl.DataFrame, labels: NDArray[np.float64]
    ) -> Self:
        """Make a rule of points of the model, for data that are too few for more.

        Parameters
        ----------
        rules : sequence of Points
            What gives points; on registered features only.
        frame : DataFrame
            As for `fit`, possibly without rows.
        labels : array of shape (n_rows,)
            0 or 1.
        """
        used = {rule.column for rule in rules}
        columns = [feature.name for feature in cls.features if feature.name in used]
        who = _who(frame)
        score = RuleScore.fit(
            columns,
            rules,
            cls._matrix(frame, columns),
            np.asarray(labels, np.float64),
            # rows of one jongere say little more than one of them
            np.full(len(labels), who.n_unique() / max(len(labels), 1)),
            rate=PRIOR_RATE.get(cls.name, 0.5),
        )
        return cls(score, count_jongeren(who, labels, 1))

    def with_strays(self, seen: Strays) -> Self:
        """Return the model with bounds by how far hundreds strayed in tests of earlier time."""
        if isinstance(self.stack, RuleScore):
            return self
        spread = Spread.pooled(seen, self.n_positief)
        return replace(self, stack=replace(self.stack, spread=spread))

    def predict(self, frame: pl.DataFrame) -> NDArray[np.float64]:
        """Return calibrated probabilities of shape (n_rows,), in the order of the rows."""
        return self.stack.predict(self._matrix(frame, self.stack.columns))

    def contributions(self, frame: pl.DataFrame) -> NDArray[np.float64]:
        """Return contributions in log-odds, as `Stack.contributions`."""
        return self.stack.contributions(self._matrix(frame, self.stack.columns))

    def bounds(self, frame: pl.DataFrame) -> Bounds:
        """Return between which shares of a hundred jongeren with each score it will be (90%)."""
        return self.stack.bounds(self._matrix(frame, self.stack.columns))

    def redenen(self, frame: pl.DataFrame, top: int = 3) -> list[Redenen]:
        """Return the reasons that raise and lower each row's probability."""
        matrix = self._matrix(frame, self.stack.columns)
        registered = {feature.name: feature for feature in self.features}
        used = [registered[column] for column in self.stack.columns]
        parts = self.stack.contributions(matrix)
        return redenen(parts, matrix, used, top=top, smallest=self.smallest)

    def save(self, folder: Path) -> None:
        """Write the model as data into a folder, which is made when absent."""
        folder.mkdir(parents=True, exist_ok=True)
        self.stack.save(folder)
        learned = {"n_positief": self.n_positief}
        (folder / LEARNED_FILE).write_text(json.dumps(learned), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read back what `save` wrote.

        Raises
        ------
        UnregisteredColumnError
            The stored model uses a column that is no longer registered.
        """
        stack = (RuleScore if (folder / RULE_FILE).exists() else Stack).load(folder)
        learned = folder / LEARNED_FILE  # absent in models of before it was written
        known = json.loads(learned.read_text(encoding="utf-8")) if learned.exists() else {}
        registered = {feature.name for feature in cls.features}
        for column in stack.columns:
            if column not in registered:
                raise UnregisteredColumnError(cls.name, column)
        return cls(stack, known.get("n_positief", 0))

    @classmethod
    def matrix(cls, frame: pl.DataFrame) -> NDArray[np.float64]:
        """Return every registered feature as floats, NaN where unknown."""
        return cls._matrix(frame, [feature.name for feature in cls.features])

    @classmethod
    def _matrix(cls, frame: pl.DataFrame, columns: Sequence[str]) -> NDArray[np.float64]:
        """Return the named columns as floats, NaN where unknown, after checking the list."""
        allowed = cls.carried | {feature.name for feature in cls.features}
        for column in frame.columns:
            if column not in allowed:
                raise UnregisteredColumnError(cls.name, column)
        for column in columns:
            if column not in frame.columns:
                raise MissingColumnError(cls.name, column)
        chosen = frame.select(pl.col(list(columns)).cast(pl.Float64).fill_null(float("nan")))
        return np.ascontiguousarray(chosen.to_numpy(), dtype=np.float64)


def count_jongeren(who: pl.Series, labels: NDArray[np.float64], outcome: int) -> int:
    """Return the number of different jongeren (or rows, by number) that had an outcome."""
    return who.filter(pl.Series(labels == outcome, dtype=pl.Boolean)).n_unique()


def _who(frame: pl.DataFrame, first: int = 0) -> pl.Series:
    """Return the jongere of each row; where a table names nobody, each row is somebody."""
    if "jongere_id" in frame.columns:
        return frame["jongere_id"].cast(pl.String)
    numbers = pl.Series("jongere_id", range(first, first + frame.height), dtype=pl.Int64)
    return numbers.cast(pl.String)


def _groups(
    frame: pl.DataFrame, later: pl.DataFrame
) -> tuple[NDArray[np.int64], NDArray[np.int64]] | tuple[None, None]:
    """Return one number per jongere for the rows of both; None when a table names nobody."""
    if "jongere_id" not in frame.columns or "jongere_id" not in later.columns:
        return None, None
    both = pl.concat([frame["jongere_id"], later["jongere_id"]]).rank("dense").cast(pl.Int64)
    numbers = both.to_numpy()
    return numbers[: frame.height], numbers[frame.height :]
