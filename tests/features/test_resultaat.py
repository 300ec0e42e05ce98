from datetime import date, timedelta
from typing import Any

import pytest

from features.peildatum import numbered
from features.resultaat import RECENT_DAYS, WHOLE_DAYS, resultaat_features
from tests.features.facts import rows, spine

PEILDATUM = date(2025, 3, 1)


def features_of(*marks: tuple[int, float]) -> dict[str, Any]:
    facts = (
        {"datum": PEILDATUM - timedelta(days=ago), "waarde": mark, "onderdeel": str(n)}
        for n, (ago, mark) in enumerate(marks)
    )
    tables = {"resultaat": rows("resultaat", *facts)}
    found = resultaat_features(tables, numbered(spine(("j1", PEILDATUM)))).collect()
    row = found.row(0, named=True) if found.height else {}
    return {name.removeprefix("resultaat_"): value for name, value in row.items()}


def test_level_share_of_insufficient_marks_and_trend() -> None:
    found = features_of((10, 0.5), (100, 0.7), (200, 0.8))

    assert found["niveau"] == pytest.approx(0.6)
    assert found["onvoldoende"] == pytest.approx(0.5)
    assert found["verandering"] == pytest.approx(-0.2)
    assert found["aantal"] == 2


def test_a_five_and_a_half_is_sufficient() -> None:
    assert features_of((1, 0.55))["onvoldoende"] == 0.0
    assert features_of((1, 0.54))["onvoldoende"] == 1.0


def test_without_recent_marks_the_level_is_unknown_and_not_zero() -> None:
    found = features_of((RECENT_DAYS, 0.9))

    assert found["niveau"] is None
    assert found["onvoldoende"] is None
    assert found["aantal"] == 0


def test_older_marks_than_a_year_and_a_half_count_for_the_whole_only() -> None:
    found = features_of((WHOLE_DAYS, 0.9), (1, 0.5))

    assert found["verandering"] is None
    assert found["niveau_alles"] == pytest.approx(0.7)


def test_a_part_is_insufficient_while_its_latest_known_result_is() -> None:
    def failing(*marks: tuple[str, int, float, int]) -> float:
        facts = (
            {
                "onderdeel": part,
                "datum": PEILDATUM - timedelta(days=ago),
                "waarde": mark,
                "bekend_op": PEILDATUM - timedelta(days=known),
            }
            for part, ago, mark, known in marks
        )
        tables = {"resultaat": rows("resultaat", *facts)}
        found = resultaat_features(tables, numbered(spine(("j1", PEILDATUM)))).collect()
        return float(found["resultaat_onderdelen_onvoldoende"].item())

    assert failing(("rekenen", 300, 0.4, 300), ("Nederlands", 9, 0.3, 8)) == 2
    assert failing(("rekenen", 300, 0.4, 300), ("rekenen", 9, 0.8, 8)) == 0
    assert failing(("rekenen", 300, 0.4, 300), ("rekenen", 9, 0.8, -1)) == 1


def test_a_higher_mark_never_lowers_the_level_nor_adds_insufficient_ones() -> None:
    low, high = features_of((1, 0.4), (2, 0.6)), features_of((1, 0.6), (2, 0.6))

    assert high["niveau"] > low["niveau"]
    assert high["onvoldoende"] < low["onvoldoende"]
