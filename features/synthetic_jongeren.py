"""Who lives in a made-up region: latent traits, wishes and limits that never change."""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np

from features.synthetic_config import (
    ENTREE,
    MBO_2,
    MBO_4,
    PRO,
    VAVO,
    VSO,
    Bools,
    Floats,
    Ints,
    RegionConfig,
    calendar_month,
    choose,
)
from features.synthetic_places import SECTOREN, STEUN, VERVOER, Places
from features.vocabulary import Vervoer

STOCK_SHARE = 0.5
"""Share of jongeren who are already at school when the history begins."""
LATE_SHARE = 0.1
"""Share of the others who enter between October and February."""
ENTRY_MIX = np.array([0.13, 0.085, 0.05, 0.1, 0.22, 0.18, 0.235])
"""Kinds of education at entry."""
STOCK_MIX = np.array([0.21, 0.14, 0.025, 0.045, 0.19, 0.17, 0.22])
AGE_AT_ENTRY = np.array([12.4, 12.6, 17.6, 17.2, 16.7, 16.8, 17.0])
"""Age in the first August, in years; a right-skewed part comes on top."""
FRAILTY = np.array([0.45, 0.6, 0.1, 0.55, 0.15, -0.15, -0.35])
"""Mean of the latent kwetsbaarheid per kind of education at entry."""


@dataclass(frozen=True)
class Jongeren:
    """One row per jongere in every array; `nummer` numbers the jongeren of the region.

    `kwetsbaar`, `talent` and `netwerk` are latent, about standard normal. `belastbaar` is the
    hours a week that can be carried, `reis_max` minutes. `instap` is the month of entry.
    """

    nummer: Ints
    geboren: Ints
    postcode: Ints
    kwetsbaar: Floats
    talent: Floats
    netwerk: Floats
    wens: Ints
    belastbaar: Floats
    reis_max: Floats
    vervoer: Bools
    vermijdt: Bools
    rijbewijs: Bools
    steun: Bools
    instap: Ints
    instap_soort: Ints
    instap_leerjaar: Ints

    def take(self, rows: Ints) -> Self:
        """Return these rows, in this order; rows may repeat."""
        return type(self)(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})


def draw_jongeren(config: RegionConfig, places: Places) -> Jongeren:
    """Draw all jongeren of a region: who enters when, and what they are like."""
    rng = config.rng(2)
    n = config.jongeren
    instap, soort, leerjaar = _draw_entry(config, rng)
    kwetsbaar = FRAILTY[soort] + rng.normal(0, 0.95, n)
    talent = 0.35 * (soort - 3.5) / 1.7 - 0.15 * kwetsbaar + rng.normal(0, 0.85, n)
    netwerk = -0.3 * kwetsbaar + rng.normal(0, 0.9, n)
    age = AGE_AT_ENTRY[soort] + leerjaar - 1 + rng.gamma(0.9, 0.9, n) * (soort >= VAVO)
    born = instap - np.rint((age + rng.uniform(-0.5, 0.5, n)) * 12).astype(np.int64)
    belastbaar = np.clip(np.rint((30 - 3.6 * kwetsbaar + rng.normal(0, 4.5, n)) / 2) * 2, 8, 40)
    vervoer = _draw_vervoer(n, kwetsbaar, rng)
    share = np.array([0.16, 0.08, 0.16, 0.16, 0.1, 0.16, 0.12, 0.14, 0.1, 0.08, 0.0])
    burden = np.clip(1 + 0.45 * kwetsbaar, 0.2, 3.0)[:, None]
    need = np.array([0.09, 0.05, 0.07, 0.09, 0.08, 0.06, 0.06, 0.02])
    return Jongeren(
        nummer=np.arange(n),
        geboren=born,
        postcode=choose(places.gewicht, rng.random(n)),
        kwetsbaar=kwetsbaar,
        talent=talent,
        netwerk=netwerk,
        wens=_draw_wens(n, places, rng),
        belastbaar=belastbaar,
        reis_max=rng.choice([20, 30, 45, 60, 75], n, p=[0.12, 0.27, 0.33, 0.2, 0.08]).astype(float),
        vervoer=vervoer,
        vermijdt=rng.random((n, share.size)) < share * burden,
        rijbewijs=vervoer[:, VERVOER.index(Vervoer.AUTO)] | (rng.random(n) < 0.08),
        steun=rng.random((n, len(STEUN))) < need * burden**1.5,
        instap=instap,
        instap_soort=soort,
        instap_leerjaar=leerjaar,
    )


def _draw_entry(config: RegionConfig, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """Return month, kind of education and leerjaar of entry.

    Each August brings as many; some come between October and February.
    """
    n = config.jongeren
    augusts = np.array([m for m in range(1, config.months) if calendar_month(m) == 8])
    stock = rng.random(n) < (STOCK_SHARE if augusts.size else 1.0)
    later = rng.choice(augusts, n) if augusts.size else np.zeros(n, np.int64)
    late = (rng.random(n) < LATE_SHARE) & ~stock
    month = np.where(stock, 0, later - late * rng.integers(6, 11, n))
    soort = np.where(stock, choose(STOCK_MIX, rng.random(n)), choose(ENTRY_MIX, rng.random(n)))
    youngest = np.isin(soort, (PRO, VSO))
    leerjaar = np.where(stock, rng.integers(1, 4, n), 1)
    leerjaar = np.where(stock & youngest, rng.integers(1, 6, n), leerjaar)
    leerjaar = np.where(~stock & youngest & (rng.random(n) < 0.25), rng.integers(2, 5, n), leerjaar)
    leerjaar = np.where(np.isin(soort, (ENTREE, VAVO)), 1, leerjaar)
    leerjaar = np.where(soort == MBO_2, np.minimum(leerjaar, 2), leerjaar)
    return month, soort, np.where(soort == MBO_4, np.minimum(leerjaar, 3), leerjaar)


def _draw_wens(n: int, places: Places, rng: np.random.Generator) -> Ints:
    """Return two different wished sectors per jongere, best first."""
    share = np.bincount(places.sector, weights=places.keuze, minlength=len(SECTOREN))
    first = choose(share, rng.random(n))
    shift = rng.integers(1, len(SECTOREN), n)
    return np.stack([first, (first + shift) % len(SECTOREN)], axis=1)


def _draw_vervoer(n: int, kwetsbaar: Floats, rng: np.random.Generator) -> Bools:
    """Return the ways of travelling; everyone can walk, few have a car."""
    share = np.array([1.0, 0.86, 0.22, 0.14, 0.62, 0.1])
    tilt = np.array([0.0, -0.05, -0.03, -0.02, -0.08, -0.04])
    chance = share + tilt * kwetsbaar[:, None]
    return rng.random((n, len(VERVOER))) < np.where(share >= 1, 1.0, np.clip(chance, 0.01, 0.97))
