"""Which models people stopped, where, and why; every stop stays on record."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from service.storage.suggestielog_tables import MODELSTOP

OVERAL = ""
"""The region of a stop that counts everywhere."""


@dataclass(frozen=True)
class Modelstop:
    """A model that was stopped; `hervat_op` is None as long as it stands still."""

    id: int
    model: str
    regio: str
    reden: str
    door: str
    gestopt_op: datetime
    hervat_op: datetime | None
    hervat_door: str | None
    hervat_reden: str | None


class ModelstopRepository:
    """Every query on stops; it never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def standing(self) -> list[Modelstop]:
        """Return the stops that count now, the oldest first."""
        found = sa.select(MODELSTOP).where(MODELSTOP.c.hervat_op.is_(None))
        rows = self._session.execute(found.order_by(MODELSTOP.c.id)).mappings()
        return [Modelstop(**row) for row in rows]

    def all(self) -> list[Modelstop]:
        """Return every stop, the newest first."""
        rows = self._session.execute(sa.select(MODELSTOP).order_by(MODELSTOP.c.id.desc()))
        return [Modelstop(**row) for row in rows.mappings()]

    def add(self, model: str, regio: str, *, reden: str, door: str, op: datetime) -> None:
        """Store that a model is stopped in a region."""
        self._session.execute(
            sa.insert(MODELSTOP).values(
                model=model, regio=regio, reden=reden, door=door, gestopt_op=op
            )
        )

    def end(self, stop_id: int, *, reden: str, door: str, op: datetime) -> bool:
        """Store that a stop ended; whether it still stood."""
        done = self._session.execute(
            sa.update(MODELSTOP)
            .where(MODELSTOP.c.id == stop_id, MODELSTOP.c.hervat_op.is_(None))
            .values(hervat_op=op, hervat_door=door, hervat_reden=reden)
            .returning(MODELSTOP.c.id)
        )
        return done.first() is not None
