from datetime import date, timedelta
from typing import Any

import pytest

from features.inschrijving import inschrijving_features
from features.peildatum import numbered
from features.risicoprofiel import population
from tests.features.facts import rows, spine

PEILDATUM = date(2025, 3, 1)


def features_of(*inschrijvingen: dict[str, Any]) -> dict[str, Any]:
    facts = ({"volgnummer": str(n), **i} for n, i in enumerate(inschrijvingen))
    tables = {"inschrijving": rows("inschrijving", *facts)}
    found = inschrijving_features(tables, numbered(spine(("j1", PEILDATUM)))).collect()
    row = found.row(0, named=True) if found.height else {}
    return {name.removeprefix("inschrijving_"): value for name, value in row.items()}


@pytest.mark.parametrize(
    ("soort", "niveau", "expected"),
    [("entree", None, 1.0), ("mbo-4", None, 4.0), ("mbo", 3, 3.0), ("pro", None, None)],
)
def test_the_niveau_comes_from_the_row_or_from_the_onderwijssoort(
    soort: str, niveau: int | None, expected: float | None
) -> None:
    found = features_of({"begindatum": date(2024, 8, 1), "onderwijssoort": soort, "niveau": niveau})

    assert found["niveau"] == expected
    assert found["pro"] == float(soort == "pro")


def test_months_run_from_the_begin_to_the_planned_end() -> None:
    found = features_of({"begindatum": date(2024, 9, 1), "geplande_einddatum": date(2025, 1, 1)})

    assert found["maanden"] == pytest.approx(5.9, abs=0.1)
    assert found["deel_voorbij"] == pytest.approx(1.5, abs=0.05)
    assert found["maanden_tot_einde"] == pytest.approx(-1.9, abs=0.1)
    assert found["duur"] == pytest.approx(4.0, abs=0.1)
    assert found["tussentijds"] == 0.0
    assert features_of({"begindatum": date(2025, 2, 1)})["tussentijds"] == 1.0


def test_schooljaren_are_counted_from_august() -> None:
    assert features_of({"begindatum": date(2024, 7, 31)})["leerjaar"] == 2
    assert features_of({"begindatum": date(2024, 8, 1)})["leerjaar"] == 1
    assert features_of({"begindatum": date(2021, 8, 1)})["leerjaar"] == 4
    assert features_of({"begindatum": date(2021, 8, 1)})["schoolmaand"] == 7


def test_time_since_the_start_says_no_more_than_that_it_was_long_ago() -> None:
    assert features_of({"begindatum": date(2023, 8, 1)})["maanden"] == 12
    assert features_of({"begindatum": date(2019, 8, 1)})["maanden"] == 12


@pytest.mark.parametrize("planned", [date(2026, 7, 31), date(2027, 7, 31), date(2029, 7, 31)])
def test_a_planned_end_that_was_written_over_later_does_not_show(planned: date) -> None:
    """DUO keeps one planned end per enrolment: after a change, the past holds the new one."""
    begun = {"begindatum": date(2024, 8, 1), "onderwijssoort": "mbo-2"}

    assert features_of({**begun, "geplande_einddatum": planned})["maanden_tot_einde"] == (
        pytest.approx(17.0, abs=0.1)
    )


def test_without_a_planned_end_the_usual_length_counts_where_there_is_one() -> None:
    begun = date(2024, 8, 1)

    assert features_of({"begindatum": begun, "onderwijssoort": "entree"})["duur"] == (
        pytest.approx(12, abs=0.1)
    )
    assert features_of({"begindatum": begun, "onderwijssoort": "vo"})["duur"] is None


def test_who_is_not_enrolled_has_no_row() -> None:
    assert features_of() == {}
    assert features_of({"begindatum": date(2025, 3, 2), "bekend_op": date(2025, 1, 1)}) == {}
    assert features_of({"begindatum": date(2024, 8, 1), "einddatum": date(2025, 2, 28)}) == {}


def test_of_two_enrolments_that_last_the_latest_begun_counts() -> None:
    found = features_of(
        {"begindatum": date(2024, 9, 1), "onderwijssoort": "entree"},
        {"begindatum": date(2023, 8, 1), "onderwijssoort": "pro"},
    )

    assert found["niveau"] == 1.0


def test_history_counts_switches_gaps_and_steps_down() -> None:
    found = features_of(
        {
            "begindatum": date(2023, 8, 1),
            "einddatum": date(2024, 1, 31),
            "opleidingcode": "25655",
            "onderwijssoort": "mbo-3",
        },
        {"begindatum": date(2024, 3, 1), "opleidingcode": "25740", "onderwijssoort": "entree"},
    )

    assert found["wissels"] == 1.0
    assert found["niveau_omlaag"] == 1.0
    assert found["niveau_omhoog"] == 0.0
    assert found["onderbreking"] == 29.0
    assert found["van_pro_vso"] == 0.0


def test_one_enrolment_without_a_past_has_no_switches() -> None:
    found = features_of({"begindatum": date(2024, 8, 1)})

    assert (found["wissels"], found["niveau_omlaag"], found["onderbreking"]) == (0.0, 0.0, 0.0)


def test_switches_of_more_than_two_years_ago_are_left_alone() -> None:
    old, new = date(2022, 8, 1), date(2023, 2, 1)

    def switches(begin: date) -> float:
        found = features_of(
            {"begindatum": old, "einddatum": begin - timedelta(days=1), "instelling": "02BB"},
            {"begindatum": begin},
        )
        return float(found["wissels"])

    assert switches(new) == 0.0
    assert switches(date(2023, 6, 1)) == 1.0


def test_the_step_from_pro_to_mbo_is_seen() -> None:
    found = features_of(
        {"begindatum": date(2022, 8, 1), "einddatum": date(2024, 7, 31), "onderwijssoort": "pro"},
        {"begindatum": date(2024, 8, 1), "onderwijssoort": "entree"},
    )

    assert found["van_pro_vso"] == 1.0


def test_an_end_reported_late_leaves_the_jongere_enrolled_until_then() -> None:
    tables = {
        "inschrijving": rows(
            "inschrijving",
            {
                "begindatum": date(2024, 8, 1),
                "einddatum": date(2025, 1, 10),
                "einde_bekend_op": date(2025, 3, 20),
            },
        )
    }
    days = [date(2025, 1, 10), date(2025, 3, 19), date(2025, 3, 20)]

    assert population(tables, days)["peildatum"].to_list() == days[:2]


def test_a_startkwalificatie_counts_from_the_day_on_which_it_is_known() -> None:
    tables = {
        "inschrijving": rows("inschrijving", {"begindatum": date(2024, 8, 1)}),
        "diploma": rows(
            "diploma", {"niveau": 2, "datum": date(2025, 1, 10), "bekend_op": date(2025, 2, 1)}
        ),
    }
    days = [date(2025, 1, 31), date(2025, 2, 1)]

    assert population(tables, days)["peildatum"].to_list() == days[:1]
