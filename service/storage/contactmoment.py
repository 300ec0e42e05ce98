"""The log of contacts with jongeren, and the next steps in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from service.errors import NotFoundError
from service.rechten.rijen import rijen, zichtbaar
from service.storage.contact_tables import CONTACTMOMENT
from service.storage.gebruiker import GebruikerRepository


@dataclass(frozen=True)
class Contactmoment:
    """One attempt or conversation; `door` and `vervolg_door` are names of accounts.

    `vervolg` is what is to be done next, on `vervolg_op`; all three are empty when there is none.
    """

    id: int
    jongere_id: str
    datum: date
    kanaal: str
    met: str
    gelukt: bool
    tekst: str
    door: str
    tijdstip: datetime
    vervolg: str | None
    vervolg_op: date | None
    vervolg_door: str | None
    gedaan_op: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether a next step waits."""
        return self.vervolg_op is not None and self.gedaan_op is None


class ContactmomentRepository:
    """Every query on contactmomenten; it never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, **values: object) -> int:
        """Store one, by the columns of its table, and return its id."""
        done = self._session.execute(
            sa.insert(CONTACTMOMENT).values(values).returning(CONTACTMOMENT.c.id)
        )
        return int(done.scalar_one())

    def of(self, jongere_id: str) -> list[Contactmoment]:
        """Return the contacts with one jongere, the newest first."""
        return self._read(CONTACTMOMENT.c.jongere_id == jongere_id)

    def get(self, contactmoment_id: int) -> Contactmoment:
        """Return one; NotFoundError when there is none that who looks may see."""
        found = self._read(CONTACTMOMENT.c.id == contactmoment_id)
        if not found:
            raise NotFoundError("contactmoment", str(contactmoment_id))
        return found[0]

    def open(self, gebruiker_id: int | None = None) -> list[Contactmoment]:
        """Return the next steps that wait, the first due first; of one owner or of everybody."""
        mine = () if gebruiker_id is None else (CONTACTMOMENT.c.vervolg_door_id == gebruiker_id,)
        waiting = CONTACTMOMENT.c.vervolg_op.is_not(None) & CONTACTMOMENT.c.gedaan_op.is_(None)
        order = (CONTACTMOMENT.c.vervolg_op, CONTACTMOMENT.c.id)
        return self._read(waiting, *mine, order=order)

    def finish(self, jongere_id: str, ids: Iterable[int], *, op: datetime) -> int:
        """Record that next steps of one jongere are done; return how many were open."""
        done: Any = self._session.execute(
            sa.update(CONTACTMOMENT)
            .where(
                zichtbaar(CONTACTMOMENT),
                CONTACTMOMENT.c.jongere_id == jongere_id,
                CONTACTMOMENT.c.id.in_(list(ids)),
                CONTACTMOMENT.c.vervolg_op.is_not(None),
                CONTACTMOMENT.c.gedaan_op.is_(None),
            )
            .values(gedaan_op=op)
        )
        return int(done.rowcount)

    def _read(
        self,
        *where: sa.ColumnElement[bool],
        order: Sequence[sa.ColumnElement[Any]] = (
            CONTACTMOMENT.c.datum.desc(),
            CONTACTMOMENT.c.id.desc(),
        ),
    ) -> list[Contactmoment]:
        rows = self._session.execute(rijen(CONTACTMOMENT).where(*where).order_by(*order)).mappings()
        found = [dict(row) for row in rows]
        ids = {row[name] for row in found for name in ("gebruiker_id", "vervolg_door_id")}
        names = GebruikerRepository(self._session).namen(one for one in ids if one is not None)
        return [_named(row, names) for row in found]


def _named(row: dict[str, Any], names: dict[int, str]) -> Contactmoment:
    door, next_by = row.pop("gebruiker_id"), row.pop("vervolg_door_id")
    return Contactmoment(**row, door=names.get(door, ""), vervolg_door=names.get(next_by))
