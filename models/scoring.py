"""The chance of many pairs at once: rules first, features and score of open pairs only.

Where the trees are of a kind that `models.forest` compiles, a score costs about a microsecond;
what it cannot compile is left to the member itself, with the same result.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import expit

from features.pair_arrays import UNKNOWN
from features.pair_context import PairContext, prepare_pairs
from features.passendheid import PAIR_FEATURES, blocked_by, pair_features, pair_matrix
from models.calibration import UNCHANGED, Platt
from models.fallback import RuleScore
from models.forest import Forest, UnsupportedTreesError
from models.forest_shap import ForestShap
from models.leerwerkplek import PlaatsingModel
from models.members import TreeMember

KEYS = {"jongere_id": pl.String, "leerwerkplek_id": pl.String, "peildatum": pl.Date}
ROWS = 8192
"""Pairs whose features are held in memory at once."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Margins = Callable[[Floats], Floats]


@dataclass(frozen=True)
class Scorer:
    """A model of plaatsing made ready to score quickly, equal to its `predict`.

    Parameters
    ----------
    forest : Forest
        All trees that are compiled.
    others : tuple of (float, callable)
        Weight and log-odds (of a matrix of shape (n_pairs, n_columns)) of what is not compiled.
    columns : array of int
        In which row of `pair_matrix` each column of the model lies.
    calibration : Platt
        From the sum to log-odds.
    """

    forest: Forest
    others: tuple[tuple[float, Margins], ...]
    columns: Ints
    calibration: Platt

    def kansen(self, features: Floats) -> Floats:
        """Return the chance of pairs, from features of shape (n_features, n_pairs)."""
        margins = self.forest.margins(features)
        if self.others:
            matrix = np.ascontiguousarray(features[self.columns].T)
            for weight, margins_of in self.others:
                margins += weight * margins_of(matrix)
        return np.asarray(expit(self.calibration.logit(margins)))


@dataclass(frozen=True)
class PairScores:
    """Every asked pair: which rules block it, and of the open ones the chance.

    Parameters
    ----------
    jongeren, plekken : array of int
        The rows of the context that were asked.
    blokkades : array of uint16 of shape (n_jongeren, n_plekken)
        Bits of the rules that block (`features.blokkade.blokkades_of`); 0 is open.
    jongere, plek : array of int of shape (n_open,)
        Rows of the context of each open pair, by jongere and then by plek as asked.
    kans, reistijd_minuten : array of shape (n_open,)
        Chance, and travel minutes (NaN when unknown).
    """

    jongeren: Ints
    plekken: Ints
    blokkades: NDArray[np.uint16]
    jongere: Ints
    plek: Ints
    kans: Floats
    reistijd_minuten: Floats


def scorer(model: PlaatsingModel) -> Scorer:
    """Make a model ready to score quickly; to be kept as long as the model."""
    names = [feature.name for feature in PAIR_FEATURES]
    stack = model.stack
    columns = [names.index(column) for column in stack.columns]
    texts: list[tuple[str, float]] = []
    others: list[tuple[float, Margins]] = []
    if isinstance(stack, RuleScore):
        others.append((1.0, lambda matrix: stack.contributions(matrix).sum(axis=1)))
    else:
        for weight, member in zip(stack.weights, stack.members, strict=True):
            if isinstance(member, TreeMember) and _compiles(member, columns):
                texts += [(text, weight / len(member.texts)) for text in member.texts]
            else:
                others.append((weight, member.margins))
    return Scorer(
        Forest.of(texts, columns),
        tuple(others),
        np.array(columns, dtype=np.int64),
        UNCHANGED if isinstance(stack, RuleScore) else stack.calibration,
    )


def _compiles(member: TreeMember, columns: list[int]) -> bool:
    try:
        Forest.of([(text, 1.0) for text in member.texts], columns)
    except UnsupportedTreesError:
        return False
    return True


def score_open(
    context: PairContext,
    scorer: Scorer | None,
    jongeren: Ints,
    plekken: Ints,
    mag: NDArray[np.bool_] | None = None,
) -> PairScores:
    """Block and score each of the jongeren beside each of the places.

    Parameters
    ----------
    context : PairContext
        Both sides.
    scorer : Scorer
        The model.
    jongeren, plekken : array of int
        Rows of the context (`PairContext.jongere_rows`, `PairContext.plek_rows`).
    mag : array of bool of shape (n_jongeren,), optional
        Whom the model may score, everybody by default; the chances of others are NaN. Without a
        scorer those of everybody are.
    """
    blokkades = blocked_by(context, jongeren, plekken)
    row, place = np.nonzero(blokkades == 0)
    jongere, plek = jongeren[row], plekken[place]
    may = None if mag is None else mag[row]
    kans, minutes = score_pairs(context, scorer, jongere, plek, may)
    return PairScores(jongeren, plekken, blokkades, jongere, plek, kans, minutes)


def score_pairs(
    context: PairContext,
    scorer: Scorer | None,
    jongere: Ints,
    plek: Ints,
    may: NDArray[np.bool_] | None = None,
) -> tuple[Floats, Floats]:
    """Return the chance and the travel minutes of pairs of rows, whatever blocks them.

    The chance is NaN where `may` is false, and everywhere without a scorer.
    """
    kans, minutes = np.full(len(jongere), np.nan), np.empty(len(jongere))
    for begin in range(0, len(jongere), ROWS):
        some = slice(begin, begin + ROWS)
        features, minutes[some] = pair_matrix(context, jongere[some], plek[some])
        asked = np.ones(features.shape[1], dtype=np.bool_) if may is None else may[some]
        if scorer is not None and asked.all():
            kans[some] = scorer.kansen(features)
        elif scorer is not None and asked.any():
            kans[begin + np.flatnonzero(asked)] = scorer.kansen(features[:, asked])
    return kans, minutes


def warm_up() -> None:
    """Compile all that scores, so that nobody waits for it later; stored code is only read.

    It takes some seconds, once on a machine, and may run in a thread of its own.
    """
    context = prepare_pairs({}, date.min)
    unknown: Ints = np.full(1, UNKNOWN, dtype=np.int64)
    pair_features(context, pl.DataFrame(schema=KEYS))
    blocked_by(context, unknown, unknown)
    Forest.of([], ()).margins(pair_matrix(context, unknown, unknown)[0])
    ForestShap.of([]).contributions(np.zeros((1, 0)))
