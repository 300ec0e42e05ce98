"""The joint allocation as whole numbers: pairs, room, and objectives in the order of the table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.blokkade import Blokkade, column
from models.allocation_objectives import STANDAARD, Digit, Doel, Ints, approximate, fold, steps

Bools = NDArray[np.bool_]
Waarde = float | tuple[int, ...]
"""Value of an objective; of a leximin how many have no place, and how many are in each step."""

SCALE = 1_000_000
"""Whole number of a kans of 1."""
STEP = 100_000
"""Width of a step of the leximin: nearer than ten in a hundred a score does not tell two apart."""
MOST_MINUTEN = 240
"""Travel counts up to here; an unknown journey counts as this long."""
HARD_SHARE = 0.25
"""Share of the jongeren that counts as hardest to place."""
TIE = 2**30
"""Random numbers that decide ties lie below this."""
MOST_STEPS = 1000
"""Each step is an objective of its own; nobody tells more apart."""
VOORBEHOUDEN = "voorbehouden"
"""Column of a pair: the place is for others now, such as a partner's own pupils until a date."""


def _no_costs() -> Ints:
    return np.zeros((0, 0), np.int64)


@dataclass(frozen=True)
class Problem:
    """Open pairs in the order of their ids, as arrays.

    Parameters
    ----------
    jongeren, plekken : list of str
        Ids in alphabetical order; a position in them is the number of a jongere or a place.
    begin : ndarray of shape (n_jongeren + 1,)
        Where the pairs of each jongere begin.
    plek : ndarray of shape (n_pairs,)
        Place of each pair.
    kans, winst, minuten : ndarray of shape (n_pairs,)
        On the scale of a million; kans above the own minimum; minutes of travel.
    open : ndarray of bool
        False for a pair that may only be pinned: not above the own minimum.
    vrij : ndarray of shape (n_plekken,)
        How many jongeren may be proposed.
    moeilijk : ndarray of bool, shape (n_jongeren,)
        The hardest to place.
    cost : ndarray of shape (n_pairs, n_limbs)
        Folded digits of each pair.
    zonder : ndarray of shape (n_jongeren, n_limbs)
        Folded digits of having no place.
    near, near_zonder : ndarray of shape (n_pairs,), (n_jongeren,)
        All digits in one number, with weights too small to keep the order for sure.
    refused : DataFrame
        ``jongere_id``, ``leerwerkplek_id`` and ``reden`` of pairs that may not be pinned either.
    """

    jongeren: list[str]
    plekken: list[str]
    begin: Ints
    plek: Ints
    kans: Ints
    winst: Ints
    minuten: Ints
    open: Bools
    vrij: Ints
    moeilijk: Bools
    refused: pl.DataFrame
    stap: int
    seed: int
    doelen: tuple[Doel, ...] = ()
    cost: Ints = field(default_factory=_no_costs)
    zonder: Ints = field(default_factory=_no_costs)
    near: Ints = field(default_factory=_no_costs)
    near_zonder: Ints = field(default_factory=_no_costs)

    @property
    def jongere(self) -> Ints:
        """Jongere of each pair."""
        return np.repeat(np.arange(len(self.jongeren)), np.diff(self.begin))

    def pair(self, jongere: int, plek: int) -> int:
        """Return the position of a pair, or -1 when there is none."""
        first, last = self.begin[jongere], self.begin[jongere + 1]
        found = int(first + np.searchsorted(self.plek[first:last], plek))
        return found if found < last and self.plek[found] == plek else -1


def make_problem(
    pairs: pl.DataFrame,
    vrij: pl.DataFrame,
    *,
    doelen: Sequence[Doel] = STANDAARD,
    minimum: Mapping[str, float] | None = None,
    stap: int = STEP,
    seed: int = 0,
) -> Problem:
    """Return the allocation as whole numbers; see `models.allocation.propose`."""
    refused = pl.concat([_refused(pairs), _full(pairs, vrij)])
    known = pairs.join(refused, on=["jongere_id", "leerwerkplek_id"], how="anti")
    jongeren = pairs["jongere_id"].unique().sort().to_list()
    plekken = vrij.sort("leerwerkplek_id")
    ids = plekken["leerwerkplek_id"].to_list()
    rows = known.with_columns(
        pl.col("jongere_id").cast(pl.Enum(jongeren)).to_physical().cast(pl.Int64).alias("j"),
        pl.col("leerwerkplek_id").cast(pl.Enum(ids)).to_physical().cast(pl.Int64).alias("p"),
    ).sort("j", "p")
    if rows.select(pl.struct("j", "p").is_duplicated().any()).item() or len(set(ids)) < len(ids):
        raise ValueError("a pair or a leerwerkplek occurs twice")
    j = rows["j"].to_numpy()
    kans = _micro(rows["kans"])
    bar = _micro(pl.Series([(minimum or {}).get(name, 0.0) for name in jongeren], dtype=pl.Float64))
    winst = kans - bar[j]
    problem = Problem(
        jongeren=jongeren,
        plekken=ids,
        begin=np.searchsorted(j, np.arange(len(jongeren) + 1)).astype(np.int64),
        plek=np.ascontiguousarray(rows["p"].to_numpy()),
        kans=kans,
        winst=winst,
        minuten=_minuten(rows),
        open=winst > 0,
        vrij=plekken["vrij"].cast(pl.Int64).to_numpy().copy(),
        moeilijk=_hardest(len(jongeren), j[winst > 0], kans[winst > 0]),
        refused=refused,
        stap=stap,
        seed=seed,
    )
    return reorder(problem, doelen)


def reorder(problem: Problem, doelen: Sequence[Doel]) -> Problem:
    """Return the same allocation with these objectives in this order."""
    if len(set(doelen)) != len(doelen) or not doelen:
        raise ValueError("the order names each objective at most once, and at least one")
    n_jongeren, n_pairs = len(problem.jongeren), len(problem.plek)
    n_nodes = n_jongeren + len(problem.plekken) + 2
    digits = list(_digits(problem, doelen))
    cost, zonder = fold(digits, n_jongeren, n_nodes)
    near, near_zonder = approximate(digits, n_nodes)
    tie = np.random.default_rng(problem.seed).integers(0, TIE, (n_pairs, 1))
    return replace(
        problem,
        doelen=tuple(doelen),
        cost=np.hstack([cost, tie]),
        zonder=np.hstack([zonder, np.zeros((n_jongeren, 1), np.int64)]),
        near=near,
        near_zonder=near_zonder,
    )


def _digits(problem: Problem, doelen: Sequence[Doel]) -> Iterator[Digit]:
    placed = np.zeros_like(problem.kans)
    nothing = np.zeros(len(problem.jongeren), np.int64)
    for doel in doelen:
        if doel is Doel.AANTAL:
            yield Digit(placed, nothing + 1, 1)
        elif doel is Doel.MOEILIJK_PLAATSBAAR:
            yield Digit(placed, problem.moeilijk.astype(np.int64), 1)
        elif doel is Doel.TOTAAL:
            yield Digit(SCALE - problem.kans, nothing + SCALE, SCALE)
        elif doel is Doel.REISTIJD:
            yield Digit(problem.minuten, nothing, MOST_MINUTEN)
        else:
            yield from _leximin(problem, doel, nothing)


def _leximin(problem: Problem, doel: Doel, nothing: Ints) -> Iterator[Digit]:
    """Yield who has no place, then who is in each step from below; the last follows from those."""
    yield Digit(np.zeros_like(problem.kans), nothing + 1, 1)
    level = steps(problem.kans if doel is Doel.ZWAKSTE_KANS else problem.winst, problem.stap)
    found = np.unique(level[problem.open])
    if len(found) > MOST_STEPS:
        raise ValueError(f"steps of {problem.stap} make {len(found)} steps, at most {MOST_STEPS}")
    for lowest in found[:-1]:
        yield Digit((level == lowest).astype(np.int64), nothing, 1)


def _refused(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs that a rule blocks, are for others now, or have no kans; the first reden."""
    rules = [(column(rule), rule.value) for rule in Blokkade]
    present = [
        (name, word)
        for name, word in [(VOORBEHOUDEN, VOORBEHOUDEN), *rules]
        if name in pairs.columns
    ]
    words = [
        pl.when(pl.col("kans").is_null()).then(pl.lit("kans onbekend")),
        *(pl.when(pl.col(name)).then(pl.lit(word)) for name, word in present),
    ]
    return pairs.select("jongere_id", "leerwerkplek_id", pl.coalesce(words).alias("reden")).filter(
        pl.col("reden").is_not_null()
    )


def _full(pairs: pl.DataFrame, vrij: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs with a place that has no row: nothing is free there."""
    return pairs.join(vrij, on="leerwerkplek_id", how="anti").select(
        "jongere_id", "leerwerkplek_id", reden=pl.lit(Blokkade.VOL.value)
    )


def _micro(values: pl.Series) -> Ints:
    micro: Ints = np.rint(values.to_numpy() * SCALE).astype(np.int64)
    return micro


def _minuten(rows: pl.DataFrame) -> Ints:
    if "reistijd_minuten" not in rows.columns:
        return np.zeros(rows.height, np.int64)
    minutes = rows["reistijd_minuten"].fill_null(MOST_MINUTEN).clip(0, MOST_MINUTEN).to_numpy()
    whole: Ints = np.rint(minutes).astype(np.int64)
    return whole


def _hardest(n_jongeren: int, j: Ints, kans: Ints) -> Bools:
    """Return the jongeren with an open place whose best kans is in the lowest share; ties all."""
    best = np.full(n_jongeren, -1, np.int64)
    np.maximum.at(best, j, kans)
    can = best >= 0
    if not can.any():
        return can
    most = np.sort(best[can])[max(0, int(HARD_SHARE * can.sum()) - 1)]
    hardest: Bools = can & (best <= most)
    return hardest


def value(problem: Problem, doel: Doel, chosen: Ints) -> Waarde:
    """Return the value of one objective when jongeren have these pairs (-1 for none)."""
    pair = chosen[chosen >= 0]
    if doel is Doel.AANTAL:
        return float(len(pair))
    if doel is Doel.MOEILIJK_PLAATSBAAR:
        return float(np.count_nonzero(problem.moeilijk & (chosen >= 0)))
    if doel is Doel.TOTAAL:
        return float(problem.kans[pair].sum() / SCALE)
    if doel is Doel.REISTIJD:
        return float(problem.minuten[pair].sum())
    quality = problem.kans if doel is Doel.ZWAKSTE_KANS else problem.winst
    counts = np.bincount(steps(quality[pair], problem.stap), minlength=1)
    counts[0] = len(chosen) - len(pair)
    return tuple(counts.tolist())
