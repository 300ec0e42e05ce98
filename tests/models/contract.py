"""What every model promises; a test module per model fills in which one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.special import logit

from features.registry import Feature
from models.baselines import Points
from models.booster import BoosterConfig
from models.errors import MissingColumnError, UnregisteredColumnError
from models.evaluation import Holdout, hold_out
from models.history import History
from models.metrics import auc, brier
from models.registered import RegisteredModel
from models.splitting import refit_split

CONFIG = BoosterConfig(rounds=60)


@dataclass(frozen=True)
class Fitted:
    """A model on its region, judged on later time and fitted on everything."""

    kind: type[RegisteredModel]
    history: History
    holdout: Holdout
    model: RegisteredModel
    frame: pl.DataFrame


def fit_all(history: History, kind: type[RegisteredModel], seed: int = 1) -> RegisteredModel:
    labels = history.label(date.max)
    known = ~np.isnan(labels)
    frame, labels = history.frame.filter(known), labels[known]
    split = refit_split(frame["peildatum"])
    return kind.fit(
        frame.filter(split.training),
        labels[split.training],
        calibration=(frame.filter(split.calibration), labels[split.calibration]),
        config=CONFIG,
        seed=seed,
    )


def judge(
    history: History, kind: type[RegisteredModel], rule: Sequence[Points], until: date
) -> Fitted:
    holdout = hold_out(kind, rule, history, observed_until=until, config=CONFIG, seed=1)
    return Fitted(kind, history, holdout, fit_all(history, kind), history.frame.tail(200))


class ModelContract:
    """Tests that hold for every model; a subclass gives the fixture ``fitted``."""

    def test_it_beats_its_rule_on_later_time(self, fitted: Fitted) -> None:
        holdout = fitted.holdout

        assert auc(holdout.labels, holdout.scores) > auc(holdout.labels, holdout.baseline)
        assert brier(holdout.labels, holdout.scores) < brier(holdout.labels, holdout.baseline)

    def test_nothing_used_to_fit_was_known_after_the_test_began(self, fitted: Fitted) -> None:
        start = fitted.holdout.test_start
        in_time = (fitted.history.known_by <= start).sum()

        assert 0 < fitted.holdout.n_fitted <= in_time
        assert fitted.holdout.frame["peildatum"].min() == start

    def test_the_same_seed_gives_the_same_scores(self, fitted: Fitted) -> None:
        again = fit_all(fitted.history, fitted.kind)

        assert (again.predict(fitted.frame) == fitted.model.predict(fitted.frame)).all()

    def test_a_saved_model_scores_and_explains_as_before(
        self, fitted: Fitted, tmp_path: Path
    ) -> None:
        fitted.model.save(tmp_path / "model")

        loaded = fitted.kind.load(tmp_path / "model")

        gap = np.abs(loaded.predict(fitted.frame) - fitted.model.predict(fitted.frame))
        assert gap.max() < 1e-12
        assert loaded.redenen(fitted.frame) == fitted.model.redenen(fitted.frame)

    def test_contributions_sum_to_the_score(self, fitted: Fitted) -> None:
        total = fitted.model.contributions(fitted.frame).sum(axis=1)

        assert np.abs(total - logit(fitted.model.predict(fitted.frame))).max() < 1e-6

    def test_reasons_are_registered_distinct_in_group_and_carry_the_value(
        self, fitted: Fitted
    ) -> None:
        registered = {feature.name: feature for feature in fitted.kind.features}

        for row, (raising, lowering) in enumerate(fitted.model.redenen(fitted.frame)):
            told = [*raising, *lowering]
            groups = [registered[reden.feature].group for reden in told]
            assert len(groups) == len(set(groups))
            for reden in told:
                assert reden.waarde == fitted.frame[reden.feature][row]

    def test_each_row_is_scored_by_itself(self, fitted: Fitted) -> None:
        apart = fitted.model.predict(fitted.frame[[7]])[0]

        assert apart == pytest.approx(fitted.model.predict(fitted.frame)[7], abs=1e-12)

    def test_a_sure_direction_is_never_broken(self, fitted: Fitted) -> None:
        before = fitted.model.predict(fitted.frame)

        for feature in fitted.kind.features:
            for step in (0.1, 1.0, 5.0):
                change = fitted.model.predict(raised(fitted.frame, feature, step)) - before
                assert (feature.direction * change).min() > -1e-12, feature.name

    def test_a_column_off_the_list_stops_scoring(self, fitted: Fitted) -> None:
        with pytest.raises(UnregisteredColumnError):
            fitted.model.predict(fitted.frame.with_columns(geslacht=pl.lit(1.0)))

    def test_an_absent_column_stops_scoring(self, fitted: Fitted) -> None:
        with pytest.raises(MissingColumnError):
            fitted.model.predict(fitted.frame.drop(fitted.kind.features[0].name))

    def test_another_name_changes_no_score(self, fitted: Fitted) -> None:
        renamed = fitted.frame.with_columns(jongere_id=pl.lit("iemand anders"))

        assert (fitted.model.predict(renamed) == fitted.model.predict(fitted.frame)).all()


def raised(frame: pl.DataFrame, feature: Feature, step: float) -> pl.DataFrame:
    return frame.with_columns(pl.col(feature.name) + step)
