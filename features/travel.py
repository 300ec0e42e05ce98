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

import numpy as np
from numpy.typing import ArrayLike, NDArray

from features.vocabulary import Vervoer

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


def distance_km(lat1: ArrayLike, lon1: ArrayLike, lat2: ArrayLike, lon2: ArrayLike) -> Floats:
    """Return the great-circle distance (haversine) in km between points in degrees (WGS 84).

    Examples
    --------
    >>> round(float(distance_km(51.965, 6.288, 51.971, 6.722)), 1)  # Doetinchem, Winterswijk
    29.7
    """
    phi1, phi2 = np.radians(lat1), np.radians(lat2)
    north = np.sin((phi2 - phi1) / 2) ** 2
    east = np.sin((np.radians(lon2) - np.radians(lon1)) / 2) ** 2
    root = np.sqrt(north + np.cos(phi1) * np.cos(phi2) * east)
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(root, 1.0)), dtype=np.float64)


def mode_minutes(km: ArrayLike, vervoer: Vervoer) -> Floats:
    """Return the minutes that a distance as the crow flies takes; NaN for NaN."""
    mode = MODES[vervoer]
    length = np.maximum(np.asarray(km, dtype=np.float64), WITHIN_POSTCODE_KM)
    return length * (60 * mode.detour / mode.km_per_hour) + mode.fixed_minutes


def travel_minutes(
    lat1: ArrayLike, lon1: ArrayLike, lat2: ArrayLike, lon2: ArrayLike, vervoer: Vervoer
) -> Floats:
    """Return the one-way minutes between points in degrees (WGS 84) by one way of travelling.

    Parameters
    ----------
    lat1, lon1, lat2, lon2 : array_like of float
        Coordinates, broadcast together; NaN when unknown.
    vervoer : Vervoer
        The way of travelling.

    Returns
    -------
    ndarray of float
        Minutes, greater than 0; NaN where a coordinate is unknown.

    Examples
    --------
    >>> travel_minutes(51.965, 6.288, 51.971, 6.722, Vervoer.AUTO).round().item()
    52.0
    """
    return mode_minutes(distance_km(lat1, lon1, lat2, lon2), vervoer)


def fastest_minutes(km: ArrayLike, vervoer: NDArray[np.int64]) -> Floats:
    """Return the minutes by the fastest way of those available.

    Parameters
    ----------
    km : array_like of float
        Distances as the crow flies.
    vervoer : ndarray of int
        For each distance the ways available, as a bit set over the members of `Vervoer` in
        order; 0 or less stands for unknown, and then `DEFAULT_VERVOER` is assumed.
    """
    distances = np.asarray(km, dtype=np.float64)
    order = list(Vervoer)
    default = sum(1 << order.index(vervoer_word) for vervoer_word in DEFAULT_VERVOER)
    available = np.where(vervoer > 0, vervoer, default)
    fastest = np.full(distances.shape, np.inf)
    for place, word in enumerate(order):
        minutes = mode_minutes(distances, word)
        np.minimum(fastest, minutes, out=fastest, where=(available >> place) & 1 == 1)
    return np.where(np.isnan(distances), np.nan, fastest)
