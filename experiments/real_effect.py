"""Question: does the estimate of an effect come out at what experiments found.

LaLonde: job training that was dealt by lot (Dehejia and Wahba's sample). The lot gives the
benchmark; then its controls are replaced by people from surveys, who differ in everything. Job
Corps: places dealt by lot among jongeren of 16 to 24. Its lot gives the benchmark too; then rows
are thrown away so that who got a place is worse off in what is known, and the plain difference
misleads. Both are public files, read from a folder that is given. They name no school or place, so
rows are dealt over twenty by number.

Run: python experiments/real_effect.py FOLDER --seed 1

References
----------
LaLonde (1986); Dehejia and Wahba (1999); Schochet, Burghardt and Glazerman (2001). Sampling from an
experiment as in Gentzel, Pruthi and Jensen (2021), How and why to use experimental data to evaluate
methods for observational causal inference. Placebo: the last outcome before, left out of what is
made alike (Imbens and Xu 2024, LaLonde after nearly four decades).
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from models.effect import Cohort, judge_effect
from models.effect_score import Effect

LALONDE = ("age", "education", "black", "hispanic", "married", "nodegree", "re74", "re75")
JOB_CORPS = 28
"""The first columns of Job Corps, after the assignment, were known before it."""
PLACES = 20
BIASED = 0.75
"""Log-odds per standard deviation with which rows are thrown away."""


@dataclass(frozen=True)
class Comparison:
    """Rows with who was treated, what was known, the outcome, and its last value before."""

    name: str
    rows: pl.DataFrame
    known: tuple[str, ...]
    treated: str
    outcome: str
    before: str


def main() -> None:
    """Print one line per comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(
        "| data | with, without | plain difference | ATT (95%) | ESS | SMD | before (SD) | told |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for one in (*lalonde(options.folder), *job_corps(options.folder, options.seed)):
        print(f"| {one.name} | {line(one, options.seed)} |", flush=True)


def lalonde(folder: Path) -> Iterator[Comparison]:
    """Return the experiment, and its trained with controls of two surveys; earnings in dollars."""
    place = folder / "lalonde"
    columns = ["treat", *LALONDE, "re78"]
    experiment = pl.read_csv(place / "nsw_dw.csv.gz").select(pl.col(columns).cast(pl.Float64))
    trained = experiment.filter(pl.col("treat") == 1)
    controls = {"by lot": experiment.filter(pl.col("treat") == 0)} | {
        f"controls of {name.upper()}": pl.read_csv(place / f"{name}_controls.csv.gz").select(
            pl.col(columns).cast(pl.Float64)
        )
        for name in ("psid", "cps")
    }
    for name, others in controls.items():
        rows = pl.concat([trained, others]).with_columns(
            none74=(pl.col("re74") == 0).cast(pl.Float64),
            none75=(pl.col("re75") == 0).cast(pl.Float64),
        )
        known = (*LALONDE, "none74", "none75")
        yield Comparison(f"LaLonde, {name}, earnings", rows, known, "treat", "re78", "re75")


def job_corps(folder: Path, seed: int) -> Iterator[Comparison]:
    """Return the experiment, and a part of it in which those with a place worked less before."""
    rows = pl.read_csv(folder / "job_corps" / "job_corps.csv.gz").cast(pl.Float64)
    known = tuple(rows.columns[1 : JOB_CORPS + 1])
    rng = np.random.default_rng(seed)
    better = _standard(rows["educ"]) + _standard(rows["mwearn"])
    sign = np.where(rows["assignment"].to_numpy() == 1, 1, -1)
    kept = pl.Series(rng.random(rows.height) < 1 / (1 + np.exp(BIASED * sign * better)))
    for name, part in (("by lot", rows), ("the better off left out", rows.filter(kept))):
        for column, words in (
            ("trainy1", "training in year 1"),
            ("pworky4", "% of weeks at work in year 4"),
            ("earny4", "dollars a week in year 4"),
        ):
            told = f"Job Corps, {name}, {words}"
            yield Comparison(told, part, known, "assignment", column, "mwearn")


def line(asked: Comparison, seed: int) -> str:
    """Return what is estimated, and what is when the outcome is one from before."""
    unit = float(asked.rows[asked.outcome].to_numpy().max())
    found = judge_effect(_cohort(asked, asked.known, asked.outcome), seed=seed)
    without = tuple(one for one in asked.known if not _says(one, asked.before))
    earlier = judge_effect(_cohort(asked, without, asked.before), seed=seed)
    overlap, spread = found.overlap, _standard_deviation(asked)
    parts = [
        f"{found.n_wel}, {found.n_niet}",
        _number(found.gewoon * unit),
        _told(found.att, unit),
        f"{overlap.ess:.0f}" if overlap else "-",
        f"{overlap.voor:.2f} to {overlap.na:.2f}" if overlap else "-",
        _told(earlier.att, 1 / spread),
        str(found.weigering) if found.weigering else "yes",
    ]
    return " | ".join(parts)


def _says(name: str, before: str) -> bool:
    """Whether a column holds the outcome from before, or that it was nothing."""
    return name == before or name == f"none{before[2:]}"


def _cohort(asked: Comparison, known: Sequence[str], outcome: str) -> Cohort:
    number = np.arange(asked.rows.height)
    values = asked.rows[outcome].to_numpy()
    return Cohort(
        asked.rows.select(known).to_numpy(),
        tuple(known),
        asked.rows[asked.treated].to_numpy() == 1,
        values / values.max(),
        number % PLACES,
        number,
    )


def _standard(values: pl.Series) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    told = values.to_numpy()
    return np.asarray((told - told.mean()) / told.std())


def _standard_deviation(asked: Comparison) -> float:
    values = asked.rows[asked.before].to_numpy()
    return float(values.std() / values.max())


def _told(att: Effect | None, unit: float) -> str:
    if att is None:
        return "-"
    value, low, high = (_number(one * unit) for one in (att.value, att.low, att.high))
    return f"{value} ({low} to {high})"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"


if __name__ == "__main__":
    main()
