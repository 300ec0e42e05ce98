"""How people choose places in a made-up region, with and without knowing what fits."""

import numpy as np
import polars as pl

from features.passendheid import pair_features
from features.synthetic import Region, RegionConfig, generate_region, true_plaatsing


def region(*, verstrengeld: bool) -> Region:
    return generate_region(RegionConfig(900, 60, 180, seed=5, verstrengeld=verstrengeld))


def chosen_pairs(made: Region) -> pl.DataFrame:
    stages = made.tables["stage"].drop_nulls("leerwerkplek_id")
    return pair_features(
        made.tables, stages.select("jongere_id", "leerwerkplek_id", peildatum="begindatum")
    )


def test_who_knows_what_fits_chooses_nearer_places_that_hold_more_often() -> None:
    both = [region(verstrengeld=True), region(verstrengeld=False)]
    knowing, blind = (chosen_pairs(made) for made in both)

    held = [
        true_plaatsing(made, pairs.select("jongere_id", "leerwerkplek_id", "peildatum")).mean()
        for made, pairs in zip(both, (knowing, blind), strict=True)
    ]

    minutes = [
        pairs["reistijd_minuten"].drop_nulls().to_numpy().mean() for pairs in (knowing, blind)
    ]
    assert held[0] > held[1] + 0.05
    assert minutes[0] < minutes[1] - 5


def test_a_region_without_confounding_has_the_same_jongeren_and_places() -> None:
    knowing, blind = region(verstrengeld=True), region(verstrengeld=False)

    assert knowing.tables["leerwerkplek"].equals(blind.tables["leerwerkplek"])
    assert np.array_equal(knowing.truth.jongeren.kwetsbaar, blind.truth.jongeren.kwetsbaar)
