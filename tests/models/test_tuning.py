from dataclasses import replace

from models.booster import BoosterConfig
from models.tuning import search_trees, temporal_loss
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
