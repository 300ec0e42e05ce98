"""How long a journey takes, as a stated approximation from coordinates.

Minutes = distance as the crow flies x detour / speed + fixed minutes. The detour is the usual
circuity of Dutch roads and cycle paths (about 1.3; 1.4 for public transport, which follows its
lines). Speeds are door to door, stops at crossings included. The fixed minutes stand for
unlocking and parking, and for public transport for the walk to the stop and the wait. These are
assumptions for a region of towns and villages, not a timetable: they order places by effort and
hold a journey against the jongere's own limit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from features.vocabulary import Omstandigheid, Vervoer

EARTH_RADIUS_KM = 6371.0088
"""Mean radius (IUGG)."""
WITHIN_POSTCODE_KM = 1.0
"""Least distance: coordinates are those of a whole postcode area."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Mode:
    """Assumptions on one way of travelling."""

    km_per_hour: float
    fixed_minutes: float
    detour: float


MODES: Mapping[Vervoer, Mode] = {
    Vervoer.LOPEN: Mode(5.0, 0.0, 1.25),
    Vervoer.FIETS: Mode(15.0, 2.0, 1.3),
    Vervoer.E_BIKE: Mode(20.0, 2.0, 1.3),
    Vervoer.SCOOTER: Mode(28.0, 3.0, 1.3),
    Vervoer.OV: Mode(32.0, 16.0, 1.4),
    Vervoer.AUTO: Mode(50.0, 6.0, 1.3),
}
DEFAULT_VERVOER = (Vervoer.LOPEN, Vervoer.FIETS, Vervoer.OV)
"""What a jongere is taken to have when nothing is known."""


class Travel(NamedTuple):
    """The assumptions as numbers: minutes = km x `per_km` + `vast`, per bit of a set of ways."""

    per_km: Floats
    vast: Floats
    standaard: int
    """Ways that are assumed when none is known."""
    least_km: float
    diameter_km: float
    """Of the earth."""
    rijbewijs: int
    """The bit of a driving licence among the conditions of a place."""


def travel_assumptions() -> Travel:
    """Return the assumptions of `MODES`, the bits in the order of `Vervoer`.

    Examples
    --------
    >>> assumed = travel_assumptions()
    >>> round(float(20 * assumed.per_km[1] + assumed.vast[1]))  # 20 km by bicycle
    106
    """
    order = list(Vervoer)
    modes = [MODES[word] for word in order]
    return Travel(
        per_km=np.array([60 * mode.detour / mode.km_per_hour for mode in modes]),
        vast=np.array([mode.fixed_minutes for mode in modes]),
        standaard=sum(1 << order.index(word) for word in DEFAULT_VERVOER),
        least_km=WITHIN_POSTCODE_KM,
        diameter_km=2 * EARTH_RADIUS_KM,
        rijbewijs=1 << list(Omstandigheid).index(Omstandigheid.RIJBEWIJS),
    )
