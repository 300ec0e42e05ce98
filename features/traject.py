"""Which trajecten admit a jongere, and which rule of a traject does not hold."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from features.contract import LIST_SEPARATOR, Tables
from features.inschrijving import current, startkwalificaties
from features.peildatum import numbered, table
from features.vocabulary import Operator
from features.voorkeur import jongere_conditions

JA, NEE = "ja", "nee"
ATTRIBUTEN = (
    "leeftijd",
    "startkwalificatie",
    "ingeschreven",
    "onderwijssoort",
    "niveau",
    "gemeente",
    "belastbaarheid",
)
"""What a rule may look at: whole years, ja or nee, ja or nee, a word, 1-4, a name, hours a week."""


@dataclass(frozen=True)
class TrajectOordeel:
    """Whether a traject admits a jongere; `redenen` are the Dutch reasons of rules that fail.

    `onbekend` names attributes that a rule asks and nobody told: those must be asked first, and
    until then the traject does not admit.
    """

    traject_id: str
    soort: str
    titel: str
    weken: float | None
    toegelaten: bool
    redenen: tuple[str, ...]
    onbekend: tuple[str, ...]


def traject_oordelen(
    tables: Tables, jongere_ids: pl.Series, *, peildatum: date, dag: date | None = None
) -> pl.DataFrame:
    """Evaluate the rules of every traject for many jongeren at once.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Canonical tables.
    jongere_ids : Series of String
        Distinct.
    peildatum : date
        Nothing known later is used.
    dag : date, optional
        Day of entry, for the age; the peildatum unless told.

    Returns
    -------
    DataFrame
        One row per jongere and rule: ``jongere_id``, ``traject_id``, ``attribuut``, ``reden``
        and ``voldoet`` (null when the attribute is unknown). A traject without rules has none.
        Ordered by jongere, traject and attribute.
    """
    facts = _attributen(tables, jongere_ids, peildatum, dag or peildatum)
    long = facts.unpivot(index="jongere_id", variable_name="attribuut", value_name="feit")
    rules = table(tables, "traject_voorwaarde").select(
        "traject_id", "attribuut", "operator", "waarde", "reden"
    )
    return (
        jongere_ids.alias("jongere_id")
        .to_frame()
        .join(rules, how="cross")
        .join(long, on=["jongere_id", "attribuut"], how="left")
        .with_columns(voldoet=_holds())
        .select("jongere_id", "traject_id", "attribuut", "reden", "voldoet")
        .sort("jongere_id", "traject_id", "attribuut")
    )


def judge_trajecten(tables: Tables, oordelen: pl.DataFrame) -> tuple[TrajectOordeel, ...]:
    """Put the rules of one jongere together per traject, those that admit first.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        `traject` is used.
    oordelen : DataFrame
        As `traject_oordelen`, of one jongere.
    """
    rules: dict[str, list[tuple[str, str, bool | None]]] = {}
    for name, attribuut, reden, voldoet in oordelen.select(
        "traject_id", "attribuut", "reden", "voldoet"
    ).iter_rows():
        rules.setdefault(name, []).append((attribuut, reden, voldoet))
    found = [
        TrajectOordeel(
            traject_id=row["traject_id"],
            soort=row["soort"],
            titel=row["titel"],
            weken=row["duur_weken"],
            toegelaten=all(holds is True for *_, holds in rules.get(row["traject_id"], ())),
            redenen=tuple(
                reden for _, reden, holds in rules.get(row["traject_id"], ()) if holds is False
            ),
            onbekend=tuple(
                what for what, _, holds in rules.get(row["traject_id"], ()) if holds is None
            ),
        )
        for row in table(tables, "traject").sort("traject_id").iter_rows(named=True)
    ]
    return tuple(sorted(found, key=lambda one: not one.toegelaten))


def _attributen(tables: Tables, jongere_ids: pl.Series, peildatum: date, dag: date) -> pl.DataFrame:
    """Return `ATTRIBUTEN` as text, one row per jongere; null where unknown."""
    rows = pl.DataFrame({"jongere_id": jongere_ids}).with_columns(
        pl.lit(peildatum).alias("peildatum")
    )
    spine = numbered(rows)
    persons = table(tables, "jongere").select("jongere_id", "geboortedatum", "gemeente")
    enrolled = current(tables, spine).select("rij", "onderwijssoort", "niveau").collect()
    qualified = (
        startkwalificaties(tables)
        .filter(pl.col("datum") <= peildatum, pl.col("bekend_op") <= peildatum)
        .select("jongere_id", startkwalificatie=pl.lit(JA))
        .unique()
        .collect()
    )
    hours = jongere_conditions(tables, spine).select("rij", "uren_max")
    born = pl.col("geboortedatum")
    age = dag.year - born.dt.year() - (born.dt.month() > dag.month).cast(pl.Int32)
    return (
        rows.with_row_index("rij")
        .join(persons, on="jongere_id", how="left")
        .join(enrolled, on="rij", how="left")
        .join(qualified, on="jongere_id", how="left")
        .join(hours, on="rij", how="left")
        .select(
            "jongere_id",
            leeftijd=age.cast(pl.String),
            startkwalificatie=pl.col("startkwalificatie").fill_null(NEE),
            ingeschreven=pl.when(pl.col("onderwijssoort").is_null())
            .then(pl.lit(NEE))
            .otherwise(pl.lit(JA)),
            onderwijssoort=pl.col("onderwijssoort"),
            niveau=pl.col("niveau").cast(pl.String),
            gemeente=pl.col("gemeente"),
            belastbaarheid=pl.col("uren_max").cast(pl.String),
        )
    )


def _holds() -> pl.Expr:
    """Compare as numbers where both are, else as words; null when the fact is unknown."""
    fact = pl.col("feit").str.strip_chars().str.to_lowercase()
    asked = pl.col("waarde").str.strip_chars().str.to_lowercase()
    number, bound = fact.cast(pl.Float64, strict=False), asked.cast(pl.Float64, strict=False)
    same = pl.coalesce(number == bound, fact == asked)
    listed = asked.str.split(LIST_SEPARATOR).list.eval(pl.element().str.strip_chars())
    operator = pl.col("operator")
    return (
        pl.when(fact.is_null())
        .then(None)
        .when(operator == str(Operator.GELIJK))
        .then(same)
        .when(operator == str(Operator.ONGELIJK))
        .then(~same)
        .when(operator == str(Operator.MINSTENS))
        .then(number >= bound)
        .when(operator == str(Operator.HOOGSTENS))
        .then(number <= bound)
        .when(operator == str(Operator.IN))
        .then(listed.list.contains(fact))
    )
