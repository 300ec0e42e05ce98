"""Successive shortest paths in an allocation, with costs that are compared limb by limb.

The network: every jongere sends one unit to a place or straight to the sink (no place), every
place sends at most its room to the sink. A price per node proves the optimum: the cost of every
arc plus the price where it begins minus the price where it ends is lexicographically not
negative, and zero on arcs in use. One more or one less unit is one shortest path along arcs that
can still change, after which the prices prove the new optimum.

References
----------
R. K. Ahuja, T. L. Magnanti and J. B. Orlin, Network Flows (1993), sections 9.7 and 9.3: successive
shortest paths and reduced costs hold in any ordered group, so also for vectors of costs.
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
FAR = 2**62
DONE = -2


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


class Search(NamedTuple):
    """Distances so far (one row per node), how each node was reached, and a heap of nodes."""

    far: Ints
    parent: Ints
    via: Ints
    heap: Ints
    at: Ints
    size: Ints
    trial: Ints


@compiled
def _less(one: Ints, i: int, other: Ints, j: int) -> bool:
    for limb in range(one.shape[1]):
        if one[i, limb] != other[j, limb]:
            return bool(one[i, limb] < other[j, limb])
    return False


@compiled
def _new_search(nodes: int, limbs: int) -> Search:
    far = np.zeros((nodes, limbs), np.int64)
    far[:, 0] = FAR
    return Search(
        far,
        np.full(nodes, NOBODY, np.int64),
        np.full(nodes, NOBODY, np.int64),
        np.empty(nodes, np.int64),
        np.full(nodes, NOBODY, np.int64),
        np.zeros(1, np.int64),
        np.zeros((1, limbs), np.int64),
    )


@compiled
def _up(search: Search, place: int) -> None:
    """Move a node of the heap up until its parent is not farther."""
    heap, at = search.heap, search.at
    node = heap[place]
    while place > 0:
        above = (place - 1) // 2
        if not _less(search.far, node, search.far, heap[above]):
            break
        heap[place] = heap[above]
        at[heap[place]] = place
        place = above
    heap[place] = node
    at[node] = place


@compiled
def _pop(search: Search) -> int:
    """Take the nearest node from the heap."""
    heap, at, far = search.heap, search.at, search.far
    nearest = heap[0]
    at[nearest] = DONE
    search.size[0] -= 1
    size = search.size[0]
    if size == 0:
        return int(nearest)
    node, place = heap[size], 0
    while 2 * place + 1 < size:
        child = 2 * place + 1
        if child + 1 < size and _less(far, heap[child + 1], far, heap[child]):
            child += 1
        if not _less(far, heap[child], far, node):
            break
        heap[place] = heap[child]
        at[heap[place]] = place
        place = child
    heap[place] = node
    at[node] = place
    return int(nearest)


@compiled
def _nearer(net: Network, search: Search, a: int, b: int, costs: Ints, row: int, sign: int) -> bool:
    """Put the distance of b by way of a in `trial`, and return whether it is less than so far."""
    far, price = search.far, net.price
    nearer = False
    for limb in range(price.shape[1]):
        value = far[a, limb] + sign * costs[row, limb] + price[a, limb] - price[b, limb]
        if not nearer:
            if value > far[b, limb]:
                return False
            nearer = value < far[b, limb]
        search.trial[0, limb] = value
    return nearer


@compiled
def _relax(
    net: Network, search: Search, a: int, b: int, costs: Ints, row: int, sign: int, goal: int
) -> None:
    """Take the arc from a to b when it leads nearer; `row` of `costs`, times `sign`, is its cost.

    Nothing beyond the distance to the goal is worth a look.
    """
    far, trial = search.far, search.trial
    if not _nearer(net, search, a, b, costs, row, sign):
        return
    if b != goal and not _less(trial, 0, far, goal):
        return
    for limb in range(far.shape[1]):
        far[b, limb] = trial[0, limb]
    search.parent[b], search.via[b] = a, row
    if search.at[b] == NOBODY:
        search.heap[search.size[0]] = b
        search.at[b] = search.size[0]
        search.size[0] += 1
    if search.at[b] >= 0:
        _up(search, search.at[b])


@compiled
def _from_jongere(net: Network, search: Search, j: int, goal: int) -> None:
    n = net.zonder.shape[0]
    for pair in range(net.begin[j], net.begin[j + 1]):
        if net.open[pair] and pair != net.keuze[j]:
            _relax(net, search, j, n + net.plek[pair], net.cost, pair, 1, goal)
    if net.keuze[j] != ZONDER:
        _relax(net, search, j, n + net.room.shape[0], net.zonder, j, 1, goal)


@compiled
def _from_plek(net: Network, search: Search, p: int, goal: int) -> None:
    n, m = net.zonder.shape[0], net.room.shape[0]
    j = net.first[p]
    while j != NOBODY:
        _relax(net, search, n + p, int(j), net.cost, int(net.keuze[j]), -1, goal)
        j = net.after[j]
    if net.flow[p] < net.room[p]:
        _relax(net, search, n + p, n + m, net.zonder, 0, 0, goal)


@compiled
def _from_sink(net: Network, search: Search, goal: int) -> None:
    n, m = net.zonder.shape[0], net.room.shape[0]
    for p in range(m):
        if net.flow[p] > 0:
            _relax(net, search, n + m, n + p, net.zonder, 0, 0, goal)
    j = net.first[m]
    while j != NOBODY:
        _relax(net, search, n + m, int(j), net.zonder, int(j), -1, goal)
        j = net.after[j]


@compiled
def _shortest(net: Network, source: int, goal: int) -> Search:
    """Find the nearest way from source to goal (Dijkstra on reduced costs)."""
    n, m = net.zonder.shape[0], net.room.shape[0]
    search = _new_search(n + m + 1, net.price.shape[1])
    search.far[source, 0] = 0
    search.heap[0] = source
    search.at[source] = 0
    search.size[0] = 1
    while search.size[0] > 0:
        node = _pop(search)
        if node == goal:
            break
        if node < n:
            _from_jongere(net, search, node, goal)
        elif node < n + m:
            _from_plek(net, search, node - n, goal)
        else:
            _from_sink(net, search, goal)
    return search


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
def _move(net: Network, a: int, b: int, pair: int) -> None:
    """Send one unit along the arc from a to b."""
    n, m = net.zonder.shape[0], net.room.shape[0]
    if a < n:
        link(net, a, b - n, pair if b < n + m else ZONDER)
    elif b < n:
        unlink(net, b, a - n)
    elif b == n + m:
        net.flow[a - n] += 1
    else:
        net.flow[b - n] -= 1


@compiled
def push(net: Network, source: int, goal: int) -> bool:
    """Send one unit along the cheapest way from source to goal, and prove it with new prices.

    Returns whether there was a way.
    """
    search = _shortest(net, source, goal)
    if search.at[goal] != DONE:
        return False
    for node in range(search.far.shape[0]):
        if search.at[node] == DONE:
            for limb in range(search.far.shape[1]):
                net.price[node, limb] += search.far[node, limb] - search.far[goal, limb]
    length, node = 0, goal
    while node != source:
        search.heap[length] = node
        length += 1
        node = search.parent[node]
    while length > 0:
        length -= 1
        b = search.heap[length]
        _move(net, search.parent[b], b, search.via[b])
    return True


@compiled
def enter_price(net: Network, j: int) -> None:
    """Give a jongere who enters the least price at which no arc from it has a negative cost."""
    n, m = net.zonder.shape[0], net.room.shape[0]
    trial = np.zeros((1, net.price.shape[1]), np.int64)
    for limb in range(net.price.shape[1]):
        net.price[j, limb] = net.price[n + m, limb] - net.zonder[j, limb]
    for pair in range(net.begin[j], net.begin[j + 1]):
        if not net.open[pair]:
            continue
        for limb in range(net.price.shape[1]):
            trial[0, limb] = net.price[n + net.plek[pair], limb] - net.cost[pair, limb]
        if _less(net.price, j, trial, 0):
            for limb in range(net.price.shape[1]):
                net.price[j, limb] = trial[0, limb]


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


@compiled
def withdraw(net: Network, j: int) -> None:
    """Take a jongere out of the network; a place that comes free goes to whom it helps most."""
    pair = net.keuze[j]
    p = net.room.shape[0] if pair == ZONDER else net.plek[pair]
    unlink(net, j, p)
    net.keuze[j] = AFWEZIG
    if pair != ZONDER:
        net.flow[p] -= 1
        fill(net, p)


@compiled
def enter(net: Network, j: int) -> None:
    """Let a jongere into the network, where it helps most."""
    n, m = net.zonder.shape[0], net.room.shape[0]
    enter_price(net, j)
    push(net, j, n + m)


@compiled
def fill(net: Network, p: int) -> None:
    """Use the free room of a place as long as that makes the proposal better."""
    n, m = net.zonder.shape[0], net.room.shape[0]
    while net.flow[p] < net.room[p] and _less(net.price, n + p, net.price, n + m):
        net.flow[p] += 1
        push(net, n + m, n + p)


@compiled
def shrink(net: Network, p: int) -> None:
    """Send on whom a place no longer has room for, where that costs least."""
    n, m = net.zonder.shape[0], net.room.shape[0]
    while net.flow[p] > net.room[p]:
        net.flow[p] -= 1
        push(net, n + p, n + m)
