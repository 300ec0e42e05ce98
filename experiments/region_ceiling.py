"""Question: how well could uitvalrisico order jongeren at best, from what is written down.

Trees learn the true probability itself (no chance of an outcome to blur it) on two thirds of the
jongeren of a big region, and are judged on the other third: what they reach is about the most that
these columns hold. Beside it the same trees on outcomes, with the hidden traits added, and on the
whole hidden state; all for experiments only, since nobody knows the truth of real jongeren.

Run: python experiments/region_ceiling.py --jongeren 20000 --seed 11
"""

import argparse
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.labels import uitval
from features.registry import names
from features.risicoprofiel import FEATURES, population, risicoprofiel
from features.synthetic import Region, RegionConfig, generate_region, true_uitval
from models.metrics import auc

Vector = NDArray[np.float64]
PEILDATA = (date(2024, 2, 1), date(2024, 10, 1), date(2025, 4, 1), date(2025, 6, 1))
ROUNDS = 150
TRAITS = ("kwetsbaar", "talent", "netwerk")
STATE = (
    "toestand",
    "soort",
    "leerjaar",
    "bbl",
    "na_breuk",
    "na_overstap",
    "zoek",
    "zoek_weken",
    "rest",
    "logit",
)


def main() -> None:
    """Print the AUC of each set of columns on jongeren that the trees did not see."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jongeren", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--replicates", type=int, default=200)
    options = parser.parse_args()
    n = options.jongeren
    region = generate_region(RegionConfig(n, max(20, n // 15), max(60, n // 5), seed=options.seed))
    spine = population(region.tables, PEILDATA)
    told = uitval(region.tables, spine, observed_until=region.config.peildatum)["uitval"]
    label = told.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    truth = true_uitval(region, spine, replicates=options.replicates)
    known = ~np.isnan(truth) & ~np.isnan(label)
    spine, label, truth = spine.filter(known), label[known], truth[known]
    features = risicoprofiel(region.tables, spine).select(names(FEATURES)).to_numpy()
    traits, state = hidden(region, spine)
    unseen = numbers(spine) % 3 == 0
    print(f"{n} jongeren, {len(label)} rows, {int(label.sum())} left")
    print("| columns | learned from | AUC |\n|---|---|---|")
    for columns, matrix, target in (
        ("features", features, label),
        ("features", features, truth),
        ("features and hidden traits", np.column_stack([features, traits]), truth),
        ("whole hidden state", np.column_stack([traits, state]), truth),
    ):
        scores = learned(matrix[~unseen], target[~unseen], matrix[unseen])
        word = "outcomes" if target is label else "true probability"
        print(f"| {columns} | {word} | {auc(label[unseen], scores):.3f} |", flush=True)
    print(
        f"| true probability, {options.replicates} futures | - | "
        f"{auc(label[unseen], truth[unseen]):.3f} |"
    )


def learned(matrix: Vector, target: Vector, asked: Vector) -> Vector:
    """Fit trees on targets between 0 and 1, and return what they say of other rows."""
    import lightgbm

    parameters = {
        "objective": "cross_entropy",
        "num_leaves": 15,
        "learning_rate": 0.08,
        "min_data_in_leaf": 100,
        "lambda_l2": 20,
        "feature_fraction": 0.4,
        "num_threads": 1,
        "seed": 1,
        "verbosity": -1,
    }
    booster = lightgbm.train(parameters, lightgbm.Dataset(matrix, target), ROUNDS)
    return np.asarray(booster.predict(asked, num_threads=1), dtype=np.float64)


def hidden(region: Region, spine: pl.DataFrame) -> tuple[Vector, Vector]:
    """Return the traits and the state that nobody writes down, one row per spine row."""
    who = numbers(spine)
    month = np.array([region.config.month_of(day) for day in spine["peildatum"]])
    states, jongeren = region.truth.states, region.truth.jongeren
    columns = [np.stack([getattr(state, name) for state in states])[month, who] for name in STATE]
    return (
        np.column_stack([getattr(jongeren, name)[who] for name in TRAITS]),
        np.column_stack([*columns, month % 12]).astype(np.float64),
    )


def numbers(spine: pl.DataFrame) -> NDArray[np.int64]:
    """Return the number of each jongere of a made-up region."""
    return spine["jongere_id"].str.slice(1).cast(pl.Int64).to_numpy()


if __name__ == "__main__":
    main()
