"""Learners that stand beside ours on the same folds; CatBoost and EBM only where installed."""

import warnings
from collections.abc import Callable
from importlib.util import find_spec

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.table import TableModel

Vector = NDArray[np.float64]
Learner = Callable[[pl.DataFrame, Vector, NDArray[np.int64] | None, pl.DataFrame, int], Vector]
"""(training rows, labels, groups, test rows, seed) -> probabilities of the test rows."""

THREADS = 1
OURS = "Vangnet"


def _categories(frame: pl.DataFrame) -> list[str]:
    return [name for name, dtype in frame.schema.items() if dtype == pl.String]


def _numbers(frame: pl.DataFrame) -> list[str]:
    return [name for name, dtype in frame.schema.items() if dtype != pl.String]


def _codes(train: pl.DataFrame, test: pl.DataFrame) -> tuple[Vector, Vector]:
    """Return both as floats; a category is a number, one never seen is unknown."""
    for name in _categories(train):
        known = sorted(train[name].drop_nulls().unique())
        both = [
            part.with_columns(
                pl.col(name).replace_strict(known, range(len(known)), default=None).cast(pl.Float64)
            )
            for part in (train, test)
        ]
        train, test = both
    nan = float("nan")
    return train.fill_null(nan).to_numpy().astype(float), test.fill_null(nan).to_numpy().astype(
        float
    )


def logistic(
    train: pl.DataFrame, labels: Vector, groups: object, test: pl.DataFrame, seed: int
) -> Vector:
    """Return scikit-learn's logistic regression on one-hot and standardised columns, C = 0.1."""
    from sklearn.compose import make_column_transformer
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    names = train.columns
    text = [names.index(name) for name in _categories(train)]
    number = [names.index(name) for name in _numbers(train)]
    first, later = _codes(train, test)
    model = make_pipeline(
        make_column_transformer(
            (
                make_pipeline(
                    SimpleImputer(strategy="constant", fill_value=-1),
                    OneHotEncoder(handle_unknown="ignore", min_frequency=5),
                ),
                text,
            ),
            (
                make_pipeline(
                    SimpleImputer(add_indicator=True, keep_empty_features=True), StandardScaler()
                ),
                number,
            ),
        ),
        LogisticRegression(C=0.1, max_iter=2000),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return np.asarray(model.fit(first, labels).predict_proba(later)[:, 1])


def lightgbm_default(
    train: pl.DataFrame, labels: Vector, groups: object, test: pl.DataFrame, seed: int
) -> Vector:
    """Return LightGBM as it comes: 100 rounds of 31 leaves, native categories."""
    import lightgbm

    first, later = _codes(train, test)
    text = [train.columns.index(name) for name in _categories(train)]
    rows = lightgbm.Dataset(
        first, labels, categorical_feature=text, params={"verbosity": -1, "num_threads": THREADS}
    )
    settings = {"objective": "binary", "verbosity": -1, "num_threads": THREADS, "seed": seed}
    return np.asarray(lightgbm.train(settings, rows, 100).predict(later, num_threads=THREADS))


def catboost(
    train: pl.DataFrame, labels: Vector, groups: object, test: pl.DataFrame, seed: int
) -> Vector:
    """Return CatBoost: 500 trees of depth 6 at a pace of 0.05, text as its own categories.

    Above 10,000 rows it makes no combinations of categories, which would take minutes a fold.
    """
    from catboost import CatBoostClassifier, Pool

    text = _categories(train)
    parts = [
        frame.with_columns(pl.col(text).fill_null("?"), pl.col(_numbers(train)).fill_null(np.nan))
        for frame in (train, test)
    ]
    rows = [
        Pool(_objects(part), label, cat_features=[train.columns.index(name) for name in text])
        for part, label in zip(parts, (labels, None), strict=True)
    ]
    model = CatBoostClassifier(
        iterations=500,
        learning_rate=0.05,
        max_ctr_complexity=4 if train.height < 10_000 else 1,
        random_seed=seed,
        thread_count=THREADS,
        verbose=0,
        allow_writing_files=False,
    )
    return np.asarray(model.fit(rows[0]).predict_proba(rows[1])[:, 1])


def ebm(
    train: pl.DataFrame, labels: Vector, groups: object, test: pl.DataFrame, seed: int
) -> Vector:
    """Return an explainable boosting machine with its pairs; 2 outer bags to save time."""
    from interpret.glassbox import ExplainableBoostingClassifier

    text = set(_categories(train))
    kinds = ["nominal" if name in text else "continuous" for name in train.columns]
    model = ExplainableBoostingClassifier(
        feature_types=kinds, outer_bags=2, n_jobs=1, random_state=seed
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(_objects(train), labels.astype(int))
        return np.asarray(model.predict_proba(_objects(test))[:, 1])


def _objects(frame: pl.DataFrame) -> NDArray[np.object_]:
    return np.array(frame.rows(), dtype=object)


def vangnet(
    train: pl.DataFrame,
    labels: Vector,
    groups: NDArray[np.int64] | None,
    test: pl.DataFrame,
    seed: int,
) -> Vector:
    """Return our stack; its weights come from the training part alone."""
    return TableModel.fit(train, labels, groups=groups, seed=seed).predict(test)


def comparators() -> dict[str, Learner]:
    """Return the learners that can run here, by the name in the table."""
    found: dict[str, Learner] = {
        OURS: vangnet,
        "logistisch": logistic,
        "LightGBM kaal": lightgbm_default,
    }
    if find_spec("catboost"):
        found["CatBoost"] = catboost
    if find_spec("interpret"):
        found["EBM"] = ebm
    return found
