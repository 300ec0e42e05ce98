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


@pytest.mark.parametrize("cases", [500, pytest.param(10_000, marks=pytest.mark.slow)])
def test_a_higher_risk_never_takes_somebody_off_the_agenda_or_down_it(cases: int) -> None:
    rng = np.random.default_rng(11)
    moved = 0
    for case in range(cases):
        facts = some_facts(rng)
        who = int(rng.integers(facts.height))
        risk = facts["uitvalrisico"][who] or 0.0
        higher = risk + (1 - risk) * rng.random()
        raised = facts.with_columns(
            pl.when(pl.int_range(pl.len()) == who)
            .then(higher)
            .otherwise("uitvalrisico")
            .alias("uitvalrisico")
        )
        aantal = int(rng.integers(1, facts.height + 1))
        before, after = (
            place_of(one, facts["jongere_id"][who], aantal, case) for one in (facts, raised)
        )
        assert after <= before, (case, who)
        moved += after < before
    assert moved > cases / 20


def some_facts(rng: np.random.Generator) -> pl.DataFrame:
    """Return up to a dozen jongeren who wait, of whom anything may be unknown."""
    rows = [
        row(
            number,
            weken_zonder=maybe(rng, 40.0),
            weken_tot_einde=maybe(rng, 12.0),
            uitvalrisico=maybe(rng, 1.0),
            aangehouden=bool(rng.random() < 0.1),
        )
        for number in range(int(rng.integers(2, 13)))
    ]
    return pl.DataFrame(rows, schema=FACTS)


def maybe(rng: np.random.Generator, most: float) -> float | None:
    return float(rng.random() * most) if rng.random() < 0.7 else None


def place_of(facts: pl.DataFrame, who: str, aantal: int, seed: int) -> int:
    """Return the place of somebody on the agenda; the number of jongeren when not on it."""
    agenda = draw_agenda(facts, aantal=aantal, rng=np.random.default_rng(seed), woorden={})
    ids = [line.jongere_id for line in agenda]
    return ids.index(who) if who in ids else facts.height
