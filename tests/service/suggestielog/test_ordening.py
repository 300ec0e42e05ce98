"""What is kept of an order is enough to make the order again."""

import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from features.pair_arrays import Floats
from models.ranking import Kind, order
from service.suggestielog.ordening import Ordening, ordening_of

CHANCES = st.lists(
    st.sampled_from([round(0.3 + 0.01 * one, 2) for one in range(40)]), min_size=1, max_size=40
)


@given(chances=CHANCES, top=st.integers(1, 12), seed=st.integers(0, 2**32 - 1))
def test_the_order_by_chance_comes_out_again_from_what_is_kept(
    chances: list[float], top: int, seed: int
) -> None:
    rng, kans = np.random.default_rng(seed), np.array(chances)
    kinds = [
        Kind(rng.integers(-1, 4, len(kans))),
        Kind(rng.integers(-1, 3, len(kans)), room=2),
    ]
    ties = [_some_unknown(rng, len(kans)), rng.uniform(0, 60, len(kans))]
    less = rng.choice([0.0, 0.1, 0.2], len(kans))

    picked = order(kans - less, kinds, ties, top=top)
    kept = ordening_of(kans, picked, op_score=True, aftrek=less, soorten=kinds, sleutels=ties)
    read = Ordening.from_json(json.loads(json.dumps(kept.as_json())))

    assert read.repeated() == read.getoond
    assert read.with_scores([float(kans[one]) for one in picked]) == read
    assert len(read.kans) <= len(kans)


@given(chances=CHANCES, top=st.integers(1, 12), seed=st.integers(0, 2**32 - 1))
def test_the_order_by_journey_comes_out_again_from_what_is_kept(
    chances: list[float], top: int, seed: int
) -> None:
    rng, kans = np.random.default_rng(seed), np.array(chances)
    minutes = _some_unknown(rng, len(kans))

    picked = np.lexsort((np.arange(len(kans)), -kans, minutes))[:top]
    kept = ordening_of(kans, picked, op_score=False, score_breekt=True, sleutels=[minutes])

    assert kept.repeated() == kept.getoond
    assert len(kept.kans) == len(picked)


def test_another_score_gives_another_order() -> None:
    kans = np.array([0.9, 0.5, 0.4])
    kept = ordening_of(kans, np.array([0, 1]), op_score=True)

    assert kept.with_scores([0.5, 0.9]).repeated() != kept.getoond


def _some_unknown(rng: np.random.Generator, n: int) -> Floats:
    values = np.round(rng.uniform(0, 5, n))
    values[rng.random(n) < 0.3] = np.nan
    return values
