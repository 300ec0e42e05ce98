"""What of the plan was shared with a jongere, when, and by whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from service.rechten.rijen import rijen
from service.storage.contact_tables import DELING


@dataclass(frozen=True)
class Deling:
    """One time that a plan was shared: which parts, which places, on screen or as a file."""

    id: int
    jongere_id: str
    onderdelen: list[str]
    leerwerkplekken: list[str]
    vorm: str
    door: str
    tijdstip: datetime


class DelingRepository:
    """Every query on delingen; none of them is ever changed. It never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        jongere_id: str,
        *,
        onderdelen: Sequence[str],
        leerwerkplekken: Sequence[str],
        vorm: str,
        door: str,
        tijdstip: datetime,
    ) -> None:
        """Store that a plan was shared."""
        self._session.execute(
            sa.insert(DELING).values(
                jongere_id=jongere_id,
                onderdelen=list(onderdelen),
                leerwerkplekken=list(leerwerkplekken),
                vorm=vorm,
                door=door,
                tijdstip=tijdstip,
            )
        )

    def of(self, jongere_id: str) -> list[Deling]:
        """Return what was shared with a jongere, the newest first."""
        chosen = rijen(DELING).where(DELING.c.jongere_id == jongere_id)
        rows = self._session.execute(chosen.order_by(DELING.c.id.desc())).mappings()
        return [Deling(**row) for row in rows]
