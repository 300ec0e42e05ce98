from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from models.evaluation import Holdout
from models.interval import Spread
from models.measures import ece_of_lists, measure
from models.metrics import ece

DAYS = (date(2025, 1, 1), date(2025, 3, 1), date(2025, 5, 1))
JONGEREN = 600


@pytest.fixture(scope="module")
def holdout() -> Holdout:
    """Each jongere on three days, scored exactly right; who leaves does so after half a year."""
    rng = np.random.default_rng(1)
    chance = np.tile(rng.uniform(0.02, 0.6, JONGEREN), len(DAYS))
    labels = np.tile((rng.random(JONGEREN) < chance[:JONGEREN]).astype(np.float64), len(DAYS))
    days = np.repeat(np.asarray(DAYS, dtype="datetime64[D]"), JONGEREN)
    gone = (np.datetime64(DAYS[0]) + np.timedelta64(200, "D")).astype(np.float64)
    soort = np.where(np.arange(len(labels)) % 3 == 0, "entree", "mbo-2")
    return Holdout(
        frame=pl.DataFrame(
            {
                "jongere_id": [f"J{number}" for number in range(JONGEREN)] * len(DAYS),
                "peildatum": days,
            }
        ),
        labels=labels,
        scores=chance,
        baseline=np.full(len(labels), 0.3),
        n_fitted=1000,
        test_start=DAYS[0],
        bounds=Spread(0.05).bounds(chance),
        left=np.where(labels > 0, gone, np.nan),
        groepen=pl.DataFrame({"onderwijssoort": pl.Series(soort).replace("mbo-2", None)}),
    )


def test_scores_that_are_right_are_at_their_floor_and_hold_their_intervals(
    holdout: Holdout,
) -> None:
    found = measure([holdout], seed=1, draws=20)

    assert found["ece"] < 2 * found["ece_noise_floor"]
    assert found["calibration_slope"] == pytest.approx(1, abs=0.2)
    assert found["calibration_slope_low"] < found["calibration_slope_high"]
    assert found["interval_coverage"] > 0.8
    assert found["baseline_auc"] == 0.5
    assert found["auc_gain"] == pytest.approx(found["auc"] - 0.5)


def test_scores_of_the_outcome_itself_name_leavers_first_and_are_far_from_their_floor(
    holdout: Holdout,
) -> None:
    sure = replace(holdout, scores=np.where(holdout.labels > 0, 0.9, 0.1))

    found = measure([sure], seed=1, draws=5)

    assert found["auc"] == 1
    assert found["ece"] > 3 * found["ece_noise_floor"]
    assert found["list_stability"] == 1
    assert found["lead_days"] == 200


def test_an_onderwijssoort_is_told_apart_where_it_has_enough(holdout: Holdout) -> None:
    few = replace(holdout, groepen=pl.DataFrame({"onderwijssoort": ["vso"] * len(holdout.labels)}))
    rare = replace(few, labels=np.where(np.arange(len(few.labels)) < 40, few.labels, 0.0))

    assert "ece_entree" in measure([holdout], seed=1, draws=5)
    assert "ece_vso" in measure([few], seed=1, draws=5)
    assert "ece_vso" not in measure([rare], seed=1, draws=5)


def test_schools_never_seen_are_told_beside_the_test(holdout: Holdout) -> None:
    bold = replace(holdout, scores=np.clip(holdout.scores * 1.5, 0, 0.95))

    found = measure([holdout], [bold], seed=1, draws=5)

    assert found["new_school_auc"] == pytest.approx(found["auc"])
    assert found["new_school_calibration_in_the_large"] > 0.05


def test_the_ece_of_lists_is_the_mean_of_each(holdout: Holdout) -> None:
    lists = holdout.lists

    found, _ = ece_of_lists(holdout.labels, holdout.scores, lists, np.random.default_rng(1))

    each = [ece(holdout.labels[lists == one], holdout.scores[lists == one]) for one in set(lists)]
    assert found == pytest.approx(np.mean(each))
