"""People who decide otherwise than a model: they help leerweg BBL less than it would."""

from functools import cache

import numpy as np
import polars as pl

from models.fairness import Scored
from service.modelbeheer.na_besluit import NaBesluit, over_lijst

ROWS = 2_000


@cache
def uneven() -> NaBesluit:
    """Return the model beside people: of BBL two in five of the list get help, of BOL nine
    in ten."""
    rng = np.random.default_rng(1)
    leerweg = rng.choice(["BOL", "BBL"], ROWS)
    labels = (rng.random(ROWS) < 0.3).astype(np.float64)
    listed = rng.random(ROWS) < 0.4
    helped = listed & (rng.random(ROWS) < np.where(leerweg == "BBL", 0.4, 0.9))
    scored = Scored(labels, np.full(ROWS, 0.3), np.arange(ROWS), listed)
    return over_lijst(scored, helped, pl.DataFrame({"leerweg": leerweg}), draws=200)
