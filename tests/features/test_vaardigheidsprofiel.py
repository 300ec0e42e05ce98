from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.vaardigheidsprofiel import vaardigheidsprofiel
from tests.features.facts import rows, spine

PEILDATUM = date(2025, 3, 1)
DAY = date(2025, 1, 10)


def profile_of(*facts: dict[str, Any]) -> list[dict[str, Any]]:
    tables = {"competentiemeting": rows("competentiemeting", *facts)}
    return vaardigheidsprofiel(tables, spine(("j1", PEILDATUM))).to_dicts()


def judged(day: date, niveau: int, bron: str = "school", **more: date) -> dict[str, Any]:
    return {"competentie_id": "c1", "datum": day, "niveau": niveau, "bron": bron, **more}


def test_the_latest_judgement_counts_with_its_day_and_judge() -> None:
    assert profile_of(judged(DAY, 1), judged(date(2025, 2, 1), 3, "zelf")) == [
        {
            "jongere_id": "j1",
            "peildatum": PEILDATUM,
            "competentie_id": "c1",
            "niveau": 3.0,
            "gemeten_op": date(2025, 2, 1),
            "bron": "zelf",
        }
    ]


@given(st.permutations([("zelf", 4), ("school", 2), ("leerbedrijf", 0)]))
def test_on_one_day_practice_is_believed_over_school_over_self(
    judges: list[tuple[str, int]],
) -> None:
    found = profile_of(*(judged(DAY, niveau, bron) for bron, niveau in judges))
    without = profile_of(*(judged(DAY, n, bron) for bron, n in judges if bron != "leerbedrijf"))

    assert (found[0]["bron"], found[0]["niveau"]) == ("leerbedrijf", 0.0)
    assert (without[0]["bron"], without[0]["niveau"]) == ("school", 2.0)


def test_what_was_never_judged_has_no_row() -> None:
    assert profile_of() == []


@pytest.mark.parametrize(("known_on", "levels"), [(PEILDATUM, [2.0]), (date(2025, 3, 2), [])])
def test_a_judgement_counts_once_it_is_known(known_on: date, levels: list[float]) -> None:
    found = profile_of(judged(DAY, 2, bekend_op=known_on))

    assert [row["niveau"] for row in found] == levels


def test_a_judgement_dated_after_the_peildatum_does_not_count() -> None:
    assert profile_of(judged(date(2025, 4, 1), 2, bekend_op=DAY)) == []
