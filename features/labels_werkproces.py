"""Which werkproces was mastered in which stage: an outcome with its day, never told too early.

An example is a werkproces that somebody judged beforehand and that the place of the stage
teaches. Its outcome is the last judgement about the planned end. A stage that ended early has
none: what a jongere learns is asked of those who stay; whether they stay is another model.
"""

from datetime import date

import polars as pl

from features.contract import Tables
from features.peildatum import table
from features.stage import EARLY_DAYS, MELDVERTRAGING_DAGEN, geslaagd
from features.vocabulary import Beoordelaar, Niveau

BEFORE_DAYS = 80
"""A judgement at most so many days before the begin says where the jongere starts."""
ABOUT_END_DAYS = 28
"""A judgement at most so many days before or after the planned end is that of the stage."""
JUDGES = [str(Beoordelaar.SCHOOL), str(Beoordelaar.LEERBEDRIJF)]


def werkproces_voorbeelden(tables: Tables) -> pl.DataFrame:
    """Return the werkprocessen that stages set out to teach, as seen just before each began.

    Returns
    -------
    DataFrame
        ``stage_id``, ``jongere_id``, ``leerwerkplek_id``, ``leerbedrijf_id``, ``werkproces_id``;
        ``peildatum``, the day before the stage began or was agreed; ``uren_per_week``, and
        ``uren``: those of the planned weeks, shared equally by the werkprocessen of the stage
        (null when unknown); ``known_by``, the day on which the outcome is due, which depends on
        the plan only. Only what was judged and known before the peildatum is here, and only
        stages with a planned end. Ordered by peildatum, stage and werkproces.
    """
    stages = (
        table(tables, "stage")
        .lazy()
        .filter(pl.col("leerwerkplek_id").is_not_null(), pl.col("geplande_einddatum").is_not_null())
        .select(
            "stage_id",
            "jongere_id",
            "leerwerkplek_id",
            "leerbedrijf_id",
            "begindatum",
            "uren_per_week",
            "geplande_einddatum",
            peildatum=pl.min_horizontal("begindatum", "bekend_op") - pl.duration(days=1),
            weken=(pl.col("geplande_einddatum") - pl.col("begindatum")).dt.total_days() / 7,
        )
    )
    taught = table(tables, "leerwerkplek_werkproces").lazy().drop("bron")
    return (
        stages.join(taught, on="leerwerkplek_id")
        .join(_judged(tables), on=["jongere_id", "werkproces_id"])
        .filter(
            pl.col("bekend_op") <= pl.col("peildatum"),
            pl.col("datum") >= pl.col("begindatum") - pl.duration(days=BEFORE_DAYS),
        )
        .unique(["stage_id", "werkproces_id"])
        .select(
            "stage_id",
            "jongere_id",
            "leerwerkplek_id",
            "leerbedrijf_id",
            "werkproces_id",
            "peildatum",
            "uren_per_week",
            uren=pl.col("uren_per_week") * pl.col("weken") / pl.len().over("stage_id"),
            known_by=pl.col("geplande_einddatum") + pl.duration(days=MELDVERTRAGING_DAGEN),
        )
        .sort("peildatum", "stage_id", "werkproces_id")
        .collect()
    )


def werkproces_beheerst(
    tables: Tables, voorbeelden: pl.DataFrame, *, observed_until: date
) -> pl.Series:
    """Return whether each werkproces was mastered in its stage, as known on a day.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Canonical tables.
    voorbeelden : DataFrame
        As `werkproces_voorbeelden` returns them.
    observed_until : date
        Nothing known later is used.

    Returns
    -------
    Series of Boolean
        In the order of the rows. True: at the end the jongere works ``zelfstandig`` or better.
        Null: not due yet, the stage ended early or its end is not known, or nobody judged;
        what nobody judged is never a failure.
    """
    held = (
        table(tables, "stage")
        .filter(pl.col("einde_bekend_op") <= observed_until)
        .filter(
            geslaagd(pl.lit(observed_until)).fill_null(value=False),
            pl.col("einddatum") >= pl.col("geplande_einddatum") - pl.duration(days=EARLY_DAYS),
        )
        .select("stage_id", "geplande_einddatum")
    )
    about = (pl.col("datum") - pl.col("geplande_einddatum")).dt.total_days().abs()
    judged = _judged(tables).filter(pl.col("bekend_op") <= observed_until).collect()
    outcome = (
        voorbeelden.select("stage_id", "jongere_id", "werkproces_id")
        .join(held, on="stage_id")
        .join(judged, on=["jongere_id", "werkproces_id"])
        .filter(about <= ABOUT_END_DAYS)
        .sort("datum", "niveau")
        .group_by("stage_id", "werkproces_id")
        .agg(pl.col("niveau").last() >= int(Niveau.ZELFSTANDIG))
        .rename({"niveau": "beheerst"})
    )
    return voorbeelden.join(
        outcome, on=["stage_id", "werkproces_id"], how="left", maintain_order="left"
    )["beheerst"]


def _judged(tables: Tables) -> pl.LazyFrame:
    """Return what others than the jongere judged."""
    return (
        table(tables, "competentiemeting")
        .lazy()
        .filter(pl.col("bron").is_in(JUDGES))
        .select("jongere_id", "datum", "niveau", "bekend_op", werkproces_id="competentie_id")
    )
