"""Few routes that really differ: by what is learned, by employer and by sector."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WEIGHT_WERKPROCES, WEIGHT_LEERBEDRIJF, WEIGHT_SECTOR = 0.5, 0.3, 0.2
LEAST_DISTANCE = 0.35
"""Two routes nearer than this are the same to a jongere: another place that teaches the same in
the same sector is at 0.3."""
WEIGHT_GAIN = 0.8
"""How much gain counts beside difference when the next route is picked."""


@dataclass(frozen=True)
class Kenmerk:
    """By what a route differs from another."""

    werkprocessen: frozenset[str]
    leerbedrijf_id: str
    sector: str | None


def distance(one: Kenmerk, other: Kenmerk) -> float:
    """Return how different two routes are, from 0 (the same) to 1; symmetric.

    The Jaccard distance of the werkprocessen for a half, another leerbedrijf for three tenths,
    another sector for two tenths.
    """
    union = one.werkprocessen | other.werkprocessen
    shared = len(one.werkprocessen & other.werkprocessen) / len(union) if union else 1.0
    return (
        WEIGHT_WERKPROCES * (1 - shared)
        + WEIGHT_LEERBEDRIJF * (one.leerbedrijf_id != other.leerbedrijf_id)
        + WEIGHT_SECTOR * (one.sector != other.sector)
    )


def pick_different(
    winst: NDArray[np.float64], kenmerken: Sequence[Kenmerk], aantal: int
) -> list[int]:
    """Return the positions of the routes to show: the best first, then gain against likeness.

    Parameters
    ----------
    winst : array of shape (n,)
        Gain of each route, at least 0.
    kenmerken : sequence of Kenmerk
        Of each route.
    aantal : int
        At most so many. No two that are shown are nearer than `LEAST_DISTANCE`.

    References
    ----------
    Carbonell and Goldstein (1998), The use of MMR, diversity-based reranking, SIGIR.
    """
    if not len(winst):
        return []
    scaled = winst / max(float(winst.max()), 1e-12)
    nearest = np.ones(len(winst))
    picked: list[int] = []
    while len(picked) < aantal:
        worth = WEIGHT_GAIN * scaled + (1 - WEIGHT_GAIN) * nearest if picked else scaled.copy()
        worth[picked] = -np.inf
        worth[nearest < LEAST_DISTANCE] = -np.inf
        best = int(np.argmax(worth))
        if not np.isfinite(worth[best]):
            break
        picked.append(best)
        to_best = [distance(kenmerken[best], one) for one in kenmerken]
        nearest = np.minimum(nearest, to_best)
    return picked


def mean_distance(kenmerken: Sequence[Kenmerk]) -> float:
    """Return the mean distance over all pairs; 0 with fewer than two."""
    pairs = [
        distance(one, other)
        for place, one in enumerate(kenmerken)
        for other in kenmerken[place + 1 :]
    ]
    return float(np.mean(pairs)) if pairs else 0.0
