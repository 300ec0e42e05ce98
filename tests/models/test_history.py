from datetime import date, timedelta

import numpy as np

from features.synthetic import Region
from models.history import AGES, History, uitval_history


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


def test_what_a_row_belongs_to_is_as_it_was_on_its_peildatum(
    region: Region, uitval_examples: History
) -> None:
    groepen = uitval_examples.groepen
    assert groepen is not None
    born = dict(region.tables["jongere"].select("jongere_id", "geboortedatum").iter_rows())
    rows = uitval_examples.frame.select("jongere_id", "peildatum").iter_rows()

    assert groepen.height == uitval_examples.frame.height
    assert groepen["onderwijssoort"].null_count() == 0
    for (jongere_id, peildatum), told in zip(rows, groepen["leeftijd"], strict=True):
        years = (peildatum - born[jongere_id]).days / 365.25
        assert told == next(name for border, name in AGES.items() if years < border)


def test_without_enrolments_there_are_no_examples(region: Region) -> None:
    empty = {name: frame.clear() for name, frame in region.tables.items()}

    history = uitval_history(empty, observed_until=region.config.peildatum)

    assert history.frame.height == 0
    assert len(history.label(region.config.peildatum)) == 0
