"""An allocation as a flow in a network, with the prices that prove that none is better.

Every jongere sends one unit to a place or straight to the sink (no place), every place sends at
most its room to the sink. A price per node proves the optimum: the cost of every arc plus the
price where it begins minus the price where it ends is lexicographically not negative, and zero on
arcs in use.

References
----------
R. K. Ahuja, T. L. Magnanti and J. B. Orlin, Network Flows (1993), section 9.3: optimality by
reduced costs, which holds in any ordered group, so also for vectors of costs.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Compiled = TypeVar("Compiled", bound=Callable[..., Any])

ZONDER = -1
"""Pair of a jongere without a place."""
AFWEZIG = -2
"""Pair of a jongere who is outside the network: pinned, or not yet entered."""
NOBODY = -1


def compiled(function: Compiled) -> Compiled:
    """Return the function in machine code, kept on disk for the next start."""
    return cast("Compiled", njit(cache=True)(function))


class Network(NamedTuple):
    """An allocation and the prices that prove it; the functions here change its arrays in place.

    Nodes are numbered jongeren, places, sink. `keuze` is the pair of each jongere, `ZONDER` or
    `AFWEZIG`; `first`, `after` and `before` link the jongeren of each place, and last of those
    without one. `flow` is how many jongeren of the network each place holds.
    """

    begin: Ints
    plek: Ints
    cost: Ints
    zonder: Ints
    open: Bools
    room: Ints
    flow: Ints
    keuze: Ints
    first: Ints
    after: Ints
    before: Ints
    price: Ints


@compiled
def less(one: Ints, i: int, other: Ints, j: int) -> bool:
    """Return whether row i of one comes before row j of the other, limb by limb."""
    for limb in range(one.shape[1]):
        if one[i, limb] != other[j, limb]:
            return bool(one[i, limb] < other[j, limb])
    return False


@compiled
def unlink(net: Network, j: int, p: int) -> None:
    """Take a jongere from the list of a place; the number of places stands for no place."""
    if net.before[j] == NOBODY:
        net.first[p] = net.after[j]
    else:
        net.after[net.before[j]] = net.after[j]
    if net.after[j] != NOBODY:
        net.before[net.after[j]] = net.before[j]


@compiled
def link(net: Network, j: int, p: int, pair: int) -> None:
    """Put a jongere at the head of the list of a place, with this pair."""
    head = net.first[p]
    net.before[j], net.after[j] = NOBODY, head
    if head != NOBODY:
        net.before[head] = j
    net.first[p] = j
    net.keuze[j] = pair


@compiled
def breaches(net: Network) -> int:
    """Count the arcs whose price does not prove the optimum; 0 is a proof.

    An arc that can take more must not have a negative reduced cost, one that can give back no
    positive one.
    """
    n, m = net.zonder.shape[0], net.room.shape[0]
    count = 0
    for j in range(n):
        if net.keuze[j] == AFWEZIG:
            continue
        for pair in range(net.begin[j], net.begin[j + 1]):
            if net.open[pair]:
                sign = _sign(net, j, n + net.plek[pair], net.cost, pair)
                count += sign < 0 or (sign > 0 and pair == net.keuze[j])
        sign = _sign(net, j, n + m, net.zonder, j)
        count += sign < 0 or (sign > 0 and net.keuze[j] == ZONDER)
    nothing = np.zeros((1, net.price.shape[1]), np.int64)
    for p in range(m):
        sign = _sign(net, n + p, n + m, nothing, 0)
        count += (sign < 0 and net.flow[p] < net.room[p]) or (sign > 0 and net.flow[p] > 0)
    return int(count)


@compiled
def _sign(net: Network, a: int, b: int, costs: Ints, row: int) -> int:
    """Return -1, 0 or 1: the lexicographic sign of the reduced cost of an arc."""
    for limb in range(net.price.shape[1]):
        value = costs[row, limb] + net.price[a, limb] - net.price[b, limb]
        if value != 0:
            return 1 if value > 0 else -1
    return 0
