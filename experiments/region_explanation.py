"""Question: does a score move as its reasons say when one is taken away.

The plaatsing model of a made-up region explains the ten best places of some jongeren. The group of
features that the first reason names is then replaced by the values of other open pairs (the mean
score over many of them), or made unknown. A reason for a place holds when the score falls, one
against it when the score rises. Beside it: how far contributions are from the score in sum.

Run: python experiments/region_explanation.py --jongeren 1500 --plekken 500 --seeds 1 2 3
"""

import argparse
from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import logit

from features.passendheid import PAIR_FEATURES, pair_matrix, prepare_pairs
from features.peildatum import cut_to_peildatum
from features.synthetic import RegionConfig, generate_region
from models.explanation import Reden
from models.leerwerkplek import PlaatsingModel
from models.plaatsing_training import train_plaatsing
from models.scoring import PairScores, Scorer, score_open, scorer

Floats = NDArray[np.float64]
TOP, SHOWN, OTHERS = 10, 150, 200
NAMES = [feature.name for feature in PAIR_FEATURES]
GROUPS = {
    feature.name: [place for place, one in enumerate(PAIR_FEATURES) if one.group == feature.group]
    for feature in PAIR_FEATURES
}


def main() -> None:
    """Measure every seed, and print a markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jongeren", type=int, default=1500)
    parser.add_argument("--plekken", type=int, default=500)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    options = parser.parse_args()
    print("| seed | first reason | n | with values of others | made unknown | off in sum |")
    print("|---|---|---|---|---|---|")
    for seed in options.seeds:
        measure(seed, options.jongeren, options.plekken)


def measure(seed: int, jongeren: int, plekken: int) -> None:
    """Print the lines of one region."""
    region = generate_region(RegionConfig(jongeren, plekken // 3, plekken, seed=seed))
    day = region.config.peildatum
    model = train_plaatsing(region.tables, observed_until=day, seed=seed, progress=len).model
    if not isinstance(model, PlaatsingModel):
        raise TypeError(type(model).__name__)
    context = prepare_pairs(cut_to_peildatum(region.tables, day), day)
    ready = scorer(model)
    everybody, places = np.arange(context.jongeren.height), np.arange(context.plekken.height)
    found = score_open(context, ready, everybody, places)
    rng = np.random.default_rng(seed)
    shown = best(found, rng)
    features, _ = pair_matrix(context, found.jongere[shown], found.plek[shown])
    drawn = rng.choice(len(found.kans), OTHERS)
    others, _ = pair_matrix(context, found.jongere[drawn], found.plek[drawn])
    frame = pl.DataFrame(features.T, schema=NAMES)
    off = np.abs(model.contributions(frame).sum(axis=1) - logit(model.predict(frame))).max()
    told = model.redenen(frame)
    for side, name in enumerate(("for", "against")):
        held = [
            holds(ready, features[:, [row]], others, reasons[side][0])
            for row, reasons in enumerate(told)
            if reasons[side]
        ]
        replaced, unknown = np.mean(held, axis=0)
        print(
            f"| {seed} | {name} | {len(held)} | {replaced:.1%} | {unknown:.1%} | {off:.0e} |",
            flush=True,
        )


def best(found: PairScores, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return the best open pairs of some jongeren who have any."""
    chosen = rng.permutation(np.unique(found.jongere))[:SHOWN]
    parts = []
    for jongere in chosen:
        mine = np.flatnonzero(found.jongere == jongere)
        parts.append(mine[np.argsort(-found.kans[mine])[:TOP]])
    return np.concatenate(parts)


def holds(ready: Scorer, features: Floats, others: Floats, reden: Reden) -> Sequence[bool]:
    """Return whether the score moves against the reason: with values of others, and unknown."""
    group = GROUPS[reden.feature]
    replaced = np.repeat(features, others.shape[1], axis=1)
    replaced[group] = others[group]
    unknown = features.copy()
    unknown[group] = np.nan
    score = ready.kansen(features)[0]
    sign = np.sign(reden.bijdrage)
    return [bool(sign * (score - ready.kansen(x).mean()) > 0) for x in (replaced, unknown)]


if __name__ == "__main__":
    main()
