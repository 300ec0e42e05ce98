import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from models.allocation import Doel, allocate
from models.baselines_allocation import (
    first_come_first_served,
    own_top_list,
    random_order,
    stable_matching,
)
from tests.models.allocations import Table, tables

PAIRS = pl.DataFrame(
    {
        "jongere_id": ["Amir", "Amir", "Bo", "Bo"],
        "leerwerkplek_id": ["bakker", "kas", "bakker", "kas"],
        "kans": [0.9, 0.8, 0.95, 0.2],
    }
)
ROOM = pl.DataFrame({"leerwerkplek_id": ["bakker", "kas"], "vrij": [1, 1]})


def test_who_comes_first_takes_the_best_place_that_is_left() -> None:
    first = first_come_first_served(PAIRS, ROOM, volgorde=["Amir", "Bo"])

    assert first.rows() == [("Amir", "bakker", 0.9), ("Bo", "kas", 0.2)]


def test_who_only_has_one_place_in_mind_goes_without_when_it_is_taken() -> None:
    first = own_top_list(PAIRS, ROOM, volgorde=["Amir", "Bo"], top=1)

    assert first.rows() == [("Amir", "bakker", 0.9)]
    assert own_top_list(PAIRS, ROOM, volgorde=["Amir", "Bo"], top=2).height == 2


def test_the_lot_decides_who_comes_first() -> None:
    takers = {
        random_order(PAIRS, ROOM, seed=seed).filter(leerwerkplek_id="bakker")["jongere_id"][0]
        for seed in range(20)
    }

    assert takers == {"Amir", "Bo"}


@settings(deadline=None, max_examples=50)
@given(tables())
def test_in_a_stable_matching_no_pair_would_rather_have_each_other(table: Table) -> None:
    matched = stable_matching(*table)
    room = dict(table[1].iter_rows())
    mine = {row["jongere_id"]: row["kans"] for row in matched.iter_rows(named=True)}

    for row in (
        table[0].filter(~pl.col("blokkade_uren") & (pl.col("kans") > 0)).iter_rows(named=True)
    ):
        here = matched.filter(leerwerkplek_id=row["leerwerkplek_id"])["kans"].to_list()
        wanted = row["kans"] > mine.get(row["jongere_id"], 0.0) + 1e-6
        welcome = len(here) < room[row["leerwerkplek_id"]] or (
            bool(here) and row["kans"] > min(here) + 1e-6
        )
        assert not (wanted and welcome)


@settings(deadline=None, max_examples=50)
@given(tables(), st.integers(0, 100))
def test_no_baseline_exceeds_room_or_beats_the_joint_total(table: Table, seed: int) -> None:
    best = float(allocate(*table, doelen=(Doel.TOTAAL,)).proposal["kans"].sum())
    order = table[0]["jongere_id"].unique().sort().to_list()

    for found in (
        random_order(*table, seed=seed),
        first_come_first_served(*table, volgorde=order),
        own_top_list(*table, volgorde=order, top=2),
        stable_matching(*table),
    ):
        taken = found.group_by("leerwerkplek_id").len().join(table[1], on="leerwerkplek_id")
        assert (taken["len"] <= taken["vrij"]).all()
        assert found["jongere_id"].is_unique().all()
        assert found["kans"].sum() <= best + 1e-6


def test_the_order_of_rows_never_decides() -> None:
    shuffled = stable_matching(PAIRS.reverse(), ROOM.reverse())

    assert_frame_equal(shuffled, stable_matching(PAIRS, ROOM))
    assert shuffled["kans"].sum() == pytest.approx(0.95 + 0.8)
