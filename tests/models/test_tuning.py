"""Trees are searched on earlier time, and small ones are preferred."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from models.booster import BoosterConfig
from models.errors import OtherStudyError
from models.history import History
from models.splitting import temporal_split
from models.study import Search
from models.tuning import Fold, Tuned, fold_loss, search_trees, searched, temporal_folds
from models.uitvalrisico import UitvalrisicoModel
from tests.models.strategies import DIRECTIONS, made_up_examples

START = BoosterConfig(rounds=60, rows_per_leaf=20)
FOLDS = [Fold(made_up_examples(400, n), made_up_examples(300, 10 + n)) for n in (1, 2)]


def mean_loss(config: BoosterConfig) -> float:
    return float(np.mean([fold_loss(DIRECTIONS, fold, config, seed=1)[0] for fold in FOLDS]))


def search(trials: int, folds: Sequence[Fold] = FOLDS, storage: str | None = None) -> Tuned:
    wanted = Search(trials, storage=storage, name="samen" if storage else "")
    return search_trees(DIRECTIONS, folds, START, search=wanted, name="proef", seed=1)


def test_the_search_repeats_exactly_and_never_ends_worse_than_it_began() -> None:
    found = search(12)

    assert search(12) == found
    assert found.study is not None
    assert found.study.loss == pytest.approx(mean_loss(found.trees))
    assert mean_loss(found.trees) <= mean_loss(START)
    # what lags behind after a fold is given up
    assert found.study.pruned > 0
    assert found.study.complete + found.study.pruned == 12


def test_trees_that_are_no_better_lose_by_their_size() -> None:
    nothing_to_learn = replace(START, rows_per_leaf=500)

    small, large = (mean_loss(replace(nothing_to_learn, leaves=leaves)) for leaves in (3, 24))

    assert small < large


def test_more_rounds_are_only_taken_where_they_pay() -> None:
    slow, quick = (
        fold_loss(DIRECTIONS, FOLDS[0], replace(START, learning_rate=rate), seed=1)[1]
        for rate in (0.02, 0.15)
    )

    assert slow > quick


def test_a_search_without_a_bound_changes_nothing(uitval_examples: History) -> None:
    found = searched(UitvalrisicoModel, uitval_examples, START, search=Search(), seed=1)

    assert found == Tuned(START)


def test_a_study_about_other_rows_is_not_joined(tmp_path_factory: pytest.TempPathFactory) -> None:
    place = f"sqlite:///{tmp_path_factory.mktemp('studie') / 'studies.db'}"
    search(1, storage=place)

    with pytest.raises(OtherStudyError) as refusal:
        search(2, FOLDS[:1], storage=place)

    assert refusal.value.studie == "samen"


@pytest.fixture
def asked(uitval_examples: History) -> tuple[History, list[date]]:
    """Examples that write down from which day their labels were asked."""
    days: list[date] = []

    def label(day: date) -> NDArray[np.float64]:
        days.append(day)
        return uitval_examples.label(day)

    return replace(uitval_examples, label=label), days


def test_the_trees_of_a_region_are_searched_before_the_newest_test(
    asked: tuple[History, list[date]],
) -> None:
    history, days = asked

    found = searched(UitvalrisicoModel, history, START, search=Search(2), seed=1)

    start = temporal_split(history.peildatum, history.known_by).test_start
    assert set(days) == {start}
    assert found.study is not None
    assert found.trees.seeds == START.seeds


def test_each_fold_judges_other_jongeren_on_later_days(uitval_examples: History) -> None:
    folds = temporal_folds(UitvalrisicoModel, uitval_examples, seed=1, folds=2)

    assert len(folds) == 2
    for fold in folds:
        assert fold.training.groups is not None
        assert fold.later.groups is not None
        assert not set(fold.training.groups) & set(fold.later.groups)
    sizes = [len(fold.training.labels) for fold in folds]
    assert sizes == sorted(sizes)


def test_few_jongeren_keep_the_trees_as_they_are(uitval_examples: History) -> None:
    few = pl.Series(np.arange(uitval_examples.frame.height) % 200 == 0)
    history = History(
        uitval_examples.frame.filter(few),
        uitval_examples.known_by.filter(few),
        lambda day: uitval_examples.label(day)[few.to_numpy()],
    )

    assert searched(UitvalrisicoModel, history, START, search=Search(2), seed=1) == Tuned(START)
