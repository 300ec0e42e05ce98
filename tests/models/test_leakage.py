from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from features.contract import Tables
from features.passendheid import pair_features
from features.risicoprofiel import risicoprofiel
from features.synthetic import Region
from models import training
from models.baselines import UITVAL_RULE
from models.booster import BoosterConfig
from models.errors import LeakError
from models.history import History
from models.leakage import TRACE, refuse_columns_from_later, refuse_traces
from models.leerwerkplek import PlaatsingModel
from models.training import UITVAL_CONFIG, train_model, train_uitvalrisico
from models.uitvalrisico import UitvalrisicoModel

PLANTED = "verzuim_ongeoorloofd_13"


def profile_with_a_later_end(tables: Tables, rows: pl.DataFrame) -> pl.DataFrame:
    """Build a profile of which one column is the year of the last end, whenever that was told."""
    ends = tables["inschrijving"].group_by("jongere_id").agg(pl.col("einddatum").max().alias("end"))
    year = rows.join(ends, on="jongere_id", how="left", maintain_order="left")["end"].dt.year()
    return risicoprofiel(tables, rows).with_columns(year.cast(pl.Float64).alias(PLANTED))


def test_a_training_stops_when_a_column_uses_what_was_told_later(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "risicoprofiel", profile_with_a_later_end)

    with pytest.raises(LeakError) as refusal:
        train_uitvalrisico(
            region.tables, observed_until=region.config.peildatum, seed=1, progress=lambda _: None
        )

    assert refusal.value.column == PLANTED


def test_a_training_stops_when_a_column_alone_tells_who_leaves(
    region: Region, uitval_examples: History
) -> None:
    until = region.config.peildatum
    outcome = pl.Series(PLANTED, uitval_examples.label(until), nan_to_null=True)
    planted = replace(uitval_examples, frame=uitval_examples.frame.with_columns(outcome))

    with pytest.raises(LeakError) as refusal:
        train_model(
            UitvalrisicoModel, UITVAL_RULE, planted, until, UITVAL_CONFIG, 1, lambda _: None
        )

    assert (refusal.value.model, refusal.value.column) == ("uitvalrisico", PLANTED)


def test_a_column_that_tells_much_but_not_all_is_named_on_the_card(
    region: Region, uitval_examples: History
) -> None:
    until = region.config.peildatum
    labels = uitval_examples.label(until)
    trace = pl.Series(PLANTED, labels + np.random.default_rng(1).normal(0, 0.6, labels.size))
    planted = replace(uitval_examples, frame=uitval_examples.frame.with_columns(trace))
    config = BoosterConfig(rounds=20, rows_per_leaf=30, seeds=2)

    made = train_model(UitvalrisicoModel, UITVAL_RULE, planted, until, config, 1, lambda _: None)

    found = made.card["verdachte_kenmerken"]["auc"]
    assert list(found) == [PLANTED]
    assert found[PLANTED] < TRACE


def test_nothing_is_said_of_a_handful_of_jongeren(region: Region, uitval_examples: History) -> None:
    frame, labels = training.matured(uitval_examples, region.config.peildatum)
    frame = frame.with_columns(pl.Series(PLANTED, labels))
    few = np.flatnonzero(labels == 1)[:10].tolist() + np.flatnonzero(labels == 0)[:200].tolist()

    assert refuse_traces(UitvalrisicoModel, frame[few], labels[few]) == {}


def test_nothing_of_a_made_up_region_is_suspect(
    region: Region, uitval_examples: History, plaatsing_examples: History
) -> None:
    until = region.config.peildatum
    for kind, history in (
        (UitvalrisicoModel, uitval_examples),
        (PlaatsingModel, plaatsing_examples),
    ):
        assert refuse_traces(kind, *training.matured(history, until)) == {}
    pairs = plaatsing_examples.frame.select("jongere_id", "leerwerkplek_id", "peildatum")
    refuse_columns_from_later(PlaatsingModel, pair_features, region.tables, pairs)
    refuse_columns_from_later(PlaatsingModel, pair_features, region.tables, pairs.clear())
