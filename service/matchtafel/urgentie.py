"""Facts behind the agenda, read from tables cut to the peildatum."""

from collections.abc import Collection
from datetime import date

import polars as pl

from features.contract import Tables
from service.matchtafel.agenda import FACTS
from service.overzicht import zoekende_jongeren


def urgency_facts(
    tables: Tables, peildatum: date, scores: pl.DataFrame, aangehouden: Collection[str]
) -> pl.DataFrame:
    """Return what urgency is made of, for everybody without a running stage.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Canonical tables, cut to the peildatum.
    peildatum : date
        The day from which we look.
    scores : DataFrame
        ``jongere_id`` and ``uitvalrisico``.
    aangehouden : collection of str
        Ids of those whom an earlier table put off, or did not get to.
    """
    periods = pl.concat(
        [
            tables[name].select("jongere_id", "begindatum", "einddatum", "geplande_einddatum")
            for name in ("inschrijving", "stage")
        ]
    ).filter(pl.col("begindatum") <= peildatum)
    running = pl.col("einddatum").is_null() | (pl.col("einddatum") > peildatum)
    ends = periods.group_by("jongere_id").agg(
        running.any().alias("loopt"),
        pl.col("einddatum").max().alias("laatste"),
        pl.col("geplande_einddatum").filter(running).max().alias("gepland"),
    )
    today = pl.lit(peildatum)
    return (
        zoekende_jongeren(tables, peildatum)
        .join(ends, on="jongere_id", how="left", maintain_order="left")
        .join(scores, on="jongere_id", how="left", maintain_order="left")
        .select(
            "jongere_id",
            pl.when(~pl.col("loopt")).then(_weeks(today - pl.col("laatste"))).alias("weken_zonder"),
            pl.when(pl.col("gepland") >= today)
            .then(_weeks(pl.col("gepland") - today))
            .alias("weken_tot_einde"),
            "uitvalrisico",
            pl.col("jongere_id").is_in(list(aangehouden)).alias("aangehouden"),
        )
        .match_to_schema(FACTS)
    )


def _weeks(span: pl.Expr) -> pl.Expr:
    return span.dt.total_days() / 7
