from datetime import date, timedelta

import numpy as np
import polars as pl

from features.synthetic import Region
from models.history import History, plaatsing_history, plaatsing_stages, uitval_history


def test_an_outcome_is_never_known_before_its_day(uitval_examples: History) -> None:
    for day in (date(2024, 6, 1), date(2025, 6, 1)):
        told = ~np.isnan(uitval_examples.label(day))

        assert told.any()
        assert (uitval_examples.known_by.filter(told) <= day).all()


def test_every_example_has_matured(region: Region, uitval_examples: History) -> None:
    known_by = uitval_examples.known_by

    assert (known_by <= region.config.peildatum).all()
    assert (known_by > region.config.peildatum - timedelta(days=62)).any()


def test_peildata_are_first_days_of_months(uitval_examples: History) -> None:
    assert (uitval_examples.peildatum.dt.day() == 1).all()


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


def test_without_enrolments_there_are_no_examples(region: Region) -> None:
    empty = {name: frame.clear() for name, frame in region.tables.items()}

    history = uitval_history(empty, observed_until=region.config.peildatum)

    assert history.frame.height == 0
    assert len(history.label(region.config.peildatum)) == 0
