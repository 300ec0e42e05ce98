"""Marks and progress points of a jongere before the peildatum: level, trend, failed parts."""

import polars as pl

from features.contract import Tables
from features.peildatum import RIJ, days_ago, known
from features.registry import Feature

RECENT_DAYS = 182
EARLIER_DAYS = 364
VOLDOENDE = 0.55
"""A result from here on is sufficient: 5.5 out of 10, the usual bound in Dutch schools."""

_PURPOSE = "Wie het niveau niet haalt of zakt, dreigt vast te lopen in de opleiding."

FEATURES = (
    Feature(
        "resultaat_niveau",
        "gemiddeld resultaat in het laatste halfjaar",
        "deel van het hoogste",
        "resultaat",
        _PURPOSE,
        -1,
        "resultaten",
    ),
    Feature(
        "resultaat_verandering",
        "verandering van de resultaten tegenover het jaar ervoor",
        "deel van het hoogste",
        "resultaat",
        _PURPOSE,
        -1,
        "resultaten",
    ),
    Feature(
        "resultaat_onvoldoende",
        "deel onvoldoendes in het laatste halfjaar",
        "deel",
        "resultaat",
        _PURPOSE,
        1,
        "resultaten",
    ),
    Feature(
        "resultaat_aantal",
        "aantal resultaten in het laatste halfjaar",
        "aantal",
        "resultaat",
        "Wie weinig resultaten haalt, doet niet meer mee.",
        0,
        "resultaten",
    ),
)


def resultaat_features(tables: Tables, spine: pl.LazyFrame) -> pl.LazyFrame:
    """Summarise the results that were known on the peildatum.

    Returns
    -------
    LazyFrame
        `RIJ`; ``resultaat_niveau`` in [0, 1], mean of the last half year;
        ``resultaat_verandering`` in [-1, 1], that mean minus the mean of the year before;
        ``resultaat_onvoldoende`` in [0, 1]; ``resultaat_aantal``. Null when the period held no
        result; spine rows without a result in a year and a half are absent.
    """
    rows = (
        known(tables, "resultaat", spine)
        .with_columns(days_ago("datum").alias("dagen"))
        .filter(pl.col("dagen").is_between(0, RECENT_DAYS + EARLIER_DAYS - 1))
    )
    recent = pl.col("dagen") < RECENT_DAYS
    return (
        rows.select(
            RIJ,
            pl.when(recent).then(pl.col("waarde")).alias("nu"),
            pl.when(~recent).then(pl.col("waarde")).alias("eerder"),
            pl.when(recent).then(pl.col("waarde") < VOLDOENDE).alias("onvoldoende"),
        )
        .group_by(RIJ)
        .agg(
            pl.col("nu").mean().alias("resultaat_niveau"),
            (pl.col("nu").mean() - pl.col("eerder").mean()).alias("resultaat_verandering"),
            pl.col("onvoldoende").mean().alias("resultaat_onvoldoende"),
            pl.col("nu").count().alias("resultaat_aantal"),
        )
    )
