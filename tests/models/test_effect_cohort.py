"""Who is compared with whom: the rules of a trial, laid over what was written down."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from features.contract import Tables
from features.synthetic import Region
from models.effect_cohort import GRACE_DAYS, effect_cohort, trials
from models.effect_vraag import SoortHulp, Uitkomst, Vraag, vragen
from tests.features.facts import Fact, rows

BEGIN, DAY = date(2023, 8, 1), date(2024, 3, 1)
LATER = date(2026, 1, 1)
COACH = Vraag(SoortHulp.BEGELEIDING, "coach")
TRAJECT = Vraag(SoortHulp.TRAJECT, "voorschakeltraject")


def world(**tables: list[Fact]) -> Tables:
    """Return three jongeren who are enrolled, and what a test adds."""
    persons = [{"jongere_id": name} for name in ("a", "b", "c")]
    enrolled = [one | {"begindatum": BEGIN} for one in persons]
    return {
        "jongere": rows("jongere", *persons),
        "inschrijving": rows("inschrijving", *tables.pop("inschrijving", enrolled)),
        "kwalificatie": rows("kwalificatie"),
        "traject": rows("traject", {}),
        **{name: rows(name, *facts) for name, facts in tables.items()},
    }


def contact(who: str, day: date, door: str = "coach", **more: object) -> Fact:
    return {"jongere_id": who, "datum": day, "door": door, "gelukt": True, **more}


def left(who: str, day: date) -> Fact:
    return {
        "jongere_id": who,
        "begindatum": BEGIN,
        "einddatum": day,
        "reden_uitschrijving": "gestopt",
    }


def on(tables: Tables, vraag: Vraag = COACH, day: date = DAY) -> dict[str, bool]:
    """Return who takes part in the trial of a day, and whether they got the help."""
    found = trials(tables, vraag, observed_until=LATER).filter(pl.col("peildatum") == day)
    return dict(found.select("jongere_id", "kreeg").iter_rows())


def test_who_begins_within_the_grace_got_the_help_and_who_begins_later_did_not() -> None:
    late = DAY + timedelta(days=GRACE_DAYS + 1)
    tables = world(contact=[contact("a", date(2024, 3, 20)), contact("b", late)])

    assert on(tables) == {"a": True, "b": False, "c": False}


def test_help_on_the_peildatum_itself_came_too_early_for_its_trial() -> None:
    assert on(world(contact=[contact("a", DAY)])) == {"b": False, "c": False}


def test_who_has_the_help_already_is_in_neither_group_until_it_is_long_ago() -> None:
    tables = world(contact=[contact("a", date(2023, 12, 1)), contact("b", date(2023, 8, 2))])

    assert set(on(tables)) == {"b", "c"}


def test_who_leaves_before_outcomes_count_is_in_neither_group() -> None:
    gone = date(2024, 3, 15)
    kept = {"jongere_id": "c", "begindatum": BEGIN}
    tables = world(
        inschrijving=[left("a", gone), left("b", gone), kept],
        contact=[contact("a", date(2024, 3, 5))],
    )

    assert on(tables) == {"c": False}


def test_the_outcome_counts_from_the_end_of_the_grace() -> None:
    tables = world(
        inschrijving=[left("a", date(2024, 4, 10)), left("b", date(2025, 6, 1))],
    )
    found = trials(tables, COACH, observed_until=LATER).filter(pl.col("peildatum") == DAY)

    assert found["vanaf"].unique().to_list() == [DAY + timedelta(days=GRACE_DAYS)]
    assert dict(found.select("jongere_id", "uitkomst").iter_rows()) == {"a": 1.0, "b": 0.0}


def test_an_outcome_that_is_not_due_makes_no_trial() -> None:
    found = trials(world(), COACH, observed_until=LATER)

    last = found["peildatum"].max()
    assert isinstance(last, date)
    assert last + timedelta(days=GRACE_DAYS + 365) < LATER - timedelta(days=50)


def test_against_another_role_only_who_got_one_of_both_is_compared() -> None:
    soon = date(2024, 3, 10)
    both = [contact("c", soon), contact("c", soon, "mentor")]
    tables = world(contact=[contact("a", soon), contact("b", soon, "mentor"), *both])

    assert on(tables, replace(COACH, tegenover="mentor")) == {"a": True, "b": False}


def test_a_traject_is_compared_among_whom_its_rules_admit() -> None:
    rule = {"attribuut": "niveau", "operator": "=", "waarde": "2"}
    enrolled = [
        {"jongere_id": name, "begindatum": BEGIN, "niveau": niveau}
        for name, niveau in (("a", 2), ("b", 2), ("c", 1))
    ]
    taken = {
        "jongere_id": "a",
        "register": "T1",
        "datum_van": date(2024, 3, 4),
        "bekend_op": date(2024, 3, 4),
    }
    tables = world(inschrijving=enrolled, traject_voorwaarde=[rule], bekend_bij=[taken])

    assert on(tables, TRAJECT) == {"a": True, "b": False}
    assert on(tables, TRAJECT, date(2024, 5, 1)) == {"b": False}


def test_a_traject_is_known_by_its_title_as_well() -> None:
    taken = {
        "jongere_id": "b",
        "register": "Op weg",
        "datum_van": date(2024, 3, 4),
        "bekend_op": date(2024, 3, 4),
    }

    assert on(world(bekend_bij=[taken]), TRAJECT) == {"a": False, "b": True, "c": False}


def test_a_plaatsing_counts_when_it_begins_in_time_and_is_sustained() -> None:
    def stage(who: str, begin: date, end: date, reden: str) -> Fact:
        return {
            "stage_id": who,
            "jongere_id": who,
            "begindatum": begin,
            "geplande_einddatum": date(2024, 9, 1),
            "einddatum": end,
            "reden_einde": reden,
        }

    tables = world(
        stage=[
            stage("a", date(2024, 5, 1), date(2024, 9, 1), "afgerond"),
            stage("b", date(2024, 5, 1), date(2024, 6, 1), "jongere stopte"),
            stage("c", date(2024, 3, 10), date(2024, 9, 1), "afgerond"),
        ]
    )
    asked = replace(COACH, uitkomst=Uitkomst.PLAATSING)
    found = trials(tables, asked, observed_until=LATER).filter(pl.col("peildatum") == DAY)

    assert dict(found.select("jongere_id", "uitkomst").iter_rows()) == {"a": 1.0, "b": 0.0}


def test_missed_lessons_that_became_known_later_are_what_was_before() -> None:
    def week(monday: date, known: date, missed: float) -> Fact:
        return {
            "jongere_id": "a",
            "week": monday,
            "lesuren": 20.0,
            "uren_ongeoorloofd": missed,
            "bekend_op": known,
        }

    late = date(2024, 4, 1)
    tables = world(
        verzuim=[
            week(date(2024, 2, 12), date(2024, 2, 19), 20.0),
            week(date(2024, 2, 19), late, 10.0),
            week(date(2024, 3, 4), late, 20.0),
        ]
    )
    cohort = effect_cohort(tables, COACH, observed_until=LATER)
    found = trials(tables, COACH, observed_until=LATER).with_columns(vooraf=cohort.before)
    mine = found.filter(jongere_id="a", peildatum=DAY)

    assert mine["vooraf"].to_list() == [0.5]
    assert found.filter(jongere_id="b")["vooraf"].is_nan().all()


@pytest.mark.parametrize("outcome", list(Uitkomst))
def test_nothing_that_became_known_after_the_last_day_changes_the_answer(
    region: Region, outcome: Uitkomst
) -> None:
    asked = Vraag(SoortHulp.BEGELEIDING, "mentor", outcome)
    day = date(2025, 6, 1)
    cut = {
        name: frame.filter(pl.col("bekend_op") <= day) if "bekend_op" in frame.columns else frame
        for name, frame in region.tables.items()
    }
    one, other = (effect_cohort(t, asked, observed_until=day) for t in (region.tables, cut))

    assert len(one.treated) > 100
    for name in ("matrix", "treated", "outcome", "persons", "before"):
        assert np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True)


def test_what_became_known_in_the_grace_is_not_made_alike(region: Region) -> None:
    asked = Vraag(SoortHulp.BEGELEIDING, "mentor")
    until = region.config.peildatum
    found = trials(region.tables, asked, observed_until=until)
    last = found["peildatum"].max()
    events = ("contact", "verzuim", "verzuimmelding", "stage", "resultaat", "competentiemeting")
    cut = region.tables | {
        name: region.tables[name].filter(pl.col("bekend_op") <= last) for name in events
    }

    def alike(tables: Tables) -> pl.DataFrame:
        day = trials(tables, asked, observed_until=until)["peildatum"]
        cohort = effect_cohort(tables, asked, observed_until=until)
        return pl.DataFrame(cohort.matrix, schema=list(cohort.names)).filter(day == last)

    assert alike(region.tables).height > 100
    assert alike(region.tables).equals(alike(cut))


def test_what_is_made_alike_holds_the_school_but_no_sensitive_attribute(region: Region) -> None:
    cohort = effect_cohort(
        region.tables,
        Vraag(SoortHulp.BEGELEIDING, "mentor"),
        observed_until=region.config.peildatum,
    )

    assert any(name.startswith("school ") for name in cohort.names)
    assert not any("leeftijd" in name or "geslacht" in name for name in cohort.names)


def test_of_a_large_region_all_with_the_help_are_kept_and_a_part_of_the_others(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, until = Vraag(SoortHulp.BEGELEIDING, "mentor"), region.config.peildatum
    whole = effect_cohort(region.tables, asked, observed_until=until)
    monkeypatch.setattr("models.effect_cohort.MOST_ROWS", 2000)
    part = effect_cohort(region.tables, asked, observed_until=until)

    assert whole.whole
    assert not part.whole
    assert len(part.treated) == 2000
    assert part.treated.sum() == whole.treated.sum()


def test_every_soort_and_role_that_the_tables_name_can_be_asked(region: Region) -> None:
    found = vragen(region.tables)

    assert {one.naam for one in found} >= {"voorschakeltraject", "mentor", "Doorstroompunt"}
    assert len(found) == len(set(found))


def test_a_store_without_enrolments_gives_no_rows() -> None:
    cohort = effect_cohort(
        world(inschrijving=[]), Vraag(SoortHulp.BEGELEIDING, "coach"), observed_until=LATER
    )

    assert len(cohort.treated) == 0
