from datetime import date
from typing import Any

import pytest

from features.peildatum import numbered
from features.stage import stage_features
from tests.features.facts import rows, spine

PEILDATUM = date(2025, 3, 1)
PLANNED = {"begindatum": date(2024, 9, 2), "geplande_einddatum": date(2025, 1, 31)}
LASTING = {"begindatum": date(2024, 9, 2), "geplande_einddatum": date(2025, 6, 30)}


def features_of(*stages: dict[str, Any], jongere_id: str = "j1") -> dict[str, Any]:
    facts = ({"stage_id": f"s{n}", **stage} for n, stage in enumerate(stages))
    tables = {"stage": rows("stage", *facts)}
    found = stage_features(tables, numbered(spine((jongere_id, PEILDATUM)))).collect()
    row = found.row(0, named=True)
    return {name.removeprefix("stage_"): value for name, value in row.items()}


def test_a_running_stage_leaves_no_weeks_without() -> None:
    found = features_of(LASTING)

    assert (found["loopt"], found["weken_zonder"]) == (1.0, 0.0)


def test_weeks_without_count_from_the_latest_end() -> None:
    ended = {**PLANNED, "einddatum": date(2025, 2, 1)}
    earlier = {"begindatum": date(2024, 1, 8), "einddatum": date(2024, 6, 1)}
    found = features_of(ended, earlier)

    assert found["loopt"] == 0.0
    assert found["weken_zonder"] == pytest.approx(4.0)


def test_a_planned_end_that_has_passed_ends_a_stage_of_which_no_end_is_known() -> None:
    assert features_of(PLANNED)["loopt"] == 0.0


def test_broken_off_is_more_than_two_weeks_early_and_not_by_the_diploma() -> None:
    def broken(ended: date, reden: str) -> float:
        return float(
            features_of({**PLANNED, "einddatum": ended, "reden_einde": reden})["afgebroken"]
        )

    assert broken(date(2025, 1, 16), "gestopt door jongere") == 1
    assert broken(date(2025, 1, 17), "gestopt door jongere") == 0
    assert broken(date(2025, 1, 16), "diploma") == 0


def test_weeks_since_a_stage_went_wrong_count_from_the_latest_time() -> None:
    broken = {**PLANNED, "einddatum": date(2024, 12, 28), "reden_einde": "gestopt door jongere"}
    failed = {**LASTING, "einddatum": date(2025, 2, 15), "reden_einde": "niet gestart"}

    assert features_of(broken)["weken_na_breuk"] == pytest.approx(9.0)
    assert features_of(broken, failed)["weken_na_breuk"] == pytest.approx(2.0)
    assert features_of(LASTING)["weken_na_breuk"] is None


def test_a_stage_that_never_started_counts_apart() -> None:
    ended = {**LASTING, "einddatum": date(2024, 9, 2), "reden_einde": "niet gestart"}
    found = features_of(ended)

    assert (found["niet_gestart"], found["afgebroken"], found["loopt"]) == (1, 0, 0.0)
    assert found["weken_zonder"] is None


def test_longest_and_latest_search_are_told_apart() -> None:
    found = features_of(
        {"begindatum": date(2024, 1, 8), "zoekduur_weken": 12.0},
        {"begindatum": date(2024, 9, 2), "zoekduur_weken": 2.0},
        {"begindatum": date(2025, 1, 6)},
    )

    assert (found["zoekduur_langste"], found["zoekduur_laatste"]) == (12.0, 2.0)


def test_a_broken_off_stage_counts_only_once_its_end_is_known() -> None:
    ended = {
        **LASTING,
        "einddatum": date(2024, 12, 1),
        "reden_einde": "gestopt door jongere",
        "einde_bekend_op": date(2025, 3, 2),
    }
    found = features_of(ended)

    assert (found["afgebroken"], found["loopt"]) == (0, 1.0)


def test_without_a_stage_counts_are_zero_where_stages_are_known_at_all() -> None:
    found = features_of(LASTING, jongere_id="j2")

    assert (found["afgebroken"], found["loopt"], found["weken_zonder"]) == (0, 0.0, None)
    assert features_of()["afgebroken"] is None


def test_what_is_known_of_a_stage_to_come_and_of_one_that_runs() -> None:
    to_come = {**LASTING, "begindatum": date(2025, 3, 10), "bekend_op": date(2025, 2, 1)}
    running = {**LASTING, "geplande_einddatum": date(2025, 3, 29), "uren_per_week": 16.0}
    found = features_of(to_come, running)

    assert (found["komt"], found["loopt"]) == (1.0, 1.0)
    assert found["weken_te_gaan"] == pytest.approx(4.0)
    assert found["uren"] == 16.0
    assert features_of(LASTING)["komt"] == 0.0


def test_how_long_a_broken_off_stage_lasted_and_which_were_finished() -> None:
    broken = {**PLANNED, "einddatum": date(2024, 10, 14), "reden_einde": "gestopt door jongere"}
    finished = {**PLANNED, "einddatum": date(2025, 1, 31), "reden_einde": "afgerond"}
    found = features_of(broken, finished)

    assert found["weken_tot_breuk"] == pytest.approx(6.0)
    assert (found["afgerond"], found["afgebroken"]) == (1, 1)
