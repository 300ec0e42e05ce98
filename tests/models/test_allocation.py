import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from models.allocation import greedy
from tests.models.strategies import pairs_with_room

Problem = tuple[pl.DataFrame, pl.DataFrame]


@given(pairs_with_room())
def test_no_leerwerkplek_takes_more_than_its_room_and_no_jongere_goes_twice(
    problem: Problem,
) -> None:
    pairs, room = problem

    proposal = greedy(pairs, room)

    assert proposal["jongere_id"].is_unique().all()
    taken = proposal.group_by("leerwerkplek_id").len().join(room, on="leerwerkplek_id")
    assert (taken["len"] <= taken["vrij"]).all()


@given(pairs_with_room())
def test_a_pair_that_is_blocked_or_has_no_kans_is_never_proposed(problem: Problem) -> None:
    pairs, room = problem
    eligible = pairs.filter(~pl.col("blokkade_uren") & pl.col("kans").is_not_null())

    proposal = greedy(pairs, room)

    lost = proposal.join(eligible, on=["jongere_id", "leerwerkplek_id", "kans"], how="anti")
    assert lost.is_empty()


@given(pairs_with_room(), st.integers(0, 1000))
def test_the_order_of_rows_never_decides(problem: Problem, seed: int) -> None:
    pairs, room = problem

    shuffled = greedy(
        pairs.sample(fraction=1, shuffle=True, seed=seed),
        room.sample(fraction=1, shuffle=True, seed=seed),
    )

    assert_frame_equal(shuffled, greedy(pairs, room))


@given(pairs_with_room())
def test_nobody_is_left_out_while_an_eligible_leerwerkplek_has_room(problem: Problem) -> None:
    pairs, room = problem

    proposal = greedy(pairs, room)

    taken = proposal.group_by("leerwerkplek_id").len()
    left = room.join(taken, on="leerwerkplek_id", how="left").filter(
        pl.col("vrij") > pl.col("len").fill_null(0)
    )
    waiting = pairs.filter(~pl.col("blokkade_uren") & pl.col("kans").is_not_null()).join(
        proposal, on="jongere_id", how="anti"
    )
    assert waiting.join(left, on="leerwerkplek_id").is_empty()


def test_the_best_pair_goes_first() -> None:
    pairs = pl.DataFrame(
        {
            "jongere_id": ["J1", "J1", "J2"],
            "leerwerkplek_id": ["bakker", "kas", "bakker"],
            "kans": [0.8, 0.5, 0.9],
        }
    )
    room = pl.DataFrame({"leerwerkplek_id": ["bakker", "kas"], "vrij": [1, 1]})

    assert greedy(pairs, room).rows() == [("J1", "kas", 0.5), ("J2", "bakker", 0.9)]
