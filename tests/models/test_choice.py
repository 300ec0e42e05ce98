import numpy as np
import polars as pl
import pytest

from features.synthetic import Region
from models.choice import NEEDED, ChoiceModel, choice_sets
from models.plaatsing_history import plaatsing_stages


@pytest.fixture(scope="module")
def choices(region: Region) -> pl.DataFrame:
    stages = plaatsing_stages(region.tables, observed_until=region.config.peildatum)
    return choice_sets(region.tables, stages, seed=1, alternatives=12)


def made_up_sets(n: int = 2000, places: int = 8) -> tuple[pl.DataFrame, np.ndarray, np.ndarray]:
    """Return choices in which an hour of travel costs so much and a wish brings so much."""
    rng = np.random.default_rng(2)
    frame = pl.DataFrame({name: np.zeros(n * places) for name in NEEDED}).with_columns(
        reistijd_minuten=pl.Series(rng.uniform(5, 90, n * places)),
        sector_wens=pl.Series(rng.integers(0, 2, n * places).astype(float)),
    )
    sets = np.repeat(np.arange(n), places)
    utility = (
        -frame["reistijd_minuten"].to_numpy() / 15 * 0.5 + 1.5 * frame["sector_wens"].to_numpy()
    )
    noisy = (utility + rng.gumbel(size=n * places)).reshape(n, places)
    chosen = (np.arange(places) == noisy.argmax(axis=1)[:, None]).ravel()
    return frame, sets, chosen


def test_what_drew_people_is_found_back() -> None:
    frame, sets, chosen = made_up_sets()

    model = ChoiceModel.fit(frame, sets, chosen)

    assert model.weights[0] == pytest.approx(-0.5, abs=0.06)
    assert model.weights[4] == pytest.approx(1.5, abs=0.15)


def test_propensities_add_up_to_one_in_each_set(choices: pl.DataFrame) -> None:
    sets = choices["keuze"].cast(pl.Int64).to_numpy()
    model = ChoiceModel.fit(choices, sets, choices["gekozen"].to_numpy())

    total = np.bincount(sets, model.propensities(choices, sets))

    np.testing.assert_allclose(total[np.unique(sets)], 1.0)


def test_the_chosen_place_is_once_in_its_set_beside_places_that_were_open(
    choices: pl.DataFrame,
) -> None:
    others = choices.filter(~pl.col("gekozen"))

    assert (choices.group_by("keuze").agg(pl.col("gekozen").sum())["gekozen"] == 1).all()
    assert not others["blokkade_periode"].any()
    assert not others["blokkade_vol"].any()


def test_people_of_the_region_took_what_lies_near(choices: pl.DataFrame) -> None:
    sets = choices["keuze"].cast(pl.Int64).to_numpy()
    chosen = choices["gekozen"].to_numpy()

    model = ChoiceModel.fit(choices, sets, chosen)

    assert model.weights[0] < 0
    assert model.propensities(choices, sets)[chosen].mean() > 2 / np.bincount(sets).mean()


def test_without_choices_every_place_is_as_likely() -> None:
    frame, sets, chosen = made_up_sets(n=3)

    model = ChoiceModel.fit(frame.clear(), sets[:0], chosen[:0])

    np.testing.assert_allclose(model.propensities(frame, sets), 1 / 8)
