"""The optimum of an allocation from nothing: a minimum-cost flow, then a proof.

The solver knows one number per arc. It gets the digits of the objectives with weights as large as
64 bits allow: too small to be sure of the order, large enough to come near. `models.
allocation_proof` goes on from there with the whole vector of costs, until the proof is there.

References
----------
Solver: OR-tools `SimpleMinCostFlow`, cost scaling after A. V. Goldberg, An efficient
implementation of a scaling minimum-cost flow algorithm, J. Algorithms 22 (1997).
"""

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow

from models.allocation_network import AFWEZIG, NOBODY, ZONDER, Network, compiled, link
from models.allocation_problem import Problem
from models.allocation_proof import prove

Ints = NDArray[np.int64]


def solve(problem: Problem, pinned: Ints, vetoed: Ints) -> Network:
    """Return an allocation that is optimal for all objectives in their order, with its prices.

    Parameters
    ----------
    problem : Problem
        Pairs, room and costs.
    pinned : ndarray of shape (n_jongeren,)
        Pair that each jongere must have, -1 where free. They stay outside the network.
    vetoed : ndarray of int
        Pairs that must not be.
    """
    n, m = len(problem.jongeren), len(problem.plekken)
    taken = np.bincount(problem.plek[pinned[pinned >= 0]], minlength=m)
    net = Network(
        begin=problem.begin,
        plek=problem.plek,
        cost=problem.cost,
        zonder=problem.zonder,
        open=problem.open.copy(),
        room=problem.vrij - taken,
        flow=np.zeros(m, np.int64),
        keuze=np.where(pinned >= 0, AFWEZIG, ZONDER),
        first=np.full(m + 1, NOBODY, np.int64),
        after=np.full(n, NOBODY, np.int64),
        before=np.full(n, NOBODY, np.int64),
        price=np.zeros((n + m + 1, problem.cost.shape[1]), np.int64),
    )
    net.open[vetoed] = False
    free = np.flatnonzero(net.keuze == ZONDER)
    if len(free):
        used = _flow(problem, net, free)
        net.keuze[problem.jongere[used]] = used
        net.flow[:] = np.bincount(problem.plek[used], minlength=m)
        _link_all(net)
        prove(net)
    return net


def _flow(problem: Problem, net: Network, free: Ints) -> Ints:
    """Return the pairs in use in a minimum-cost flow of the near costs."""
    n, m = len(problem.jongeren), len(problem.plekken)
    jongere = problem.jongere
    pairs = np.flatnonzero(net.open & (net.room > 0)[net.plek] & (net.keuze == ZONDER)[jongere])
    places = np.flatnonzero(net.room > 0)
    tail = np.concatenate([jongere[pairs], free, n + places])
    head = np.concatenate([n + net.plek[pairs], np.full(len(free) + len(places), n + m)])
    capacity = np.concatenate([np.ones(len(pairs) + len(free), np.int64), net.room[places]])
    cost = np.concatenate(
        [problem.near[pairs], problem.near_zonder[free], np.zeros(len(places), np.int64)]
    )
    solver = min_cost_flow.SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(tail, head, capacity, cost)
    solver.set_nodes_supplies(free, np.ones(len(free), np.int64))
    solver.set_node_supply(n + m, -len(free))
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise RuntimeError(f"minimum-cost flow ended with {status}")
    used: Ints = pairs[solver.flows(arcs[: len(pairs)]) > 0]
    return used


@compiled
def _link_all(net: Network) -> None:
    for j in range(len(net.keuze) - 1, -1, -1):
        pair = net.keuze[j]
        if pair != AFWEZIG:
            link(net, j, len(net.room) if pair == ZONDER else net.plek[pair], pair)
