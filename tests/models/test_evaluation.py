from datetime import date

import numpy as np
import polars as pl
import pytest

from features.synthetic import Region
from models.baselines import UITVAL_RULE
from models.booster import BoosterConfig
from models.errors import TooLittleDataError
from models.evaluation import Fit, Holdout, backtest, new_schools, pool
from models.history import History
from models.measures import measure
from models.uitvalrisico import UitvalrisicoModel

CONFIG = BoosterConfig(rounds=10, seeds=2)


@pytest.fixture(scope="module")
def fit(uitval_examples: History, region: Region) -> Fit:
    until = region.config.peildatum
    return Fit(UitvalrisicoModel, UITVAL_RULE, uitval_examples, until, CONFIG, seed=1)


@pytest.fixture(scope="module")
def windows(fit: Fit) -> list[Holdout]:
    return backtest(fit, windows=3)


def test_windows_follow_each_other_and_no_row_is_tested_twice(windows: list[Holdout]) -> None:
    rows = pool(windows).frame.select("jongere_id", "peildatum")

    assert len(windows) == 3
    assert rows.is_duplicated().sum() == 0
    assert [one.test_start for one in windows] == sorted(one.test_start for one in windows)
    assert windows[0].n_fitted < windows[-1].n_fitted


def test_a_school_that_is_tested_was_never_learned_from(fit: Fit) -> None:
    schools = fit.history.frame.select("jongere_id", "peildatum").with_columns(
        fit.history.groepen["instelling"] if fit.history.groepen is not None else pl.lit(None)
    )
    learned: list[set[str]] = []

    def watch(frame: pl.DataFrame, labels: np.ndarray, **rest: object) -> UitvalrisicoModel:
        seen = frame.join(schools, on=["jongere_id", "peildatum"])["instelling"]
        learned.append(set(seen.to_list()))
        return UitvalrisicoModel.fit_rule(UITVAL_RULE, frame, labels)

    tests = new_schools(
        Fit(fit.kind, fit.rule, fit.history, fit.observed_until, CONFIG, 1, watch), parts=3
    )

    assert len(tests) == 3
    for seen, test in zip(learned, tests, strict=True):
        asked = test.frame.join(schools, on=["jongere_id", "peildatum"])["instelling"]
        assert not seen & set(asked.to_list())


def test_a_history_that_knows_no_schools_tests_none(fit: Fit) -> None:
    bare = History(fit.history.frame, fit.history.known_by, fit.history.label)

    assert (
        new_schools(
            Fit(fit.kind, fit.rule, bare, fit.observed_until, CONFIG, 1),
            parts=3,
        )
        == []
    )


def test_a_short_history_has_no_window(fit: Fit) -> None:
    early = (fit.history.peildatum < date(2023, 4, 1)).to_numpy()
    short = History(
        fit.history.frame.filter(early),
        fit.history.known_by.filter(pl.Series(early)),
        lambda day: fit.history.label(day)[early],
    )

    with pytest.raises(TooLittleDataError):
        backtest(
            Fit(fit.kind, fit.rule, short, fit.observed_until, CONFIG, 1),
            windows=3,
        )


def test_lists_are_steady_and_name_leavers_before_they_leave(windows: list[Holdout]) -> None:
    found = measure(windows, seed=1, draws=10)

    assert 0.4 < found["list_stability"] <= 1
    assert 0.1 < found["lead_named"] < 1
    assert 0 < found["lead_days"] < 365 + 31 * 12
    assert found["auc_lowest_backtest"] <= found["auc"] + 0.05
    assert found["n_backtests"] == 3
