"""When a check was last good."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from service.storage.audit_tables import CONTROLESTAND


class ControlestandRepository:
    """Every query on checks; it never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, controle: str) -> datetime | None:
        """Return when a check was last good; None when it never was."""
        row = CONTROLESTAND.c
        found: datetime | None = self._session.scalar(
            sa.select(row.goed_op).where(row.controle == controle)
        )
        return found

    def set(self, controle: str, goed_op: datetime) -> None:
        """Record that a check was good."""
        mine = CONTROLESTAND.c.controle == controle
        self._session.execute(sa.delete(CONTROLESTAND).where(mine))
        self._session.execute(sa.insert(CONTROLESTAND).values(controle=controle, goed_op=goed_op))
