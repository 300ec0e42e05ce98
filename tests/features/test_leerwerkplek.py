from datetime import date

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from features.leerwerkplek import leerwerkplek_conditions, vrije_plekken
from features.peildatum import RIJ, cut_to_peildatum
from tests.features.facts import World, rows

PEILDATUM = date(2025, 3, 1)


def test_free_capacity_is_what_running_and_agreed_stages_leave() -> None:
    tables = {
        "leerwerkplek": rows(
            "leerwerkplek",
            {"leerwerkplek_id": "p1", "capaciteit": 3},
            {"leerwerkplek_id": "p2", "capaciteit": 1},
            {"leerwerkplek_id": "closed", "sluit_op": date(2025, 2, 28)},
            {"leerwerkplek_id": "later", "bekend_op": date(2025, 3, 2)},
        ),
        "stage": rows(
            "stage",
            {"stage_id": "a", "leerwerkplek_id": "p1", "begindatum": date(2025, 1, 6)},
            {
                "stage_id": "b",
                "leerwerkplek_id": "p1",
                "begindatum": date(2025, 5, 1),
                "bekend_op": date(2025, 2, 1),
            },
            {
                "stage_id": "c",
                "leerwerkplek_id": "p1",
                "begindatum": date(2025, 1, 6),
                "einddatum": date(2025, 2, 1),
            },
            {"stage_id": "d", "leerwerkplek_id": "p2", "begindatum": date(2025, 1, 6)},
            {"stage_id": "e", "leerwerkplek_id": "p2", "begindatum": date(2025, 1, 7)},
            {"stage_id": "f", "begindatum": date(2025, 1, 7)},
        ),
    }

    assert vrije_plekken(tables, PEILDATUM).rows() == [("p1", 1), ("p2", 0)]


@given(st.integers(0, 2**32 - 1))
def test_free_capacity_knows_no_more_than_the_peildatum(seed: int) -> None:
    tables = World(seed).tables()
    free = vrije_plekken(tables, PEILDATUM)

    assert free.equals(vrije_plekken(cut_to_peildatum(tables, PEILDATUM), PEILDATUM))
    assert free["leerwerkplek_id"].is_sorted()
    joined = free.join(tables["leerwerkplek"], on="leerwerkplek_id")
    assert (
        joined.select((joined["vrij"] >= 0) & (joined["vrij"] <= joined["capaciteit"]))
        .to_series()
        .all()
    )


def test_only_places_known_by_then_count_for_how_many_a_leerbedrijf_takes() -> None:
    of_one = {"leerbedrijf_id": "b1"}
    tables = {
        "leerwerkplek": rows(
            "leerwerkplek",
            {"leerwerkplek_id": "p1", "capaciteit": 1} | of_one,
            {"leerwerkplek_id": "p2", "capaciteit": 4} | of_one,
            {"leerwerkplek_id": "p3", "capaciteit": 9, "bekend_op": date(2025, 3, 2)} | of_one,
            {"leerwerkplek_id": "q", "capaciteit": 2, "leerbedrijf_id": "b2"},
        )
    }
    spine = pl.LazyFrame({"leerwerkplek_id": ["p1", "q"], "peildatum": PEILDATUM})

    found = leerwerkplek_conditions(tables, spine.with_row_index(RIJ))

    assert found["leerbedrijf_capaciteit"].to_list() == [2.5, 2.0]
