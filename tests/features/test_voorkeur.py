from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.peildatum import numbered
from features.vocabulary import Omstandigheid
from features.voorkeur import bits, jongere_conditions
from tests.features.facts import rows, spine

PEILDATUM = date(2025, 3, 1)
WORDS = [str(word) for word in Omstandigheid]


@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=5) | st.none(), max_size=5))
def test_a_bit_set_holds_the_words_of_a_list_once(lists: list[list[str] | None]) -> None:
    frame = pl.DataFrame({"woorden": lists}, schema={"woorden": pl.List(pl.String)})

    found = frame.select(bits("woorden", Omstandigheid)).to_series().to_list()

    assert found == [
        None if words is None else sum(1 << WORDS.index(word) for word in set(words))
        for words in lists
    ]


def conditions_of(**tables: pl.DataFrame) -> dict[str, Any]:
    days = numbered(spine(("j1", PEILDATUM)))
    return jongere_conditions({"jongere": rows("jongere", {}), **tables}, days).row(0, named=True)


def test_the_latest_wishes_replace_the_earlier_ones_as_a_whole() -> None:
    wishes = rows(
        "voorkeur",
        {"datum": date(2024, 9, 1), "uren_max": 20.0, "reistijd_max": 30.0},
        {"datum": date(2025, 1, 1), "uren_max": 28.0},
        {"datum": date(2025, 2, 1), "uren_max": 36.0, "bekend_op": date(2025, 3, 2)},
    )
    found = conditions_of(voorkeur=wishes)

    assert (found["uren_max"], found["reistijd_max"]) == (28.0, None)


@pytest.mark.parametrize(
    ("postcode4", "woonplaats", "expected"),
    [("7001", "Winterswijk", 51.9), (None, "Winterswijk", 52.0), (None, "Elders", None)],
)
def test_a_home_is_found_by_postcode_else_by_the_middle_of_its_place(
    postcode4: str | None, woonplaats: str, expected: float | None
) -> None:
    postcodes = rows(
        "postcode",
        {"postcode4": "7001", "breedtegraad": 51.9, "lengtegraad": 6.3},
        {"postcode4": "7101", "plaats": "Winterswijk", "breedtegraad": 51.95, "lengtegraad": 6.7},
        {"postcode4": "7102", "plaats": "Winterswijk", "breedtegraad": 52.05, "lengtegraad": 6.7},
    )
    home = rows("jongere", {"postcode4": postcode4, "woonplaats": woonplaats})
    found = conditions_of(jongere=home, postcode=postcodes)

    assert found["breedtegraad"] == (None if expected is None else pytest.approx(expected))


def test_earlier_stages_tell_the_search_and_what_went_wrong() -> None:
    stages = rows(
        "stage",
        {
            "stage_id": "a",
            "begindatum": date(2024, 2, 1),
            "geplande_einddatum": date(2024, 6, 30),
            "einddatum": date(2024, 3, 1),
            "zoekduur_weken": 9.0,
        },
        {"stage_id": "b", "begindatum": date(2024, 9, 2), "leerwerkplek_id": "p1"},
    )
    found = conditions_of(stage=stages)

    assert (found["zoekduur"], found["afgebroken"], found["eigen_plek"]) == (9.0, 1, "p1")
    assert conditions_of()["afgebroken"] is None
