"""Question: do the intervals of an off-policy evaluation hold the truth, and when is it refused.

Later choices of a region are laid beside the order of a model that was made before them. What would
come of taking one of the first 5, 20 or 50 of that order is estimated from the choices, and held
against the truth; in a region where people chose with all they knew, also what nobody wrote down,
and in one where they did not.

Run: python experiments/region_offpolicy.py --jongeren 4000 --seeds 1 2 3 4 5
"""

import argparse
from dataclasses import replace

import numpy as np
import polars as pl

from features.synthetic import RegionConfig, generate_region, true_plaatsing
from models.offpolicy import Evaluation, evaluate, top_policy
from models.plaatsing_history import plaatsing_history
from models.plaatsing_order import KEY, Judged
from models.plaatsing_training import PLAATSING_CONFIG, PlaatsingLearner, past_order

TOPS = (5, 20, 50)


def main() -> None:
    """Print one line per region and length of the list."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jongeren", type=int, default=4000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    options = parser.parse_args()
    print("| seed | confounded | first | ESS | overlap | truth | IPS | SNIPS | DR | carried |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for seed in options.seeds:
        for knowing in (True, False):
            for line in lines(options.jongeren, seed, knowing=knowing):
                print(line, flush=True)


def lines(n: int, seed: int, *, knowing: bool) -> list[str]:
    """Return what is estimated in one region, beside what is true."""
    places = max(60, n // 5)
    config = RegionConfig(n, max(20, n // 15), places, seed=seed, verstrengeld=knowing)
    region = generate_region(config)
    history = plaatsing_history(region.tables, observed_until=config.peildatum)
    learner = PlaatsingLearner.of(region.tables, history.frame, seed=seed)
    judged = past_order(learner, history, config.peildatum, PLAATSING_CONFIG, seed)
    truth = true_plaatsing(region, judged.frame.select(KEY))
    sets = judged.frame["keuze"].cast(pl.Int64).to_numpy()
    found = []
    for top in TOPS:
        policy = top_policy(judged.frame["kans"].to_numpy(), sets, top=top)
        ordered: Judged = replace(judged, frame=judged.frame.with_columns(nieuw=pl.Series(policy)))
        told = evaluate(ordered.logged(), rng=np.random.default_rng(seed))
        value = float((policy * truth).sum() / len(np.unique(sets)))
        found.append(f"| {seed} | {'yes' if knowing else 'no'} | {top} | {_line(told, value)}")
    return found


def _line(told: Evaluation, value: float) -> str:
    """Return the estimates beside the truth; a star marks an interval that does not hold it."""
    parts = []
    for one in (told.ips, told.snips, told.dr):
        star = "" if one.low <= value <= one.high else " *"
        parts.append(f"{one.value:.3f} ({one.low:.3f}-{one.high:.3f}){star}")
    carried = "yes" if told.supported else "no"
    return f"{told.ess:.0f} | {told.overlap:.2f} | {value:.3f} | {' | '.join(parts)} | {carried} |"


if __name__ == "__main__":
    main()
