"""What a jongere can do, as far as anybody judged it: the latest niveau per competentie."""

from datetime import date

import polars as pl

from features.contract import Tables
from features.peildatum import RIJ, days_ago, known, numbered, table
from features.vocabulary import Beoordelaar

PRIORITY = {Beoordelaar.ZELF: 0, Beoordelaar.SCHOOL: 1, Beoordelaar.LEERBEDRIJF: 2}
"""Who is believed when several judged on the same day: practice over school over self."""

HALF_LIFE_DAYS = 730
"""Days after which half of what a judgement said beyond the usual still holds."""
USUAL_WEIGHT = 10
"""So many judgements weigh as much as the mean of all competenties in what is usual for one."""
DAYS_PER_MONTH = 365.25 / 12

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


def usual_niveaus(tables: Tables, peildatum: date) -> pl.DataFrame:
    """Return the niveau that is usual for each competentie, from what was known on the peildatum.

    Returns
    -------
    DataFrame
        ``competentie_id`` and ``gewoon`` in [0, 4]: the mean of all judgements, drawn to the mean
        of all competenties where few were made (`USUAL_WEIGHT`). Ordered by competentie.
    """
    level = pl.col("niveau").cast(pl.Float64)
    known_then = (pl.col("bekend_op") <= peildatum) & (pl.col("datum") <= peildatum)
    judged = table(tables, "competentiemeting").filter(known_then)
    overall = pl.lit(judged.select(level.mean()).item(), pl.Float64)
    drawn = (level.sum() + USUAL_WEIGHT * overall) / (pl.len() + USUAL_WEIGHT)
    return judged.group_by("competentie_id").agg(drawn.alias("gewoon")).sort("competentie_id")


def aged(
    profile: pl.DataFrame, usual: pl.DataFrame, *, half_life_days: float = HALF_LIFE_DAYS
) -> pl.DataFrame:
    """Tell beside each judged niveau what it is worth on the peildatum.

    What a judgement says beyond the usual halves with every half-life: ``gewoon + (niveau -
    gewoon) * 0.5 ** (days / half_life_days)``. So a high niveau sinks and a low one rises to what
    is usual; without a usual niveau it stays.

    Parameters
    ----------
    profile : DataFrame
        As `vaardigheidsprofiel` returns.
    usual : DataFrame
        As `usual_niveaus` returns.
    half_life_days : float
        More than 0.

    Returns
    -------
    DataFrame
        The profile, same rows and order, with ``maanden_geleden`` (whole months since the
        judgement) and ``niveau_nu`` in [0, 4].
    """
    days = (pl.col("peildatum") - pl.col("gemeten_op")).dt.total_days()
    kept = pl.lit(0.5) ** (days / half_life_days)
    usually = pl.col("gewoon").fill_null(pl.col("niveau"))
    return (
        profile.join(usual, on="competentie_id", how="left", maintain_order="left")
        .with_columns(
            maanden_geleden=(days / DAYS_PER_MONTH).floor().cast(pl.Int32),
            niveau_nu=usually + (pl.col("niveau") - usually) * kept,
        )
        .drop("gewoon")
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
