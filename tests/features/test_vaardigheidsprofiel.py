from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.vaardigheidsprofiel import aged, usual_niveaus, vaardigheidsprofiel
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


def profile_with(niveau: float, days: int) -> pl.DataFrame:
    """Return a profile of one judgement that many days before the peildatum."""
    return pl.DataFrame(
        {
            "jongere_id": ["j1"],
            "peildatum": [PEILDATUM],
            "competentie_id": ["c1"],
            "niveau": [niveau],
            "gemeten_op": [PEILDATUM - timedelta(days=days)],
            "bron": ["school"],
        }
    )


def usual(niveau: float) -> pl.DataFrame:
    return pl.DataFrame({"competentie_id": ["c1"], "gewoon": [niveau]})


@given(st.floats(0, 4), st.floats(0, 4), st.integers(0, 4000), st.integers(1, 4000))
def test_an_old_niveau_lies_between_what_was_judged_and_what_is_usual(
    niveau: float, gewoon: float, days: int, half_life: int
) -> None:
    found = aged(profile_with(niveau, days), usual(gewoon), half_life_days=half_life)
    low, high = sorted((niveau, gewoon))
    assert low - 1e-9 <= found["niveau_nu"][0] <= high + 1e-9
    older = aged(profile_with(niveau, days + 100), usual(gewoon), half_life_days=half_life)
    assert abs(older["niveau_nu"][0] - gewoon) <= abs(found["niveau_nu"][0] - gewoon) + 1e-9


def test_after_one_half_life_half_of_the_difference_is_left() -> None:
    found = aged(profile_with(4, 730), usual(2), half_life_days=730)
    assert found.select("niveau", "niveau_nu", "maanden_geleden", "bron").rows() == [
        (4.0, 3.0, 23, "school")
    ]


def test_a_judgement_of_today_is_worth_what_it_says() -> None:
    assert aged(profile_with(4, 0), usual(1))["niveau_nu"].to_list() == [4.0]


def test_where_nothing_is_usual_a_niveau_does_not_age() -> None:
    assert aged(profile_with(4, 900), usual(1).clear())["niveau_nu"].to_list() == [4.0]


def test_what_is_usual_counts_only_what_was_known_and_leans_on_all_where_few_were_judged() -> None:
    facts = [
        judged(DAY, 4),
        judged(date(2025, 2, 1), 0, bekend_op=date(2025, 4, 1)),
        *({**judged(DAY, 2), "competentie_id": "c2", "jongere_id": f"j{at}"} for at in range(9)),
    ]
    found = usual_niveaus({"competentiemeting": rows("competentiemeting", *facts)}, PEILDATUM)
    overall = (4 + 9 * 2) / 10
    assert dict(found.iter_rows()) == {
        "c1": pytest.approx((4 + 10 * overall) / 11),
        "c2": pytest.approx((18 + 10 * overall) / 19),
    }


def test_of_nothing_judged_nothing_is_usual() -> None:
    assert usual_niveaus({"competentiemeting": rows("competentiemeting")}, PEILDATUM).is_empty()
