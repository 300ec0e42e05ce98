"""Matchtafels with their participants, agenda, places, wishes and proposals."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from service.errors import ConflictError, NotFoundError
from service.matchtafel.begrippen import (
    Agendapunt,
    Deelnemer,
    Gebeurtenis,
    Matchtafel,
    Status,
    TafelPlek,
    Voorstel,
    Voorstelregel,
    Wens,
    WensSoort,
)
from service.rechten.rijen import check_regio, rijen, zichtbaar
from service.storage.matchtafel_tables import (
    AGENDAPUNT,
    DEELNEMER,
    GEBEURTENIS,
    MATCHTAFEL,
    TAFELPLEK,
    VOORSTEL,
    VOORSTELREGEL,
    WENS,
)

Values = Mapping[str, Any]


class MatchtafelRepository:
    """Every query on a matchtafel but those on its besluiten; it never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, *, regio: str, datum: date, momentopname: Values, door: int, op: datetime) -> int:
        """Store a planned matchtafel and return its id; NotFoundError for another's region."""
        check_regio(regio)
        return add_row(
            self._session,
            MATCHTAFEL,
            regio=regio,
            datum=datum,
            status=Status.GEPLAND,
            momentopname=dict(momentopname),
            versie=1,
            aangemaakt_door=door,
            aangemaakt_op=op,
        )

    def get(self, matchtafel_id: int) -> Matchtafel:
        """Return one matchtafel; NotFoundError when there is none."""
        row = one_row(self._session, MATCHTAFEL, matchtafel_id)
        return to_matchtafel(row)

    def all(self) -> list[Matchtafel]:
        """Return all matchtafels, the latest first."""
        statement = rijen(MATCHTAFEL).order_by(MATCHTAFEL.c.datum.desc(), MATCHTAFEL.c.id.desc())
        return [to_matchtafel(row) for row in self._session.execute(statement).mappings()]

    def set_status(self, matchtafel_id: int, status: Status, *, versie: int) -> None:
        """Move a matchtafel on.

        Raises
        ------
        ConflictError
            Somebody changed it since `versie`.
        """
        bump(self._session, MATCHTAFEL, "matchtafel", matchtafel_id, versie, status=status)

    def add_deelnemer(
        self, matchtafel_id: int, naam: str, organisatie: str, rol: str, gebruiker_id: int | None
    ) -> int:
        """Store somebody at the table; ConflictError when the name is there already."""
        taken = rijen(DEELNEMER, DEELNEMER.c.id).where(
            DEELNEMER.c.matchtafel_id == matchtafel_id, DEELNEMER.c.naam == naam
        )
        if self._session.execute(taken).first():
            raise ConflictError("deelnemer", naam)
        return add_row(
            self._session,
            DEELNEMER,
            matchtafel_id=matchtafel_id,
            naam=naam,
            organisatie=organisatie,
            rol=rol,
            gebruiker_id=gebruiker_id,
        )

    def deelnemers(self, matchtafel_id: int) -> list[Deelnemer]:
        """Return who is at the table, in order of arrival."""
        return [to_deelnemer(row) for row in _of_tafel(self._session, DEELNEMER, matchtafel_id)]

    def deelnemer(self, deelnemer_id: int) -> Deelnemer:
        """Return one participant; NotFoundError when there is none."""
        return to_deelnemer(one_row(self._session, DEELNEMER, deelnemer_id))

    def add_agendapunt(
        self,
        matchtafel_id: int,
        *,
        jongere_id: str,
        volgorde: int,
        urgentie: Iterable[str],
        aselect: bool,
        trekkans: float,
    ) -> int:
        """Put a jongere on the agenda; ConflictError when the jongere is on it."""
        taken = rijen(AGENDAPUNT, AGENDAPUNT.c.id).where(
            AGENDAPUNT.c.matchtafel_id == matchtafel_id, AGENDAPUNT.c.jongere_id == jongere_id
        )
        if self._session.execute(taken).first():
            raise ConflictError("agendapunt", jongere_id)
        return add_row(
            self._session,
            AGENDAPUNT,
            matchtafel_id=matchtafel_id,
            jongere_id=jongere_id,
            volgorde=volgorde,
            urgentie=list(urgentie),
            aselect=aselect,
            trekkans=trekkans,
            versie=1,
        )

    def agendapunten(self, matchtafel_id: int) -> list[Agendapunt]:
        """Return the agenda in its order."""
        statement = (
            rijen(AGENDAPUNT)
            .where(AGENDAPUNT.c.matchtafel_id == matchtafel_id)
            .order_by(AGENDAPUNT.c.volgorde, AGENDAPUNT.c.id)
        )
        return [to_agendapunt(row) for row in self._session.execute(statement).mappings()]

    def agendapunt(self, agendapunt_id: int) -> Agendapunt:
        """Return one line of an agenda; NotFoundError when there is none."""
        return to_agendapunt(one_row(self._session, AGENDAPUNT, agendapunt_id))

    def set_plekken(self, matchtafel_id: int, plekken: Iterable[TafelPlek]) -> None:
        """Put places on the table; what is stored of the same places is replaced."""
        rows = [vars(plek) | {"matchtafel_id": matchtafel_id} for plek in plekken]
        if not rows:
            return
        named = [row["leerwerkplek_id"] for row in rows]
        self._session.execute(
            sa.delete(TAFELPLEK).where(
                TAFELPLEK.c.matchtafel_id == matchtafel_id,
                TAFELPLEK.c.leerwerkplek_id.in_(named),
                zichtbaar(TAFELPLEK),
            )
        )
        self._session.execute(sa.insert(TAFELPLEK), rows)

    def plekken(self, matchtafel_id: int) -> list[TafelPlek]:
        """Return the places of a table, by id."""
        statement = (
            rijen(TAFELPLEK)
            .where(TAFELPLEK.c.matchtafel_id == matchtafel_id)
            .order_by(TAFELPLEK.c.leerwerkplek_id)
        )
        return [TafelPlek(**row) for row in self._session.execute(statement).mappings()]

    def has_plek(self, matchtafel_id: int, leerwerkplek_id: str) -> bool:
        """Whether a place is on a table."""
        asked = rijen(TAFELPLEK, TAFELPLEK.c.leerwerkplek_id).where(
            TAFELPLEK.c.matchtafel_id == matchtafel_id,
            TAFELPLEK.c.leerwerkplek_id == leerwerkplek_id,
        )
        return self._session.execute(asked).first() is not None

    def add_wens(
        self,
        matchtafel_id: int,
        soort: WensSoort,
        jongere_id: str,
        leerwerkplek_id: str,
        *,
        door: int,
        op: datetime,
    ) -> int:
        """Store that people keep a pair together or apart."""
        return add_row(
            self._session,
            WENS,
            matchtafel_id=matchtafel_id,
            soort=soort,
            jongere_id=jongere_id,
            leerwerkplek_id=leerwerkplek_id,
            door=door,
            tijdstip=op,
        )

    def withdraw_wens(self, matchtafel_id: int, wens_id: int, *, op: datetime) -> None:
        """Withdraw a wish, once; NotFoundError when it is not among those that stand."""
        changed = self._session.execute(
            sa.update(WENS)
            .where(WENS.c.id == wens_id, WENS.c.matchtafel_id == matchtafel_id)
            .where(WENS.c.ingetrokken_op.is_(None), zichtbaar(WENS))
            .values(ingetrokken_op=op)
            .returning(WENS.c.id)
        )
        if changed.first() is None:
            raise NotFoundError("wens", str(wens_id))

    def wensen(self, matchtafel_id: int) -> list[Wens]:
        """Return the wishes that stand, the oldest first."""
        rows = _of_tafel(self._session, WENS, matchtafel_id)
        found = [Wens(**{**row, "soort": WensSoort(row["soort"])}) for row in rows]
        return [wens for wens in found if wens.ingetrokken_op is None]

    def add_voorstel(
        self, matchtafel_id: int, *, opties: Values, uitkomst: Values, door: int, op: datetime
    ) -> Voorstel:
        """Store a proposal under the next number of this table."""
        newest = rijen(VOORSTEL, sa.func.max(VOORSTEL.c.nummer)).where(
            VOORSTEL.c.matchtafel_id == matchtafel_id
        )
        voorstel_id = add_row(
            self._session,
            VOORSTEL,
            matchtafel_id=matchtafel_id,
            nummer=(self._session.execute(newest).scalar() or 0) + 1,
            opties=dict(opties),
            uitkomst=dict(uitkomst),
            door=door,
            tijdstip=op,
        )
        return self.voorstel(voorstel_id)

    def voorstel(self, voorstel_id: int) -> Voorstel:
        """Return one proposal; NotFoundError when there is none."""
        return Voorstel(**one_row(self._session, VOORSTEL, voorstel_id))

    def voorstellen(self, matchtafel_id: int) -> list[Voorstel]:
        """Return the proposals of a table, in their order."""
        return [Voorstel(**row) for row in _of_tafel(self._session, VOORSTEL, matchtafel_id)]

    def numbered(self, matchtafel_id: int, nummer: int) -> Voorstel:
        """Return a proposal of a table by its number; NotFoundError when there is none."""
        for voorstel in self.voorstellen(matchtafel_id):
            if voorstel.nummer == nummer:
                return voorstel
        raise NotFoundError("voorstel", str(nummer))

    def add_regels(self, voorstel_id: int, regels: Iterable[Values]) -> None:
        """Store the lines of a proposal: agendapunt_id, leerwerkplek_id, kans, uitleg of each."""
        rows = [{**regel, "voorstel_id": voorstel_id} for regel in regels]
        if rows:
            self._session.execute(sa.insert(VOORSTELREGEL), rows)

    def regels(self, voorstel_id: int) -> list[Voorstelregel]:
        """Return the lines of a proposal, in their order."""
        statement = (
            rijen(VOORSTELREGEL)
            .where(VOORSTELREGEL.c.voorstel_id == voorstel_id)
            .order_by(VOORSTELREGEL.c.id)
        )
        return [Voorstelregel(**row) for row in self._session.execute(statement).mappings()]

    def regel(self, regel_id: int) -> Voorstelregel:
        """Return one line of a proposal; NotFoundError when there is none."""
        return Voorstelregel(**one_row(self._session, VOORSTELREGEL, regel_id))

    def record(self, matchtafel_id: int, soort: str, onderwerp_id: int, *, op: datetime) -> None:
        """Tell those who look on that something changed."""
        add_row(
            self._session,
            GEBEURTENIS,
            matchtafel_id=matchtafel_id,
            soort=soort,
            onderwerp_id=onderwerp_id,
            tijdstip=op,
        )

    def gebeurtenissen(self, matchtafel_id: int, *, after: int) -> list[Gebeurtenis]:
        """Return what changed after the event with this id, the oldest first."""
        statement = (
            rijen(GEBEURTENIS)
            .where(GEBEURTENIS.c.matchtafel_id == matchtafel_id, GEBEURTENIS.c.id > after)
            .order_by(GEBEURTENIS.c.id)
        )
        return [Gebeurtenis(**row) for row in self._session.execute(statement).mappings()]


def add_row(session: Session, table: sa.Table, **values: object) -> int:
    """Store a row and return its id."""
    statement = sa.insert(table).values(values).returning(table.c.id)
    row_id: int = session.execute(statement).scalar_one()
    return row_id


def one_row(session: Session, table: sa.Table, row_id: int) -> sa.RowMapping:
    """Return the row of an id; NotFoundError when there is none that may be seen."""
    row = session.execute(rijen(table).where(table.c.id == row_id)).mappings().first()
    if row is None:
        raise NotFoundError(table.name, str(row_id))
    return row


def bump(
    session: Session, table: sa.Table, what: str, row_id: int, versie: int, **values: object
) -> None:
    """Change a row and raise its version, if nobody did since `versie`.

    Raises
    ------
    NotFoundError
        There is no such row.
    ConflictError
        Its version is another one: somebody was first (TRUST R6).
    """
    changed = session.execute(
        sa.update(table)
        .where(table.c.id == row_id, table.c.versie == versie, zichtbaar(table))
        .values(versie=versie + 1, **values)
        .returning(table.c.id)
    ).first()
    if changed is None:
        one_row(session, table, row_id)
        raise ConflictError(what, str(row_id))


def _of_tafel(session: Session, table: sa.Table, matchtafel_id: int) -> list[sa.RowMapping]:
    statement = rijen(table).where(table.c.matchtafel_id == matchtafel_id).order_by(table.c.id)
    return list(session.execute(statement).mappings())


def to_matchtafel(row: sa.RowMapping) -> Matchtafel:
    """Return the matchtafel of a row."""
    return Matchtafel(**{**row, "status": Status(row["status"])})


def to_deelnemer(row: sa.RowMapping) -> Deelnemer:
    """Return the participant of a row."""
    return Deelnemer(row["id"], row["naam"], row["organisatie"], row["rol"], row["gebruiker_id"])


def to_agendapunt(row: sa.RowMapping) -> Agendapunt:
    """Return the line of an agenda of a row."""
    return Agendapunt(**{**row, "urgentie": tuple(row["urgentie"])})
