from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import TooLittleDataError
from models.praktijkverklaring_leren import (
    Floats,
    WerkprocesModel,
    chance_at_least,
    estimate_samenhang,
    half,
)
from models.praktijkverklaring_training import WERKPROCES_RULE, train_werkproces
from tests.models.contract import Fitted, ModelContract, judge
from tests.models.leren import CONFIG, leren_history, leren_region

KANSEN = st.lists(st.floats(0.01, 0.99), min_size=1, max_size=5).map(np.array)


@pytest.fixture(scope="module")
def fitted() -> Fitted:
    return judge(leren_history(), WerkprocesModel, WERKPROCES_RULE, date.max)


class TestWerkprocesModel(ModelContract):
    """A model of learning a werkproces is a model like the others."""

    def test_what_goes_together_is_kept(self, fitted: Fitted, tmp_path: Path) -> None:
        assert isinstance(fitted.model, WerkprocesModel)
        fitted.model.save(tmp_path)

        loaded = WerkprocesModel.load(tmp_path)

        assert loaded.samenhang == fitted.model.samenhang
        assert loaded.spreiding == fitted.model.spreiding

    def test_more_hours_never_lower_the_chance(self, fitted: Fitted) -> None:
        frame = fitted.frame.head(50)
        more = [frame.with_columns(pl.lit(uren).alias("uren")) for uren in (40.0, 90.0, 240.0)]

        few, some, many = (fitted.model.predict(one) for one in more)

        assert (few <= some).all()
        assert (some <= many).all()
        assert few.mean() < many.mean()


@given(KANSEN, st.floats(0, 0.9))
def test_at_least_none_is_sure_and_more_is_never_likelier(kansen: Floats, rho: float) -> None:
    chances = [chance_at_least(kansen, n, rho) for n in range(len(kansen) + 1)]

    assert chances[0] == pytest.approx(1)
    assert (np.diff(chances) <= 1e-12).all()


@given(KANSEN, st.floats(0, 0.9))
def test_dependence_leaves_the_expected_number_as_it_is(kansen: Floats, rho: float) -> None:
    expected = sum(chance_at_least(kansen, n, rho) for n in range(1, len(kansen) + 1))

    assert expected == pytest.approx(kansen.sum(), abs=0.02)


def test_without_dependence_chances_multiply() -> None:
    assert chance_at_least(np.array([0.2, 0.7]), 2, 0.0) == pytest.approx(0.14)


@pytest.mark.parametrize("rho", [0.0, 0.3, 0.6])
def test_the_dependence_that_made_outcomes_is_found_again(rho: float) -> None:
    rng = np.random.default_rng(5)
    stages = np.repeat(np.arange(4000), 3)
    shared = np.repeat(rng.normal(size=4000), 3)
    latent = np.sqrt(rho) * shared + np.sqrt(1 - rho) * rng.normal(size=12000)
    labels = (latent < 0).astype(float)

    assert estimate_samenhang(np.full(12000, 0.5), labels, stages) == pytest.approx(rho, abs=0.05)


def test_few_pairs_say_nothing_of_dependence() -> None:
    assert estimate_samenhang(np.full(4, 0.5), np.ones(4), np.zeros(4, np.int64)) == 0


@given(st.integers(1, 20))
def test_half_of_a_set_is_at_least_a_half_and_one_less_is_not(n: int) -> None:
    assert 2 * half(n) >= n > 2 * (half(n) - 1)


def test_too_little_that_was_judged_makes_no_model() -> None:
    few = {name: table.head(3) for name, table in leren_region().tables.items()}

    with pytest.raises(TooLittleDataError):
        train_werkproces(few, observed_until=CONFIG.peildatum, seed=1, progress=lambda _: None)
