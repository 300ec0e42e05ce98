"""Notices that wait to be mailed: who claims one may send it, until the claim runs out."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from service.storage.outbox_tables import BERICHT


class Status(StrEnum):
    """What became of a notice."""

    WACHT = "wacht"
    VERZONDEN = "verzonden"
    DOOD = "dood"
    INGETROKKEN = "ingetrokken"


@dataclass(frozen=True)
class Bericht:
    """One notice.

    `aan` is an address of somebody at work, None for the mailbox of the team; `pad` the page of
    the link; `message_id` stays the same at every try, so that a receiver can tell copies.
    """

    id: int
    sleutel: str
    soort: str
    aan: str | None
    pad: str
    message_id: str
    status: Status
    gemaakt_op: datetime
    vanaf: datetime
    pogingen: int
    fout: str | None
    verzonden_op: datetime | None


class BerichtRepository:
    """Every query on notices; it never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        *,
        sleutel: str,
        soort: str,
        aan: str | None,
        pad: str,
        op: datetime,
        vanaf: datetime,
    ) -> None:
        """Store a notice; nothing happens when there is one with this key already."""
        insert = (
            sqlite.insert(BERICHT)
            if self._session.get_bind().dialect.name == "sqlite"
            else postgresql.insert(BERICHT)
        )
        self._session.execute(
            insert.values(
                sleutel=sleutel,
                soort=soort,
                aan=aan,
                pad=pad,
                message_id=uuid.uuid4().hex,
                status=Status.WACHT,
                gemaakt_op=op,
                vanaf=vanaf,
                pogingen=0,
            ).on_conflict_do_nothing(index_elements=[BERICHT.c.sleutel])
        )

    def withdraw(self, sleutel: str) -> None:
        """Take a notice back, when it was not sent yet."""
        self._session.execute(
            sa.update(BERICHT)
            .where(BERICHT.c.sleutel == sleutel, BERICHT.c.status == Status.WACHT)
            .values(status=Status.INGETROKKEN)
        )

    def is_due(self, now: datetime) -> bool:
        """Return whether a notice waits that may be tried now."""
        statement = sa.select(BERICHT.c.id).where(
            BERICHT.c.status == Status.WACHT, BERICHT.c.vanaf <= now
        )
        return self._session.execute(statement.limit(1)).first() is not None

    def claim(self, *, now: datetime, lease: timedelta) -> Bericht | None:
        """Return the next notice that is due, kept from other senders for the length of a lease.

        Whoever claims commits, sends, and then says `sent` or `failed`; of a sender that dies in
        between the notice is due again after the lease.
        """
        due = (
            sa.select(BERICHT.c.id)
            .where(BERICHT.c.status == Status.WACHT, BERICHT.c.vanaf <= now)
            .order_by(BERICHT.c.vanaf, BERICHT.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        found = (
            self._session.execute(
                sa.update(BERICHT)
                .where(BERICHT.c.id == due.scalar_subquery())
                .values(vanaf=now + lease)
                .returning(BERICHT)
            )
            .mappings()
            .first()
        )
        return None if found is None else _to_bericht(found)

    def sent(self, bericht_id: int, *, op: datetime) -> None:
        """Record that the mail server took a notice."""
        self._change(bericht_id, status=Status.VERZONDEN, verzonden_op=op, fout=None)

    def failed(self, bericht: Bericht, *, fout: str, vanaf: datetime, dood: bool) -> None:
        """Record a refusal, and when the next try may be; after the last one there is none."""
        self._change(
            bericht.id,
            status=Status.DOOD if dood else Status.WACHT,
            pogingen=bericht.pogingen + 1,
            fout=fout,
            vanaf=vanaf,
        )

    def revive(self, *, now: datetime) -> int:
        """Let the dead ones be tried anew; returns how many there are."""
        revived = self._session.execute(
            sa.update(BERICHT)
            .where(BERICHT.c.status == Status.DOOD)
            .values(status=Status.WACHT, pogingen=0, vanaf=now)
            .returning(BERICHT.c.id)
        )
        return len(revived.all())

    def list(self, *statuses: Status) -> tuple[Bericht, ...]:
        """Return the notices with one of these statuses, the earliest due first."""
        statement = (
            sa.select(BERICHT)
            .where(BERICHT.c.status.in_(statuses))
            .order_by(BERICHT.c.vanaf, BERICHT.c.id)
        )
        return tuple(_to_bericht(row) for row in self._session.execute(statement).mappings())

    def counts(self) -> Mapping[Status, int]:
        """Return how many notices there are of every status."""
        statement = sa.select(BERICHT.c.status, sa.func.count()).group_by(BERICHT.c.status)
        found = {Status(status): number for status, number in self._session.execute(statement)}
        return dict.fromkeys(Status, 0) | found

    def _change(self, bericht_id: int, **values: object) -> None:
        # one that was withdrawn while it was under way stays so
        self._session.execute(
            sa.update(BERICHT)
            .where(BERICHT.c.id == bericht_id, BERICHT.c.status == Status.WACHT)
            .values(**values)
        )


def _to_bericht(row: sa.RowMapping) -> Bericht:
    return Bericht(**{**row, "status": Status(row["status"])})
