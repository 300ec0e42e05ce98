"""How many jongeren were judged at the niveau that a leerwerkplek asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from service.rechten.rijen import rijen
from service.storage.tables import CANONICAL

METING = CANONICAL["competentiemeting"]


@dataclass(frozen=True)
class Bereik:
    """Of one demand: how many jongeren were judged on it, and how many reached the niveau."""

    beoordeeld: int
    gehaald: int


class EisenRepository:
    """Every query on who meets demands, among those who may be seen; it never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def bereik(self, eisen: Sequence[tuple[str, int]]) -> Mapping[str, Bereik]:
        """Return per competentie_id how many were ever judged at the niveau or above.

        Parameters
        ----------
        eisen : sequence of pairs
            A competentie_id and the niveau (0 to 4) that is asked.
        """
        found = {}
        for competentie_id, niveau in eisen:
            who = METING.c.jongere_id
            at_least = sa.case((METING.c.niveau >= niveau, who))
            counted = rijen(
                METING, sa.func.count(who.distinct()), sa.func.count(at_least.distinct())
            ).where(METING.c.competentie_id == competentie_id)
            found[competentie_id] = Bereik(*self._session.execute(counted).one())
        return found
