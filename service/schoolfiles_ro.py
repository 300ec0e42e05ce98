"""The Registratieoverzicht of an mbo school of a made-up region, in the layouts that exist."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from features.contract import Tables
from features.vocabulary import RedenEindeStage

WEEK_DAYS = 7
RECORDS = ("PER", "ISG", "ISP", "ISE", "BPV", "DIP", "AMO", "GEO", "KZD")
"""Record types in the order in which SLR counts them."""


@dataclass(frozen=True)
class RoLayout:
    """One of the ways in which a Registratieoverzicht is written.

    `width` is the number of fields to which each line is filled up with empty ones; 0 is not.
    `zeros` keeps leading zeros in codes, `totals_first` puts SLR on the first line, `head` writes
    the VLP line.
    """

    separator: str
    date: str
    zeros: bool
    width: int
    totals_first: bool
    head: bool
    niveau: bool


LAYOUTS = (
    RoLayout("|", "%Y-%m-%d", True, 0, totals_first=False, head=True, niveau=False),
    RoLayout(";", "%-d-%-m-%Y", False, 13, totals_first=False, head=True, niveau=True),
    RoLayout(";", "%-d-%-m-%Y", False, 15, totals_first=True, head=False, niveau=False),
)
"""As in the files of three real institutions: see DOMAIN, section 6."""


def write_registratieoverzicht(
    tables: Tables,
    numbers: pl.DataFrame,
    brin: str,
    layout: RoLayout,
    *,
    begin: date,
    end: date,
    folder: Path,
) -> Path:
    """Write what DUO would send one mbo school: its persons, enrolments, stages and diplomas.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Canonical tables; jongere, inschrijving, stage and diploma are used.
    numbers : DataFrame
        ``jongere_id`` and ``nummer``.
    brin : str
        The school.
    layout : RoLayout
        How to write it.
    begin, end : date
        Selection period; the file is made on its last day.
    folder : Path
        Where; it exists.
    """
    enrolled = _with_first_day(tables["inschrijving"]).filter(instelling=brin)
    persons = numbers.join(enrolled.select("jongere_id").unique(), on="jongere_id", how="semi")
    persons = persons.sort("nummer").with_row_index("persoon")
    place = persons.select("jongere_id", "nummer", "persoon")
    ordered = [
        _per(persons.join(tables["jongere"], on="jongere_id"), layout),
        _isg(enrolled.join(place, on="jongere_id"), layout),
        _isp(enrolled.join(place, on="jongere_id"), layout, end),
        _bpv(_stages_of(tables, brin).join(place, on="jongere_id"), layout),
        _dip(_diplomas_of(tables, brin).join(place, on="jongere_id"), layout),
    ]
    lines = pl.concat(ordered).sort("persoon", "plek", "volgorde")["regel"].to_list()
    counts = dict.fromkeys(RECORDS, 0)
    for line in lines:
        counts[line[:3]] += 1
    path = folder / f"RO_{brin}_{begin:%Y%m%d}_{end:%Y%m%d}.csv"
    head = [_joined(layout, ["VLP", brin, *(_day(day, layout) for day in (begin, end, end))])]
    totals = [_joined(layout, ["SLR", *(str(counts[record]) for record in RECORDS)])]
    before = (totals if layout.totals_first else []) + (head if layout.head else [])
    after = [] if layout.totals_first else totals
    path.write_text("\r\n".join([*before, *lines, *after, ""]), encoding="utf-8", newline="")
    return path


def _day(day: date, layout: RoLayout) -> str:
    plain = f"{day.day}-{day.month}-{day.year}"
    return day.isoformat() if layout.date.startswith("%Y") else plain


def _joined(layout: RoLayout, fields: list[str]) -> str:
    return layout.separator.join(fields + [""] * (layout.width - len(fields)))


def _lines(
    frame: pl.DataFrame, layout: RoLayout, record: str, place: pl.Expr, fields: list[pl.Expr]
) -> pl.DataFrame:
    """Return a line per row, with what it is sorted by within its person."""
    empty = [pl.lit("")] * max(0, layout.width - len(fields) - 3)
    texts = [field.cast(pl.String).fill_null("") for field in fields]
    who = [pl.lit(record), pl.col("nummer"), pl.lit("")]
    return frame.select(
        pl.col("persoon").cast(pl.Int64),
        place.cast(pl.Int64).alias("plek"),
        pl.int_range(pl.len()).alias("volgorde"),
        pl.concat_str([*who, *texts, *empty], separator=layout.separator).alias("regel"),
    )


def _date(name: str, layout: RoLayout) -> pl.Expr:
    return pl.col(name).dt.strftime(layout.date)


def _code(name: str, layout: RoLayout) -> pl.Expr:
    return pl.col(name) if layout.zeros else pl.col(name).str.strip_chars_start("0")


def _of_enrolment(record: int) -> pl.Expr:
    """Sort by enrolment, within it by record."""
    return pl.col("begindatum_isg").dt.epoch("d") * 10 + record


def _per(persons: pl.DataFrame, layout: RoLayout) -> pl.DataFrame:
    geslacht = pl.when(pl.col("persoon") % 2 == 0).then(pl.lit("M")).otherwise(pl.lit("V"))
    return _lines(
        persons, layout, "PER", pl.lit(-(10**9)), [_date("geboortedatum", layout), geslacht]
    )


def _isg(rows: pl.DataFrame, layout: RoLayout) -> pl.DataFrame:
    """Return one line for all periods of an enrolment: the end is that of the last."""
    fields = [
        pl.col("volgnummer"),
        _date("begindatum_isg", layout),
        _date("geplande_einddatum", layout),
        _date("einddatum", layout),
        _code("reden_uitschrijving", layout),
    ]
    last = rows.sort("begindatum").unique(["persoon", "volgnummer"], keep="last")
    return _lines(last.sort("persoon", "begindatum_isg"), layout, "ISG", _of_enrolment(0), fields)


def _isp(rows: pl.DataFrame, layout: RoLayout, end: date) -> pl.DataFrame:
    """Return a line for each school year of a period, as many schools register it."""
    last = pl.coalesce("einddatum", pl.lit(end))
    august = pl.date_ranges(
        pl.date(pl.col("begindatum").dt.year(), 8, 1), pl.max_horizontal(last, "begindatum"), "1y"
    )
    later = rows.with_columns(first="begindatum", begindatum=august).explode("begindatum")
    later = later.drop_nulls("begindatum").filter(pl.col("begindatum") > pl.col("first"))
    periods = pl.concat([rows, later.select(rows.columns)]).sort("persoon", "begindatum")
    niveau = pl.lit("MBO-") + pl.col("niveau").cast(pl.String)
    fields = [
        pl.col("volgnummer"),
        _date("begindatum", layout),
        pl.col("opleidingcode"),
        pl.col("leerweg"),
        niveau if layout.niveau else pl.lit(""),
        pl.lit("J"),
        pl.lit(""),
        pl.lit("100A001"),
        pl.lit("100X001"),
    ]
    return _lines(periods, layout, "ISP", _of_enrolment(1), fields)


def _bpv(stages: pl.DataFrame, layout: RoLayout) -> pl.DataFrame:
    """Write a stage that never started as one that ended on the day before it began."""
    weeks = ((pl.col("geplande_einddatum") - pl.col("begindatum")).dt.total_days() + 1) / WEEK_DAYS
    never = pl.col("reden_einde") == str(RedenEindeStage.NIET_GESTART)
    stages = stages.with_columns(
        omvang=(pl.col("uren_per_week") * weeks).round(0).cast(pl.Int64),
        werkelijk=pl.when(never)
        .then(pl.col("begindatum") - pl.duration(days=1))
        .otherwise("einddatum"),
        nummer_bpv=pl.int_range(1, pl.len() + 1).over("jongere_id"),
    )
    fields = [
        pl.col("volgnummer"),
        pl.col("nummer_bpv"),
        _date("bekend_op", layout),
        _date("begindatum", layout),
        _date("geplande_einddatum", layout),
        _date("werkelijk", layout),
        pl.col("omvang"),
        pl.col("leerbedrijf_id"),
        pl.col("opleidingcode"),
    ]
    return _lines(stages, layout, "BPV", _of_enrolment(2), fields)


def _dip(diplomas: pl.DataFrame, layout: RoLayout) -> pl.DataFrame:
    fields = [
        pl.col("diploma_id").str.split("-").list.last(),
        pl.col("opleidingcode"),
        _date("datum", layout),
        pl.lit(""),
        pl.lit("J"),
    ]
    return _lines(diplomas, layout, "DIP", pl.lit(10**9), fields)


def _with_first_day(inschrijving: pl.DataFrame) -> pl.DataFrame:
    """Add the first day of the whole enrolment, of which a row may be a later period."""
    whole = ("jongere_id", "instelling", "volgnummer")
    return inschrijving.with_columns(begindatum_isg=pl.col("begindatum").min().over(whole))


def stages_of_mbo(tables: Tables) -> pl.DataFrame:
    """Return the stages that belong to an mbo enrolment: those with an opleidingcode."""
    return tables["stage"].filter(pl.col("opleidingcode").is_not_null())


def _stages_of(tables: Tables, brin: str) -> pl.DataFrame:
    """Return the stages under an enrolment at one school, with its volgnummer."""
    enrolments = _with_first_day(tables["inschrijving"]).drop_nulls("opleidingcode")
    found = (
        stages_of_mbo(tables)
        .with_columns(rond=pl.col("begindatum") + pl.duration(days=10))
        .sort("rond")
        .join_asof(
            enrolments.select(
                "jongere_id", "instelling", "volgnummer", "begindatum_isg", periode="begindatum"
            ).sort("periode"),
            left_on="rond",
            right_on="periode",
            by="jongere_id",
            strategy="backward",
            check_sortedness=False,
        )
    )
    return found.filter(instelling=brin).sort("jongere_id", "begindatum")


def _diplomas_of(tables: Tables, brin: str) -> pl.DataFrame:
    of_school = pl.col("diploma_id").str.starts_with(f"{brin}-")
    return tables["diploma"].filter(of_school & pl.col("niveau").is_not_null())
