"""The agenda is urgent first, leaves one place in five to chance, and does not show which."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.matchtafel.agenda import ASELECT_DEEL, FACTS, draw_agenda

Row = dict[str, object]


def row(number: int, **values: object) -> Row:
    return {
        "jongere_id": f"J{number:03}",
        "weken_zonder": None,
        "weken_tot_einde": None,
        "uitvalrisico": None,
        "aangehouden": False,
    } | values


rows = st.lists(
    st.builds(
        lambda zonder, einde, risico, held: {
            "weken_zonder": zonder,
            "weken_tot_einde": einde,
            "uitvalrisico": risico,
            "aangehouden": held,
        },
        st.none() | st.floats(0, 200),
        st.none() | st.floats(0, 60),
        st.none() | st.floats(0, 1),
        st.booleans(),
    ),
    max_size=20,
)


def frame(facts: list[Row]) -> pl.DataFrame:
    return pl.DataFrame([row(n, **one) for n, one in enumerate(facts)], schema=FACTS)


@given(rows, st.integers(0, 12), st.integers(0, 5))
def test_nobody_stands_twice_and_who_was_put_off_is_always_there(
    facts: list[Row], aantal: int, seed: int
) -> None:
    agenda = draw_agenda(frame(facts), aantal=aantal, rng=np.random.default_rng(seed), woorden={})
    ids = [line.jongere_id for line in agenda]
    held = {f"J{n:03}" for n, one in enumerate(facts) if one["aangehouden"]}
    assert len(ids) == len(set(ids)) == max(min(aantal, len(facts)), len(held))
    assert set(ids[: len(held)]) == held


@given(rows, st.integers(0, 5))
def test_the_order_of_the_facts_does_not_matter(facts: list[Row], seed: int) -> None:
    one, other = (
        draw_agenda(part, aantal=10, rng=np.random.default_rng(seed), woorden={})
        for part in (frame(facts), frame(facts).reverse())
    )
    assert one == other


def test_without_chance_the_most_urgent_come_first() -> None:
    facts = [row(1, weken_zonder=2.0), row(2, weken_zonder=30.0), row(3, weken_tot_einde=4.0)]
    agenda = draw_agenda(
        pl.DataFrame(facts, schema=FACTS),
        aantal=3,
        rng=np.random.default_rng(1),
        woorden={"J002": "hoog risico op uitval"},
        aselect_deel=0.0,
    )
    assert [line.jongere_id for line in agenda] == ["J002", "J003", "J001"]
    assert agenda[0].urgentie == ("al 30 weken zonder school of stage", "hoog risico op uitval")
    assert agenda[1].urgentie == ("school of stage eindigt over 4 weken",)


@pytest.mark.parametrize("lists", [1000, pytest.param(10_000, marks=pytest.mark.slow)])
def test_chance_fills_one_line_in_five_over_many_agendas(lists: int) -> None:
    facts = pl.DataFrame([row(n, weken_zonder=float(n)) for n in range(60)], schema=FACTS)
    rng = np.random.default_rng(7)
    agendas = [draw_agenda(facts, aantal=10, rng=rng, woorden={}) for _ in range(lists)]
    lines = [line for agenda in agendas for line in agenda]
    assert ASELECT_DEEL == 0.20
    assert 0.19 <= sum(line.aselect for line in lines) / len(lines) <= 0.21


def test_the_order_is_that_of_urgency_whoever_was_drawn() -> None:
    facts = pl.DataFrame([row(n, weken_zonder=float(n % 26)) for n in range(60)], schema=FACTS)
    weken = dict(facts.select("jongere_id", "weken_zonder").iter_rows())
    agenda = draw_agenda(facts, aantal=30, rng=np.random.default_rng(3), woorden={})
    shown = [weken[line.jongere_id] for line in agenda]
    assert any(line.aselect for line in agenda)
    assert shown == sorted(shown, reverse=True)


def test_the_chance_of_a_draw_is_what_happens() -> None:
    facts = pl.DataFrame([row(n, weken_zonder=float(n)) for n in range(5)], schema=FACTS)
    rng = np.random.default_rng(7)
    first = [draw_agenda(facts, aantal=1, rng=rng, woorden={})[0] for _ in range(5000)]
    by_chance = sum(line.aselect and line.jongere_id == "J000" for line in first) / 5000
    assert abs(by_chance - first[0].trekkans) < 0.01
    assert first[0].trekkans == ASELECT_DEEL / 5


def test_lines_of_chance_read_like_the_others() -> None:
    facts = pl.DataFrame([row(n, weken_zonder=5.0) for n in range(30)], schema=FACTS)
    agenda = draw_agenda(facts, aantal=30, rng=np.random.default_rng(3), woorden={})
    assert {line.aselect for line in agenda} == {True, False}
    assert len({line.urgentie for line in agenda}) == 1
