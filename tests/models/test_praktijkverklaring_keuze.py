from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.praktijkverklaring_keuze import SIZES, STEP_HOURS, Keuze, Keuzes, solve

BUDGET = 20


@st.composite
def problems(draw: st.DrawFn) -> Keuzes:
    """Draw a few small problems: at most two chains of at most two werkprocessen."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, chains, length = draw(st.integers(1, 3)), draw(st.integers(1, 2)), draw(st.integers(1, 2))
    lengte = rng.integers(0, length + 1, (n, chains))
    return Keuzes(
        waarde=rng.random((n, chains, length)),
        kans=np.sort(rng.random((n, chains, length, len(SIZES))), axis=-1),
        lengte=lengte,
        toeslag=rng.choice([0.0, 0.25, 1.0], (n, chains)),
        drempel=rng.integers(0, lengte + 1),
    )


def worth(keuzes: Keuzes, problem: int, chosen: tuple[tuple[int, int, int], ...]) -> float:
    """Return the gain of a choice, added up by hand."""
    total = 0.0
    for chain, place, size in chosen:
        taken = sum(one == chain for one, *_ in chosen)
        least = keuzes.drempel[problem, chain]
        certified = place < least <= taken
        gain = keuzes.waarde[problem, chain, place] * keuzes.kans[problem, chain, place, size]
        total += float(gain) * (1 + certified * float(keuzes.toeslag[problem, chain]))
    return total


def enumerate_best(keuzes: Keuzes, problem: int, budget: int) -> float:
    """Return the best gain of all choices there are."""
    best = 0.0
    for counts in product(*(range(n + 1) for n in keuzes.lengte[problem])):
        places = [(chain, place) for chain, n in enumerate(counts) for place in range(n)]
        for sizes in product(range(len(SIZES)), repeat=len(places)):
            if sum(SIZES[size] for size in sizes) <= budget:
                chosen = tuple((*one, size) for one, size in zip(places, sizes, strict=True))
                best = max(best, worth(keuzes, problem, chosen))
    return best


@settings(max_examples=30)
@given(problems(), st.integers(0, BUDGET))
def test_the_choice_is_the_best_of_all_there_are(keuzes: Keuzes, budget: int) -> None:
    solved = solve(keuzes, BUDGET)

    for problem in range(len(keuzes.waarde)):
        best = enumerate_best(keuzes, problem, budget)
        assert solved.winst[problem, budget] == pytest.approx(best)


@given(problems(), st.integers(0, BUDGET))
def test_a_choice_fits_the_hours_keeps_the_order_and_is_worth_what_is_said(
    keuzes: Keuzes, budget: int
) -> None:
    solved = solve(keuzes, BUDGET)

    for problem in range(len(keuzes.waarde)):
        keuze = solved.keuze(problem, budget)
        assert keuze.uren <= budget * STEP_HOURS
        assert keuze.winst == pytest.approx(worth(keuzes, problem, keuze.gekozen))
        check_order(keuzes, problem, keuze)


def check_order(keuzes: Keuzes, problem: int, keuze: Keuze) -> None:
    """Of every chain a first part is taken, each once."""
    for chain, n in enumerate(keuzes.lengte[problem]):
        places = [place for one, place, _ in keuze.gekozen if one == chain]
        assert places == list(range(len(places)))
        assert len(places) <= n


@given(problems())
def test_more_hours_never_lower_the_gain(keuzes: Keuzes) -> None:
    winst = solve(keuzes, BUDGET).winst

    assert (np.diff(winst, axis=1) >= 0).all()


def test_a_werkproces_is_learned_for_what_it_opens() -> None:
    keuzes = Keuzes(
        waarde=np.array([[[0.0, 1.0], [0.4, 0.0]]]),
        kans=np.ones((1, 2, 2, len(SIZES))),
        lengte=np.array([[2, 1]]),
        toeslag=np.zeros((1, 2)),
        drempel=np.zeros((1, 2), np.int64),
    )

    keuze = solve(keuzes, 4).keuze(0, 4)

    assert [one[:2] for one in keuze.gekozen] == [(0, 0), (0, 1)]
    assert keuze.winst == 1.0
