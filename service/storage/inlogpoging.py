"""How often somebody tried to log in under a name, or from an address; neither is kept."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from service.storage.tables import INLOGPOGING


class InlogpogingRepository:
    """Every query on attempts to log in; it never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def record(self, sleutel_hmac: str, now: datetime, *, limit: int, free_before: datetime) -> int:
        """Count an attempt, and return how many there were with this one.

        One statement, so that attempts at the same moment are all counted.

        Parameters
        ----------
        sleutel_hmac : str
            Hexadecimal HMAC-SHA256 of the name or the address.
        now : datetime
            Moment of the attempt.
        limit : int
            Attempts that are let through before a pause begins.
        free_before : datetime
            What lies before this counts no more: neither a pause that began then, nor attempts.

        Returns
        -------
        int
            At least 1; more than `limit` means that this attempt falls in a pause.
        """
        insert = (
            postgresql_insert
            if self._session.get_bind().dialect.name == "postgresql"
            else sqlite_insert
        )
        at_limit = INLOGPOGING.c.pogingen >= limit
        over = INLOGPOGING.c.laatste_op <= free_before
        statement = insert(INLOGPOGING).values(
            sleutel_hmac=sleutel_hmac, pogingen=1, laatste_op=now
        )
        counted = statement.on_conflict_do_update(
            index_elements=[INLOGPOGING.c.sleutel_hmac],
            set_={
                "pogingen": sa.case(
                    (over, 1), (at_limit, limit + 1), else_=INLOGPOGING.c.pogingen + 1
                ),
                "laatste_op": sa.case(
                    (at_limit & ~over, INLOGPOGING.c.laatste_op),
                    else_=statement.excluded.laatste_op,
                ),
            },
        ).returning(INLOGPOGING.c.pogingen)
        return int(self._session.execute(counted).scalar_one())

    def release(self, sleutel_hmac: str) -> None:
        """Take one attempt off; nothing happens when there were none."""
        self._session.execute(
            sa.update(INLOGPOGING)
            .where(INLOGPOGING.c.sleutel_hmac == sleutel_hmac, INLOGPOGING.c.pogingen > 0)
            .values(pogingen=INLOGPOGING.c.pogingen - 1)
        )

    def remove(self, sleutel_hmac: str) -> None:
        """Forget the attempts under a key; nothing happens when there were none."""
        self._session.execute(
            sa.delete(INLOGPOGING).where(INLOGPOGING.c.sleutel_hmac == sleutel_hmac)
        )

    def remove_older(self, before: datetime) -> None:
        """Forget keys whose last attempt was before this moment."""
        self._session.execute(sa.delete(INLOGPOGING).where(INLOGPOGING.c.laatste_op < before))
