import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.praktijkverklaring_variatie import (
    LEAST_DISTANCE,
    Kenmerk,
    distance,
    mean_distance,
    pick_different,
)

KENMERKEN = st.builds(
    Kenmerk,
    st.frozensets(st.sampled_from("abcde"), min_size=1),
    st.sampled_from(["100000001", "100000002"]),
    st.sampled_from(["techniek", "handel", None]),
)


@given(KENMERKEN, KENMERKEN)
def test_a_distance_is_symmetric_and_none_to_itself(one: Kenmerk, other: Kenmerk) -> None:
    assert distance(one, one) == 0
    assert distance(one, other) == distance(other, one)
    assert 0 <= distance(one, other) <= 1


@given(st.lists(st.tuples(st.floats(0, 5), KENMERKEN), max_size=12), st.integers(1, 5))
def test_routes_that_are_shown_differ_and_begin_with_the_best(
    options: list[tuple[float, Kenmerk]], aantal: int
) -> None:
    winst, kenmerken = np.array([one for one, _ in options]), [one for _, one in options]

    picked = pick_different(winst, kenmerken, aantal)

    assert len(picked) <= aantal
    assert bool(picked) == bool(options)
    if picked:
        assert winst[picked[0]] == winst.max()
    for place, one in enumerate(picked):
        for other in picked[:place]:
            assert distance(kenmerken[one], kenmerken[other]) >= LEAST_DISTANCE


def test_another_place_that_teaches_the_same_is_not_another_route() -> None:
    same = frozenset({"a"})
    kenmerken = [Kenmerk(same, "100000001", "handel"), Kenmerk(same, "100000002", "handel")]

    assert pick_different(np.array([1.0, 0.9]), kenmerken, 5) == [0]


def test_the_mean_distance_of_one_route_is_nothing() -> None:
    one = Kenmerk(frozenset({"a"}), "100000001", None)

    assert mean_distance([one]) == 0
    assert mean_distance([one, Kenmerk(frozenset({"b"}), "100000002", "handel")]) == 1
