from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from models.ranking import ALTERNATIVES, NEAR, Crowd, Floats, Ints, Kind, crowd, order

SCORES = st.lists(st.integers(0, 40).map(lambda whole: whole / 40), min_size=1, max_size=25)


@st.composite
def lists(draw: st.DrawFn) -> tuple[Floats, Ints, Floats]:
    """Scores, leerbedrijven and travel minutes of a few places."""
    scores = draw(SCORES)
    n = len(scores)
    bedrijven = draw(st.lists(st.integers(-1, 3), min_size=n, max_size=n))
    minutes = draw(
        st.lists(st.one_of(st.just(np.nan), st.integers(5, 8).map(float)), min_size=n, max_size=n)
    )
    return np.array(scores), np.array(bedrijven), np.array(minutes)


@given(lists(), st.integers(0, 30))
def test_a_list_drops_nothing_and_a_shorter_one_is_its_beginning(
    found: tuple[Floats, Ints, Floats], top: int
) -> None:
    scores, bedrijven, minutes = found
    whole = order(scores, [Kind(bedrijven)], [minutes], top=len(scores))

    assert sorted(whole.tolist()) == list(range(len(scores)))
    assert whole[:top].tolist() == order(scores, [Kind(bedrijven)], [minutes], top=top).tolist()


@given(lists(), st.floats(0, 0.2))
def test_nothing_stands_above_what_scores_clearly_better(
    found: tuple[Floats, Ints, Floats], tolerance: float
) -> None:
    scores, bedrijven, minutes = found
    listed = scores[
        order(scores, [Kind(bedrijven)], [minutes], top=len(scores), tolerance=tolerance)
    ]

    best_below = np.maximum.accumulate(listed[::-1])[::-1]
    assert (listed >= best_below - tolerance).all()


@given(lists())
def test_a_leerbedrijf_comes_back_only_when_nothing_else_is_about_as_good(
    found: tuple[Floats, Ints, Floats],
) -> None:
    scores, bedrijven, minutes = found
    listed = order(scores, [Kind(bedrijven)], [minutes], top=len(scores)).tolist()

    for place, row in enumerate(listed):
        before = {bedrijven[other] for other in listed[:place]} - {-1}
        left = listed[place:]
        near = [other for other in left if scores[other] >= scores[left].max() - NEAR]
        if bedrijven[row] in before:
            assert all(bedrijven[other] in before for other in near)


@given(lists(), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_the_order_of_rows_does_not_matter(
    found: tuple[Floats, Ints, Floats], random: Random
) -> None:
    scores, bedrijven, minutes = found
    ids: Floats = np.arange(len(scores), dtype=np.float64)
    rows = list(range(len(scores)))
    random.shuffle(rows)
    shuffled = np.array(rows)

    straight = order(scores, [Kind(bedrijven)], [minutes, ids], top=len(ids))
    other = order(
        scores[shuffled],
        [Kind(bedrijven[shuffled])],
        [minutes[shuffled], ids[shuffled]],
        top=len(ids),
    )

    assert shuffled[other].tolist() == straight.tolist()


@given(lists(), st.integers(0, 24), st.floats(0, 0.3))
def test_a_nearer_place_that_is_the_same_otherwise_is_never_ranked_lower(
    found: tuple[Floats, Ints, Floats], row: int, gain: float
) -> None:
    scores, bedrijven, minutes = found
    row %= len(scores)
    nearer = 0.0 if np.isnan(minutes[row]) else minutes[row] - 1
    listed = order(
        np.append(scores, scores[row] + gain),
        [Kind(np.append(bedrijven, bedrijven[row]))],
        [np.append(minutes, nearer)],
        top=len(scores) + 1,
    ).tolist()

    assert listed.index(len(scores)) < listed.index(row)


@given(lists(), st.floats(0, 1))
def test_another_place_never_takes_one_off_the_list(
    found: tuple[Floats, Ints, Floats], score: float
) -> None:
    scores, bedrijven, minutes = found
    listed = order(
        np.append(scores, score),
        [Kind(np.append(bedrijven, 0))],
        [np.append(minutes, 5.0)],
        top=len(scores) + 1,
    )

    assert set(range(len(scores))) <= set(listed.tolist())


def test_a_kind_may_occur_as_often_as_there_is_room() -> None:
    scores = np.array([0.70, 0.70, 0.69, 0.69])
    sectoren = np.array([0, 0, 0, 1])

    assert order(scores, [Kind(sectoren, room=2)], top=4).tolist() == [0, 1, 3, 2]
    assert order(scores, [Kind(sectoren, room=3)], top=4).tolist() == [0, 1, 2, 3]


def test_among_equals_the_first_tie_decides_before_the_second() -> None:
    scores = np.array([0.70, 0.69, 0.68])
    wish, minutes = np.array([2.0, 1.0, np.nan]), np.array([5.0, 30.0, 1.0])

    assert order(scores, ties=[wish, minutes], top=3).tolist() == [1, 0, 2]
    assert order(scores, ties=[minutes], top=3).tolist() == [2, 0, 1]


def test_a_list_without_places_is_empty() -> None:
    assert order(np.zeros(0), [Kind(np.zeros(0, np.int64))], [np.zeros(0)], top=5).tolist() == []


Pair = tuple[int, int, int]
PAIRS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 9), st.integers(0, 20)),
    max_size=40,
    unique_by=lambda pair: pair[:2],
)
"""Jongere, place and chance in twentieths."""


def crowd_of(pairs: list[Pair]) -> Crowd:
    columns = np.array(pairs, dtype=np.int64).reshape(-1, 3)
    return crowd(columns[:, 0], columns[:, 1], columns[:, 2] / 20, 5, 10)


@given(PAIRS)
def test_a_crowd_counts_who_else_has_a_place_among_the_best(pairs: list[Pair]) -> None:
    found = crowd_of(pairs)
    high = {
        jongere: [
            plek for _, plek in sorted((-kans, plek) for who, plek, kans in pairs if who == jongere)
        ][:ALTERNATIVES]
        for jongere in range(5)
    }

    for jongere in range(5):
        others = [sum(plek in high[who] for who in high if who != jongere) for plek in range(10)]
        assert found.others(np.arange(10), jongere).tolist() == others
        assert found.open_places[jongere] == sum(who == jongere for who, _, _ in pairs)
    everybody = [sum(plek in high[who] for who in high) for plek in range(10)]
    assert found.others(np.arange(10), None).tolist() == everybody


@given(PAIRS, st.integers(0, 9))
def test_elsewhere_is_the_mean_of_the_best_other_chances(pairs: list[Pair], plek: int) -> None:
    elsewhere = crowd_of(pairs).elsewhere(plek)

    for jongere in range(5):
        other = sorted(kans / 20 for who, where, kans in pairs if who == jongere and where != plek)
        assert np.isclose(elsewhere[jongere], sum(other[-ALTERNATIVES:]) / ALTERNATIVES)
