"""What counts for learning a werkproces: start, hours, support, the record of place and jongere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from features.contract import Tables
from features.leerwerkplek import leerwerkplek_conditions
from features.peildatum import RIJ, numbered, table
from features.registry import Feature, grouped, names
from features.vaardigheidsprofiel import vaardigheidsprofiel
from features.voorkeur import jongere_conditions
from features.werkproces_record import record, werkproces_uitkomsten

KEYS = ("jongere_id", "leerwerkplek_id", "werkproces_id", "peildatum")
GIVEN = ("uren", "uren_per_week")
DAYS_PER_MONTH = 365.25 / 12

_START = "Wie al verder is, heeft minder tijd nodig."
_UREN = "Leren kost tijd: meer uren geven meer kans dat het lukt."
_STEUN = "Begeleiding die past, helpt bij het leren."
_PLEK = "Wat anderen op deze plek leerden, zegt iets over de volgende."
_WERKPROCES = "Het ene werkproces is moeilijker dan het andere."
_JONGERE = "Wie eerder snel leerde, leert ook nu vaak sneller."


_METING = "competentiemeting"
WERKPROCES_FEATURES: tuple[Feature, ...] = (
    grouped(
        "begin",
        _START,
        _METING,
        "startniveau",
        "laatste oordeel over dit werkproces",
        "niveau 0-4",
        1,
    ),
    grouped("begin", _START, _METING, "startniveau_maanden", "tijd sinds dat oordeel", "maanden"),
    grouped(
        "begin",
        _START,
        _METING,
        "niveau_opleiding",
        "gemiddeld niveau van andere werkprocessen van dezelfde opleiding",
        "niveau 0-4",
    ),
    grouped("uren", _UREN, "stage", "uren", "uren voor dit werkproces", "uren", 1),
    grouped("uren", _UREN, "stage", "uren_per_week", "uren per week op de plek", "uren per week"),
    grouped(
        "begeleiding",
        _STEUN,
        "ondersteuningsbehoefte",
        "steun_gemist",
        "begeleiding die nodig is en die de plek niet biedt",
        "aantal",
        -1,
    ),
    grouped(
        "begeleiding",
        _STEUN,
        "leerwerkplek",
        "begeleiding_aantal",
        "soorten begeleiding die de plek biedt",
        "aantal",
    ),
    grouped(
        "plek",
        _PLEK,
        "stage",
        "plek_leert",
        "wat anderen op deze plek leerden, tegenover wat te verwachten was",
        "deel",
        1,
    ),
    grouped(
        "plek",
        _PLEK,
        "stage",
        "leerbedrijf_leert",
        "wat anderen bij dit leerbedrijf leerden, tegenover wat te verwachten was",
        "deel",
        1,
    ),
    grouped(
        "plek",
        _PLEK,
        "stage",
        "plek_uitkomsten",
        "beoordeelde werkprocessen waarop dat rust",
        "aantal",
    ),
    grouped(
        "plek",
        _PLEK,
        "stage",
        "leerbedrijf_ervaring",
        "deel van de stages bij dit leerbedrijf dat tot het einde liep",
        "deel",
        1,
    ),
    grouped(
        "werkproces",
        _WERKPROCES,
        "stage",
        "werkproces_leert",
        "hoe vaak dit werkproces bij anderen lukte, tegenover wat te verwachten was",
        "deel",
        1,
    ),
    grouped(
        "werkproces",
        _WERKPROCES,
        "kwalificatie",
        "opleiding_niveau",
        "mbo-niveau van de opleiding",
        "niveau 1-4",
    ),
    grouped(
        "jongere",
        _JONGERE,
        "stage",
        "jongere_leert",
        "wat de jongere zelf eerder leerde, tegenover wat te verwachten was",
        "deel",
        1,
    ),
    grouped(
        "jongere",
        _JONGERE,
        _METING,
        "niveau_algemeen",
        "gemiddeld niveau van alles wat beoordeeld is",
        "niveau 0-4",
        1,
    ),
    grouped(
        "jongere",
        _JONGERE,
        "stage",
        "stages_afgebroken",
        "stages die eerder misgingen, in twee jaar",
        "aantal",
        -1,
    ),
)


@dataclass(frozen=True)
class WerkprocesContext:
    """Both sides of all rows on their peildata, prepared once; see `prepare_werkprocessen`."""

    jongere: pl.DataFrame
    niveaus: pl.DataFrame
    opleidingen: pl.DataFrame
    plek: pl.DataFrame
    werkproces: pl.DataFrame


def prepare_werkprocessen(tables: Tables, peildatum: date) -> WerkprocesContext:
    """Prepare all jongeren, leerwerkplekken and werkprocessen of the tables on one peildatum."""
    day = pl.lit(peildatum).alias("peildatum")
    return context_of(
        tables,
        *(
            table(tables, name).select(f"{name}_id", day).unique(maintain_order=True)
            for name in ("jongere", "leerwerkplek", "werkproces")
        ),
    )


def context_of(
    tables: Tables, jongeren: pl.DataFrame, plekken: pl.DataFrame, werkprocessen: pl.DataFrame
) -> WerkprocesContext:
    """Prepare distinct rows of an id and ``peildatum``, of each of the three."""
    past = werkproces_uitkomsten(tables)
    niveaus = vaardigheidsprofiel(tables, jongeren).rename({"competentie_id": "werkproces_id"})
    of_opleiding = niveaus.join(_opleidingen(tables), on="werkproces_id")
    return WerkprocesContext(
        jongere=_jongere(tables, jongeren, niveaus, past),
        niveaus=niveaus.select(
            "jongere_id",
            "peildatum",
            "werkproces_id",
            startniveau="niveau",
            startniveau_maanden=(pl.col("peildatum") - pl.col("gemeten_op")).dt.total_days()
            / DAYS_PER_MONTH,
        ),
        opleidingen=of_opleiding.group_by("jongere_id", "peildatum", "opleidingcode").agg(
            pl.col("niveau").sum().alias("som_opleiding"), pl.len().alias("aantal_opleiding")
        ),
        plek=_plek(tables, plekken, past),
        werkproces=_werkproces(tables, werkprocessen, past),
    )


def of_jongere(context: WerkprocesContext, jongere_id: str) -> WerkprocesContext:
    """Return the context with the rows of one jongere only: quick to join with."""
    mine = pl.col("jongere_id") == jongere_id
    return WerkprocesContext(
        jongere=context.jongere.filter(mine),
        niveaus=context.niveaus.filter(mine),
        opleidingen=context.opleidingen.filter(mine),
        plek=context.plek,
        werkproces=context.werkproces,
    )


def werkproces_features(context: WerkprocesContext, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the registered features of learning a werkproces at a place.

    Parameters
    ----------
    context : WerkprocesContext
        Of all ids and peildata of the rows.
    rows : DataFrame
        `KEYS` and `GIVEN`: the hours in all for this werkproces, and the hours a week.

    Returns
    -------
    DataFrame
        `KEYS` and `WERKPROCES_FEATURES`, in the order of the rows; null where unknown.
    """
    found = rows.select(*KEYS, pl.col(GIVEN).cast(pl.Float64))
    for part, on in (
        (context.jongere, ["jongere_id", "peildatum"]),
        (context.plek, ["leerwerkplek_id", "peildatum"]),
        (context.werkproces, ["werkproces_id", "peildatum"]),
        (context.niveaus, ["jongere_id", "peildatum", "werkproces_id"]),
        (context.opleidingen, ["jongere_id", "peildatum", "opleidingcode"]),
    ):
        found = found.join(part, on=on, how="left", maintain_order="left")
    others = pl.col("aantal_opleiding") - pl.col("startniveau").is_not_null()
    of_others = pl.col("som_opleiding") - pl.col("startniveau").fill_null(0)
    missed = pl.col("steun").fill_null(0) & ~pl.col("begeleiding").fill_null(0)
    return found.with_columns(
        niveau_opleiding=pl.when(others > 0).then(of_others / others),
        steun_gemist=missed.bitwise_count_ones().cast(pl.Float64),
        begeleiding_aantal=pl.col("begeleiding").fill_null(0).bitwise_count_ones().cast(pl.Float64),
    ).select(*KEYS, *names(WERKPROCES_FEATURES))


def werkproces_history_features(tables: Tables, rows: pl.DataFrame) -> pl.DataFrame:
    """Return `werkproces_features` for rows with peildata of their own, such as past stages."""
    spines: Sequence[pl.DataFrame] = [
        rows.select(f"{name}_id", "peildatum").unique(maintain_order=True)
        for name in ("jongere", "leerwerkplek", "werkproces")
    ]
    return werkproces_features(context_of(tables, *spines), rows)


def _jongere(
    tables: Tables, jongeren: pl.DataFrame, niveaus: pl.DataFrame, past: pl.DataFrame
) -> pl.DataFrame:
    conditions = jongere_conditions(tables, numbered(jongeren))
    overall = niveaus.group_by("jongere_id", "peildatum").agg(
        pl.col("niveau").mean().alias("niveau_algemeen")
    )
    learned, _ = record(conditions, past, "jongere_id")
    return (
        conditions.select(
            "jongere_id",
            "peildatum",
            "steun",
            stages_afgebroken=pl.col("afgebroken").fill_null(0).cast(pl.Float64),
        )
        .with_columns(learned.alias("jongere_leert"))
        .join(overall, on=["jongere_id", "peildatum"], how="left", maintain_order="left")
    )


def _plek(tables: Tables, plekken: pl.DataFrame, past: pl.DataFrame) -> pl.DataFrame:
    conditions = leerwerkplek_conditions(
        tables, plekken.lazy().select("leerwerkplek_id", "peildatum").with_row_index(RIJ)
    )
    bedrijf, _ = record(conditions, past, "leerbedrijf_id")
    own, n = record(conditions, past, "leerwerkplek_id", bedrijf)
    return conditions.select(
        "leerwerkplek_id", "peildatum", "begeleiding", "leerbedrijf_ervaring"
    ).with_columns(
        own.alias("plek_leert"), bedrijf.alias("leerbedrijf_leert"), n.alias("plek_uitkomsten")
    )


def _werkproces(tables: Tables, werkprocessen: pl.DataFrame, past: pl.DataFrame) -> pl.DataFrame:
    learned, _ = record(werkprocessen, past, "werkproces_id")
    niveaus = table(tables, "kwalificatie").select(
        "opleidingcode", pl.col("niveau").cast(pl.Float64).alias("opleiding_niveau")
    )
    return (
        werkprocessen.with_columns(learned.alias("werkproces_leert"))
        .join(_opleidingen(tables), on="werkproces_id", how="left", maintain_order="left")
        .join(niveaus, on="opleidingcode", how="left", maintain_order="left")
    )


def _opleidingen(tables: Tables) -> pl.DataFrame:
    return table(tables, "werkproces").select("werkproces_id", "opleidingcode")
