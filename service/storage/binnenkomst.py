"""Everything about who asks that a request needs at its begin, in one statement."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Dialect, Engine

from service.rechten.begrippen import Organisatie, OrganisatieSoort
from service.storage.driver import ask, prepare
from service.storage.gebruiker import Gebruiker, to_gebruiker
from service.storage.organisatie import Stand
from service.storage.rechten_tables import GEBRUIKER_ORGANISATIE, ORGANISATIE, RECHTENSTAND
from service.storage.sessie import Sessie
from service.storage.tables import GEBRUIKER, IMPORTRUN, SESSIE

SESSIONS = 500
"""Sessions of which a process remembers what the store said last: the store is asked each time,
but who says the same is not read out again."""


@dataclass(frozen=True)
class Binnenkomst:
    """A session, its account, where that works, and the state of the rights at that moment."""

    sessie: Sessie
    gebruiker: Gebruiker
    organisaties: tuple[Organisatie, ...]
    stand: Stand


# one row per organisation, or one without; made once, as making it costs more than running it
FIND = (
    sa.select(
        *SESSIE.c,
        *GEBRUIKER.c,
        *ORGANISATIE.c,
        sa.select(RECHTENSTAND.c.versie).scalar_subquery().label("stand"),
        sa.select(sa.func.max(IMPORTRUN.c.id)).scalar_subquery().label("run"),
    )
    .select_from(SESSIE.join(GEBRUIKER).outerjoin(GEBRUIKER_ORGANISATIE).outerjoin(ORGANISATIE))
    .where(SESSIE.c.token_hmac == sa.bindparam("token_hmac"))
    .order_by(ORGANISATIE.c.regio, ORGANISATIE.c.soort, ORGANISATIE.c.naam)
)
AT_ACCOUNT = len(SESSIE.c)
AT_ORGANISATIE = AT_ACCOUNT + len(GEBRUIKER.c)
AT_STAND = AT_ORGANISATIE + len(ORGANISATIE.c)
WORKS_FOR = tuple(column.name for column in ORGANISATIE.c)


def find_binnenkomst(engine: Engine, token_hmac: str) -> Binnenkomst | None:
    """Return what belongs to a session, however old that is; None when there is none.

    Parameters
    ----------
    engine : Engine
        The store.
    token_hmac : str
        Hash under which the session is stored.

    Raises
    ------
    StoreError
        The database is locked, damaged or out of reach.
    """
    rows = ask(engine, FIND, {"token_hmac": token_hmac})
    return _told(rows, engine.dialect) if rows else None


@lru_cache(maxsize=SESSIONS)
def _told(rows: tuple[tuple[Any, ...], ...], dialect: Dialect) -> Binnenkomst:
    """Return what rows of the store say; what they said before is the same object."""
    prepared = prepare(FIND, ("token_hmac",), dialect)
    told = [prepared.values(row) for row in rows]
    first = told[0]
    versie, run = first[AT_STAND:]
    return Binnenkomst(
        Sessie(*first[:AT_ACCOUNT]),
        to_gebruiker(dict(zip(GEBRUIKER.c, first[AT_ACCOUNT:AT_ORGANISATIE], strict=True))),
        tuple(
            _to_organisatie(row[AT_ORGANISATIE:AT_STAND])
            for row in told
            if row[AT_ORGANISATIE] is not None
        ),
        (versie or 0, run or 0),
    )


def _to_organisatie(values: tuple[Any, ...]) -> Organisatie:
    row = dict(zip(WORKS_FOR, values, strict=True))
    return Organisatie(**{**row, "soort": OrganisatieSoort(row["soort"])})
