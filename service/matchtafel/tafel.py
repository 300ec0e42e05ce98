"""The life of one matchtafel: planned with its agenda, opened, closed; and the next one."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from service.errors import RefusedError, Weigering
from service.matchtafel.agenda import Agendaregel
from service.matchtafel.begrippen import Keuze, Status, TafelPlek, Uitkomst, WensSoort
from service.rechten.toegang import SYSTEEM, looking_as
from service.storage.besluit import BesluitRepository, OpvolgingRepository
from service.storage.engine import unit_of_work
from service.storage.matchtafel import MatchtafelRepository
from service.storage.plekverzoek import PlekverzoekRepository

NEXT = {Status.GEPLAND: Status.OPEN, Status.OPEN: Status.GESLOTEN}
"""A table only goes forward."""


@dataclass(frozen=True)
class NieuweDeelnemer:
    """Somebody who is asked to the table."""

    naam: str
    organisatie: str
    rol: str
    gebruiker_id: int | None = None


def plan(
    session: Session,
    *,
    regio: str,
    datum: date,
    deelnemers: Iterable[NieuweDeelnemer],
    agenda: Iterable[Agendaregel],
    plekken: Iterable[TafelPlek],
    momentopname: Mapping[str, Any],
    door: int,
    op: datetime,
) -> int:
    """Store a matchtafel with everything that it begins with, and return its id."""
    tables = MatchtafelRepository(session)
    table_id = tables.add(regio=regio, datum=datum, momentopname=momentopname, door=door, op=op)
    for one in deelnemers:
        tables.add_deelnemer(table_id, one.naam, one.organisatie, one.rol, one.gebruiker_id)
    for place, line in enumerate(agenda, start=1):
        tables.add_agendapunt(
            table_id,
            jongere_id=line.jongere_id,
            volgorde=place,
            urgentie=line.urgentie,
            aselect=line.aselect,
            trekkans=line.trekkans,
        )
    tables.set_plekken(table_id, plekken)
    tables.record(table_id, "gepland", table_id, op=op)
    return table_id


def move_on(
    session: Session, matchtafel_id: int, status: Status, *, versie: int, op: datetime
) -> None:
    """Open or close a table.

    Raises
    ------
    RefusedError
        The table is not in the state before that one.
    ConflictError
        Somebody changed it since `versie`.
    """
    tables = MatchtafelRepository(session)
    if NEXT.get(tables.get(matchtafel_id).status) is not status:
        raise RefusedError(Weigering.VOLGENDE_STAP)
    tables.set_status(matchtafel_id, status, versie=versie)
    tables.record(matchtafel_id, status, matchtafel_id, op=op)


def invite(
    session: Session, matchtafel_id: int, deelnemer: NieuweDeelnemer, *, op: datetime
) -> int:
    """Add somebody to a table that is not closed; return the id of the participant."""
    tables = not_closed(session, matchtafel_id)
    added = tables.add_deelnemer(
        matchtafel_id,
        deelnemer.naam,
        deelnemer.organisatie,
        deelnemer.rol,
        deelnemer.gebruiker_id,
    )
    tables.record(matchtafel_id, "deelnemer", added, op=op)
    return added


def put_on_agenda(
    session: Session, matchtafel_id: int, jongere_id: str, *, reden: str, op: datetime
) -> int:
    """Put a jongere at the end of the agenda, because people want to discuss them."""
    tables = not_closed(session, matchtafel_id)
    last = max((line.volgorde for line in tables.agendapunten(matchtafel_id)), default=0)
    added = tables.add_agendapunt(
        matchtafel_id,
        jongere_id=jongere_id,
        volgorde=last + 1,
        urgentie=[reden],
        aselect=False,
        trekkans=0.0,
    )
    tables.record(matchtafel_id, "agendapunt", added, op=op)
    return added


def bend(
    session: Session,
    matchtafel_id: int,
    soort: WensSoort,
    jongere_id: str,
    leerwerkplek_id: str,
    *,
    door: int,
    op: datetime,
) -> int:
    """Keep a pair together or apart in the next proposals; a later wish replaces an earlier one.

    Raises
    ------
    RefusedError
        The jongere or the place is not at this table.
    """
    tables = not_closed(session, matchtafel_id)
    if jongere_id not in {line.jongere_id for line in tables.agendapunten(matchtafel_id)}:
        raise RefusedError(Weigering.JONGERE_NIET_OP_AGENDA)
    if leerwerkplek_id not in {plek.leerwerkplek_id for plek in tables.plekken(matchtafel_id)}:
        raise RefusedError(Weigering.PLEK_NIET_AAN_TAFEL)
    for former in tables.wensen(matchtafel_id):
        same_pair = (former.jongere_id, former.leerwerkplek_id) == (jongere_id, leerwerkplek_id)
        pinned = former.jongere_id == jongere_id and former.soort is soort is WensSoort.VASTZETTEN
        if same_pair or pinned:
            tables.withdraw_wens(matchtafel_id, former.id, op=op)
    added = tables.add_wens(matchtafel_id, soort, jongere_id, leerwerkplek_id, door=door, op=op)
    tables.record(matchtafel_id, "wens", added, op=op)
    return added


def unbend(session: Session, matchtafel_id: int, wens_id: int, *, op: datetime) -> None:
    """Withdraw a wish."""
    tables = not_closed(session, matchtafel_id)
    tables.withdraw_wens(matchtafel_id, wens_id, op=op)
    tables.record(matchtafel_id, "wens", wens_id, op=op)


def not_closed(session: Session, matchtafel_id: int) -> MatchtafelRepository:
    """Return the repository when this table can still change; else RefusedError."""
    tables = MatchtafelRepository(session)
    if tables.get(matchtafel_id).status is Status.GESLOTEN:
        raise RefusedError(Weigering.TAFEL_GESLOTEN)
    return tables


def put_on_table(
    session: Session, plek: TafelPlek, *, op: datetime, door: int, aanvrager: str = ""
) -> None:
    """Put a place on a table that is not closed, or change how many and whose it is for.

    A place that is kept for the pupils of one school stays on record with who asked for that:
    `aanvrager` in words, `door` as the account that wrote it down.
    """
    tables = not_closed(session, plek.matchtafel_id)
    tables.set_plekken(plek.matchtafel_id, [plek])
    if plek.alleen_voor and plek.alleen_tot:
        PlekverzoekRepository(session).add(
            plek.matchtafel_id,
            plek.leerwerkplek_id,
            alleen_voor=plek.alleen_voor,
            alleen_tot=plek.alleen_tot,
            aanvrager=aanvrager,
            door=door,
            op=op,
        )
    tables.record(plek.matchtafel_id, "plek", plek.matchtafel_id, op=op)


def carried_over(session: Session, regio: str) -> set[str]:
    """Return who comes back at the next table of a region.

    Put off or not reached at the last closed one, or chosen for a place that did not begin.
    """
    tables = MatchtafelRepository(session)
    closed = [one for one in tables.all() if one.regio == regio and one.status is Status.GESLOTEN]
    if not closed:
        return set()
    standing = BesluitRepository(session).standing(closed[0].id)
    failed = {
        one.besluit_id
        for one in OpvolgingRepository(session).of_matchtafel(closed[0].id)
        if one.uitkomst is Uitkomst.NIET_GESTART
    }
    return {
        line.jongere_id
        for line in tables.agendapunten(closed[0].id)
        if line.id not in standing
        or standing[line.id].keuze is Keuze.AANHOUDEN
        or standing[line.id].id in failed
    }


def promises(session: Session) -> dict[str, str]:
    """Return the place that jongeren whom who looks may see have yet to begin at."""
    return OpvolgingRepository(session).beloofd()


def taken_places(session: Session) -> Counter[str]:
    """Return how many jongeren of all regions have yet to begin at a place, by its id.

    A place has room for so many, whichever region promised it; who they are is not told. It is
    read in a transaction of its own, for the rows of PostgreSQL hide what another region did from
    the transaction of who looks.
    """
    with looking_as(SYSTEEM), unit_of_work(session.get_bind().engine, read_only=True) as whole:
        return Counter(OpvolgingRepository(whole).beloofde_plekken())
