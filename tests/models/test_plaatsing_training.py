import json
from datetime import date

import numpy as np
import polars as pl
import pytest

from features.blokkade import Blokkade, column
from features.passendheid import pair_features
from features.synthetic import Region, true_plaatsing
from models.booster import BoosterConfig
from models.goede_plekken import MATEN
from models.history import History
from models.leerwerkplek import PlaatsingModel
from models.members import TreeMember
from models.plaatsing_order import judge_order, order_metrics
from models.plaatsing_population import Offered, offered_pairs
from models.plaatsing_training import PlaatsingLearner, train_plaatsing
from models.stack import Stack

CONFIG = BoosterConfig(rounds=60, rows_per_leaf=30, column_share=0.6, l2=5.0, seeds=2)


@pytest.fixture(scope="module")
def learner(region: Region, plaatsing_examples: History) -> PlaatsingLearner:
    return PlaatsingLearner.of(region.tables, plaatsing_examples.frame, seed=1)


@pytest.fixture(scope="module")
def learned(
    region: Region, learner: PlaatsingLearner, plaatsing_examples: History
) -> PlaatsingModel:
    return learn(learner, plaatsing_examples, region.config.peildatum)


@pytest.fixture(scope="module")
def offered(region: Region) -> Offered:
    return offered_pairs(region.tables, [region.config.peildatum], seed=1)


def learn(learner: PlaatsingLearner, history: History, until: date) -> PlaatsingModel:
    labels = history.label(until)
    known = ~np.isnan(labels)
    frame = history.frame.filter(known)
    return learner(
        frame,
        labels[known],
        calibration=(frame.clear(), labels[:0]),
        config=CONFIG,
        seed=1,
    )


def open_pairs(region: Region) -> pl.DataFrame:
    day = region.config.peildatum
    jongeren = region.tables["jongere"].select("jongere_id").sort("jongere_id").head(150)
    places = region.tables["leerwerkplek"].select("leerwerkplek_id").sort("leerwerkplek_id")
    pairs = jongeren.join(places, how="cross").with_columns(peildatum=pl.lit(day))
    return pair_features(region.tables, pairs).filter(
        ~pl.any_horizontal(column(rule) for rule in Blokkade)
    )


def test_what_is_hidden_is_unknown_and_nothing_else_changes(offered: Offered) -> None:
    keys = ["jongere_id", "leerwerkplek_id", "peildatum"]
    hidden = offered.seen["reistijd_grens_onbekend"] == 1
    same = ["plek_ervaring", "capaciteit", "eisen_aantal", "competentie_niveau", "zoekduur"]

    assert offered.seen.select(keys).equals(offered.full.select(keys))
    assert offered.seen.select(same).equals(offered.full.select(same))
    assert 0.05 < hidden.to_numpy().mean() < 0.95
    assert offered.seen.filter(hidden)["sector_wens"].null_count() > 0


def test_the_same_seed_offers_the_same_pairs(region: Region, offered: Offered) -> None:
    again = offered_pairs(region.tables, [region.config.peildatum], seed=1)

    assert again.seen.equals(offered.seen)


def test_without_known_wishes_nothing_is_offered(region: Region) -> None:
    silent = dict(region.tables) | {"voorkeur": region.tables["voorkeur"].clear()}

    assert offered_pairs(silent, [region.config.peildatum], seed=1).full.is_empty()


def test_the_model_is_one_set_of_trees_with_exact_reasons(
    region: Region, learned: PlaatsingModel
) -> None:
    frame = open_pairs(region).head(50)

    stack = learned.stack
    assert isinstance(stack, Stack)
    (trees,) = stack.members
    assert isinstance(trees, TreeMember)
    assert len(trees.texts) == 1
    chance = learned.predict(frame)
    logit = np.log(chance / (1 - chance))
    np.testing.assert_allclose(learned.contributions(frame).sum(axis=1), logit, atol=1e-6)


def test_of_all_open_pairs_it_says_what_is_true_on_average_better_than_the_chosen_pairs_do(
    region: Region, plaatsing_examples: History, learned: PlaatsingModel
) -> None:
    frame = open_pairs(region)
    truth = true_plaatsing(region, frame.select("jongere_id", "leerwerkplek_id", "peildatum"))
    labels = plaatsing_examples.label(region.config.peildatum)
    known = ~np.isnan(labels)
    chosen = plaatsing_examples.frame.filter(known)
    plain = PlaatsingModel.fit(
        chosen,
        labels[known],
        calibration=(chosen.clear(), labels[:0]),
        config=CONFIG,
        seed=1,
    )

    bias = abs(learned.predict(frame).mean() - truth.mean())

    assert bias < abs(plain.predict(frame).mean() - truth.mean())


def test_what_happens_after_the_newest_example_is_not_looked_at(
    region: Region, plaatsing_examples: History
) -> None:
    until = date(2025, 6, 1)
    cut = {
        name: frame.filter(pl.col("bekend_op") <= until) if "bekend_op" in frame.columns else frame
        for name, frame in region.tables.items()
    }
    known = (plaatsing_examples.known_by <= until).to_numpy()
    earlier = History(
        plaatsing_examples.frame.filter(known),
        plaatsing_examples.known_by.filter(known),
        lambda day: plaatsing_examples.label(day)[known],
    )

    whole, part = (
        learn(PlaatsingLearner.of(tables, earlier.frame, seed=1), earlier, until)
        for tables in (region.tables, cut | {"leerwerkplek": region.tables["leerwerkplek"]})
    )

    assert whole == part


def test_an_order_is_judged_on_choices_that_no_rule_blocks(
    region: Region, learner: PlaatsingLearner, plaatsing_examples: History, learned: PlaatsingModel
) -> None:
    labels = plaatsing_examples.label(region.config.peildatum)

    judged = judge_order(
        region.tables,
        plaatsing_examples.frame,
        labels,
        model=learned,
        choice=learner.choice(plaatsing_examples.frame),
        seed=1,
    )

    sums = judged.frame.group_by("keuze").agg(pl.col("oud", "nieuw", "gekozen").sum())
    assert (sums["gekozen"] == 1).all()
    np.testing.assert_allclose(sums["oud"].to_numpy(), 1.0)
    np.testing.assert_allclose(sums["nieuw"].to_numpy(), 1.0)
    told, found = order_metrics(judged, seed=1)
    assert told["volgorde_keuzes"] == judged.frame["gekozen"].sum()
    assert np.isnan(told["volgorde_dr"]) == (not found.supported)


def test_the_card_says_whether_the_data_can_carry_the_comparison(region: Region) -> None:
    training = train_plaatsing(
        region.tables,
        observed_until=region.config.peildatum,
        seed=1,
        progress=lambda _: None,
        config=CONFIG,
    )

    order = json.loads(json.dumps(training.card["volgorde"]))
    carried = "volgorde_dr" in order
    assert ("kunnen deze vergelijking niet dragen" in order["oordeel"]) == (not carried)
    assert training.metrics["volgorde_ess"] == order["volgorde_ess"]
    places = json.loads(json.dumps(training.card["goede_plekken"]))
    assert {one["maat"] for one in places} == set(MATEN)
    assert {one["kenmerk"] for one in places} <= {"onderwijssoort", "leerweg", "leeftijd"}
    found = [one for one in training.card["oordeel"]["bevindingen"] if one["maat"]]
    asked = [one for one in places if one["verhouding"] is not None]
    assert len(found) == sum(not 0.8 <= one["verhouding"] <= 1.25 for one in asked)
