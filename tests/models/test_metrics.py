import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics import (
    average_precision_score,
    brier_score_loss,
    log_loss,
    roc_auc_score,
)

from models import metrics
from tests.models.strategies import scored_labels

Vector = NDArray[np.float64]


@given(scored_labels())
def test_ranking_metrics_equal_those_of_scikit_learn(rows: tuple[Vector, Vector]) -> None:
    labels, scores = rows

    assert metrics.auc(labels, scores) == pytest.approx(roc_auc_score(labels, scores))
    assert metrics.average_precision(labels, scores) == pytest.approx(
        average_precision_score(labels, scores)
    )


@given(scored_labels())
def test_error_metrics_equal_those_of_scikit_learn(rows: tuple[Vector, Vector]) -> None:
    labels, scores = rows

    assert metrics.brier(labels, scores) == pytest.approx(brier_score_loss(labels, scores))
    assert metrics.log_loss(labels, scores) == pytest.approx(log_loss(labels, scores))


@given(scored_labels(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_metric(rows: tuple[Vector, Vector], random: object) -> None:
    labels, scores = rows
    order = np.arange(len(labels))
    random.shuffle(order)  # type: ignore[attr-defined]  # hypothesis types it as Any

    for metric in (
        metrics.auc,
        metrics.average_precision,
        metrics.brier,
        metrics.log_loss,
        metrics.ece,
        metrics.calibration_slope,
    ):
        shuffled = metric(labels[order], scores[order])
        assert shuffled == pytest.approx(metric(labels, scores), nan_ok=True, abs=1e-6)


@given(scored_labels(), st.sampled_from([0.05, 0.1, 0.5, 1.0]))
def test_ties_at_the_border_of_the_capacity_count_in_proportion(
    rows: tuple[Vector, Vector], share: float
) -> None:
    labels, scores = rows

    forward = metrics.precision_at(labels, scores, share)
    backward = metrics.precision_at(labels[::-1], scores[::-1], share)

    assert forward == pytest.approx(backward)
    assert 0 <= forward <= 1
    assert metrics.recall_at(labels, scores, 1.0) == pytest.approx(1.0)


def test_equal_scores_give_the_base_rate_at_any_capacity() -> None:
    labels = np.array([1.0, 0, 0, 0, 1, 0, 0, 0])

    assert metrics.precision_at(labels, np.full(8, 0.3), 0.25) == pytest.approx(0.25)
    assert metrics.recall_at(labels, np.full(8, 0.3), 0.25) == pytest.approx(0.25)


@pytest.mark.parametrize("outcome", [0.0, 1.0])
def test_one_class_gives_no_number_rather_than_an_error(outcome: float) -> None:
    labels = np.full(5, outcome)
    scores = np.linspace(0.1, 0.9, 5)

    assert np.isnan(metrics.auc(labels, scores))
    assert np.isnan(metrics.calibration_slope(labels, scores))


@pytest.mark.parametrize(
    "metric",
    [
        metrics.auc,
        metrics.average_precision,
        metrics.brier,
        metrics.brier_skill,
        metrics.log_loss,
        metrics.ece,
        metrics.calibration_slope,
        metrics.calibration_in_the_large,
    ],
)
def test_no_rows_give_no_number_rather_than_an_error(metric: metrics.Metric) -> None:
    assert np.isnan(metric(np.zeros(0), np.zeros(0)))


def test_true_probabilities_have_slope_one_and_an_ece_at_its_noise_floor() -> None:
    rng = np.random.default_rng(4)
    scores = rng.beta(1, 6, size=20_000)
    labels = (rng.random(20_000) < scores).astype(np.float64)

    assert metrics.calibration_slope(labels, scores) == pytest.approx(1, abs=0.05)
    floor = metrics.ece_noise_floor(scores, rng=rng)
    assert metrics.ece(labels, scores) < 2 * floor
    assert metrics.ece(labels, scores + 0.05) > 5 * floor


def test_scores_that_are_too_bold_have_a_slope_below_one() -> None:
    rng = np.random.default_rng(5)
    odds = rng.normal(size=20_000)
    labels = (rng.random(20_000) < 1 / (1 + np.exp(-odds))).astype(np.float64)

    assert metrics.calibration_slope(labels, 1 / (1 + np.exp(-2 * odds))) == pytest.approx(
        0.5, abs=0.05
    )


def test_brier_skill_is_zero_for_the_rate_and_one_for_the_outcome() -> None:
    labels = np.array([1.0, 0, 0, 1])

    assert metrics.brier_skill(labels, np.full(4, 0.5)) == pytest.approx(0)
    assert metrics.brier_skill(labels, labels) == pytest.approx(1)


def test_an_interval_holds_the_estimate_and_repeats_with_the_same_seed() -> None:
    rng = np.random.default_rng(6)
    scores = rng.random(500)
    labels = (rng.random(500) < scores).astype(np.float64)

    first, again = (
        metrics.bootstrap_interval(metrics.auc, labels, scores, rng=np.random.default_rng(1))
        for _ in range(2)
    )

    assert first == again
    assert first.low < metrics.auc(labels, scores) < first.high


def test_rows_of_one_jongere_are_drawn_together_so_the_interval_is_wider() -> None:
    rng = np.random.default_rng(7)
    scores = np.repeat(rng.random(60), 10)
    labels = np.repeat((rng.random(60) < scores[::10]).astype(np.float64), 10)
    jongeren = np.repeat(np.arange(60), 10)

    apart = metrics.bootstrap_interval(metrics.auc, labels, scores, rng=rng)
    together = metrics.bootstrap_interval(metrics.auc, labels, scores, rng=rng, groups=jongeren)

    assert together.high - together.low > 2 * (apart.high - apart.low)


def test_the_invitation_table_counts_who_is_seen() -> None:
    labels = np.array([1.0, 1, 0, 0, 1, 0, 0, 0, 0, 0])
    scores = np.linspace(0.9, 0.0, 10)

    found = metrics.invitation_table(labels, scores, (0.1, 0.3))

    assert found[0] == pytest.approx((0.1, 1, 1.0, 1 / 3))
    assert found[1] == pytest.approx((0.3, 3, 2 / 3, 2 / 3))


def test_lead_time_counts_from_the_first_list_that_named_a_leaver() -> None:
    jongeren = np.array([1, 1, 1, 2, 2, 3])
    days = np.array([0.0, 60, 120, 0, 60, 0])
    leaving = np.array([150.0, 150, 150, 100, 100, np.nan])
    flagged = np.array([False, True, True, False, False, True])

    assert metrics.lead_days(jongeren, days, leaving, flagged).tolist() == [90, 0]


def test_a_list_that_stays_is_stable_and_who_left_is_not_missed() -> None:
    jongeren = np.array([1, 2, 3, 4, 2, 3, 4])
    days = np.array([0.0, 0, 0, 0, 30, 30, 30])
    scores = np.array([0.9, 0.8, 0.2, 0.1, 0.9, 0.3, 0.2])

    assert metrics.list_stability(jongeren, days, scores, share=0.5) == 1
    assert metrics.list_stability(jongeren, days, 1 - scores, share=0.5) == 1
    turned = np.where(days > 0, 1 - scores, scores)
    assert metrics.list_stability(jongeren, days, turned, share=0.5) == 0
    assert np.isnan(metrics.list_stability(jongeren[:4], days[:4], scores[:4]))


def test_a_paired_interval_is_wider_than_folds_alone_would_say() -> None:
    differences = np.array([0.01, 0.02, 0.03, 0.02, 0.01] * 5)

    low, high = metrics.paired_interval(differences)
    naive = 1.96 * differences.std(ddof=1) / 5

    assert low < differences.mean() - naive
    assert high > differences.mean() + naive
    assert (low + high) / 2 == pytest.approx(differences.mean())
    assert np.isnan(metrics.paired_interval(differences[:1]).low)
