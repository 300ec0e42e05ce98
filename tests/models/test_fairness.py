import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from models import metrics
from models.fairness import FEWEST_JONGEREN, GAPS, METRICS, Scored, behind, report, select

DRAWS = 200


def scored_of(rng: np.random.Generator, n: int, *, jongeren: int | None = None) -> Scored:
    """Return well-calibrated scores of made-up rows."""
    scores = expit(rng.normal(-2, 1, n))
    labels = (rng.random(n) < scores).astype(np.float64)
    who = np.arange(n) if jongeren is None else rng.integers(0, jongeren, n)
    return Scored(labels, scores, who, select(scores, np.zeros(n, np.int64), 0.1))


def groups_of(rng: np.random.Generator, n: int) -> pl.DataFrame:
    return pl.DataFrame({"soort": rng.choice(["entree", "mbo-2", "pro"], n)})


def test_every_figure_is_the_one_that_the_metrics_give() -> None:
    rng = np.random.default_rng(1)
    scored, groups = scored_of(rng, 3000), groups_of(rng, 3000)

    found = report(scored, groups, seed=0, draws=DRAWS).groepen

    for row in found.iter_rows(named=True):
        own = (groups["soort"] == row["waarde"]).to_numpy()
        labels, scores, chosen = scored.labels[own], scored.scores[own], scored.selected[own]
        assert row["n"] == own.sum()
        assert row["positief"] == labels.sum()
        assert row["base_rate"] == pytest.approx(labels.mean())
        assert row["selection_rate"] == pytest.approx(chosen.mean())
        assert row["recall"] == pytest.approx(labels[chosen].sum() / labels.sum())
        assert row["precision"] == pytest.approx(labels[chosen].mean())
        assert row["fpr"] == pytest.approx(chosen[labels == 0].mean())
        assert row["fnr"] == pytest.approx(1 - row["recall"])
        assert row["ece"] == pytest.approx(metrics.ece(labels, scores))
        assert row["calibration_slope"] == pytest.approx(metrics.calibration_slope(labels, scores))
        assert row["calibration_in_the_large"] == pytest.approx(
            metrics.calibration_in_the_large(labels, scores)
        )


def test_the_intervals_are_those_of_resampled_jongeren() -> None:
    rng = np.random.default_rng(2)
    scored = scored_of(rng, 4000, jongeren=1000)
    everybody = pl.DataFrame({"allen": ["ja"] * 4000})

    (row,) = report(scored, everybody, seed=0, draws=1000).groepen.iter_rows(named=True)

    for name, metric in (
        ("ece", metrics.ece),
        ("calibration_slope", metrics.calibration_slope),
        ("calibration_in_the_large", metrics.calibration_in_the_large),
    ):
        slow = metrics.bootstrap_interval(
            metric, scored.labels, scored.scores, rng=rng, groups=scored.jongeren, draws=300
        )
        width = slow.high - slow.low
        assert row[f"{name}_low"] == pytest.approx(slow.low, abs=0.2 * width)
        assert row[f"{name}_high"] == pytest.approx(slow.high, abs=0.2 * width)


def test_nine_in_ten_and_a_half_intervals_hold_the_truth() -> None:
    held = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        scored = scored_of(rng, 1500)
        everybody = pl.DataFrame({"allen": ["ja"] * 1500})
        (row,) = report(scored, everybody, seed=seed, draws=DRAWS).groepen.iter_rows(named=True)
        held += row["calibration_in_the_large_low"] <= 0 <= row["calibration_in_the_large_high"]

    assert held >= 52  # of 60 at 95%: fewer happens once in a hundred times


@given(st.integers(0, 2**32 - 1), st.floats(0.01, 0.6), st.integers(1, 4))
def test_the_list_holds_the_highest_scores_of_each_peildatum(
    seed: int, share: float, days: int
) -> None:
    rng = np.random.default_rng(seed)
    scores, lists = rng.integers(0, 9, 80) / 9, rng.integers(0, days, 80)

    chosen = select(scores, lists, share)

    for one in np.unique(lists):
        own = lists == one
        assert chosen[own].sum() == max(round(own.sum() * share), 1)
        assert scores[own & chosen].min() >= scores[own & ~chosen].max(initial=0)


def test_a_group_of_a_few_jongeren_is_left_out_and_counted() -> None:
    rng = np.random.default_rng(3)
    few = FEWEST_JONGEREN - 1
    groups = pl.DataFrame({"soort": ["vavo"] * few + ["pro"] * (500 - few)})

    found = report(scored_of(rng, 500), groups, seed=0, draws=DRAWS)

    assert found.groepen["waarde"].to_list() == ["pro"]
    assert found.te_klein == 1


def test_every_two_groups_of_an_attribute_are_compared() -> None:
    rng = np.random.default_rng(4)
    found = report(scored_of(rng, 2000), groups_of(rng, 2000), seed=0, draws=DRAWS)

    pairs = {(row["waarde"], row["andere"]) for row in found.paren.iter_rows(named=True)}
    assert pairs == {("entree", "mbo-2"), ("entree", "pro"), ("mbo-2", "pro")}
    value = dict(found.groepen.select("waarde", "recall").iter_rows())
    for row in found.paren.iter_rows(named=True):
        assert row["recall"] == pytest.approx(value[row["waarde"]] - value[row["andere"]])
        assert row["recall_low"] <= row["recall"] <= row["recall_high"]
    assert {f"{name}_gap" for name in GAPS} | set(METRICS) <= set(found.groepen.columns)


def test_rows_whose_group_is_not_known_count_for_none() -> None:
    rng = np.random.default_rng(5)
    groups = pl.DataFrame({"soort": [None] * 300 + ["pro"] * 200})

    found = report(scored_of(rng, 500), groups, seed=0, draws=DRAWS)

    assert found.groepen["n"].to_list() == [200]
    assert np.isnan(found.groepen["recall_gap"].to_numpy()).all()


def test_the_same_scores_are_not_behind_each_other() -> None:
    rng = np.random.default_rng(6)
    scored = scored_of(rng, 1000)

    assert behind(scored, scored, np.ones(1000, np.bool_), seed=0).tolist() == [0, 0, 0]
