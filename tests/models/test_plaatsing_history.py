from datetime import date

import numpy as np
import polars as pl

from features.synthetic import Region
from models.history import History
from models.plaatsing_history import plaatsing_history, plaatsing_stages


def test_a_past_stage_is_seen_before_it_was_agreed(region: Region) -> None:
    stages = plaatsing_stages(region.tables, observed_until=region.config.peildatum)

    assert (stages["peildatum"] < stages["begindatum"]).all()
    assert (stages["peildatum"] < stages["bekend_op"]).all()


def test_whether_a_stage_is_an_example_does_not_depend_on_its_outcome(region: Region) -> None:
    until = date(2025, 12, 1)
    outcome_changed = dict(region.tables)
    outcome_changed["stage"] = region.tables["stage"].with_columns(
        einddatum=pl.col("begindatum"), einde_bekend_op=pl.col("bekend_op")
    )

    before = plaatsing_stages(region.tables, observed_until=until)["stage_id"]
    after = plaatsing_stages(outcome_changed, observed_until=until)["stage_id"]

    assert before.to_list() == after.to_list()


def test_labels_keep_the_order_of_the_examples(region: Region, plaatsing_examples: History) -> None:
    until = region.config.peildatum
    shuffled = dict(region.tables)
    shuffled["stage"] = region.tables["stage"].sample(fraction=1, shuffle=True, seed=1)

    again = plaatsing_history(shuffled, observed_until=until)

    assert again.frame.equals(plaatsing_examples.frame)
    np.testing.assert_equal(again.label(until), plaatsing_examples.label(until))
