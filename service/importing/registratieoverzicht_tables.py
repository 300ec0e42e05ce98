"""From typed records of a Registratieoverzicht to canonical tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from features.contract import Table
from features.reference import kwalificatie_facts
from features.tables import DIPLOMA, INSCHRIJVING, JONGERE, STAGE
from features.vocabulary import MBO_BY_NIVEAU, Onderwijssoort, RedenEindeStage, SoortDiploma
from service.importing.duo_personen import PERSON
from service.importing.parsed import LINE

MIN_HOURS = 1.0
MAX_HOURS = 48.0
"""Hours a week outside of which the omvang of a stage and its dates cannot both be right.

The upper limit is what the Arbeidstijdenwet allows on average.
"""
ENROLMENT = [PERSON, "volgnummer"]
"""Columns that ISG and ISP of one enrolment share."""
Records = Mapping[str, pl.DataFrame]
Made = tuple[pl.DataFrame, list[str]]
"""A canonical table with `LINE`, and Dutch sentences on what was left out or merged."""


@dataclass(frozen=True)
class Source:
    """What holds for every row of one file; `ids` are the pseudonyms by `PERSON`."""

    ids: pl.Series
    brin: str
    file_date: date
    meldvertraging: timedelta

    def finish(self, rows: pl.DataFrame, table: Table) -> pl.DataFrame:
        """Return rows with jongere_id and bron, in the columns of a contract and `LINE`."""
        filled = rows.with_columns(
            pl.lit(f"DUO registratieoverzicht {self.brin}").alias("bron"),
            *(
                pl.lit(None, dtype).alias(name)
                for name, dtype in table.schema.items()
                if name not in {*rows.columns, "jongere_id", "bron"}
            ),
        ).with_columns(self.ids.gather(rows[PERSON]).alias("jongere_id"))
        return filled.select(
            *(pl.col(name).cast(dtype) for name, dtype in table.schema.items()), LINE
        )

    def stage_id(self, rows: pl.DataFrame) -> pl.Series:
        """Return the id that a stage has wherever the source gives none."""
        return (
            rows.select(
                self.ids.gather(rows[PERSON]).alias("jongere_id"),
                "leerbedrijf_id",
                pl.col("begin").dt.strftime("%Y%m%d"),
            )
            .select(pl.concat_str("jongere_id", "leerbedrijf_id", "begin", separator="-"))
            .to_series()
        )

    def known(self, day: pl.Expr) -> pl.Expr:
        """Return the day, or the date of the file when that came first."""
        return pl.min_horizontal(day, pl.lit(self.file_date))

    def end_known(self, day: pl.Expr) -> pl.Expr:
        """Return when an end was known: after the reporting delay, or the date of the file."""
        return pl.when(day.is_not_null()).then(self.known(day + self.meldvertraging))


def merged(before: int, after: pl.DataFrame, what: str) -> list[str]:
    """Return a sentence when rows were merged."""
    count = before - after.height
    return [f"Dubbele regels voor {what} samengevoegd: {count}."] if count else []


def make_jongere(per: pl.DataFrame, source: Source) -> Made:
    """One row per person; the last record wins."""
    rows = per.unique(PERSON, keep="last", maintain_order=True)
    if "postcode4" in rows.columns:
        is_home = pl.col("postcode4").str.contains(r"^[1-9]\d{3}$")
        rows = rows.with_columns(pl.when(is_home).then("postcode4").alias("postcode4"))
    return source.finish(rows, JONGERE), merged(per.height, rows, "een jongere (PER)")


def find_niveaus(isp: pl.DataFrame) -> pl.DataFrame:
    """Return the mbo niveau of each opleidingcode that the file or our facts tell.

    What the file says of a code comes before the facts of `features.reference`.
    """
    told = isp.select("opleidingcode", "niveau")
    facts = kwalificatie_facts().select("opleidingcode", "niveau")
    return (
        pl.concat([told, facts])
        .drop_nulls()
        .unique("opleidingcode", keep="first", maintain_order=True)
    )


def make_inschrijving(
    isg: pl.DataFrame, isp: pl.DataFrame, niveaus: pl.DataFrame, source: Source
) -> Made:
    """One row per ISG and run of ISP records with the same opleidingcode, leerweg and niveau.

    An ISP that would begin after the enrolment ended was planned and never came: it does not
    count, unless the enrolment has no other.
    """
    once = isg.unique(ENROLMENT, keep="last", maintain_order=True)
    ordered = isp.sort(*ENROLMENT, "begin", LINE).join(
        once.drop(LINE), on=ENROLMENT, how="inner", maintain_order="left"
    )
    distinct = ordered.filter(~_same_as_next([*ENROLMENT, "begin"]))
    never = (pl.col("begin") > pl.col("werkelijk")) & _same_as_previous(ENROLMENT)
    segments = distinct.filter(~never.fill_null(value=False))
    runs = _with_niveau(segments, niveaus).filter(
        ~_same_as_previous([*ENROLMENT, "opleidingcode", "leertraject", "niveau"])
    )
    next_begin = pl.when(_same_as_next(ENROLMENT)).then(pl.col("begin").shift(-1))
    rows = _as_inschrijving(runs.with_columns(next_begin.alias("next_begin")), source)
    planned = distinct.height - segments.height
    return source.finish(rows, INSCHRIJVING), [
        *merged(isg.height, once, "een inschrijving (ISG)"),
        *merged(ordered.height, distinct, "een periode (ISP)"),
        *(
            [f"Perioden (ISP) van na de uitschrijving, die niet meetellen: {planned}."]
            * (planned > 0)
        ),
    ]


def _with_niveau(segments: pl.DataFrame, niveaus: pl.DataFrame) -> pl.DataFrame:
    """Fill in the niveau of the opleidingcode where the record does not tell it."""
    of_code = niveaus.rename({"niveau": "van_code"})
    return segments.join(
        of_code, on="opleidingcode", how="left", maintain_order="left"
    ).with_columns(pl.coalesce("niveau", "van_code").alias("niveau"))


def _as_inschrijving(rows: pl.DataFrame, source: Source) -> pl.DataFrame:
    """Name the columns; an end that is a change within the enrolment was known with the change."""
    change = pl.col("next_begin")
    lasts = change.is_null()
    vo_code = pl.col("opleidingcode").str.contains(r"^\d{4}$")
    return rows.select(
        PERSON,
        LINE,
        "volgnummer",
        "niveau",
        pl.lit(source.brin).alias("instelling"),
        pl.when(vo_code)
        .then(pl.lit(Onderwijssoort.VAVO.value))
        .otherwise(
            pl.col("niveau").replace_strict(
                {niveau: soort.value for niveau, soort in MBO_BY_NIVEAU.items()},
                default=Onderwijssoort.MBO.value,
                return_dtype=pl.String,
            )
        )
        .alias("onderwijssoort"),
        pl.when(~vo_code).then("opleidingcode").alias("opleidingcode"),
        pl.col("leertraject").alias("leerweg"),
        pl.col("begin").alias("begindatum"),
        pl.col("gepland").alias("geplande_einddatum"),
        pl.when(lasts).then("werkelijk").otherwise(change - timedelta(days=1)).alias("einddatum"),
        pl.when(lasts).then(pl.col("reden").str.zfill(2)).alias("reden_uitschrijving"),
        source.known(pl.col("begin")).alias("bekend_op"),
        pl.when(lasts)
        .then(source.end_known(pl.col("werkelijk")))
        .otherwise(source.known(change))
        .alias("einde_bekend_op"),
    )


def make_diploma(
    dip: pl.DataFrame, amo: pl.DataFrame, niveaus: pl.DataFrame, source: Source
) -> Made:
    """One row per diploma (DIP) and per certificate (AMO) that has been obtained.

    A certificate has a date of its own or belongs to a diploma; otherwise it is not obtained yet.
    It carries no niveau: it is no startkwalificatie, whatever it is a part of.
    """
    of_diploma = dip.select(PERSON, pl.col("resultaat").alias("onderdeel_van"), "datum").unique(
        [PERSON, "onderdeel_van"], keep="last", maintain_order=True
    )
    parts = amo.join(
        of_diploma, on=[PERSON, "onderdeel_van"], how="left", suffix="_diploma"
    ).with_columns(pl.coalesce("datum", "datum_diploma").alias("datum"))
    obtained = parts.filter(pl.col("datum").is_not_null())
    whole = dip.join(niveaus, on="opleidingcode", how="left", maintain_order="left")
    rows = pl.concat(
        [
            _proofs(whole, SoortDiploma.DIPLOMA),
            _proofs(obtained, SoortDiploma.MBO_CERTIFICAAT),
        ]
    ).with_columns(
        pl.format("{}-{}", pl.lit(source.brin), "resultaat").alias("diploma_id"),
        source.known(pl.col("datum")).alias("bekend_op"),
    )
    once = rows.unique([PERSON, "diploma_id"], keep="last", maintain_order=True)
    return source.finish(once, DIPLOMA), merged(rows.height, once, "een diploma (DIP, AMO)")


def _proofs(rows: pl.DataFrame, soort: SoortDiploma) -> pl.DataFrame:
    present = [name for name in ("opleidingcode", "niveau") if name in rows.columns]
    schema = {"opleidingcode": pl.String, "niveau": pl.Int32}
    return rows.select(
        PERSON,
        LINE,
        "resultaat",
        pl.lit(soort.value).alias("soort"),
        *(
            pl.col(name) if name in present else pl.lit(None, dtype).alias(name)
            for name, dtype in schema.items()
        ),
        "datum",
    ).with_columns(
        pl.when(pl.col("opleidingcode").str.contains(r"^\d{5}$")).then("opleidingcode").name.keep()
    )


def make_stage(bpv: pl.DataFrame, source: Source) -> Made:
    """One row per jongere, leerbedrijf and begin: a praktijkovereenkomst.

    A stage that ended before it began never started: its end becomes its begin and
    `reden_einde` says so.
    """
    ended, begin = pl.col("bpv_werkelijk"), pl.col("begin")
    not_started = (ended < begin).fill_null(value=False)
    weeks = ((pl.col("bpv_gepland") - begin).dt.total_days() + 1) / 7
    # whole hours and days carry no more than two decimals, and a rounded figure is the same in
    # every layout and on every machine
    hours = pl.when(weeks > 0).then((pl.col("omvang") / weeks).round(2))
    rows = bpv.with_columns(
        not_started.alias("not_started"),
        hours.alias("uren"),
        pl.when(not_started).then(begin).otherwise(ended).alias("einddatum"),
    )
    once = rows.unique([PERSON, "leerbedrijf_id", "begin"], keep="last", maintain_order=True)
    made = once.select(
        PERSON,
        LINE,
        source.stage_id(once).alias("stage_id"),
        "leerbedrijf_id",
        "opleidingcode",
        begin.alias("begindatum"),
        pl.col("bpv_gepland").alias("geplande_einddatum"),
        "einddatum",
        pl.when(pl.col("uren").is_between(MIN_HOURS, MAX_HOURS))
        .then("uren")
        .alias("uren_per_week"),
        pl.when("not_started")
        .then(pl.lit(RedenEindeStage.NIET_GESTART.value))
        .alias("reden_einde"),
        source.known(pl.coalesce("afgesloten", "begin")).alias("bekend_op"),
        source.end_known(pl.coalesce("bpv_werkelijk", "einddatum")).alias("einde_bekend_op"),
    )
    return source.finish(made, STAGE), [
        *merged(rows.height, once, "een stage (BPV)"),
        *_stage_warnings(once),
    ]


def _stage_warnings(rows: pl.DataFrame) -> list[str]:
    odd = rows.filter(~pl.col("uren").is_between(MIN_HOURS, MAX_HOURS)).height
    never = rows.filter("not_started").height
    sentences = (
        (
            odd,
            "Stages waarvan omvang en data niet bij elkaar passen, zodat de uren per week leeg "
            f"blijven: {odd}.",
        ),
        (never, f"Stages die eindigden voor hun begin en als niet gestart gelden: {never}."),
    )
    return [sentence for count, sentence in sentences if count]


def _same_as_next(columns: list[str]) -> pl.Expr:
    return pl.all_horizontal(
        pl.col(name).eq_missing(pl.col(name).shift(-1)) for name in columns
    ) & (pl.int_range(pl.len()) < pl.len() - 1)


def _same_as_previous(columns: list[str]) -> pl.Expr:
    return pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift(1)) for name in columns) & (
        pl.int_range(pl.len()) > 0
    )
