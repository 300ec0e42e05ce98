"""Answers to "why" about a proposal, found by computing it again with the answer in it."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from models.allocation import Allocation
from models.allocation_network import ZONDER
from models.allocation_objectives import Doel
from models.allocation_problem import SCALE, Waarde, value

FAIRNESS = (Doel.MOEILIJK_PLAATSBAAR, Doel.ZWAKSTE_KANS, Doel.ZWAKSTE_WINST)
"""Objectives that protect; without them the rest of the order stands."""
RESERVES = pl.Schema(
    {
        "leerwerkplek_id": pl.String,
        "rang": pl.Int64,
        "jongere_id": pl.String,
        "kans": pl.Float64,
        "nu_op": pl.String,
    }
)
"""Columns of spare candidates; `nu_op` is the place that the proposal has for them now."""


@dataclass(frozen=True)
class Verschuiving:
    """A jongere who gets another place; None for no place."""

    jongere_id: str
    van: str | None
    naar: str | None
    kans_van: float
    kans_naar: float


@dataclass(frozen=True)
class Verschil:
    """What changes when the proposal is made again with one thing different.

    Parameters
    ----------
    nu, dan : mapping of Doel to Waarde
        Value of each objective before and after, in the order of the table.
    verschuivingen : tuple of Verschuiving
        Everybody whose place changes, by jongere_id.
    """

    nu: dict[Doel, Waarde]
    dan: dict[Doel, Waarde]
    verschuivingen: tuple[Verschuiving, ...]

    @property
    def winst(self) -> float:
        """Expected sustained plaatsingen gained; negative for a loss."""
        return sum(one.kans_naar - one.kans_van for one in self.verschuivingen)


@dataclass(frozen=True)
class Waarom:
    """Why a jongere did not get a place.

    Parameters
    ----------
    bezet_door : tuple of str
        Who has the place in the proposal, by jongere_id.
    verschil : Verschil
        What changes for the table if this jongere gets it after all.
    """

    bezet_door: tuple[str, ...]
    verschil: Verschil


@dataclass(frozen=True)
class SchaarsePlek:
    """A place of which one more would help: its price is what one more adds."""

    leerwerkplek_id: str
    verschil: Verschil


def waarom_niet(allocation: Allocation, jongere_id: str, leerwerkplek_id: str) -> Waarom:
    """Tell who has a place and what the table loses if this jongere gets it.

    Raises
    ------
    PinConflictError
        The pair cannot be proposed at all, or only people's own pins stand in its way.
    """
    other = allocation.with_pin(jongere_id, leerwerkplek_id)
    has = allocation.proposal.filter(pl.col("leerwerkplek_id") == leerwerkplek_id)
    return Waarom(tuple(has["jongere_id"]), difference(allocation, other))


def extra_plaats(allocation: Allocation, leerwerkplek_id: str) -> Verschil:
    """Tell who gains, and how much, if one jongere more may be proposed for a place."""
    p = allocation.problem.plekken.index(leerwerkplek_id)
    room = int(allocation.problem.vrij[p]) + 1
    return difference(allocation, allocation.with_room(leerwerkplek_id, room))


def kosten_pin(allocation: Allocation, jongere_id: str) -> Verschil:
    """Tell what changes if the pin of a jongere is let go: the gain is what the pin costs."""
    return difference(allocation, allocation.without_pin(jongere_id))


def prijs_van_bescherming(allocation: Allocation) -> Verschil:
    """Tell what the protecting objectives cost: the proposal beside the one without them."""
    rest = [doel for doel in allocation.doelen if doel not in FAIRNESS]
    return difference(allocation, allocation.with_doelen(rest or [Doel.TOTAAL]))


def schaarse_plekken(allocation: Allocation, top: int = 10) -> list[SchaarsePlek]:
    """Return the places whose one more seat has the highest price, each with what it would add.

    The price that proves the optimum says where to look (it is never too low); what one more
    adds is computed by solving again.
    """
    net, n, m = allocation.network, *_sizes(allocation)
    earns = net.price[n + m] - net.price[n : n + m]
    scarce = np.flatnonzero(net.flow >= net.room)
    ordered = scarce[np.lexsort((*-earns[scarce].T[::-1],))]
    names = [allocation.problem.plekken[p] for p in ordered[:top]]
    return [SchaarsePlek(name, extra_plaats(allocation, name)) for name in names]


def reserves(allocation: Allocation, per_plek: int = 2) -> pl.DataFrame:
    """Return spare candidates of every place that is proposed, because employers want to choose.

    The first is whom the table could send at the least loss, by the price of the pair: what a
    change to it loses at least, in the order of the objectives.

    Returns
    -------
    DataFrame of `RESERVES`
        By leerwerkplek_id and rang, from 1 to at most `per_plek`.
    """
    problem, net, chosen = allocation.problem, allocation.network, allocation.chosen
    n, _ = _sizes(allocation)
    jongere = problem.jongere
    proposed = np.zeros(len(problem.plekken), np.bool_)
    proposed[problem.plek[chosen[chosen >= 0]]] = True
    spare = net.open & proposed[problem.plek] & (allocation.pinned < 0)[jongere]
    spare[chosen[chosen >= 0]] = False
    rows = np.flatnonzero(spare)
    loss = net.cost[rows] + net.price[jongere[rows]] - net.price[n + problem.plek[rows]]
    order = np.lexsort((*loss.T[::-1], problem.plek[rows]))
    rows = rows[order]
    place = problem.plek[rows]
    rang = np.arange(len(rows)) - np.searchsorted(place, place) + 1
    rows, rang = rows[rang <= per_plek], rang[rang <= per_plek]
    return pl.DataFrame(
        {
            "leerwerkplek_id": [problem.plekken[p] for p in problem.plek[rows]],
            "rang": rang,
            "jongere_id": [problem.jongeren[j] for j in jongere[rows]],
            "kans": problem.kans[rows] / SCALE,
            "nu_op": [_place(allocation, pair) for pair in chosen[jongere[rows]]],
        },
        schema=RESERVES,
    )


def difference(before: Allocation, after: Allocation) -> Verschil:
    """Return who moves between two proposals of the same table, and what it does to each objective.

    Both are measured on the objectives of the first.
    """
    moved = np.flatnonzero(before.chosen != after.chosen)
    return Verschil(
        before.uitkomst,
        {doel: value(after.problem, doel, after.chosen) for doel in before.doelen},
        tuple(
            Verschuiving(
                before.problem.jongeren[j],
                _place(before, before.chosen[j]),
                _place(after, after.chosen[j]),
                _kans(before, before.chosen[j]),
                _kans(after, after.chosen[j]),
            )
            for j in moved
        ),
    )


def _sizes(allocation: Allocation) -> tuple[int, int]:
    return len(allocation.problem.jongeren), len(allocation.problem.plekken)


def _place(allocation: Allocation, pair: int) -> str | None:
    return None if pair == ZONDER else allocation.problem.plekken[allocation.problem.plek[pair]]


def _kans(allocation: Allocation, pair: int) -> float:
    return 0.0 if pair == ZONDER else float(allocation.problem.kans[pair] / SCALE)
