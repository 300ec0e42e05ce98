"""Attempts to reach a jongere before the peildatum, and how many reached them."""

import polars as pl

from features.contract import Tables
from features.peildatum import RIJ, days_ago, known, table, zero_if_kind_is_known
from features.registry import Feature

RECENT_DAYS = 182

_PURPOSE = "Wie lang gezocht wordt of niet te bereiken is, raakt uit beeld."

FEATURES = (
    Feature(
        "contact_pogingen",
        "pogingen tot contact in het laatste halfjaar",
        "aantal",
        "contact",
        _PURPOSE,
        0,
        "contact",
    ),
    Feature(
        "contact_gelukt",
        "deel van de pogingen tot contact dat lukte",
        "deel",
        "contact",
        _PURPOSE,
        -1,
        "contact",
    ),
)


def contact_features(tables: Tables, spine: pl.LazyFrame) -> pl.LazyFrame:
    """Count the attempts of the last half year that were known on the peildatum.

    Returns
    -------
    LazyFrame
        `RIJ` and, for every spine row, ``contact_pogingen`` (0 when none is known, null when
        the register held nothing yet) and ``contact_gelukt`` in [0, 1] (null without attempts).
    """
    found = (
        known(tables, "contact", spine)
        .filter(days_ago("datum").is_between(0, RECENT_DAYS - 1))
        .group_by(RIJ)
        .agg(
            pl.len().alias("contact_pogingen"),
            pl.col("gelukt").mean().alias("contact_gelukt"),
        )
    )
    return zero_if_kind_is_known(found, spine, table(tables, "contact"), ["contact_pogingen"])
