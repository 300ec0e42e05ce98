"""Which figures of groups may leave."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.small_numbers import SMALLEST_GROUP
from service.publicatie.feiten import publishable


def row(kenmerk: str, waarde: str, n: int, jongeren: int, positief: int) -> dict[str, Any]:
    found = {"kenmerk": kenmerk, "waarde": waarde, "n": n, "jongeren": jongeren}
    return found | {"positief": positief, "base_rate": positief / n, "recall": 0.5}


ROWS = st.lists(
    st.builds(
        lambda kenmerk, waarde, n, share, told: row(
            kenmerk, str(waarde), n, max(n // share, 1), min(told, n)
        ),
        st.sampled_from(["leerweg", "leeftijd"]),
        st.integers(0, 10**6),
        st.integers(1, 200),
        st.integers(1, 4),
        st.integers(0, 200),
    ),
    max_size=8,
)


@given(ROWS, st.integers(0, 2))
def test_no_small_group_can_be_told_nor_subtracted(rows: list[dict[str, Any]], small: int) -> None:
    told = publishable(rows, small)

    for one in told:
        if "n" in one:
            assert (
                min(one["jongeren"], one["positief"], one["n"] - one["positief"]) >= SMALLEST_GROUP
            )
    for kenmerk in {one["kenmerk"] for one in rows}:
        left = [one for one in told if one["kenmerk"] == kenmerk]
        if small or len(left) < sum(one["kenmerk"] == kenmerk for one in rows):
            assert not any({"n", "jongeren", "positief", "base_rate"} & one.keys() for one in left)


@pytest.mark.parametrize("small", [0, 1])
def test_a_large_group_keeps_its_recall(small: int) -> None:
    (told,) = publishable([row("leerweg", "BOL", 100, 50, 40)], small)

    assert told["recall"] == 0.5
    assert ("n" in told) == (not small)
