from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from features.klas import FEWEST
from features.risicoprofiel import risicoprofiel
from tests.features.facts import rows, spine

PEILDATUM = date(2025, 3, 3)


def world(missed: dict[str, float], **other: dict[str, Any]) -> dict[str, pl.DataFrame]:
    """Put everybody in one class; each missed so many hours of twenty last week."""
    enrolled = [
        {"jongere_id": name, "begindatum": date(2024, 8, 1), **other.get(name, {})}
        for name in missed
    ]
    weeks = [
        {
            "jongere_id": name,
            "week": PEILDATUM - timedelta(days=7),
            "uren_ongeoorloofd": hours,
            "bekend_op": PEILDATUM,
        }
        for name, hours in missed.items()
    ]
    return {"inschrijving": rows("inschrijving", *enrolled), "verzuim": rows("verzuim", *weeks)}


MISSED = {"a": 10.0, "b": 0.0, "c": 0.0, "d": 0.0, "e": 0.0}


def beside(tables: dict[str, pl.DataFrame], jongere_id: str = "a") -> float | None:
    profile = risicoprofiel(tables, spine((jongere_id, PEILDATUM)))
    found: float | None = profile["klas_verzuim"].item()
    return found


def test_a_jongere_is_held_beside_the_mean_of_the_class() -> None:
    assert beside(world(MISSED)) == pytest.approx(0.5 - 0.1)
    assert beside(world(MISSED), "b") == pytest.approx(-0.1)


def test_a_class_that_is_too_small_says_nothing() -> None:
    assert len(MISSED) == FEWEST
    assert beside(world({name: MISSED[name] for name in "abcd"})) is None


def test_another_school_is_another_class() -> None:
    assert beside(world(MISSED, e={"instelling": "02BB"})) is None
    assert beside(world({**MISSED, "f": 20.0}, f={"instelling": "02BB"})) == pytest.approx(0.4)


def test_the_class_is_the_same_whoever_the_spine_asks_for() -> None:
    tables = world(MISSED)
    everybody = spine(*[(name, PEILDATUM) for name in MISSED])

    assert risicoprofiel(tables, everybody)["klas_verzuim"][0] == beside(tables)


def test_absence_of_the_class_that_was_told_later_does_not_count() -> None:
    tables = world({**MISSED, "f": 20.0})
    told = pl.when(pl.col("jongere_id") == "f").then(PEILDATUM + timedelta(days=1))
    tables["verzuim"] = tables["verzuim"].with_columns(
        told.otherwise("bekend_op").alias("bekend_op")
    )

    assert beside(tables) == pytest.approx(0.4)


def test_a_year_with_stages_shows_for_who_has_none() -> None:
    tables = world(MISSED)
    stages = [
        {"jongere_id": name, "stage_id": name, "begindatum": date(2025, 2, 1)} for name in "bcd"
    ]
    tables["stage"] = rows("stage", *stages)
    days = spine(("a", PEILDATUM), ("b", PEILDATUM))

    assert risicoprofiel(tables, days)["klas_stage"].to_list() == [pytest.approx(0.6), 0.0]


def test_who_was_known_first_counts_once_however_the_work_is_dealt() -> None:
    tables = world(MISSED, a={"bekend_op": date(2024, 8, 1)}, b={"bekend_op": date(2024, 8, 2)})
    register = tables["verzuim"]
    early = pl.when(pl.col("jongere_id") == "a").then(pl.lit(date(2025, 3, 1)))
    tables["verzuim"] = register.with_columns(bekend_op=early.otherwise("bekend_op"))
    whole = beside(tables, "b")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("features.risicoprofiel.ROWS", 1)
        in_parts = beside(tables, "b")

    assert in_parts == whole == pytest.approx(-0.1)
