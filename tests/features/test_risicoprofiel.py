from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from features.passendheid import PAIR_FEATURES
from features.registry import Feature, names
from features.risicoprofiel import FEATURES, population, risicoprofiel, risicoprofielen
from features.tables import TABLES
from tests.features.facts import JONGEREN, World, rows, spine

BANNED = (
    "geslacht",
    "sekse",
    "naam",
    "postcode",
    "woonplaats",
    "gemeente",
    "wijk",
    "afstand",
    "leeftijd",
    "geboorte",
    "herkomst",
    "nationaliteit",
    "taal",
    "religie",
    "gezondheid",
    "bsn",
    "uitvalrisico",
    "breedtegraad",
    "lengtegraad",
)
"""Parts of names that TRUST F1 forbids, and uitvalrisico, which no pair may know (TRUST H4)."""
ALL = [*FEATURES, *PAIR_FEATURES]


@pytest.mark.parametrize("feature", ALL, ids=lambda feature: feature.name)
def test_no_feature_is_a_banned_one(feature: Feature) -> None:
    assert not [word for word in BANNED if word in feature.name]


@pytest.mark.parametrize("feature", ALL, ids=lambda feature: feature.name)
def test_every_feature_says_what_it_is_in_words(feature: Feature) -> None:
    assert feature.source in TABLES
    assert feature.group
    assert feature.unit
    assert feature.label[0].islower()
    assert "_" not in feature.label
    assert feature.purpose.endswith(".")


def test_names_are_distinct_and_words_are_distinct() -> None:
    for features in (FEATURES, PAIR_FEATURES):
        assert len(set(names(features))) == len(features)
        assert len({feature.label for feature in features}) == len(features)


@pytest.mark.parametrize("name", ["jongere", "postcode", "ondersteuningsbehoefte", "voorkeur"])
def test_what_is_no_feature_does_not_change_the_profile(name: str) -> None:
    tables = World(3).tables()
    days = spine(*[(jongere, date(2025, 6, 1)) for jongere in JONGEREN])
    without = {key: frame for key, frame in tables.items() if key != name}

    assert risicoprofiel(tables, days).equals(risicoprofiel(without, days))


@given(st.lists(st.tuples(st.sampled_from([*JONGEREN, "x"]), st.integers(0, 3)), max_size=8))
def test_a_profile_has_the_rows_and_order_of_the_spine(chosen: list[tuple[str, int]]) -> None:
    days = spine(*[(name, date(2025, 1 + month, 1)) for name, month in chosen])

    profile = risicoprofiel(World(1).tables(), days)

    assert profile.select("jongere_id", "peildatum").equals(days)
    assert profile.columns[2:] == names(FEATURES)
    assert set(profile.dtypes[2:]) == {pl.Float64}


@given(st.integers(0, 50), st.integers(1, 7))
@settings(max_examples=10)
def test_the_parts_in_which_the_work_is_done_do_not_show(seed: int, most: int) -> None:
    tables = World(seed).tables()
    days = spine(*[(name, date(2025, month, 1)) for name in JONGEREN for month in (1, 4, 6)])
    whole = risicoprofiel(tables, days, klas_van=1)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("features.risicoprofiel.ROWS", most)
        assert_frame_equal(risicoprofiel(tables, days, klas_van=1), whole, check_exact=True)


def test_profiles_in_parts_are_the_whole_profile_jongere_by_jongere() -> None:
    tables = World(5).tables()
    days = spine(*[(name, date(2025, month, 1)) for name in JONGEREN for month in (1, 4, 6)])
    keys = ["jongere_id", "peildatum"]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("features.risicoprofiel.ROWS", 4)
        parts = list(risicoprofielen(tables, days))

    assert len(parts) > 1
    assert_frame_equal(
        pl.concat(parts).sort(keys), risicoprofiel(tables, days).sort(keys), check_exact=True
    )
    owners = [set(part["jongere_id"]) for part in parts]
    assert sum(map(len, owners)) == len(set.union(*owners))


def test_without_any_table_everything_is_unknown() -> None:
    profile = risicoprofiel({}, spine(("j1", date(2025, 1, 1))))

    assert profile.select(names(FEATURES)).row(0) == (None,) * len(FEATURES)


def test_the_population_is_ordered_by_peildatum_and_holds_everyone_once() -> None:
    tables = {
        "inschrijving": rows(
            "inschrijving",
            {"jongere_id": "b", "begindatum": date(2024, 8, 1)},
            {"jongere_id": "a", "begindatum": date(2024, 8, 1)},
            {"jongere_id": "a", "begindatum": date(2024, 9, 1), "instelling": "02BB"},
        )
    }
    days = [date(2025, 2, 1), date(2025, 1, 1), date(2025, 2, 1), date(2024, 1, 1)]

    assert population(tables, days).rows() == [
        ("a", date(2025, 1, 1)),
        ("b", date(2025, 1, 1)),
        ("a", date(2025, 2, 1)),
        ("b", date(2025, 2, 1)),
    ]
