"""Who asked to keep a place at a matchtafel for the pupils of one school."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from service.rechten.rijen import rijen
from service.storage.matchtafel import add_row
from service.storage.plekverzoek_tables import PLEKVERZOEK


@dataclass(frozen=True)
class Plekverzoek:
    """One request: the place, the school and its last day, who asked and who wrote it down."""

    id: int
    matchtafel_id: int
    leerwerkplek_id: str
    alleen_voor: str
    alleen_tot: date
    aanvrager: str
    door: int
    tijdstip: datetime


class PlekverzoekRepository:
    """Every query on requests to keep a place; none is ever changed. It never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        matchtafel_id: int,
        leerwerkplek_id: str,
        *,
        alleen_voor: str,
        alleen_tot: date,
        aanvrager: str,
        door: int,
        op: datetime,
    ) -> int:
        """Store a request and return its id."""
        return add_row(
            self._session,
            PLEKVERZOEK,
            matchtafel_id=matchtafel_id,
            leerwerkplek_id=leerwerkplek_id,
            alleen_voor=alleen_voor,
            alleen_tot=alleen_tot,
            aanvrager=aanvrager,
            door=door,
            tijdstip=op,
        )

    def newest(self, matchtafel_id: int) -> dict[str, Plekverzoek]:
        """Return the newest request of each place of a table that has one, by leerwerkplek_id."""
        asked = (
            rijen(PLEKVERZOEK)
            .where(PLEKVERZOEK.c.matchtafel_id == matchtafel_id)
            .order_by(PLEKVERZOEK.c.id)
        )
        found: dict[str, Plekverzoek] = {}
        for row in self._session.execute(asked).mappings():
            found[row["leerwerkplek_id"]] = Plekverzoek(**row)
        return found
