"""Models and simple rivals on the same held-out time, from which none of them learned.

A stored model has learned from every outcome that had matured, so on past time it would be judged
on what it knows. So what is compared is the recipe: each version's settings are fitted anew on what
was known before each test began, and so are the rivals.

References
----------
I. Eegdeman and others (2022), A method to assess the predictive quality of an early warning system:
the invitation rule; its public code (cedanl/Uitnodigingsregel) searches the random forest whose
settings `FOREST_CONFIG` takes the widest of.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from models.errors import TooLittleDataError
from models.evaluation import Fit, Holdout, judge, pool
from models.splitting import TemporalSplit, backtests, temporal_split

UITDAGER, KAMPIOEN = "uitdager", "kampioen"
REGEL, LOGISTISCH, BOS = "regel", "logistisch", "bos"
RIVALEN: Final = (REGEL, LOGISTISCH, BOS)
FOREST_CONFIG: Final[Mapping[str, Any]] = {
    "n_estimators": 300,
    "max_depth": 4,
    "max_features": 5,
    "min_samples_leaf": 3,
    "min_samples_split": 2,
    "n_jobs": 1,
}
"""The widest of the grid of the invitation rule, so that its forest may find the most."""
LOGISTIC_PENALTY: Final = 0.1
"""Inverse weight of the squared weights, on standardised columns."""

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Contest:
    """What every contender said of the same rows.

    Parameters
    ----------
    whole : Holdout
        The rows, with what happened; its scores are those of the uitdager.
    scores : mapping of str to array of shape (n_rows,)
        Probabilities of each contender: the uitdager first, then the kampioen if there is one,
        then `RIVALEN`.
    windows : int
        Number of tests.
    """

    whole: Holdout
    scores: Mapping[str, Vector]
    windows: int


def contest(fit: Fit, champion: Fit | None = None, *, windows: int = 1) -> Contest:
    """Fit all contenders on what was known before each window, and let them score it.

    Parameters
    ----------
    fit : Fit
        The uitdager.
    champion : Fit, optional
        The model in use, on the same history. With the same settings it is not fitted again.
    windows : int
        Number of tests, as `models.evaluation.backtest`.

    Raises
    ------
    TooLittleDataError
        No window has enough jongeren of either outcome.
    """
    examples = fit.history.peildatum, fit.history.known_by
    found = []
    for cut in backtests(*examples, windows=windows) if windows > 1 else ():
        with suppress(TooLittleDataError):
            found.append(_round(fit, champion, cut))
    found = found or [_round(fit, champion, temporal_split(*examples))]
    names = list(found[0][1])
    return Contest(
        pool([held for held, _ in found]),
        {name: np.concatenate([scores[name] for _, scores in found]) for name in names},
        len(found),
    )


def _round(fit: Fit, champion: Fit | None, cut: TemporalSplit) -> tuple[Holdout, dict[str, Vector]]:
    """Return one test, and what each contender said of its rows."""
    held = judge(fit, cut)
    scores = {UITDAGER: held.scores}
    if champion is not None:
        same = champion.config == fit.config and champion.seed == fit.seed
        scores[KAMPIOEN] = held.scores if same else judge(champion, cut).scores
    known = ~np.isnan(then := fit.history.label(held.test_start)) & cut.fitting
    matrix = fit.kind.matrix(fit.history.frame.filter(known))
    tested = fit.kind.matrix(held.frame)
    scores[REGEL] = held.baseline
    scores[LOGISTISCH] = logistic(matrix, then[known], tested)
    scores[BOS] = forest(matrix, then[known], tested, seed=fit.seed)
    return held, scores


def logistic(matrix: Matrix, labels: Vector, tested: Matrix) -> Vector:
    """Return the chances of a penalised logistic regression, unknown told apart by a column.

    Parameters
    ----------
    matrix, tested : array of shape (n_rows, n_columns)
        Rows to learn from and rows to score; NaN where unknown.
    labels : array of shape (n_rows,)
        0 or 1; both occur.
    """
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # no types

    model = make_pipeline(
        SimpleImputer(add_indicator=True, keep_empty_features=True),
        StandardScaler(),
        LogisticRegression(C=LOGISTIC_PENALTY, max_iter=2000),
    )
    with threadpool_limits(1):
        model.fit(matrix, labels)
        return np.asarray(model.predict_proba(tested)[:, 1], dtype=np.float64)


def forest(matrix: Matrix, labels: Vector, tested: Matrix, *, seed: int) -> Vector:
    """Return the scores of the random forest of the invitation rule: a mean of 0s and 1s.

    Parameters as `logistic`; the same seed gives the same forest.
    """
    from sklearn.ensemble import RandomForestRegressor
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline

    settings = {
        **FOREST_CONFIG,
        "max_features": min(FOREST_CONFIG["max_features"], matrix.shape[1]),
    }
    model = make_pipeline(
        SimpleImputer(keep_empty_features=True),
        RandomForestRegressor(random_state=seed, **settings),
    )
    model.fit(matrix, labels)
    return np.asarray(np.clip(model.predict(tested), 0.0, 1.0), dtype=np.float64)
