"""A difference of view on record: what the jongere says stands beside what others wrote (H9, H11).

It is read by people and by nothing else; no feature may ever be made of it (TRUST P7).
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from service.errors import InvoerError, Invoerfout
from service.storage.zienswijze import ZienswijzeRepository

LONGEST = 4000


class Wie(StrEnum):
    """Whose view it is."""

    JONGERE = "de jongere"
    OUDER = "een ouder of verzorger"
    BEGELEIDER = "de begeleider"


class Onderwerp(StrEnum):
    """What it is about."""

    GEGEVENS = "de gegevens"
    RISICO = "het uitvalrisico"
    SUGGESTIE = "een suggestie"
    BESLUIT = "een besluit"
    ANDERS = "iets anders"


def add_zienswijze(
    session: Session,
    jongere_id: str,
    *,
    van: Wie,
    onderwerp: Onderwerp,
    tekst: str,
    door: str,
    op: datetime,
) -> None:
    """Record a view; nobody can change or remove it but by erasing the person.

    Raises
    ------
    InvoerError
        There is no text, or it is longer than `LONGEST` characters.
    """
    said = tekst.strip()
    if not 0 < len(said) <= LONGEST:
        raise InvoerError((Invoerfout("tekst", "length", f"Schrijf 1 tot {LONGEST} tekens."),))
    ZienswijzeRepository(session).add(
        jongere_id, van=van, onderwerp=onderwerp, tekst=said, door=door, tijdstip=op
    )
