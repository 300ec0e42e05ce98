import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from math import isfinite

import numpy as np
import polars as pl
import pytest

from features.contract import Tables
from features.synthetic import Region, RegionConfig, generate_region
from models.booster import BoosterConfig
from models.gate import FEWEST_POSITIVES, Kleur, Oordeel
from models.history import History, uitval_history
from models.plaatsing_training import train_plaatsing
from models.small_numbers import SMALLEST_GROUP
from models.training import Training, train_uitvalrisico

CONFIG = BoosterConfig(rounds=20, rows_per_leaf=30, seeds=2)
Train = Callable[[Tables, date], Training]


def silent(_: str) -> None:
    return None


def uitvalrisico(tables: Tables, until: date) -> Training:
    return train_uitvalrisico(tables, observed_until=until, seed=1, progress=silent, config=CONFIG)


def plaatsing(tables: Tables, until: date) -> Training:
    return train_plaatsing(tables, observed_until=until, seed=1, progress=silent, config=CONFIG)


@dataclass(frozen=True)
class Made:
    """A training on the region, with what it told."""

    train: Train
    training: Training
    told: list[str]


@pytest.fixture(scope="module", params=[uitvalrisico, plaatsing])
def made(request: pytest.FixtureRequest, region: Region) -> Made:
    """Each model trained once, for all tests that only look at what came of it."""
    train, told = request.param, list[str]()
    run = train_uitvalrisico if train is uitvalrisico else train_plaatsing
    training = run(
        region.tables,
        observed_until=region.config.peildatum,
        seed=1,
        progress=told.append,
        config=CONFIG,
    )
    return Made(train, training, told)


COUNTED = ("n", "jongeren", "positief")
BOTH = pytest.mark.parametrize("train", [uitvalrisico, plaatsing])


def test_a_training_says_what_the_model_is_worth_and_repeats_exactly(
    region: Region, made: Made
) -> None:
    training = made.training

    assert training == made.train(region.tables, region.config.peildatum)
    assert training.metrics["auc"] > training.metrics["baseline_auc"]
    assert training.metrics["auc_low"] <= training.metrics["auc"] <= training.metrics["auc_high"]
    assert training.metrics["auc_gain"] == pytest.approx(
        training.metrics["auc"] - training.metrics["baseline_auc"]
    )


def test_the_card_is_plain_json_and_names_every_feature(made: Made) -> None:
    training = made.training

    card = json.loads(json.dumps(training.card))

    assert card == training.card
    assert [one["name"] for one in card["kenmerken"]] == list(training.model.stack.columns)
    assert card["model"] == training.name
    assert card["gegevens"]["bekend_tot"] == "2026-11-01"
    assert card["gegevens"]["toets_vanaf"] > card["gegevens"]["eerste_peildatum"]
    assert all(card[part] for part in ("wat", "bedoeld_voor", "niet_voor", "grenzen"))
    assert all(isfinite(value) for value in card["toets"].values() if value is not None)


def test_the_card_tells_the_level_of_each_kind_of_row(made: Made) -> None:
    card, kinds = made.training.card, made.training.model.kinds

    told = [(one["column"], one["least"]) for one in card["methode"].get("niveaus", [])]
    assert told == [(one.column, one.least) for one in kinds]
    assert ("eigen niveau" in card["methode"]["soort"]) is bool(kinds)


def test_it_tells_in_dutch_what_begins(made: Made) -> None:
    assert len(made.told) == 4
    assert "verleden" in made.told[0]


def test_the_card_tells_of_every_group_and_what_the_gate_says(made: Made) -> None:
    card = made.training.card

    groups = {(one["kenmerk"], one["waarde"]) for one in card["groepen"]}
    assert {("onderwijssoort", "entree"), ("leeftijd", "18 tot 21")} <= groups
    for one in card["groepen"]:
        assert min(one.get(name, SMALLEST_GROUP) for name in COUNTED) >= SMALLEST_GROUP
        assert one["calibration_in_the_large_low"] <= one["calibration_in_the_large"]
    oordeel = Oordeel.from_described(card["oordeel"])
    counted = [one for one in card["groepen"] if "n" in one]
    few = {one["waarde"] for one in counted if one["positief"] < FEWEST_POSITIVES}
    told = {one.waarde for one in oordeel.bevindingen if one.kleur is Kleur.TE_WEINIG}
    assert counted
    assert told & {one["waarde"] for one in counted} == few


@BOTH
def test_a_handful_of_jongeren_gets_a_rule_that_says_so(train: Train) -> None:
    small = generate_region(RegionConfig(jongeren=15, leerbedrijven=5, leerwerkplekken=10, seed=1))

    training = train(small.tables, small.config.peildatum)

    assert training.model.te_weinig_gegevens
    assert 0 <= training.model.n_positief <= 15
    assert training.card["te_weinig_gegevens"]
    assert training.card["gegevens"]["toets_vanaf"] is None
    assert json.loads(json.dumps(training.card)) == training.card


@BOTH
def test_a_region_without_anything_gets_a_rule_that_knows_no_jongere(
    region: Region, train: Train
) -> None:
    empty = {name: frame.clear() for name, frame in region.tables.items()}

    training = train(empty, region.config.peildatum)

    assert training.model.te_weinig_gegevens
    assert training.model.n_positief == 0


def test_a_region_where_nobody_leaves_gets_a_rule_with_a_low_chance(
    region: Region, uitval_examples: History
) -> None:
    lasting = dict(region.tables)
    lasting["inschrijving"] = lasting["inschrijving"].with_columns(
        einddatum=pl.lit(None, dtype=pl.Date),
        einde_bekend_op=pl.lit(None, dtype=pl.Date),
        reden_uitschrijving=pl.lit(None, dtype=pl.String),
    )

    model = uitvalrisico(lasting, region.config.peildatum).model

    assert model.te_weinig_gegevens
    assert model.n_positief == 0
    assert model.predict(uitval_examples.frame).mean() < 0.02


def test_a_region_with_enough_says_how_many_jongeren_left(
    region: Region, uitval_examples: History
) -> None:
    until = region.config.peildatum
    left = uitval_examples.frame.filter(pl.Series(uitval_examples.label(until) == 1))

    model = uitvalrisico(region.tables, until).model

    assert not model.te_weinig_gegevens
    assert model.n_positief == left["jongere_id"].n_unique()


def test_what_is_known_after_the_last_day_changes_nothing(region: Region) -> None:
    until = date(2026, 2, 1)
    cut = {
        name: frame.filter(pl.col("bekend_op") <= until) if "bekend_op" in frame.columns else frame
        for name, frame in region.tables.items()
    }

    whole, part = uitvalrisico(region.tables, until), uitvalrisico(cut, until)

    assert whole.model == part.model
    for name, value in whole.metrics.items():
        np.testing.assert_equal(value, part.metrics[name])


def test_a_single_school_of_300_jongeren_can_be_trained(region: Region) -> None:
    at_school = (
        region.tables["inschrijving"].group_by("instelling").agg(pl.col("jongere_id").unique())
    )
    largest = at_school.sort(pl.col("jongere_id").list.len()).tail(1)["jongere_id"].explode()
    ids = largest.sort().head(300).implode()
    school = {
        name: frame.filter(pl.col("jongere_id").is_in(ids))
        if "jongere_id" in frame.columns
        else frame
        for name, frame in region.tables.items()
    }

    training = uitvalrisico(school, region.config.peildatum)

    asked = uitval_history(school, observed_until=region.config.peildatum).frame.tail(50)
    said = training.model.predict(asked)
    low, high = training.model.bounds(asked)
    assert ((said > 0) & (said < 1)).all()
    assert ((low <= said) & (said <= high)).all()
    assert (high - low).max() > 0.1
    assert training.card["te_weinig_gegevens"] == training.model.te_weinig_gegevens
