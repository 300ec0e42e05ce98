"""Stages of a jongere before the peildatum: searching, starting, lasting."""

import polars as pl

from features.contract import Tables
from features.peildatum import RIJ, days_ago, known, table, zero_if_kind_is_known
from features.registry import Direction, Feature
from features.vocabulary import RedenEindeStage

HISTORY_DAYS = 728
EARLY_DAYS = 14
"""A plaatsing that ends more than this many days before its planned end was broken off."""
MELDVERTRAGING_DAGEN = 90
"""Days after which an end may be taken as reported (schools report within two to three months)."""

_PURPOSE = "Moeite met het vinden of volhouden van een stage voorspelt uitval."


def _feature(name: str, label: str, unit: str, direction: Direction = 0) -> Feature:
    return Feature(f"stage_{name}", label, unit, "stage", _PURPOSE, direction, "stage")


FEATURES = (
    _feature("zoekduur_langste", "langste zoektijd naar een stage in twee jaar", "weken", 1),
    _feature("zoekduur_laatste", "zoektijd naar de laatste stage", "weken", 1),
    _feature("zoekduur_gemiddeld", "gemiddelde zoektijd naar een stage in twee jaar", "weken", 1),
    _feature("afgebroken", "afgebroken stages in twee jaar", "aantal", 1),
    _feature("niet_gestart", "stages die niet begonnen in twee jaar", "aantal", 1),
    _feature("afgerond", "stages die tot het einde duurden in twee jaar", "aantal"),
    _feature("weken_na_breuk", "tijd sinds een stage misging", "weken", -1),
    _feature("weken_tot_breuk", "hoe lang de kortste afgebroken stage duurde", "weken"),
    _feature("loopt", "heeft nu een stage", "ja of nee", -1),
    _feature("komt", "heeft een stage gevonden die nog begint", "ja of nee"),
    _feature("weken_te_gaan", "tijd tot het einde van de stage die nu loopt", "weken"),
    _feature("weken_zonder", "tijd sinds de laatste stage", "weken", 1),
    _feature("uren", "gemiddelde uren per week van stages in twee jaar", "aantal"),
    _feature("beoordeling", "gemiddelde beoordeling van stages in twee jaar", "deel", -1),
)
_COUNTS = (
    "stage_afgebroken",
    "stage_niet_gestart",
    "stage_afgerond",
    "stage_loopt",
    "stage_komt",
)


def stage_features(tables: Tables, spine: pl.LazyFrame) -> pl.LazyFrame:
    """Summarise the stages of the last two years that were known on the peildatum.

    Returns
    -------
    LazyFrame
        `RIJ` and `FEATURES` for every spine row. The counts and ``stage_loopt`` are 0 when
        nothing is known of the jongere, and null when no stage of anybody was known yet.
        ``stage_weken_na_breuk`` counts from the last broken-off or failed start, null when there
        was none. ``stage_weken_zonder`` is 0 while a stage runs and null when there never was one.
    """
    rows = (
        known(tables, "stage", spine)
        .filter(days_ago("begindatum") < HISTORY_DAYS)
        .with_columns(running(pl.col("peildatum")).alias("loopt"), last_day().alias("einde"))
    )
    found = rows.select(RIJ, *_per_stage()).group_by(RIJ).agg(*_summary())
    return zero_if_kind_is_known(found, spine, table(tables, "stage"), _COUNTS)


def last_day() -> pl.Expr:
    """Return the last day of a stage as far as known: its end, else its planned end, else null."""
    return pl.coalesce("einddatum", "geplande_einddatum")


def never_started() -> pl.Expr:
    """Whether a stage is known never to have started."""
    return pl.col("reden_einde").eq_missing(str(RedenEindeStage.NIET_GESTART))


def running(day: pl.Expr) -> pl.Expr:
    """Whether a stage runs on a day as far as known; a planned end that has passed counts."""
    lasts = last_day().is_null() | (last_day() >= day)
    return (pl.col("begindatum") <= day) & lasts & ~never_started()


def geslaagd(observed_until: pl.Expr) -> pl.Expr:
    """Return whether a stage was sustained, as seen on a day.

    True: it lasted until 14 days before its planned end or later, or ended by the diploma.
    False: it never started, or ended earlier than that. Null: it still runs, or its planned end
    plus reporting delay has not passed; so a stage that fails soon and one that lasts are told
    at the same moment, and the failures do not come in first. Without a planned end the reason
    decides, counted from the end.

    References
    ----------
    DOMAIN, section 4: afgebroken plaatsing.
    """
    reden, einde = pl.col("reden_einde"), pl.col("einddatum")
    planned = pl.col("geplande_einddatum")
    delay = pl.duration(days=MELDVERTRAGING_DAGEN)
    ripe = pl.coalesce(planned, einde) + delay <= observed_until
    stopped = [RedenEindeStage.JONGERE, RedenEindeStage.LEERBEDRIJF, RedenEindeStage.SCHOOL]
    return (
        pl.when(~ripe.fill_null(value=False))
        .then(None)
        .when(reden == str(RedenEindeStage.NIET_GESTART))
        .then(statement=False)
        .when(einde.is_null())
        .then(None)
        .when(reden == str(RedenEindeStage.DIPLOMA))
        .then(statement=True)
        .when(planned.is_not_null())
        .then(~broken_off())
        .when(reden == str(RedenEindeStage.AFGEROND))
        .then(statement=True)
        .when(reden.is_in([str(word) for word in stopped]))
        .then(statement=False)
    )


def broken_off() -> pl.Expr:
    """Whether a stage ended more than 14 days before its planned end, and not by the diploma."""
    early = pl.col("einddatum") < pl.col("geplande_einddatum") - pl.duration(days=EARLY_DAYS)
    return early & pl.col("reden_einde").ne_missing(str(RedenEindeStage.DIPLOMA))


def _per_stage() -> list[pl.Expr]:
    started = (days_ago("begindatum") >= 0) & ~never_started()
    broken = broken_off().fill_null(value=False) | never_started()
    return [
        pl.col("begindatum", "stage_id", "zoekduur_weken", "loopt", "beoordeling"),
        pl.col("uren_per_week").alias("uren"),
        ((days_ago("begindatum") < 0) & ~never_started()).alias("komt"),
        (pl.col("einddatum").is_not_null() & ~broken & started).alias("afgerond"),
        pl.when(broken_off() & ~never_started())
        .then((pl.col("einddatum") - pl.col("begindatum")).dt.total_days() / 7)
        .alias("duurde"),
        pl.when("loopt").then(-days_ago("einde") / 7).alias("te_gaan"),
        (broken_off().fill_null(value=False) & ~never_started()).alias("afgebroken"),
        never_started().alias("niet_gestart"),
        pl.when(broken).then(days_ago("einddatum").clip(lower_bound=0) / 7).alias("breuk"),
        pl.when(started)
        .then(pl.when("loopt").then(0).otherwise(days_ago("einde")) / 7)
        .alias("weken"),
    ]


def _summary() -> list[pl.Expr]:
    searched = pl.col("zoekduur_weken").is_not_null()
    return [
        pl.col("zoekduur_weken").max().alias("stage_zoekduur_langste"),
        pl.col("zoekduur_weken")
        .filter(searched)
        .sort_by(pl.col("begindatum").filter(searched), pl.col("stage_id").filter(searched))
        .last()
        .alias("stage_zoekduur_laatste"),
        pl.col("zoekduur_weken").mean().alias("stage_zoekduur_gemiddeld"),
        pl.col("afgebroken").sum().alias("stage_afgebroken"),
        pl.col("afgerond").sum().alias("stage_afgerond"),
        pl.col("duurde").min().alias("stage_weken_tot_breuk"),
        pl.col("komt").any().cast(pl.Float64).alias("stage_komt"),
        pl.col("te_gaan").max().alias("stage_weken_te_gaan"),
        pl.col("uren").mean().alias("stage_uren"),
        pl.col("niet_gestart").sum().alias("stage_niet_gestart"),
        pl.col("breuk").min().alias("stage_weken_na_breuk"),
        pl.col("loopt").any().cast(pl.Float64).alias("stage_loopt"),
        pl.col("weken").min().alias("stage_weken_zonder"),
        pl.col("beoordeling").mean().alias("stage_beoordeling"),
    ]
