"""Question: how good is uitvalrisico in the years after it was trained, and at a school never seen.

As in use: a region is known up to a day, everything is fitted on what was known then, backtests
included, and the scores of the months around that day are held against what came later. Beside it
the same for schools of which nothing was used to fit. The truth is known, so that the distance to
it is too.

Run: python experiments/region_risk.py --seeds 1 2 3 4 5 6 7 8
"""

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import gettempdir

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import t as student_t

from features.labels import uitval
from features.peildatum import cut_to_peildatum
from features.risicoprofiel import population, risicoprofiel
from features.synthetic import Region, RegionConfig, generate_region, true_uitval
from models import metrics
from models.baselines import UITVAL_RULE, PointsRule
from models.evaluation import Fit, Holdout, backtest, pool
from models.history import History, as_floats, groepen_at, uitval_history
from models.interval import NOTHING_SEEN, Strays
from models.measures import measure
from models.splitting import deal_groups
from models.training import UITVAL_CONFIG, matured, refit
from models.uitvalrisico import UitvalrisicoModel

Vector = NDArray[np.float64]
Mask = NDArray[np.bool_]

NOW = date(2026, 11, 1)
END = date(2028, 6, 1)
PEILDATA = (date(2026, 10, 1), date(2026, 12, 1), date(2027, 2, 1))
CEILING = 0.835 / 0.871
"""Share of the truth's AUC that the features hold (`region_ceiling.py`)."""
FOLDER = Path(gettempdir()) / "vangnet-region-risk"


@dataclass(frozen=True)
class Later:
    """The rows of the test: what was known of them, what came of them, and the truth."""

    frame: pl.DataFrame
    labels: Vector
    left: Vector
    groepen: pl.DataFrame
    truth: Vector

    def scored(self, history: History, seed: int, seen: Strays, rows: Mask) -> Holdout:
        """Fit on a history and score some rows."""
        model = refit(
            UitvalrisicoModel, history, observed_until=NOW, config=UITVAL_CONFIG, seed=seed
        ).with_strays(seen)
        learned, labels = matured(history, NOW)
        own = self.frame.filter(rows)
        return Holdout(
            frame=own,
            labels=self.labels[rows],
            scores=model.predict(own),
            baseline=PointsRule.fit(UITVAL_RULE, learned, labels).predict(own),
            n_fitted=learned.height,
            test_start=PEILDATA[0],
            bounds=model.bounds(own),
            left=self.left[rows],
            groepen=self.groepen.filter(pl.Series(rows)),
        )


def main() -> None:
    """Judge each region that was not judged before, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jongeren", type=int, default=6000)
    parser.add_argument("--seeds", type=int, nargs="+", default=list(range(1, 9)))
    parser.add_argument("--parts", type=int, default=3, help="parts of the schools; 0 for none")
    options = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    found = {}
    for seed in options.seeds:
        place = FOLDER / f"{options.jongeren}_{options.parts}_{seed}.json"
        if not place.exists():
            place.write_text(json.dumps(judged(options.jongeren, seed, options.parts)))
        found[seed] = json.loads(place.read_text())
        print(f"<!-- seed {seed}: {found[seed]['cpu']:.0f} s -->", flush=True)
    print_table(found, "")
    if options.parts:
        print_table(found, "new_school_")


def judged(jongeren: int, seed: int, parts: int) -> dict[str, float]:
    """Return all figures of one region."""
    began = time.process_time()
    size = max(20, jongeren // 15), max(60, jongeren // 5)
    region = generate_region(RegionConfig(jongeren, *size, peildatum=END, seed=seed))
    history = uitval_history(cut_to_peildatum(region.tables, NOW), observed_until=NOW)
    later = what_came(region)
    fit = Fit(UitvalrisicoModel, UITVAL_RULE, history, NOW, UITVAL_CONFIG, seed)
    seen = sum((one.strays for one in backtest(fit, windows=3)), NOTHING_SEEN)
    whole = later.scored(history, seed, seen, np.ones(len(later.labels), dtype=np.bool_))
    unseen, truths = [], []
    for held in deal_groups(later.groepen["instelling"], parts, np.random.default_rng(seed)):
        rows = among(later.groepen, held)
        unseen.append(later.scored(without(history, held), seed, seen, rows))
        truths.append(later.truth[rows])
    found = measure([whole], unseen, seed=seed)
    found |= {"oracle_auc": metrics.auc(later.labels, later.truth)}
    if unseen:
        labels = pool(unseen).labels
        found |= {"new_school_oracle_auc": metrics.auc(labels, np.concatenate(truths))}
    return found | {"stray": seen.beyond / seen.free, "cpu": time.process_time() - began}


def what_came(region: Region) -> Later:
    """Return everybody on the days of the test, with what is known of them at the end."""
    spine = population(region.tables, PEILDATA)
    told = uitval(region.tables, spine, observed_until=END)
    truth = true_uitval(region, spine, replicates=100)
    labels = as_floats(told["uitval"])
    known = ~np.isnan(labels) & ~np.isnan(truth)
    rows = spine.filter(known)
    return Later(
        risicoprofiel(region.tables, rows),
        labels[known],
        as_floats(told["uitval_op"].to_physical())[known],
        groepen_at(region.tables, rows),
        truth[known],
    )


def without(history: History, held: set[str]) -> History:
    """Return the history of the other schools."""
    if history.groepen is None:
        raise ValueError("the schools of this history are not known")
    keep = ~among(history.groepen, held)
    chosen = pl.Series(keep)
    return History(
        history.frame.filter(chosen),
        history.known_by.filter(chosen),
        lambda day: history.label(day)[keep],
    )


def among(schools: pl.DataFrame, held: set[str]) -> Mask:
    """Return which rows are of the held schools."""
    return schools["instelling"].is_in(list(held)).fill_null(value=False).to_numpy()


def print_table(found: dict[int, dict[str, float]], prefix: str) -> None:
    """Print one line per region and the mean with its 95% interval over regions."""
    print(
        "\n| seed | AUC model (interval) / regel / waarheid | deel van waarheid, van plafond "
        "| helling (interval) | ECE / ruisvloer | soort met hoogste verhouding | dekking |\n"
        "|---|---|---|---|---|---|---|"
    )
    for seed, one in found.items():
        said = {name.removeprefix(prefix): value for name, value in one.items()}
        share = said["auc"] / one[f"{prefix}oracle_auc"]
        rule = f"{one['baseline_auc']:.3f}" if not prefix else "-"
        print(
            f"| {seed} | {said['auc']:.3f} ({said['auc_low']:.3f}-{said['auc_high']:.3f}) / {rule} "
            f"/ {one[f'{prefix}oracle_auc']:.3f} | {share:.3f}, {share / CEILING:.3f} "
            f"| {said['calibration_slope']:.2f} ({said['calibration_slope_low']:.2f}-"
            f"{said['calibration_slope_high']:.2f}) | {said['ece']:.4f} / "
            f"{said['ece_noise_floor']:.4f} | {worst(one) if not prefix else '-'} "
            f"| {said['interval_coverage']:.3f} |"
        )
    names = ("auc", "calibration_slope", "ece", "ece_noise_floor", "interval_coverage")
    means = [mean([one[prefix + name] for one in found.values()]) for name in names]
    print(f"<!-- {prefix}mean: {dict(zip(names, means, strict=True))} -->")


def worst(one: dict[str, float]) -> str:
    """Return the onderwijssoort of which the ECE is furthest above its floor."""
    ratios = {
        name.removeprefix("ece_noise_floor_"): one[name.replace("noise_floor_", "")] / floor
        for name, floor in one.items()
        if name.startswith("ece_noise_floor_")
    }
    ratio, soort = max(((ratio, soort) for soort, ratio in ratios.items()), default=(np.nan, "-"))
    return f"{soort} {ratio:.2f}"


def mean(values: Sequence[float]) -> str:
    """Return the mean over regions with its 95% interval."""
    if len(values) < 2:
        return f"{np.mean(values):.3f}"
    reach = student_t.ppf(0.975, len(values) - 1) * np.std(values, ddof=1) / len(values) ** 0.5
    return f"{np.mean(values):.3f} +- {reach:.3f}"


if __name__ == "__main__":
    main()
