from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.contract import Tables
from features.tables import TABLES
from features.traject import TrajectOordeel, judge_trajecten, traject_oordelen
from tests.features.facts import rows

PEILDATUM = date(2026, 11, 1)


def trajecten(*rules: tuple[str, str, str], **more: pl.DataFrame) -> Tables:
    """Return one traject with rules of (attribuut, operator, waarde), and a jongere of 17."""
    names = TABLES["traject_voorwaarde"].schema
    return {
        "traject": pl.DataFrame(
            [("T1", "voorschakeltraject", "Op weg", None, 15, 20.0, "test")],
            schema=TABLES["traject"].schema,
            orient="row",
        ),
        "traject_voorwaarde": pl.DataFrame(
            [("T1", *rule, f"Reden {rule[0]}.", "test") for rule in rules],
            schema=names,
            orient="row",
        ),
        "jongere": rows("jongere", {"geboortedatum": date(2009, 5, 1), "gemeente": "Aalten"}),
        "inschrijving": rows(
            "inschrijving",
            {"onderwijssoort": "pro", "niveau": None, "begindatum": date(2025, 8, 1)},
        ),
        **more,
    }


def judged(tables: Tables, dag: date | None = None) -> TrajectOordeel:
    found = traject_oordelen(tables, pl.Series(["j1"]), peildatum=PEILDATUM, dag=dag)
    (one,) = judge_trajecten(tables, found)
    return one


@pytest.mark.parametrize(
    ("attribuut", "operator", "waarde", "holds"),
    [
        ("leeftijd", ">=", "17", True),
        ("leeftijd", ">=", "18", False),
        ("leeftijd", "<=", "16", False),
        ("leeftijd", "=", "17.0", True),
        ("leeftijd", "!=", "17", False),
        ("startkwalificatie", "=", "nee", True),
        ("ingeschreven", "=", "Ja", True),
        ("onderwijssoort", "in", "vso| pro", True),
        ("onderwijssoort", "in", "vso|entree", False),
        ("gemeente", "=", "Aalten", True),
    ],
)
def test_a_rule_admits_by_what_is_known(
    attribuut: str, operator: str, waarde: str, holds: bool
) -> None:
    found = judged(trajecten((attribuut, operator, waarde)))

    assert found.toegelaten is holds
    assert found.redenen == (() if holds else (f"Reden {attribuut}.",))
    assert found.onbekend == ()


@pytest.mark.parametrize("attribuut", ["belastbaarheid", "schoenmaat"])
def test_what_nobody_told_is_asked_first(attribuut: str) -> None:
    found = judged(trajecten((attribuut, ">=", "12")))

    assert not found.toegelaten
    assert found.redenen == ()
    assert found.onbekend == (attribuut,)


def test_who_will_be_old_enough_by_then_is_admitted_then() -> None:
    tables = trajecten(("leeftijd", ">=", "18"))

    assert judged(tables, dag=date(2027, 6, 1)).toegelaten
    assert not judged(tables, dag=date(2027, 4, 1)).toegelaten


def test_a_diploma_that_is_known_later_does_not_count_yet() -> None:
    diploma = {"datum": date(2026, 10, 1), "niveau": 2, "bekend_op": date(2026, 12, 1)}
    tables = trajecten(("startkwalificatie", "=", "nee"), diploma=rows("diploma", diploma))

    assert judged(tables).toegelaten


def test_a_traject_without_rules_admits_everyone() -> None:
    assert judged(trajecten()).toegelaten


@given(
    st.lists(st.sampled_from([">=", "<="]), min_size=1, max_size=2, unique=True),
    st.integers(10, 30),
)
def test_a_traject_admits_only_who_satisfies_every_rule(operators: list[str], bound: int) -> None:
    found = judged(trajecten(*(("leeftijd", one, str(bound)) for one in operators)))

    holds = [bound <= 17 if one == ">=" else bound >= 17 for one in operators]
    assert found.toegelaten is all(holds)
    assert len(found.redenen) == holds.count(False)
