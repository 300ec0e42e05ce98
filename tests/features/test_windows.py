from datetime import date, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from features.windows import FOREVER, Events
from tests.features.facts import spine

DAY = date(2024, 1, 1)
WINDOWS = (7, 28, 91)

facts = st.lists(
    st.tuples(
        st.sampled_from("ab"), st.integers(0, 200), st.integers(-10, 60), st.integers(0, 100)
    ),
    max_size=25,
)
asked = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 300)), max_size=8)

Fact = tuple[str, int, int, int]


def events(rows: list[Fact], asked: list[tuple[str, int]]) -> Events:
    frame = pl.DataFrame(
        [
            (name, DAY + timedelta(days=day), DAY + timedelta(days=day + late), hundredths / 100)
            for name, day, late, hundredths in rows
        ],
        schema={
            "jongere_id": pl.String,
            "datum": pl.Date,
            "bekend_op": pl.Date,
            "waarde": pl.Float64,
        },
        orient="row",
    )
    days = spine(*[(name, DAY + timedelta(days=day)) for name, day in asked])
    values = {"som": pl.col("waarde"), "n": pl.lit(1)}
    return Events.of(frame.lazy(), days, day="datum", values=values)


@given(facts, asked)
def test_a_window_sums_what_happened_in_it_and_was_known(
    rows: list[Fact], asked: list[tuple[str, int]]
) -> None:
    found = events(rows, asked).sums([*WINDOWS, FOREVER])

    for place, (name, now) in enumerate(asked):
        for days in (*WINDOWS, FOREVER):
            counted = [
                row
                for row in rows
                if row[0] == name
                and row[1] <= now
                and row[1] + row[2] <= now
                and (days is None or row[1] > now - days)
            ]
            word = "alles" if days is None else days
            assert found[f"n_{word}"][place] == len(counted)
            assert round(100 * found[f"som_{word}"][place]) == sum(row[3] for row in counted)


@given(facts, asked)
def test_the_latest_is_the_newest_of_what_was_known(
    rows: list[Fact], asked: list[tuple[str, int]]
) -> None:
    found = events(rows, asked).latest()

    for place, (name, now) in enumerate(asked):
        known = [day for who, day, late, _ in rows if who == name and max(day, day + late) <= now]
        assert found[place] == (now - max(known) if known else None)
