import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.pair_arrays import bit_set
from features.pair_kernel import JONGERE, PLEK, _minutes
from features.travel import MODES, travel_assumptions
from features.vocabulary import Vervoer
from tests.features.slow_pairs import great_circle_km, journey_minutes

ALL_MODES = list(Vervoer)
TRAVEL = travel_assumptions()
latitudes, longitudes = st.floats(50.5, 53.5), st.floats(3.5, 7.0)
points = st.tuples(latitudes, longitudes)
ways = st.lists(st.sampled_from(ALL_MODES), unique=True)
DOETINCHEM, WINTERSWIJK = (51.965, 6.288), (51.971, 6.722)


def minutes(here: tuple[float, float], there: tuple[float, float], vervoer: list[Vervoer]) -> float:
    sides = [np.zeros(1, dtype) for dtype in (JONGERE, PLEK)]
    for side, (lat, lon) in zip(sides, np.radians([here, there]), strict=True):
        side["x"], side["y"] = np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon)
        side["z"] = np.sin(lat)
    sides[0]["vervoer"] = bit_set(vervoer, ALL_MODES)
    return _minutes(sides[0][0], sides[1][0], TRAVEL)


def test_every_way_of_travelling_has_its_assumptions() -> None:
    assert set(MODES) == set(Vervoer)


def test_the_distance_between_two_towns_is_that_of_the_map() -> None:
    assert great_circle_km(DOETINCHEM, WINTERSWIJK) == pytest.approx(29.7, abs=0.1)


@given(points, points, ways)
def test_the_fastest_way_of_those_available_counts_in_either_direction(
    here: tuple[float, float], there: tuple[float, float], vervoer: list[Vervoer]
) -> None:
    expected = journey_minutes(here, there, vervoer)

    assert minutes(here, there, vervoer) == pytest.approx(expected, rel=1e-9)
    assert minutes(there, here, vervoer) == pytest.approx(expected, rel=1e-9)


@given(points, points, ways.filter(bool), st.sampled_from(ALL_MODES))
def test_another_way_of_travelling_never_takes_longer(
    here: tuple[float, float],
    there: tuple[float, float],
    vervoer: list[Vervoer],
    extra: Vervoer,
) -> None:
    assert minutes(here, there, [*vervoer, extra]) <= minutes(here, there, vervoer)


def test_an_unknown_place_gives_an_unknown_time() -> None:
    assert math.isnan(minutes((51.9, 6.3), (math.nan, 6.7), [Vervoer.FIETS]))


def test_short_journeys_go_by_bicycle_and_long_ones_by_car() -> None:
    def by(way: Vervoer, there: tuple[float, float]) -> float:
        return minutes(DOETINCHEM, there, [way])

    near = (51.98, 6.29)
    assert by(Vervoer.FIETS, near) < by(Vervoer.OV, near)
    assert by(Vervoer.AUTO, WINTERSWIJK) < by(Vervoer.OV, WINTERSWIJK)
    assert by(Vervoer.OV, WINTERSWIJK) < by(Vervoer.FIETS, WINTERSWIJK)
    assert by(Vervoer.AUTO, WINTERSWIJK) == pytest.approx(52, abs=1)
