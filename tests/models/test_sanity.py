"""What a training must not find: something in labels dealt at random, or in noise (TRUST F8)."""

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from features.synthetic import Region
from models import metrics
from models.baselines import UITVAL_RULE
from models.booster import BoosterConfig
from models.evaluation import hold_out
from models.history import History
from models.splitting import refit_split
from models.training import UITVAL_CONFIG, matured, train_model
from models.uitvalrisico import UitvalrisicoModel

NOISE = (
    "inschrijving_bbl",
    pytest.param("verzuim_ongeoorloofd_4", marks=pytest.mark.slow),
    pytest.param("contact_gelukt", marks=pytest.mark.slow),
)
QUICK = BoosterConfig(rounds=40, rows_per_leaf=30, seeds=2)


def dealt_anew(history: History, until: date, seed: int) -> History:
    """Return the examples with their outcomes dealt to others; each is known as long as before."""
    outcome = np.random.default_rng(seed).permutation(history.label(until))

    def label(day: date) -> NDArray[np.float64]:
        return np.where(np.isnan(history.label(day)), np.nan, outcome)

    return replace(history, label=label)


def test_shuffled_labels_teach_nothing(region: Region, uitval_examples: History) -> None:
    until = region.config.peildatum
    aucs = []
    for seed in range(2):
        held = hold_out(
            UitvalrisicoModel,
            UITVAL_RULE,
            dealt_anew(uitval_examples, until, seed),
            observed_until=until,
            config=UITVAL_CONFIG,
            seed=1,
        )
        aucs.append(metrics.auc(held.labels, held.scores))

    assert np.mean(aucs) == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("column", NOISE)
def test_a_random_column_is_never_a_top_reason(
    region: Region, uitval_examples: History, column: str
) -> None:
    frame, labels = matured(uitval_examples, region.config.peildatum)
    noise = np.random.default_rng(1).random(frame.height)
    frame = frame.with_columns(pl.Series(column, noise))
    newest = refit_split(frame["peildatum"]).calibration
    shown = frame.filter(newest)

    model = UitvalrisicoModel.fit(
        frame, labels, calibration=(shown, labels[newest]), config=UITVAL_CONFIG, seed=1
    )

    place = [feature.name for feature in UitvalrisicoModel.features].index(column)
    weight = np.abs(model.contributions(shown)[:, :-1])
    told = {reden.feature for both in model.redenen(shown) for side in both for reden in side}
    assert (weight.argmax(axis=1) != place).all()
    assert weight[:, place].mean() < np.sort(weight.mean(axis=0))[-10]
    assert column not in told


def test_the_card_says_how_often_it_happens_and_how_often_the_model_said_so(
    region: Region, uitval_examples: History
) -> None:
    until = region.config.peildatum
    made = train_model(
        UitvalrisicoModel, UITVAL_RULE, uitval_examples, until, QUICK, 1, lambda _: None
    )

    told = made.card["uitkomst"]
    _, labels = matured(uitval_examples, until)
    assert told["aandeel"] == pytest.approx(labels.mean(), abs=1e-4)
    assert told["aandeel_toets"] == pytest.approx(made.metrics["rate"], abs=1e-4)
    assert told["gezegd_toets"] == pytest.approx(told["aandeel_toets"], abs=0.03)
    assert "werkelijk gebeurde" in told["uitleg"]
