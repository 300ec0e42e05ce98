import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.travel import MODES, distance_km, fastest_minutes, mode_minutes, travel_minutes
from features.vocabulary import Vervoer

ALL_MODES = list(Vervoer)
latitudes, longitudes = st.floats(50.5, 53.5), st.floats(3.5, 7.0)
distances = st.floats(0, 100)


def test_every_way_of_travelling_has_its_assumptions() -> None:
    assert set(MODES) == set(Vervoer)


@given(latitudes, longitudes, latitudes, longitudes)
def test_the_way_back_is_as_long(lat1: float, lon1: float, lat2: float, lon2: float) -> None:
    there, back = distance_km(lat1, lon1, lat2, lon2), distance_km(lat2, lon2, lat1, lon1)

    assert there == pytest.approx(back.item(), abs=1e-6)
    assert distance_km(lat1, lon1, lat1, lon1) == pytest.approx(0)


@given(distances, distances, st.sampled_from(ALL_MODES))
def test_a_longer_distance_never_takes_less_time(a: float, b: float, vervoer: Vervoer) -> None:
    near, far = sorted((a, b))

    assert mode_minutes(near, vervoer) <= mode_minutes(far, vervoer)


@given(distances, st.integers(1, 2 ** len(ALL_MODES) - 1), st.sampled_from(ALL_MODES))
def test_another_way_of_travelling_never_takes_longer(
    km: float, available: int, extra: Vervoer
) -> None:
    more = available | 1 << ALL_MODES.index(extra)

    with_less = fastest_minutes([km], np.array([available]))
    with_more = fastest_minutes([km], np.array([more]))

    assert with_more[0] <= with_less[0]
    assert with_less[0] == min(
        mode_minutes(km, vervoer).item()
        for place, vervoer in enumerate(ALL_MODES)
        if available >> place & 1
    )


def test_unknown_transport_is_taken_as_foot_bicycle_and_public_transport() -> None:
    usual = sum(1 << ALL_MODES.index(v) for v in (Vervoer.LOPEN, Vervoer.FIETS, Vervoer.OV))
    km = [1.0, 5.0, 30.0]

    assert fastest_minutes(km, np.zeros(3, dtype=np.int64)) == pytest.approx(
        fastest_minutes(km, np.full(3, usual))
    )


def test_an_unknown_place_gives_an_unknown_time() -> None:
    assert math.isnan(travel_minutes(51.9, 6.3, math.nan, 6.7, Vervoer.FIETS))
    assert np.isnan(fastest_minutes([np.nan], np.array([3]))).all()


def test_short_journeys_go_by_bicycle_and_long_ones_by_car() -> None:
    assert mode_minutes(2, Vervoer.FIETS) < mode_minutes(2, Vervoer.OV)
    assert mode_minutes(30, Vervoer.AUTO) < mode_minutes(30, Vervoer.OV)
    assert mode_minutes(30, Vervoer.OV) < mode_minutes(30, Vervoer.FIETS)
