"""Successive shortest paths in an allocation, with costs that are compared limb by limb.

One more or one less unit is one shortest path along arcs that can still change, after which new
prices prove the new optimum.

References
----------
R. K. Ahuja, T. L. Magnanti and J. B. Orlin, Network Flows (1993), section 9.7.
"""

from typing import NamedTuple

import numpy as np

from models.allocation_network import (
    AFWEZIG,
    NOBODY,
    ZONDER,
    Ints,
    Network,
    compiled,
    less,
    link,
    unlink,
)

FAR = 2**62
DONE = -2


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
        if not less(search.far, node, search.far, heap[above]):
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
        if child + 1 < size and less(far, heap[child + 1], far, heap[child]):
            child += 1
        if not less(far, heap[child], far, node):
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
    if b != goal and not less(trial, 0, far, goal):
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
        if less(net.price, j, trial, 0):
            for limb in range(net.price.shape[1]):
                net.price[j, limb] = trial[0, limb]


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
    while net.flow[p] < net.room[p] and less(net.price, n + p, net.price, n + m):
        net.flow[p] += 1
        push(net, n + m, n + p)


@compiled
def shrink(net: Network, p: int) -> None:
    """Send on whom a place no longer has room for, where that costs least."""
    n, m = net.zonder.shape[0], net.room.shape[0]
    while net.flow[p] > net.room[p]:
        net.flow[p] -= 1
        push(net, n + p, n + m)
