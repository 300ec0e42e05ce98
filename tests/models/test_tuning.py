from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.booster import BoosterConfig
from models.history import History
from models.splitting import temporal_split
from models.stack import StackConfig
from models.tuning import search_trees, searched, temporal_loss
from models.uitvalrisico import UitvalrisicoModel
from tests.models.strategies import COLUMNS, DIRECTIONS, made_up_examples

START = BoosterConfig(rounds=60, rows_per_leaf=20)


def test_the_search_repeats_exactly_and_never_ends_worse_than_it_began() -> None:
    training, later = made_up_examples(500, 1), made_up_examples(400, 2)

    def search() -> BoosterConfig:
        return search_trees(COLUMNS, DIRECTIONS, training, later, trials=4, seed=1, start=START)

    def lost(config: BoosterConfig) -> float:
        return temporal_loss(COLUMNS, DIRECTIONS, training, later, config=config, seed=1)

    found = search()

    assert search() == found
    assert lost(found) <= lost(START)


def test_trees_that_are_no_better_lose_by_their_size() -> None:
    training, later = made_up_examples(500, 1), made_up_examples(400, 2)
    stopped = replace(START, rows_per_leaf=600)

    small, large = (
        temporal_loss(
            COLUMNS, DIRECTIONS, training, later, config=replace(stopped, rounds=rounds), seed=1
        )
        for rounds in (20, 400)
    )

    assert small < large


def test_the_trees_of_a_region_are_searched_before_the_newest_test(
    uitval_examples: History,
) -> None:
    asked: list[date] = []

    def label(day: date) -> NDArray[np.float64]:
        asked.append(day)
        return uitval_examples.label(day)

    history = replace(uitval_examples, label=label)
    config = StackConfig((START,), None, 2)

    found = searched(UitvalrisicoModel, history, config, trials=2, seed=1)

    start = temporal_split(history.peildatum, history.known_by).test_start
    assert set(asked) == {start}
    assert found.sets == config.sets
    assert replace(found, trees=config.trees) == config


def test_few_jongeren_keep_the_trees_as_they_are(uitval_examples: History) -> None:
    few = pl.Series(np.arange(uitval_examples.frame.height) % 200 == 0)
    history = History(
        uitval_examples.frame.filter(few),
        uitval_examples.known_by.filter(few),
        lambda day: uitval_examples.label(day)[few.to_numpy()],
    )
    config = StackConfig((START,), None, 2)

    assert searched(UitvalrisicoModel, history, config, trials=2, seed=1) == config
