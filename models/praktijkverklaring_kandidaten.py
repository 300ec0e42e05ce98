"""Where a jongere can learn what: candidates, with the chances of every amount of hours."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.werkproces import of_jongere, werkproces_features
from models.praktijkverklaring_context import JongereFeiten, PlekAanbod, RouteContext
from models.praktijkverklaring_keuze import SIZES, STEP_HOURS, Keuzes
from models.praktijkverklaring_leren import WerkprocesModel

WISH = (0.3, 0.15)
"""By how much a qualification of the first and of another wished sector counts for more."""
CERTIFICAAT = 0.25
"""By how much the werkprocessen of a certificate count for more when all of them are learned."""

Vraag = tuple[str, str]
"""A leerwerkplek_id and a werkproces_id."""


@dataclass(frozen=True)
class Kandidaat:
    """A place, or two of one leerbedrijf together, and what can be learned there in which order.

    `ketens` hold (place, werkproces) pairs; hours and the chance that the jongere stays are
    those of the first place.
    """

    plek: PlekAanbod
    ook_bij: tuple[str, ...]
    blijft: float
    uren_per_week: float
    ketens: tuple[tuple[Vraag, ...], ...]

    @property
    def werkprocessen(self) -> list[Vraag]:
        """Every (place, werkproces), chain after chain."""
        return [one for chain in self.ketens for one in chain]


def find_kandidaten(
    context: RouteContext,
    feiten: JongereFeiten,
    kansen: Mapping[str, float],
    *,
    most: int,
    most_together: int,
) -> list[Kandidaat]:
    """Return the places where there is most to gain, by an upper bound, and pairs of them.

    Parameters
    ----------
    context : RouteContext
        The region.
    feiten : JongereFeiten
        Of the jongere.
    kansen : mapping of leerwerkplek_id to float
        Chance that a plaatsing holds, of every place that no rule blocks.
    most : int
        Places.
    most_together : int
        Pairs of places of one leerbedrijf with different werkprocessen.
    """
    found = []
    for name, kans in kansen.items():
        plek = context.plekken.get(name)
        ketens = _left(plek, feiten) if plek else ()
        if plek and ketens:
            hours = np.clip(feiten.uren_max or plek.uren_min, plek.uren_min, plek.uren_max)
            found.append(Kandidaat(plek, (), kans, float(hours), ketens))
    best = _most_to_gain(context, feiten, found, most)
    together = [
        joined
        for part in _per_leerbedrijf(best)
        for one, other in combinations(part, 2)
        if (joined := _joined(context, one, other)) is not None
    ]
    return best + _most_to_gain(context, feiten, together, most_together)


def chances(
    context: RouteContext,
    model: WerkprocesModel,
    jongere_id: str,
    kandidaten: Iterable[Kandidaat],
) -> dict[tuple[Vraag, float], NDArray[np.float64]]:
    """Return the chance of mastering each werkproces at each place with each amount of `SIZES`.

    Returns
    -------
    dict
        By ((place, werkproces), hours a week); arrays of shape (sizes,). 0 for amounts of which
        the model knows too few examples.
    """
    asked = list(
        dict.fromkeys(
            (one, kandidaat.uren_per_week)
            for kandidaat in kandidaten
            for one in kandidaat.werkprocessen
        )
    )
    frame = feature_rows(
        context,
        jongere_id,
        [(one, week, size * STEP_HOURS) for one, week in asked for size in SIZES],
    )
    found = model.predict(frame).reshape(len(asked), len(SIZES))
    found[:, np.array(SIZES) * STEP_HOURS < model.uren_minst] = 0.0
    return dict(zip(asked, found, strict=True))


def feature_rows(
    context: RouteContext, jongere_id: str, rows: list[tuple[Vraag, float, float]]
) -> pl.DataFrame:
    """Return the features of (place, werkproces), hours a week, and hours in all."""
    asked = pl.DataFrame(
        [(plek, werkproces, week, uren) for (plek, werkproces), week, uren in rows],
        schema={
            "leerwerkplek_id": pl.String,
            "werkproces_id": pl.String,
            "uren_per_week": pl.Float64,
            "uren": pl.Float64,
        },
        orient="row",
    ).with_columns(
        pl.lit(jongere_id).alias("jongere_id"), pl.lit(context.peildatum).alias("peildatum")
    )
    return werkproces_features(of_jongere(context.werkproces, jongere_id), asked)


def as_problems(
    context: RouteContext,
    feiten: JongereFeiten,
    kandidaten: list[Kandidaat],
    found: Mapping[tuple[Vraag, float], NDArray[np.float64]],
) -> Keuzes:
    """Put candidates side by side as knapsacks."""
    n = len(kandidaten)
    chains = max(len(one.ketens) for one in kandidaten)
    length = max(len(chain) for one in kandidaten for chain in one.ketens)
    waarde = np.zeros((n, chains, length))
    kans = np.zeros((n, chains, length, len(SIZES)))
    lengte = np.zeros((n, chains), np.int64)
    toeslag = np.zeros((n, chains))
    drempel = np.zeros((n, chains), np.int64)
    for row, kandidaat in enumerate(kandidaten):
        for column, chain in enumerate(kandidaat.ketens):
            lengte[row, column] = len(chain)
            drempel[row, column] = until_certificaat(context, feiten, [one for _, one in chain])
            toeslag[row, column] = CERTIFICAAT * (drempel[row, column] > 0)
            for place, one in enumerate(chain):
                waarde[row, column, place] = worth(context, feiten, one[1])
                kans[row, column, place] = found[one, kandidaat.uren_per_week]
    return Keuzes(waarde, kans, lengte, toeslag, drempel)


def worth(context: RouteContext, feiten: JongereFeiten, werkproces_id: str) -> float:
    """Return what mastering a werkproces adds: its share of the qualification, demand, wish."""
    fact = context.werkprocessen[werkproces_id]
    sector = context.kwalificaties[fact.opleidingcode].sector
    wished = 0.0
    if sector in feiten.wensen:
        wished = WISH[min(feiten.wensen.index(sector), 1)]
    return fact.waarde * (1 + wished)


def _left(plek: PlekAanbod, feiten: JongereFeiten) -> tuple[tuple[Vraag, ...], ...]:
    """Return the chains of a place without what is mastered already."""
    chains = (
        tuple((plek.leerwerkplek_id, one) for one in chain if one not in feiten.beheerst)
        for chain in plek.ketens
    )
    return tuple(chain for chain in chains if chain)


def until_certificaat(context: RouteContext, feiten: JongereFeiten, chain: Sequence[str]) -> int:
    """Return how many werkprocessen of a chain must be learned for its nearest certificate.

    0 when learning all of the chain earns none. A certificate with werkprocessen of several
    kerntaken is shown where it is earned, but does not steer the choice. Of a qualification whose
    certificates are not known a complete kerntaak stands in for one.
    """
    fact = context.werkprocessen[chain[0]]
    dossier = context.kwalificaties[fact.opleidingcode]
    earned = [one.werkprocessen for one in dossier.certificaten] or [
        frozenset(dossier.kerntaken[fact.kerntaak])
    ]
    needed = [
        max(chain.index(one) for one in asked - feiten.beheerst) + 1
        for asked in earned
        if asked - feiten.beheerst and asked <= feiten.beheerst.union(chain)
    ]
    return min(needed, default=0)


def _most_to_gain(
    context: RouteContext, feiten: JongereFeiten, kandidaten: list[Kandidaat], most: int
) -> list[Kandidaat]:
    def bound(kandidaat: Kandidaat) -> float:
        whole = sum(worth(context, feiten, one) for _, one in kandidaat.werkprocessen)
        return -kandidaat.blijft * whole

    return sorted(kandidaten, key=bound)[:most]


def _per_leerbedrijf(kandidaten: list[Kandidaat]) -> list[list[Kandidaat]]:
    found: dict[str, list[Kandidaat]] = {}
    for one in kandidaten:
        found.setdefault(one.plek.leerbedrijf_id, []).append(one)
    return list(found.values())


def _joined(context: RouteContext, one: Kandidaat, other: Kandidaat) -> Kandidaat | None:
    """Return two places of one leerbedrijf as one candidate; the likelier place leads.

    What both teach, or what their qualifications share, is learned at the first. None when the
    second adds nothing.
    """
    first, second = (one, other) if one.blijft >= other.blijft else (other, one)
    shared = {context.werkprocessen[name].gelijk for _, name in first.werkprocessen}
    added = tuple(
        left
        for chain in second.ketens
        if (left := tuple(w for w in chain if context.werkprocessen[w[1]].gelijk not in shared))
    )
    if not added:
        return None
    return Kandidaat(
        plek=first.plek,
        ook_bij=(second.plek.leerwerkplek_id,),
        blijft=first.blijft,
        uren_per_week=first.uren_per_week,
        ketens=first.ketens + added,
    )
