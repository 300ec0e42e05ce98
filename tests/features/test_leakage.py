from datetime import date

import numpy as np
import polars as pl
import pytest

from features.contract import Tables
from features.labels import uitval
from features.leakage import TOO_TELLING, columns_from_later, telling_columns
from features.passendheid import pair_features
from features.risicoprofiel import population, risicoprofiel
from features.synthetic import Region, RegionConfig, generate_region
from tests.features.facts import JONGEREN, PLEKKEN, World, spine

DAYS = (date(2024, 9, 1), date(2025, 3, 1))


@pytest.fixture(scope="module")
def region() -> Region:
    return generate_region(
        RegionConfig(jongeren=1200, leerbedrijven=60, leerwerkplekken=200, seed=5)
    )


@pytest.fixture(scope="module")
def rows(region: Region) -> pl.DataFrame:
    return population(region.tables, DAYS)


def with_end(tables: Tables, rows: pl.DataFrame) -> pl.DataFrame:
    """Build a profile with the last known end beside it, whenever that was told."""
    ends = tables["inschrijving"].group_by("jongere_id").agg(einde=pl.col("einddatum").max())
    return risicoprofiel(tables, rows).join(
        ends, on="jongere_id", how="left", maintain_order="left"
    )


def test_the_risk_profile_of_a_region_uses_nothing_from_later(
    region: Region, rows: pl.DataFrame
) -> None:
    assert columns_from_later(risicoprofiel, region.tables, rows) == ()


def test_pair_features_use_nothing_from_later() -> None:
    pairs = spine(*[(name, day) for name in JONGEREN for day in DAYS]).join(
        pl.DataFrame({"leerwerkplek_id": PLEKKEN}), how="cross"
    )

    assert columns_from_later(pair_features, World(4).tables(), pairs) == ()


def test_a_column_made_of_what_was_told_later_is_found(region: Region, rows: pl.DataFrame) -> None:
    assert columns_from_later(with_end, region.tables, rows) == ("einde",)


@pytest.mark.parametrize(("off", "found"), [(1e-12, ()), (1e-3, ("som",)), (None, ("som",))])
def test_only_a_difference_beyond_rounding_is_found(
    off: float | None, found: tuple[str, ...]
) -> None:
    tables = World(4).tables()
    rows = spine((JONGEREN[0], DAYS[0]))

    def build(known: Tables, asked: pl.DataFrame) -> pl.DataFrame:
        value = 0.3 if known is tables else None if off is None else 0.3 + off
        return asked.with_columns(pl.lit(value, pl.Float64).alias("som"))

    assert columns_from_later(build, tables, rows) == found


def test_no_feature_alone_tells_who_leaves(region: Region, rows: pl.DataFrame) -> None:
    assert telling_columns(risicoprofiel(region.tables, rows), outcome(region, rows)) == {}


@pytest.mark.parametrize("way", ["value", "opposite", "only known of who left"])
def test_a_trace_of_the_outcome_is_found(region: Region, rows: pl.DataFrame, way: str) -> None:
    labels = outcome(region, rows)
    noise = np.random.default_rng(1).normal(0, 0.4, labels.size)
    trace = pl.Series(labels + noise if way == "value" else noise - labels, nan_to_null=True)
    if way.startswith("only"):
        trace = pl.Series(noise).set(pl.Series(labels != 1), None)
    frame = risicoprofiel(region.tables, rows).with_columns(spoor=trace)

    found = telling_columns(frame, labels)

    assert list(found) == ["spoor"]
    assert found["spoor"] > TOO_TELLING


def test_chance_is_not_suspect_and_neither_is_a_single_outcome() -> None:
    rng = np.random.default_rng(2)
    frame = pl.DataFrame({"jongere_id": ["j"] * 500, "toeval": rng.random(500)})

    assert telling_columns(frame, (rng.random(500) < 0.1).astype(float), bound=0.65) == {}
    assert telling_columns(frame, np.ones(500), bound=0.51) == {}


def outcome(region: Region, rows: pl.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    told = uitval(region.tables, rows, observed_until=region.config.peildatum)["uitval"]
    return told.cast(pl.Float64).fill_null(float("nan")).to_numpy()
