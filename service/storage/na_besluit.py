"""Final besluiten of matchtafels beside what was proposed before them."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from service.rechten.rijen import rijen
from service.storage.matchtafel_tables import (
    AGENDAPUNT,
    BESLUIT,
    MATCHTAFEL,
    VOORSTEL,
    VOORSTELREGEL,
)


@dataclass(frozen=True)
class Beslist:
    """What was proposed for a jongere at a table, and what people decided in the end.

    Parameters
    ----------
    jongere_id : str
        Who it is about.
    datum : date
        Day of the table.
    keuze : str
        What was decided.
    besluit : str or None
        The place of the besluit, if it is about one.
    voorstel : str or None
        The place of the last proposal before the besluit; None when it had none for this jongere.
    """

    jongere_id: str
    datum: date
    keuze: str
    besluit: str | None
    voorstel: str | None


def decided_after(session: Session, *, since: datetime) -> list[Beslist]:
    """Return the besluiten since a moment that no other replaced and that followed a proposal.

    Returns
    -------
    list of Beslist
        The oldest first.
    """
    taken = (
        rijen(
            BESLUIT,
            BESLUIT.c.agendapunt_id,
            AGENDAPUNT.c.jongere_id,
            MATCHTAFEL.c.datum,
            BESLUIT.c.keuze,
            BESLUIT.c.leerwerkplek_id,
            BESLUIT.c.tijdstip,
            BESLUIT.c.id,
            BESLUIT.c.vervangt_id,
        )
        .join(AGENDAPUNT, AGENDAPUNT.c.id == BESLUIT.c.agendapunt_id)
        .join(MATCHTAFEL, MATCHTAFEL.c.id == AGENDAPUNT.c.matchtafel_id)
        .where(BESLUIT.c.tijdstip >= since)
        .order_by(BESLUIT.c.tijdstip, BESLUIT.c.id)
    )
    rows = session.execute(taken).all()
    replaced = {row.vervangt_id for row in rows}
    lines = _proposed(session)
    found = []
    for row in rows:
        if row.id in replaced:
            continue
        before = [plek for op, plek in lines.get(row.agendapunt_id, ()) if op <= row.tijdstip]
        if before:
            found.append(
                Beslist(row.jongere_id, row.datum, row.keuze, row.leerwerkplek_id, before[-1])
            )
    return found


def _proposed(session: Session) -> dict[int, list[tuple[datetime, str | None]]]:
    """Return when which place was proposed for each agendapunt, the oldest first."""
    statement = (
        rijen(
            VOORSTELREGEL,
            VOORSTELREGEL.c.agendapunt_id,
            VOORSTEL.c.tijdstip,
            VOORSTELREGEL.c.leerwerkplek_id,
        )
        .join(VOORSTEL, VOORSTEL.c.id == VOORSTELREGEL.c.voorstel_id)
        .order_by(VOORSTEL.c.tijdstip, VOORSTELREGEL.c.id)
    )
    found: dict[int, list[tuple[datetime, str | None]]] = {}
    for row in session.execute(statement):
        found.setdefault(row.agendapunt_id, []).append((row.tijdstip, row.leerwerkplek_id))
    return found
