"""What a model must not find: something in outcomes dealt at random, or in noise (TRUST F8).

An AUC of few rows strays from a half by itself, and how far is known: where outcomes were dealt at
random, nothing but their number makes the spread of the AUC. So a band of 0.03 judges only where
it is wider than that chance; elsewhere the answer is that there are too few rows, and the model is
only wrong when it strays further than chance can.

References
----------
Mann, Whitney (1947), On a test of whether one of two random variables is stochastically larger than
the other, Annals of Mathematical Statistics 18(1): the variance without any relation.
Ojala, Garriga (2010), Permutation tests for studying classifier performance, JMLR 11.
"""

from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum
from math import sqrt
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.registry import Feature
from models import metrics
from models.evaluation import Fit, hold_out, learned
from models.history import History
from models.splitting import temporal_split

RANDOM_AUC: Final = 0.03
"""How far from 0.50 the mean AUC on outcomes dealt at random may be (TRUST F8)."""
CHANCE: Final = 3.0
"""Standard errors that chance alone strays: more than this in 3 of 1,000 sound models."""
SHUFFLES: Final = 3
NOISE: Final = "toevalsgetal"
"""The random column."""
SHOWN: Final = 500
"""Rows of which the reasons are looked at, at most."""


class Proef(StrEnum):
    """What is said of a model that was given chance to learn from."""

    GOED = "goed"
    TE_WEINIG = "te weinig rijen"
    FOUT = "fout"


@dataclass(frozen=True)
class Sanity:
    """What came of both.

    Parameters
    ----------
    geschud : tuple of float
        AUC on the test of each model that learned from outcomes dealt at random.
    geschud_gemiddeld : float
        Their mean.
    standaardfout : float
        Standard error of that mean where nothing was found (`null_error`).
    toeval_genoemd, toeval_bekeken : int
        Rows in which the random column was a reason, of so many.
    n_toets : int
        Rows of the test.
    """

    geschud: tuple[float, ...]
    geschud_gemiddeld: float
    standaardfout: float
    toeval_genoemd: int
    toeval_bekeken: int
    n_toets: int

    @property
    def toeval(self) -> float:
        """How far from 0.50 the mean may lie by the number of rows alone."""
        return CHANCE * self.standaardfout

    @property
    def oordeel(self) -> Proef:
        """Whether nothing was found where nothing is, as far as so many rows can tell."""
        gap = abs(self.geschud_gemiddeld - 0.5)
        if self.toeval_genoemd or gap > max(RANDOM_AUC, self.toeval):
            return Proef.FOUT
        return Proef.GOED if self.toeval <= RANDOM_AUC else Proef.TE_WEINIG

    def described(self) -> dict[str, Any]:
        """Return plain data."""
        told = {"geschud": list(self.geschud), "standaardfout": round(self.standaardfout, 4)}
        return asdict(self) | told | {"oordeel": self.oordeel.value}


def sanity(fit: Fit, *, shuffles: int = SHUFFLES) -> Sanity:
    """Fit on outcomes dealt at random, and with a random column, on the newest cut.

    Parameters
    ----------
    fit : Fit
        The model; how it learns beyond `RegisteredModel.fit` is left out.
    shuffles : int
        Times that outcomes are dealt.

    Raises
    ------
    TooLittleDataError
        There are too few jongeren of one outcome.
    """
    aucs, errors, n_rows = [], [], 0
    for number in range(shuffles):
        dealt = shuffled(fit.history, fit.observed_until, fit.seed + number)
        held = hold_out(
            fit.kind,
            fit.rule,
            dealt,
            observed_until=fit.observed_until,
            config=fit.config,
            seed=fit.seed,
        )
        aucs.append(round(metrics.auc(held.labels, held.scores), 4))
        errors.append(null_error(held.labels))
        n_rows = len(held.labels)
    named, seen = noise_named(fit)
    error = sqrt(sum(one**2 for one in errors)) / shuffles
    return Sanity(tuple(aucs), round(float(np.mean(aucs)), 4), error, named, seen, n_rows)


def null_error(labels: NDArray[np.float64]) -> float:
    """Return the standard error of an AUC where scores and outcomes have nothing to do.

    Outcomes were dealt row by row, so rows of one jongere count as different ones.

    Parameters
    ----------
    labels : array of shape (n_rows,)
        0 or 1; of either at least one.
    """
    positive = float(labels.sum())
    negative = len(labels) - positive
    return sqrt((positive + negative + 1) / (12 * positive * negative))


def shuffled(history: History, until: date, seed: int) -> History:
    """Return the examples with their outcomes dealt to others; each is known as long as before."""
    outcome = np.random.default_rng(seed).permutation(history.label(until))

    def label(day: date) -> NDArray[np.float64]:
        return np.where(np.isnan(history.label(day)), np.nan, outcome)

    return replace(history, label=label, left=None)


def noise_named(fit: Fit) -> tuple[int, int]:
    """Return in how many rows of the test a random column is a top reason, and of how many."""
    cut = temporal_split(fit.history.peildatum, fit.history.known_by)
    if cut.test_start is None:
        return 0, 0
    noise = np.random.default_rng(fit.seed).random(fit.history.frame.height)
    frame = fit.history.frame.with_columns(pl.Series(NOISE, noise))
    feature = Feature(NOISE, "een getal door het toeval", "", "geen", "Een proef.", 0, NOISE)
    kind = type(
        fit.kind.__name__,
        (fit.kind,),
        {"features": (*fit.kind.features, feature), "__doc__": fit.kind.__doc__},
    )
    labels = fit.history.label(cut.test_start)
    known = cut.fitting & ~np.isnan(labels)
    noisy = replace(fit, kind=kind, learn=None)
    model = learned(noisy, frame.filter(known), labels[known], cut.calibration[known])
    shown = frame.filter(cut.test)
    shown = shown.gather_every(max(1, -(-shown.height // SHOWN)))
    named = [
        any(one.feature == NOISE for side in both for one in side) for both in model.redenen(shown)
    ]
    return sum(named), len(named)
