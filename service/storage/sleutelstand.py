"""Under which key the rows of this database lie."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from service.storage.privacy_tables import SLEUTELSTAND


class SleutelstandRepository:
    """Every query on the keys in force; it never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, domein: str) -> str | None:
        """Return the fingerprint of the key of a domain; None when none was ever set."""
        row = SLEUTELSTAND.c
        chosen = sa.select(row.vingerafdruk).where(row.domein == domein)
        found: str | None = self._session.scalar(chosen)
        return found

    def set(self, domein: str, vingerafdruk: str, op: datetime) -> None:
        """Record that the rows lie under another key from now on."""
        self._session.execute(sa.delete(SLEUTELSTAND).where(SLEUTELSTAND.c.domein == domein))
        self._session.execute(
            sa.insert(SLEUTELSTAND).values(domein=domein, vingerafdruk=vingerafdruk, tijdstip=op)
        )
