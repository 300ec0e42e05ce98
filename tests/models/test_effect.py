"""What help brings: right on data with a known effect, and silent where the data cannot tell."""

from dataclasses import replace

import numpy as np
import pytest

from models.effect import FEWEST, Cohort, Weigering, judge_effect
from models.effect_nuisance import (
    Matrix,
    Nuisances,
    Predict,
    Vector,
    both,
    cross_fit,
    logistic,
    trees,
)
from models.effect_score import Effect, effect_on_all, effect_on_treated
from tests.models.effecten import make_cohort

CHEAP = logistic()
SEEDS = range(20)
LEAST_HITS = 16
"""Of twenty intervals of 95% fewer than this hold the truth with a chance of 0.3%."""


def fitted(cohort: Cohort, seed: int = 1) -> Nuisances:
    rng = np.random.default_rng(seed)
    return cross_fit(
        cohort.matrix,
        cohort.treated,
        cohort.outcome,
        cohort.persons,
        learner=CHEAP,
        rng=rng,
        folds=3,
    )


def estimates(cohort: Cohort, nuisances: Nuisances) -> tuple[Effect, Effect]:
    parts = (cohort.outcome, cohort.treated, nuisances, cohort.schools, cohort.persons)
    return effect_on_treated(*parts), effect_on_all(*parts)


def test_the_intervals_hold_the_known_effect_as_often_as_they_say() -> None:
    hits, surely = np.zeros(2), np.zeros(2)
    for seed in SEEDS:
        made = make_cohort(seed, n=700)
        found = estimates(made.cohort, fitted(made.cohort, seed))
        for place, (one, truth) in enumerate(zip(found, (made.att, made.ate), strict=True)):
            hits[place] += one.low <= truth <= one.high
            surely[place] += one.high < 0

    assert (hits >= LEAST_HITS).all()
    assert (surely >= len(SEEDS) / 2).all()


def test_help_for_those_in_trouble_works_although_they_leave_more_often() -> None:
    made = make_cohort(4, n=1500, selection=1.5)
    found = judge_effect(made.cohort, seed=1, learner=CHEAP, repeats=1)

    assert found.gewoon > 0.02
    assert found.weigering is None
    assert found.att is not None
    assert found.att.high < 0
    assert found.att.low <= made.att <= found.att.high
    assert found.overlap is not None
    assert found.overlap.na < found.overlap.voor
    assert found.e_waarde >= found.e_grens > 1


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_groups_that_do_not_overlap_are_not_compared(seed: int) -> None:
    made = make_cohort(seed, selection=6.0, offset=0.0)
    found = judge_effect(made.cohort, seed=1, learner=CHEAP, repeats=1)

    assert found.weigering in {Weigering.GEEN_OVERLAP, Weigering.NIET_IN_BALANS}


def test_help_that_is_decided_by_what_is_known_leaves_nobody_to_compare_with() -> None:
    cohort = make_cohort(1).cohort
    decided = replace(cohort, treated=cohort.matrix[:, 0] > 0)
    found = judge_effect(decided, seed=1, learner=CHEAP, repeats=1)

    assert found.weigering is Weigering.GEEN_OVERLAP
    assert found.att is None


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_cause_that_nobody_wrote_down_shows_in_what_was_before(seed: int) -> None:
    made = make_cohort(seed, hidden=1.0)
    found = judge_effect(made.cohort, seed=1, learner=CHEAP, repeats=1)

    assert found.weigering is Weigering.VERSCHIL_VOORAF
    assert found.vooraf is not None
    assert found.vooraf.low > 0


def test_without_anything_from_before_that_is_said_and_not_refused() -> None:
    made = make_cohort(5)
    found = judge_effect(replace(made.cohort, before=None), seed=1, learner=CHEAP, repeats=1)

    assert found.vooraf is None
    assert found.weigering is None


def test_help_that_does_nothing_seems_to_do_nothing() -> None:
    made = make_cohort(6, helps=0.0)
    found = judge_effect(made.cohort, seed=1, learner=CHEAP, repeats=1)

    assert found.att is not None
    assert found.att.low < 0 < found.att.high
    assert found.e_grens == 1
    assert found.loting is not None
    assert not found.loting.gezakt


def test_a_part_of_the_others_tells_the_same_of_who_got_help_and_nothing_of_everybody() -> None:
    made = make_cohort(12, n=3000)
    rng = np.random.default_rng(1)
    kept = made.cohort.treated | (rng.random(3000) < 0.5)
    part = replace(made.cohort.take(kept), whole=False)
    found = judge_effect(part, seed=1, learner=CHEAP, repeats=1)

    assert found.ate is None
    assert found.att is not None
    assert found.att.low <= made.att <= found.att.high


def test_too_few_jongeren_are_refused_however_many_rows_they_have() -> None:
    cohort = make_cohort(1).cohort
    few = np.flatnonzero(cohort.treated)[: FEWEST - 1]
    rows = np.concatenate([np.repeat(few, 4), np.flatnonzero(~cohort.treated)])

    found = judge_effect(_at(cohort, rows), seed=1, learner=CHEAP)
    assert found.weigering is Weigering.TE_WEINIG
    assert found.n_wel == FEWEST - 1
    assert found.att is None


@pytest.mark.parametrize("helped", [True, False])
@pytest.mark.parametrize("outcome", [0.0, 1.0])
def test_an_outcome_that_hardly_occurs_in_a_group_is_refused(helped: bool, outcome: float) -> None:
    cohort = make_cohort(1).cohort
    rows = np.flatnonzero((cohort.treated == helped) & (cohort.outcome == outcome))
    told = cohort.outcome.copy()
    told[rows[9:]] = 1 - outcome

    found = judge_effect(replace(cohort, outcome=told), seed=1, learner=CHEAP)
    assert found.weigering is Weigering.TE_WEINIG_UITKOMSTEN


def test_help_that_whole_schools_got_is_refused() -> None:
    cohort = make_cohort(1).cohort
    whole = replace(cohort, treated=cohort.schools % 2 == 0)

    assert judge_effect(whole, seed=1, learner=CHEAP).weigering is Weigering.HELE_SCHOOL


def test_help_at_one_school_is_refused() -> None:
    cohort = make_cohort(1).cohort
    alone = replace(cohort, schools=np.zeros(len(cohort.schools), dtype=np.int64))

    assert judge_effect(alone, seed=1, learner=CHEAP).weigering is Weigering.WEINIG_SCHOLEN


def test_schools_that_go_their_own_way_make_the_interval_wider() -> None:
    cohort = make_cohort(7).cohort
    nuisances = fitted(cohort)
    apart = replace(cohort, schools=cohort.persons)
    shifted = cohort.outcome + 0.5 * (cohort.schools % 2) * np.where(cohort.treated, 1, -1)

    def width(one: Cohort) -> float:
        return estimates(replace(one, outcome=shifted), nuisances)[0].error

    assert width(cohort) > 1.5 * width(apart)


def test_the_same_seed_gives_the_same_answer_with_trees_too() -> None:
    cohort = make_cohort(8, n=400).cohort
    one, other = (
        judge_effect(cohort, seed=3, learner=trees(rounds=3), repeats=1) for _ in range(2)
    )

    assert one == other


def test_no_row_is_predicted_by_what_was_learned_from_its_jongere() -> None:
    seen: list[set[float]] = []

    def spying(matrix: Matrix, _: Vector, __: int) -> Predict:
        learned = set(matrix[:, 0].tolist())

        def predict(rows: Matrix) -> Vector:
            seen.append(learned & set(rows[:, 0].tolist()))
            return np.full(len(rows), 0.5)

        return predict

    cohort = make_cohort(9, n=300).cohort
    persons = np.arange(300) // 3
    matrix = persons[:, None].astype(float)
    rng = np.random.default_rng(1)
    cross_fit(matrix, cohort.treated, cohort.outcome, persons, learner=spying, rng=rng)

    assert len(seen) == 15
    assert not any(seen)


def test_the_mean_of_both_learners_lies_between_them() -> None:
    cohort = make_cohort(10, n=600).cohort
    low, middle, high = (
        learn(cohort.matrix, cohort.outcome, 1)(cohort.matrix[:50])
        for learn in (logistic(), both(), trees())
    )

    assert (middle >= np.minimum(low, high) - 1e-9).all()
    assert (middle <= np.maximum(low, high) + 1e-9).all()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_equal_nuisances_give_the_effects_of_doubleml() -> None:
    from doubleml import DoubleMLData, DoubleMLIRM  # type: ignore[import-untyped]  # no types
    from doubleml.utils import (  # type: ignore[import-untyped]  # no types
        DMLDummyClassifier,
        DMLDummyRegressor,
    )

    cohort = make_cohort(11).cohort
    alone = replace(cohort, schools=cohort.persons)
    nuisances = fitted(cohort)
    data = DoubleMLData.from_arrays(cohort.matrix, cohort.outcome, cohort.treated.astype(float))
    given = {
        "ml_g0": nuisances.zonder[:, None],
        "ml_g1": nuisances.met[:, None],
        "ml_m": nuisances.kans[:, None],
    }
    for score, ours in zip(("ATTE", "ATE"), estimates(alone, nuisances), strict=True):
        theirs = DoubleMLIRM(
            data,
            DMLDummyRegressor(),
            DMLDummyClassifier(),
            score=score,
            normalize_ipw=False,
        )
        theirs.fit(external_predictions={"d": given})

        assert ours.value == pytest.approx(float(theirs.coef[0]), abs=1e-9)
        assert ours.error == pytest.approx(float(theirs.se[0]), rel=2e-3)


def _at(cohort: Cohort, rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Cohort:
    return Cohort(
        cohort.matrix[rows],
        cohort.names,
        cohort.treated[rows],
        cohort.outcome[rows],
        cohort.schools[rows],
        cohort.persons[rows],
    )
