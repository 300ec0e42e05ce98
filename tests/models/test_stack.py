from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit, logit

from models.blending import blend
from models.booster import BoosterConfig, Examples
from models.calibration import UNCHANGED, choose_calibration
from models.linear import LinearConfig
from models.members import LinearMember, TreeMember
from models.stack import Stack, StackConfig
from tests.models.strategies import COLUMNS, made_up_examples

CONFIG = StackConfig((BoosterConfig(rounds=40, rows_per_leaf=10),), LinearConfig(), sets=3)


@pytest.fixture(scope="module")
def stack() -> Stack:
    rows = made_up_examples(1500, 1)
    crossed = (rows.matrix[:, 1] > 0.5) == (rows.matrix[:, 2] > 0.5)
    labels = np.maximum(rows.labels, crossed * (np.random.default_rng(1).random(1500) < 0.2))
    examples = Examples(rows.matrix, labels)
    config = replace(CONFIG, trees=(replace(CONFIG.trees[0], rounds=150, column_share=1.0),))
    return Stack.fit(COLUMNS, (1, 0, 0), examples, None, config=config, seed=1)


def test_the_members_of_a_stack_add_up_to_its_score(stack: Stack) -> None:
    rows = made_up_examples(300, 3).matrix

    gap = stack.contributions(rows).sum(axis=1) - logit(stack.predict(rows))

    assert {type(member) for member in stack.members} == {TreeMember, LinearMember}
    assert np.abs(gap).max() < 1e-6


def test_a_saved_stack_is_the_same_stack(stack: Stack, tmp_path: Path) -> None:
    stack.save(tmp_path)

    assert Stack.load(tmp_path) == stack


def test_a_member_that_only_guesses_gets_no_weight() -> None:
    rng = np.random.default_rng(1)
    truth = rng.normal(size=4000)
    labels = (rng.random(4000) < expit(truth)).astype(np.float64)
    parts = np.arange(4000) % 4

    assert blend(np.column_stack([truth, rng.normal(size=4000)]), labels, parts)[0] > 0.97


def test_members_that_err_apart_are_mixed() -> None:
    rng = np.random.default_rng(1)
    truth = rng.normal(size=4000)
    labels = (rng.random(4000) < expit(truth)).astype(np.float64)
    both = truth[:, None] + rng.normal(size=(4000, 2))

    weights = blend(both, labels, np.arange(4000) % 4)

    assert weights.sum() == pytest.approx(1)
    assert weights.min() > 0.3


def test_a_table_without_pattern_says_the_rate() -> None:
    rng = np.random.default_rng(1)
    noise = Examples(rng.random((800, 3)), (rng.random(800) < 0.2).astype(np.float64))

    scores = Stack.fit(COLUMNS, (0, 0, 0), noise, None, config=CONFIG, seed=1).predict(noise.matrix)

    assert scores.mean() == pytest.approx(0.2, abs=0.03)


def test_scores_that_are_right_are_not_calibrated_and_bold_ones_are() -> None:
    rng = np.random.default_rng(1)
    truth = rng.normal(-1, 1, size=5000)
    labels = (rng.random(5000) < expit(truth)).astype(np.float64)
    groups = np.arange(5000) // 5

    assert choose_calibration(truth, labels, groups) == UNCHANGED
    assert choose_calibration(2 * truth, labels, groups).slope == pytest.approx(0.5, abs=0.1)
    assert choose_calibration(truth + 1, labels, groups).intercept == pytest.approx(-1, abs=0.15)


def test_rows_of_one_person_are_judged_by_sets_that_left_them_out() -> None:
    rng = np.random.default_rng(1)
    persons = np.repeat(np.arange(400), 5)
    noise = np.repeat(rng.random((400, 3)), 5, axis=0)
    labels = np.repeat((rng.random(400) < 0.3).astype(np.float64), 5)
    config = replace(
        CONFIG, trees=(replace(CONFIG.trees[0], rows_per_leaf=2, l2=0.0),), linear=None
    )

    apart = Stack.fit(
        COLUMNS, (0, 0, 0), Examples(noise, labels, persons), None, config=config, seed=1
    )

    assert apart.calibration.slope < 0.5
