"""The model in use beside a new one, on outcomes that neither of them learned from (TRUST F5)."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from models.evaluation import Holdout
from models.fairness import Flags, Scored, select
from models.registered import RegisteredModel


@dataclass(frozen=True)
class Live:
    """The model in use, its version, and the last day of which it learned anything."""

    model: RegisteredModel
    versie: str
    bekend_tot: date


@dataclass(frozen=True)
class Beside:
    """Two models on the same rows.

    Parameters
    ----------
    rows : array of bool
        Which rows of the test these are.
    live, challenger : Scored
        Each with its own list of the same length.
    """

    rows: Flags
    live: Scored
    challenger: Scored


def beside(live: Live, whole: Holdout, share: float) -> Beside:
    """Return both models on the peildata after all that the live one knew.

    On earlier rows the live model has seen how it ended, so it would win there whatever it is
    worth. Just after a promotion there are none, and nothing can be said yet.

    Parameters
    ----------
    live : Live
        The model in use.
    whole : Holdout
        The test of the new model.
    share : float
        Part of each list that the coaches have room for.
    """
    rows = (whole.frame["peildatum"] > live.bekend_tot).to_numpy()
    lists, labels, who = whole.lists[rows], whole.labels[rows], whole.jongeren[rows]
    frame = whole.frame.filter(pl.Series(rows))
    before = live.model.predict(frame) if frame.height else np.zeros(0)
    after = whole.scores[rows]
    return Beside(
        rows,
        Scored(labels, before, who, select(before, lists, share)),
        Scored(labels, after, who, select(after, lists, share)),
    )
