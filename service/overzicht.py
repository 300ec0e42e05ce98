"""What a list shows of jongeren and leerwerkplekken, read from tables cut to the peildatum."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

import polars as pl

from features.contract import Tables
from features.inschrijving import startkwalificaties
from features.leerwerkplek import vrije_plekken
from features.reference import kwalificatie_facts
from features.stage import running
from service.suggesties import JongereKort, LeerwerkplekKort

NO_NAMES: Mapping[str, str] = MappingProxyType({})
LEAST_AGE, AGE_LIMIT = 12, 27
"""Whom the law Van school naar duurzaam werk asks to follow: from 12 years, until 27."""


def jongere_overzicht(
    tables: Tables,
    peildatum: date,
    namen: Mapping[str, str],
    scholen: Mapping[str, str] = NO_NAMES,
) -> dict[str, JongereKort]:
    """Return what a list shows of every jongere, by id; of several enrolments the newest.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Canonical tables, cut to the peildatum.
    peildatum : date
        The day from which we look.
    namen, scholen : mapping of str to str
        Names of jongeren by jongere_id, and of schools by their code, as far as they are known.
    """
    enrolled = (
        tables["inschrijving"]
        .filter(pl.col("begindatum") <= peildatum)
        .sort("begindatum", "instelling", "volgnummer")
        .unique("jongere_id", keep="last")
        .join(_titles(tables), "opleidingcode", how="left")
        .select("jongere_id", "instelling", "onderwijssoort", pl.col("titel").alias("opleiding"))
    )
    rows = (
        tables["jongere"]
        .with_columns(age(peildatum).alias("leeftijd"))
        .join(enrolled, on="jongere_id", how="left")
    )
    return {
        row["jongere_id"]: JongereKort(
            jongere_id=row["jongere_id"],
            naam=namen.get(row["jongere_id"], ""),
            leeftijd=row["leeftijd"],
            woonplaats=row["woonplaats"],
            instelling=row["instelling"],
            onderwijssoort=row["onderwijssoort"],
            opleiding=row["opleiding"],
            school=scholen.get(row["instelling"]),
        )
        for row in rows.iter_rows(named=True)
    }


def _titles(tables: Tables) -> pl.DataFrame:
    """Return the title of every opleidingcode: the region's own, else the national one."""
    own, facts = tables["kwalificatie"], kwalificatie_facts()
    return pl.concat([own, facts.join(own, on="opleidingcode", how="anti")]).select(
        "opleidingcode", "titel"
    )


def leerwerkplek_overzicht(tables: Tables, peildatum: date) -> dict[str, LeerwerkplekKort]:
    """Return what a list shows of every leerwerkplek, by id; who is closed has no room left."""
    rows = (
        tables["leerwerkplek"]
        .join(
            tables["leerbedrijf"].select("leerbedrijf_id", "naam", "plaats", "sector"),
            on="leerbedrijf_id",
            how="left",
        )
        .join(vrije_plekken(tables, peildatum), on="leerwerkplek_id", how="left")
        .with_columns(pl.col("vrij").fill_null(0))
    )
    return {
        row["leerwerkplek_id"]: LeerwerkplekKort(
            leerwerkplek_id=row["leerwerkplek_id"],
            titel=row["titel"],
            soort=row["soort"],
            leerbedrijf=row["naam"],
            plaats=row["plaats"],
            sector=row["sector"],
            uren_min=row["uren_min"],
            uren_max=row["uren_max"],
            capaciteit=row["capaciteit"],
            vrij=row["vrij"],
        )
        for row in rows.iter_rows(named=True)
    }


def doelgroep(tables: Tables, peildatum: date) -> pl.DataFrame:
    """Return the jongere_id of everybody whom Vangnet is for, ordered.

    Between 12 and 27 years (or of unknown age) and without startkwalificatie. Whoever left
    school is among them; they need it most.
    """
    qualified = startkwalificaties(tables).filter(pl.col("datum") <= peildatum).collect()
    return (
        tables["jongere"]
        .filter(
            age(peildatum).is_between(LEAST_AGE, AGE_LIMIT, closed="left").fill_null(value=True)
        )
        .join(qualified, on="jongere_id", how="anti")
        .select("jongere_id")
        .sort("jongere_id")
    )


def zoekende_jongeren(tables: Tables, peildatum: date) -> pl.DataFrame:
    """Return the jongere_id of the doelgroep without a stage that runs on the peildatum."""
    return doelgroep(tables, peildatum).join(
        running_stages(tables, peildatum), on="jongere_id", how="anti", maintain_order="left"
    )


def running_stages(tables: Tables, peildatum: date) -> pl.DataFrame:
    """Return the stages that run on the peildatum, as known then."""
    return tables["stage"].filter(running(pl.lit(peildatum)))


def age(peildatum: date) -> pl.Expr:
    """Return the age in whole years on the peildatum, from the month of birth."""
    born = pl.col("geboortedatum")
    before_birthday = born.dt.month() > peildatum.month
    return peildatum.year - born.dt.year() - before_birthday.cast(pl.Int32)
