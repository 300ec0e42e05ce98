"""A small group that is unlike the others is told its own level, as far as its rows know it."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit

from features.registry import Direction
from models.booster import BoosterConfig, Examples
from models.levels import NO_LEVELS, Kind, Level, Levels
from models.stack import STACK_FILE, Stack, StackConfig

COLUMNS = ("soort", "niveau", "x")
KINDS = (Kind("soort", 1), Kind("niveau", 3), Kind("niveau", 2), Kind("niveau", 1))
FREE: tuple[Direction, ...] = (0, 0, 0)


def examples(n: int, *, apart: float, seed: int = 1) -> Examples:
    """Return rows of which one in twenty is of a soort that is `apart` in log-odds."""
    rng = np.random.default_rng(seed)
    soort = (np.arange(n) % 20 == 0).astype(float)
    niveau = np.where(soort == 1, np.nan, 1 + np.arange(n) % 3)
    x = rng.normal(size=n)
    labels = (rng.random(n) < expit(-2 + x + apart * soort)).astype(float)
    return Examples(np.column_stack([soort, niveau, x]), labels, np.arange(n))


def test_a_group_is_moved_to_what_happened_in_it_and_others_hardly() -> None:
    rows = examples(8000, apart=1.0)
    said = -2 + rows.matrix[:, 2]

    found = Levels.fit(KINDS, COLUMNS, FREE, rows, said)

    moved = {(one.column, one.least): one.moved for one in found.each}
    assert moved["soort", 1] == pytest.approx(1.0, abs=0.3)
    assert all(abs(moved["niveau", least]) < 0.15 for least in (1, 2, 3))
    changed = found.margins(COLUMNS, rows.matrix)
    own = rows.matrix[:, 0] == 1
    happened = rows.labels[own].mean()
    before, after = (abs(expit(one)[own].mean() - happened) for one in (said, said + changed))
    assert after < 0.2 * before
    assert (found.contributions(COLUMNS, rows.matrix).sum(axis=1) == changed).all()


def test_few_rows_move_a_group_less_and_rows_of_one_person_count_as_few() -> None:
    rows = examples(8000, apart=1.0)
    said = -2 + rows.matrix[:, 2]
    few = np.arange(8000) < 800
    one_soort = np.where(rows.matrix[:, 0] == 1, np.arange(8000) // 800, np.arange(8000))

    def moved(some: Examples, margins: np.ndarray) -> float:
        return Levels.fit(KINDS, COLUMNS, FREE, some, margins).each[0].moved

    whole = moved(rows, said)
    assert 0 < moved(rows.take(few), said[few]) < whole
    assert 0 < moved(replace(rows, groups=one_soort), said) < whole


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), sure=st.sampled_from([-1, 1]))
def test_levels_on_a_column_with_a_sure_direction_follow_it(seed: int, sure: Direction) -> None:
    rng = np.random.default_rng(seed)
    rows = replace(examples(300, apart=0.0), labels=(rng.random(300) < 0.4).astype(float))

    found = Levels.fit(KINDS, COLUMNS, (0, sure, 0), rows, rng.normal(size=300))

    by_niveau = [one.moved for one in reversed(found.each) if one.column == "niveau"]
    assert (np.diff(by_niveau) * sure >= -1e-12).all()


def test_without_rows_or_columns_nothing_is_moved() -> None:
    none = Examples(np.zeros((0, 3)), np.zeros(0))
    rows = examples(100, apart=0.0)

    assert Levels.fit(KINDS, COLUMNS, FREE, none, np.zeros(0)) == NO_LEVELS
    assert Levels.fit(KINDS, ("a", "b", "c"), FREE, rows, np.zeros(100)) == NO_LEVELS
    assert (NO_LEVELS.margins(COLUMNS, rows.matrix) == 0).all()


@pytest.fixture(scope="module")
def stacks() -> tuple[Stack, Stack]:
    """A stack that is held back much, with levels and without."""
    config = StackConfig((BoosterConfig(rounds=30, rows_per_leaf=200, l2=300.0),), None, sets=3)
    rows = examples(4000, apart=1.5)
    bare = Stack.fit(COLUMNS, FREE, rows, None, config=config, seed=1)
    return bare, Stack.fit(COLUMNS, FREE, rows, None, config=config, seed=1, kinds=KINDS)


def test_a_small_group_is_told_its_own_level_where_trees_are_held_back(
    stacks: tuple[Stack, Stack],
) -> None:
    rows = examples(20_000, apart=1.5, seed=2)
    own = rows.matrix[:, 0] == 1
    happened = rows.labels[own].mean()

    bare, with_levels = (abs(one.predict(rows.matrix)[own].mean() - happened) for one in stacks)

    assert bare > 0.08
    assert with_levels < 0.5 * bare


def test_reasons_sum_to_the_score_and_the_level_stands_with_its_column(
    stacks: tuple[Stack, Stack],
) -> None:
    rows = examples(200, apart=1.5, seed=3).matrix
    bare, stack = stacks

    parts = stack.contributions(rows)

    assert np.abs(parts.sum(axis=1) - logit(stack.predict(rows))).max() < 1e-6
    slope = stack.calibration.slope / bare.calibration.slope
    gap = parts[:, :-1] - bare.contributions(rows)[:, :-1] * slope
    own = rows[:, 0] == 1
    assert gap[own, 0] == pytest.approx(stack.levels.each[0].moved * stack.calibration.slope)
    assert np.abs(gap[:, 2]).max() < 1e-9


def test_levels_are_kept_and_a_stack_of_before_has_none(
    stacks: tuple[Stack, Stack], tmp_path: Path
) -> None:
    _, stack = stacks
    stack.save(tmp_path)
    assert Stack.load(tmp_path) == stack
    assert Level("soort", 1, stack.levels.each[0].moved) in Stack.load(tmp_path).levels.each

    path = tmp_path / STACK_FILE
    described = json.loads(path.read_text(encoding="utf-8"))
    del described["levels"]
    path.write_text(json.dumps(described), encoding="utf-8")
    assert Stack.load(tmp_path).levels == NO_LEVELS
