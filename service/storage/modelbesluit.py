"""What people decided about versions of models; nothing of it is ever changed."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from service.storage.modelbeheer_tables import MODELBESLUIT
from service.storage.tables import GEBRUIKER

AANGEBODEN, GOEDGEKEURD = "aangeboden", "goedgekeurd"
AFGEWEZEN, TERUGGEZET = "afgewezen", "teruggezet"


@dataclass(frozen=True)
class Modelbesluit:
    """One line of the history of a model; `trainer` and `door` are names, empty where unknown."""

    id: int
    model: str
    versie: str
    sha256: str
    trainer_id: int | None
    trainer: str
    oordeel: str
    besluit: str
    door_id: int | None
    door: str
    reden: str
    tijdstip: datetime


class ModelbesluitRepository:
    """Every query on these besluiten; it never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, **values: object) -> int:
        """Store one besluit, the columns of the table but its id, and return that id."""
        stored = sa.insert(MODELBESLUIT).values(**values).returning(MODELBESLUIT.c.id)
        number: int = self._session.execute(stored).scalar_one()
        return number

    def all(self, model: str | None = None) -> list[Modelbesluit]:
        """Return every besluit (on one model), the oldest first."""
        trainer, door = GEBRUIKER.alias("trainer"), GEBRUIKER.alias("door")
        asked = (
            sa.select(
                MODELBESLUIT,
                sa.func.coalesce(trainer.c.naam, "").label("trainer"),
                sa.func.coalesce(door.c.naam, "").label("door"),
            )
            .outerjoin(trainer, trainer.c.id == MODELBESLUIT.c.trainer_id)
            .outerjoin(door, door.c.id == MODELBESLUIT.c.door_id)
            .order_by(MODELBESLUIT.c.id)
        )
        if model is not None:
            asked = asked.where(MODELBESLUIT.c.model == model)
        return [Modelbesluit(**row) for row in self._session.execute(asked).mappings()]

    def lock(self) -> None:
        """Let nobody else decide about a model before this unit of work ends.

        On SQLite whoever writes is alone already.
        """
        if self._session.get_bind().dialect.name == "postgresql":
            self._session.execute(sa.text("LOCK TABLE modelbesluit IN SHARE ROW EXCLUSIVE MODE"))
