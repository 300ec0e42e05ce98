"""Objectives of an allocation, and how whole numbers keep their order.

Every objective is a *digit*: a nonnegative whole number per pair, and per jongere for having no
place, whose sum is to be as small as possible. Digits are folded into 64-bit *limbs*, the first
the most important: within a limb a digit weighs more than everything after it can add up to, so
that the smallest sum of a limb is the lexicographic optimum of its digits.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

MOST_COST = 2**60
"""Costs of a limb times the number of nodes stay below this, so that no 64-bit sum overflows."""
COARSE = 1000
"""Digits above this are rounded for the solver's first answer."""


class Doel(StrEnum):
    """Objective of a proposal."""

    AANTAL = "aantal"
    """As many jongeren as possible have a place above their own minimum."""
    MOEILIJK_PLAATSBAAR = "moeilijk plaatsbaar"
    """As many as possible of those whose best open place is least likely to hold have one."""
    ZWAKSTE_KANS = "zwakste kans"
    """Leximin of the kans, in steps: as few as possible in the lowest step, then in the next."""
    ZWAKSTE_WINST = "zwakste winst"
    """Leximin of what a place adds to the own minimum, in steps."""
    TOTAAL = "totaal"
    """The most plaatsingen expected to be sustained: the sum of the kans of who is placed."""
    REISTIJD = "reistijd"
    """The least minutes of travel."""


STANDAARD = (
    Doel.AANTAL,
    Doel.MOEILIJK_PLAATSBAAR,
    Doel.ZWAKSTE_KANS,
    Doel.TOTAAL,
    Doel.REISTIJD,
)
"""Order of the objectives unless the table chooses another."""


class Digit(NamedTuple):
    """Cost of each pair and of each jongere without a place, in [0, most]."""

    pair: Ints
    zonder: Ints
    most: int


def fold(digits: Sequence[Digit], n_jongeren: int, n_nodes: int) -> tuple[Ints, Ints]:
    """Fold digits into as few 64-bit limbs as hold them; the first is the most important.

    Everybody has one arc, so the digits after a digit add up to at most n times their most: one
    more than that is the weight of the digit.

    Returns
    -------
    cost : ndarray of shape (n_pairs, n_limbs)
    zonder : ndarray of shape (n_jongeren, n_limbs)

    Raises
    ------
    ValueError
        One digit alone is too large for 64 bits.
    """
    limit = MOST_COST // n_nodes
    limbs: list[tuple[Ints, Ints]] = []
    reach = 0
    for digit in reversed(digits):
        if digit.most > limit:
            raise ValueError(f"a cost of {digit.most} does not fit beside {n_nodes} nodes")
        weight = 1 + n_jongeren * reach
        if not limbs or weight * digit.most + reach > limit:
            weight, reach = 1, 0
            limbs.append((np.zeros_like(digit.pair), np.zeros_like(digit.zonder)))
        pair, zonder = limbs[-1]
        pair += weight * digit.pair
        zonder += weight * digit.zonder
        reach += weight * digit.most
    limbs.reverse()
    return np.stack([pair for pair, _ in limbs], axis=1), np.stack([z for _, z in limbs], axis=1)


def approximate(digits: Sequence[Digit], n_nodes: int) -> tuple[Ints, Ints]:
    """Return all digits in one number per pair and per jongere, as near to their order as fits.

    Each digit weighs the same number of times what comes after it; digits above a thousand lose
    their last three decimals.
    """
    coarse = [_coarse(digit) for digit in digits]
    room = np.log2(MOST_COST // n_nodes) - sum(np.log2(digit.most) for digit in coarse)
    ratio = 2.0 ** max(0.0, room / len(coarse) - 0.1)
    near, zonder, weight = np.zeros_like(digits[0].pair), np.zeros_like(digits[0].zonder), 1.0
    for digit in reversed(coarse):
        near += int(weight) * digit.pair
        zonder += int(weight) * digit.zonder
        weight *= ratio * digit.most
    return near, zonder


def _coarse(digit: Digit) -> Digit:
    if digit.most <= COARSE:
        return digit
    return Digit(digit.pair // COARSE, digit.zonder // COARSE, digit.most // COARSE)


def steps(value: Ints, stap: int) -> Ints:
    """Return the step in which each value lies; the lowest is 1, and 0 is left for no place."""
    lowest: Ints = np.maximum(value, 0) // stap + 1
    return lowest
