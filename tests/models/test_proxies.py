"""A planted copy of a group is found, and what tells nothing is not."""

import numpy as np
import polars as pl
import pytest

from models.proxies import JOINT, SINGLE, TOGETHER, proxies

N = 1500


def people(seed: int = 1) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return people on two days with five features, and a group that no feature tells."""
    rng = np.random.default_rng(seed)
    group = rng.choice(["a", "b", "c"], N, p=[0.5, 0.4, 0.1])
    columns = {f"f{at}": np.tile(rng.normal(size=N), 2) for at in range(5)}
    frame = pl.DataFrame({"jongere_id": np.tile(np.arange(N), 2), **columns}).with_columns(
        peildatum=pl.Series(np.repeat(["2026-01-01", "2026-03-01"], N)).str.to_date()
    )
    return frame, pl.DataFrame({"groep": np.tile(group, 2)})


def test_a_planted_copy_of_the_group_is_found_by_name() -> None:
    frame, groups = people()
    copy = (groups["groep"] == "b").cast(pl.Float64)
    frame = frame.with_columns(copy.alias("kopie"))

    joint, best, second = proxies(frame, ["f0", "f1", "kopie"], groups, seed=1)[:3]

    assert (best.kolom, best.waarde, best.auc) == ("kopie", "b", 1.0)
    assert joint.kolom == TOGETHER
    assert joint.auc > JOINT
    assert best.telt
    assert joint.telt
    assert second.auc < SINGLE
    assert (best.n, best.binnen) == (N, int(copy.sum() / 2))


def test_features_that_tell_nothing_are_near_a_half() -> None:
    frame, groups = people()

    found = proxies(frame, ["f0", "f1", "f2"], groups, seed=1)

    assert {one.kolom for one in found} == {TOGETHER, "f0", "f1", "f2"}
    assert all(0.5 <= one.auc < 0.58 for one in found)
    assert not any(one.telt for one in found)


@pytest.mark.parametrize("shape", ["both ends", "unknown"])
def test_a_proxy_of_any_shape_is_found(shape: str) -> None:
    frame, groups = people()
    rng = np.random.default_rng(2)
    own = (groups["groep"] == "b").to_numpy()
    if shape == "both ends":
        planted = np.where(own, rng.choice([-3.0, 3.0], 2 * N), 0.0) + rng.normal(0, 0.5, 2 * N)
    else:
        planted = np.where(own, np.nan, rng.normal(size=2 * N))
    frame = frame.with_columns(pl.Series("geplant", planted))

    single = next(
        one for one in proxies(frame, ["geplant"], groups, seed=1) if one.kolom != "samen"
    )

    assert single.auc > 0.9


def test_two_features_that_tell_only_together_are_found_together() -> None:
    frame, groups = people()
    sign = np.where((groups["groep"] == "b").to_numpy(), 1.0, -1.0)
    frame = frame.with_columns(
        pl.Series("x", np.sign(frame["f0"].to_numpy())),
        pl.Series("y", np.sign(frame["f0"].to_numpy()) * sign),
    )

    joint, *single = proxies(frame, ["x", "y"], groups, seed=1)

    assert joint.auc > 0.95
    assert all(one.auc < SINGLE for one in single)


def test_a_small_or_unknown_group_is_not_told_of() -> None:
    frame, _ = people()
    few = pl.DataFrame({"groep": (["zeldzaam"] * 10 + [None] * (N - 10)) * 2})

    assert proxies(frame, ["f0"], few, seed=1) == []
