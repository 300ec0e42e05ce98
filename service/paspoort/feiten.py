"""Reads what is stored of one jongere, by the row rule: facts, never a score or an opinion."""

from dataclasses import dataclass
from datetime import date
from typing import cast

import polars as pl
from sqlalchemy.orm import Session

from features.reference import kwalificatie_facts
from service.storage.feiten import FeitRepository, Row
from service.storage.opschriften import names_of

OPLEIDINGCODE = "opleidingcode"


@dataclass(frozen=True)
class Wil:
    """What a jongere wants and can carry, as told last; None is not told."""

    datum: date
    sectoren: tuple[str, ...] | None
    uren_min: float | None
    uren_max: float | None
    reistijd_max: float | None
    vervoer: tuple[str, ...] | None
    vermijdt: tuple[str, ...] | None
    rijbewijs: bool | None


@dataclass(frozen=True)
class Nodig:
    """Support that helps; without `toestemming` it counts for no place and is told to nobody."""

    soort: str
    datum: date
    toestemming: bool


@dataclass(frozen=True)
class Feiten:
    """The stored rows of one jongere, each table in order of its key, and names for them.

    `opleidingen` are titles by opleidingcode, `leerbedrijven` names by leerbedrijf_id, and
    `plekken` titles by leerwerkplek_id.
    """

    inschrijvingen: tuple[Row, ...]
    stages: tuple[Row, ...]
    diplomas: tuple[Row, ...]
    verzuim: tuple[Row, ...]
    wil: Wil | None
    nodig: tuple[Nodig, ...]
    opleidingen: dict[str, str]
    leerbedrijven: dict[str, str]
    plekken: dict[str, str]


def read_feiten(session: Session, jongere_id: str) -> Feiten:
    """Return what is stored of a jongere; of whom who looks may not see, nothing.

    Parameters
    ----------
    session : Session
        Unit of work.
    jongere_id : str
        Whose.
    """

    def rows(table: str) -> tuple[Row, ...]:
        return tuple(FeitRepository(session, table).all({"jongere_id": jongere_id}))

    inschrijvingen, stages, diplomas = rows("inschrijving"), rows("stage"), rows("diploma")
    wishes = rows("voorkeur")
    return Feiten(
        inschrijvingen=inschrijvingen,
        stages=stages,
        diplomas=diplomas,
        verzuim=rows("verzuim"),
        wil=_wil(wishes[-1]) if wishes else None,
        nodig=_nodig(rows("ondersteuningsbehoefte")),
        opleidingen=_opleidingen(session, (*inschrijvingen, *stages, *diplomas)),
        leerbedrijven=names_of(
            session, "leerbedrijf", "naam", (row["leerbedrijf_id"] for row in stages)
        ),
        plekken=names_of(
            session, "leerwerkplek", "titel", (row["leerwerkplek_id"] for row in stages)
        ),
    )


def _wil(row: Row) -> Wil:
    return Wil(
        datum=row["datum"],
        sectoren=_words(row["sectoren"]),
        uren_min=row["uren_min"],
        uren_max=row["uren_max"],
        reistijd_max=row["reistijd_max"],
        vervoer=_words(row["vervoer"]),
        vermijdt=_words(row["vermijdt"]),
        rijbewijs=row["rijbewijs"],
    )


def _words(value: object) -> tuple[str, ...] | None:
    return None if value is None else tuple(cast("list[str]", value))


def _nodig(rows: tuple[Row, ...]) -> tuple[Nodig, ...]:
    """Return each kind once, as told last."""
    last = {row["soort"]: row for row in sorted(rows, key=lambda row: row["datum"])}
    return tuple(
        Nodig(soort, row["datum"], row["toestemming"]) for soort, row in sorted(last.items())
    )


def _opleidingen(session: Session, rows: tuple[Row, ...]) -> dict[str, str]:
    """Return titles of opleidingen: the region's own, else the national one."""
    codes = {row[OPLEIDINGCODE] for row in rows if row[OPLEIDINGCODE] is not None}
    national = kwalificatie_facts().filter(pl.col(OPLEIDINGCODE).is_in(sorted(codes)))
    known = dict(national.select(OPLEIDINGCODE, "titel").iter_rows())
    return known | names_of(session, "kwalificatie", "titel", codes)
