"""How far the competenties of a jongere are before the peildatum, and whether they grow."""

import polars as pl

from features.contract import Tables
from features.peildatum import RIJ, days_ago
from features.registry import Feature
from features.vaardigheidsprofiel import judgements, niveau

RECENT_DAYS = 728
"""Judgements older than two years say too little of now."""

_PURPOSE = "Wie zichtbaar leert in de praktijk, houdt een opleiding beter vol."

FEATURES = (
    Feature(
        "competentie_niveau",
        "gemiddeld niveau van de beoordeelde competenties",
        "niveau 0-4",
        "competentiemeting",
        _PURPOSE,
        -1,
        "competenties",
    ),
    Feature(
        "competentie_groei",
        "groei van de competenties tussen eerste en laatste oordeel",
        "niveaus",
        "competentiemeting",
        _PURPOSE,
        -1,
        "competenties",
    ),
    Feature(
        "competentie_aantal",
        "aantal beoordeelde competenties",
        "aantal",
        "competentiemeting",
        _PURPOSE,
        0,
        "competenties",
    ),
)


def competentie_features(tables: Tables, spine: pl.LazyFrame) -> pl.LazyFrame:
    """Summarise the judgements of the last two years that were known on the peildatum.

    Returns
    -------
    LazyFrame
        `RIJ`; ``competentie_niveau`` in [0, 4], mean of the latest judgement of each
        competentie; ``competentie_groei`` in [-4, 4], mean of latest minus first judgement over
        the competenties judged on more than one day, null when there are none;
        ``competentie_aantal``. Spine rows without a judgement are absent.
    """
    per_competentie = (
        judgements(tables, spine)
        .filter(days_ago("datum") < RECENT_DAYS)
        .group_by(RIJ, "competentie_id")
        .agg(
            pl.col("oordeel").max().alias("laatste"),
            pl.col("oordeel").min().alias("eerste"),
            (pl.col("datum").max() > pl.col("datum").min()).alias("vaker"),
        )
    )
    return (
        per_competentie.select(
            RIJ,
            niveau("laatste").alias("niveau"),
            pl.when("vaker").then(niveau("laatste") - niveau("eerste")).alias("groei"),
        )
        .group_by(RIJ)
        .agg(
            pl.col("niveau").mean().alias("competentie_niveau"),
            pl.col("groei").mean().alias("competentie_groei"),
            pl.len().alias("competentie_aantal"),
        )
    )
