"""How tables divide places without computing: to hold the joint proposal against."""

import heapq
from collections.abc import Sequence

import numpy as np
import polars as pl

from models.allocation_objectives import Ints
from models.allocation_problem import SCALE, Problem, make_problem

BASELINE = pl.Schema({"jongere_id": pl.String, "leerwerkplek_id": pl.String, "kans": pl.Float64})
"""Columns of what a baseline proposes."""


def first_come_first_served(
    pairs: pl.DataFrame, vrij: pl.DataFrame, *, volgorde: Sequence[str]
) -> pl.DataFrame:
    """Let the jongeren take the best place that is left, in this order.

    Parameters
    ----------
    pairs, vrij : DataFrame
        As for `models.allocation.allocate`.
    volgorde : sequence of jongere_id
        Who comes first; who is not named comes last, by id.

    Returns
    -------
    DataFrame of `BASELINE`
        At most one row per jongere and at most `vrij` per place, ordered by jongere_id.
    """
    problem = make_problem(pairs, vrij)
    turn = {jongere: number for number, jongere in enumerate(volgorde)}
    queue = sorted(
        range(len(problem.jongeren)), key=lambda j: turn.get(problem.jongeren[j], len(turn))
    )
    return _serve(problem, queue)


def random_order(pairs: pl.DataFrame, vrij: pl.DataFrame, *, seed: int) -> pl.DataFrame:
    """Let the jongeren take the best place that is left, in an order drawn by lot."""
    problem = make_problem(pairs, vrij)
    queue = np.random.default_rng(seed).permutation(len(problem.jongeren))
    return _serve(problem, queue.tolist())


def own_top_list(
    pairs: pl.DataFrame, vrij: pl.DataFrame, *, volgorde: Sequence[str], top: int = 1
) -> pl.DataFrame:
    """Send everybody to the first places of the own list; a place takes who comes first.

    Who finds all `top` places taken gets none: that is what happens without a joint proposal.
    """
    ranked = pl.col("kans").rank("ordinal", descending=True).over("jongere_id")
    ordered = pairs.sort("jongere_id", "leerwerkplek_id")
    return first_come_first_served(ordered.filter(ranked <= top), vrij, volgorde=volgorde)


def stable_matching(pairs: pl.DataFrame, vrij: pl.DataFrame) -> pl.DataFrame:
    """Match so that no jongere and place would both rather have each other.

    Deferred acceptance: jongeren propose down their own list by kans, a place keeps the best it
    was proposed, also by kans; at an equal kans the first id.

    References
    ----------
    D. Gale and L. S. Shapley, College admissions and the stability of marriage (1962).
    """
    problem = make_problem(pairs, vrij)
    lists = _lists(problem)
    kept: list[list[tuple[int, int]]] = [[] for _ in problem.plekken]
    waiting = list(range(len(problem.jongeren) - 1, -1, -1))
    asked = [0] * len(problem.jongeren)
    chosen = np.full(len(problem.jongeren), -1, np.int64)
    while waiting:
        j = waiting.pop()
        if asked[j] == len(lists[j]):
            continue
        pair = lists[j][asked[j]]
        asked[j] += 1
        p = problem.plek[pair]
        heapq.heappush(kept[p], (int(problem.kans[pair]), -j))
        chosen[j] = pair
        if len(kept[p]) > problem.vrij[p]:
            loser = -heapq.heappop(kept[p])[1]
            chosen[loser] = -1
            waiting.append(loser)
    return _frame(problem, chosen)


def _serve(problem: Problem, queue: Sequence[int]) -> pl.DataFrame:
    lists, left = _lists(problem), problem.vrij.copy()
    chosen = np.full(len(problem.jongeren), -1, np.int64)
    for j in queue:
        for pair in lists[j]:
            if left[problem.plek[pair]] > 0:
                left[problem.plek[pair]] -= 1
                chosen[j] = pair
                break
    return _frame(problem, chosen)


def _lists(problem: Problem) -> list[list[int]]:
    """Return the open pairs of each jongere, the best kans first, then by id of the place."""
    rows = np.flatnonzero(problem.open)
    owner = problem.jongere[rows]
    ordered = rows[np.lexsort((problem.plek[rows], -problem.kans[rows], owner))]
    ends = np.cumsum(np.bincount(owner, minlength=len(problem.jongeren)))
    return [part.tolist() for part in np.split(ordered, ends[:-1])] if len(ends) else []


def _frame(problem: Problem, chosen: Ints) -> pl.DataFrame:
    placed = np.flatnonzero(chosen >= 0)
    pair = chosen[placed]
    return pl.DataFrame(
        {
            "jongere_id": [problem.jongeren[j] for j in placed],
            "leerwerkplek_id": [problem.plekken[p] for p in problem.plek[pair]],
            "kans": problem.kans[pair] / SCALE,
        },
        schema=BASELINE,
    )
