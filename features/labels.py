"""What came of it: uitval, vsv and the outcome of a plaatsing, each with its censoring.

Labels use every fact known by ``observed_until``, also those of after the peildatum. What cannot
be told yet is null: censored is never a negative example.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from features.contract import Tables
from features.inschrijving import enrolled_on, startkwalificaties
from features.peildatum import RIJ, cut_to_peildatum, numbered, table
from features.stage import MELDVERTRAGING_DAGEN, geslaagd
from features.vocabulary import RedenUitschrijving

LAW_OF_2026 = 2026
"""First school year under the law Van school naar duurzaam werk."""


@dataclass(frozen=True)
class UitvalDefinition:
    """Parameters of rolling uitval; recorded with every model.

    Parameters
    ----------
    maanden : int
        Length of the horizon after the peildatum.
    onderbreking_dagen : int
        An enrolment that starts within this many days after an end makes it no uitval.
    meldvertraging_dagen : int
        Days after the horizon before an outcome may be taken as reported.
    """

    maanden: int = 12
    onderbreking_dagen: int = 60
    meldvertraging_dagen: int = MELDVERTRAGING_DAGEN


@dataclass(frozen=True)
class VsvDefinition:
    """Parameters of yearly vsv; recorded with every model.

    Parameters
    ----------
    leeftijdsgrens, leeftijdsgrens_vanaf_2026 : int
        A jongere of this age or older on 1 October does not count: 23 years until school year
        2025-2026, 27 years after the law Van school naar duurzaam werk.
    meldvertraging_dagen : int
        Days after the second 1 October before an outcome may be taken as reported.
    """

    leeftijdsgrens: int = 23
    leeftijdsgrens_vanaf_2026: int = 27
    meldvertraging_dagen: int = MELDVERTRAGING_DAGEN


UITVAL = UitvalDefinition()
VSV = VsvDefinition()


def uitval(
    tables: Tables,
    spine: pl.DataFrame,
    *,
    observed_until: date,
    definition: UitvalDefinition = UITVAL,
) -> pl.DataFrame:
    """Say of each spine row whether the jongere left without startkwalificatie.

    Uitval: within the horizon (peildatum and last day inclusive) the enrolment ends, no other
    enrolment goes on or starts within `onderbreking_dagen`, and no startkwalificatie is
    obtained before the horizon is over, or before that interruption is.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Canonical tables; `inschrijving`, `diploma` and `kwalificatie` are used.
    spine : DataFrame
        ``jongere_id`` and ``peildatum``.
    observed_until : date
        Last day of which facts are used.
    definition : UitvalDefinition
        Horizon, interruption, reporting delay.

    Returns
    -------
    DataFrame
        ``jongere_id``, ``peildatum``, ``uitval``, and ``uitval_op`` (the day of it, null without);
        rows and order of the spine. Null when horizon plus reporting delay has not passed by
        `observed_until`, when the jongere turns out not to have been enrolled without
        startkwalificatie on the peildatum (an end or a diploma that was reported later), or died
        within the horizon.

    References
    ----------
    DOMAIN, section 4: uitval (rolling).
    """
    facts = cut_to_peildatum(tables, observed_until)
    wait = max(definition.meldvertraging_dagen, definition.onderbreking_dagen)
    rows = numbered(spine).with_columns(
        pl.col("peildatum").dt.offset_by(f"{definition.maanden}mo").alias("horizon")
    )
    outcome = _left(facts, rows, definition)
    ripe = pl.col("horizon").dt.offset_by(f"{wait}d") <= observed_until
    return (
        rows.join(_eligible(facts, rows), on=RIJ, how="left")
        .join(outcome, on=RIJ, how="left")
        .sort(RIJ)
        .select(
            "jongere_id",
            "peildatum",
            pl.when(ripe & pl.col("telt_mee") & ~pl.col("overleden").fill_null(value=False))
            .then(pl.col("weg").fill_null(value=False))
            .alias("uitval"),
            pl.col("einde").alias("uitval_op"),
        )
        .with_columns(pl.when("uitval").then("uitval_op").alias("uitval_op"))
        .collect()
    )


def vsv(
    tables: Tables,
    schooljaren: Sequence[int],
    *,
    observed_until: date,
    definition: VsvDefinition = VSV,
) -> pl.DataFrame:
    """Say who became vsv'er in each school year, after the official yearly definition.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Canonical tables; `jongere`, `inschrijving`, `diploma` and `kwalificatie` are used.
    schooljaren : sequence of int
        Calendar years in which the school years begin.
    observed_until : date
        Last day of which facts are used.
    definition : VsvDefinition
        Age limits and reporting delay.

    Returns
    -------
    DataFrame
        ``jongere_id``, ``schooljaar``, ``vsv`` for everyone enrolled on 1 October of the year,
        younger than the age limit and without startkwalificatie; ordered by year, then id.
        True when on the next 1 October not enrolled and still without startkwalificatie; null
        when that day plus the reporting delay has not passed, or the jongere died. Of whom no
        birth date is known the age cannot be told: no row.

    References
    ----------
    DOMAIN, section 4: vsv (official, yearly).
    """
    facts = cut_to_peildatum(tables, observed_until)
    years = pl.LazyFrame({"schooljaar": list(schooljaren)}, schema={"schooljaar": pl.Int32})
    rows = (
        table(facts, "jongere")
        .lazy()
        .join(years, how="cross")
        .with_columns(
            pl.date(pl.col("schooljaar"), 10, 1).alias("peildatum"),
            pl.date(pl.col("schooljaar") + 1, 10, 1).alias("horizon"),
        )
        .filter(_younger_than_limit(definition))
        .select("jongere_id", "schooljaar", "peildatum", "horizon")
        .with_row_index(RIJ)
    )
    later = rows.with_columns(pl.col("horizon").alias("peildatum"))
    ripe = pl.col("horizon").dt.offset_by(f"{definition.meldvertraging_dagen}d") <= observed_until
    return (
        rows.join(_eligible(facts, rows), on=RIJ, how="inner")
        .filter("telt_mee")
        .join(_enrolled(facts, later), on=RIJ, how="left")
        .join(_diploma_by(facts, later), on=RIJ, how="left")
        .join(_died(facts), on="jongere_id", how="left")
        .sort("schooljaar", "jongere_id")
        .select(
            "jongere_id",
            "schooljaar",
            pl.when(ripe & (pl.col("overleden_op").fill_null(date.max) > pl.col("horizon")))
            .then(pl.col("ingeschreven").is_null() & pl.col("behaald").is_null())
            .alias("vsv"),
        )
        .collect()
    )


def plaatsing_geslaagd(stage: pl.DataFrame, *, observed_until: date) -> pl.DataFrame:
    """Say of each stage whether it was sustained.

    Parameters
    ----------
    stage : DataFrame
        Rows of the canonical table.
    observed_until : date
        Last day of which facts are used; stages known later have no row.

    Returns
    -------
    DataFrame
        ``stage_id``, ``geslaagd``; see `features.stage.geslaagd` for the meaning.
    """
    return cut_to_peildatum({"stage": stage}, observed_until)["stage"].select(
        "stage_id", geslaagd(pl.lit(observed_until)).alias("geslaagd")
    )


def _left(facts: Tables, rows: pl.LazyFrame, definition: UitvalDefinition) -> pl.LazyFrame:
    """Return, for rows with a final end within the horizon, whether it counts, and when."""
    pause = pl.duration(days=definition.onderbreking_dagen)
    return (
        rows.join(_final_ends(facts, definition.onderbreking_dagen), on="jongere_id")
        .filter(pl.col("einde").is_between("peildatum", "horizon"))
        .join(_first_startkwalificatie(facts), on="jongere_id", how="left")
        .with_columns(
            (
                pl.col("behaald_op").fill_null(date.max)
                > pl.max_horizontal("horizon", pl.col("einde") + pause)
            ).alias("weg")
        )
        .group_by(RIJ)
        .agg(
            pl.col("weg").any(),
            pl.col("overleden").any(),
            pl.col("einde").filter(pl.col("weg")).min(),
        )
    )


def _final_ends(facts: Tables, pause: int) -> pl.LazyFrame:
    """Return the ends after which no enrolment goes on or starts within the pause."""
    periods = (
        table(facts, "inschrijving")
        .lazy()
        .select(
            "jongere_id",
            "begindatum",
            "einddatum",
            overleden=pl.col("reden_uitschrijving") == str(RedenUitschrijving.OVERLEDEN),
        )
    )
    ends = (
        periods.drop_nulls("einddatum")
        .group_by("jongere_id", einde=pl.col("einddatum"))
        .agg(pl.col("overleden").any())
    )
    continued = (
        ends.join(periods.drop("overleden"), on="jongere_id")
        .filter(
            pl.col("begindatum") <= pl.col("einde") + pl.duration(days=pause),
            pl.col("einddatum").is_null() | (pl.col("einddatum") > pl.col("einde")),
        )
        .select("jongere_id", "einde")
    )
    return ends.join(continued, on=["jongere_id", "einde"], how="anti")


def _eligible(facts: Tables, rows: pl.LazyFrame) -> pl.LazyFrame:
    """Return `RIJ` and ``telt_mee``: in fact enrolled without startkwalificatie on the day."""
    return (
        _enrolled(facts, rows)
        .join(_diploma_by(facts, rows), on=RIJ, how="left")
        .select(RIJ, pl.col("behaald").is_null().alias("telt_mee"))
    )


def _enrolled(facts: Tables, rows: pl.LazyFrame) -> pl.LazyFrame:
    return (
        rows.select(RIJ, "jongere_id", "peildatum")
        .join(table(facts, "inschrijving").lazy(), on="jongere_id")
        .filter(enrolled_on(pl.col("peildatum")))
        .select(RIJ, pl.lit(value=True).alias("ingeschreven"))
        .unique()
    )


def _first_startkwalificatie(facts: Tables) -> pl.LazyFrame:
    return startkwalificaties(facts).group_by("jongere_id").agg(behaald_op=pl.col("datum").min())


def _diploma_by(facts: Tables, rows: pl.LazyFrame) -> pl.LazyFrame:
    return (
        rows.select(RIJ, "jongere_id", "peildatum")
        .join(_first_startkwalificatie(facts), on="jongere_id")
        .filter(pl.col("behaald_op") <= pl.col("peildatum"))
        .select(RIJ, pl.lit(value=True).alias("behaald"))
    )


def _died(facts: Tables) -> pl.LazyFrame:
    return (
        table(facts, "inschrijving")
        .lazy()
        .filter(pl.col("reden_uitschrijving") == str(RedenUitschrijving.OVERLEDEN))
        .group_by("jongere_id")
        .agg(overleden_op=pl.col("einddatum").min())
    )


def _younger_than_limit(definition: VsvDefinition) -> pl.Expr:
    limit = (
        pl.when(pl.col("schooljaar") >= LAW_OF_2026)
        .then(definition.leeftijdsgrens_vanaf_2026)
        .otherwise(definition.leeftijdsgrens)
    )
    born, day = pl.col("geboortedatum"), pl.col("peildatum")
    not_yet = (born.dt.month() > day.dt.month()).cast(pl.Int32)
    return day.dt.year() - born.dt.year() - not_yet < limit
