from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.labels import (
    UitvalDefinition,
    VsvDefinition,
    plaatsing_geslaagd,
    uitval,
    vsv,
)
from features.peildatum import cut_to_peildatum
from tests.features.facts import DAYS, FIRST_DAY, JONGEREN, World, rows, spine

PEILDATUM = date(2024, 10, 1)
LATER = date(2026, 6, 1)
BEGIN = date(2024, 8, 1)


def left(
    *inschrijvingen: dict[str, Any],
    diplomas: tuple[dict[str, Any], ...] = (),
    peildatum: date = PEILDATUM,
    observed_until: date = LATER,
    definition: UitvalDefinition | None = None,
) -> bool | None:
    tables = {
        "inschrijving": rows(
            "inschrijving",
            *(
                {"begindatum": BEGIN, "volgnummer": str(n), **i}
                for n, i in enumerate(inschrijvingen)
            ),
        ),
        "diploma": rows("diploma", *diplomas),
    }
    found = uitval(
        tables,
        spine(("j1", peildatum)),
        observed_until=observed_until,
        definition=definition or UitvalDefinition(),
    )
    answer: bool | None = found["uitval"].item()
    return answer


def test_leaving_without_return_and_without_startkwalificatie_is_uitval() -> None:
    assert left({"einddatum": date(2025, 2, 1), "reden_uitschrijving": "04"}) is True


def test_staying_enrolled_is_no_uitval() -> None:
    assert left({}) is False


def test_leaving_after_the_horizon_is_no_uitval() -> None:
    assert left({"einddatum": date(2025, 10, 1)}) is True
    assert left({"einddatum": date(2025, 10, 2)}) is False


def test_a_shorter_horizon_looks_less_far() -> None:
    definition = UitvalDefinition(maanden=3)

    assert left({"einddatum": date(2025, 1, 1)}, definition=definition) is True
    assert left({"einddatum": date(2025, 1, 2)}, definition=definition) is False


@pytest.mark.parametrize(("days", "expected"), [(60, False), (61, True)])
def test_a_new_enrolment_within_sixty_days_is_no_uitval(days: int, expected: bool) -> None:
    end = date(2025, 2, 1)
    again = {"begindatum": end + timedelta(days=days)}

    assert left({"einddatum": end}, again) is expected


def test_another_enrolment_that_goes_on_is_no_uitval() -> None:
    assert left({"einddatum": date(2025, 2, 1)}, {"begindatum": date(2024, 9, 1)}) is False


def test_two_enrolments_that_end_together_are_uitval() -> None:
    end = {"einddatum": date(2025, 2, 1)}

    assert left(end, {"begindatum": date(2024, 9, 1), **end}) is True


def test_coming_back_after_more_than_sixty_days_is_still_uitval() -> None:
    assert left({"einddatum": date(2025, 1, 1)}, {"begindatum": date(2025, 8, 1)}) is True


@pytest.mark.parametrize(
    ("diploma", "expected"),
    [
        ({"niveau": 2}, False),
        ({"niveau": 4}, False),
        ({"niveau": 1}, True),
        ({"soort": "havo-diploma"}, False),
        ({"soort": "vwo-diploma"}, False),
        ({}, True),
        ({"niveau": 2, "soort": "mbo-certificaat"}, True),
        ({"niveau": 2, "soort": "praktijkverklaring"}, True),
        ({"niveau": 2, "datum": date(2026, 1, 1)}, True),
    ],
)
def test_only_a_startkwalificatie_in_time_makes_leaving_no_uitval(
    diploma: dict[str, Any], expected: bool
) -> None:
    proof = {"datum": date(2025, 7, 1), **diploma}

    assert left({"einddatum": date(2025, 7, 10)}, diplomas=(proof,)) is expected


def test_the_niveau_of_a_diploma_is_found_by_its_opleidingcode() -> None:
    tables = {
        "inschrijving": rows("inschrijving", {"begindatum": BEGIN, "einddatum": date(2025, 7, 1)}),
        "diploma": rows("diploma", {"datum": date(2025, 7, 1), "opleidingcode": "25655"}),
        "kwalificatie": rows("kwalificatie", {"opleidingcode": "25655", "niveau": 2}),
    }

    found = uitval(tables, spine(("j1", PEILDATUM)), observed_until=LATER)

    assert found["uitval"].to_list() == [False]


def test_an_enrolment_that_ended_by_its_diploma_counts_as_proof() -> None:
    end = {"einddatum": date(2025, 7, 10), "reden_uitschrijving": "01"}

    assert left({**end, "onderwijssoort": "mbo-2"}) is False
    assert left({**end, "onderwijssoort": "entree"}) is True


def test_what_cannot_be_known_yet_is_censored_and_never_negative() -> None:
    ripe = date(2025, 10, 1) + timedelta(days=90)

    assert left({}, observed_until=ripe) is False
    assert left({}, observed_until=ripe - timedelta(days=1)) is None
    ended = {"einddatum": date(2024, 12, 1)}
    assert left(ended, observed_until=ripe - timedelta(days=1)) is None


def test_who_had_already_left_or_qualified_in_fact_has_no_label() -> None:
    reported_late = {"einddatum": date(2024, 9, 20), "einde_bekend_op": date(2024, 12, 1)}
    obtained = {"niveau": 2, "datum": date(2024, 9, 1), "bekend_op": date(2024, 12, 1)}

    assert left(reported_late) is None
    assert left({}, diplomas=(obtained,)) is None


def test_who_died_has_no_label() -> None:
    assert left({"einddatum": date(2025, 2, 1), "reden_uitschrijving": "05"}) is None


def test_labels_use_what_was_reported_after_the_peildatum() -> None:
    assert left({"einddatum": date(2025, 2, 1), "einde_bekend_op": date(2026, 5, 1)}) is True


@given(st.integers(0, 2**32 - 1), st.integers(0, DAYS + 400), st.integers(0, DAYS))
def test_what_is_known_after_the_observation_changes_no_label(
    seed: int, observed: int, peildatum: int
) -> None:
    tables = World(seed).tables()
    until = FIRST_DAY + timedelta(days=observed)
    days = spine(*[(name, FIRST_DAY + timedelta(days=peildatum)) for name in JONGEREN])

    whole = uitval(tables, days, observed_until=until)

    assert whole.equals(uitval(cut_to_peildatum(tables, until), days, observed_until=until))
    assert whole.select("jongere_id", "peildatum").equals(days)


@given(st.integers(0, 2**32 - 1), st.integers(0, DAYS))
def test_rolling_uitval_is_what_the_definition_says(seed: int, peildatum: int) -> None:
    """The same definition, told one jongere at a time in plain Python."""
    tables = World(seed).tables()
    day = FIRST_DAY + timedelta(days=peildatum)
    until = FIRST_DAY + timedelta(days=DAYS + 800)
    days = spine(*[(name, day) for name in JONGEREN])

    found = uitval(tables, days, observed_until=until)["uitval"].to_list()

    assert found == [_by_hand(tables, name, day) for name in JONGEREN]


def _by_hand(tables: dict[str, pl.DataFrame], name: str, day: date) -> bool | None:
    periods = tables["inschrijving"].filter(pl.col("jongere_id") == name).to_dicts()
    proofs = _proofs(tables, name, periods)
    open_end = date.max
    horizon = date(day.year + 1, day.month, min(day.day, 28 if day.month == 2 else day.day))
    if not any(p["begindatum"] <= day <= (p["einddatum"] or open_end) for p in periods):
        return None
    if any(proof <= day for proof in proofs):
        return None
    outcome = False
    for end in {p["einddatum"] for p in periods if p["einddatum"] is not None}:
        pause = end + timedelta(days=60)
        goes_on = any(
            p["begindatum"] <= pause and (p["einddatum"] or open_end) > end for p in periods
        )
        if not day <= end <= horizon or goes_on:
            continue
        if any(p["einddatum"] == end and p["reden_uitschrijving"] == "05" for p in periods):
            return None
        outcome |= all(proof > max(horizon, pause) for proof in proofs)
    return outcome


def _proofs(
    tables: dict[str, pl.DataFrame], name: str, periods: list[dict[str, Any]]
) -> list[date]:
    of_code = dict(tables["kwalificatie"].select("opleidingcode", "niveau").iter_rows())
    of_soort = {"entree": 1, "mbo-2": 2, "mbo-3": 3, "mbo-4": 4}
    diplomas = tables["diploma"].filter(pl.col("jongere_id") == name)
    proofs = [
        d["datum"]
        for d in diplomas.to_dicts()
        if d["soort"] in ("havo-diploma", "vwo-diploma")
        or (d["soort"] == "diploma" and (d["niveau"] or of_code.get(d["opleidingcode"], 0)) >= 2)
    ]
    return proofs + [
        p["einddatum"]
        for p in periods
        if p["einddatum"] is not None
        and p["reden_uitschrijving"] == "01"
        and (p["niveau"] or of_soort.get(p["onderwijssoort"], 0)) >= 2
    ]


def vsv_of(
    inschrijving: dict[str, Any],
    born: date | None = date(2006, 3, 1),
    schooljaar: int = 2024,
    until: date = LATER,
    definition: VsvDefinition | None = None,
) -> list[bool | None]:
    tables = {
        "jongere": rows("jongere", {"geboortedatum": born}),
        "inschrijving": rows("inschrijving", {"begindatum": BEGIN, **inschrijving}),
    }
    found = vsv(
        tables, [schooljaar], observed_until=until, definition=definition or VsvDefinition()
    )
    return found["vsv"].to_list()


def test_vsv_compares_two_first_days_of_october() -> None:
    assert vsv_of({"einddatum": date(2025, 9, 30)}) == [True]
    assert vsv_of({"einddatum": date(2025, 10, 1)}) == [False]
    assert vsv_of({}) == [False]


def test_who_is_not_enrolled_on_the_first_of_october_is_no_vsver() -> None:
    assert vsv_of({"einddatum": date(2024, 9, 30)}) == []
    assert vsv_of({"begindatum": date(2024, 10, 2)}) == []


def test_a_diploma_of_niveau_two_makes_no_vsver_and_entree_does() -> None:
    end = {"einddatum": date(2025, 7, 1), "reden_uitschrijving": "01"}

    assert vsv_of({**end, "onderwijssoort": "mbo-2"}) == [False]
    assert vsv_of({**end, "onderwijssoort": "entree"}) == [True]


def test_the_age_limit_moved_from_23_to_27_with_the_law_of_2026() -> None:
    end = {"einddatum": date(2025, 2, 1)}

    assert vsv_of(end, born=date(2001, 11, 1)) == [True]
    assert vsv_of(end, born=date(2001, 10, 1)) == []
    of_2026 = {"begindatum": date(2026, 8, 1), "einddatum": date(2026, 12, 1)}
    much_later = date(2028, 6, 1)
    assert vsv_of(of_2026, date(2000, 1, 1), 2026, much_later) == [True]
    assert vsv_of(of_2026, date(1999, 1, 1), 2026, much_later) == []
    assert vsv_of(end, date(2001, 10, 1), definition=VsvDefinition(leeftijdsgrens=24)) == [True]


def test_vsv_is_censored_until_the_second_october_can_be_known() -> None:
    ripe = date(2025, 10, 1) + timedelta(days=90)

    assert vsv_of({"einddatum": date(2025, 1, 1)}, until=ripe) == [True]
    assert vsv_of({"einddatum": date(2025, 1, 1)}, until=ripe - timedelta(days=1)) == [None]


def test_without_a_birth_date_or_after_death_there_is_no_vsv() -> None:
    assert vsv_of({"einddatum": date(2025, 1, 1)}, born=None) == []
    assert vsv_of({"einddatum": date(2025, 1, 1), "reden_uitschrijving": "05"}) == [None]


PLANNED = date(2025, 6, 30)


@pytest.mark.parametrize(
    ("ended", "reden", "expected"),
    [
        (date(2025, 6, 30), "afgerond", True),
        (date(2025, 6, 16), "anders", True),
        (date(2025, 6, 15), "anders", False),
        (date(2025, 6, 15), "afgerond", False),
        (date(2025, 3, 1), "gestopt door jongere", False),
        (date(2025, 3, 1), "diploma", True),
        (date(2025, 1, 6), "niet gestart", False),
        (date(2025, 7, 20), None, True),
        (None, None, None),
    ],
)
def test_a_plaatsing_is_sustained_until_two_weeks_before_its_planned_end(
    ended: date | None, reden: str | None, expected: bool | None
) -> None:
    stage = rows(
        "stage",
        {
            "begindatum": date(2025, 1, 6),
            "geplande_einddatum": PLANNED,
            "einddatum": ended,
            "reden_einde": reden,
        },
    )

    found = plaatsing_geslaagd(stage, observed_until=date(2026, 1, 1))

    assert found["geslaagd"].to_list() == [expected]


def test_early_failures_wait_until_success_could_be_known_too() -> None:
    stage = rows(
        "stage",
        {
            "begindatum": date(2025, 1, 6),
            "geplande_einddatum": PLANNED,
            "einddatum": date(2025, 2, 1),
            "reden_einde": "gestopt door leerbedrijf",
        },
    )
    ripe = PLANNED + timedelta(days=90)

    def seen(day: date) -> list[bool | None]:
        return plaatsing_geslaagd(stage, observed_until=day)["geslaagd"].to_list()

    assert seen(ripe - timedelta(days=1)) == [None]
    assert seen(ripe) == [False]
    assert seen(date(2025, 1, 5)) == []


@pytest.mark.parametrize(
    ("reden", "expected"),
    [
        ("afgerond", True),
        ("diploma", True),
        ("gestopt door school", False),
        ("niet gestart", False),
        ("anders", None),
        (None, None),
    ],
)
def test_without_a_planned_end_the_reason_decides(reden: str | None, expected: bool | None) -> None:
    stage = rows(
        "stage",
        {"begindatum": date(2025, 1, 6), "einddatum": date(2025, 2, 1), "reden_einde": reden},
    )

    found = plaatsing_geslaagd(stage, observed_until=date(2026, 1, 1))

    assert found["geslaagd"].to_list() == [expected]


def test_an_end_that_was_not_reported_yet_is_no_outcome() -> None:
    stage = rows(
        "stage",
        {
            "begindatum": date(2025, 1, 6),
            "geplande_einddatum": PLANNED,
            "einddatum": date(2025, 2, 1),
            "einde_bekend_op": date(2026, 2, 1),
        },
    )

    assert plaatsing_geslaagd(stage, observed_until=date(2026, 1, 1))["geslaagd"].item() is None
