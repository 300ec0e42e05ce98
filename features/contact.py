"""Attempts to reach a jongere before the peildatum, and how many reached them."""

import polars as pl

from features.contract import Tables
from features.peildatum import RIJ, table, zero_if_kind_is_known
from features.registry import Direction, Feature
from features.windows import Events

RECENT_DAYS = 182
YEAR_DAYS = 364

_PURPOSE = "Wie lang gezocht wordt of niet te bereiken is, raakt uit beeld."


def _feature(name: str, label: str, unit: str, direction: Direction = 0) -> Feature:
    return Feature(f"contact_{name}", label, unit, "contact", _PURPOSE, direction, "contact")


FEATURES = (
    _feature("pogingen", "pogingen tot contact in het laatste halfjaar", "aantal"),
    _feature("pogingen_52", "pogingen tot contact in het laatste jaar", "aantal"),
    _feature("gelukt", "deel van de pogingen tot contact dat lukte", "deel", -1),
    _feature("weken_sinds", "tijd sinds de laatste poging tot contact", "weken"),
)


def contact_features(tables: Tables, spine: pl.LazyFrame) -> pl.LazyFrame:
    """Count the attempts that were known on the peildatum.

    Returns
    -------
    LazyFrame
        `RIJ` and, for every spine row, ``contact_pogingen`` of half a year and ``_52`` of a year
        (0 when none is known, null when the register held nothing yet), ``contact_gelukt`` in
        [0, 1] of the last year (null without attempts), and the weeks since the latest attempt.
    """
    rows = spine.collect()
    events = Events.of(
        table(tables, "contact").lazy(),
        rows,
        day="datum",
        values={"n": pl.lit(1), "gelukt": pl.col("gelukt")},
    )
    year = pl.col(f"n_{YEAR_DAYS}")
    found = rows.select(RIJ).hstack(
        events.sums([RECENT_DAYS, YEAR_DAYS])
        .with_columns(events.latest().alias("dagen"))
        .select(
            pl.col(f"n_{RECENT_DAYS}").alias("contact_pogingen"),
            year.alias("contact_pogingen_52"),
            (pl.col(f"gelukt_{YEAR_DAYS}") / pl.when(year > 0).then(year)).alias("contact_gelukt"),
            (pl.col("dagen") / 7).alias("contact_weken_sinds"),
        )
    )
    counts = ["contact_pogingen", "contact_pogingen_52"]
    return zero_if_kind_is_known(found.lazy(), rows.lazy(), table(tables, "contact"), counts)
