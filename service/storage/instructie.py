"""Who read which version of the instruction."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from service.storage.suggestielog_tables import INSTRUCTIE


class InstructieRepository:
    """Every query on instructions that were read; it never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def read_on(self, gebruiker_id: int, versie: int) -> datetime | None:
        """Return when an account read a version; None when it did not."""
        statement = sa.select(INSTRUCTIE.c.gelezen_op).where(
            INSTRUCTIE.c.gebruiker_id == gebruiker_id, INSTRUCTIE.c.versie == versie
        )
        return self._session.execute(statement).scalar()

    def add(self, gebruiker_id: int, versie: int, *, op: datetime) -> None:
        """Store that an account read a version; the first time counts."""
        if self.read_on(gebruiker_id, versie) is None:
            self._session.execute(
                sa.insert(INSTRUCTIE).values(
                    gebruiker_id=gebruiker_id, versie=versie, gelezen_op=op
                )
            )
