"""What to learn at each candidate place, and for how long: plans of which routes are made."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from models.praktijkverklaring_context import JongereFeiten, RouteContext
from models.praktijkverklaring_kandidaten import (
    Kandidaat,
    Vraag,
    as_problems,
    chances,
    find_kandidaten,
)
from models.praktijkverklaring_keuze import SIZES, STEP_HOURS, Keuze, solve
from models.praktijkverklaring_leren import WerkprocesModel


@dataclass(frozen=True)
class RouteConfig:
    """How far routes look.

    Parameters
    ----------
    aantal : int
        Most routes.
    weken : int
        Longest time at a place.
    genoeg : float
        The time is the shortest that brings this share of what the longest would.
    plekken, samen : int
        Places, and pairs of places of one leerbedrijf, that are worked out.
    """

    aantal: int = 5
    weken: int = 40
    genoeg: float = 0.95
    plekken: int = 30
    samen: int = 6


@dataclass(frozen=True)
class Plan:
    """A candidate with the werkprocessen that were chosen, in learning order."""

    kandidaat: Kandidaat
    leren: tuple[tuple[Vraag, float, float], ...]
    """(place, werkproces), hours, chance."""
    weken: int
    winst: float


def make_plannen(
    context: RouteContext,
    model: WerkprocesModel,
    jongere_id: str,
    feiten: JongereFeiten,
    kansen: Mapping[str, float],
    config: RouteConfig,
) -> list[Plan]:
    """Work out every candidate: what to learn there, and for how long."""
    kandidaten = find_kandidaten(
        context, feiten, kansen, most=config.plekken, most_together=config.samen
    )
    if not kandidaten:
        return []
    found = chances(context, model, jongere_id, kandidaten)
    budgets = [
        max(int(one.uren_per_week * config.weken // STEP_HOURS), SIZES[0]) for one in kandidaten
    ]
    solved = solve(as_problems(context, feiten, kandidaten, found), max(budgets))
    plans = []
    for row, (kandidaat, budget) in enumerate(zip(kandidaten, budgets, strict=True)):
        curve = solved.winst[row, : budget + 1]
        enough = int(np.argmax(curve >= config.genoeg * curve[-1]))
        plans.append(_plan(kandidaat, solved.keuze(row, enough), found))
    return [plan for plan in plans if plan.leren]


def _plan(
    kandidaat: Kandidaat,
    keuze: Keuze,
    found: Mapping[tuple[Vraag, float], NDArray[np.float64]],
) -> Plan:
    leren = []
    for chain, place, size in keuze.gekozen:
        one = kandidaat.ketens[chain][place]
        kans = float(found[one, kandidaat.uren_per_week][size])
        leren.append((one, SIZES[size] * STEP_HOURS, kans))
    weken = ceil(keuze.uren / kandidaat.uren_per_week)
    return Plan(kandidaat, tuple(leren), weken, kandidaat.blijft * keuze.winst)
