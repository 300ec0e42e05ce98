"""Releases of a profile to a leerbedrijf: one row for each of the two who said yes."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from service.rechten.rijen import rijen, zichtbaar
from service.storage.privacy_tables import VRIJGAVE


@dataclass(frozen=True)
class Vrijgave:
    """That somebody (`van`) released a profile; it stands until `ingetrokken_op`."""

    id: int
    jongere_id: str
    leerbedrijf_id: str
    van: str
    door: str
    tijdstip: datetime
    ingetrokken_op: datetime | None


class VrijgaveRepository:
    """Every query on releases; it never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self, jongere_id: str, leerbedrijf_id: str, van: str, *, door: str, tijdstip: datetime
    ) -> None:
        """Store that one of the two released a profile."""
        self._session.execute(
            sa.insert(VRIJGAVE).values(
                jongere_id=jongere_id,
                leerbedrijf_id=leerbedrijf_id,
                van=van,
                door=door,
                tijdstip=tijdstip,
            )
        )

    def withdraw(self, jongere_id: str, leerbedrijf_id: str, van: str, op: datetime) -> None:
        """End what one of the two released."""
        self._session.execute(
            sa.update(VRIJGAVE)
            .where(
                zichtbaar(VRIJGAVE),
                VRIJGAVE.c.jongere_id == jongere_id,
                VRIJGAVE.c.leerbedrijf_id == leerbedrijf_id,
                VRIJGAVE.c.van == van,
                VRIJGAVE.c.ingetrokken_op.is_(None),
            )
            .values(ingetrokken_op=op)
        )

    def standing(self, jongere_id: str) -> list[Vrijgave]:
        """Return what stands of a jongere, by leerbedrijf and by who said it."""
        row = VRIJGAVE.c
        chosen = rijen(VRIJGAVE).where(row.jongere_id == jongere_id, row.ingetrokken_op.is_(None))
        ordered = chosen.order_by(row.leerbedrijf_id, row.van, row.id)
        return [Vrijgave(**one) for one in self._session.execute(ordered).mappings()]
