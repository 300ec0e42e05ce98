from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray
from scipy.special import logit

from models.errors import MissingColumnError, TooLittleDataError
from models.metrics import auc
from models.table import TABLE_CONFIG, TableModel

CONFIG = replace(
    TABLE_CONFIG, trees=tuple(replace(one, rounds=40) for one in TABLE_CONFIG.trees), sets=3
)


def table(n_rows: int, seed: int) -> tuple[pl.DataFrame, NDArray[np.float64]]:
    rng = np.random.default_rng(seed)
    verzuim, school = rng.random(n_rows), rng.choice(["a", "b", "c"], size=n_rows)
    chance = 0.1 + 0.4 * verzuim + 0.3 * (school == "b")
    frame = pl.DataFrame({"verzuim": verzuim, "school": school}).with_columns(
        pl.when(pl.Series(rng.random(n_rows) < 0.8)).then("verzuim").alias("verzuim")
    )
    return frame, (rng.random(n_rows) < chance).astype(np.float64)


@pytest.fixture(scope="module")
def model() -> TableModel:
    return TableModel.fit(*table(1500, 1), directions={"verzuim": 1}, config=CONFIG, seed=1)


def test_numbers_and_categories_rank_together(model: TableModel) -> None:
    frame, labels = table(2000, 2)

    assert auc(labels, model.predict(frame)) > 0.68
    assert auc(labels, model.predict(frame.with_columns(school=pl.lit("a")))) < 0.68


def test_a_category_never_seen_and_an_unknown_one_score_alike(model: TableModel) -> None:
    frame, _ = table(50, 3)

    new = model.predict(frame.with_columns(school=pl.lit("z")))
    unknown = model.predict(frame.with_columns(school=pl.lit(None, dtype=pl.String)))

    assert (new == unknown).all()
    assert np.isfinite(new).all()


def test_a_saved_table_model_scores_and_explains_as_before(
    model: TableModel, tmp_path: Path
) -> None:
    frame, _ = table(200, 3)
    model.save(tmp_path / "model")

    loaded = TableModel.load(tmp_path / "model")

    assert np.abs(loaded.predict(frame) - model.predict(frame)).max() < 1e-12
    gap = loaded.contributions(frame).sum(axis=1) - logit(model.predict(frame))
    assert np.abs(gap).max() < 1e-6
    assert (loaded.bounds(frame).low <= model.predict(frame)).all()


def test_below_a_stated_number_of_positives_there_is_no_model() -> None:
    frame, labels = table(300, 1)
    labels[np.flatnonzero(labels)[24:]] = 0

    with pytest.raises(TooLittleDataError) as refused:
        TableModel.fit(frame, labels, config=CONFIG, seed=1)

    assert (refused.value.n, refused.value.needed) == (24, 25)


def test_an_absent_column_stops_scoring(model: TableModel) -> None:
    with pytest.raises(MissingColumnError):
        model.predict(table(5, 1)[0].drop("verzuim"))
