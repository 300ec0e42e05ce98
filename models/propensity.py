"""What the log knows of how somebody came to be placed: weights for who learns from it.

A matchtafel takes some jongeren by lot and the others by urgency, and writes down how likely the
lot was. So its outcomes tell mostly of who is urgent. Where that chance is known, each outcome is
weighed by how likely it would have been had everybody who waited been as likely, over how likely
it was: then they tell of all who waited. How one place was chosen among others nobody drew lots
for; that chance is fitted (`models.choice`).

References
----------
Horvitz, Thompson (1952), A generalization of sampling without replacement from a finite universe,
JASA 47: weighing by the inverse of a known chance.
Cole, Hernán (2008), Constructing inverse probability weights for marginal structural models,
American Journal of Epidemiology 168(6): weights with a mean of one, cut off at both ends.
"""

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.contract import Tables
from features.peildatum import table
from models.plaatsing_history import SEEN_ON

MOST_WEIGHT: Final = 10.0
"""Bound of a weight, either way: what is cut off trades a little bias for a steady answer."""
KEY = ("jongere_id", "leerwerkplek_id", "peildatum")
RECORDED: Final = pl.Schema({"stage_id": pl.String, "kans": pl.Float64, "doel": pl.Float64})
"""Of a stage that a matchtafel brought about: ``kans``, how likely its place on the agenda went to
this jongere, and ``doel``, how likely with everybody who waited as likely."""
NOTHING_RECORDED: Final = pl.DataFrame(schema=RECORDED)


def recorded_of(tables: Tables, recorded: pl.DataFrame) -> pl.DataFrame:
    """Return the weight of each recorded example: `KEY` and ``gewicht``, with a mean of 1.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Canonical tables; `stage` is used.
    recorded : DataFrame
        Columns of `RECORDED`; both chances above 0. A stage that is not there counts for nothing.
    """
    ratio = pl.col("doel") / pl.col("kans")
    return (
        recorded.join(table(tables, "stage").with_columns(peildatum=SEEN_ON), on="stage_id")
        .with_columns(gewicht=ratio / ratio.mean())
        .select(*KEY, pl.col("gewicht").clip(1 / MOST_WEIGHT, MOST_WEIGHT))
        .unique(KEY, keep="first", maintain_order=True)
    )


def recorded_weights(examples: pl.DataFrame, weights: pl.DataFrame) -> NDArray[np.float64]:
    """Return the weight of each example, of shape (n_rows,): 1 where nothing was recorded.

    Parameters
    ----------
    examples : DataFrame
        With the columns of `KEY`.
    weights : DataFrame
        What `recorded_of` gave.
    """
    joined = examples.select(KEY).join(weights, on=KEY, how="left", maintain_order="left")
    return joined["gewicht"].fill_null(1.0).to_numpy()
