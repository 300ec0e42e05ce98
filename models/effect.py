"""Does help help? The average effect of a traject or of begeleiding, or why it cannot be told.

Who gets help differs from who does not, so the difference between the two is not what the help did.
Here the two are made alike in all that was known before, twice over: by who gets help, and by what
comes of who. If either is right, the estimate is right (doubly robust). What remains is what nobody
wrote down; three checks look for it, and where the data cannot carry an answer there is none.

Effects are averages over groups, never of one jongere. The estimator (`models.effect_score`) is our
own, forty lines, and held against DoubleML in the tests: the package asks for 220 MB of others
(pandas, statsmodels, plotly, matplotlib) that the service does not need.

References
----------
Chernozhukov et al. (2018), Double/debiased machine learning, The Econometrics Journal 21: the
interactive regression model and its scores (the same as AIPW, Robins et al. 1994).
"""

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from models.effect_checks import Overlap, Placebo, e_value, overlap_of
from models.effect_nuisance import (
    Bools,
    Ints,
    Learner,
    Matrix,
    Nuisances,
    Vector,
    both,
    cross_fit,
)
from models.effect_score import Effect, effect_on_all, effect_on_treated, effective_number

FEWEST = 50
"""Jongeren that got the help, and that did not; also the least effective number of controls."""
FEWEST_OUTCOMES = 10
"""Of either outcome, with the help and without: fewer say too little, and so small a number of
jongeren could be worked out from a share (TRUST P8)."""
FEWEST_SCHOLEN = 3
LEAST_SPREAD = 1.5
"""Effective number of schools below which nearly everybody is at one school."""
MOST_CERTAIN = 0.95
"""Who got help with a greater chance than this has nobody to be compared with."""
LEAST_CERTAIN = 0.02
"""For the effect on everybody, who had a smaller chance is left out too (Crump et al. 2009)."""
MOST_OUTSIDE = 0.2
"""Share of those who got help that may be left out for that; of everybody: twice this."""
WHOLE_SCHOOL = 0.95
"""A school where a greater share got the help has nobody to compare with."""
PLACEBO_SIZE = 0.1
"""A difference from before counts from so many standard deviations on, if it is also sure."""
SURELY = 3.29
"""Standard errors beyond which help that was dealt by lot may not seem to work (0.1%)."""


class Weigering(StrEnum):
    """Why the data cannot tell; the words are in `models.effect_zinnen`."""

    TE_WEINIG = "te weinig jongeren"
    TE_WEINIG_UITKOMSTEN = "te weinig uitkomsten"
    WEINIG_SCHOLEN = "te weinig scholen"
    HELE_SCHOOL = "hele scholen"
    GEEN_OVERLAP = "geen overlap"
    NIET_IN_BALANS = "niet in balans"
    VERSCHIL_VOORAF = "verschil vooraf"
    SCHIJNEFFECT = "schijneffect"


@dataclass(frozen=True)
class Cohort:
    """Who could get the help on a day, who got it, and what came of it.

    Parameters
    ----------
    matrix : array of shape (n, k)
        What was known on that day, one column per name; NaN where unknown.
    names : tuple of str
        Of the columns.
    treated : array of bool of shape (n,)
        Who got the help.
    outcome : array of shape (n,)
        In [0, 1].
    schools, persons : array of int of shape (n,)
        Number of the school, within which outcomes go together, and of the jongere.
    before : array of shape (n,), optional
        In [0, 1]: something from before that day that is not in the matrix and that the help
        cannot have changed (negative control outcome); NaN where not known.
    whole : bool
        Whether everybody is in it; of those without the help a part, drawn by lot, will do. The
        effect on everybody is then not told.
    """

    matrix: Matrix
    names: tuple[str, ...]
    treated: Bools
    outcome: Vector
    schools: Ints
    persons: Ints
    before: Vector | None = None
    whole: bool = True

    def take(self, rows: Bools) -> "Cohort":
        """Return these rows only."""
        before = None if self.before is None else self.before[rows]
        return Cohort(
            self.matrix[rows],
            self.names,
            self.treated[rows],
            self.outcome[rows],
            self.schools[rows],
            self.persons[rows],
            before,
            self.whole,
        )


@dataclass(frozen=True)
class Oordeel:
    """What can be said of one kind of help.

    Parameters
    ----------
    n_wel, n_niet, scholen : int
        Jongeren that got the help, jongeren beside whom they are laid (one may be both, at
        different times), and schools.
    weigering : Weigering, optional
        Why there is no answer; the figures below are then not to be used.
    gewoon : float
        The plain difference in outcome between the two, which is no effect.
    met : float
        Mean outcome of who got the help.
    att, ate : Effect, optional
        Effect on who got the help, and on everybody who might (who hardly ever does left out).
    overlap : Overlap, optional
        How well the two could be made alike.
    e_waarde, e_grens : float
        How strongly something unknown must go with both the help and the outcome (as a risk ratio)
        to explain the effect away, and to bring 0 into the interval (VanderWeele and Ding 2017).
    vooraf, loting : Placebo, optional
        Negative controls: an outcome from before the help, and help dealt by lot within schools.
    """

    n_wel: int
    n_niet: int
    scholen: int
    gewoon: float
    met: float
    weigering: Weigering | None = None
    att: Effect | None = None
    ate: Effect | None = None
    overlap: Overlap | None = None
    e_waarde: float = float("nan")
    e_grens: float = float("nan")
    vooraf: Placebo | None = None
    loting: Placebo | None = None


def judge_effect(
    cohort: Cohort, *, seed: int, learner: Learner | None = None, repeats: int = 2
) -> Oordeel:
    """Estimate the effect of the help and test it, or say why that cannot be.

    Parameters
    ----------
    cohort : Cohort
        One row per jongere and day on which the help could begin.
    seed : int
        The same seed and data give the same answer.
    learner : Learner, optional
        Fits who gets help and what comes of it; `models.effect_nuisance.both` unless told.
    repeats : int
        How often the parts of the cross-fitting are dealt.

    Notes
    -----
    Believed, and not to be proved from the data: that of those alike in `matrix` chance decided who
    got help, that help to one changes nothing for another, and that help means the same everywhere.
    """
    n_wel, n_niet = (
        len(np.unique(cohort.persons[arm])) for arm in (cohort.treated, ~cohort.treated)
    )
    with_help = cohort.outcome[cohort.treated]
    without = cohort.outcome[~cohort.treated]
    found = Oordeel(
        n_wel,
        n_niet,
        len(np.unique(cohort.schools)),
        gewoon=float(with_help.mean() - without.mean()) if len(with_help) * len(without) else 0.0,
        met=float(with_help.mean()) if n_wel else float("nan"),
        weigering=_refuse_before(cohort),
    )
    if found.weigering is not None:
        return found
    rng, learn = np.random.default_rng(seed), learner or both()
    nuisances = _nuisances(cohort, learn, rng, repeats)
    found = _estimated(found, cohort, nuisances)
    if found.weigering is not None:
        return found
    found = replace(
        found,
        vooraf=_before(cohort, learn, rng),
        loting=_by_lot(cohort, learn, rng),
    )
    return replace(found, weigering=_refuse_after(found))


def _refuse_before(cohort: Cohort) -> Weigering | None:
    """Return why it cannot be tried at all."""
    treated = cohort.treated
    if min(len(np.unique(cohort.persons[arm])) for arm in (treated, ~treated)) < FEWEST:
        return Weigering.TE_WEINIG
    arms = (cohort.outcome[treated], cohort.outcome[~treated])
    if min(min(one.sum(), (1 - one).sum()) for one in arms) < FEWEST_OUTCOMES:
        return Weigering.TE_WEINIG_UITKOMSTEN
    _, number = np.unique(cohort.schools, return_inverse=True)
    share = np.bincount(number, weights=treated) / np.bincount(number)
    if (share[number][treated] > WHOLE_SCHOOL).mean() > MOST_OUTSIDE:
        return Weigering.HELE_SCHOOL
    if len(share) < FEWEST_SCHOLEN or effective_number(cohort.schools) < LEAST_SPREAD:
        return Weigering.WEINIG_SCHOLEN
    return None


def _nuisances(
    cohort: Cohort, learner: Learner, rng: np.random.Generator, repeats: int
) -> Nuisances:
    return cross_fit(
        cohort.matrix,
        cohort.treated,
        cohort.outcome,
        cohort.persons,
        learner=learner,
        rng=rng,
        repeats=repeats,
    )


def _estimated(found: Oordeel, cohort: Cohort, nuisances: Nuisances) -> Oordeel:
    """Add the effects where there are others to compare with, and how alike they are."""
    kept = nuisances.kans <= MOST_CERTAIN
    outside = 1 - float(kept[cohort.treated].mean())
    if outside > MOST_OUTSIDE:
        return replace(found, weigering=Weigering.GEEN_OVERLAP)
    rows, told = cohort.take(kept), nuisances.take(kept)
    overlap = overlap_of(rows.matrix, rows.names, rows.treated, told.kans, outside)
    att = effect_on_treated(rows.outcome, rows.treated, told, rows.schools, rows.persons)
    met = float(rows.outcome[rows.treated].mean())
    point, bound = e_value(met, att.value), e_value(met, _nearest(att))
    refused = None
    if overlap.ess < FEWEST:
        refused = Weigering.GEEN_OVERLAP
    elif overlap.na > overlap.grens:
        refused = Weigering.NIET_IN_BALANS
    return replace(
        found,
        weigering=refused,
        met=met,
        att=att,
        ate=_on_all(cohort, nuisances),
        overlap=overlap,
        e_waarde=point,
        e_grens=bound,
    )


def _on_all(cohort: Cohort, nuisances: Nuisances) -> Effect | None:
    kept = (nuisances.kans >= LEAST_CERTAIN) & (nuisances.kans <= MOST_CERTAIN)
    if not cohort.whole or 1 - kept.mean() > 2 * MOST_OUTSIDE:
        return None
    rows, told = cohort.take(kept), nuisances.take(kept)
    return effect_on_all(rows.outcome, rows.treated, told, rows.schools, rows.persons)


def _nearest(effect: Effect) -> float:
    """Return the end of the interval nearest to no effect; 0 when the interval holds it."""
    if effect.low <= 0 <= effect.high:
        return 0.0
    return min((effect.low, effect.high), key=abs)


def _before(cohort: Cohort, learner: Learner, rng: np.random.Generator) -> Placebo | None:
    """Estimate the "effect" on what was before; None where too little is known of it."""
    if cohort.before is None:
        return None
    known = cohort.take(~np.isnan(cohort.before))
    if known.before is None or min(known.treated.sum(), (~known.treated).sum()) < FEWEST:
        return None
    spread = float(known.before.std())
    if spread == 0:
        return None
    found = _placebo(replace(known, outcome=known.before), learner, rng)
    sure = not found.low <= 0 <= found.high
    size = found.value / spread
    return Placebo(size, found.low / spread, found.high / spread, sure and abs(size) > PLACEBO_SIZE)


def _by_lot(cohort: Cohort, learner: Learner, rng: np.random.Generator) -> Placebo:
    """Estimate the "effect" of help that was dealt by lot within schools."""
    dealt = cohort.treated.copy()
    for school in np.unique(cohort.schools):
        rows = np.flatnonzero(cohort.schools == school)
        dealt[rows] = dealt[rng.permutation(rows)]
    found = _placebo(replace(cohort, treated=dealt), learner, rng)
    return Placebo(found.value, found.low, found.high, abs(found.value) > SURELY * found.error)


def _placebo(cohort: Cohort, learner: Learner, rng: np.random.Generator) -> Effect:
    nuisances = _nuisances(cohort, learner, rng, repeats=1)
    kept = nuisances.kans <= MOST_CERTAIN
    rows, told = cohort.take(kept), nuisances.take(kept)
    return effect_on_treated(rows.outcome, rows.treated, told, rows.schools, rows.persons)


def _refuse_after(found: Oordeel) -> Weigering | None:
    if found.vooraf is not None and found.vooraf.gezakt:
        return Weigering.VERSCHIL_VOORAF
    if found.loting is not None and found.loting.gezakt:
        return Weigering.SCHIJNEFFECT
    return None
