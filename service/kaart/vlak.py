"""Points on a map: outlines around the postcodes of a town, and how far one travels in a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from features.travel import MODES
from features.vocabulary import Vervoer

RINGEN = (15, 30, 45)
"""Minutes of travel that are drawn around the home."""


@dataclass(frozen=True, order=True)
class Punt:
    """Degrees east and north (WGS 84)."""

    lengtegraad: float
    breedtegraad: float


def outline(points: Iterable[Punt]) -> tuple[Punt, ...]:
    """Return the corners of the smallest convex area around points, anticlockwise.

    Fewer than three corners, as of points on one line, make no area: then nothing is returned.

    References
    ----------
    A. M. Andrew, "Another efficient algorithm for convex hulls in two dimensions", Information
    Processing Letters 9(5), 1979.
    """
    ordered = sorted(set(points))
    corners = _half(ordered) + _half(ordered[::-1])
    return tuple(corners) if len(corners) > 2 else ()


def middle(points: Sequence[Punt]) -> Punt:
    """Return the mean of points; of a town this is where a journey is taken to begin."""
    n = len(points)
    return Punt(
        sum(one.lengtegraad for one in points) / n, sum(one.breedtegraad for one in points) / n
    )


def ring_km(minuten: float, vervoer: Iterable[Vervoer]) -> float:
    """Return how far, as the crow flies, the quickest of these ways brings one in a time.

    Parameters
    ----------
    minuten : float
        Time for one way.
    vervoer : iterable of Vervoer
        Ways that one has.

    Examples
    --------
    >>> round(ring_km(30, [Vervoer.FIETS]), 1)
    5.4
    """
    reach = [
        (minuten - mode.fixed_minutes) * mode.km_per_hour / (60 * mode.detour)
        for mode in (MODES[way] for way in vervoer)
    ]
    return max((0.0, *reach))


def _half(ordered: Sequence[Punt]) -> list[Punt]:
    """Return one side of the area, without its last point, which begins the other side."""
    side: list[Punt] = []
    for point in ordered:
        while len(side) > 1 and _turn(side[-2], side[-1], point) <= 0:
            side.pop()
        side.append(point)
    return side[:-1]


def _turn(one: Punt, two: Punt, three: Punt) -> float:
    """Return twice the area of a triangle; above 0 when it turns anticlockwise."""
    return (two.lengtegraad - one.lengtegraad) * (three.breedtegraad - one.breedtegraad) - (
        two.breedtegraad - one.breedtegraad
    ) * (three.lengtegraad - one.lengtegraad)
