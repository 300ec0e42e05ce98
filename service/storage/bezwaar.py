"""Objections against being scored."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from service.rechten.rijen import rijen, zichtbaar
from service.storage.privacy_tables import BEZWAAR


@dataclass(frozen=True)
class Bezwaar:
    """An objection; it stands as long as `ingetrokken_op` is None."""

    id: int
    jongere_id: str
    reden: str
    door: str
    tijdstip: datetime
    ingetrokken_op: datetime | None


class BezwaarRepository:
    """Every query on objections; it never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, jongere_id: str, *, reden: str, door: str, tijdstip: datetime) -> None:
        """Store an objection that stands from now on."""
        self._session.execute(
            sa.insert(BEZWAAR).values(
                jongere_id=jongere_id, reden=reden, door=door, tijdstip=tijdstip
            )
        )

    def withdraw(self, jongere_id: str, op: datetime) -> int:
        """End what stands of a jongere; return how many objections that were."""
        mine = (BEZWAAR.c.jongere_id == jongere_id) & BEZWAAR.c.ingetrokken_op.is_(None)
        done = self._session.execute(
            sa.update(BEZWAAR).where(zichtbaar(BEZWAAR), mine).values(ingetrokken_op=op)
        )
        return int(done.rowcount)  # type: ignore[attr-defined]  # of a statement that writes

    def standing(self) -> frozenset[str]:
        """Return the jongere_id of everybody who objects now."""
        chosen = rijen(BEZWAAR, BEZWAAR.c.jongere_id).where(BEZWAAR.c.ingetrokken_op.is_(None))
        return frozenset(self._session.scalars(chosen))

    def of(self, jongere_id: str) -> list[Bezwaar]:
        """Return all objections of a jongere, the oldest first."""
        chosen = rijen(BEZWAAR).where(BEZWAAR.c.jongere_id == jongere_id).order_by(BEZWAAR.c.id)
        return [Bezwaar(**row) for row in self._session.execute(chosen).mappings()]
