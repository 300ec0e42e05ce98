"""From a good allocation to one with a proof: cancel every cycle that still improves it.

Prices are found by label-correcting on the network of changes that are still possible. A cycle of
lexicographically negative cost is a round of exchanges that makes the proposal better: it is
carried out, and the labels go on from where they were. When no label can change any more there is
no such cycle, so the allocation is optimal, and the labels are the prices that prove it.

References
----------
M. Klein, A primal method for minimal cost flows, Management Science 14 (1967); B. V. Cherkassky
and A. V. Goldberg, Negative-cycle detection algorithms, Mathematical Programming 85 (1999).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.allocation_network import AFWEZIG, NOBODY, ZONDER, Network, compiled, link, unlink

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Labels(NamedTuple):
    """Labels under way: one per node, who led to it, and the places whose label has changed.

    `parent` holds per place (the sink last) the jongere who came, or minus 2 minus the place that
    gave a unit back; `waits` the places in the `queue`, a ring that begins at `ring[0]` and holds
    ``ring[1]`` of them.
    """

    far: Ints
    parent: Ints
    via: Ints
    queue: Ints
    waits: Bools
    ring: Ints


@compiled
def prove(net: Network) -> int:
    """Improve the allocation until it is optimal and set the prices that prove it, in place.

    Returns
    -------
    int
        Number of rounds of exchanges that were carried out.
    """
    n, m = len(net.keuze), len(net.room)
    labels = Labels(
        np.zeros_like(net.price),
        np.full(m + 1, NOBODY, np.int64),
        np.full(m + 1, NOBODY, np.int64),
        np.empty(m + 1, np.int64),
        np.zeros(m + 1, np.bool_),
        np.zeros(2, np.int64),
    )
    for p in range(m + 1):
        _wait(labels, p)
    for j in range(n):
        if net.keuze[j] != AFWEZIG:
            _leave(net, labels, j)
    rounds, seen = 0, 0
    while labels.ring[1] > 0:
        p = labels.queue[labels.ring[0]]
        labels.ring[0] = (labels.ring[0] + 1) % (m + 1)
        labels.ring[1] -= 1
        labels.waits[p] = False
        _spread(net, labels, p)
        seen += 1
        if seen > m:
            rounds += _cancel(net, labels)
            seen = 0
    _set_prices(net, labels)
    return rounds


@compiled
def _wait(labels: Labels, p: int) -> None:
    if not labels.waits[p]:
        labels.waits[p] = True
        labels.queue[(labels.ring[0] + labels.ring[1]) % len(labels.queue)] = p
        labels.ring[1] += 1


@compiled
def _lower(labels: Labels, a: int, b: int, costs: Ints, row: int, sign: int) -> bool:
    """Lower the label of node b to that of a plus the cost of the arc, if that is less."""
    far = labels.far
    lower = False
    for limb in range(far.shape[1]):
        value = far[a, limb] + sign * costs[row, limb]
        if not lower:
            if value > far[b, limb]:
                return False
            lower = value < far[b, limb]
        if lower:
            far[b, limb] = value
    return lower


@compiled
def _spread(net: Network, labels: Labels, p: int) -> None:
    """Tell what a place (or the sink) can give up or pass on that its label has changed."""
    n, m = len(net.keuze), len(net.room)
    if p < m and net.flow[p] < net.room[p]:
        _pass_on(net, labels, p, m)
    if p == m:
        for q in range(m):
            if net.flow[q] > 0:
                _pass_on(net, labels, m, q)
    j = net.first[p]
    while j != NOBODY:
        if p == m:
            lower = _lower(labels, n + m, j, net.zonder, j, -1)
        else:
            lower = _lower(labels, n + p, j, net.cost, net.keuze[j], -1)
        if lower:
            _leave(net, labels, j)
        j = net.after[j]


@compiled
def _pass_on(net: Network, labels: Labels, p: int, q: int) -> None:
    n = len(net.keuze)
    if _lower(labels, n + p, n + q, net.zonder, 0, 0):
        labels.parent[q] = -2 - p
        _wait(labels, q)


@compiled
def _leave(net: Network, labels: Labels, j: int) -> None:
    """Tell the other places of a jongere that its label has changed."""
    n, m = len(net.keuze), len(net.room)
    own = net.keuze[j]
    for pair in range(net.begin[j], net.begin[j + 1]):
        if net.open[pair] and pair != own:
            p = net.plek[pair]
            if _lower(labels, j, n + p, net.cost, pair, 1):
                labels.parent[p], labels.via[p] = j, pair
                _wait(labels, p)
    if own != ZONDER and _lower(labels, j, n + m, net.zonder, j, 1):
        labels.parent[m], labels.via[m] = j, ZONDER
        _wait(labels, m)


@compiled
def _place_of(net: Network, j: int) -> int:
    return len(net.room) if net.keuze[j] == ZONDER else int(net.plek[net.keuze[j]])


@compiled
def _before(net: Network, labels: Labels, p: int) -> int:
    """Return the place from which the label of a place came; NOBODY at a beginning."""
    parent = labels.parent[p]
    if parent == NOBODY:
        return NOBODY
    return int(-2 - parent) if parent < NOBODY else _place_of(net, parent)


@compiled
def _cancel(net: Network, labels: Labels) -> int:
    """Carry out every round of exchanges among the parents; return how many."""
    m = len(net.room)
    colour = np.zeros(m + 1, np.int64)
    rounds = 0
    for start in range(m + 1):
        p = start
        while p != NOBODY and colour[p] == 0:
            colour[p] = start + 1
            p = _before(net, labels, p)
        if p != NOBODY and colour[p] == start + 1:
            _exchange(net, labels, p, colour)
            rounds += 1
    return rounds


@compiled
def _exchange(net: Network, labels: Labels, start: int, colour: Ints) -> None:
    """Send one unit around the cycle of parents that holds a place, and forget those parents."""
    m = len(net.room)
    p = start
    while labels.parent[p] != NOBODY:
        before, parent = _before(net, labels, p), labels.parent[p]
        labels.parent[p] = NOBODY
        colour[p] = m + 2
        if parent < NOBODY:
            if p == m:
                net.flow[before] += 1
            else:
                net.flow[p] -= 1
        else:
            unlink(net, parent, before)
            link(net, parent, p, labels.via[p])
        _wait(labels, p)
        p = before


@compiled
def _set_prices(net: Network, labels: Labels) -> None:
    """Set prices to labels, 0 at the sink; a jongere's own arc costs nothing."""
    n, m = len(net.keuze), len(net.room)
    for limb in range(net.price.shape[1]):
        for p in range(m + 1):
            net.price[n + p, limb] = labels.far[n + p, limb] - labels.far[n + m, limb]
        for j in range(n):
            if net.keuze[j] == AFWEZIG:
                net.price[j, limb] = 0
            elif net.keuze[j] == ZONDER:
                net.price[j, limb] = -net.zonder[j, limb]
            else:
                pair = net.keuze[j]
                net.price[j, limb] = net.price[n + net.plek[pair], limb] - net.cost[pair, limb]
