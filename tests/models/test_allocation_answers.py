import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.allocation import Doel, allocate
from models.allocation_answers import (
    extra_plaats,
    kosten_pin,
    prijs_van_bescherming,
    reserves,
    schaarse_plekken,
    waarom_niet,
)
from models.allocation_problem import SCALE
from models.errors import PinConflictError
from tests.models.allocations import Table, merit, tables

PAIRS = pl.DataFrame(
    {
        "jongere_id": ["Amir", "Amir", "Bo", "Bo", "Cas"],
        "leerwerkplek_id": ["bakker", "kas", "bakker", "kas", "kas"],
        "kans": [0.9, 0.8, 0.7, 0.2, 0.5],
    }
)
ROOM = pl.DataFrame({"leerwerkplek_id": ["bakker", "kas"], "vrij": [1, 1]})
DOELEN = (Doel.AANTAL, Doel.TOTAAL)


def test_who_has_the_place_on_top_of_my_list_and_what_the_table_would_lose() -> None:
    found = allocate(PAIRS, ROOM, doelen=DOELEN)
    assert found.proposal.select("jongere_id", "leerwerkplek_id").rows() == [
        ("Amir", "kas"),
        ("Bo", "bakker"),
    ]

    answer = waarom_niet(found, "Amir", "bakker")

    assert answer.bezet_door == ("Bo",)
    assert answer.verschil.nu == {Doel.AANTAL: 2.0, Doel.TOTAAL: 1.5}
    assert answer.verschil.dan == {Doel.AANTAL: 2.0, Doel.TOTAAL: 1.4}
    assert answer.verschil.winst == pytest.approx(-0.1)
    moves = [(one.jongere_id, one.van, one.naar) for one in answer.verschil.verschuivingen]
    assert moves == [("Amir", "kas", "bakker"), ("Bo", "bakker", None), ("Cas", None, "kas")]


def test_one_seat_more_tells_who_gains_and_the_scarcest_place_comes_first() -> None:
    found = allocate(PAIRS, ROOM, doelen=DOELEN)

    more = extra_plaats(found, "kas")

    assert more.dan[Doel.AANTAL] == 3.0
    assert [one.jongere_id for one in more.verschuivingen] == ["Cas"]
    scarce = schaarse_plekken(found)
    assert [one.leerwerkplek_id for one in scarce] == ["bakker", "kas"]
    assert scarce[0].verschil.winst == pytest.approx(0.6)
    assert scarce[1].verschil.winst == pytest.approx(0.5)


def test_a_pin_costs_what_letting_it_go_would_bring() -> None:
    pinned = allocate(PAIRS, ROOM, doelen=DOELEN, pins=[("Bo", "kas")])

    assert pinned.proposal["kans"].sum() == pytest.approx(1.1)
    assert kosten_pin(pinned, "Bo").winst == pytest.approx(0.4)
    assert kosten_pin(pinned, "Amir").verschuivingen == ()


def test_protection_has_a_price_with_both_totals() -> None:
    found = allocate(PAIRS, ROOM)

    price = prijs_van_bescherming(found)

    assert price.dan[Doel.TOTAAL] == 1.5
    total = float(found.proposal["kans"].sum())
    assert price.nu[Doel.TOTAAL] == pytest.approx(total)
    assert price.winst == pytest.approx(1.5 - total)


def test_every_proposed_place_has_spare_candidates_in_order_of_what_they_cost_the_table() -> None:
    spare = reserves(allocate(PAIRS, ROOM, doelen=DOELEN))

    assert spare.rows() == [
        ("bakker", 1, "Amir", 0.9, "kas"),
        ("kas", 1, "Cas", 0.5, None),
        ("kas", 2, "Bo", 0.2, "bakker"),
    ]


def test_a_pair_that_a_rule_blocks_has_its_reason_for_an_answer() -> None:
    blocked = PAIRS.with_columns(blokkade_uren=pl.col("jongere_id") == "Cas")

    with pytest.raises(PinConflictError) as refusal:
        waarom_niet(allocate(blocked, ROOM), "Cas", "kas")

    assert refusal.value.reden == "uren"


@settings(deadline=None, max_examples=30)
@given(tables(), st.integers(0, 1000))
def test_no_answer_is_better_than_the_proposal_itself(table: Table, at: int) -> None:
    found = allocate(*table)
    row = table[0].row(at % table[0].height, named=True)
    try:
        other = found.with_pin(row["jongere_id"], row["leerwerkplek_id"])
    except PinConflictError:
        return

    if found.problem.open[other.pinned[found.number(row["jongere_id"])]]:
        mine = merit(found.problem, found.doelen, found.chosen)
        assert merit(other.problem, found.doelen, other.chosen) <= mine


@settings(deadline=None, max_examples=30)
@given(tables())
def test_only_a_full_place_can_be_scarce_and_its_price_bounds_what_a_seat_adds(
    table: Table,
) -> None:
    found = allocate(*table, doelen=(Doel.TOTAAL,))
    net, n = found.network, len(found.problem.jongeren)

    for p, plek in enumerate(found.problem.plekken):
        gain = extra_plaats(found, plek).winst

        assert gain >= -1e-9
        assert gain == 0 or net.flow[p] == net.room[p]
        assert round(gain * SCALE) <= max(0, net.price[-1, 0] - net.price[n + p, 0])
