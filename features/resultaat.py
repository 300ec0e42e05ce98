"""Marks and progress points of a jongere before the peildatum: level, trend, failed parts."""

import polars as pl

from features.contract import Tables
from features.peildatum import RIJ, table
from features.registry import Direction, Feature
from features.windows import FOREVER, Events

RECENT_DAYS = 182
WHOLE_DAYS = 546
"""Half a year, and that with the year before it."""
VOLDOENDE = 0.55
"""A result from here on is sufficient: 5.5 out of 10, the usual bound in Dutch schools."""

_PURPOSE = "Wie het niveau niet haalt of zakt, dreigt vast te lopen in de opleiding."
_HOOGSTE = "deel van het hoogste"


def _feature(
    name: str, label: str, unit: str, direction: Direction = 0, purpose: str = _PURPOSE
) -> Feature:
    return Feature(f"resultaat_{name}", label, unit, "resultaat", purpose, direction, "resultaten")


FEATURES = (
    _feature("niveau", "gemiddeld resultaat in het laatste halfjaar", _HOOGSTE, -1),
    _feature("niveau_alles", "gemiddelde van alle bekende resultaten", _HOOGSTE, -1),
    _feature(
        "verandering", "verandering van de resultaten tegenover het jaar ervoor", _HOOGSTE, -1
    ),
    _feature("onvoldoende", "deel onvoldoendes in het laatste halfjaar", "deel", 1),
    _feature("onderdelen_onvoldoende", "onderdelen die nu onvoldoende staan", "aantal", 1),
    _feature(
        "aantal",
        "aantal resultaten in het laatste halfjaar",
        "aantal",
        purpose="Wie weinig resultaten haalt, doet niet meer mee.",
    ),
)


def resultaat_features(tables: Tables, spine: pl.LazyFrame) -> pl.LazyFrame:
    """Summarise the results that were known on the peildatum.

    Returns
    -------
    LazyFrame
        `RIJ` and, for every spine row: ``resultaat_niveau`` in [0, 1], mean of the last half
        year; ``resultaat_niveau_alles``, mean of all; ``resultaat_verandering`` in [-1, 1], the
        last half year minus the year before; ``resultaat_onvoldoende`` in [0, 1];
        ``resultaat_onderdelen_onvoldoende``, parts of which the result that became known last is
        insufficient; ``resultaat_aantal``. Null when the period held no result.
    """
    rows = spine.collect()
    n, total = pl.col(f"n_{RECENT_DAYS}"), pl.col(f"som_{RECENT_DAYS}")
    before = _positive(pl.col(f"n_{WHOLE_DAYS}") - n)
    ever = _positive(pl.col("n_alles"))
    told = {
        "niveau": total / _positive(n),
        "niveau_alles": pl.col("som_alles") / ever,
        "verandering": total / _positive(n) - (pl.col(f"som_{WHOLE_DAYS}") - total) / before,
        "onvoldoende": pl.col(f"onvoldoende_{RECENT_DAYS}") / _positive(n),
        "onderdelen_onvoldoende": pl.when(ever > 0).then(pl.col("stap_alles")),
        "aantal": pl.when(ever > 0).then(n),
    }
    found = _sums(tables, rows).select(
        value.alias(f"resultaat_{name}") for name, value in told.items()
    )
    return rows.select(RIJ).hstack(found).lazy()


def recent_levels(tables: Tables, rows: pl.DataFrame) -> pl.DataFrame:
    """Return ``resultaat_niveau`` of each row, as `resultaat_features` does."""
    sums = _sums(tables, rows)
    return sums.select(
        (pl.col(f"som_{RECENT_DAYS}") / _positive(pl.col(f"n_{RECENT_DAYS}"))).alias(
            "resultaat_niveau"
        )
    )


def _sums(tables: Tables, rows: pl.DataFrame) -> pl.DataFrame:
    failed = pl.col("waarde") < VOLDOENDE
    step = failed.cast(pl.Int32) - failed.cast(pl.Int32).shift(1, fill_value=0).over(
        "jongere_id", "onderdeel", order_by=[pl.max_horizontal("bekend_op", "datum"), "datum"]
    )
    results = table(tables, "resultaat").lazy().with_columns(step.alias("stap"))
    values = {
        "n": pl.lit(1),
        "som": pl.col("waarde"),
        "onvoldoende": failed,
        "stap": pl.col("stap"),
    }
    events = Events.of(results, rows, day="datum", values=values)
    return events.sums([RECENT_DAYS, WHOLE_DAYS, FOREVER])


def _positive(value: pl.Expr) -> pl.Expr:
    return pl.when(value > 0).then(value)
