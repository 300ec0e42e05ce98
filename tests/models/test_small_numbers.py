"""No figure on a card tells of a group below ten, nor lets one be subtracted (TRUST P8)."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from models.small_numbers import COUNTS, SMALLEST_GROUP, shown_groups, shown_pairs


def row(kenmerk: str, waarde: str, n: int, jongeren: int, positief: int) -> dict[str, Any]:
    found = {"kenmerk": kenmerk, "waarde": waarde, "n": n, "jongeren": jongeren}
    return found | {"positief": positief, "base_rate": positief / n, "recall": 0.5}


TABLES = st.lists(
    st.builds(
        lambda kenmerk, waarde, n, share, told: row(
            kenmerk, waarde, n, max(n // share, 1), min(told, n)
        ),
        st.sampled_from(["leerweg", "leeftijd", "onderwijssoort"]),
        st.sampled_from("abcd"),
        st.integers(1, 200),
        st.integers(1, 4),
        st.integers(0, 200),
    ),
    max_size=12,
    unique_by=lambda one: (one["kenmerk"], one["waarde"]),
)


@given(TABLES, st.sets(st.sampled_from(["leerweg", "leeftijd"])))
@settings(max_examples=300)
def test_no_small_group_is_told_nor_follows_from_a_total(
    lines: list[dict[str, Any]], left_out: set[str]
) -> None:
    told = shown_groups(lines, left_out)
    for one in told:
        counts = [one[name] for name in ("n", "jongeren", "positief") if name in one]
        assert all(count >= SMALLEST_GROUP for count in counts)
    for kenmerk in {one["kenmerk"] for one in lines}:
        here = [one for one in told if one["kenmerk"] == kenmerk]
        hidden = sum(one["kenmerk"] == kenmerk for one in lines) - len(here)
        if hidden or kenmerk in left_out:
            assert not any(key.startswith(COUNTS) for one in here for key in one)
        else:
            assert all("n" in one for one in here)


@given(TABLES)
def test_what_was_shown_once_is_shown_the_same_again(lines: list[dict[str, Any]]) -> None:
    once = shown_groups(lines)
    assert shown_groups(once) == once


@given(TABLES)
def test_no_difference_tells_of_a_group_that_is_not_shown(lines: list[dict[str, Any]]) -> None:
    pairs = [
        {"kenmerk": one["kenmerk"], "waarde": one["waarde"], "andere": other["waarde"]}
        | {"recall": 0.1, "precision": 0.1}
        for one in lines
        for other in lines
        if one["kenmerk"] == other["kenmerk"] and one["waarde"] < other["waarde"]
    ]
    groups = shown_groups(lines)
    names = {(one["kenmerk"], one["waarde"]): one for one in groups}
    for pair in shown_pairs(pairs, groups):
        ends = [names[pair["kenmerk"], pair[end]] for end in ("waarde", "andere")]
        assert ("precision" in pair) == all("n" in one for one in ends)
