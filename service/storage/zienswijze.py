"""What the jongere, a parent or the begeleider thinks; only ever added to."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from service.rechten.rijen import rijen
from service.storage.privacy_tables import ZIENSWIJZE


@dataclass(frozen=True)
class Zienswijze:
    """What somebody said, of what, and who wrote it down."""

    id: int
    jongere_id: str
    van: str
    onderwerp: str
    tekst: str
    door: str
    tijdstip: datetime


class ZienswijzeRepository:
    """Every query on zienswijzen; it never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        jongere_id: str,
        *,
        van: str,
        onderwerp: str,
        tekst: str,
        door: str,
        tijdstip: datetime,
    ) -> None:
        """Store a zienswijze."""
        self._session.execute(
            sa.insert(ZIENSWIJZE).values(
                jongere_id=jongere_id,
                van=van,
                onderwerp=onderwerp,
                tekst=tekst,
                door=door,
                tijdstip=tijdstip,
            )
        )

    def of(self, jongere_id: str) -> list[Zienswijze]:
        """Return the zienswijzen on a jongere, the newest first."""
        chosen = rijen(ZIENSWIJZE).where(ZIENSWIJZE.c.jongere_id == jongere_id)
        rows = self._session.execute(chosen.order_by(ZIENSWIJZE.c.id.desc())).mappings()
        return [Zienswijze(**row) for row in rows]
