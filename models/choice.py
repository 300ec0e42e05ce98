"""Which place people chose for a jongere: how likely each of the places open then was.

History shows only the pairs that people chose. Whoever learns from it, or judges another order by
it, has to know how they chose: what lies far away or outside the opleiding was hardly ever tried.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.contract import Tables
from features.passendheid import pair_features

Vector = NDArray[np.float64]
Ints = NDArray[np.int64]

ALTERNATIVES = 30
"""Places beside the chosen one that are looked at per choice."""
RIDGE = 1.0
ITERATIONS = 30
COLUMNS: tuple[pl.Expr, ...] = (
    pl.col("reistijd_minuten") / 15,
    pl.col("reistijd_minuten").is_null().cast(pl.Float64).alias("reis_onbekend"),
    pl.col("opleiding_gelijk"),
    pl.col("opleiding_sector_gelijk"),
    pl.col("sector_wens"),
    pl.col("niveau_verschil").abs().alias("niveau_anders"),
    pl.col("omstandigheden_vermeden"),
    pl.col("begeleiding_ontbreekt"),
    pl.col("rijbewijs_ontbreekt"),
    pl.col("eisen_tekort_verwacht"),
    (pl.col("uren_boven").clip(lower_bound=0) / 8).alias("uren_te_veel"),
    (pl.col("reistijd_boven").clip(lower_bound=0) / 15).alias("reis_te_lang"),
    pl.col("ervaring_aantal").log1p(),
    pl.col("capaciteit").log1p(),
    pl.col("plek_ervaring"),
)
"""What may draw people to a place. These explain a choice of the past; they are not the features
of a score, and travel counts here because it counted for who chose."""
NEEDED = sorted({name for column in COLUMNS for name in column.meta.root_names()})
"""Columns of a frame that a `ChoiceModel` looks at."""


@dataclass(frozen=True)
class ChoiceModel:
    """A conditional logit: P(place | jongere, set) is proportional to exp(utility).

    Parameters
    ----------
    weights : tuple of float
        One per `COLUMNS`, in order.

    References
    ----------
    McFadden (1974), Conditional logit analysis of qualitative choice behavior; McFadden (1978),
    Modelling the choice of residential location: alternatives drawn uniformly leave the weights
    consistent.
    """

    weights: tuple[float, ...]

    @classmethod
    def fit(cls, frame: pl.DataFrame, sets: Ints, chosen: NDArray[np.bool_]) -> Self:
        """Fit on choices and their alternatives, the weights held near zero by a prior.

        Parameters
        ----------
        frame : DataFrame
            Pair features and ``reistijd_minuten``, one row per place in a set.
        sets : array of int of shape (n_rows,)
            Number of the choice, nondecreasing.
        chosen : array of bool of shape (n_rows,)
            One row of each set is the chosen place.
        """
        matrix = _matrix(frame)
        starts = np.flatnonzero(np.diff(sets, prepend=-1))
        weights = np.zeros(matrix.shape[1])
        for _ in range(ITERATIONS if len(starts) else 0):
            chance = _softmax(matrix @ weights, starts)
            mean = np.add.reduceat(chance[:, None] * matrix, starts)
            gradient = matrix[chosen].sum(axis=0) - mean.sum(axis=0) - RIDGE * weights
            spread = matrix.T @ (chance[:, None] * matrix) - mean.T @ mean
            step = np.linalg.solve(spread + RIDGE * np.eye(len(weights)), gradient)
            weights = weights + np.clip(step, -2, 2)
            if np.abs(step).max() < 1e-8:
                break
        return cls(tuple(weights.tolist()))

    def utility(self, frame: pl.DataFrame) -> Vector:
        """Return the utility of each row of pair features."""
        return np.asarray(_matrix(frame) @ np.asarray(self.weights))

    def propensities(self, frame: pl.DataFrame, sets: Ints) -> Vector:
        """Return how likely each place was within its set; sets are nondecreasing numbers."""
        starts = np.flatnonzero(np.diff(sets, prepend=-1))
        if not len(starts):
            return np.zeros(0)
        return _softmax(self.utility(frame), starts)


def choice_sets(
    tables: Tables, stages: pl.DataFrame, *, seed: int, alternatives: int = ALTERNATIVES
) -> pl.DataFrame:
    """Return the chosen place of each stage beside places that were open then.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Canonical tables.
    stages : DataFrame
        ``jongere_id``, ``leerwerkplek_id`` and ``peildatum``, one row per choice.
    seed : int
        Draws the alternatives, uniformly.
    alternatives : int
        How many are drawn per choice; those not open then drop out, so fewer may be left.

    Returns
    -------
    DataFrame
        ``keuze`` (number of the row of `stages`, nondecreasing), ``gekozen`` and everything of
        `pair_features`. The chosen place is always in its set.
    """
    places = tables["leerwerkplek"]["leerwerkplek_id"].sort()
    rng = np.random.default_rng(seed)
    drawn = rng.integers(0, max(len(places), 1), size=(stages.height, alternatives))
    keys = stages.select("jongere_id", "leerwerkplek_id", "peildatum").with_row_index("keuze")
    others = (
        keys.drop("leerwerkplek_id")
        .with_columns(leerwerkplek_id=pl.Series(drawn.tolist(), dtype=pl.List(pl.Int64)))
        .explode("leerwerkplek_id")
        .with_columns(pl.lit(value=False).alias("gekozen"))
    )
    taken = places.gather(others["leerwerkplek_id"].cast(pl.UInt32))
    pairs = pl.concat(
        [
            keys.with_columns(pl.lit(value=True).alias("gekozen")),
            others.with_columns(taken.alias("leerwerkplek_id")).select(*keys.columns, "gekozen"),
        ]
    ).unique(["keuze", "leerwerkplek_id"], keep="first", maintain_order=True)
    frame = pair_features(tables, pairs)
    available = ~(pl.col("blokkade_periode") | pl.col("blokkade_vol"))
    return frame.filter(pl.col("gekozen") | available).sort("keuze", maintain_order=True)


def _matrix(frame: pl.DataFrame) -> NDArray[np.float64]:
    """Return what draws people; what is unknown of a jongere is the same for all its places."""
    return frame.select(
        column.cast(pl.Float64).fill_nan(None).fill_null(0.0) for column in COLUMNS
    ).to_numpy()


def _softmax(utility: Vector, starts: Ints) -> Vector:
    """Return exp(utility) over its sum within each set; sets begin at `starts`."""
    sizes = np.diff(starts, append=len(utility))
    top = np.repeat(np.maximum.reduceat(utility, starts), sizes)
    raised = np.exp(utility - top)
    return np.asarray(raised / np.repeat(np.add.reduceat(raised, starts), sizes))
