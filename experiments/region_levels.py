"""Question: does what is said of each onderwijssoort come true in a year that nobody learned.

Made-up regions of the size of the demo, one per seed: the model is fitted on what was known when
the newest quarter of the rows began, with a level per onderwijssoort (`models.levels`) and without,
and judged on that quarter. The gate judges both (TRUST F5). The year of a made-up region has no
effect of its own: what is left is what a region of this size cannot know of the next.

Run: python experiments/region_levels.py --seeds 12 --draws 300
"""

import argparse
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.synthetic import RegionConfig, generate_region
from models import metrics
from models.baselines import UITVAL_RULE
from models.evaluation import Fit, Holdout, backtest
from models.fairness import Scored, report, select
from models.gate import Kleur, Oordeel, judge
from models.history import uitval_history
from models.measures import LIST_SHARE, ece_of_lists
from models.training import UITVAL_CONFIG
from models.uitvalrisico import UitvalrisicoModel

Vector = NDArray[np.float64]
FIGURES = ("auc", "brier", "log_loss", "ece", "calibration_slope")
SMALL = "vavo"
"""Has fewer than a hundred positives: the gate does not judge it."""


class ZonderNiveaus(UitvalrisicoModel):
    """The same model without a level per onderwijssoort."""

    kinds = ()


def main() -> None:
    """Fit both in every region and print a line per seed and the means."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=12)
    parser.add_argument("--jongeren", type=int, default=6000)
    parser.add_argument("--draws", type=int, default=300)
    options = parser.parse_args()
    print("| seed | without: verdict | red of | with: verdict | red of |\n|---|---|---|---|---|")
    lines = []
    for seed in range(1, options.seeds + 1):
        both = list(compared(seed, options.jongeren, options.draws))
        lines += both
        told = " | ".join(f"{one['kleur']} | {one['rood']}" for one in both)
        print(f"| {seed} | {told} |", flush=True)
    print("\n".join(["", *means(pl.DataFrame(lines))]))


def compared(seed: int, jongeren: int, draws: int) -> Iterator[dict[str, object]]:
    """Yield the figures of the newest quarter without and with levels."""
    config = RegionConfig(jongeren, jongeren // 15, jongeren // 5, leren=True, seed=seed)
    tables = generate_region(config).tables
    until = config.peildatum
    history = uitval_history(tables, observed_until=until)
    fit = Fit(UitvalrisicoModel, UITVAL_RULE, history, until, UITVAL_CONFIG, seed)
    for kind in (ZonderNiveaus, UitvalrisicoModel):
        (held,) = backtest(replace(fit, kind=kind), windows=1)
        said = gate(held, seed, draws)
        red = [
            f"{one.regel} {one.waarde} {one.gevonden:+.3f}"
            for one in said.bevindingen
            if one.kleur is Kleur.ROOD
        ]
        yield {
            "levels": kind is UitvalrisicoModel,
            "kleur": str(said.kleur),
            "rood": ", ".join(red),
            **figures(held),
        }


def gate(held: Holdout, seed: int, draws: int) -> Oordeel:
    """Return what the gate says of a list of a tenth."""
    chosen = select(held.scores, held.lists, LIST_SHARE)
    scored = Scored(held.labels, held.scores, held.jongeren, chosen)
    return judge(report(scored, held.groepen.drop("instelling"), seed=seed, draws=draws))


def figures(held: Holdout) -> dict[str, float]:
    """Return what counts of all rows, and how far each onderwijssoort is off."""
    labels, scores = held.labels, held.scores
    found = {name: getattr(metrics, name)(labels, scores) for name in FIGURES}
    found["ece"] = ece_of_lists(labels, scores, held.lists, np.random.default_rng(0))[0]
    for soort in held.soort.unique().drop_nulls().sort():
        own = (held.soort == soort).fill_null(value=False).to_numpy()
        found[f"off {soort}"] = float((scores[own] - labels[own]).mean())
    return found


def means(lines: pl.DataFrame) -> Iterator[str]:
    """Yield the means over the regions, and the root mean square of what each soort is off."""
    off = [name for name in lines.columns if name.startswith("off ") and SMALL not in name]
    yield f"| levels | red | {' | '.join(FIGURES)} | {' | '.join(off)} | off, root mean square |"
    yield "|---" * (len(FIGURES) + len(off) + 3) + "|"
    for (levels,), own in lines.group_by("levels", maintain_order=True):
        red = (own["kleur"] == str(Kleur.ROOD)).sum()
        mean = [f"{np.mean(own[name].to_numpy()):.4f}" for name in FIGURES]
        each = [f"{np.mean(own[name].to_numpy()):+.3f}" for name in off]
        whole = float(np.sqrt((own.select(off).to_numpy() ** 2).mean()))
        cells = [*mean, *each, f"{whole:.4f}"]
        yield f"| {'with' if levels else 'without'} | {red} of {own.height} | {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
