"""Question: how fast does a judged niveau age, and does an aged or linked one tell a place more.

Run: python experiments/region_niveaus.py --jongeren 3000 --seed 1
"""

import argparse
from datetime import timedelta

import lightgbm as lgb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.competentieruimte import linked_niveaus
from features.synthetic import Region, RegionConfig, generate_region
from features.vaardigheidsprofiel import aged, usual_niveaus, vaardigheidsprofiel
from models import metrics
from models.leerwerkplek import PlaatsingModel
from models.plaatsing_history import plaatsing_history

Vector = NDArray[np.float64]
HALF_LIVES = (180, 365, 730, 1460, 2920, 100_000)
KEYS = ["jongere_id", "leerwerkplek_id", "peildatum"]


def main() -> None:
    """Generate a region and print two markdown tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jongeren", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    n = options.jongeren
    region = generate_region(
        RegionConfig(
            jongeren=n,
            leerbedrijven=max(20, n // 15),
            leerwerkplekken=max(60, n // 5),
            seed=options.seed,
        )
    )
    for line in [*next_judgement(region), "", *plaatsing(region, options.seed)]:
        print(line)


def next_judgement(region: Region) -> list[str]:
    """Return how well the previous judgement of a competentie, aged or not, tells the next."""
    judged = (
        region.tables["competentiemeting"]
        .sort("datum")
        .with_columns(
            pl.col("niveau", "datum").shift().over("jongere_id", "competentie_id").name.prefix("v_")
        )
        .filter(pl.col("v_niveau").is_not_null() & (pl.col("datum") > pl.col("v_datum")))
    )
    usual = usual_niveaus(region.tables, region.config.peildatum)
    before = judged.select(
        "jongere_id",
        "competentie_id",
        peildatum="datum",
        niveau=pl.col("v_niveau").cast(pl.Float64),
        gemeten_op="v_datum",
        bron="bron",
    )
    later = judged["niveau"].cast(pl.Float64).to_numpy()
    gap = (judged["datum"] - judged["v_datum"]).dt.total_days().median()
    lines = [
        f"{judged.height} pairs of judgements, median {gap:.0f} days apart",
        "",
        "| half-life in days | root mean square error of the next judgement | mean error |",
        "|---|---|---|",
    ]
    for days in HALF_LIVES:
        said = aged(before, usual, half_life_days=days)["niveau_nu"].to_numpy()
        error = said - later
        lines.append(f"| {days} | {np.sqrt(np.mean(error**2)):.4f} | {error.mean():+.3f} |")
    return lines


def plaatsing(region: Region, seed: int) -> list[str]:
    """Return the AUC on later time of a plaatsing model with raw, aged or linked gaps."""
    until = region.config.peildatum
    history = plaatsing_history(region.tables, observed_until=until)
    labels = history.label(until)
    known = ~np.isnan(labels)
    frame, labels = history.frame.filter(known), labels[known]
    gaps = _gaps(region, frame.select(KEYS))
    names = [feature.name for feature in PlaatsingModel.features]
    later = (frame["peildatum"] > until - timedelta(days=730)).to_numpy()
    lines = [
        "",
        f"{(~later).sum()} plaatsingen to learn from, {later.sum()} later ones to test on",
        "",
        "| features | AUC | Brier |",
        "|---|---|---|",
    ]
    groups = frame["jongere_id"].rank("dense").cast(pl.Int64).to_numpy()[later]
    for told, extra in (
        ("as they are", []),
        ("and the gap by aged niveaus", ["tekort_nu"]),
        ("and the gap by niveaus linked over werkprocessen", ["tekort_gekoppeld"]),
        ("and both", ["tekort_nu", "tekort_gekoppeld"]),
    ):
        x = frame.select(names).with_columns(gaps.select(extra)).cast(pl.Float64).to_numpy()
        said = _fit(x[~later], labels[~later], seed).predict(x[later])
        spread = [
            metrics.bootstrap_interval(
                metric, labels[later], said, rng=np.random.default_rng(seed), groups=groups
            )
            for metric in (metrics.auc, metrics.brier)
        ]
        values = metrics.auc(labels[later], said), metrics.brier(labels[later], said)
        lines.append(
            f"| {told} | "
            + " | ".join(
                f"{value:.4f} ({one.low:.4f}-{one.high:.4f})"
                for value, one in zip(values, spread, strict=True)
            )
            + " |"
        )
    return lines


def _fit(x: Vector, y: Vector, seed: int) -> lgb.Booster:
    options = {
        "objective": "binary",
        "num_leaves": 8,
        "learning_rate": 0.05,
        "min_data_in_leaf": 40,
        "num_threads": 1,
        "verbose": -1,
        "seed": seed,
        "deterministic": True,
    }
    return lgb.train(options, lgb.Dataset(x, y), 200)


def _gaps(region: Region, pairs: pl.DataFrame) -> pl.DataFrame:
    """Return what each pair lacks by aged niveaus, and with linked ones where nobody judged."""
    spine = pairs.select("jongere_id", "peildatum").unique(maintain_order=True)
    profile = vaardigheidsprofiel(region.tables, spine)
    usual = usual_niveaus(region.tables, region.config.peildatum - timedelta(days=730))
    on = ["jongere_id", "peildatum", "competentie_id"]
    demands = (
        pairs.with_row_index("paar")
        .join(
            region.tables["leerwerkplek_eis"].select(
                "leerwerkplek_id", "competentie_id", gevraagd="niveau"
            ),
            on="leerwerkplek_id",
        )
        .join(aged(profile, usual).select(*on, "niveau_nu"), on=on, how="left")
        .join(
            linked_niveaus(region.tables, profile).select(*on, "niveau_gekoppeld"),
            on=on,
            how="left",
        )
    )
    asked = pl.col("gevraagd")
    both = pl.coalesce("niveau_nu", "niveau_gekoppeld")
    return (
        pairs.with_row_index("paar")
        .select("paar")
        .join(
            demands.group_by("paar").agg(
                (asked - pl.col("niveau_nu")).clip(0).sum().alias("tekort_nu"),
                (asked - both).clip(0).sum().alias("tekort_gekoppeld"),
            ),
            on="paar",
            how="left",
            maintain_order="left",
        )
    )


if __name__ == "__main__":
    main()
