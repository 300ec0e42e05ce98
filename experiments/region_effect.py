"""Question: does the estimate of what help brings hold the truth in a region whose truth is known.

First what is there: in the made-up region a mentor seeks contact with who is in trouble, and
nothing comes of it: the true effect is 0, while the plain difference says that contact harms. Then
help with a known effect is laid over the same jongeren and their features: who gets it is drawn by
how much they missed and by their niveau, and of those who would have left a share stays (plasmode).
Who stays is drawn, so the truth of each draw is known.

Run: python experiments/region_effect.py --seeds 1 2 3 --draws 20

References
----------
Franklin et al. (2014), Plasmode simulation for the evaluation of pharmacoepidemiologic methods in
complex healthcare databases, Computational Statistics and Data Analysis 72.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.special import expit

from features.synthetic import RegionConfig, generate_region
from models.effect import Cohort, Oordeel, judge_effect
from models.effect_cohort import effect_cohort
from models.effect_nuisance import Vector, logistic
from models.effect_vraag import SoortHulp, Uitkomst, Vraag

STAYS = 0.5
"""Of those with help who would have left, the share that stays."""
DRAWN_BY = ("verzuim_ongeoorloofd_13", "inschrijving_niveau")
SELECTION = (0.9, -0.6)


def main() -> None:
    """Print what is found of contact, and how often intervals hold a planted effect."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jongeren", type=int, default=1500)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--draws", type=int, default=20)
    options = parser.parse_args()
    print("| region | outcome | with, without | plain, points | ATT (95%), truth 0 | told |")
    print("|---|---|---|---|---|---|")
    cohorts = [cohort_of(options.jongeren, seed, Uitkomst.UITVAL) for seed in options.seeds]
    for seed, cohort in zip(options.seeds, cohorts, strict=True):
        print(f"| {seed} | uitval | {line(judge_effect(cohort, seed=1))} |", flush=True)
    for seed in options.seeds:
        placed = cohort_of(options.jongeren, seed, Uitkomst.PLAATSING)
        print(f"| {seed} | plaatsing | {line(judge_effect(placed, seed=1))} |", flush=True)
    print(planted(cohorts, options.draws))


def cohort_of(jongeren: int, seed: int, uitkomst: Uitkomst) -> Cohort:
    """Return whom a mentor sought and whom not."""
    places = max(60, jongeren // 5)
    region = generate_region(RegionConfig(jongeren, max(20, jongeren // 15), places, seed=seed))
    vraag = Vraag(SoortHulp.BEGELEIDING, "mentor", uitkomst)
    return effect_cohort(region.tables, vraag, observed_until=region.config.peildatum)


def line(found: Oordeel) -> str:
    """Return one line of what is found of contact."""
    att = found.att
    told = "-"
    if att is not None:
        told = " to ".join(f"{100 * one:+.1f}" for one in (att.low, att.high))
        told = f"{100 * att.value:+.1f} ({told})"
    why = str(found.weigering) if found.weigering else "yes"
    return f"{found.n_wel}, {found.n_niet} | {100 * found.gewoon:+.1f} | {told} | {why}"


def planted(cohorts: Sequence[Cohort], draws: int) -> str:
    """Return how often the interval holds the planted effect, over draws of who gets help."""
    held, plain, refused, errors, naive = 0, 0, 0, [], []
    for draw in range(draws):
        cohort, truth = plant(cohorts[draw % len(cohorts)], np.random.default_rng(draw))
        found = judge_effect(cohort, seed=draw, learner=logistic(), repeats=1)
        refused += found.weigering is not None
        if found.att is not None:
            held += found.att.low <= truth <= found.att.high
            errors.append(100 * (found.att.value - truth))
        plain += found.gewoon > 0
        naive.append(100 * (found.gewoon - truth))
    return (
        f"\nplanted: {held} of {draws} intervals hold the truth, {refused} refused; mean error "
        f"{np.mean(errors):+.2f} points (root mean square "
        f"{np.sqrt(np.mean(np.square(errors))):.2f}); the plain difference is off by "
        f"{np.mean(naive):+.2f} points and says in {plain} of {draws} that help harms"
    )


def plant(cohort: Cohort, rng: np.random.Generator) -> tuple[Cohort, float]:
    """Deal help by what is known, let some of who would leave stay, and return the true effect.

    One row of each jongere is used, of a trial drawn by lot; the truth is the mean of what each
    who got help gained.
    """
    order = rng.permutation(len(cohort.persons))
    _, first = np.unique(cohort.persons[order], return_index=True)
    one = cohort.take(np.isin(np.arange(len(order)), order[first]))
    chosen = zip(DRAWN_BY, SELECTION, strict=True)
    score = sum(weight * _standard(one, name) for name, weight in chosen)
    treated = rng.random(len(one.outcome)) < expit(-0.8 + score)
    stays = rng.random(len(one.outcome)) < STAYS
    outcome = np.where(treated & stays, 0.0, one.outcome)
    truth = float((outcome - one.outcome)[treated].mean())
    return replace(one, treated=treated, outcome=outcome, before=None), truth


def _standard(cohort: Cohort, name: str) -> Vector:
    values = cohort.matrix[:, cohort.names.index(name)]
    filled = np.where(np.isnan(values), np.nanmean(values), values)
    return np.asarray((filled - filled.mean()) / filled.std())


if __name__ == "__main__":
    main()
