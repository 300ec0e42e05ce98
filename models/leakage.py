"""Stops a training of which a column knows too much, and names what is suspect."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.contract import Tables
from features.leakage import Build, columns_from_later, telling_columns
from features.registry import names
from models.errors import LeakError
from models.fallback import NEEDED_JONGEREN
from models.registered import RegisteredModel, count_jongeren

TRACE = 0.95
"""AUC of one column alone from which it is taken for a trace of the outcome. Honest columns of
the made-up regions stay below 0.85; that of the niveau at the start comes nearest."""
SAMPLED = 500
"""Rows that are made twice."""


def refuse_columns_from_later(
    kind: type[RegisteredModel], build: Build, tables: Tables, rows: pl.DataFrame
) -> None:
    """Raise `LeakError` when a feature uses what was known only after the peildatum.

    Parameters
    ----------
    kind : type of RegisteredModel
        Which features are looked at.
    build : callable
        Makes them.
    tables : mapping of name to DataFrame
        Canonical tables.
    rows : DataFrame
        What `build` takes. A sample of these rows is made as from the middle peildatum, with the
        tables as they are and as they were known on that day.
    """
    if rows.is_empty():
        return
    day = rows["peildatum"].sort()[rows.height // 2]
    spine = (
        rows.gather_every(max(1, rows.height // SAMPLED))
        .with_columns(pl.lit(day).alias("peildatum"))
        .unique(maintain_order=True)
    )
    found = columns_from_later(
        lambda known, asked: build(known, asked).select(names(kind.features)), tables, spine
    )
    if found:
        raise LeakError(kind.name, found[0], "uses what was known after the peildatum")


def refuse_traces(
    kind: type[RegisteredModel], frame: pl.DataFrame, labels: NDArray[np.float64]
) -> dict[str, float]:
    """Return the features that alone tell the outcome suspiciously well, with their AUC.

    Nothing is said of fewer than `models.fallback.NEEDED_JONGEREN` of either outcome, of which
    some column tells the outcome by chance.

    Parameters
    ----------
    kind : type of RegisteredModel
        Which features are looked at.
    frame : DataFrame
        Examples.
    labels : array of shape (n_rows,)
        0 or 1.

    Raises
    ------
    LeakError
        A feature tells nearly all: an AUC of at least `TRACE`.
    """
    who = frame["jongere_id"]
    if min(count_jongeren(who, labels, outcome) for outcome in (0, 1)) < NEEDED_JONGEREN:
        return {}
    found = telling_columns(frame.select(names(kind.features)), labels)
    for column, auc in found.items():
        if auc >= TRACE:
            raise LeakError(kind.name, column, f"alone has an AUC of {auc:.3f}")
    return found
