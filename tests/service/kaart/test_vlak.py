"""Outlines hold all their points, and more time brings one further."""

from hypothesis import given
from hypothesis import strategies as st

from features.travel import MODES
from features.vocabulary import Vervoer
from service.kaart.vlak import Punt, middle, outline, ring_km

WHOLE = st.integers(-20, 20)
POINTS = st.lists(st.builds(Punt, WHOLE, WHOLE), max_size=25)
WAYS = st.sets(st.sampled_from(list(Vervoer)), min_size=1)
MINUTES = st.floats(0, 240)


def side(one: Punt, two: Punt, three: Punt) -> float:
    return (two.lengtegraad - one.lengtegraad) * (three.breedtegraad - one.breedtegraad) - (
        two.breedtegraad - one.breedtegraad
    ) * (three.lengtegraad - one.lengtegraad)


@given(POINTS)
def test_an_outline_holds_every_point_and_has_no_corner_of_its_own(points: list[Punt]) -> None:
    corners = outline(points)

    assert set(corners) <= set(points)
    for one, two in zip(corners, (*corners[1:], *corners[:1]), strict=True):
        assert all(side(one, two, point) >= 0 for point in points)


@given(POINTS)
def test_the_order_of_points_does_not_matter(points: list[Punt]) -> None:
    assert outline(points) == outline(points[::-1])


def test_points_on_one_line_make_no_area() -> None:
    assert outline([Punt(0, 0), Punt(1, 1), Punt(2, 2)]) == ()
    assert len(outline([Punt(0, 0), Punt(2, 0), Punt(1, 3), Punt(1, 1)])) == 3


def test_the_middle_is_the_mean() -> None:
    assert middle([Punt(6.0, 52.0), Punt(6.5, 51.0)]) == Punt(6.25, 51.5)


@given(MINUTES, st.floats(0, 60), WAYS)
def test_more_time_never_brings_one_less_far(
    minutes: float, more: float, ways: set[Vervoer]
) -> None:
    assert ring_km(minutes + more, ways) >= ring_km(minutes, ways) >= 0


@given(MINUTES, WAYS, st.sampled_from(list(Vervoer)))
def test_another_way_of_travelling_never_makes_a_ring_smaller(
    minutes: float, ways: set[Vervoer], other: Vervoer
) -> None:
    assert ring_km(minutes, ways | {other}) >= ring_km(minutes, ways)


@given(st.floats(20, 240), st.sampled_from(list(Vervoer)))
def test_who_lives_on_a_ring_travels_as_long_as_it_says(minutes: float, way: Vervoer) -> None:
    mode = MODES[way]
    journey = ring_km(minutes, [way]) * 60 * mode.detour / mode.km_per_hour + mode.fixed_minutes

    assert abs(journey - minutes) < 1e-6
