"""People of the tests: jongeren who live in a region, and accounts that may see them."""

from collections.abc import Iterable
from datetime import UTC, datetime

import polars as pl
from sqlalchemy.orm import Session

from features.tables import JONGERE
from service.aanmelden.accounts import create_gebruiker
from service.rechten.begrippen import OrganisatieSoort, Rol
from service.storage import CanonicalRepository
from service.storage.organisatie import OrganisatieRepository
from service.suggestielog.instructie import read
from tests.service.storage.imports import start_import

REGIO = "Achterhoek"
GEMEENTE = "Doetinchem"
COACH_ROLLEN = (Rol.LOOPBAANCOACH, Rol.MATCHTAFELDEELNEMER)
FAKE_IDS = tuple(f"J{number}" for number in range(200))
"""Everybody of a `FakeRegio`."""
SMALL_IDS = tuple(f"J{number:06}" for number in range(900))
"""Everybody of the small region."""


def settle(session: Session, ids: Iterable[str], gemeente: str = GEMEENTE) -> None:
    """Let jongeren live in a gemeente; who is known already moves there."""
    rows = [{"jongere_id": one, "gemeente": gemeente, "bron": "test"} for one in ids]
    frame = pl.DataFrame(rows, schema=JONGERE.schema)
    CanonicalRepository(session).merge("jongere", frame, start_import(session))


def add_regio(session: Session, regio: str = REGIO, gemeenten: Iterable[str] = (GEMEENTE,)) -> None:
    """Make a region of these gemeenten, with a Doorstroompunt of the same name."""
    organisaties = OrganisatieRepository(session)
    organisaties.add(naam=regio, soort=OrganisatieSoort.REGIO, code=regio, regio=regio)
    for one in gemeenten:
        organisaties.add(naam=one, soort=OrganisatieSoort.GEMEENTE, code=one, regio=regio)


def add_account(
    session: Session,
    naam: str,
    wachtwoord: str,
    rollen: Iterable[str] = COACH_ROLLEN,
    organisaties: Iterable[str] = (REGIO,),
) -> int:
    """Make an account with roles at organisations that read the instruction; return its id."""
    made = create_gebruiker(session, naam, wachtwoord, list(rollen))
    repository = OrganisatieRepository(session)
    repository.put(made.id, [repository.find(one) for one in organisaties])
    read(session, made.id, op=datetime.now(UTC))
    return made.id
