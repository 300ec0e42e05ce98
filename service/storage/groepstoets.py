"""What tests of groups found of versions of models: figures of groups, never of a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from service.storage.beschermd_tables import GROEPSTOETS


class Toetssoort(StrEnum):
    """What a test of groups is about."""

    BESCHERMD = "beschermd"
    """Groups by protected attributes, in the audit job alone (TRUST F3)."""
    NA_BESLUIT = "na besluit"
    """What the model proposed beside what people decided (TRUST F7)."""


@dataclass(frozen=True)
class Groepstoets:
    """One test of one version; `uitkomst` is plain data that is safe to show."""

    id: int
    soort: str
    model: str
    versie: str
    sha256: str
    bekend_tot: date
    oordeel: str
    uitkomst: Mapping[str, Any]
    tijdstip: datetime


class GroepstoetsRepository:
    """Every query on these tests; it never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, **values: object) -> int:
        """Store one, the columns of the table but its id, and return that id."""
        stored = sa.insert(GROEPSTOETS).values(**values).returning(GROEPSTOETS.c.id)
        number: int = self._session.execute(stored).scalar_one()
        return number

    def newest(self, soort: Toetssoort, model: str, versie: str, sha256: str) -> Groepstoets | None:
        """Return the last test of these very files of a version; None when there was none."""
        row = GROEPSTOETS.c
        asked = (
            sa.select(GROEPSTOETS)
            .where(row.soort == soort.value, row.model == model, row.versie == versie)
            .where(row.sha256 == sha256)
            .order_by(row.id.desc())
            .limit(1)
        )
        found = self._session.execute(asked).mappings().one_or_none()
        return None if found is None else Groepstoets(**found)
