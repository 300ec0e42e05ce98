"""Question: what does it cost, and bring, to let a list vary among places that are about equal.

Regions whose truth is known. Of the jongeren who look for a place, the list of the first five is
made with several tolerances: chances that differ less are called about equal, and then another
leerbedrijf, another sector, a wished sector and a shorter journey go first. Beside it: of two open
places of one jongere whose chances differ so much, how often the one that is said to be better is
better in truth.

Run: python experiments/region_list.py --seeds 1 2 3 4 5
"""

import argparse
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import t as student

from features.peildatum import cut_to_peildatum
from features.synthetic import RegionConfig, generate_region, true_plaatsing
from models.leerwerkplek import PlaatsingModel
from models.plaatsing_training import train_plaatsing
from models.ranking import Kind, order
from service.paren import Paren, per_jongere
from service.ranking import SAME_SECTOR

TOLERANCES = (0.0, 0.01, 0.02, 0.03, 0.05, 0.1)
STEPS = (0.0, 0.01, 0.02, 0.03, 0.05, 0.1, 1.0)
FIRST = 5
FEWEST = 10
"""Jongeren with fewer open places than this have no list to order."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def main() -> None:
    """Print both tables, with 90% intervals over the regions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jongeren", type=int, default=1500)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    options = parser.parse_args()
    told = [_region(options.jongeren, seed) for seed in options.seeds]
    for name in told[0]:
        values = np.array([one[name] for one in told])
        half = student.ppf(0.95, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))
        print(f"{name:45s} {values.mean():.4f} +- {half:.4f}")


def _region(jongeren: int, seed: int) -> dict[str, float]:
    region = generate_region(RegionConfig(jongeren=jongeren, seed=seed))
    until = region.config.peildatum
    training = train_plaatsing(region.tables, observed_until=until, seed=seed, progress=print)
    if not isinstance(training.model, PlaatsingModel):
        raise TypeError
    paren = Paren(cut_to_peildatum(region.tables, until), until, training.model)
    bedrijf = _codes([plek.leerbedrijf for plek in paren.plekken])
    sector = _codes([plek.sector or "" for plek in paren.plekken])
    lists: dict[float, list[tuple[float, ...]]] = {one: [] for one in TOLERANCES}
    right: list[tuple[float, bool]] = []
    rng = np.random.default_rng(seed)
    for found in paren.chunks(paren.zoekend, lambda done, total: None):
        named = paren.named(found.jongere, found.plek)
        truth = true_plaatsing(region, named.with_columns(peildatum=pl.lit(until)))
        for pairs in per_jongere(found):
            if len(pairs) < FEWEST:
                continue
            plek, kans, true = found.plek[pairs], found.kans[pairs], truth[pairs]
            wens = paren.context.jongere.wensen[
                found.jongere[pairs[0]], paren.context.plek.rij["sector"][plek]
            ]
            ties = [np.where(wens > 0, wens, np.nan), found.reistijd_minuten[pairs]]
            kinds = [Kind(bedrijf[plek]), Kind(sector[plek], room=SAME_SECTOR)]
            for tolerance, rows in lists.items():
                top = order(kans, kinds, ties, top=FIRST, tolerance=tolerance)
                rows.append(_judge(top, true, bedrijf[plek], sector[plek]))
            right += _twos(kans, true, rng)
    return _told(lists, right)


def _judge(top: Ints, true: Floats, bedrijf: Ints, sector: Ints) -> tuple[float, ...]:
    most = np.unique(sector[top], return_counts=True)[1].max()
    return true[top[0]], true[top].mean(), len(np.unique(bedrijf[top])), most


def _twos(kans: Floats, true: Floats, rng: np.random.Generator) -> list[tuple[float, bool]]:
    """Return of some random twos the difference in chance, and whether its sign is right."""
    one, other = rng.integers(0, len(kans), (2, 50))
    differ = kans[one] != kans[other]
    gap, truth = (kans[one] - kans[other])[differ], (true[one] - true[other])[differ]
    return list(zip(np.abs(gap).tolist(), (gap * truth > 0).tolist(), strict=True))


def _told(
    lists: dict[float, list[tuple[float, ...]]], right: list[tuple[float, bool]]
) -> dict[str, float]:
    told: dict[str, float] = {}
    for tolerance, rows in lists.items():
        first, five, bedrijven, most = np.array(rows).mean(axis=0)
        told |= {
            f"tolerance {tolerance:.2f}: true P of the first": first,
            f"tolerance {tolerance:.2f}: true P of the first five": five,
            f"tolerance {tolerance:.2f}: leerbedrijven in five": bedrijven,
            f"tolerance {tolerance:.2f}: most of one sector": most,
        }
    gaps, signs = np.array(right).T
    for low, high in pairwise(STEPS):
        inside = (gaps >= low) & (gaps < high)
        told[f"chances {low:.2f} to {high:.2f} apart: order right"] = float(signs[inside].mean())
    return told


def _codes(words: list[str]) -> Ints:
    return np.unique(words, return_inverse=True)[1].astype(np.int64)


if __name__ == "__main__":
    main()
