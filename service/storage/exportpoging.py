"""Downloads of the last hour, per account (TRUST S9)."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from service.storage.aanmelden_tables import EXPORTPOGING
from service.storage.gebruiker import GebruikerRepository


class ExportpogingRepository:
    """Every query on downloads; it never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def record(
        self, gebruiker_id: int, now: datetime, *, limit: int, after: datetime
    ) -> datetime | None:
        """Count a download, unless there were enough since a moment.

        The account is locked first, so that downloads at the same moment are all counted.

        Returns
        -------
        datetime or None
            None when it was counted; else the moment of the download that must pass first.
        """
        GebruikerRepository(self._session).lock(gebruiker_id)
        mine = EXPORTPOGING.c.gebruiker_id == gebruiker_id
        self._session.execute(sa.delete(EXPORTPOGING).where(mine, EXPORTPOGING.c.tijdstip <= after))
        query = sa.select(EXPORTPOGING.c.tijdstip).where(mine).order_by(EXPORTPOGING.c.tijdstip)
        known: list[datetime] = list(self._session.execute(query).scalars())
        if len(known) >= limit:
            return known[len(known) - limit]
        self._session.execute(
            sa.insert(EXPORTPOGING).values(gebruiker_id=gebruiker_id, tijdstip=now)
        )
        return None
