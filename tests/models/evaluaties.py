"""A made-up model of four features, of which two count, with examples: cheap to fit."""

from datetime import date

import numpy as np
import polars as pl

from features.registry import Feature
from models.booster import BoosterConfig
from models.evaluation import Fit
from models.history import History
from models.splitting import add_months
from models.uitvalrisico import UitvalrisicoModel

QUICK = BoosterConfig(rounds=25, rows_per_leaf=20, seeds=1)
UNTIL = date(2027, 1, 1)


def feature(name: str, group: str) -> Feature:
    return Feature(name, name, "", "jongere", "Een proef.", 0, group)


class Tiny(UitvalrisicoModel):
    """Two features that count and two that do not."""

    features = (
        feature("a", "telt"),
        feature("b", "telt"),
        feature("c", "telt niet"),
        feature("d", "telt niet"),
    )
    carried = frozenset({"jongere_id", "peildatum"})


def examples(n: int = 1600, seed: int = 1) -> History:
    """Return made-up examples on eight days, of which the outcome is known after three months."""
    rng = np.random.default_rng(seed)
    values = {name: rng.normal(size=n) for name in "abcd"}
    odds = 1.2 * values["a"] - 0.8 * values["b"] - 1.0
    labels = (rng.random(n) < 1 / (1 + np.exp(-odds))).astype(np.float64)
    days = [add_months(date(2025, 1, 1), 2 * (row * 8 // n)) for row in range(n)]
    known = [add_months(day, 3) for day in days]
    gone = np.array(days, dtype="datetime64[D]").astype(np.float64) + 60
    frame = pl.DataFrame(
        {"jongere_id": [f"J{row % 400}" for row in range(n)], "peildatum": days, **values}
    )
    by = np.array(known, dtype="datetime64[D]")
    return History(
        frame,
        pl.Series("known_by", known),
        lambda day: np.where(by <= np.datetime64(day), labels, np.nan),
        lambda _: np.where(labels > 0, gone, np.nan),
        pl.DataFrame({"leerweg": rng.choice(["bol", "bbl"], n), "instelling": ["I1"] * n}),
    )


def tiny_fit(seed: int = 1) -> Fit:
    return Fit(Tiny, (), examples(seed=seed), UNTIL, QUICK, seed)
