import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.offpolicy import REFUSAL, Logged, evaluate, top_policy

SEEDS = st.integers(0, 10_000)


def some_choices(seed: int, n: int = 200, places: int = 5) -> tuple[Logged, float]:
    """Return choices among places with known chances, and what the new order truly brings."""
    rng = np.random.default_rng(seed)
    chance = rng.uniform(0.2, 0.95, (n, places))
    old = rng.dirichlet(np.full(places, 3.0), n)
    new = rng.dirichlet(np.full(places, 3.0), n)
    picked = (rng.random(n)[:, None] > np.cumsum(old, axis=1)).sum(axis=1).clip(0, places - 1)
    at = (np.arange(n), picked)
    guess = np.clip(chance + rng.normal(0, 0.15, chance.shape), 0, 1)
    logged = Logged(
        outcome=(rng.random(n) < chance[at]).astype(np.float64),
        logging=old[at],
        target=new[at],
        expected=guess[at],
        value=(new * guess).sum(axis=1),
        groups=np.arange(n) // 2,
    )
    return logged, float((new * chance).sum(axis=1).mean())


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


@given(SEEDS)
def test_the_same_way_of_choosing_brings_what_was_observed(seed: int) -> None:
    logged, _ = some_choices(seed)
    same = Logged(
        logged.outcome, logged.logging, logged.logging, logged.expected, logged.value, logged.groups
    )

    found = evaluate(same, rng=rng(), draws=20)

    for one in (found.ips, found.snips):
        assert one.value == pytest.approx(logged.outcome.mean())
    assert found.ess == pytest.approx(len(logged.outcome))


@given(SEEDS)
def test_after_uniform_choices_the_value_is_the_plain_mean_where_both_agree(seed: int) -> None:
    logged, _ = some_choices(seed)
    agree = np.random.default_rng(seed).random(len(logged.outcome)) < 0.4
    agree[0] = True
    uniform = Logged(
        logged.outcome,
        np.full(len(agree), 0.2),
        agree.astype(np.float64),
        logged.expected,
        logged.value,
        logged.groups,
    )

    found = evaluate(uniform, rng=rng(), draws=20)

    assert found.snips.value == pytest.approx(logged.outcome[agree].mean())


@given(SEEDS)
def test_an_exact_model_needs_no_choices(seed: int) -> None:
    logged, _ = some_choices(seed)
    exact = Logged(
        logged.outcome,
        logged.logging,
        logged.target,
        logged.outcome,
        logged.value,
        logged.groups,
    )

    assert evaluate(exact, rng=rng(), draws=20).dr.value == pytest.approx(logged.value.mean())


@given(SEEDS)
def test_the_order_of_the_choices_does_not_matter(seed: int) -> None:
    logged, _ = some_choices(seed)
    shuffled = np.random.default_rng(seed).permutation(len(logged.outcome))
    other = Logged(*(getattr(logged, name)[shuffled] for name in logged.__dataclass_fields__))

    before, after = evaluate(logged, rng=rng()), evaluate(other, rng=rng())

    assert after.dr.value == pytest.approx(before.dr.value)
    assert after.dr.low == pytest.approx(before.dr.low)


def test_intervals_cover_the_truth() -> None:
    inside = {"ips": 0, "snips": 0, "dr": 0}
    for seed in range(200):
        logged, truth = some_choices(seed, n=400)
        found = evaluate(logged, rng=np.random.default_rng(seed), draws=200)
        for name in inside:
            one = getattr(found, name)
            inside[name] += one.low <= truth <= one.high

    assert all(0.9 <= times / 200 <= 0.99 for times in inside.values()), inside


def test_the_doubly_robust_interval_is_narrower_than_the_plain_one() -> None:
    found = evaluate(some_choices(3, n=600)[0], rng=rng())

    assert found.dr.high - found.dr.low < found.ips.high - found.ips.low


def test_what_was_hardly_ever_chosen_is_refused_in_dutch() -> None:
    logged, _ = some_choices(4)
    never = Logged(
        logged.outcome,
        logged.logging,
        np.where(np.arange(200) < 5, 1.0, 0.0),
        logged.expected,
        logged.value,
        logged.groups,
    )

    found = evaluate(never, rng=rng())

    assert not found.supported
    assert found.oordeel.startswith(REFUSAL)


def test_a_comparison_that_holds_says_how_many_of_a_hundred() -> None:
    found = evaluate(some_choices(5)[0], rng=rng())

    assert found.supported
    assert f"zou {100 * found.dr.value:.0f} van de 100 slagen" in found.oordeel


def test_no_choices_at_all_are_refused() -> None:
    nothing = np.zeros(0)

    found = evaluate(
        Logged(nothing, nothing, nothing, nothing, nothing, np.zeros(0, np.int64)), rng=rng()
    )

    assert found.ess == 0
    assert not found.supported


@given(SEEDS, st.integers(1, 6))
def test_a_list_is_chosen_from_with_chances_that_add_up_to_one(seed: int, top: int) -> None:
    drawn = np.random.default_rng(seed)
    sets = np.sort(drawn.integers(0, 8, 40))

    chances = top_policy(drawn.random(40), sets, top=top)

    present = np.unique(sets)
    assert np.bincount(sets, chances)[present] == pytest.approx(1.0)
    assert (chances > 0).sum() == sum(min(top, int((sets == one).sum())) for one in present)
