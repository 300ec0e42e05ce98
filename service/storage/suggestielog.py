"""What was suggested and shown, as it was stored."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from service.rechten.rijen import rijen
from service.storage.suggestielog_tables import INHOUD, LIJST, SUGGESTIE, VERTONING

IN_AT_ONCE = 500
"""Hashes in one IN list."""


@dataclass(frozen=True)
class StoredLijst:
    """A list as it was shown; columns as `service.storage.suggestielog_tables.LIJST`."""

    sha256: str
    soort: str
    jongere_id: str | None
    onderwerp: str | None
    peildatum: date
    volgorde: str
    model: str
    model_versie: str
    model_sha256: str
    code_versie: str
    schema_sha256: str
    regel_versie: str
    ordening: str | None
    passend: int | None
    uitgesloten: int | None


@dataclass(frozen=True)
class StoredSuggestie:
    """One line of a list, with its input and explanation as canonical JSON."""

    lijst_sha256: str
    nummer: int
    jongere_id: str
    object_id: str | None
    rang: int
    score: float | None
    invoer_sha256: str | None
    uitleg_sha256: str | None
    invoer: str | None
    uitleg: str | None


@dataclass(frozen=True)
class Vertoning:
    """Somebody saw a list."""

    id: str
    lijst_sha256: str
    tijdstip: datetime
    kijker: str
    gebruiker_id: int | None
    doel: str
    operatie_id: str
    importrun_id: int | None


class SuggestielogRepository:
    """Every query on what was suggested and shown; it never commits.

    Rows are written by the writer of the audit log (`service.audit.spoor.Spoor.add`), or, of a
    file that a command writes, by `add`.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def known(self, hashes: Sequence[str]) -> set[str]:
        """Return which of these lists are stored."""
        found: set[str] = set()
        for at in range(0, len(hashes), IN_AT_ONCE):
            asked = LIJST.c.sha256.in_(hashes[at : at + IN_AT_ONCE])
            found.update(self._session.scalars(sa.select(LIJST.c.sha256).where(asked)))
        return found

    def lijst(self, sha256: str) -> StoredLijst | None:
        """Return a list by its hash, if it is stored."""
        row = self._session.execute(rijen(LIJST).where(LIJST.c.sha256 == sha256)).mappings()
        found = row.first()
        return None if found is None else StoredLijst(**found)

    def lijsten(self, *, limit: int, soort: str | None = None) -> list[StoredLijst]:
        """Return lists that were shown, the one shown last first."""
        newest = (
            sa.select(VERTONING.c.lijst_sha256, sa.func.max(VERTONING.c.tijdstip).label("op"))
            .group_by(VERTONING.c.lijst_sha256)
            .subquery()
        )
        statement = rijen(LIJST).join(newest, newest.c.lijst_sha256 == LIJST.c.sha256)
        if soort is not None:
            statement = statement.where(LIJST.c.soort == soort)
        ordered = statement.order_by(newest.c.op.desc(), LIJST.c.sha256).limit(limit)
        return [StoredLijst(**row) for row in self._session.execute(ordered).mappings()]

    def suggesties(self, sha256: str) -> list[StoredSuggestie]:
        """Return the lines of a list, in their order."""
        same = (INHOUD.c.lijst_sha256 == SUGGESTIE.c.lijst_sha256) & (
            INHOUD.c.nummer == SUGGESTIE.c.nummer
        )
        statement = (
            rijen(SUGGESTIE, SUGGESTIE, INHOUD.c.invoer, INHOUD.c.uitleg)
            .outerjoin(INHOUD, same)
            .where(SUGGESTIE.c.lijst_sha256 == sha256)
            .order_by(SUGGESTIE.c.nummer)
        )
        return [StoredSuggestie(**row) for row in self._session.execute(statement).mappings()]

    def vertoningen(self) -> Iterator[Vertoning]:
        """Yield who saw what, the oldest first."""
        statement = sa.select(VERTONING).order_by(VERTONING.c.tijdstip, VERTONING.c.id)
        for row in self._session.execute(statement).mappings():
            yield Vertoning(**row)

    def counts(self) -> Mapping[str, int]:
        """Return how many rows each table holds, by its name."""
        return {
            table.name: self._session.execute(
                sa.select(sa.func.count()).select_from(table)
            ).scalar_one()
            for table in (LIJST, SUGGESTIE, INHOUD, VERTONING)
        }

    def without_record(self) -> int:
        """Return how many lists were shown of which no line is kept: always 0."""
        lines = sa.select(SUGGESTIE.c.nummer).where(
            SUGGESTIE.c.lijst_sha256 == VERTONING.c.lijst_sha256
        )
        shown = sa.select(sa.func.count(VERTONING.c.lijst_sha256.distinct())).where(~lines.exists())
        return self._session.execute(shown).scalar_one()
