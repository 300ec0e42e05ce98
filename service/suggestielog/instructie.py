"""What the scores do and do not say, to be read before the first of them is seen (TRUST H12).

References
----------
AI Act (Regulation (EU) 2024/1689) article 4, AI literacy, and article 26(2), human oversight by
people who have the necessary competence.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from service.errors import InstructieError
from service.storage.engine import unit_of_work
from service.storage.instructie import InstructieRepository

VERSIE = 1
"""Version of the text in ``instructie.html``: one more whenever its meaning changes."""


def read(session: Session, gebruiker_id: int, *, op: datetime) -> None:
    """Store that an account read the current instruction."""
    InstructieRepository(session).add(gebruiker_id, VERSIE, op=op)


@dataclass
class Lezers:
    """Who read the current instruction, as far as this process asked; nobody unreads it.

    Parameters
    ----------
    engine : Engine
        The store.
    """

    engine: Engine
    _known: set[int] = field(default_factory=set)

    def check(self, gebruiker_id: int) -> None:
        """Raise InstructieError for an account that has yet to read the current instruction."""
        if gebruiker_id in self._known:
            return
        with unit_of_work(self.engine, read_only=True) as session:
            if InstructieRepository(session).read_on(gebruiker_id, VERSIE) is None:
                raise InstructieError(VERSIE)
        self._known.add(gebruiker_id)
