from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.contract import Tables
from features.labels_werkproces import werkproces_beheerst, werkproces_voorbeelden
from features.tables import TABLES
from tests.features.facts import rows

BEGIN, PLANNED = date(2025, 2, 3), date(2025, 6, 30)
LATER = date(2026, 6, 1)


def world(*metingen: dict[str, Any], stage: dict[str, Any] | None = None) -> Tables:
    """Return a stage at a place that teaches one werkproces, and judgements of that."""
    facts = {
        "leerwerkplek_id": "p1",
        "begindatum": BEGIN,
        "geplande_einddatum": PLANNED,
        "einddatum": PLANNED,
        "reden_einde": "afgerond",
        "uren_per_week": 21.0,
        **(stage or {}),
    }
    return {
        "stage": rows("stage", facts),
        "leerwerkplek_werkproces": pl.DataFrame(
            [("p1", "w1", "test")],
            schema=TABLES["leerwerkplek_werkproces"].schema,
            orient="row",
        ),
        "competentiemeting": rows(
            "competentiemeting", *({"competentie_id": "w1", **one} for one in metingen)
        ),
    }


BEFORE = {"datum": BEGIN - timedelta(days=50), "niveau": 1}
AFTER = {"datum": PLANNED - timedelta(days=3), "niveau": 3, "bron": "leerbedrijf"}


def outcome(tables: Tables, until: date = LATER) -> bool | None:
    found = werkproces_beheerst(tables, werkproces_voorbeelden(tables), observed_until=until)
    value: bool | None = found.item()
    return value


def test_judged_before_and_zelfstandig_at_the_end_is_mastered() -> None:
    assert outcome(world(BEFORE, AFTER)) is True
    assert outcome(world(BEFORE, {**AFTER, "niveau": 2})) is False


def test_an_example_looks_from_the_day_before_it_was_agreed_and_shares_the_hours() -> None:
    (row,) = werkproces_voorbeelden(world(BEFORE)).rows(named=True)

    assert row["peildatum"] == BEGIN - timedelta(days=1)
    assert row["uren"] == pytest.approx(21.0 * (PLANNED - BEGIN).days / 7)
    assert row["known_by"] > PLANNED


@pytest.mark.parametrize(
    "meting",
    [
        {**BEFORE, "datum": BEGIN - timedelta(days=200)},
        {**BEFORE, "bekend_op": BEGIN + timedelta(days=1)},
        {**BEFORE, "bron": "zelf"},
        {**BEFORE, "competentie_id": "w2"},
    ],
    ids=["long ago", "told later", "by oneself", "not taught there"],
)
def test_without_a_judgement_beforehand_there_is_no_example(meting: dict[str, Any]) -> None:
    assert werkproces_voorbeelden(world(meting)).is_empty()


def test_what_nobody_judged_at_the_end_is_no_failure() -> None:
    assert outcome(world(BEFORE)) is None


def test_a_stage_that_ended_early_says_nothing_of_learning() -> None:
    broken = {"einddatum": PLANNED - timedelta(days=40), "reden_einde": "gestopt door jongere"}

    assert outcome(world(BEFORE, AFTER, stage=broken)) is None


@given(st.integers(0, 200), st.integers(0, 60))
def test_an_outcome_is_never_known_before_judgement_end_and_delay(day: int, told: int) -> None:
    known = PLANNED + timedelta(days=told - 3)
    tables = world(BEFORE, {**AFTER, "bekend_op": known})
    until = PLANNED + timedelta(days=day)
    due = werkproces_voorbeelden(tables)["known_by"].item()

    assert (outcome(tables, until) is not None) == (until >= max(known, due))
