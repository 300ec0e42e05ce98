"""One joint proposal for a whole matchtafel, with a proof that no better one exists.

Jongeren and leerwerkplekken, room, pairs that rules block, pairs that people want (pins) or do not
want (vetoes), and objectives in an order that the table chooses: each is as good as it can be
while those before it stay as good as they were. An `Allocation` does not change; to bend it gives
a new one, found from the old one by shortest paths (`models.allocation_path`) and equally good as
one computed afresh.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import polars as pl

from models.allocation_flow import solve
from models.allocation_network import ZONDER, Network, breaches
from models.allocation_objectives import STANDAARD, Doel, Ints
from models.allocation_path import enter, fill, shrink, withdraw
from models.allocation_problem import (
    SCALE,
    STEP,
    Bools,
    Problem,
    Waarde,
    make_problem,
    reorder,
    value,
)
from models.errors import PinConflictError

__all__ = ["PROPOSAL", "STANDAARD", "Allocation", "Doel", "Waarde", "allocate", "warm_up"]

PROPOSAL = pl.Schema(
    {
        "jongere_id": pl.String,
        "leerwerkplek_id": pl.String,
        "kans": pl.Float64,
        "vast": pl.Boolean,
    }
)
"""Columns of a proposal; `vast` is true for a pin."""
Pair = tuple[str, str]
"""jongere_id and leerwerkplek_id."""

TWEE_PLEKKEN = "twee plekken"
TE_VOL = "te vol"
VETO = "veto"
ONBEKEND = "onbekend"
MOST_PRICE = 2**61
"""Beyond this a re-solve begins afresh, so that prices never overflow."""


def allocate(
    pairs: pl.DataFrame,
    vrij: pl.DataFrame,
    *,
    doelen: Sequence[Doel] = STANDAARD,
    minimum: Mapping[str, float] | None = None,
    pins: Sequence[Pair] = (),
    vetoes: Sequence[Pair] = (),
    stap: int = STEP,
    seed: int = 0,
) -> "Allocation":
    """Propose at most one leerwerkplek for each jongere, together as good as possible.

    Parameters
    ----------
    pairs : DataFrame
        ``jongere_id``, ``leerwerkplek_id``, ``kans`` in [0, 1], and where known
        ``reistijd_minuten``. A pair without kans, one for which a Boolean column of
        `features.blokkade.column` is true, and one that is ``voorbehouden`` (the place is for
        others now, such as a partner's own pupils until a date) is never proposed.
    vrij : DataFrame
        ``leerwerkplek_id`` and ``vrij``: how many jongeren may be proposed, also more than one
        per free seat if the leerbedrijf wants to choose. A place without a row has none.
    doelen : sequence of Doel
        Objectives, the most important first.
    minimum : mapping of jongere_id to float
        Own alternative: no place is better than one whose kans is not above it. 0 when absent.
    pins, vetoes : sequence of (jongere_id, leerwerkplek_id)
        Pairs that must be proposed, also below the own minimum, and pairs that must not.
    stap : int
        Width of the steps of the leximin, on a scale of a million; 1 compares exactly.
    seed : int
        Decides between proposals that are equally good.

    Raises
    ------
    PinConflictError
        The pins cannot all be kept; it names those that conflict.
    ValueError
        A pair, a place or an objective occurs twice, or an id is unknown.
    """
    problem = make_problem(pairs, vrij, doelen=doelen, minimum=minimum, stap=stap, seed=seed)
    vetoed = [_known(problem, veto) for veto in vetoes]
    pinned = np.full(len(problem.jongeren), ZONDER, np.int64)
    for pin in sorted(set(pins)):
        _check_pin(problem, pinned, set(vetoed), pin)
        pair = _known(problem, pin)
        pinned[problem.jongere[pair]] = pair
    closed = np.array(sorted(set(vetoed) - {-1}), np.int64)
    return Allocation(problem, pinned, closed, solve(problem, pinned, closed))


def warm_up() -> None:
    """Compile all that solves, so that no table waits for it; stored code is only read.

    It takes some seconds, once on a machine, and may run in a thread of its own.
    """
    pairs = pl.DataFrame(
        {"jongere_id": ["a", "b"], "leerwerkplek_id": ["p", "p"], "kans": [0.5, 0.25]}
    )
    vrij = pl.DataFrame({"leerwerkplek_id": ["p"], "vrij": [1]})
    bent = allocate(pairs, vrij).with_veto("a", "p").with_pin("b", "p").without_pin("b")
    _ = bent.with_room("p", 0).without_veto("a", "p").with_room("p", 2).gap


@dataclass(frozen=True, eq=False)
class Allocation:
    """An optimal allocation, made by `allocate`.

    Parameters
    ----------
    problem : Problem
        Pairs, room and objectives as whole numbers.
    pinned : ndarray of shape (n_jongeren,)
        Pair that each jongere must have, -1 where free.
    vetoed : ndarray of int
        Pairs that must not be proposed.
    network : Network
        Who has which place, and the prices that prove it.
    """

    problem: Problem
    pinned: Ints
    vetoed: Ints
    network: Network

    @property
    def doelen(self) -> tuple[Doel, ...]:
        """Objectives, the most important first."""
        return self.problem.doelen

    @property
    def chosen(self) -> Ints:
        """Pair of each jongere, -1 without a place."""
        kept: Ints = np.where(self.pinned >= 0, self.pinned, self.network.keuze)
        return kept

    @cached_property
    def proposal(self) -> pl.DataFrame:
        """The proposal, as `PROPOSAL`, by jongere_id; who gets no place has no row."""
        problem, placed = self.problem, np.flatnonzero(self.chosen >= 0)
        pair = self.chosen[placed]
        return pl.DataFrame(
            {
                "jongere_id": [problem.jongeren[j] for j in placed],
                "leerwerkplek_id": [problem.plekken[p] for p in problem.plek[pair]],
                "kans": problem.kans[pair] / SCALE,
                "vast": self.pinned[placed] >= 0,
            },
            schema=PROPOSAL,
        )

    @cached_property
    def uitkomst(self) -> dict[Doel, Waarde]:
        """Value of each objective, in their order; pins count too."""
        return {doel: value(self.problem, doel, self.chosen) for doel in self.doelen}

    @cached_property
    def gap(self) -> int:
        """Distance to the bound that the prices prove; 0 is optimal in all objectives.

        The bound is the dual of the assignment: what all jongeren pay less what all places earn,
        whose first differing limb counts.

        Raises
        ------
        RuntimeError
            The prices prove no bound.
        """
        if count := breaches(self.network):
            raise RuntimeError(f"{count} arcs have a price that proves nothing")
        used, bound = _costs(self.network), _bound(self.network)
        return next((a - b for a, b in zip(used, bound, strict=True) if a != b), 0)

    def with_pin(self, jongere_id: str, leerwerkplek_id: str) -> "Allocation":
        """Return the best allocation that proposes this pair; PinConflictError if there is none."""
        pin = (jongere_id, leerwerkplek_id)
        _check_pin(self.problem, self.pinned, set(self.vetoed.tolist()), pin)
        pair = _known(self.problem, pin)
        j, p = self.number(jongere_id), int(self.problem.plek[pair])
        if self.pinned[j] == pair:
            return self
        new = self._copy()
        new.pinned[j] = pair
        withdraw(new.network, j)
        new.network.room[p] -= 1
        shrink(new.network, p)
        return new._checked()

    def without_pin(self, jongere_id: str) -> "Allocation":
        """Return the best allocation in which this jongere is free to have any place or none."""
        j = self.number(jongere_id)
        if self.pinned[j] < 0:
            return self
        new = self._copy()
        p = int(self.problem.plek[self.pinned[j]])
        new.pinned[j] = ZONDER
        new.network.room[p] += 1
        fill(new.network, p)
        enter(new.network, j)
        return new._checked()

    def with_veto(self, jongere_id: str, leerwerkplek_id: str) -> "Allocation":
        """Return the best allocation that does not propose this pair; refused when it is a pin."""
        pair = _known(self.problem, (jongere_id, leerwerkplek_id))
        j = self.number(jongere_id)
        if pair < 0 or pair in self.vetoed:
            return self
        if self.pinned[j] == pair:
            raise PinConflictError(VETO, ((jongere_id, leerwerkplek_id),))
        new = replace(self._copy(), vetoed=np.append(self.vetoed, pair))
        new.network.open[pair] = False
        if new.network.keuze[j] == pair:
            withdraw(new.network, j)
            enter(new.network, j)
        return new._checked()

    def without_veto(self, jongere_id: str, leerwerkplek_id: str) -> "Allocation":
        """Return the best allocation that may propose this pair again."""
        pair = _known(self.problem, (jongere_id, leerwerkplek_id))
        if pair not in self.vetoed:
            return self
        new = replace(self._copy(), vetoed=self.vetoed[self.vetoed != pair])
        j = self.number(jongere_id)
        new.network.open[pair] = self.problem.open[pair]
        if new.pinned[j] < 0:
            withdraw(new.network, j)
            enter(new.network, j)
        return new._checked()

    def with_room(self, leerwerkplek_id: str, vrij: int) -> "Allocation":
        """Return the best allocation when a place has room for so many; 0 for a lost place."""
        p = _position(self.problem.plekken, leerwerkplek_id, "leerwerkplek")
        there = np.flatnonzero(self.pinned >= 0)
        there = there[self.problem.plek[self.pinned[there]] == p]
        if len(there) > vrij:
            names = [(self.problem.jongeren[j], leerwerkplek_id) for j in there]
            raise PinConflictError(TE_VOL, tuple(names))
        new = self._copy()
        new.problem.vrij[p] = vrij
        new.network.room[p] = vrij - len(there)
        shrink(new.network, p)
        fill(new.network, p)
        return new._checked()

    def with_doelen(self, doelen: Sequence[Doel]) -> "Allocation":
        """Return the best allocation for other objectives, with the same pins and vetoes."""
        problem = reorder(self.problem, doelen)
        return replace(self, problem=problem, network=solve(problem, self.pinned, self.vetoed))

    def number(self, jongere_id: str) -> int:
        """Return the number of a jongere; ValueError when unknown."""
        return _position(self.problem.jongeren, jongere_id, "jongere")

    def _copy(self) -> "Allocation":
        """Return an allocation whose room, pins and network can be changed."""
        net = self.network
        own = {
            name: getattr(net, name).copy()
            for name in ("open", "room", "flow", "keuze", "first", "after", "before", "price")
        }
        return Allocation(
            replace(self.problem, vrij=self.problem.vrij.copy()),
            self.pinned.copy(),
            self.vetoed,
            net._replace(**own),
        )

    def _checked(self) -> "Allocation":
        if np.abs(self.network.price).max() < MOST_PRICE:
            return self
        return replace(self, network=solve(self.problem, self.pinned, self.vetoed))


def _position(ids: list[str], wanted: str, what: str) -> int:
    place = bisect_left(ids, wanted)
    if place == len(ids) or ids[place] != wanted:
        raise ValueError(f"unknown {what} {wanted}")
    return place


def _known(problem: Problem, pair: Pair) -> int:
    """Return the position of a pair, -1 when it can never be; ValueError for an unknown jongere."""
    j = _position(problem.jongeren, pair[0], "jongere")
    p = bisect_left(problem.plekken, pair[1])
    if p == len(problem.plekken) or problem.plekken[p] != pair[1]:
        return -1
    return problem.pair(j, p)


def _check_pin(problem: Problem, pinned: Ints, vetoed: set[int], pin: Pair) -> None:
    """Raise PinConflictError when a pin cannot join these pins."""
    pair = _known(problem, pin)
    if pair < 0:
        mine = pl.col("jongere_id") == pin[0], pl.col("leerwerkplek_id") == pin[1]
        found = problem.refused.filter(*mine)["reden"]
        raise PinConflictError(found[0] if len(found) else ONBEKEND, (pin,))
    if pair in vetoed:
        raise PinConflictError(VETO, (pin,))
    if problem.vrij[problem.plek[pair]] < 1:
        raise PinConflictError(TE_VOL, (pin,))
    j, p = _position(problem.jongeren, pin[0], "jongere"), problem.plek[pair]
    if pinned[j] == pair:
        return
    if pinned[j] >= 0:
        other = (pin[0], problem.plekken[problem.plek[pinned[j]]])
        raise PinConflictError(TWEE_PLEKKEN, tuple(sorted((pin, other))))
    there = np.flatnonzero(pinned >= 0)
    there = there[problem.plek[pinned[there]] == p]
    if len(there) >= problem.vrij[p]:
        names = [(problem.jongeren[one], pin[1]) for one in there]
        raise PinConflictError(TE_VOL, tuple(sorted((*names, pin))))


def _costs(net: Network) -> list[int]:
    """Return what the choices cost, per limb."""
    placed, without = net.keuze[net.keuze >= 0], net.keuze == ZONDER
    limbs = range(net.price.shape[1])
    return [_total(net.cost[placed, k]) + _total(net.zonder[without, k]) for k in limbs]


def _bound(net: Network) -> list[int]:
    """Return what no choice can cost less than, per limb: the value of the dual."""
    n, m = len(net.keuze), len(net.room)
    pays = net.price[n + m] - net.price[:n][net.keuze >= ZONDER]
    earns = net.price[n + m] - net.price[n : n + m]
    earns = np.where(_positive(earns)[:, None], earns, 0)
    return [
        _total(pays[:, k])
        - sum(int(r) * int(e) for r, e in zip(net.room, earns[:, k], strict=True))
        for k in range(net.price.shape[1])
    ]


def _positive(rows: Ints) -> Bools:
    """Return of each row whether its first number that is not zero is positive."""
    first = np.argmax(rows != 0, axis=1)
    positive: Bools = rows[np.arange(len(rows)), first] > 0
    return positive


def _total(values: Ints) -> int:
    """Return the exact sum, also beyond 64 bits."""
    return sum(int(one) for one in values)
