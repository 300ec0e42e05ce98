"""How a jongere and a leerwerkplek fit: features of the pair, and the rules that block it.

Both sides are prepared once as arrays (`features.pair_context`), so one jongere beside all places
and all jongeren beside all places cost a few array operations each. What is unknown never blocks.
uitvalrisico is no feature of a pair (TRUST H4), and of where somebody lives only the travel
minutes count, against the jongere's own limit.
"""

from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.blokkade import Blokkade, bit, column
from features.contract import Tables
from features.pair_arrays import JONGERE_EIGEN, PLEK_EIGEN, UNKNOWN, Floats, Ints
from features.pair_context import PairContext, context_of, prepare_pairs
from features.passendheid_features import PAIR_FEATURES
from features.peildatum import RIJ, table
from features.vaardigheidsprofiel import vaardigheidsprofiel

__all__ = [
    "PAIR_FEATURES",
    "PairContext",
    "blocked_by",
    "missing_competenties",
    "pair_features",
    "pair_matrix",
    "prepare_pairs",
]

Masks = NDArray[np.uint16]


def pair_features(tables: Tables | PairContext, pairs: pl.DataFrame) -> pl.DataFrame:
    """Return features and blokkades of pairs, from what was known on the peildatum of each.

    Parameters
    ----------
    tables : mapping of name to DataFrame, or PairContext
        Canonical tables, cut or not; or what `prepare_pairs` made of them.
    pairs : DataFrame
        ``jongere_id``, ``leerwerkplek_id`` and ``peildatum``; other columns are kept.

    Returns
    -------
    DataFrame
        The pairs, same rows and order, with one Float64 column per `PAIR_FEATURES` (null is
        unknown), ``reistijd_minuten`` (Float64, null unknown) and one Boolean column per
        `Blokkade` (`features.blokkade.column`).

    Raises
    ------
    ValueError
        A prepared context was given and a pair has another peildatum.
    """
    if isinstance(tables, PairContext):
        context = tables
        _check_peildatum(context, pairs)
    else:
        context = context_of(
            tables,
            pairs.select("jongere_id", "peildatum").unique(),
            pairs.select("leerwerkplek_id", "peildatum").unique(),
        )
    j = _rows(pairs, context.jongeren, "jongere_id")
    p = _rows(pairs, context.plekken, "leerwerkplek_id")
    values, minutes = pair_matrix(context, j, p)
    masks = pl.Series(_masks(context, j, p))
    return pairs.hstack(
        pl.DataFrame(
            {
                **{feature.name: row for feature, row in zip(PAIR_FEATURES, values, strict=True)},
                "reistijd_minuten": minutes,
            }
        ).with_columns(pl.selectors.float().fill_nan(None))
    ).with_columns((masks & bit(rule) > 0).alias(column(rule)) for rule in Blokkade)


def missing_competenties(tables: Tables, pairs: pl.DataFrame) -> pl.DataFrame:
    """Return the demands that the jongere of each pair is not known to meet.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Canonical tables, cut or not.
    pairs : DataFrame
        ``jongere_id``, ``leerwerkplek_id`` and ``peildatum``.

    Returns
    -------
    DataFrame
        ``jongere_id``, ``leerwerkplek_id``, ``peildatum``, ``competentie_id``, ``gevraagd``
        (niveau asked), ``niveau`` (judged; null when never judged) and ``hard``. In the order
        of the pairs; hard demands first, then the greatest gap, then by id.
    """
    keys = ["jongere_id", "leerwerkplek_id", "peildatum"]
    numbered_pairs = pairs.select(keys).with_row_index(RIJ)
    spine = pairs.select("jongere_id", "peildatum").unique()
    judged = vaardigheidsprofiel(tables, spine).select(
        "jongere_id", "peildatum", "competentie_id", "niveau"
    )
    return (
        numbered_pairs.join(table(tables, "leerwerkplek_eis"), on="leerwerkplek_id")
        .rename({"niveau": "gevraagd"})
        .join(judged, on=["jongere_id", "peildatum", "competentie_id"], how="left")
        .filter(pl.col("niveau").is_null() | (pl.col("niveau") < pl.col("gevraagd")))
        .filter(pl.col("gevraagd") > 0)
        .sort(
            RIJ,
            "hard",
            pl.col("gevraagd") - pl.col("niveau").fill_null(0),
            "competentie_id",
            descending=[False, True, True, False],
        )
        .select(*keys, "competentie_id", "gevraagd", "niveau", "hard")
    )


def _check_peildatum(context: PairContext, pairs: pl.DataFrame) -> None:
    prepared = set(context.plekken["peildatum"].unique()) | set(
        context.jongeren["peildatum"].unique()
    )
    other = set(pairs["peildatum"].unique()) - prepared
    if other:
        raise ValueError(f"pairs have peildatum {min(other)}, prepared were {sorted(prepared)}")


def _rows(pairs: pl.DataFrame, known_rows: pl.DataFrame, key: str) -> Ints:
    """Return the row of each pair among the prepared rows; the last (unknown) when absent."""
    found = pairs.select(key, "peildatum").join(
        known_rows, on=[key, "peildatum"], how="left", maintain_order="left"
    )
    return found[RIJ].cast(pl.Int64).fill_null(UNKNOWN).to_numpy(writable=True)


def _masks(context: PairContext, j: Ints, p: Ints) -> Masks:
    """Return which rules block each pair of rows."""
    from features.pair_kernel import block_pairs

    masks = np.empty(len(j), dtype=np.uint16)
    block_pairs(context.jongere, context.plek, context.travel, j, p, masks)
    return masks


def blocked_by(context: PairContext, jongeren: Ints, plekken: Ints) -> Masks:
    """Return which rules block each of the jongeren beside each of the places.

    Parameters
    ----------
    context : PairContext
        Both sides.
    jongeren, plekken : array of int
        Rows of the context (`PairContext.jongere_rows`, `PairContext.plek_rows`).

    Returns
    -------
    array of uint16 of shape (n_jongeren, n_plekken)
        A bit per rule (`features.blokkade.bit`); 0 when nothing blocks.
    """
    from features.pair_kernel import block_all

    masks = np.empty((len(jongeren), len(plekken)), dtype=np.uint16)
    block_all(context.jongere, context.plek, context.travel, jongeren, plekken, masks)
    return masks


def pair_matrix(context: PairContext, jongeren: Ints, plekken: Ints) -> tuple[Floats, Floats]:
    """Return the features and the travel minutes of pairs of rows.

    Returns
    -------
    array of shape (n_features, n_pairs)
        In the order of `PAIR_FEATURES`, NaN where unknown.
    array of shape (n_pairs,)
        Minutes.
    """
    from features.pair_kernel import fill_features

    found = np.empty((len(PAIR_FEATURES), len(jongeren)))
    minutes = np.empty(len(jongeren))
    fill_features(
        context.jongere, context.plek, context.travel, jongeren, plekken, _order(), found, minutes
    )
    return found, minutes


@cache
def _order() -> Ints:
    """Return in which row each feature of the kernel comes."""
    from features.pair_kernel import PAIRED

    names = [feature.name for feature in PAIR_FEATURES]
    return np.array([names.index(name) for name in (*PAIRED, *JONGERE_EIGEN, *PLEK_EIGEN)])
