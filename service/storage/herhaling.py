"""Answers to requests with an Idempotency-Key, so that a repetition is answered, not done again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from service.errors import HerhaalError
from service.storage.herhaling_tables import HERHALING

KEPT = timedelta(hours=24)
UNANSWERED = 0
"""Status while the request is being done; never committed."""


@dataclass(frozen=True)
class Antwoord:
    """What was answered: status, headers that matter (Location, ETag), and the JSON text."""

    status: int
    koppen: Mapping[str, str]
    tekst: str


class HerhalingRepository:
    """Every query on answers that are kept; it never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def take(
        self, gebruiker_id: int, sleutel: str, verzoek_sha256: str, *, op: datetime
    ) -> Antwoord | None:
        """Claim a key, or return what was answered to it before.

        Whoever comes with the same key meanwhile waits until this transaction ends. Answers older
        than `KEPT` are thrown away.

        Returns
        -------
        Antwoord or None
            None when the request must be done; then `keep` its answer in this transaction.

        Raises
        ------
        HerhaalError
            The key was used for another request.
        """
        self._session.execute(sa.delete(HERHALING).where(HERHALING.c.tijdstip < op - KEPT))
        insert = (
            postgres_insert
            if self._session.get_bind().dialect.name == "postgresql"
            else sqlite_insert
        )
        claim = (
            insert(HERHALING)
            .values(
                gebruiker_id=gebruiker_id,
                sleutel=sleutel,
                verzoek_sha256=verzoek_sha256,
                status=UNANSWERED,
                koppen={},
                antwoord="",
                tijdstip=op,
            )
            .on_conflict_do_nothing()
            .returning(HERHALING.c.status)
        )
        if self._session.execute(claim).first() is not None:
            return None
        row = self._session.execute(self._one(gebruiker_id, sleutel)).mappings().one()
        if row["verzoek_sha256"] != verzoek_sha256:
            raise HerhaalError
        return Antwoord(row["status"], row["koppen"], row["antwoord"])

    def keep(self, gebruiker_id: int, sleutel: str, antwoord: Antwoord) -> None:
        """Keep the answer to a key that was claimed."""
        self._session.execute(
            sa.update(HERHALING)
            .where(HERHALING.c.gebruiker_id == gebruiker_id, HERHALING.c.sleutel == sleutel)
            .values(status=antwoord.status, koppen=dict(antwoord.koppen), antwoord=antwoord.tekst)
        )

    @staticmethod
    def _one(gebruiker_id: int, sleutel: str) -> sa.Select[tuple[object, ...]]:
        return sa.select(HERHALING).where(
            HERHALING.c.gebruiker_id == gebruiker_id, HERHALING.c.sleutel == sleutel
        )
