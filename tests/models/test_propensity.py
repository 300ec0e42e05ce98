"""A log that tells mostly of some, with known chances, teaches the order that holds for all."""

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray
from scipy.special import expit
from scipy.stats import rankdata, spearmanr

from features.synthetic import Region
from models.booster import BoosterConfig
from models.history import History
from models.plaatsing_history import plaatsing_stages
from models.plaatsing_training import KEY, PlaatsingLearner
from models.propensity import (
    MOST_WEIGHT,
    NOTHING_RECORDED,
    RECORDED,
    recorded_of,
    recorded_weights,
)

CONFIG = BoosterConfig(rounds=40, rows_per_leaf=30, column_share=0.9, l2=5.0, seeds=1)
SIGNAL = "capaciteit"
"""A feature of a place with no sure direction, so that a model may learn it either way."""
URGENT, OTHERS = 0.9, 0.1
"""How likely somebody of either kind is taken, as the log records."""

Vector = NDArray[np.float64]


@pytest.fixture(scope="module")
def stages(region: Region) -> pl.DataFrame:
    """Past stages of which each pair stands once."""
    found = plaatsing_stages(region.tables, observed_until=region.config.peildatum)
    return found.unique(KEY, keep="first", maintain_order=True)


def stage_table(n: int) -> dict[str, pl.DataFrame]:
    day = pl.Series([date(2026, 3, 2)] * n)
    names = [f"S{one}" for one in range(n)]
    return {
        "stage": pl.DataFrame(
            {"stage_id": names, "jongere_id": names, "leerwerkplek_id": ["P"] * n}
        ).with_columns(begindatum=day, bekend_op=day)
    }


def test_an_example_counts_by_its_recorded_chance_and_once_where_none_was_recorded() -> None:
    tables = stage_table(4)
    told = [("S0", 0.1, 0.1), ("S1", 0.3, 0.1), ("S2", 0.3, 0.1), ("gone", 0.5, 0.1)]
    recorded = pl.DataFrame(told, schema=RECORDED, orient="row")
    examples = tables["stage"].with_columns(peildatum=pl.lit(date(2026, 3, 1)))

    found = recorded_weights(examples, recorded_of(tables, recorded))

    assert found[0] / found[1] == pytest.approx(3)
    assert found[:3].mean() == pytest.approx(1)
    assert found[3] == 1
    assert (recorded_weights(examples, recorded_of(tables, NOTHING_RECORDED)) == 1).all()


def test_a_weight_is_cut_off_at_both_ends() -> None:
    rare = [("S0", 0.0001, 0.1), *((f"S{one}", 0.9, 0.1) for one in range(1, 200))]
    tables = stage_table(200)

    weights = recorded_of(tables, pl.DataFrame(rare, schema=RECORDED, orient="row"))

    assert weights["gewicht"].max() == MOST_WEIGHT
    assert weights["gewicht"].min() == 1 / MOST_WEIGHT


def test_known_chances_give_back_the_order_that_a_biased_log_hides(
    region: Region, plaatsing_examples: History, stages: pl.DataFrame
) -> None:
    frame = plaatsing_examples.frame.unique(KEY, keep="first", maintain_order=True)
    rng = np.random.default_rng(1)
    urgent = rng.random(frame.height) < 0.25
    strength = rankdata(frame[SIGNAL].fill_null(0).to_numpy()) / frame.height - 0.5
    # what helps who is urgent is the other way round for the others, and no feature tells who is
    labels = (rng.random(frame.height) < expit(np.where(urgent, -6, 6) * strength)).astype(float)
    for_all = 0.25 * expit(-6 * strength) + 0.75 * expit(6 * strength)
    kans = np.where(urgent, URGENT, OTHERS)
    taken = rng.random(frame.height) < kans
    ids = frame.select(KEY).join(stages, on=KEY, how="left", maintain_order="left")["stage_id"]
    recorded = pl.DataFrame({"stage_id": ids, "kans": kans, "doel": 0.5}, schema=RECORDED)

    learner = PlaatsingLearner.of(region.tables, frame, seed=1, recorded=recorded)
    # nothing is offered on its peildata: then the teachers themselves score
    nowhere = {name: region.tables[name].clear() for name in ("jongere", "leerwerkplek")}
    bare = replace(learner, tables=nowhere)

    def order(some: NDArray[np.bool_], weights: pl.DataFrame) -> float:
        own = frame.filter(some)
        model = replace(bare, recorded=weights)(
            own,
            labels[some],
            calibration=(own.clear(), labels[:0]),
            config=CONFIG,
            seed=1,
        )
        return float(spearmanr(model.predict(frame), for_all).statistic)

    nothing = recorded_of(region.tables, NOTHING_RECORDED)
    everybody = order(np.ones(frame.height, dtype=np.bool_), nothing)
    biased = order(taken, nothing)
    weighed = order(taken, learner.recorded)

    assert everybody > 0.7
    assert biased < 0
    assert weighed > 0.5
