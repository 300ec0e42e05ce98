"""What a jongere can do, as far as anybody judged it: the latest niveau per competentie."""

import polars as pl

from features.contract import Tables
from features.peildatum import RIJ, days_ago, known, numbered
from features.vocabulary import Beoordelaar

PRIORITY = {Beoordelaar.ZELF: 0, Beoordelaar.SCHOOL: 1, Beoordelaar.LEERBEDRIJF: 2}
"""Who is believed when several judged on the same day: practice over school over self."""

_JUDGES = len(PRIORITY)
_LEVELS = 5


def vaardigheidsprofiel(tables: Tables, spine: pl.DataFrame) -> pl.DataFrame:
    """Return the latest judged niveau of every competentie, as known on the peildatum.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Canonical tables; `competentiemeting` is used.
    spine : DataFrame
        ``jongere_id`` and ``peildatum``, distinct rows.

    Returns
    -------
    DataFrame
        ``jongere_id``, ``peildatum``, ``competentie_id``, ``niveau`` (Float64, 0 to 4),
        ``gemeten_op`` and ``bron`` (who judged). What was never judged has no row: unknown is
        not 0. Ordered as the spine, then by competentie.
    """
    return (
        judgements(tables, numbered(spine))
        .group_by(RIJ, "jongere_id", "peildatum", "competentie_id")
        .agg(pl.col("oordeel").max())
        .sort(RIJ, "competentie_id")
        .select(
            "jongere_id",
            "peildatum",
            "competentie_id",
            niveau().alias("niveau"),
            (pl.col("oordeel") // (_JUDGES * _LEVELS))
            .cast(pl.Int32)
            .cast(pl.Date)
            .alias("gemeten_op"),
            (pl.col("oordeel") // _LEVELS % _JUDGES)
            .replace_strict(
                list(PRIORITY.values()), [str(b) for b in PRIORITY], return_dtype=pl.String
            )
            .alias("bron"),
        )
        .collect()
    )


def judgements(tables: Tables, spine: pl.LazyFrame) -> pl.LazyFrame:
    """Return the competentiemetingen beside each spine row, each packed into one number.

    ``oordeel`` holds day, judge and niveau such that a later judgement is a greater number, and
    on the same day that of the judge of higher `PRIORITY`: the maximum is the latest.
    """
    priority = pl.col("bron").replace_strict(
        [str(b) for b in PRIORITY], list(PRIORITY.values()), return_dtype=pl.Int64
    )
    day = pl.col("datum").to_physical().cast(pl.Int64)
    return (
        known(tables, "competentiemeting", spine)
        .filter(days_ago("datum") >= 0)
        .with_columns(
            ((day * _JUDGES + priority) * _LEVELS + pl.col("niveau").cast(pl.Int64)).alias(
                "oordeel"
            )
        )
    )


def niveau(column: str = "oordeel") -> pl.Expr:
    """Return the niveau (Float64) that a packed judgement holds."""
    return (pl.col(column) % _LEVELS).cast(pl.Float64)
