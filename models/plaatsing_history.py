"""What past stages teach: pairs of a jongere and a leerwerkplek, and how they went."""

from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.contract import Tables
from features.labels import plaatsing_geslaagd
from features.passendheid import pair_features
from features.stage import MELDVERTRAGING_DAGEN
from models.history import History, as_floats, groepen_at

SEEN_ON = pl.min_horizontal("begindatum", "bekend_op") - pl.duration(days=1)
"""The day from which a stage is seen: the one before it began or was agreed."""


def plaatsing_history(tables: Tables, *, observed_until: date) -> History:
    """Return every past stage on a known leerwerkplek as a pair, seen while it was still open.

    The peildatum is the day before the stage began or was agreed, whichever came first: a
    suggestion cannot look at the stage that it leads to, nor at how long the search took.
    Only stages whose *planned* end has long passed are taken: of the stages that still run,
    the failures are known first, and would make the past look worse than it was.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Canonical tables.
    observed_until : date
        Last day on which anything is known.
    """
    stages = plaatsing_stages(tables, observed_until=observed_until)
    pairs = stages.select("jongere_id", "leerwerkplek_id", "peildatum")
    frame = pair_features(tables, pairs)

    def label(day: date) -> NDArray[np.float64]:
        outcome = plaatsing_geslaagd(stages.drop("known_by", "peildatum"), observed_until=day)
        joined = stages.select("stage_id").join(
            outcome, on="stage_id", how="left", maintain_order="left"
        )
        return as_floats(joined["geslaagd"])

    return History(
        frame, stages["known_by"], label, groepen=groepen_at(tables, pairs.drop("leerwerkplek_id"))
    )


def plaatsing_stages(tables: Tables, *, observed_until: date) -> pl.DataFrame:
    """Return stages on a leerwerkplek whose outcome is due, with ``peildatum`` and ``known_by``."""
    due = pl.col("geplande_einddatum").dt.offset_by(f"{MELDVERTRAGING_DAGEN}d")
    return (
        tables["stage"]
        .filter(pl.col("leerwerkplek_id").is_not_null())
        .with_columns(
            SEEN_ON.alias("peildatum"),
            due.alias("known_by"),
        )
        .filter(pl.col("known_by") <= observed_until)
        .sort("peildatum", "stage_id")
    )
