"""What an estimate of an effect needs besides: who gets help, and what comes with and without it.

Each is predicted for a row by models that saw nobody of that row's jongere (cross-fitting), so that
what the models learn by heart does not end up in the effect.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from models.linear import LinearConfig, LinearModel

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Predict = Callable[[Matrix], Vector]
Learner = Callable[[Matrix, Vector, int], Predict]
"""From rows, outcomes in [0, 1] and a seed to a function that gives means in (0, 1)."""

SURE = 1e-3
"""No predicted chance is nearer to 0 or 1 than this."""


@dataclass(frozen=True)
class Nuisances:
    """Predictions per row, by models that did not see its jongere.

    Parameters
    ----------
    kans : array of shape (n,)
        Chance of getting the help.
    zonder, met : array of shape (n,)
        Outcome expected without and with it.
    """

    kans: Vector
    zonder: Vector
    met: Vector

    def take(self, rows: Bools) -> "Nuisances":
        """Return these rows only."""
        return Nuisances(self.kans[rows], self.zonder[rows], self.met[rows])


def logistic(config: LinearConfig | None = None) -> Learner:
    """Return the learner of regularised logistic regression on ramps (`models.linear`).

    Shares between 0 and 1 are outcomes too: the likelihood of Bernoulli gives consistent means of
    them (Papke and Wooldridge 1996).
    """
    chosen = config or LinearConfig(knots=4)

    def fit(matrix: Matrix, outcome: Vector, _: int) -> Predict:
        free = (0,) * matrix.shape[1]
        model = LinearModel.fit(matrix, outcome, directions=free, config=chosen)
        return lambda rows: np.asarray(expit(model.margins(rows)))

    return fit


def trees(*, rounds: int = 80, leaves: int = 8, rows_per_leaf: int = 50) -> Learner:
    """Return the learner of small gradient-boosted trees, one thread, unknown as its own value."""

    def fit(matrix: Matrix, outcome: Vector, seed: int) -> Predict:
        import lightgbm

        settings = {
            "objective": "cross_entropy",
            "num_leaves": leaves,
            "learning_rate": 0.05,
            "min_data_in_leaf": rows_per_leaf,
            "lambda_l2": 10.0,
            "feature_fraction": 0.5,
            "deterministic": True,
            "force_row_wise": True,
            "num_threads": 1,
            "seed": seed,
            "verbosity": -1,
        }
        rows = lightgbm.Dataset(matrix, outcome, params={"verbosity": -1, "num_threads": 1})
        grown = lightgbm.train(settings, rows, rounds)
        return lambda asked: np.asarray(grown.predict(asked, num_threads=1))

    return fit


def both() -> Learner:
    """Return the mean, in log-odds, of `logistic` and `trees`: what is used unless told."""
    members = (logistic(), trees())

    def fit(matrix: Matrix, outcome: Vector, seed: int) -> Predict:
        fitted = [learn(matrix, outcome, seed) for learn in members]

        def predict(rows: Matrix) -> Vector:
            margins = [logit(np.clip(one(rows), SURE, 1 - SURE)) for one in fitted]
            return np.asarray(expit(np.mean(margins, axis=0)))

        return predict

    return fit


def cross_fit(
    matrix: Matrix,
    treated: Bools,
    outcome: Vector,
    persons: Ints,
    *,
    learner: Learner,
    rng: np.random.Generator,
    folds: int = 5,
    repeats: int = 1,
) -> Nuisances:
    """Predict for every row, with models fitted on other jongeren.

    Parameters
    ----------
    matrix : array of shape (n, k)
        What was known before; NaN where unknown.
    treated : array of bool of shape (n,)
        Who got the help; both occur.
    outcome : array of shape (n,)
        In [0, 1].
    persons : array of int of shape (n,)
        Number of the jongere; rows of one jongere are in one fold.
    learner : Learner
        Fits all three.
    rng : Generator
        Deals the folds.
    folds, repeats : int
        Parts, and how often they are dealt anew; predictions are the mean over the deals, so that
        the luck of one deal does not decide.

    References
    ----------
    Chernozhukov et al. (2018), Double/debiased machine learning for treatment and structural
    parameters, The Econometrics Journal 21, sections 3 and 3.4.
    """
    found = np.zeros((3, len(outcome)))
    for _ in range(repeats):
        part = _deal(persons, treated, folds, rng)
        for number in range(folds):
            here, other = part == number, part != number
            seed = int(rng.integers(2**31 - 1))
            learned = (
                learner(matrix[other], treated[other].astype(np.float64), seed),
                learner(matrix[other & ~treated], outcome[other & ~treated], seed),
                learner(matrix[other & treated], outcome[other & treated], seed),
            )
            if here.any():
                for place, predict in enumerate(learned):
                    found[place, here] += predict(matrix[here])
    kans, zonder, met = found / repeats
    return Nuisances(np.clip(kans, SURE, 1 - SURE), zonder, met)


def _deal(persons: Ints, treated: Bools, folds: int, rng: np.random.Generator) -> Ints:
    """Return the fold of each row: as many of who ever got the help in each."""
    names, number = np.unique(persons, return_inverse=True)
    ever = np.zeros(len(names), dtype=np.bool_)
    np.logical_or.at(ever, number, treated)
    order = np.lexsort([rng.random(len(names)), ever])
    part = np.zeros(len(names), dtype=np.int64)
    part[order] = np.arange(len(names)) % folds
    return np.asarray(part[number])
