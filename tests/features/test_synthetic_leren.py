from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.labels_werkproces import werkproces_beheerst, werkproces_voorbeelden
from features.synthetic import Region, RegionConfig, generate_region, true_beheersing
from features.tables import TABLES
from tests.checks import check_tables

CONFIG = RegionConfig(jongeren=1500, leerbedrijven=100, leerwerkplekken=300, seed=6, leren=True)


@pytest.fixture(scope="module")
def region() -> Region:
    return generate_region(CONFIG)


def asked(region: Region) -> pl.DataFrame:
    """Return what stages set out to teach, and whether it was learned, where that is known."""
    rows = werkproces_voorbeelden(region.tables)
    learned = werkproces_beheerst(region.tables, rows, observed_until=CONFIG.peildatum)
    return rows.with_columns(learned).filter(pl.col("beheerst").is_not_null())


def test_a_region_with_learning_keeps_the_contract(region: Region) -> None:
    check_tables(region.tables, TABLES)


def test_learning_adds_judgements_and_changes_nothing_else(region: Region) -> None:
    without = generate_region(replace(CONFIG, leren=False)).tables

    for name, table in without.items():
        now = region.tables[name]
        assert now.head(table.height).equals(table)
        assert (now.height > table.height) == (name == "competentiemeting")


def test_the_same_seed_teaches_the_same(region: Region) -> None:
    again = generate_region(CONFIG).tables["competentiemeting"]

    assert again.equals(region.tables["competentiemeting"])


def test_nothing_that_is_known_later_is_written_down(region: Region) -> None:
    judged = region.tables["competentiemeting"]

    assert (judged["bekend_op"] <= CONFIG.peildatum).all()
    assert (judged["datum"] <= judged["bekend_op"]).all()


def test_the_truth_of_learning_comes_true(region: Region) -> None:
    rows = asked(region)
    truth = true_beheersing(region, rows)
    learned = rows["beheerst"].cast(pl.Float64).to_numpy()

    assert rows.height > 500
    assert abs(truth.mean() - learned.mean()) < 0.05
    assert learned[truth > 0.7].mean() > learned[truth < 0.3].mean() + 0.4


def test_more_hours_and_later_days_never_lower_the_truth_of_who_learned(region: Region) -> None:
    rows = asked(region).head(200)
    few, many = (
        true_beheersing(region, rows.with_columns(pl.lit(uren).alias("uren")))
        for uren in (60.0, 240.0)
    )

    assert (few < many).all()


def test_who_learned_a_werkproces_starts_further_the_next_time(region: Region) -> None:
    rows = asked(region).filter("beheerst").with_columns(pl.lit(80.0).alias("uren")).head(300)
    before = true_beheersing(region, rows)
    later = rows.with_columns(
        peildatum=pl.min_horizontal("known_by", pl.lit(CONFIG.peildatum - timedelta(days=1)))
    )

    after = true_beheersing(region, later)

    assert np.mean(after) > np.mean(before) + 0.1


@settings(max_examples=5)
@given(jongeren=st.integers(1, 60), seed=st.integers(0, 10_000))
def test_a_region_of_any_size_may_have_learning(jongeren: int, seed: int) -> None:
    made = generate_region(
        RegionConfig(
            jongeren=jongeren,
            leerbedrijven=5,
            leerwerkplekken=12,
            seed=seed,
            peildatum=date(2024, 3, 1),
            leren=True,
        )
    )

    check_tables(made.tables, TABLES)
