"""Planted bias turns the gate red, fair data green, and too few positives never green."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from scipy.special import expit, logit

from models.fairness import Scored, report, select
from models.gate import FEWEST_POSITIVES, Kleur, Oordeel, Regel, judge

SEEDS = range(20)
FEW = range(4)
ROWS = 16_000
SHARE = 0.15


def people(seed: int, n: int = ROWS) -> tuple[Scored, pl.DataFrame]:
    """Return calibrated scores of people of two sexes whom the model treats alike."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(-1.6, 1.2, n)
    labels = (rng.random(n) < expit(truth)).astype(np.float64)
    groups = pl.DataFrame({"geslacht": rng.choice(["M", "V"], n)})
    return of(labels, expit(truth)), groups


def of(labels: np.ndarray, scores: np.ndarray) -> Scored:
    nobody_twice, one_list = np.arange(len(labels)), np.zeros(len(labels), np.int64)
    return Scored(labels, scores, nobody_twice, select(scores, one_list, SHARE))


def women(groups: pl.DataFrame) -> np.ndarray:
    return (groups["geslacht"] == "V").to_numpy()


def verdict(scored: Scored, groups: pl.DataFrame, seed: int) -> Oordeel:
    return judge(report(scored, groups, seed=seed, draws=200))


@pytest.mark.parametrize("seed", SEEDS)
def test_fair_data_are_green(seed: int) -> None:
    scored, groups = people(seed)

    assert verdict(scored, groups, seed) == Oordeel(Kleur.GROEN, ())


@pytest.mark.parametrize("seed", SEEDS)
def test_planted_bias_turns_red(seed: int) -> None:
    scored, groups = people(seed)
    too_low = expit(logit(scored.scores) - 0.8 * women(groups))

    found = verdict(of(scored.labels, too_low), groups, seed)

    assert found.kleur is Kleur.ROOD
    assert {Regel.RECALL, Regel.KALIBRATIE} <= {one.regel for one in found.bevindingen}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_model_that_knows_less_of_one_group_turns_red_though_it_is_calibrated(seed: int) -> None:
    scored, groups = people(seed)
    blurred = np.where(women(groups), scored.labels[women(groups)].mean(), scored.scores)

    found = verdict(of(scored.labels, blurred), groups, seed)

    assert found.kleur is Kleur.ROOD
    assert Regel.RECALL in {one.regel for one in found.bevindingen}


def of_need(seed: int) -> tuple[Scored, pl.DataFrame]:
    """Return calibrated scores of people of whom one onderwijssoort leaves three times as often."""
    rng = np.random.default_rng(seed)
    groups = pl.DataFrame({"onderwijssoort": rng.choice(["entree", "pro"], ROWS)})
    entree = (groups["onderwijssoort"] == "entree").to_numpy()
    truth = rng.normal(-2.2, 1.0, ROWS) + 1.2 * entree
    labels = (rng.random(ROWS) < expit(truth)).astype(np.float64)
    return of(labels, expit(truth)), groups


@pytest.mark.parametrize("seed", FEW)
def test_right_chances_of_groups_in_another_need_ask_a_signature_and_are_not_red(
    seed: int,
) -> None:
    scored, groups = of_need(seed)

    found = verdict(scored, groups, seed)

    assert found.kleur is Kleur.ORANJE
    assert Regel.RECALL in {one.regel for one in found.bevindingen}


@pytest.mark.parametrize("seed", FEW)
def test_bias_between_groups_in_another_need_turns_red(seed: int) -> None:
    scored, groups = of_need(seed)
    entree = (groups["onderwijssoort"] == "entree").to_numpy()
    too_low = expit(logit(scored.scores) - 0.8 * entree)

    assert verdict(of(scored.labels, too_low), groups, seed).kleur is Kleur.ROOD


@pytest.mark.parametrize("seed", FEW)
def test_the_same_gap_of_an_attribute_that_is_no_need_is_red(seed: int) -> None:
    scored, groups = of_need(seed)

    found = verdict(scored, groups.rename({"onderwijssoort": "geslacht"}), seed)

    assert found.kleur is Kleur.ROOD


@pytest.mark.parametrize("seed", FEW)
def test_of_twelve_fair_groups_none_is_red_by_chance(seed: int) -> None:
    scored, _ = people(seed)
    rng = np.random.default_rng(seed)
    groups = pl.DataFrame({"onderwijssoort": rng.choice([f"g{at:02}" for at in range(12)], ROWS)})

    assert verdict(scored, groups, seed).kleur is not Kleur.ROOD


def test_another_share_on_the_list_asks_a_signature() -> None:
    scored, groups = people(1)
    rng = np.random.default_rng(1)
    # of the women fewer are on the list, but as many of those who leave
    taken = women(groups) & scored.selected & (scored.labels == 0) & (rng.random(ROWS) < 0.7)

    found = verdict(replace(scored, selected=scored.selected & ~taken), groups, 1)

    assert found.kleur is Kleur.ORANJE
    assert {one.regel for one in found.bevindingen} == {Regel.SELECTIE}


def test_fewer_than_a_hundred_positives_are_never_green() -> None:
    scored, groups = people(2)
    few = groups.with_columns(
        pl.when(pl.int_range(pl.len()) < 2 * FEWEST_POSITIVES)
        .then(pl.lit("X"))
        .otherwise("geslacht")
        .alias("geslacht")
    )

    found = verdict(scored, few, 2)

    assert found.kleur is Kleur.TE_WEINIG
    assert [(one.regel, one.waarde) for one in found.bevindingen] == [(Regel.TE_WEINIG, "X")]


def test_a_group_that_does_worse_than_with_the_model_in_use_turns_red() -> None:
    scored, groups = people(3)
    rng = np.random.default_rng(33)
    noisy = expit(logit(scored.scores) + rng.normal(0, 1.5, ROWS))
    worse = of(scored.labels, noisy)

    found = judge(
        report(worse, groups, seed=3, draws=200), attributes=groups, live=scored, challenger=worse
    )
    same = judge(
        report(scored, groups, seed=3, draws=200), attributes=groups, live=scored, challenger=scored
    )

    assert {one.waarde for one in found.bevindingen if one.regel is Regel.ACHTERUIT} == {"M", "V"}
    assert same.kleur is Kleur.GROEN


def test_without_any_group_nothing_is_green() -> None:
    scored, _ = people(4, 200)

    assert judge(report(scored, pl.DataFrame({"x": [None] * 200}), seed=0, draws=50)).kleur is (
        Kleur.TE_WEINIG
    )


def test_a_verdict_is_read_back_as_it_was_written() -> None:
    scored, groups = people(5)
    found = verdict(of(scored.labels, scored.scores**2), groups, 5)

    assert found.bevindingen
    assert Oordeel.from_described(found.described()) == found
