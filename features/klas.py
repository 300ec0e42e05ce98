"""A jongere beside those in the same situation on the same peildatum.

Schools differ in what they register and seasons in what is missed, so the same number says more
or less; beside the own class (same school, kind of education and moment) it says what stands out.
The whole class counts, as known on the peildatum, whoever the spine asks for.
"""

import polars as pl

from features.competentie import competentie_features
from features.contract import Tables
from features.inschrijving import current, school_year
from features.peildatum import RIJ
from features.registry import Direction, Feature
from features.resultaat import recent_levels
from features.stage import stage_features
from features.verzuim import recent_shares
from features.windows import PARTS

FEWEST = 5
"""A class with fewer values known says nothing."""

KLAS = ("peildatum", "instelling", "onderwijssoort")
JAAR = ("peildatum", "onderwijssoort", "leerweg", "leerjaar")
"""The class; and the year of a kind of education in the whole region, where a class is too small
to tell what is usual by now."""

_PURPOSE = "Wie afwijkt van de eigen klas, valt op waar een getal alleen dat niet doet."


def _feature(
    name: str, label: str, unit: str, source: str, direction: Direction, group: str
) -> Feature:
    return Feature(f"klas_{name}", label, unit, source, _PURPOSE, direction, group)


FEATURES = (
    _feature(
        "verzuim",
        "ongeoorloofd verzuim boven of onder het gemiddelde van de klas",
        "deel",
        "verzuim",
        1,
        "verzuim",
    ),
    _feature(
        "resultaat",
        "resultaten boven of onder het gemiddelde van de klas",
        "deel van het hoogste",
        "resultaat",
        -1,
        "resultaten",
    ),
    _feature(
        "stage",
        "deel van het leerjaar dat nu een stage heeft, terwijl de jongere er geen heeft",
        "deel",
        "stage",
        0,
        "stage",
    ),
    _feature(
        "competentie",
        "niveau van de competenties boven of onder het gemiddelde van het leerjaar",
        "niveaus",
        "competentiemeting",
        -1,
        "competenties",
    ),
)
_OWN = {
    "verzuim_ongeoorloofd_13": KLAS,
    "resultaat_niveau": KLAS,
    "stage_loopt": JAAR,
    "competentie_niveau": JAAR,
}
"""What is compared, and with whom."""
COMPARED = tuple(_OWN)
"""Columns of other builders that a class is made of."""


def klas_van(tables: Tables, spine: pl.LazyFrame) -> pl.DataFrame:
    """Return the class of each spine row that was enrolled.

    Returns
    -------
    DataFrame
        `RIJ`, ``jongere_id`` and the columns of `KLAS` and `JAAR`.
    """
    return (
        current(tables, spine)
        .with_columns(school_year().alias("leerjaar"))
        .select(RIJ, "jongere_id", *KLAS, "leerweg", "leerjaar")
        .collect()
    )


def class_totals(tables: Tables, spine: pl.LazyFrame) -> pl.DataFrame:
    """Return sum and number per class of the spine rows that were enrolled, as known then.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Canonical tables.
    spine : LazyFrame
        Numbered spine: everybody of a class, on each peildatum.

    Returns
    -------
    DataFrame
        ``wat`` (what is compared), the columns of `KLAS` and `JAAR` (null where they do not
        define the class), ``som`` (whole number, in `PARTS`) and ``n``. Totals of parts of the
        jongeren may be added up.
    """
    own = _own_values(tables, klas_van(tables, spine)).lazy()
    return pl.concat(
        [
            own.drop_nulls(name)
            .group_by(keys)
            .agg(
                (pl.col(name).cast(pl.Float64) * PARTS).round().cast(pl.Int64).sum().alias("som"),
                pl.len().alias("n"),
            )
            .with_columns(pl.lit(name).alias("wat"))
            for name, keys in _OWN.items()
        ],
        how="diagonal",
    ).collect()


def klas_features(own: pl.DataFrame, totals: pl.DataFrame) -> pl.DataFrame:
    """Hold each spine row beside its class.

    Parameters
    ----------
    own : DataFrame
        What `klas_van` returns, with `COMPARED`.
    totals : DataFrame
        What `class_totals` returns, added up over all jongeren, without the classes that are too
        small (`FEWEST`).

    Returns
    -------
    DataFrame
        `RIJ` and `FEATURES`: own value minus the mean of the class, null where either is
        unknown; ``klas_stage`` is the share of the year with a running stage, 0 for who has one.
    """
    for name, keys in _OWN.items():
        means = totals.filter(pl.col("wat") == name).select(
            *keys, (pl.col("som") / PARTS / pl.col("n")).alias(f"gemiddeld_{name}")
        )
        own = own.join(means, on=keys, how="left", nulls_equal=True, maintain_order="left")
    return own.select(
        RIJ,
        _beside("verzuim_ongeoorloofd_13").alias("klas_verzuim"),
        _beside("resultaat_niveau").alias("klas_resultaat"),
        (pl.col("gemiddeld_stage_loopt") * (1 - pl.col("stage_loopt"))).alias("klas_stage"),
        _beside("competentie_niveau").alias("klas_competentie"),
    )


def _own_values(tables: Tables, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of `klas_van` with `COMPARED`, as the other builders make them."""
    asked = rows.lazy().select(RIJ, "jongere_id", "peildatum")
    stage, competentie = pl.collect_all(
        [
            stage_features(tables, asked).select(RIJ, "stage_loopt"),
            competentie_features(tables, asked).select(RIJ, "competentie_niveau"),
        ]
    )
    return (
        rows.hstack(recent_shares(tables, rows))
        .hstack(recent_levels(tables, rows))
        .join(stage, on=RIJ, how="left")
        .join(competentie, on=RIJ, how="left")
    )


def _beside(name: str) -> pl.Expr:
    return pl.col(name) - pl.col(f"gemiddeld_{name}")
