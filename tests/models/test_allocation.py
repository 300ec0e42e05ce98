from collections.abc import Sequence

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from models.allocation import (
    ONBEKEND,
    TE_VOL,
    TWEE_PLEKKEN,
    VETO,
    Allocation,
    Doel,
    allocate,
)
from models.allocation_objectives import Digit, fold
from models.errors import PinConflictError
from tests.models.allocations import ORDERS, Table, best_merit, merit, small_table, tables

SEEDS = st.integers(0, 1000)
ORDER = st.sampled_from(ORDERS)


@settings(deadline=None, max_examples=40)
@given(tables(), ORDER, SEEDS)
def test_nobody_goes_twice_no_room_is_exceeded_and_no_blocked_pair_is_proposed(
    table: Table, doelen: Sequence[Doel], seed: int
) -> None:
    pairs, vrij = table

    proposal = allocate(pairs, vrij, doelen=doelen, seed=seed).proposal

    assert proposal["jongere_id"].is_unique().all()
    taken = proposal.group_by("leerwerkplek_id").len().join(vrij, on="leerwerkplek_id", how="left")
    assert (taken["len"] <= taken["vrij"]).all()
    blocked = pairs.filter("blokkade_uren")
    assert proposal.join(blocked, on=["jongere_id", "leerwerkplek_id"]).is_empty()


@pytest.mark.parametrize("block", range(5))
def test_the_order_of_the_objectives_holds_against_every_other_choice(block: int) -> None:
    rng = np.random.default_rng(block)
    for number in range(100):
        n_jongeren, kansen = 1 + number % 5, (3, 10, 1000)[number % 3]
        pairs, vrij = small_table(
            rng, n_jongeren=n_jongeren, n_plekken=1 + number % 4, kansen=kansen
        )
        minimum = {f"J{j}": float(rng.choice([0.0, 0.3])) for j in range(n_jongeren)}
        stap = int(rng.choice([1, 50_000, 200_000]))
        doelen = ORDERS[number % len(ORDERS)]

        found = allocate(pairs, vrij, doelen=doelen, minimum=minimum, stap=stap, seed=number)

        assert merit(found.problem, doelen, found.chosen) == best_merit(found.problem, doelen)
        assert found.gap == 0


@settings(deadline=None, max_examples=40)
@given(tables(), ORDER, SEEDS, st.integers(0, 1000))
def test_the_order_of_rows_changes_nothing(
    table: Table, doelen: Sequence[Doel], seed: int, shuffle: int
) -> None:
    pairs, vrij = table

    shuffled = allocate(
        pairs.sample(fraction=1, shuffle=True, seed=shuffle),
        vrij.sample(fraction=1, shuffle=True, seed=shuffle),
        doelen=doelen,
        seed=seed,
    )

    assert_frame_equal(shuffled.proposal, allocate(pairs, vrij, doelen=doelen, seed=seed).proposal)


def test_the_seed_alone_decides_between_equals() -> None:
    pairs = pl.DataFrame(
        {"jongere_id": [f"J{j}" for j in range(6)], "leerwerkplek_id": "P", "kans": 0.5}
    )
    vrij = pl.DataFrame({"leerwerkplek_id": ["P"], "vrij": [1]})

    chosen = [allocate(pairs, vrij, seed=seed).proposal["jongere_id"][0] for seed in range(40)]

    assert set(chosen) == set(pairs["jongere_id"])
    assert chosen == [
        allocate(pairs, vrij, seed=seed).proposal["jongere_id"][0] for seed in range(40)
    ]


@settings(deadline=None, max_examples=40)
@given(tables(), ORDER)
def test_an_extra_place_never_makes_the_first_objective_worse(
    table: Table, doelen: Sequence[Doel]
) -> None:
    before = allocate(*table, doelen=doelen)

    for plek, vrij in table[1].iter_rows():
        after = before.with_room(plek, vrij + 1)

        first = doelen[:1]
        assert merit(after.problem, first, after.chosen) >= merit(
            before.problem, first, before.chosen
        )


@settings(deadline=None, max_examples=60)
@given(tables(), ORDER, st.lists(st.tuples(SEEDS, SEEDS, SEEDS), max_size=8))
def test_bending_a_proposal_gives_what_a_fresh_one_gives(
    table: Table, doelen: Sequence[Doel], changes: list[tuple[int, int, int]]
) -> None:
    pairs, vrij = table
    bent = allocate(pairs, vrij, doelen=doelen)

    for kind, at, how_many in changes:
        row = pairs.row(at % pairs.height, named=True)
        bent, vrij = _bend(
            bent, vrij, kind % 5, row["jongere_id"], row["leerwerkplek_id"], how_many
        )

    fresh = allocate(pairs, vrij, doelen=doelen, pins=_pins(bent), vetoes=_named(bent, bent.vetoed))
    assert bent.gap == 0
    assert bent.uitkomst == fresh.uitkomst
    assert_frame_equal(bent.proposal, fresh.proposal)


def _bend(
    bent: Allocation, vrij: pl.DataFrame, kind: int, jongere: str, plek: str, how_many: int
) -> tuple[Allocation, pl.DataFrame]:
    """Change one thing, unless it is refused."""
    try:
        if kind == 0:
            return bent.with_pin(jongere, plek), vrij
        if kind == 1:
            return bent.without_pin(jongere), vrij
        if kind == 2:
            return bent.with_veto(jongere, plek), vrij
        if kind == 3:
            return bent.without_veto(jongere, plek), vrij
        changed = bent.with_room(plek, how_many % 4)
    except PinConflictError:
        return bent, vrij
    here = pl.col("leerwerkplek_id") == plek
    return changed, vrij.with_columns(
        vrij=pl.when(here).then(pl.lit(how_many % 4, pl.Int64)).otherwise("vrij")
    )


def _named(
    bent: Allocation, rows: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> list[tuple[str, str]]:
    problem = bent.problem
    return [(problem.jongeren[problem.jongere[e]], problem.plekken[problem.plek[e]]) for e in rows]


def _pins(bent: Allocation) -> list[tuple[str, str]]:
    return _named(bent, bent.pinned[bent.pinned >= 0])


@settings(deadline=None, max_examples=40)
@given(tables(), st.data())
def test_pins_are_kept_or_refused_by_name(table: Table, data: st.DataObject) -> None:
    pairs, vrij = table
    names = list(pairs.select("jongere_id", "leerwerkplek_id").iter_rows())
    pins = data.draw(st.lists(st.sampled_from(names), max_size=4, unique=True))

    conflict = _conflict(table, pins)

    if conflict is None:
        proposal = allocate(pairs, vrij, pins=pins).proposal
        kept = proposal.filter("vast").select("jongere_id", "leerwerkplek_id")
        assert set(kept.iter_rows()) == set(pins)
    else:
        assert set(conflict.pins) <= set(pins)
        assert _conflict(table, conflict.pins) is not None
        assert _conflict(table, conflict.pins[1:]) is None


def _conflict(table: Table, pins: Sequence[tuple[str, str]]) -> PinConflictError | None:
    try:
        allocate(*table, pins=pins)
    except PinConflictError as conflict:
        return conflict
    return None


PAIRS = pl.DataFrame(
    {
        "jongere_id": ["Amir", "Amir", "Bo", "Bo", "Cas", "Dina"],
        "leerwerkplek_id": ["bakker", "kas", "bakker", "kas", "bakker", "kas"],
        "kans": [0.8, 0.5, 0.9, 0.4, 0.3, None],
        "blokkade_uren": [False, False, False, False, True, False],
        "voorbehouden": [False, False, False, True, False, False],
    }
)
ROOM = pl.DataFrame({"leerwerkplek_id": ["bakker", "kas", "zorg"], "vrij": [1, 1, 1]})


@pytest.mark.parametrize(
    ("pins", "reden", "named"),
    [
        ([("Amir", "bakker"), ("Bo", "bakker")], TE_VOL, 2),
        ([("Amir", "bakker"), ("Amir", "kas")], TWEE_PLEKKEN, 2),
        ([("Cas", "bakker")], "uren", 1),
        ([("Bo", "kas")], "voorbehouden", 1),
        ([("Dina", "kas")], "kans onbekend", 1),
        ([("Cas", "zorg")], ONBEKEND, 1),
    ],
)
def test_pins_that_cannot_be_kept_are_named_with_the_reason(
    pins: list[tuple[str, str]], reden: str, named: int
) -> None:
    with pytest.raises(PinConflictError) as refusal:
        allocate(PAIRS, ROOM, pins=pins)

    assert refusal.value.reden == reden
    assert len(refusal.value.pins) == named
    assert pins[0][0] in str(refusal.value)


def test_a_pin_may_lie_below_the_own_minimum_but_nothing_else_does() -> None:
    minimum = {"Amir": 0.6, "Bo": 0.95}

    free = allocate(PAIRS, ROOM, minimum=minimum)
    pinned = free.with_pin("Bo", "bakker")

    assert free.proposal.rows() == [("Amir", "bakker", 0.8, False)]
    assert pinned.proposal.rows() == [("Bo", "bakker", 0.9, True)]


def test_a_pair_cannot_be_both_wanted_and_not_wanted() -> None:
    with pytest.raises(PinConflictError) as refusal:
        allocate(PAIRS, ROOM, vetoes=[("Bo", "bakker")]).with_pin("Bo", "bakker")
    assert refusal.value.reden == VETO

    with pytest.raises(PinConflictError):
        allocate(PAIRS, ROOM, pins=[("Bo", "bakker")]).with_veto("Bo", "bakker")


def test_the_order_that_the_table_chose_comes_with_the_proposal() -> None:
    found = allocate(PAIRS, ROOM, doelen=(Doel.TOTAAL, Doel.AANTAL))

    assert list(found.uitkomst.items()) == [(Doel.TOTAAL, 1.4), (Doel.AANTAL, 2.0)]
    assert found.gap == 0


def test_the_hardest_to_place_come_before_those_with_better_chances() -> None:
    pairs = pl.DataFrame(
        {
            "jongere_id": ["Amir", "Bo", "Cas", "Dina"],
            "leerwerkplek_id": "bakker",
            "kans": [0.2, 0.9, 0.8, 0.7],
        }
    )
    vrij = pl.DataFrame({"leerwerkplek_id": ["bakker"], "vrij": [1]})

    assert allocate(pairs, vrij).proposal["jongere_id"].to_list() == ["Amir"]
    assert allocate(pairs, vrij, doelen=(Doel.AANTAL, Doel.TOTAAL)).proposal["kans"][0] == 0.9


def test_an_id_that_nobody_has_or_a_double_row_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown jongere"):
        allocate(PAIRS, ROOM, pins=[("Zoe", "kas")])
    with pytest.raises(ValueError, match="twice"):
        allocate(pl.concat([PAIRS, PAIRS]), ROOM)
    with pytest.raises(ValueError, match="at most once"):
        allocate(PAIRS, ROOM, doelen=(Doel.TOTAAL, Doel.TOTAAL))


def test_more_steps_than_anyone_tells_apart_are_refused() -> None:
    pairs = pl.DataFrame(
        {
            "jongere_id": [f"J{j}" for j in range(2000)],
            "leerwerkplek_id": "P",
            "kans": np.linspace(0.1, 0.9, 2000),
        }
    )

    with pytest.raises(ValueError, match="at most 1000"):
        allocate(pairs, pl.DataFrame({"leerwerkplek_id": ["P"], "vrij": [1]}), stap=1)


def test_a_table_without_open_pairs_proposes_nothing() -> None:
    nothing = allocate(PAIRS.head(0), ROOM)

    assert nothing.proposal.is_empty()
    assert nothing.gap == 0
    assert allocate(PAIRS, ROOM.head(0)).proposal.is_empty()


def test_a_digit_that_does_not_fit_in_64_bits_is_refused() -> None:
    one = np.ones(1, np.int64)

    with pytest.raises(ValueError, match="does not fit"):
        fold([Digit(one, one, 2**60)], 1000, 3000)


@given(
    st.integers(1, 20_000), st.lists(st.sampled_from([1, 240, 1_000_000]), min_size=1, max_size=30)
)
def test_a_limb_never_outgrows_64_bits_and_keeps_the_order_of_its_digits(
    n_jongeren: int, mosts: list[int]
) -> None:
    digits = [Digit(np.array([most]), np.array([0]), most) for most in mosts]

    cost, _ = fold(digits, n_jongeren, 2 * n_jongeren)

    assert int(cost.max()) * 2 * n_jongeren <= 2**60
    assert (cost > 0).all()
