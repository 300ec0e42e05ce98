"""Which werkprocessen, with how many hours each: exact, for many places at once.

A knapsack with precedence. Werkprocessen lie in chains (the werkprocessen of a kerntaak in their
order); of a chain a first part is taken, so that nothing is learned before what comes before it.
Each that is taken gets one of a few amounts of hours, and what it adds is its value times the
chance of mastering it with those hours. A first part that makes a certificate counts for more. The
hours in all may not pass a budget.

Dynamic programming over chain, werkproces and hours used finds the optimum in time linear in the
budget, so nothing is left to a heuristic or a solver.

References
----------
Kellerer, Pferschy and Pisinger (2004), Knapsack Problems, chapters 11 (multiple choice) and 13.3
(precedence on trees).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STEP_HOURS = 20.0
"""Hours are counted in steps of so many."""
SIZES = (2, 3, 4, 6, 8, 12)
"""Amounts of hours that one werkproces may get, in steps."""


@dataclass(frozen=True)
class Keuzes:
    """Many problems of one shape, padded; axes: problem, chain, place in the chain, amount.

    Parameters
    ----------
    waarde : array of shape (n, chains, length)
        What mastering each is worth, at least 0; chains are filled from the front.
    kans : array of shape (n, chains, length, sizes)
        Chance of mastering with each amount of `SIZES`.
    lengte : array of int of shape (n, chains)
        How many werkprocessen each chain has; 0 for padding.
    toeslag : array of shape (n, chains)
        By what share the first `drempel` werkprocessen of a chain count for more when all of them
        are taken, at least 0.
    drempel : array of int of shape (n, chains)
        How many werkprocessen, counted from the front, make a certificate; at most `lengte`.
    """

    waarde: Floats
    kans: Floats
    lengte: Ints
    toeslag: Floats
    drempel: Ints


@dataclass(frozen=True)
class Keuze:
    """What to learn: per werkproces its chain, its place in it, and the amount (in `SIZES`)."""

    gekozen: tuple[tuple[int, int, int], ...]
    winst: float
    uren: float


@dataclass(frozen=True)
class Oplossing:
    """The optimum of every problem for every budget.

    Parameters
    ----------
    winst : array of shape (n, budget + 1)
        Best expected gain with so many steps of hours; never lower with more.
    taken : tuple of (array, array)
        Per chain, of shape (n, budget + 1): how many werkprocessen were taken, negative when they
        hold a certificate; and the amount of each place, of shape (n, 2, length, budget + 1).
    """

    winst: Floats
    taken: tuple[tuple[Ints, Ints], ...]

    def keuze(self, problem: int, budget: int) -> Keuze:
        """Return the choice behind ``winst[problem, budget]``."""
        left, found = budget, []
        for chain in range(len(self.taken) - 1, -1, -1):
            variant, amounts = self.taken[chain]
            code = int(variant[problem, left])
            certified, count = code < 0, abs(code)
            for place in range(count - 1, -1, -1):
                size = int(amounts[problem, int(certified), place, left])
                found.append((chain, place, size))
                left -= SIZES[size]
        gain = float(self.winst[problem, budget])
        used = sum(SIZES[size] for *_, size in found) * STEP_HOURS
        return Keuze(tuple(sorted(found)), gain, used)


def solve(keuzes: Keuzes, budget: int) -> Oplossing:
    """Return the exact optimum of every problem, for every budget up to the given one.

    Parameters
    ----------
    keuzes : Keuzes
        The problems.
    budget : int
        Most steps of `STEP_HOURS`.
    """
    n, chains, _ = keuzes.waarde.shape
    best = np.zeros((n, budget + 1))
    taken = []
    for chain in range(chains):
        best, variant, amounts = _add_chain(keuzes, chain, best)
        taken.append((variant, amounts))
    return Oplossing(best, tuple(taken))


def _add_chain(keuzes: Keuzes, chain: int, before: Floats) -> tuple[Floats, Ints, Ints]:
    """Return the optimum with one chain more, how much of it was taken, and the amounts."""
    n, width = before.shape
    length = keuzes.waarde.shape[2]
    size_of = keuzes.lengte[:, chain]
    best, variant = before.copy(), np.zeros((n, width), np.int64)
    amounts = np.zeros((n, 2, length, width), np.int64)
    least = keuzes.drempel[:, chain]
    for certified in (False, True):
        current = before
        for place in range(length):
            extra = keuzes.toeslag[:, chain] * (certified & (place < least))
            gains = keuzes.waarde[:, chain, place] * (1 + extra)
            adds = gains[:, None] * keuzes.kans[:, chain, place]
            current, amounts[:, int(certified), place] = _add_one(current, adds)
            ends = (size_of > place) & (not certified or least <= place + 1)
            better = ends[:, None] & (current > best)
            best = np.where(better, current, best)
            variant = np.where(better, -(place + 1) if certified else place + 1, variant)
    return best, variant, amounts


def _add_one(before: Floats, adds: Floats) -> tuple[Floats, Ints]:
    """Return the best value when one werkproces is taken with some amount, and which."""
    n, width = before.shape
    best = np.full((n, width), -np.inf)
    which = np.zeros((n, width), np.int64)
    for place, size in enumerate(SIZES):
        if size >= width:
            break
        value = before[:, : width - size] + adds[:, place, None]
        better = value > best[:, size:]
        best[:, size:] = np.where(better, value, best[:, size:])
        which[:, size:] = np.where(better, place, which[:, size:])
    return best, which
