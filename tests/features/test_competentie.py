from datetime import date, timedelta
from typing import Any

import pytest

from features.competentie import RECENT_DAYS, competentie_features
from features.peildatum import numbered
from tests.features.facts import rows, spine

PEILDATUM = date(2025, 3, 1)


def features_of(*judged: tuple[str, int, int]) -> dict[str, Any]:
    facts = (
        {"competentie_id": name, "datum": PEILDATUM - timedelta(days=ago), "niveau": niveau}
        for name, ago, niveau in judged
    )
    tables = {"competentiemeting": rows("competentiemeting", *facts)}
    found = competentie_features(tables, numbered(spine(("j1", PEILDATUM)))).collect()
    row = found.row(0, named=True) if found.height else {}
    return {name.removeprefix("competentie_"): value for name, value in row.items()}


def test_the_level_is_the_mean_of_the_latest_judgements() -> None:
    found = features_of(("c1", 10, 3), ("c1", 100, 1), ("c2", 50, 2))

    assert found["niveau"] == pytest.approx(2.5)
    assert found["aantal"] == 2


def test_growth_looks_only_at_what_was_judged_more_than_once() -> None:
    assert features_of(("c1", 10, 3), ("c1", 100, 1), ("c2", 50, 2))["groei"] == 2.0
    assert features_of(("c1", 10, 3))["groei"] is None


def test_never_judged_is_unknown() -> None:
    assert features_of() == {}
    assert features_of(("c1", RECENT_DAYS, 3)) == {}
