"""Absence of a jongere before the peildatum: shares of the hours taught, and legal reports."""

import polars as pl

from features.contract import Tables
from features.peildatum import RIJ, days_ago, known, table, zero_if_kind_is_known
from features.registry import Direction, Feature

WINDOWS = (4, 13, 52)
"""Weeks of each window."""
HOURS = ("lesuren", "uren_ongeoorloofd", "uren_geoorloofd")
DAYS = 7

_WORD = {4: "in de laatste 4 weken", 13: "in het laatste kwartaal", 52: "in het laatste jaar"}
_PURPOSE = "Wie lessen mist, verliest het contact met school; meer verzuim gaat vooraf aan uitval."


def _feature(
    name: str, label: str, unit: str, direction: Direction, source: str = "verzuim"
) -> Feature:
    return Feature(name, label, unit, source, _PURPOSE, direction, "verzuim")


FEATURES = (
    *(
        _feature(f"verzuim_ongeoorloofd_{weeks}", f"ongeoorloofd verzuim {_WORD[weeks]}", "deel", 1)
        for weeks in WINDOWS
    ),
    *(
        _feature(f"verzuim_geoorloofd_{weeks}", f"geoorloofd verzuim {_WORD[weeks]}", "deel", 0)
        for weeks in WINDOWS
    ),
    _feature(
        "verzuim_ongeoorloofd_verandering",
        "verandering in ongeoorloofd verzuim tegenover het jaar ervoor",
        "deel",
        1,
    ),
    _feature(
        "verzuim_geoorloofd_verandering",
        "verandering in geoorloofd verzuim tegenover het jaar ervoor",
        "deel",
        0,
    ),
    _feature(
        "verzuim_weken_ongeoorloofd_13",
        "weken met ongeoorloofd verzuim in het laatste kwartaal",
        "weken",
        1,
    ),
    _feature(
        "verzuim_weken_geregistreerd_13",
        "weken waarvan het verzuim bekend is, in het laatste kwartaal",
        "weken",
        0,
    ),
    _feature(
        "verzuimmeldingen_52", "verzuimmeldingen in het laatste jaar", "aantal", 1, "verzuimmelding"
    ),
)


def verzuim_features(tables: Tables, spine: pl.LazyFrame) -> pl.LazyFrame:
    """Summarise the absence that was known on the peildatum.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Canonical tables; `verzuim` is used.
    spine : LazyFrame
        Numbered spine (`features.peildatum.numbered`).

    Returns
    -------
    LazyFrame
        `RIJ`; shares of the ``lesuren`` in [0, 1] of each window, null when no lesuren were
        registered in it (which is not the same as no absence); the change of the last 4 weeks
        against weeks 5 to 52, in [-1, 1]. Spine rows without a registered week are absent.
    """
    weeks = (
        known(tables, "verzuim", spine)
        .with_columns(days_ago("week").alias("dagen"))
        .filter(pl.col("dagen").is_between(0, WINDOWS[-1] * DAYS - 1), pl.col("lesuren") > 0)
    )
    sums = (
        weeks.select(RIJ, *_windowed(), *_counted())
        .group_by(RIJ)
        .agg(pl.all().sum())
        .with_columns(
            (pl.col(f"{hours}_52") - pl.col(f"{hours}_4")).alias(f"{hours}_eerder")
            for hours in HOURS
        )
    )
    return sums.select(
        RIJ,
        *(_share(kind, str(weeks)).alias(f"verzuim_{kind}_{weeks}") for kind, weeks in _pairs()),
        *(
            (_share(kind, "4") - _share(kind, "eerder")).alias(f"verzuim_{kind}_verandering")
            for kind in ("ongeoorloofd", "geoorloofd")
        ),
        "verzuim_weken_ongeoorloofd_13",
        "verzuim_weken_geregistreerd_13",
    ).with_columns(
        pl.when(pl.col("verzuim_weken_geregistreerd_13") > 0).then(
            pl.col("verzuim_weken_ongeoorloofd_13")
        )
    )


def verzuimmelding_features(tables: Tables, spine: pl.LazyFrame) -> pl.LazyFrame:
    """Count the legal absence reports of the last 52 weeks.

    Returns
    -------
    LazyFrame
        `RIJ` and ``verzuimmeldingen_52`` for every spine row: 0 when none is known, null when
        the register held no report of anybody yet.
    """
    found = (
        known(tables, "verzuimmelding", spine)
        .filter(days_ago("datum").is_between(0, 52 * DAYS - 1))
        .group_by(RIJ)
        .agg(pl.len().alias("verzuimmeldingen_52"))
    )
    return zero_if_kind_is_known(
        found, spine, table(tables, "verzuimmelding"), ["verzuimmeldingen_52"]
    )


def _pairs() -> list[tuple[str, int]]:
    return [(kind, weeks) for kind in ("ongeoorloofd", "geoorloofd") for weeks in WINDOWS]


def _windowed() -> list[pl.Expr]:
    """Hours of a week, once for each window in which it lies."""
    return [
        pl.when(pl.col("dagen") < weeks * DAYS)
        .then(pl.col(hours))
        .otherwise(0)
        .alias(f"{hours}_{weeks}")
        for hours in HOURS
        for weeks in WINDOWS
    ]


def _counted() -> list[pl.Expr]:
    recent = pl.col("dagen") < 13 * DAYS
    return [
        recent.cast(pl.Int32).alias("verzuim_weken_geregistreerd_13"),
        (recent & (pl.col("uren_ongeoorloofd") > 0))
        .cast(pl.Int32)
        .alias("verzuim_weken_ongeoorloofd_13"),
    ]


def _share(kind: str, window: str) -> pl.Expr:
    lesuren = pl.col(f"lesuren_{window}")
    return pl.when(lesuren > 1e-9).then(pl.col(f"uren_{kind}_{window}") / lesuren)
