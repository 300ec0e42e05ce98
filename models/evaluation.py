"""Scores time that a model has not seen: one cut, several backtests, and schools never seen."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.baselines import Points, PointsRule
from models.booster import BoosterConfig
from models.errors import TooLittleDataError
from models.fallback import NEEDED_JONGEREN
from models.history import History
from models.interval import HUNDRED, Bounds, Strays, strays
from models.registered import RegisteredModel
from models.splitting import (
    Mask,
    TemporalSplit,
    backtests,
    deal_groups,
    temporal_split,
    without_groups,
)
from models.stack import StackConfig, as_stack

NEEDED_TO_JUDGE = 10
"""Least number of jongeren of each outcome to test on."""

Vector = NDArray[np.float64]
Learn = Callable[..., RegisteredModel]
"""Fits a model as `RegisteredModel.fit` does, from more than the examples alone."""


@dataclass(frozen=True)
class EvaluationConfig:
    """How much a training is tested.

    Parameters
    ----------
    windows : int
        Backtests: 1 is one cut, on the newest quarter of the rows; more are windows of four months,
        each on what was known before it.
    school_parts : int
        Schools are dealt over so many parts, and each part is scored by a model that never saw its
        schools; 0 leaves this test out. Where the schools are not known it is left out too.
    """

    windows: int = 1
    school_parts: int = 0


@dataclass(frozen=True)
class Holdout:
    """Scores on rows later than everything that was used to fit.

    Parameters
    ----------
    frame : DataFrame
        Rows of the test, with keys and features.
    labels, scores, baseline : array of shape (n_rows,)
        Outcome, probability of the model, probability of the rule.
    n_fitted : int
        Rows that the model was fitted on.
    test_start : date
        First peildatum of the test; nothing used to fit was known later than this.
    bounds : Bounds
        Between which shares of a hundred jongeren with each score it should be.
    left : array of shape (n_rows,)
        Day of the outcome in days since 1970; NaN where there was none, or it is not kept.
    groepen : DataFrame
        What each row belongs to (`models.history.groepen_at`); without columns where not kept.
    """

    frame: pl.DataFrame
    labels: Vector
    scores: Vector
    baseline: Vector
    n_fitted: int
    test_start: date
    bounds: Bounds
    left: Vector
    groepen: pl.DataFrame

    @property
    def soort(self) -> pl.Series:
        """Onderwijssoort of each row; null where it is not kept."""
        if "onderwijssoort" in self.groepen.columns:
            return self.groepen["onderwijssoort"]
        return pl.repeat(None, self.frame.height, dtype=pl.String, eager=True)

    @property
    def jongeren(self) -> NDArray[np.int64]:
        """Number of the jongere of each row."""
        return self.frame["jongere_id"].rank("dense").cast(pl.Int64).to_numpy()

    @property
    def lists(self) -> NDArray[np.int64]:
        """Number of the list of each row: its peildatum, where a peildatum has enough rows."""
        days = self.frame["peildatum"]
        if days.n_unique() * HUNDRED > self.frame.height:
            return np.zeros(self.frame.height, dtype=np.int64)
        return days.rank("dense").cast(pl.Int64).to_numpy()

    @property
    def strays(self) -> Strays:
        """How far hundreds of each list strayed."""
        return strays(self.scores, self.labels, self.lists)


@dataclass(frozen=True)
class Fit:
    """What is fitted, on what, and how: the arguments that every test shares.

    Parameters
    ----------
    kind : type of RegisteredModel
        What is fitted.
    rule : sequence of Points
        The rule to compare with.
    history : History
        Examples.
    observed_until : date
        Day on which the outcomes of a test are looked up.
    config : StackConfig or BoosterConfig
        Members.
    seed : int
        The same data and seed give the same scores.
    learn : callable, optional
        What fits, in place of ``kind.fit`` and with its arguments.
    """

    kind: type[RegisteredModel]
    rule: Sequence[Points]
    history: History
    observed_until: date
    config: StackConfig | BoosterConfig
    seed: int
    learn: Learn | None = None


def hold_out(
    kind: type[RegisteredModel],
    rule: Sequence[Points],
    history: History,
    *,
    observed_until: date,
    config: StackConfig | BoosterConfig,
    seed: int,
    learn: Learn | None = None,
) -> Holdout:
    """Fit on the past as it was known when the test began, and score the newest quarter.

    Parameters as `Fit`.

    Raises
    ------
    TooLittleDataError
        There are too few jongeren of one outcome to fit on or to judge with.
    """
    fit = Fit(kind, rule, history, observed_until, config, seed, learn)
    return judge(fit, temporal_split(history.peildatum, history.known_by))


def judge(fit: Fit, cut: TemporalSplit) -> Holdout:
    """Fit on the past as it was known when the test of a cut began, and score that test.

    Raises
    ------
    TooLittleDataError
        There are too few jongeren of one outcome to fit on or to judge with.
    """
    name, history, frame = fit.kind.name, fit.history, fit.history.frame
    if cut.test_start is None:
        raise TooLittleDataError(name, "examples with a known outcome", 0, NEEDED_JONGEREN)
    then, now = history.label(cut.test_start), history.label(fit.observed_until)
    fitting, newest = _labelled(cut.fitting, then), cut.calibration
    test = _labelled(cut.test, now)
    fitted, tested = frame.filter(fitting), frame.filter(test)
    check_enough(name, fitted, then[fitting], "to fit on", NEEDED_JONGEREN)
    check_enough(name, tested, now[test], "to test on", NEEDED_TO_JUDGE)
    model = learned(fit, fitted, then[fitting], newest[fitting])
    groepen = history.groepen
    return Holdout(
        frame=tested,
        labels=now[test],
        scores=model.predict(tested),
        baseline=PointsRule.fit(fit.rule, fitted, then[fitting]).predict(tested),
        n_fitted=fitted.height,
        test_start=cut.test_start,
        bounds=model.bounds(tested),
        left=history.left(fit.observed_until)[test]
        if history.left
        else np.full(tested.height, np.nan),
        groepen=pl.DataFrame() if groepen is None else groepen.filter(pl.Series(test)),
    )


def learned(fit: Fit, frame: pl.DataFrame, labels: Vector, newest: Mask) -> RegisteredModel:
    """Fit on examples, of which the newest also weigh the members and calibrate.

    Each set of trees leaves out a part of the jongeren and is judged on that part, so the newest
    rows are learned from too; but not by a single set, which leaves nothing out.

    Parameters
    ----------
    fit : Fit
        What is fitted, and how.
    frame : DataFrame
        Examples.
    labels : array of shape (n_rows,)
        0 or 1.
    newest : array of bool of shape (n_rows,)
        Rows to calibrate on.
    """
    rows = ~newest if as_stack(fit.config).sets == 1 else np.ones(len(newest), dtype=np.bool_)
    return (fit.learn or fit.kind.fit)(
        frame.filter(rows),
        labels[rows],
        calibration=(frame.filter(newest), labels[newest]),
        config=fit.config,
        seed=fit.seed,
    )


def backtest(fit: Fit, *, windows: int) -> list[Holdout]:
    """Score each window on what was known before it; those with too few are left out.

    One window is the newest quarter of the rows.

    Raises
    ------
    TooLittleDataError
        No window has enough.
    """
    examples = fit.history.peildatum, fit.history.known_by
    several = backtests(*examples, windows=windows) if windows > 1 else ()
    found = _judged(fit, several)
    return found or [judge(fit, temporal_split(*examples))]


def new_schools(fit: Fit, *, parts: int) -> list[Holdout]:
    """Score later time of schools by models that were fitted without them.

    Parameters
    ----------
    fit : Fit
        What is fitted; nothing is tested where its history does not know the schools.
    parts : int
        Number of models, each without a part of the schools; one with too few is left out.
    """
    groepen, history = fit.history.groepen, fit.history
    if groepen is None or not parts:
        return []
    cut = temporal_split(history.peildatum, history.known_by)
    school = groepen["instelling"]
    dealt = deal_groups(school, parts, np.random.default_rng(fit.seed))
    return _judged(fit, [without_groups(cut, school, held) for held in dealt])


def _judged(fit: Fit, cuts: Iterable[TemporalSplit]) -> list[Holdout]:
    found = []
    for cut in cuts:
        with suppress(TooLittleDataError):
            found.append(judge(fit, cut))
    return found


def pool(holdouts: Sequence[Holdout]) -> Holdout:
    """Return the rows of several tests as one; no row may be in two of them."""
    return Holdout(
        frame=pl.concat([one.frame for one in holdouts]),
        labels=np.concatenate([one.labels for one in holdouts]),
        scores=np.concatenate([one.scores for one in holdouts]),
        baseline=np.concatenate([one.baseline for one in holdouts]),
        n_fitted=max(one.n_fitted for one in holdouts),
        test_start=min(one.test_start for one in holdouts),
        bounds=Bounds(
            np.concatenate([one.bounds.low for one in holdouts]),
            np.concatenate([one.bounds.high for one in holdouts]),
        ),
        left=np.concatenate([one.left for one in holdouts]),
        groepen=pl.concat([one.groepen for one in holdouts]),
    )


def check_enough(
    model: str, frame: pl.DataFrame, labels: Vector, purpose: str, needed: int
) -> None:
    """Raise `TooLittleDataError` when an outcome occurs with too few different jongeren."""
    for outcome, wanted in (("positive", 1), ("negative", 0)):
        n = frame["jongere_id"].filter(pl.Series(labels == wanted, dtype=pl.Boolean)).n_unique()
        if n < needed:
            raise TooLittleDataError(
                model, f"jongeren with a {outcome} outcome {purpose}", n, needed
            )


def _labelled(mask: Mask, labels: Vector) -> Mask:
    return mask & ~np.isnan(labels)
