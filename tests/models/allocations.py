"""Small tables for the tests of the allocation, and the optimum of each found by trying all."""

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
import polars as pl
from hypothesis import strategies as st

from models.allocation_objectives import Doel, Ints
from models.allocation_problem import Problem, value

Table = tuple[pl.DataFrame, pl.DataFrame]
ORDERS = (
    (Doel.AANTAL, Doel.MOEILIJK_PLAATSBAAR, Doel.ZWAKSTE_KANS, Doel.TOTAAL, Doel.REISTIJD),
    (Doel.ZWAKSTE_WINST, Doel.TOTAAL),
    (Doel.TOTAAL, Doel.REISTIJD),
    (Doel.REISTIJD, Doel.AANTAL),
    (Doel.AANTAL, Doel.ZWAKSTE_WINST, Doel.REISTIJD, Doel.TOTAAL),
)


def small_table(rng: np.random.Generator, *, n_jongeren: int, n_plekken: int, kansen: int) -> Table:
    """Draw a table in which about a third of the pairs is blocked and many kansen are equal."""
    pairs = pl.DataFrame(
        [
            (
                f"J{jongere}",
                f"P{plek}",
                float(rng.integers(0, kansen + 1)) / kansen,
                float(rng.integers(1, 4) * 10),
                bool(rng.random() < 0.3),
            )
            for jongere in range(n_jongeren)
            for plek in range(n_plekken)
        ],
        schema={
            "jongere_id": pl.String,
            "leerwerkplek_id": pl.String,
            "kans": pl.Float64,
            "reistijd_minuten": pl.Float64,
            "blokkade_uren": pl.Boolean,
        },
        orient="row",
    )
    vrij = pl.DataFrame(
        {
            "leerwerkplek_id": [f"P{plek}" for plek in range(n_plekken)],
            "vrij": rng.integers(0, 3, n_plekken),
        }
    )
    return pairs, vrij


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Small tables of every shape."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return small_table(
        rng,
        n_jongeren=draw(st.integers(1, 6)),
        n_plekken=draw(st.integers(1, 4)),
        kansen=draw(st.sampled_from([3, 10, 1000])),
    )


def all_choices(problem: Problem) -> Iterator[Ints]:
    """Yield every way to give each jongere an open pair or none, within the room."""
    options = [
        [-1, *(e for e in range(first, last) if problem.open[e])]
        for first, last in zip(problem.begin, problem.begin[1:], strict=False)
    ]
    for choice in product(*options):
        chosen = np.array(choice, np.int64)
        taken = np.bincount(problem.plek[chosen[chosen >= 0]], minlength=len(problem.plekken))
        if (taken <= problem.vrij).all():
            yield chosen


def merit(problem: Problem, doelen: Sequence[Doel], chosen: Ints) -> tuple[object, ...]:
    """Return what is better when greater, objective by objective, from their definitions.

    A leximin is the sorted list of everybody's step, from the worst off.
    """
    found: list[object] = []
    for doel in doelen:
        if doel in (Doel.ZWAKSTE_KANS, Doel.ZWAKSTE_WINST):
            quality = problem.kans if doel is Doel.ZWAKSTE_KANS else problem.winst
            found.append(
                tuple(sorted(0 if e < 0 else int(quality[e]) // problem.stap + 1 for e in chosen))
            )
        else:
            found.append((-1 if doel is Doel.REISTIJD else 1) * value(problem, doel, chosen))
    return tuple(found)


def best_merit(problem: Problem, doelen: Sequence[Doel]) -> tuple[object, ...]:
    """Return the merit of the best of all choices."""
    return max(merit(problem, doelen, chosen) for chosen in all_choices(problem))
