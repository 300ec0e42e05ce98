import numpy as np
import pytest
from scipy.special import expit

from models.pooling import SchoolOffsets


def schools(sizes: dict[str, int], shift: dict[str, float], seed: int = 1) -> SchoolOffsets:
    rng = np.random.default_rng(seed)
    names = np.repeat(list(sizes), list(sizes.values()))
    margins = rng.normal(-1.5, 1, size=len(names))
    true = margins + np.asarray([shift[name] for name in names])
    labels = (rng.random(len(names)) < expit(true)).astype(np.float64)
    return SchoolOffsets.fit(margins, labels, names.tolist())


def test_a_large_school_keeps_its_own_level_and_a_small_one_is_drawn_to_the_region() -> None:
    sizes = {"groot": 5000, "klein": 15} | {f"s{number}": 800 for number in range(8)}
    shift = {"groot": 1.0, "klein": 1.0} | {
        f"s{number}": 0.1 * (-1) ** number for number in range(8)
    }

    found = schools(sizes, shift)

    assert found.of(["groot"])[0] == pytest.approx(1, abs=0.15)
    assert abs(found.of(["klein"])[0]) < 0.8 * found.of(["groot"])[0]


def test_a_school_never_seen_gets_the_score_of_the_region() -> None:
    found = schools({"a": 500, "b": 500}, {"a": 0.5, "b": -0.5})

    assert found.of(["nieuw"])[0] == 0


def test_schools_that_do_not_differ_get_next_to_nothing() -> None:
    names = {f"s{number}": 400 for number in range(20)}

    found = schools(names, dict.fromkeys(names, 0.0))

    assert found.deviation < 0.15
    assert max(abs(value) for value in found.offsets.values()) < 0.15


def test_one_school_has_nothing_to_differ_from() -> None:
    assert schools({"a": 50}, {"a": 1.0}).offsets == {"a": 0.0}
