from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from features.contract import Tables
from features.peildatum import cut_to_peildatum
from features.registry import names
from features.synthetic import Region, RegionConfig, generate_region
from features.tables import TABLES
from features.werkproces import (
    GIVEN,
    WERKPROCES_FEATURES,
    of_jongere,
    prepare_werkprocessen,
    werkproces_features,
    werkproces_history_features,
)
from features.werkproces_record import PRIOR, record
from tests.features.facts import rows

CONFIG = RegionConfig(jongeren=900, leerbedrijven=60, leerwerkplekken=200, seed=2, leren=True)
PEILDATUM = date(2025, 6, 1)


@pytest.fixture(scope="module")
def region() -> Region:
    return generate_region(CONFIG)


def pairs(tables: Tables, peildatum: date) -> pl.DataFrame:
    """Return some rows to look at: places with what they teach, beside some jongeren."""
    who = tables["jongere"].select("jongere_id").head(40)
    taught = tables["leerwerkplek_werkproces"].drop("bron").head(30)
    return who.join(taught, how="cross").with_columns(
        pl.lit(peildatum).alias("peildatum"),
        pl.lit(120.0).alias("uren"),
        pl.lit(24.0).alias("uren_per_week"),
    )


def test_what_is_known_later_changes_no_feature(region: Region) -> None:
    asked = pairs(region.tables, PEILDATUM)

    whole = werkproces_history_features(region.tables, asked)
    cut = werkproces_history_features(cut_to_peildatum(region.tables, PEILDATUM), asked)

    assert_frame_equal(whole, cut)


def test_features_of_many_days_and_of_one_day_agree(region: Region) -> None:
    asked = pairs(region.tables, PEILDATUM)
    context = prepare_werkprocessen(region.tables, PEILDATUM)

    one_day = werkproces_features(context, asked)

    assert_frame_equal(one_day, werkproces_history_features(region.tables, asked))
    assert one_day.columns[4:] == names(WERKPROCES_FEATURES)


def test_one_jongere_has_the_same_features_alone_as_among_all(region: Region) -> None:
    context = prepare_werkprocessen(region.tables, PEILDATUM)
    asked = pairs(region.tables, PEILDATUM).filter(pl.col("jongere_id") == "J000003")

    alone = werkproces_features(of_jongere(context, "J000003"), asked)

    assert_frame_equal(alone, werkproces_features(context, asked))


def test_hours_are_passed_on_as_given(region: Region) -> None:
    found = werkproces_history_features(region.tables, pairs(region.tables, PEILDATUM))

    assert found.select(GIVEN).unique().rows() == [(120.0, 24.0)]


def test_other_werkprocessen_of_the_opleiding_do_not_count_the_one_itself() -> None:
    judged = [
        {"competentie_id": "25740-B1-K1-W1", "datum": date(2025, 1, 1), "niveau": 1},
        {"competentie_id": "25740-B1-K1-W2", "datum": date(2025, 1, 1), "niveau": 3},
    ]
    tables = {
        "competentiemeting": rows("competentiemeting", *judged),
        "werkproces": pl.DataFrame(
            [(f"25740-B1-K1-W{n}", "25740", "werk", "test") for n in (1, 2, 3)],
            schema=TABLES["werkproces"].schema,
            orient="row",
        ),
        "kwalificatie": rows("kwalificatie", {"opleidingcode": "25740", "niveau": 1}),
    }
    asked = tables["werkproces"].select(
        pl.lit("j1").alias("jongere_id"),
        pl.lit("p1").alias("leerwerkplek_id"),
        "werkproces_id",
        pl.lit(PEILDATUM).alias("peildatum"),
        pl.lit(80.0).alias("uren"),
        pl.lit(None, pl.Float64).alias("uren_per_week"),
    )

    found = werkproces_history_features(tables, asked)

    assert found["startniveau"].to_list() == [1.0, 3.0, None]
    assert found["niveau_opleiding"].to_list() == [3.0, 1.0, 2.0]
    assert found["opleiding_niveau"].to_list() == [1.0] * 3


OUTCOMES = st.lists(
    st.tuples(st.integers(0, 300), st.floats(-1, 1, allow_nan=False)), min_size=1, max_size=12
)


def past_of(outcomes: list[tuple[int, float]]) -> pl.DataFrame:
    return pl.DataFrame(
        [("p1", PEILDATUM + timedelta(days=day), boven) for day, boven in outcomes],
        schema={"leerwerkplek_id": pl.String, "dag": pl.Date, "boven": pl.Float64},
        orient="row",
    )


@given(OUTCOMES, st.integers(0, 300))
def test_a_record_is_the_shrunk_mean_of_what_was_known(
    outcomes: list[tuple[int, float]], day: int
) -> None:
    asked = pl.DataFrame(
        {"leerwerkplek_id": ["p1", "p2"], "peildatum": [PEILDATUM + timedelta(days=day)] * 2}
    )

    found, n = record(asked, past_of(outcomes), "leerwerkplek_id")

    known = [boven for when, boven in outcomes if when <= day]
    assert n.to_list() == [len(known), 0]
    assert found[0] == pytest.approx(sum(known) / (len(known) + PRIOR), abs=1e-9)
    assert found[1] == 0


def test_a_record_without_outcomes_is_that_of_its_parent() -> None:
    asked = pl.DataFrame({"leerwerkplek_id": ["p2"], "peildatum": [PEILDATUM]})

    found, _ = record(asked, past_of([(0, 0.5)]), "leerwerkplek_id", pl.Series([0.2]))

    assert found[0] == pytest.approx(0.2)
