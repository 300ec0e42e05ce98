"""Which erasures were done, and whether the disk is clean since."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from service.storage.privacy_tables import VERWIJDERING


class VerwijderingRepository:
    """Every query on erasures; it never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        *,
        kenmerk: str,
        grond: str,
        aantallen: Mapping[str, int],
        door: str,
        tijdstip: datetime,
    ) -> int:
        """Store an erasure of which the disk is not clean yet, and return its id."""
        done = self._session.execute(
            sa.insert(VERWIJDERING).values(
                kenmerk=kenmerk,
                grond=grond,
                aantallen=dict(aantallen),
                door=door,
                tijdstip=tijdstip,
            )
        )
        return int(done.inserted_primary_key[0])  # type: ignore[attr-defined]  # of an insert

    def list(self) -> list[dict[str, Any]]:
        """Return every erasure, the newest first."""
        chosen = sa.select(VERWIJDERING).order_by(VERWIJDERING.c.id.desc())
        return [dict(row) for row in self._session.execute(chosen).mappings()]

    def touched(self, *tabellen: str) -> int:
        """Return how many rows of these tables all erasures together touched."""
        counts = self._session.scalars(sa.select(VERWIJDERING.c.aantallen))
        return sum(one.get(name, 0) for one in counts for name in tabellen)

    def waiting(self) -> dict[int, dict[str, int]]:
        """Return the touched tables of erasures of which the disk is not clean yet, by id."""
        row = VERWIJDERING.c
        chosen = sa.select(row.id, row.aantallen).where(row.opgeruimd_op.is_(None))
        return {entry: dict(counts) for entry, counts in self._session.execute(chosen)}

    def mark_clean(self, entries: Iterable[int], op: datetime) -> None:
        """Record that nothing of these erasures is left on the disk."""
        self._session.execute(
            sa.update(VERWIJDERING)
            .where(VERWIJDERING.c.id.in_(list(entries)))
            .values(opgeruimd_op=op)
        )
