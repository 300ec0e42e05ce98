"""One row per (jongere, peildatum) of all that may count for uitvalrisico: the allowlist.

A model takes no column that is not in `FEATURES` (TRUST F1). Left out on purpose: geslacht, age,
name, postcode, woonplaats, gemeente and travel distance, because they stand in for origin; and
ondersteuningsbehoefte, because jongeren consent to its use for placing only.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import partial

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
ROWS = 100_000
JONGEREN = 10_000
"""Rows of a spine, and jongeren with all that is known of them, that are worked on at once: the
memory needed grows with these."""

Part = tuple[pl.DataFrame, Tables]
"""Numbered rows of some jongeren, and the tables with what is known of them."""
Run = Callable[[Callable[[Part], pl.DataFrame], Iterable[Part]], Iterable[pl.DataFrame]]
"""Works parts out and keeps their order, as `map` does; on several machines perhaps."""


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
    tables: Tables,
    spine: pl.DataFrame,
    *,
    klas_van: int = klas.FEWEST,
    run: Run = map,
    parts: int = 1,
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
    run : callable
        Works the parts out.
    parts : int
        Least number of parts that the jongeren are dealt in; it changes no profile.

    Returns
    -------
    DataFrame
        ``jongere_id``, ``peildatum`` and one Float64 column per feature; rows and order of the
        spine. Null is unknown, which is kept apart from 0.
    """
    found = list(_profiles(tables, spine, klas_van, run, parts))
    if not found:
        rows = numbered(spine).collect()
        return _shaped(rows.with_columns(pl.lit(None).alias(name) for name in names(FEATURES)))
    return _shaped(pl.concat(found).sort(RIJ))


def risicoprofielen(tables: Tables, spine: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield what `risicoprofiel` returns, some jongeren at a time: for more than memory holds.

    Each part holds all rows of its jongeren, in the order of the spine; the parts together hold
    every row once.
    """
    for part in _profiles(tables, spine, klas.FEWEST, map, 1):
        yield _shaped(part)


def _profiles(
    tables: Tables, spine: pl.DataFrame, klas_van: int, run: Run, parts: int
) -> Iterator[pl.DataFrame]:
    totals = _class_totals(tables, spine["peildatum"], run, parts).filter(pl.col("n") >= klas_van)
    yield from run(partial(_profile, totals=totals), _parts(tables, spine, parts))


def _profile(part: Part, totals: pl.DataFrame) -> pl.DataFrame:
    """Return the features of the numbered rows of some jongeren."""
    rows, tables = part
    profile = rows
    for built in pl.collect_all([builder(tables, rows.lazy()) for builder in BUILDERS]):
        profile = profile.join(built, on=RIJ, how="left", maintain_order="left")
    own = klas.klas_van(tables, rows.lazy()).join(
        profile.select(RIJ, *klas.COMPARED), on=RIJ, how="left"
    )
    beside = klas.klas_features(own, totals)
    profile = profile.join(beside, on=RIJ, how="left", maintain_order="left")
    return profile.cast(dict.fromkeys(names(FEATURES), pl.Float64))


def _class_totals(tables: Tables, peildata: pl.Series, run: Run, parts: int) -> pl.DataFrame:
    """Return the totals of the classes of everybody who was ever enrolled, on each peildatum."""
    everyone = table(tables, "inschrijving").select("jongere_id").unique()
    days = pl.DataFrame({"peildatum": peildata.unique()})
    spine = everyone.join(days, how="cross")
    found = list(run(_totals, _parts(tables, spine, parts)))
    totals = pl.concat(found or [klas.class_totals({}, numbered(spine))])
    keys = [name for name in totals.columns if name not in ("som", "n")]
    return totals.group_by(keys).agg(pl.col("som", "n").sum())


def _totals(part: Part) -> pl.DataFrame:
    """Return the totals of the classes over some jongeren."""
    rows, tables = part
    return klas.class_totals(tables, rows.lazy())


def _parts(tables: Tables, spine: pl.DataFrame, least: int) -> Iterator[Part]:
    """Deal the jongeren of a spine in parts of about `ROWS` rows at most, with their own tables.

    So the memory needed does not grow with the number of jongeren times peildata. Every row of a
    table is looked up once, to tell its part.
    """
    ids = spine["jongere_id"].unique().sort()
    n_parts = max(-(-spine.height // ROWS), -(-len(ids) // JONGEREN), least)
    size = -(-len(ids) // max(n_parts, 1))
    dealt = pl.DataFrame({"jongere_id": ids}).with_columns(
        (pl.int_range(pl.len()) // max(size, 1)).alias("deel")
    )
    rows = numbered(spine).collect()
    of_row = _part_of(dealt, rows)
    of_table = {name: _part_of(dealt, tables[name]) for name in PER_JONGERE if name in tables}
    for number in range(-(-len(ids) // max(size, 1))):
        own = {
            name: frame.filter((of_table[name] == number) | _first_known(frame))
            if name in of_table
            else frame
            for name, frame in tables.items()
        }
        yield rows.filter(of_row == number), own


def _part_of(dealt: pl.DataFrame, frame: pl.DataFrame) -> pl.Series:
    """Return the number of the part of each row; -1 for jongeren that were not dealt."""
    joined = frame.select("jongere_id").join(
        dealt, on="jongere_id", how="left", maintain_order="left"
    )
    return joined["deel"].fill_null(-1)


def _first_known(frame: pl.DataFrame) -> pl.Series:
    """Mark the rows that were known first of all: they tell when a register began."""
    first = pl.col("bekend_op") == pl.col("bekend_op").min()
    return frame.select(first.fill_null(value=False)).to_series()


def _shaped(profile: pl.DataFrame) -> pl.DataFrame:
    return profile.select(
        "jongere_id", "peildatum", pl.col(names(FEATURES)).cast(pl.Float64).round(DECIMALS)
    )
