"""How far matchtafels are, what follow-ups are about: as many statements for many as for one."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from service.matchtafel.begrippen import Agendapunt, Besluit, Deelnemer, Matchtafel, Opvolging
from service.rechten.rijen import rijen
from service.storage.besluit import to_besluit
from service.storage.matchtafel import to_agendapunt, to_deelnemer, to_matchtafel
from service.storage.matchtafel_tables import (
    AGENDAPUNT,
    BESLUIT,
    DEELNEMER,
    MATCHTAFEL,
    OPVOLGING,
    TAFELPLEK,
)


@dataclass(frozen=True)
class Tafelstand:
    """How far a matchtafel is: who takes part, and counts of what belongs to it.

    `besproken` counts the lines with a besluit, `opvolgingen` the questions without an answer.
    """

    deelnemers: tuple[Deelnemer, ...]
    agendapunten: int
    besproken: int
    plekken: int
    opvolgingen: int


@dataclass(frozen=True)
class Verband:
    """What a follow-up is about, and who answers it."""

    opvolging: Opvolging
    besluit: Besluit
    agendapunt: Agendapunt
    table: Matchtafel
    eigenaar: Deelnemer


def tafelstanden(session: Session, matchtafel_ids: Collection[int]) -> dict[int, Tafelstand]:
    """Return how far each of these matchtafels is, by its id."""
    ids = list(matchtafel_ids)
    people: dict[int, list[Deelnemer]] = {one: [] for one in ids}
    asked = rijen(DEELNEMER).where(DEELNEMER.c.matchtafel_id.in_(ids)).order_by(DEELNEMER.c.id)
    for row in session.execute(asked).mappings():
        people[row["matchtafel_id"]].append(to_deelnemer(row))
    lines = _counts(session, rijen(AGENDAPUNT, AGENDAPUNT.c.matchtafel_id, sa.func.count()), ids)
    decided = rijen(
        BESLUIT, AGENDAPUNT.c.matchtafel_id, sa.func.count(BESLUIT.c.agendapunt_id.distinct())
    ).join(AGENDAPUNT, AGENDAPUNT.c.id == BESLUIT.c.agendapunt_id)
    besproken = _counts(session, decided, ids)
    waiting = (
        rijen(OPVOLGING, AGENDAPUNT.c.matchtafel_id, sa.func.count())
        .join(BESLUIT, BESLUIT.c.id == OPVOLGING.c.besluit_id)
        .join(AGENDAPUNT, AGENDAPUNT.c.id == BESLUIT.c.agendapunt_id)
        .where(OPVOLGING.c.uitkomst.is_(None))
    )
    opvolgingen = _counts(session, waiting, ids)
    places = rijen(TAFELPLEK, TAFELPLEK.c.matchtafel_id, sa.func.count())
    plekken = _counts(session, places, ids)
    return {
        one: Tafelstand(
            tuple(people[one]),
            lines.get(one, 0),
            besproken.get(one, 0),
            plekken.get(one, 0),
            opvolgingen.get(one, 0),
        )
        for one in ids
    }


def verbanden(session: Session, opvolgingen: Iterable[Opvolging]) -> list[Verband]:
    """Return these follow-ups with what they are about, in the same order."""
    asked = list(opvolgingen)
    besluiten = _by_id(session, BESLUIT, (one.besluit_id for one in asked))
    lines = _by_id(session, AGENDAPUNT, (row["agendapunt_id"] for row in besluiten.values()))
    tables = _by_id(session, MATCHTAFEL, (row["matchtafel_id"] for row in lines.values()))
    people = _by_id(session, DEELNEMER, (one.eigenaar_id for one in asked))
    found = []
    for one in asked:
        besluit = to_besluit(besluiten[one.besluit_id])
        line = to_agendapunt(lines[besluit.agendapunt_id])
        table = to_matchtafel(tables[line.matchtafel_id])
        found.append(Verband(one, besluit, line, table, to_deelnemer(people[one.eigenaar_id])))
    return found


def _counts(session: Session, asked: sa.Select[Any], ids: list[int]) -> dict[int, int]:
    """Return the second column of a SELECT by its first, a matchtafel_id, grouped by that."""
    key = asked.selected_columns[0]
    rows = session.execute(asked.where(key.in_(ids)).group_by(key))
    return dict(tuple(row) for row in rows)


def _by_id(session: Session, table: sa.Table, ids: Iterable[int]) -> dict[int, sa.RowMapping]:
    asked = rijen(table).where(table.c.id.in_(sorted(set(ids))))
    return {row["id"]: row for row in session.execute(asked).mappings()}
