from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import logit

from models.booster import BoosterConfig, Examples
from models.calibration import Platt
from models.metrics import auc, calibration_in_the_large
from models.stack import Stack, as_stack
from tests.models.strategies import COLUMNS, DIRECTIONS, made_up_examples

SMALL = BoosterConfig(rounds=40, seeds=2, rows_per_leaf=10)


def fit(training: Examples, calibration: Examples, seed: int = 1) -> Stack:
    return Stack.fit(COLUMNS, DIRECTIONS, training, calibration, config=as_stack(SMALL), seed=seed)


@pytest.fixture(scope="module")
def booster() -> Stack:
    return fit(made_up_examples(1500, 1), made_up_examples(800, 2))


def test_contributions_sum_to_the_log_odds_of_the_score(booster: Stack) -> None:
    rows = made_up_examples(300, 3).matrix

    total = booster.contributions(rows).sum(axis=1)

    assert np.abs(total - logit(booster.predict(rows))).max() < 1e-6


def test_a_reloaded_booster_gives_the_same_scores(booster: Stack, tmp_path: Path) -> None:
    rows = made_up_examples(300, 3).matrix
    booster.save(tmp_path)

    reloaded = Stack.load(tmp_path)

    assert np.abs(reloaded.predict(rows) - booster.predict(rows)).max() < 1e-12
    assert reloaded == booster


def test_the_same_seed_gives_the_same_trees_and_another_seed_others() -> None:
    training, calibration = made_up_examples(400, 1), made_up_examples(200, 2)

    assert fit(training, calibration) == fit(training, calibration)
    assert fit(training, calibration) != fit(training, calibration, seed=2)


@settings(max_examples=50)
@given(
    st.integers(0, 1),
    st.lists(st.floats(-0.5, 1.5), min_size=3, max_size=3),
    st.floats(0, 2),
)
def test_more_of_what_can_only_harm_never_lowers_the_score(
    booster: Stack, column: int, row: list[float], more: float
) -> None:
    raised = list(row)
    raised[column] += more

    before, after = booster.predict(np.array([row, raised]))

    assert after >= before - 1e-12


def test_the_booster_ranks_what_it_has_not_seen(booster: Stack) -> None:
    unseen = made_up_examples(2000, 9)

    assert auc(unseen.labels, booster.predict(unseen.matrix)) > 0.7


def test_the_level_follows_the_later_data() -> None:
    later = made_up_examples(2000, 2)
    rarer = Examples(later.matrix, later.labels * (np.arange(2000) % 3 == 0))

    adapted = fit(made_up_examples(1500, 1), rarer)

    gap = calibration_in_the_large(rarer.labels, adapted.predict(rarer.matrix))
    assert abs(gap) < 0.01


def test_an_unknown_value_is_scored_and_explained(booster: Stack) -> None:
    unknown = np.full((1, len(COLUMNS)), np.nan)

    assert 0 < booster.predict(unknown)[0] < 1
    assert np.isfinite(booster.contributions(unknown)).all()


def test_no_rows_give_no_scores(booster: Stack) -> None:
    nothing = np.zeros((0, len(COLUMNS)))

    assert booster.predict(nothing).shape == (0,)
    assert booster.contributions(nothing).shape == (0, len(COLUMNS) + 1)


@pytest.mark.parametrize("outcome", [0.0, 1.0])
def test_one_class_gives_a_nearly_constant_score(outcome: float) -> None:
    some = made_up_examples(200, 1)
    same = Examples(some.matrix, np.full(200, outcome))

    scores = fit(same, same).predict(some.matrix)

    assert np.isfinite(scores).all()
    assert np.ptp(scores) < 0.05


@pytest.mark.parametrize("n_rows", [1, 5])
def test_a_handful_of_rows_does_not_crash(n_rows: int) -> None:
    few = made_up_examples(n_rows, 1)

    scores = fit(few, few).predict(few.matrix)

    assert ((scores > 0) & (scores < 1)).all()


def test_without_later_rows_the_calibration_changes_nothing() -> None:
    assert Platt.fit(np.zeros(0), np.zeros(0)) == Platt(0.0, 1.0)


def test_a_ranking_that_turned_around_is_flattened_and_never_reversed() -> None:
    rng = np.random.default_rng(1)
    margins = rng.normal(size=3000)
    reversed_labels = (margins < 0).astype(np.float64)

    assert Platt.fit(margins, reversed_labels).slope == 0


def test_more_seeds_are_kept_as_more_trees(tmp_path: Path) -> None:
    rows = made_up_examples(200, 1)
    three = Stack.fit(
        COLUMNS, DIRECTIONS, rows, rows, config=as_stack(replace(SMALL, seeds=3, rounds=5)), seed=1
    )
    three.save(tmp_path)

    assert len(list(tmp_path.glob("trees_*.txt"))) == 3
    assert Stack.load(tmp_path) == three


def test_the_outcome_of_a_jongere_never_calibrates_trees_that_saw_it() -> None:
    rng = np.random.default_rng(1)
    jongeren = np.repeat(np.arange(1500), 2)
    noise = np.repeat(rng.random((1500, len(COLUMNS))), 2, axis=0)
    labels = np.repeat((rng.random(1500) < 0.3).astype(np.float64), 2)
    first, second = np.arange(3000) % 2 == 0, np.arange(3000) % 2 == 1
    config = replace(SMALL, rows_per_leaf=2, l2=0.0, seeds=4)

    def slope(examples: Examples) -> float:
        return Stack.fit(
            COLUMNS,
            (0, 0, 0),
            examples.take(first),
            examples.take(second),
            config=as_stack(config),
            seed=1,
        ).calibration.slope

    assert slope(Examples(noise, labels)) > 1
    assert slope(Examples(noise, labels, jongeren)) < 0.3


def test_a_single_jongere_still_gives_a_score() -> None:
    few = made_up_examples(20, 1)
    alone = Examples(few.matrix, few.labels, np.zeros(20, dtype=np.int64))

    assert np.isfinite(fit(alone, alone).predict(few.matrix)).all()
