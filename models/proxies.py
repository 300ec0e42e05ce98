"""Can features tell to which group somebody belongs (TRUST F2)? Each alone, and all together.

A feature that tells the group lets a model treat groups apart without ever seeing the attribute, as
mbo level and the distance to the parents did at DUO. The figure is an AUC on people who were not
looked at to make it: 0.50 is no trace, 1.00 is the attribute itself.

References
----------
NGO Algorithm Audit (2024), Preventing prejudice (DUO): proxies of origin.
Barocas, Hardt, Narayanan, Fairness and Machine Learning (2023), chapter 3.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.metrics import auc

SINGLE: Final = 0.65
JOINT: Final = 0.75
"""Above these a written reason is needed (TRUST F2)."""
TOGETHER: Final = "samen"
"""Stands for all features together."""
FEWEST: Final = 30
"""A group with fewer people, or with fewer outside it, says too little."""
BINS: Final = 10
FOLDS: Final = 3
PRIOR: Final = 5.0
"""A bin is drawn to the overall rate as if so many more people were in it."""
TREES: Final[Mapping[str, object]] = {
    "objective": "binary",
    "num_leaves": 15,
    "learning_rate": 0.1,
    "min_data_in_leaf": 10,
    "feature_fraction": 0.8,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}
ROUNDS: Final = 80

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Proxy:
    """How well a feature tells one group from all others.

    Parameters
    ----------
    kenmerk, waarde : str
        The attribute, and the group of it that is told best.
    kolom : str
        The feature, or `TOGETHER`.
    auc : float
        On people who were not looked at.
    n, binnen : int
        People, and how many of them are in the group.
    """

    kenmerk: str
    waarde: str
    kolom: str
    auc: float
    n: int
    binnen: int

    @property
    def grens(self) -> float:
        """Figure above which a written reason is needed."""
        return JOINT if self.kolom == TOGETHER else SINGLE

    @property
    def telt(self) -> bool:
        """Whether a written reason is needed."""
        return self.auc > self.grens


def proxies(
    frame: pl.DataFrame, columns: Sequence[str], attributes: pl.DataFrame, *, seed: int
) -> list[Proxy]:
    """Return for each attribute and each feature, and all together, how well they tell a group.

    Of each person only the newest row counts, so that nobody is on both sides.

    Parameters
    ----------
    frame : DataFrame
        ``jongere_id``, ``peildatum`` and features.
    columns : sequence of str
        The features.
    attributes : DataFrame
        An attribute per column as text, null where not known, in the order of the frame.
    seed : int
        The same seed and rows give the same figures.

    Returns
    -------
    list of Proxy
        For each attribute first all together, then the features from the most telling on. An
        attribute without two groups that are large enough is absent.
    """
    place = frame.with_row_index("rij").sort("peildatum", "rij")
    newest = place.unique("jongere_id", keep="last", maintain_order=True)["rij"].sort()
    matrix = frame[newest].select(pl.col(list(columns)).cast(pl.Float64)).fill_null(float("nan"))
    values, told = matrix.to_numpy(), attributes[newest]
    found: list[Proxy] = []
    for kenmerk in attributes.columns:
        found += _of_attribute(kenmerk, told[kenmerk].cast(pl.String), values, columns, seed)
    return found


def _of_attribute(
    kenmerk: str, groups: pl.Series, values: Matrix, columns: Sequence[str], seed: int
) -> list[Proxy]:
    """Return the best told group of an attribute, by all features together and by each."""
    known = groups.is_not_null().to_numpy()
    groups, values = groups.filter(pl.Series(known)), values[known]
    best: dict[str, Proxy] = {}
    for waarde in groups.unique().sort():
        own = (groups == waarde).to_numpy().astype(np.float64)
        if min(own.sum(), len(own) - own.sum()) < FEWEST:
            continue
        parts = _dealt(own, seed)
        scores = {TOGETHER: _joint(own, values, parts, seed)}
        scores |= {name: _single(own, values[:, at], parts) for at, name in enumerate(columns)}
        for name, score in scores.items():
            one = Proxy(kenmerk, waarde, name, round(score, 4), len(own), int(own.sum()))
            if name not in best or one.auc > best[name].auc:
                best[name] = one
    return sorted(best.values(), key=lambda one: (one.kolom != TOGETHER, -one.auc, one.kolom))


def _dealt(own: Vector, seed: int) -> NDArray[np.int64]:
    """Return the fold of each person, the group spread evenly over the folds."""
    rng = np.random.default_rng(seed)
    parts = np.zeros(len(own), dtype=np.int64)
    for wanted in (0.0, 1.0):
        rows = np.flatnonzero(own == wanted)
        parts[rng.permutation(rows)] = np.arange(len(rows)) % FOLDS
    return parts


def _single(own: Vector, values: Vector, parts: NDArray[np.int64]) -> float:
    """Return the AUC of one feature: rates of its bins, each learned from the other folds.

    Bins follow any shape; being unknown is a bin of its own. Never below 0.5: a feature whose
    rates do not carry over tells nothing.
    """
    known = values[~np.isnan(values)]
    shares = np.linspace(0, 1, BINS + 1)[1:-1]
    edges = np.unique(np.quantile(known, shares)) if len(known) else known
    place = np.where(np.isnan(values), BINS, np.searchsorted(edges, values, side="left"))
    scores = np.zeros(len(own))
    for part in range(FOLDS):
        rest, mine = parts != part, parts == part
        hits = np.bincount(place[rest], weights=own[rest], minlength=BINS + 1)
        seen = np.bincount(place[rest], minlength=BINS + 1)
        rates = (hits + PRIOR * own[rest].mean()) / (seen + PRIOR)
        scores[mine] = rates[place[mine]]
    return _mean_auc(own, scores, parts)


def _joint(own: Vector, values: Matrix, parts: NDArray[np.int64], seed: int) -> float:
    """Return the AUC of trees on all features, each fold scored by trees that did not see it."""
    import lightgbm

    scores = np.zeros(len(own))
    for part in range(FOLDS):
        rest, mine = parts != part, parts == part
        data = lightgbm.Dataset(values[rest], own[rest], params={"verbose": -1})
        grown = lightgbm.train({**TREES, "seed": seed}, data, num_boost_round=ROUNDS)
        scores[mine] = np.asarray(grown.predict(values[mine], num_threads=1))
    return _mean_auc(own, scores, parts)


def _mean_auc(own: Vector, scores: Vector, parts: NDArray[np.int64]) -> float:
    """Return the mean over the folds, each by itself: rates of other folds do not compare."""
    each = [auc(own[parts == part], scores[parts == part]) for part in range(FOLDS)]
    return max(0.5, float(np.mean(each)))
