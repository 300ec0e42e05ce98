"""The counter where people come about privacy: finds the person, and does what is asked.

Every use first looks whether the actor may see the jongere; what then reads or writes all tables
looks as the system, so that nothing of the person is left out.
"""

import re
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from service.errors import InvoerError, Invoerfout, NotFoundError
from service.importing.pseudonym import is_person_number, pseudonym
from service.privacy.inzage import Inzage, Scores, collect, with_apart
from service.privacy.pseudoniemen import Pseudoniemen
from service.privacy.rotatie import pseudonym_key
from service.privacy.sleutels import Domein, Sleutels
from service.privacy.verwijdering import Grond, Verslag, erase
from service.rechten.rijen import rijen
from service.rechten.toegang import SYSTEEM, looking_as
from service.settings import Settings
from service.storage.engine import unit_of_work
from service.storage.tables import CANONICAL

JONGERE = CANONICAL["jongere"]
BEVESTIGING = "verwijder"
"""What a person types to say that it is meant."""


class Loket:
    """What one running service, or one command, needs for privacy.

    Parameters
    ----------
    engine : Engine
        The store.
    settings : Settings
        Keys and data folder.
    """

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine = engine
        self._settings = settings
        self._pseudoniemen = Pseudoniemen(engine, Sleutels.of(settings))

    def find(self, words: str) -> str:
        """Return the jongere_id of whom a BSN, a pseudonym of an export or an id means.

        Raises
        ------
        NotFoundError
            Nobody whom the actor may see.
        """
        jongere_id = self._meant(words.strip())
        with unit_of_work(self._engine, read_only=True) as session:
            check_visible(session, jongere_id)
        return jongere_id

    def inzage(self, jongere_id: str, *, op: datetime, regio: Scores | None = None) -> Inzage:
        """Return everything on a jongere; NotFoundError when the actor may not see that one."""
        self.find(jongere_id)
        found = collect(self._engine, self._pseudoniemen, jongere_id, op=op, regio=regio)
        return with_apart(self._engine, self._settings, found)

    def erase(
        self, jongere_id: str, *, grond: str, bevestiging: str, door: str, op: datetime
    ) -> Verslag:
        """Erase a jongere for good.

        Raises
        ------
        NotFoundError
            The actor may not see that jongere, or there is none.
        InvoerError
            There is no ground, or it was not confirmed.
        """
        self.find(jongere_id)
        fouten = []
        if grond not in set(Grond):
            fouten.append(Invoerfout("grond", "verplicht", "Kies waarom dit gebeurt."))
        if bevestiging.strip().lower() != BEVESTIGING:
            fouten.append(Invoerfout("bevestiging", "verplicht", f"Typ het woord {BEVESTIGING}."))
        if fouten:
            raise InvoerError(fouten)
        done = erase(self._engine, self._settings, jongere_id, grond=Grond(grond), door=door, op=op)
        self._pseudoniemen.forget()
        return done

    def _meant(self, words: str) -> str:
        digits = re.sub(r"[\s.]", "", words)
        if is_person_number(digits):
            return pseudonym(digits, pseudonym_key(self._engine, self._settings))
        with looking_as(SYSTEEM):
            return self._pseudoniemen.jongere_of(Domein.EXPORT, words) or words


def check_visible(session: Session, jongere_id: str) -> None:
    """Raise NotFoundError unless who looks now may see this jongere."""
    chosen = rijen(JONGERE, JONGERE.c.jongere_id).where(JONGERE.c.jongere_id == jongere_id)
    if session.scalar(chosen) is None:
        raise NotFoundError("jongere", jongere_id)
