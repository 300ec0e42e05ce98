"""The side of the leerwerkplek in a pair: hours, conditions, support, capacity, own history."""

from datetime import date

import polars as pl

from features.contract import Tables
from features.peildatum import RIJ, known, table
from features.stage import MELDVERTRAGING_DAGEN, geslaagd, last_day, never_started
from features.vocabulary import Omstandigheid, Ondersteuning
from features.voorkeur import bits, coordinates

PRIOR = 6.0
"""Shrinkage: the history of a place counts against this many stages of its leerbedrijf, and that
of a leerbedrijf against this many stages of the region. So two stages do not make a place 0%."""


def leerwerkplek_conditions(tables: Tables, spine: pl.LazyFrame) -> pl.DataFrame:
    """Return what each leerwerkplek asks and offers, as known on the peildatum.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Canonical tables, cut or not.
    spine : LazyFrame
        `RIJ`, ``leerwerkplek_id`` and ``peildatum``.

    Returns
    -------
    DataFrame
        One row per spine row, in order. ``open`` is false when the place is not yet known or
        closed; ``erkend`` says whether the leerbedrijf is recognised for its opleiding (null
        when unknown or no opleiding is named); ``vrij`` is capacity minus stages that take a
        place; ``plek_ervaring`` and ``leerbedrijf_ervaring`` are shrunk shares of sustained
        stages in [0, 1], ``ervaring_aantal`` is the number of stages of the leerbedrijf that
        they rest on; ``leerbedrijf_capaciteit`` is the mean capacity of the known places of the
        leerbedrijf. Of a place not yet known all else is null.
    """
    known_places = known(tables, "leerwerkplek", spine, on="leerwerkplek_id")
    rows, *parts = pl.collect_all(
        [
            spine,
            _places(tables, known_places),
            _taken(tables, spine),
            _history(known_places, _outcomes(tables)),
            _size(tables, known_places),
        ]
    )
    for part in parts:
        rows = rows.join(part, on=RIJ, how="left", maintain_order="left")
    return rows.with_columns(
        pl.col("open").fill_null(value=False),
        (pl.col("capaciteit") - pl.col("bezet").fill_null(0)).alias("vrij"),
    )


def vrije_plekken(tables: Tables, peildatum: date) -> pl.DataFrame:
    """Return the free capacity of every place that is open on the peildatum.

    Returns
    -------
    DataFrame
        ``leerwerkplek_id``, ``vrij`` (at least 0); ordered by id.
    """
    places = table(tables, "leerwerkplek").lazy().select("leerwerkplek_id").sort("leerwerkplek_id")
    spine = places.with_columns(peildatum=pl.lit(peildatum)).with_row_index(RIJ)
    return (
        leerwerkplek_conditions(tables, spine)
        .filter("open")
        .select("leerwerkplek_id", pl.col("vrij").clip(lower_bound=0))
    )


def _places(tables: Tables, places: pl.LazyFrame) -> pl.LazyFrame:
    employers = (
        table(tables, "leerbedrijf")
        .lazy()
        .select("leerbedrijf_id", "plaats", "postcode4", "sector", "erkenningen")
    )
    dossiers = (
        table(tables, "kwalificatie")
        .lazy()
        .select("opleidingcode", opleiding_niveau="niveau", opleiding_sector="sector")
    )
    rows = places.join(employers, on="leerbedrijf_id", how="left").join(
        dossiers, on="opleidingcode", how="left"
    )
    closed = pl.col("sluit_op").fill_null(date.max) < pl.col("peildatum")
    return coordinates(tables, rows, "plaats").select(
        RIJ,
        "leerbedrijf_id",
        "soort",
        "capaciteit",
        "uren_min",
        "uren_max",
        "breedtegraad",
        "lengtegraad",
        "opleiding_niveau",
        "begindatum",
        "erkenningen",
        (~closed).alias("open"),
        pl.when(pl.col("opleidingcode").is_not_null())
        .then(pl.col("erkenningen").list.contains(pl.col("opleidingcode")))
        .alias("erkend"),
        pl.col("opleidingcode").cast(pl.Float64, strict=False),
        pl.coalesce("opleiding_sector", "sector").alias("sector"),
        bits("omstandigheden", Omstandigheid).alias("omstandigheden"),
        bits("begeleiding", Ondersteuning).alias("begeleiding"),
    )


def _size(tables: Tables, places: pl.LazyFrame) -> pl.LazyFrame:
    """Return how many jongeren the known places of each leerbedrijf take at a time, on average."""
    known_days = (
        table(tables, "leerwerkplek").lazy().select("leerbedrijf_id", "capaciteit", "bekend_op")
    )
    asked = places.select("leerbedrijf_id", "peildatum")
    mean = (
        asked.unique()
        .join(known_days, on="leerbedrijf_id")
        .filter(pl.col("bekend_op") <= pl.col("peildatum"))
        .group_by("leerbedrijf_id", "peildatum")
        .agg(leerbedrijf_capaciteit=pl.col("capaciteit").cast(pl.Float64).mean())
    )
    return (
        places.select(RIJ, "leerbedrijf_id", "peildatum")
        .join(mean, on=["leerbedrijf_id", "peildatum"])
        .select(RIJ, "leerbedrijf_capaciteit")
    )


def _taken(tables: Tables, spine: pl.LazyFrame) -> pl.LazyFrame:
    """Count stages that run or are agreed; a planned end that has passed frees the place."""
    lasts = last_day().is_null() | (last_day() >= pl.col("peildatum"))
    return (
        known(tables, "stage", spine, on="leerwerkplek_id")
        .filter(lasts, ~never_started())
        .group_by(RIJ)
        .agg(pl.len().cast(pl.Int64).alias("bezet"))
    )


def _outcomes(tables: Tables) -> pl.LazyFrame:
    """Return every stage whose outcome is known some day: where, what, and from which day on."""
    delay = pl.duration(days=MELDVERTRAGING_DAGEN)
    ripe = pl.coalesce("geplande_einddatum", "einddatum") + delay
    return (
        table(tables, "stage")
        .lazy()
        .with_columns(goed=geslaagd(pl.lit(date.max)).cast(pl.Float64))
        .filter(pl.col("goed").is_not_null(), pl.col("einde_bekend_op").is_not_null())
        .select(
            "leerbedrijf_id",
            "leerwerkplek_id",
            "goed",
            pl.max_horizontal(ripe, "einde_bekend_op", "bekend_op").alias("dag"),
        )
    )


def _history(places: pl.LazyFrame, outcomes: pl.LazyFrame) -> pl.LazyFrame:
    """Return the shrunk shares of sustained stages: place to leerbedrijf to region."""
    rows = places.select(RIJ, "leerbedrijf_id", "leerwerkplek_id", dag="peildatum")
    region = (
        outcomes.group_by("dag")
        .agg(pl.col("goed").sum(), pl.len().alias("aantal"))
        .sort("dag")
        .select("dag", regio=(pl.col("goed").cum_sum() + 1) / (pl.col("aantal").cum_sum() + 2))
    )
    share_at = (pl.col("goed_bedrijf").fill_null(0) + PRIOR * pl.col("regio")) / (
        pl.col("aantal_bedrijf").fill_null(0) + PRIOR
    )
    return (
        rows.sort("dag")
        .join_asof(region, on="dag", strategy="backward")
        .with_columns(pl.col("regio").fill_null(0.5))
        .join(_totals(rows, outcomes, "leerbedrijf_id", "bedrijf"), on=RIJ, how="left")
        .join(_totals(rows, outcomes, "leerwerkplek_id", "plek"), on=RIJ, how="left")
        .with_columns(leerbedrijf_ervaring=share_at)
        .select(
            RIJ,
            "leerbedrijf_ervaring",
            (
                (pl.col("goed_plek").fill_null(0) + PRIOR * pl.col("leerbedrijf_ervaring"))
                / (pl.col("aantal_plek").fill_null(0) + PRIOR)
            ).alias("plek_ervaring"),
            pl.col("aantal_bedrijf").fill_null(0).alias("ervaring_aantal"),
        )
    )


def _totals(rows: pl.LazyFrame, outcomes: pl.LazyFrame, key: str, suffix: str) -> pl.LazyFrame:
    return (
        rows.select(RIJ, key, "dag")
        .join(outcomes.select(key, "goed", bekend="dag"), on=key)
        .filter(pl.col("bekend") <= pl.col("dag"))
        .group_by(RIJ)
        .agg(pl.col("goed").sum().alias(f"goed_{suffix}"), pl.len().alias(f"aantal_{suffix}"))
    )
