"""The side of the jongere in a pair: wishes, limits, support, opleiding, home, earlier stages."""

from enum import StrEnum

import polars as pl

from features.contract import Tables
from features.inschrijving import current
from features.peildatum import RIJ, days_ago, known, table
from features.stage import HISTORY_DAYS, broken_off, never_started, running
from features.vocabulary import (
    MBO_BY_NIVEAU,
    Omstandigheid,
    Ondersteuning,
    Onderwijssoort,
    Vervoer,
)

_MBO = [str(soort) for soort in (Onderwijssoort.MBO, *MBO_BY_NIVEAU.values())]


def bits(column: str, words: type[StrEnum]) -> pl.Expr:
    """Return a list of words as a bit set (Int64) over the members in order; null for null.

    Examples
    --------
    >>> frame = pl.DataFrame({"vervoer": [["fiets", "lopen"], [], None]})
    >>> frame.select(bits("vervoer", Vervoer)).to_series().to_list()
    [3, 0, None]
    """
    code = pl.element().replace_strict(
        [str(word) for word in words],
        [1 << place for place in range(len(words))],
        return_dtype=pl.Int64,
    )
    return pl.col(column).list.unique().list.eval(code).list.sum()


def coordinates(tables: Tables, rows: pl.LazyFrame, plaats: str) -> pl.LazyFrame:
    """Add ``breedtegraad`` and ``lengtegraad`` of the postcode4, else of the named place."""
    postcodes = table(tables, "postcode").lazy()
    degrees = ("breedtegraad", "lengtegraad")
    places = postcodes.group_by("plaats").agg(
        pl.col(name).sort().mean().alias(f"{name}_plaats") for name in degrees
    )
    return (
        rows.join(postcodes.select("postcode4", *degrees), on="postcode4", how="left")
        .join(places, left_on=plaats, right_on="plaats", how="left")
        .with_columns(pl.coalesce(name, f"{name}_plaats").alias(name) for name in degrees)
        .drop(f"{name}_plaats" for name in degrees)
    )


def jongere_conditions(tables: Tables, spine: pl.LazyFrame) -> pl.DataFrame:
    """Return what each jongere wants, can carry and needs, as known on the peildatum.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Canonical tables, cut or not.
    spine : LazyFrame
        Numbered spine (`features.peildatum.numbered`).

    Returns
    -------
    DataFrame
        One row per spine row, in order: ``jongere_id``, ``peildatum``, the columns of the
        latest voorkeur (lists as bit sets, see `bits`), ``steun`` (bit set of support needed,
        only with toestemming), ``opleidingcode``, ``opleiding_niveau``, ``opleiding_sector`` and
        ``mbo`` (entree included) of the current enrolment, coordinates of the home,
        ``geboortemaand`` (months since the year 0; for the law only), ``zoekduur`` in weeks,
        ``afgebroken`` (count), ``eigen_plek`` (where a stage runs now), and ``reistijd_gewoon``:
        the middle of the limits to the journey that anybody told by then. Null is unknown.
    """
    parts = [_wishes(tables, spine), _support(tables, spine), _opleiding(tables, spine)]
    parts += [_home(tables, spine), _stages(tables, spine), _usual_limit(tables, spine)]
    rows, *collected = pl.collect_all([spine, *parts])
    for part in collected:
        rows = rows.join(part, on=RIJ, how="left", maintain_order="left")
    return rows


def _wishes(tables: Tables, spine: pl.LazyFrame) -> pl.LazyFrame:
    return (
        known(tables, "voorkeur", spine)
        .filter(days_ago("datum") >= 0)
        .sort("datum", "bekend_op")
        .unique(RIJ, keep="last", maintain_order=True)
        .select(
            RIJ,
            "sectoren",
            "uren_min",
            "uren_max",
            "reistijd_max",
            "rijbewijs",
            bits("vervoer", Vervoer).alias("vervoer"),
            bits("vermijdt", Omstandigheid).alias("vermijdt"),
        )
    )


def _usual_limit(tables: Tables, spine: pl.LazyFrame) -> pl.LazyFrame:
    """Return the median of all limits to the journey that were known on each peildatum."""
    told = (
        table(tables, "voorkeur")
        .lazy()
        .drop_nulls("reistijd_max")
        .group_by("bekend_op", "reistijd_max")
        .agg(pl.len().alias("n"))
    )
    middle = (
        told.join(spine.select("peildatum").unique(), how="cross")
        .filter(pl.col("bekend_op") <= pl.col("peildatum"))
        .group_by("peildatum", "reistijd_max")
        .agg(pl.col("n").sum())
        .sort("peildatum", "reistijd_max")
        .with_columns(
            tot=pl.col("n").cum_sum().over("peildatum"), alle=pl.col("n").sum().over("peildatum")
        )
        .filter(2 * pl.col("tot") >= pl.col("alle"))
        .group_by("peildatum")
        .agg(reistijd_gewoon=pl.col("reistijd_max").min())
    )
    return spine.select(RIJ, "peildatum").join(middle, on="peildatum").drop("peildatum")


def _support(tables: Tables, spine: pl.LazyFrame) -> pl.LazyFrame:
    """Return the support that is needed: of each kind the latest word, if it may be used."""
    return (
        known(tables, "ondersteuningsbehoefte", spine)
        .filter(days_ago("datum") >= 0)
        .sort("datum")
        .unique([RIJ, "soort"], keep="last", maintain_order=True)
        .filter("toestemming")
        .group_by(RIJ)
        .agg("soort")
        .select(RIJ, bits("soort", Ondersteuning).alias("steun"))
    )


def _opleiding(tables: Tables, spine: pl.LazyFrame) -> pl.LazyFrame:
    dossiers = (
        table(tables, "kwalificatie")
        .lazy()
        .select("opleidingcode", dossier="niveau", opleiding_sector="sector")
    )
    return (
        current(tables, spine)
        .select(RIJ, "opleidingcode", "niveau", "onderwijssoort")
        .join(dossiers, on="opleidingcode", how="left")
        .select(
            RIJ,
            pl.col("opleidingcode").cast(pl.Float64, strict=False),
            pl.coalesce("niveau", "dossier").alias("opleiding_niveau"),
            "opleiding_sector",
            pl.col("onderwijssoort").is_in(_MBO).alias("mbo"),
        )
    )


def _home(tables: Tables, spine: pl.LazyFrame) -> pl.LazyFrame:
    born = pl.col("geboortedatum")
    home = (
        table(tables, "jongere")
        .lazy()
        .select(
            "jongere_id",
            "postcode4",
            "woonplaats",
            (born.dt.year() * 12 + born.dt.month()).alias("geboortemaand"),
        )
    )
    return coordinates(
        tables, spine.select(RIJ, "jongere_id").join(home, on="jongere_id"), "woonplaats"
    ).select(RIJ, "breedtegraad", "lengtegraad", "geboortemaand")


def _stages(tables: Tables, spine: pl.LazyFrame) -> pl.LazyFrame:
    runs = running(pl.col("peildatum"))
    return (
        known(tables, "stage", spine)
        .filter(days_ago("begindatum").is_between(0, HISTORY_DAYS - 1))
        .sort("begindatum", "stage_id")
        .select(
            RIJ,
            "zoekduur_weken",
            (broken_off().fill_null(value=False) | never_started()).alias("afgebroken"),
            pl.when(runs).then("leerwerkplek_id").alias("eigen_plek"),
        )
        .group_by(RIJ, maintain_order=True)
        .agg(
            pl.col("zoekduur_weken").drop_nulls().last().alias("zoekduur"),
            pl.col("afgebroken").sum(),
            pl.col("eigen_plek").drop_nulls().last(),
        )
    )
