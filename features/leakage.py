"""Finds columns that know too much: what would not have been known on the peildatum.

Two checks, because either alone misses something. The first is exact: a column that changes when
what was known later is taken away, used it. The second looks at the outcome: a column that alone
tells nearly all of it is more likely a trace of the outcome than a cause, also where the date on
which it was known is wrong in the source.
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from features.contract import Tables
from features.peildatum import cut_to_peildatum

TOO_TELLING = 0.85
"""AUC of one column alone from which it is suspect; honest single features of school data stay
below 0.8 (absence, level, months to the end)."""
ROUNDING = 1e-9
"""Relative difference that only says that numbers were added in another order."""
KEYS = ("jongere_id", "leerwerkplek_id", "peildatum")

Build = Callable[[Tables, pl.DataFrame], pl.DataFrame]
"""Tables and spine in; features of the same rows and order out."""


def columns_from_later(build: Build, tables: Tables, spine: pl.DataFrame) -> tuple[str, ...]:
    """Return the columns that use what was known only after the peildatum.

    Parameters
    ----------
    build : callable
        Makes features, such as `features.risicoprofiel.risicoprofiel`.
    tables : mapping of name to DataFrame
        Canonical tables that go on after the peildata of the spine.
    spine : DataFrame
        What `build` takes, with ``peildatum``.

    Returns
    -------
    tuple of str
        Columns of which a value differs when the tables are cut to the peildatum first, in
        order. Empty is what should be.
    """
    found: dict[str, None] = {}
    for (day,), rows in spine.group_by("peildatum", maintain_order=True):
        whole = build(tables, rows)
        cut = build(cut_to_peildatum(tables, day), rows)
        found |= {name: None for name in whole.columns if _differs(whole[name], cut[name])}
    return tuple(found)


def telling_columns(
    frame: pl.DataFrame,
    labels: npt.NDArray[np.float64],
    *,
    bound: float = TOO_TELLING,
    keys: Sequence[str] = KEYS,
) -> dict[str, float]:
    """Return the columns that alone tell the outcome too well, with their AUC.

    Parameters
    ----------
    frame : DataFrame
        Features of examples, best of a time that no model has seen.
    labels : array of shape (n_rows,)
        0 or 1, NaN where the outcome is not known.
    bound : float
        AUC in either direction from which a column is suspect. Whether a value is known counts
        as a column of its own: a value that is only known of who left, tells as much.
    keys : sequence of str
        Columns that are no features.

    Returns
    -------
    dict of str to float
        Suspects, the most telling first.
    """
    known = ~np.isnan(labels)
    outcome = labels[known] > 0
    found = {}
    for name in frame.columns:
        if name in keys:
            continue
        values = frame[name].cast(pl.Float64).fill_null(float("nan")).to_numpy()[known]
        absent = np.isnan(values)
        best = max(
            _either_way(values[~absent], outcome[~absent]),
            _either_way(absent.astype(np.float64), outcome),
        )
        if best >= bound:
            found[name] = best
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def _differs(whole: pl.Series, cut: pl.Series) -> bool:
    """Return whether a value differs, apart from rounding."""
    same = whole.eq_missing(cut)
    if whole.dtype.is_float():
        near = (whole - cut).abs() <= ROUNDING * (1 + whole.abs())
        same |= near.fill_null(value=False)
    return not same.all()


def _either_way(values: npt.NDArray[np.float64], outcome: npt.NDArray[np.bool_]) -> float:
    """Return the AUC of a column or its opposite; 0.5 when only one outcome occurs."""
    ones = int(outcome.sum())
    zeros = outcome.size - ones
    if not ones or not zeros:
        return 0.5
    won = pl.Series(values).rank("average").to_numpy()[outcome].sum() - ones * (ones + 1) / 2
    auc = float(won / (ones * zeros))
    return max(auc, 1 - auc)
