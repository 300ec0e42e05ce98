"""The enrolment of a jongere on the peildatum, and how it came about."""

from datetime import date

import polars as pl

from features.contract import Tables
from features.peildatum import RIJ, days_ago, known, table
from features.registry import Direction, Feature
from features.vocabulary import (
    MBO_BY_NIVEAU,
    NIVEAU_STARTKWALIFICATIE,
    VO_STARTKWALIFICATIE,
    Leerweg,
    Onderwijssoort,
    RedenUitschrijving,
    SoortDiploma,
)

HISTORY_DAYS = 728
"""Switches older than two years are left alone: history does not reach equally far for all."""
MONTH_DAYS = 30.4375
START_MONTH, YEAR_MONTHS = 8, 12
"""A school year begins in August."""
FAR = date(9999, 12, 31)
"""Stands for the end of a period that has no end yet."""

_PURPOSE = "Niveau, moment en eerdere wisselingen zeggen hoe vast iemand in de opleiding zit."


def _feature(name: str, label: str, unit: str, direction: Direction = 0) -> Feature:
    return Feature(
        f"inschrijving_{name}", label, unit, "inschrijving", _PURPOSE, direction, "inschrijving"
    )


FEATURES = (
    _feature("niveau", "niveau van de mbo-opleiding", "niveau 1-4", -1),
    _feature("pro", "zit op het praktijkonderwijs", "ja of nee"),
    _feature("vso", "zit op het voortgezet speciaal onderwijs", "ja of nee"),
    _feature("vo", "zit op het vo of vavo", "ja of nee"),
    _feature("bbl", "werkt en leert (bbl)", "ja of nee"),
    _feature("schoolmaand", "tijd sinds het begin van het schooljaar", "maanden"),
    _feature("leerjaar", "hoeveelste schooljaar in deze opleiding", "aantal"),
    _feature("maanden", "tijd sinds de start op deze school of opleiding, tot een jaar", "maanden"),
    _feature("maanden_tot_einde", "tijd tot het geplande einde van de opleiding", "maanden"),
    _feature("duur", "geplande duur van de opleiding", "maanden"),
    _feature("deel_voorbij", "deel van de geplande opleiding dat voorbij is", "deel"),
    _feature("tussentijds", "begonnen na oktober", "ja of nee"),
    _feature("wissels", "wisselingen van school of opleiding in twee jaar", "aantal", 1),
    _feature("niveau_omlaag", "naar een lager niveau gegaan in twee jaar", "ja of nee", 1),
    _feature("niveau_omhoog", "naar een hoger niveau gegaan in twee jaar", "ja of nee"),
    _feature("onderbreking", "langste tijd zonder school in twee jaar", "dagen", 1),
    _feature("van_pro_vso", "kwam van het praktijkonderwijs of het vso", "ja of nee"),
)
NOMINAL_MONTHS = {
    Onderwijssoort.PRO: 60,
    Onderwijssoort.VSO: 60,
    Onderwijssoort.VAVO: 12,
    Onderwijssoort.ENTREE: 12,
    Onderwijssoort.MBO_2: 24,
    Onderwijssoort.MBO_3: 36,
    Onderwijssoort.MBO_4: 36,
}
"""Usual length of each kind of education; for mbo the nominal one of the law since 2014 (Focus
op vakmanschap), of which a few opleidingen of niveau 4 differ. A register writes a new planned end
over the old one when a jongere changes or falls behind; counted no further than this, that does
not show in the past before it happened. Who falls behind is seen to have passed the end."""


def mbo_niveau() -> pl.Expr:
    """Return the mbo niveau of an enrolment: as given, else from the onderwijssoort."""
    by_soort = pl.col("onderwijssoort").replace_strict(
        [str(soort) for soort in MBO_BY_NIVEAU.values()],
        list(MBO_BY_NIVEAU),
        default=None,
        return_dtype=pl.Int32,
    )
    return pl.coalesce("niveau", by_soort)


def enrolled_on(day: pl.Expr) -> pl.Expr:
    """Whether an enrolment covers a day; without a known end it lasts."""
    return (pl.col("begindatum") <= day) & (pl.col("einddatum").fill_null(FAR) >= day)


def startkwalificaties(tables: Tables) -> pl.LazyFrame:
    """Return every proof of a startkwalificatie.

    A diploma of havo, vwo, or mbo niveau 2 or higher: from the diploma table, or (mbo) as the
    reason why an enrolment ended.

    Returns
    -------
    LazyFrame
        ``jongere_id``, ``datum`` and ``bekend_op``; a jongere may have several rows.
    """
    niveaus = table(tables, "kwalificatie").lazy().select("opleidingcode", dossier="niveau")
    diplomas = (
        table(tables, "diploma")
        .lazy()
        .join(niveaus, on="opleidingcode", how="left")
        .filter(
            (
                (pl.col("soort") == str(SoortDiploma.DIPLOMA))
                & (pl.coalesce("niveau", "dossier") >= NIVEAU_STARTKWALIFICATIE)
            )
            | pl.col("soort").is_in([str(soort) for soort in VO_STARTKWALIFICATIE])
        )
        .select("jongere_id", "datum", "bekend_op")
    )
    endings = (
        table(tables, "inschrijving")
        .lazy()
        .filter(
            pl.col("reden_uitschrijving") == str(RedenUitschrijving.DIPLOMA),
            mbo_niveau() >= NIVEAU_STARTKWALIFICATIE,
            pl.col("einddatum").is_not_null(),
        )
        .select(
            "jongere_id",
            datum="einddatum",
            bekend_op=pl.max_horizontal("bekend_op", "einde_bekend_op"),
        )
    )
    return pl.concat([diplomas, endings])


def current(tables: Tables, spine: pl.LazyFrame) -> pl.LazyFrame:
    """Return the enrolment that counts for each spine row: of those that last, the latest begun.

    Returns
    -------
    LazyFrame
        Spine columns and enrolment columns, one row per spine row; rows that were not enrolled
        as known on the peildatum are absent.
    """
    return (
        known(tables, "inschrijving", spine)
        .filter(enrolled_on(pl.col("peildatum")))
        .sort("begindatum", "geplande_einddatum", "instelling", "volgnummer", nulls_last=False)
        .unique(RIJ, keep="last", maintain_order=True)
    )


def inschrijving_features(tables: Tables, spine: pl.LazyFrame) -> pl.LazyFrame:
    """Describe the current enrolment and the two years before, as known on the peildatum.

    Returns
    -------
    LazyFrame
        `RIJ` and `FEATURES`; ja is 1, nee is 0. ``inschrijving_niveau`` is null outside mbo;
        ``inschrijving_maanden_tot_einde`` is negative when the `planned_end` has passed;
        ``inschrijving_leerjaar`` counts schooljaren since the begin, also where that lies before
        the rest of the history. Spine rows that were not enrolled are absent.
    """
    return (
        current(tables, spine)
        .with_columns(planned_end().alias("einde"))
        .select(RIJ, *_state())
        .join(_history(tables, spine), on=RIJ, how="left")
    )


def planned_end() -> pl.Expr:
    """Return the planned end of an enrolment, at most the usual length after its begin.

    Without a planned end it is that usual length; null where neither is known.
    """
    kind = pl.coalesce(
        mbo_niveau().replace_strict(MBO_BY_NIVEAU, default=None, return_dtype=pl.String),
        "onderwijssoort",
    )
    usual = kind.replace_strict(
        [str(soort) for soort in NOMINAL_MONTHS],
        list(NOMINAL_MONTHS.values()),
        default=None,
        return_dtype=pl.Int32,
    )
    last = pl.col("begindatum").dt.offset_by(pl.format("{}mo", usual))
    return pl.min_horizontal("geplande_einddatum", last)


def school_year() -> pl.Expr:
    """Return the hoeveelste schooljaar of an enrolment the peildatum lies in, from 1."""
    return _school_year("peildatum") - _school_year("begindatum") + 1


def _school_year(day: str) -> pl.Expr:
    shifted = pl.col(day).dt.offset_by(f"-{START_MONTH - 1}mo")
    return shifted.dt.year()


def _state() -> list[pl.Expr]:
    soort = pl.col("onderwijssoort")
    length = (days_ago("begindatum") - days_ago("einde")) / MONTH_DAYS
    state = {
        "niveau": mbo_niveau(),
        "pro": soort == str(Onderwijssoort.PRO),
        "vso": soort == str(Onderwijssoort.VSO),
        "vo": soort.is_in([str(Onderwijssoort.VO), str(Onderwijssoort.VAVO)]),
        "bbl": pl.col("leerweg") == str(Leerweg.BBL),
        "schoolmaand": (pl.col("peildatum").dt.month().cast(pl.Int32) - START_MONTH) % YEAR_MONTHS,
        "leerjaar": school_year(),
        "maanden": (days_ago("begindatum") / MONTH_DAYS).clip(upper_bound=YEAR_MONTHS),
        "maanden_tot_einde": -days_ago("einde") / MONTH_DAYS,
        "duur": length,
        "deel_voorbij": days_ago("begindatum") / MONTH_DAYS / pl.when(length > 0).then(length),
        "tussentijds": ~pl.col("begindatum").dt.month().is_between(8, 10),
    }
    return [value.cast(pl.Float64).alias(f"inschrijving_{name}") for name, value in state.items()]


def _history(tables: Tables, spine: pl.LazyFrame) -> pl.LazyFrame:
    """Compare each enrolment that was begun with the one before it."""
    same = pl.col(RIJ) == pl.col(RIJ).shift(1)
    steps = (
        known(tables, "inschrijving", spine)
        .filter(days_ago("begindatum") >= 0)
        .with_columns(mbo_niveau().alias("niveau"))
        .sort(RIJ, "begindatum", "instelling", "volgnummer")
        .with_columns(
            pl.when(same).then(pl.col(name).shift(1)).alias(f"vorige_{name}")
            for name in ("instelling", "opleidingcode", "niveau", "onderwijssoort", "einddatum")
        )
    )
    recent = days_ago("begindatum") < HISTORY_DAYS
    first = pl.col("vorige_instelling").is_null()
    special = [str(Onderwijssoort.PRO), str(Onderwijssoort.VSO)]
    gap = (pl.col("begindatum") - pl.col("vorige_einddatum")).dt.total_days() - 1
    return (
        steps.select(
            RIJ,
            (recent & ~first & _differs("instelling", "opleidingcode")).alias("wissels"),
            (recent & (pl.col("niveau") < pl.col("vorige_niveau"))).alias("niveau_omlaag"),
            (recent & (pl.col("niveau") > pl.col("vorige_niveau"))).alias("niveau_omhoog"),
            pl.when(recent).then(gap.clip(lower_bound=0)).alias("onderbreking"),
            (
                recent
                & pl.col("vorige_onderwijssoort").is_in(special)
                & ~pl.col("onderwijssoort").is_in(special)
            ).alias("van_pro_vso"),
        )
        .group_by(RIJ)
        .agg(
            pl.col("wissels").sum().cast(pl.Float64),
            pl.col("niveau_omlaag").any().cast(pl.Float64),
            pl.col("niveau_omhoog").any().cast(pl.Float64),
            pl.col("onderbreking").max().fill_null(0).cast(pl.Float64),
            pl.col("van_pro_vso").any().cast(pl.Float64),
        )
        .rename(lambda name: name if name == RIJ else f"inschrijving_{name}")
    )


def _differs(*names: str) -> pl.Expr:
    return pl.any_horizontal(
        (pl.col(name) != pl.col(f"vorige_{name}")).fill_null(value=False) for name in names
    )
