"""What happens in the made-up region agrees with what is true of it."""

from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from scipy.optimize import minimize
from scipy.special import expit, logit
from scipy.stats import rankdata

from features.labels import plaatsing_geslaagd, uitval, vsv
from features.reference.region import postcode_facts
from features.risicoprofiel import population
from features.synthetic import Region, RegionConfig, generate_region, true_plaatsing, true_uitval
from features.synthetic_config import choose
from features.synthetic_history import simulate
from features.synthetic_jongeren import Jongeren
from features.synthetic_plaatsing import Situation, hashed_normal, pair_logit
from features.synthetic_places import RIJBEWIJS, Places, travel_table
from features.synthetic_records import career_tables
from features.vocabulary import Onderwijssoort

Floats = npt.NDArray[np.float64]
CONFIG = RegionConfig(jongeren=6000, seed=8)

PUBLISHED_VSV = {
    Onderwijssoort.ENTREE: 0.2923,
    Onderwijssoort.MBO_2: 0.1214,
    Onderwijssoort.MBO_3: 0.0445,
    Onderwijssoort.MBO_4: 0.0377,
    Onderwijssoort.VAVO: 0.1374,
}
"""Published share of vsv'ers in a year, 2018/'19 (CBS StatLine 84782NED, provisional figures)."""


@pytest.fixture(scope="module")
def region() -> Region:
    return generate_region(CONFIG)


def calibration(chance: Floats, outcome: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Return slope and intercept of the outcome on the log-odds of the chance."""
    odds = logit(np.clip(chance, 0.01, 0.99))

    def loss(weights: Floats) -> float:
        predicted = expit(weights[0] * odds + weights[1])
        return float(-np.log(np.where(outcome, predicted, 1 - predicted)).mean())

    slope, intercept = minimize(loss, np.array([1.0, 0.0])).x
    return float(slope), float(intercept)


def auc(chance: Floats, outcome: npt.NDArray[np.bool_]) -> float:
    ranks = rankdata(chance)
    ones = int(outcome.sum())
    zeros = outcome.size - ones
    return float((ranks[outcome].sum() - ones * (ones + 1) / 2) / (ones * zeros))


def test_uitval_happens_as_often_as_its_true_probability_says(region: Region) -> None:
    spine = population(region.tables, [date(2025, 3, 1)])
    outcome = uitval(region.tables, spine, observed_until=CONFIG.peildatum)
    rows = spine.with_columns(
        outcome["uitval"], kans=pl.Series(true_uitval(region, spine, replicates=300)).fill_nan(None)
    ).drop_nulls()
    happened, chance = rows["uitval"].to_numpy(), rows["kans"].to_numpy()
    slope, intercept = calibration(chance, happened)
    assert rows.height > 1800
    assert abs(happened.mean() - chance.mean()) < 0.015
    assert slope == pytest.approx(1, abs=0.12)
    assert intercept == pytest.approx(0, abs=0.25)
    assert auc(chance, happened) > 0.8


def test_plaatsingen_hold_as_often_as_their_true_probability_says(region: Region) -> None:
    stage = region.tables["stage"].drop_nulls("leerwerkplek_id")
    judged = plaatsing_geslaagd(stage, observed_until=CONFIG.peildatum)
    pairs = stage.join(judged, on="stage_id").drop_nulls("geslaagd")
    chance = true_plaatsing(
        region, pairs.with_columns(peildatum=pl.col("begindatum").dt.month_start())
    )
    held = pairs["geslaagd"].to_numpy()
    slope, intercept = calibration(chance, held)
    assert pairs.height > 6000
    assert abs(held.mean() - chance.mean()) < 0.015
    assert slope == pytest.approx(1, abs=0.1)
    assert intercept == pytest.approx(0, abs=0.1)


def test_no_true_uitval_of_who_is_not_enrolled_without_startkwalificatie(region: Region) -> None:
    day = date(2025, 2, 1)
    everyone = region.tables["jongere"].select("jongere_id", peildatum=pl.lit(day)).head(400)
    known = ~np.isnan(true_uitval(region, everyone, replicates=2))
    state = region.truth.states[CONFIG.month_of(day)]
    assert (known == ((state.soort >= 0) & ~state.startkwalificatie)[:400]).all()


def test_a_peildatum_outside_the_history_is_refused(region: Region) -> None:
    spine = pl.DataFrame({"jongere_id": ["J000001"], "peildatum": [date(2030, 1, 1)]})
    with pytest.raises(ValueError, match="outside the history"):
        true_uitval(region, spine)


def test_vsv_per_niveau_is_within_a_tenth_of_the_published_figures() -> None:
    counted = pl.concat([vsv_by_soort(seed) for seed in (21, 22)])
    rates = counted.group_by("onderwijssoort").agg(pl.col("vsv").mean())
    found = dict(rates.iter_rows())
    for soort, published in PUBLISHED_VSV.items():
        assert found[str(soort)] == pytest.approx(published, rel=0.1), soort


def vsv_by_soort(seed: int) -> pl.DataFrame:
    """Return who became vsv'er with the kind of education on 1 October, of a big region."""
    config = RegionConfig(jongeren=60_000, leerbedrijven=4000, leerwerkplekken=12_000, seed=seed)
    tables = career_tables(config, simulate(config))
    labels = vsv(tables, [2022, 2023, 2024], observed_until=config.peildatum)
    october = labels.with_columns(dag=pl.date("schooljaar", 10, 1)).join(
        tables["inschrijving"].drop("bron"), on="jongere_id"
    )
    return october.filter(
        pl.col("begindatum") <= pl.col("dag"),
        pl.col("einddatum").is_null() | (pl.col("einddatum") >= pl.col("dag")),
    ).select("onderwijssoort", "vsv")


def pairs_of(region: Region, n: int = 400) -> tuple[Jongeren, npt.NDArray[np.int64], Places]:
    rng = np.random.default_rng(1)
    places = region.truth.places
    who = rng.integers(0, CONFIG.jongeren, n)
    return region.truth.jongeren.take(who), rng.integers(0, places.plek_bedrijf.size, n), places


def test_who_can_carry_fewer_hours_does_better_at_fewer_hours(region: Region) -> None:
    jongeren, plek, places = pairs_of(region)
    calm = Situation(np.zeros(plek.size), np.zeros(plek.size))
    jongeren.belastbaar[:] = 20
    before = pair_logit(jongeren, calm, plek, places)
    jongeren.belastbaar[:] = 12
    after = pair_logit(jongeren, calm, plek, places)
    asks_more = places.plek_uren[plek, 0] > 12
    assert (after[asks_more] < before[asks_more]).all()
    assert (after[~asks_more] == before[~asks_more]).all()


def test_avoided_conditions_missing_support_and_a_bad_mood_only_make_it_worse(
    region: Region,
) -> None:
    jongeren, plek, places = pairs_of(region)
    calm = Situation(np.zeros(plek.size), np.zeros(plek.size))
    before = pair_logit(jongeren, calm, plek, places)
    worse = Situation(calm.toestand + 1, calm.ervaring)
    assert (pair_logit(jongeren, worse, plek, places) < before).all()
    more = jongeren.take(np.arange(plek.size))
    more.vermijdt[:, :RIJBEWIJS] = True
    more.steun[:] = True
    assert (pair_logit(more, calm, plek, places) <= before).all()


def test_the_part_of_a_jongere_for_a_competentie_is_standard_normal_and_its_own() -> None:
    first, second = np.divmod(np.arange(40_000), 200)
    drawn = hashed_normal(first, second).reshape(200, 200)
    assert abs(drawn.mean()) < 0.02
    assert drawn.std() == pytest.approx(1, abs=0.02)
    assert np.abs(np.asarray(np.corrcoef(drawn))[np.triu_indices(200, 1)]).mean() < 0.08
    assert np.unique(drawn).size == drawn.size


def test_travel_takes_longer_on_foot_and_as_long_back_as_there() -> None:
    facts = postcode_facts()
    table = travel_table(facts["breedtegraad"].to_numpy(), facts["lengtegraad"].to_numpy())
    on_foot, by_bike = table[0], table[1]
    assert np.allclose(on_foot, on_foot.T)
    assert (on_foot[on_foot > 15] > by_bike[on_foot > 15]).all()
    assert (on_foot >= 0).all()


def test_a_draw_by_weight_follows_the_weights_and_never_takes_a_zero() -> None:
    drawn = choose(np.array([0.2, 0.0, 0.8]), np.random.default_rng(2).random(20_000))
    shares = np.bincount(drawn, minlength=3) / drawn.size
    assert shares == pytest.approx([0.2, 0, 0.8], abs=0.01)
