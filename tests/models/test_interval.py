import numpy as np
import pytest
from scipy.special import expit, logit

from models.interval import NOTHING_SEEN, Bounds, Spread, blocks, coverage, strays


def test_a_hundred_by_chance_alone_falls_inside_nine_times_in_ten() -> None:
    rng = np.random.default_rng(1)
    chances = rng.uniform(0.02, 0.6, size=4000)

    bounds = Spread(0.0).bounds(chances)
    seen = rng.binomial(100, chances) / 100

    held = ((seen >= bounds.low) & (seen <= bounds.high)).mean()
    assert 0.88 <= held <= 0.93


def test_scores_that_stray_get_wider_intervals_that_still_hold() -> None:
    rng = np.random.default_rng(1)
    said = np.sort(rng.uniform(0.05, 0.5, size=40_000))
    strayed = expit(logit(said) + np.repeat(rng.normal(0, 0.4, size=400), 100))
    labels = (rng.random(40_000) < strayed).astype(np.float64)

    spread = Spread.fit(said, labels)
    blocks = said.reshape(-1, 100).mean(axis=1)
    bounds = spread.bounds(blocks)
    seen = labels.reshape(-1, 100).mean(axis=1)

    assert spread.variance == pytest.approx(0.16, rel=0.35)
    assert 0.86 <= ((seen >= bounds.low) & (seen <= bounds.high)).mean() <= 0.95
    assert (np.ptp(bounds, axis=0) > np.ptp(Spread(0.0).bounds(blocks), axis=0)).mean() > 0.9


def test_calibrated_scores_hardly_stray() -> None:
    rng = np.random.default_rng(1)
    said = rng.uniform(0.05, 0.5, size=40_000)

    spread = Spread.fit(said, (rng.random(40_000) < said).astype(np.float64))

    assert spread.variance < 0.01


def test_the_probability_lies_within_its_interval() -> None:
    said = np.linspace(0, 1, 1001)

    for variance in (0.0, 0.3):
        low, high = Spread(variance).bounds(said)
        assert (low <= said).all()
        assert (said <= high).all()
        assert (low >= 0).all()
        assert (high <= 1).all()


def test_few_rows_say_nothing_beyond_chance() -> None:
    assert Spread.fit(np.full(300, 0.2), np.ones(300)) == Spread(0.0)
    assert Spread(0.0).bounds(np.zeros(0)).low.shape == (0,)


def test_coverage_counts_the_blocks_of_which_the_rate_lies_within() -> None:
    scores = np.repeat([0.1, 0.5], 100)
    labels = np.concatenate([np.arange(100) < 10, np.arange(100) < 90]).astype(np.float64)
    bounds = Bounds(scores - 0.05, scores + 0.05)

    assert coverage(labels, scores, bounds) == 0.5
    assert np.isnan(coverage(labels[:50], scores[:50], bounds))


def test_a_block_holds_neighbouring_scores_of_one_list_and_no_row_is_in_two() -> None:
    rng = np.random.default_rng(1)
    scores, lists = rng.random(950), rng.integers(0, 3, size=950)

    found = blocks(scores, lists)

    rows = np.concatenate(found)
    assert len(rows) == len(np.unique(rows)) == 950
    for block in found:
        assert len(set(lists[block])) == 1
        others = np.setdiff1d(np.flatnonzero(lists == lists[block[0]]), block)
        inside = (scores[others] > scores[block].min()) & (scores[others] < scores[block].max())
        assert not inside.any()


def test_tests_add_up_and_draw_the_variance_to_what_they_showed() -> None:
    rng = np.random.default_rng(1)
    said = rng.uniform(0.05, 0.5, size=40_000)
    order = np.argsort(said)
    strayed = logit(said)
    strayed[order] += np.repeat(rng.normal(0, 0.6, size=400), 100)
    labels = (rng.random(40_000) < expit(strayed)).astype(np.float64)

    seen = strays(said, labels)

    assert seen.beyond / seen.free == pytest.approx(0.36, rel=0.35)
    once, often = (
        Spread.pooled(sum([seen] * times, NOTHING_SEEN), 1000).variance for times in (1, 10)
    )
    usual = Spread.pooled(NOTHING_SEEN, 1000).variance
    assert usual < once < often < seen.beyond / seen.free


def test_a_model_that_learned_from_few_is_less_sure() -> None:
    few, many = (Spread.pooled(NOTHING_SEEN, n_positief).variance for n_positief in (25, 2500))

    assert few > 1.5 * many


def test_a_list_where_one_jongere_stands_often_strays_only_when_lists_are_mixed() -> None:
    rng = np.random.default_rng(1)
    said = rng.uniform(0.05, 0.5, size=2000)
    labels = (rng.random(2000) < said).astype(np.float64)
    five = np.tile(np.arange(5), (2000, 1)).T.ravel()

    apart = strays(np.tile(said, 5), np.tile(labels, 5), five)
    mixed = strays(np.tile(said, 5), np.tile(labels, 5))

    assert apart.beyond / apart.free < 0.02
    assert mixed.beyond / mixed.free > 0.1
