"""Besluiten, which stay for good, and the follow-ups that come of them."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from service.errors import ConflictError
from service.matchtafel.begrippen import Besluit, Keuze, Opvolging, Uitkomst, Vraag
from service.rechten.rijen import rijen, zichtbaar
from service.storage.matchtafel import add_row, bump, one_row
from service.storage.matchtafel_tables import AGENDAPUNT, BESLUIT, OPVOLGING


class BesluitRepository:
    """Every query on besluiten; none of them is ever changed or removed."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, besluit: Besluit, *, agendapunt_versie: int) -> int:
        """Store a besluit (its own id is not looked at) and return its id.

        Parameters
        ----------
        besluit : Besluit
            To store.
        agendapunt_versie : int
            Version of the line that its author saw.

        Raises
        ------
        ConflictError
            Somebody decided on this line since then.
        """
        bump(
            self._session,
            AGENDAPUNT,
            "agendapunt",
            besluit.agendapunt_id,
            agendapunt_versie,
        )
        values = vars(besluit).copy()
        del values["id"]
        return add_row(self._session, BESLUIT, **values)

    def get(self, besluit_id: int) -> Besluit:
        """Return one besluit; NotFoundError when there is none."""
        return to_besluit(one_row(self._session, BESLUIT, besluit_id))

    def of_matchtafel(self, matchtafel_id: int) -> list[Besluit]:
        """Return every besluit of a table, replaced ones too, the oldest first."""
        statement = (
            rijen(BESLUIT)
            .join(AGENDAPUNT, AGENDAPUNT.c.id == BESLUIT.c.agendapunt_id)
            .where(AGENDAPUNT.c.matchtafel_id == matchtafel_id)
            .order_by(BESLUIT.c.id)
        )
        return [to_besluit(row) for row in self._session.execute(statement).mappings()]

    def last_of(self, agendapunt_id: int) -> Besluit | None:
        """Return the besluit that stands on one line; None when there is none."""
        of_line = rijen(BESLUIT).where(BESLUIT.c.agendapunt_id == agendapunt_id)
        newest = of_line.order_by(BESLUIT.c.id.desc()).limit(1)
        found = self._session.execute(newest).mappings().first()
        return None if found is None else to_besluit(found)

    def standing(self, matchtafel_id: int) -> dict[int, Besluit]:
        """Return the besluit that stands, by agendapunt_id."""
        return {one.agendapunt_id: one for one in self.of_matchtafel(matchtafel_id)}


class OpvolgingRepository:
    """Every query on follow-ups; it never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        besluit_id: int,
        vraag: Vraag,
        datum: date,
        eigenaar_id: int,
        *,
        stage_id: str | None = None,
    ) -> int:
        """Store a follow-up that waits for its day; `stage_id` names what it asks about."""
        return add_row(
            self._session,
            OPVOLGING,
            besluit_id=besluit_id,
            vraag=vraag,
            datum=datum,
            eigenaar_id=eigenaar_id,
            toelichting="",
            stage_id=stage_id,
            versie=1,
        )

    def get(self, opvolging_id: int) -> Opvolging:
        """Return one follow-up; NotFoundError when there is none."""
        return _to_opvolging(one_row(self._session, OPVOLGING, opvolging_id))

    def finish(
        self,
        opvolging_id: int,
        uitkomst: Uitkomst,
        *,
        toelichting: str,
        stage_id: str | None,
        door: int,
        op: datetime,
        versie: int,
    ) -> None:
        """Record what a follow-up found, once.

        Raises
        ------
        ConflictError
            Somebody answered it already, or since `versie`.
        """
        if self.get(opvolging_id).uitkomst is not None:
            raise ConflictError("opvolging", str(opvolging_id))
        bump(
            self._session,
            OPVOLGING,
            "opvolging",
            opvolging_id,
            versie,
            uitkomst=uitkomst,
            toelichting=toelichting,
            stage_id=stage_id,
            gedaan_door=door,
            gedaan_op=op,
        )

    def drop_open(self, besluit_id: int) -> tuple[int, ...]:
        """Take away the questions of a besluit that is replaced, as far as not answered.

        Returns
        -------
        tuple of int
            Their ids.
        """
        dropped = self._session.execute(
            sa.delete(OPVOLGING)
            .where(OPVOLGING.c.besluit_id == besluit_id, OPVOLGING.c.uitkomst.is_(None))
            .where(zichtbaar(OPVOLGING))
            .returning(OPVOLGING.c.id)
        )
        return tuple(dropped.scalars())

    def open(self, *, until: date | None = None) -> list[Opvolging]:
        """Return what waits for an answer, the earliest first; only what is due when asked."""
        statement = rijen(OPVOLGING).where(OPVOLGING.c.uitkomst.is_(None))
        if until is not None:
            statement = statement.where(OPVOLGING.c.datum <= until)
        ordered = statement.order_by(OPVOLGING.c.datum, OPVOLGING.c.id)
        return [_to_opvolging(row) for row in self._session.execute(ordered).mappings()]

    def beloofd(self) -> dict[str, str]:
        """Return by jongere_id the leerwerkplek_id that was chosen and has yet to begin."""
        statement = _beloofd(AGENDAPUNT.c.jongere_id, BESLUIT.c.leerwerkplek_id).order_by(
            OPVOLGING.c.datum, OPVOLGING.c.id
        )
        rows = self._session.execute(statement).mappings()
        return {row["jongere_id"]: row["leerwerkplek_id"] for row in rows}

    def beloofde_plekken(self) -> dict[str, int]:
        """Return by leerwerkplek_id how many were chosen for it and have yet to begin."""
        people = sa.func.count(AGENDAPUNT.c.jongere_id.distinct()).label("aantal")
        place = BESLUIT.c.leerwerkplek_id
        rows = self._session.execute(_beloofd(place, people).group_by(place)).mappings()
        return {row["leerwerkplek_id"]: row["aantal"] for row in rows}

    def of_matchtafel(self, matchtafel_id: int) -> list[Opvolging]:
        """Return every follow-up of a table's besluiten, the earliest first."""
        statement = (
            rijen(OPVOLGING)
            .join(BESLUIT, BESLUIT.c.id == OPVOLGING.c.besluit_id)
            .join(AGENDAPUNT, AGENDAPUNT.c.id == BESLUIT.c.agendapunt_id)
            .where(AGENDAPUNT.c.matchtafel_id == matchtafel_id)
            .order_by(OPVOLGING.c.datum, OPVOLGING.c.id)
        )
        return [_to_opvolging(row) for row in self._session.execute(statement).mappings()]


def _beloofd(*columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """Return the SELECT of these columns of every promise of a place that waits for its begin."""
    return (
        rijen(OPVOLGING, *columns)
        .join(BESLUIT, BESLUIT.c.id == OPVOLGING.c.besluit_id)
        .join(AGENDAPUNT, AGENDAPUNT.c.id == BESLUIT.c.agendapunt_id)
        .where(OPVOLGING.c.uitkomst.is_(None), OPVOLGING.c.vraag == str(Vraag.GESTART))
        .where(BESLUIT.c.leerwerkplek_id.is_not(None))
    )


def to_besluit(row: sa.RowMapping) -> Besluit:
    """Return the besluit of a row."""
    return Besluit(**{**row, "keuze": Keuze(row["keuze"])})


def _to_opvolging(row: sa.RowMapping) -> Opvolging:
    found = row["uitkomst"]
    return Opvolging(
        **{
            **row,
            "vraag": Vraag(row["vraag"]),
            "uitkomst": None if found is None else Uitkomst(found),
        }
    )
