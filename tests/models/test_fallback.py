from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, logit

from features.synthetic import Region
from models.baselines import UITVAL_RULE, Points, count_points
from models.fallback import RuleScore
from models.history import History
from models.uitvalrisico import UitvalrisicoModel

COLUMNS = ("verzuim", "wissels")
RULES = (
    Points("verzuim", 1, minimum=0.1),
    Points("verzuim", 2, minimum=0.3),
    Points("wissels", 1, minimum=1),
)


def rows(n_rows: int, rng: np.random.Generator) -> np.ndarray:
    return np.column_stack([rng.random(n_rows) * 0.5, rng.integers(0, 3, n_rows)]).astype(float)


def fitted(n_rows: int, *, each: float = 0.7, seed: int = 1) -> RuleScore:
    rng = np.random.default_rng(seed)
    matrix = rows(n_rows, rng)
    points = count_points(RULES, pl.DataFrame(matrix, schema=list(COLUMNS)))
    labels = (rng.random(n_rows) < expit(-3 + each * points)).astype(float)
    return RuleScore.fit(COLUMNS, RULES, matrix, labels, np.ones(n_rows), rate=0.05)


def test_many_rows_say_what_a_point_adds_and_few_leave_it_near_the_prior() -> None:
    assert fitted(20_000).slope == pytest.approx(0.7, abs=0.05)
    assert fitted(5).slope == pytest.approx(0.4, abs=0.15)


def test_without_rows_the_published_rate_stands() -> None:
    none = fitted(0)

    assert none.predict(np.zeros((1, 2)))[0] == pytest.approx(0.05)
    low, high = none.bounds(np.zeros((1, 2)))
    assert high[0] - low[0] > 0.15


@given(st.integers(0, 200), st.integers(0, 99))
def test_a_point_never_lowers_the_chance_and_the_chance_lies_within_its_bounds(
    n_rows: int, seed: int
) -> None:
    score = fitted(n_rows, each=-1.0, seed=seed)
    matrix = rows(30, np.random.default_rng(seed))
    points = count_points(RULES, pl.DataFrame(matrix, schema=list(COLUMNS)))

    said = score.predict(matrix)
    low, high = score.bounds(matrix)

    assert (np.diff(said[np.argsort(points, kind="stable")]) >= -1e-12).all()
    assert ((low <= said) & (said <= high)).all()


def test_more_data_give_narrower_bounds() -> None:
    matrix = rows(50, np.random.default_rng(3))

    few, many = (np.ptp(fitted(n_rows).bounds(matrix), axis=0).mean() for n_rows in (20, 5000))

    assert many < few


def test_what_each_column_adds_sums_to_the_score_and_unknown_adds_nothing() -> None:
    score = fitted(300)
    matrix = np.vstack([rows(50, np.random.default_rng(3)), [[np.nan, np.nan]]])

    parts = score.contributions(matrix)

    assert np.abs(parts.sum(axis=1) - logit(score.predict(matrix))).max() < 1e-9
    assert (parts[-1, :-1] == 0).all()


def test_a_saved_rule_is_the_same_rule(tmp_path: Path) -> None:
    score = fitted(300)
    score.save(tmp_path)

    assert RuleScore.load(tmp_path) == score


def test_one_school_of_few_gets_the_rule_with_the_face_of_a_model(
    uitval_examples: History, region: Region, tmp_path: Path
) -> None:
    labels = uitval_examples.label(region.config.peildatum)
    few = np.flatnonzero(~np.isnan(labels))[:40]
    frame = uitval_examples.frame[few]

    model = UitvalrisicoModel.fit_rule(UITVAL_RULE, frame, labels[few])
    model.save(tmp_path)
    loaded = UitvalrisicoModel.load(tmp_path)

    assert model.te_weinig_gegevens
    assert loaded == model
    assert loaded.n_positief == frame.filter(pl.Series(labels[few] == 1))["jongere_id"].n_unique()
    asked = uitval_examples.frame.tail(100)
    gap = loaded.contributions(asked).sum(axis=1) - logit(loaded.predict(asked))
    assert np.abs(gap).max() < 1e-9
    assert any(raising for raising, _ in loaded.redenen(asked))


def test_the_bounds_of_a_rule_from_few_hold_on_later_time(
    uitval_examples: History, region: Region
) -> None:
    labels = uitval_examples.label(region.config.peildatum)
    frame = uitval_examples.frame
    known = ~np.isnan(labels)
    days = frame["peildatum"]
    newest = known & (days == days.max()).to_numpy()
    ids = frame["jongere_id"].unique().sort()
    held = []
    for seed in range(20):
        own = frame["jongere_id"].is_in(ids.sample(60, seed=seed).implode()).to_numpy() & known
        rule = UitvalrisicoModel.fit_rule(UITVAL_RULE, frame.filter(own), labels[own])
        asked = frame.filter(newest)
        said, bounds = rule.predict(asked), rule.bounds(asked)
        order = np.argsort(said, kind="stable")
        for block in np.array_split(order, len(order) // 100):
            rate = labels[newest][block].mean()
            held.append(bounds.low[block].mean() <= rate <= bounds.high[block].mean())

    assert np.mean(held) >= 0.88
