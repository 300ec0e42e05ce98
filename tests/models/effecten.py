"""Made-up cohorts of which the effect of the help is known."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from models.effect import Cohort

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Made:
    """A cohort with its true effect on who got the help and on everybody."""

    cohort: Cohort
    att: float
    ate: float


def make_cohort(
    seed: int,
    *,
    n: int = 1200,
    schools: int = 24,
    helps: float = -1.0,
    selection: float = 1.0,
    hidden: float = 0.0,
    offset: float = -0.6,
) -> Made:
    """Draw jongeren of whom those in trouble get help more often, and leave more often.

    `helps` is the effect in log-odds, `selection` how strongly trouble that is known decides who
    gets help, `hidden` the same of trouble that nobody wrote down.
    """
    rng = np.random.default_rng(seed)
    school = rng.integers(0, schools, n)
    known, other, unseen = rng.normal(size=(3, n))
    own = rng.normal(0, 0.3, schools)[school]
    treated = rng.random(n) < expit(offset + selection * known + hidden * unseen)
    trouble = -0.6 + 1.2 * known + 0.4 * other + 1.2 * bool(hidden) * unseen + own
    without, with_help = expit(trouble), expit(trouble + helps)
    outcome = rng.random(n) < np.where(treated, with_help, without)
    before = rng.random(n) < expit(0.5 * known + 1.2 * bool(hidden) * unseen)
    effect = with_help - without
    cohort = Cohort(
        np.column_stack([known, other, rng.normal(size=n)]),
        ("verzuim", "cijfers", "toeval"),
        treated,
        outcome.astype(np.float64),
        school,
        np.arange(n),
        before.astype(np.float64),
    )
    return Made(cohort, float(effect[treated].mean()), float(effect.mean()))
