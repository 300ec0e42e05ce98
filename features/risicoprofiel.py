"""One row per (jongere, peildatum) of all that may count for uitvalrisico: the allowlist.

A model takes no column that is not in `FEATURES` (TRUST F1). Left out on purpose: geslacht, age,
name, postcode, woonplaats, gemeente and travel distance, because they stand in for origin; and
ondersteuningsbehoefte, because jongeren consent to its use for placing only.
"""

from collections.abc import Iterator, Sequence
from datetime import date

import polars as pl

from features import competentie, contact, inschrijving, klas, resultaat, stage, verzuim
from features.contract import Tables
from features.inschrijving import enrolled_on, startkwalificaties
from features.peildatum import RIJ, known, numbered, table
from features.registry import Feature, names

FEATURES: tuple[Feature, ...] = (
    *verzuim.FEATURES,
    *resultaat.FEATURES,
    *inschrijving.FEATURES,
    *stage.FEATURES,
    *competentie.FEATURES,
    *contact.FEATURES,
    *klas.FEATURES,
)

DECIMALS = 9
"""Sums of floats depend on their order in the last digits; rounded, the same rows in any order
give the same profile."""

BUILDERS = (
    verzuim.verzuim_features,
    verzuim.verzuimmelding_features,
    resultaat.resultaat_features,
    inschrijving.inschrijving_features,
    stage.stage_features,
    competentie.competentie_features,
    contact.contact_features,
)

PER_JONGERE = (
    "inschrijving",
    "verzuim",
    "verzuimmelding",
    "resultaat",
    "stage",
    "competentiemeting",
    "contact",
)
"""Tables that the builders read and that hold rows of jongeren."""
ROWS = 200_000
"""Rows of a spine that are worked on at once; the memory needed grows with it."""


def population(tables: Tables, peildata: Sequence[date]) -> pl.DataFrame:
    """Return who was enrolled without startkwalificatie on each peildatum, as known then.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Canonical tables; `inschrijving`, `diploma` and `kwalificatie` are used.
    peildata : sequence of date
        Days from which we look.

    Returns
    -------
    DataFrame
        ``jongere_id``, ``peildatum``; distinct rows, ordered by peildatum, then id.
    """
    days = pl.LazyFrame({"peildatum": sorted(set(peildata))}, schema={"peildatum": pl.Date})
    spine = table(tables, "inschrijving").lazy().select("jongere_id").unique()
    rows = spine.join(days, how="cross")
    enrolled = (
        known(tables, "inschrijving", rows)
        .filter(enrolled_on(pl.col("peildatum")))
        .select("jongere_id", "peildatum")
        .unique()
    )
    qualified = (
        startkwalificaties(tables)
        .join(days, how="cross")
        .filter(pl.col("bekend_op") <= pl.col("peildatum"), pl.col("datum") <= pl.col("peildatum"))
        .select("jongere_id", "peildatum")
    )
    return (
        enrolled.join(qualified, on=["jongere_id", "peildatum"], how="anti")
        .sort("peildatum", "jongere_id")
        .collect()
    )


def risicoprofiel(
    tables: Tables, spine: pl.DataFrame, *, klas_van: int = klas.FEWEST
) -> pl.DataFrame:
    """Return all `FEATURES` of each spine row, from what was known on its peildatum.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Canonical tables, cut or not; any may be absent.
    spine : DataFrame
        ``jongere_id`` and ``peildatum``, in any order, for any number of peildata.
    klas_van : int
        A class of which fewer are known is not compared with.

    Returns
    -------
    DataFrame
        ``jongere_id``, ``peildatum`` and one Float64 column per feature; rows and order of the
        spine. Null is unknown, which is kept apart from 0.
    """
    rows = numbered(spine)
    totals = _class_totals(tables, spine["peildatum"]).filter(pl.col("n") >= klas_van)
    parts = [
        _profile(part, rows.filter(pl.col("jongere_id").is_in(ids.implode())), totals)
        for ids, part in _parts(tables, spine)
    ]
    if not parts:
        return _shaped(rows.collect().with_columns(pl.lit(None).alias(n) for n in names(FEATURES)))
    return _shaped(pl.concat(parts).sort(RIJ))


def _profile(tables: Tables, rows: pl.LazyFrame, totals: pl.DataFrame) -> pl.DataFrame:
    """Return the features of the numbered rows of some jongeren."""
    parts = pl.collect_all([builder(tables, rows) for builder in BUILDERS])
    parts.append(klas.klas_features(klas.own_values(tables, rows), totals))
    profile = rows.collect()
    for part in parts:
        profile = profile.join(part, on=RIJ, how="left", maintain_order="left")
    return profile.cast(dict.fromkeys(names(FEATURES), pl.Float64))


def _class_totals(tables: Tables, peildata: pl.Series) -> pl.DataFrame:
    everyone = table(tables, "inschrijving").select("jongere_id").unique()
    days = pl.DataFrame({"peildatum": peildata.unique()})
    totals = pl.concat(
        [
            klas.class_totals(part, days["peildatum"])
            for _, part in _parts(tables, everyone, days.height)
        ]
        or [klas.class_totals({}, days["peildatum"])]
    )
    keys = [name for name in totals.columns if name not in ("som", "n")]
    return totals.group_by(keys).agg(pl.col("som", "n").sum())


def _parts(
    tables: Tables, spine: pl.DataFrame, peildata: int = 1
) -> Iterator[tuple[pl.Series, Tables]]:
    """Deal the jongeren of a spine in parts of about `ROWS` rows, each with its own tables.

    So the memory needed does not grow with the number of jongeren times peildata.
    """
    ids = spine["jongere_id"].unique().sort()
    n_parts = max(1, -(-spine.height * peildata // ROWS)) if len(ids) else 0
    size = -(-len(ids) // max(n_parts, 1))
    for number in range(n_parts):
        own = ids.slice(number * size, size)
        yield own, {name: _rows_of(own, name, frame) for name, frame in tables.items()}


def _rows_of(ids: pl.Series, name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of some jongeren, and the first known of all: it tells when a register began.

    Tables that no builder reads for a jongere stay whole.
    """
    if name not in PER_JONGERE:
        return frame
    first = pl.col("bekend_op") == pl.col("bekend_op").min()
    return frame.filter(pl.col("jongere_id").is_in(ids.implode()) | first)


def _shaped(profile: pl.DataFrame) -> pl.DataFrame:
    return profile.select(
        "jongere_id", "peildatum", pl.col(names(FEATURES)).cast(pl.Float64).round(DECIMALS)
    )
