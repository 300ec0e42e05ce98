"""Who waits for what: the place with the greatest kans of each jongere, and where too many want it.

A place is scarce here when it is the best one for more jongeren than it has room for. What one more
would do is another question, answered by solving again in `service.web.tafel_anders`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.allocation import Allocation
from models.allocation_problem import SCALE
from service.matchtafel.zicht import TafelZicht
from service.web.tafel_regels import Plekkeuze, Wens

MOST = 6
"""Scarce places that the page names; the tightest first."""


@dataclass(frozen=True)
class Schaarste:
    """A place that is the best one for more jongeren than it has room for."""

    leerwerkplek_id: str
    naam: str
    vrij: int
    krijgt: tuple[str, ...]
    wacht: tuple[str, ...]

    @property
    def willen(self) -> int:
        """How many jongeren have their greatest kans here."""
        return len(self.krijgt) + len(self.wacht)

    @property
    def zin(self) -> str:
        """Say how many want it and how many it has room for.

        Examples
        --------
        >>> Schaarste("P1", "Kok", 1, ("Anna",), ("Bert", "Chris")).zin
        '3 jongeren willen, 1 plek'
        """
        who = "1 jongere wil" if self.willen == 1 else f"{self.willen} jongeren willen"
        return f"{who}, {self.vrij} {'plek' if self.vrij == 1 else 'plekken'}"


def wensen_of(
    zicht: TafelZicht, solved: Allocation, shown: Mapping[str, str | None]
) -> dict[str, Wens]:
    """Return the place with the greatest kans of everybody who has one, by jongere_id.

    Parameters
    ----------
    zicht : TafelZicht
        Gives the names.
    solved : Allocation
        The proposal of now; only pairs that it could propose count.
    shown : mapping of jongere_id to leerwerkplek_id
        The proposal as the page shows it.
    """
    problem = solved.problem
    has: dict[str, list[str]] = {}
    for jongere, plek in shown.items():
        if plek is not None:
            has.setdefault(plek, []).append(zicht.naam(jongere))
    best: dict[str, Wens] = {}
    rows = np.flatnonzero(solved.network.open)
    for row in rows[np.lexsort((problem.plek[rows], -problem.kans[rows]))]:
        jongere, plek = problem.jongeren[problem.jongere[row]], problem.plekken[problem.plek[row]]
        if jongere not in best:
            keuze = Plekkeuze(plek, zicht.plek(plek), float(problem.kans[row] / SCALE))
            best[jongere] = Wens(keuze, tuple(has.get(plek, ())))
    return best


def schaarste_of(
    zicht: TafelZicht,
    solved: Allocation,
    wensen: Mapping[str, Wens],
    shown: Mapping[str, str | None],
) -> tuple[Schaarste, ...]:
    """Return the places that more jongeren have their greatest kans at than there is room."""
    wanted: dict[str, list[str]] = {}
    for jongere in sorted(wensen, key=zicht.naam):
        wanted.setdefault(wensen[jongere].plek.leerwerkplek_id, []).append(jongere)
    room = dict(zip(solved.problem.plekken, solved.problem.vrij.tolist(), strict=True))
    found = [
        Schaarste(
            plek,
            zicht.plek(plek),
            room[plek],
            tuple(zicht.naam(one) for one in people if shown.get(one) == plek),
            tuple(zicht.naam(one) for one in people if shown.get(one) != plek),
        )
        for plek, people in wanted.items()
        if len(people) > room[plek]
    ]
    found.sort(key=lambda one: (one.vrij - one.willen, one.naam))
    return tuple(found[:MOST])
