"""Sessions kept on the server: who holds one, how long it lasts, how it ends (TRUST S2).

The browser holds an opaque random token; the store holds only its HMAC under the session key, so
neither a copy of the database nor a log opens a session.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from service.aanmelden.rules import SessieRules
from service.aanmelden.sleutels import keyed_hash, new_token
from service.errors import StoreError
from service.logs import get_log
from service.rechten.begrippen import Actor, Organisatie, Rol
from service.storage.binnenkomst import find_binnenkomst
from service.storage.engine import unit_of_work
from service.storage.gebruiker import Gebruiker
from service.storage.organisatie import OrganisatieRepository, Stand
from service.storage.sessie import Sessie, SessieRepository

TOUCH_EVERY = timedelta(minutes=1)
"""A session in use is written at most this often; so it may end this much early, never late."""


def start_session(session: Session, gebruiker_id: int, *, rules: SessieRules, now: datetime) -> str:
    """Start a session of an account, and return its token: a new one at every login."""
    token = new_token()
    repository = SessieRepository(session)
    repository.remove_older(gezien_before=now - rules.idle, aangemaakt_before=now - rules.longest)
    repository.add(token_hmac=session_hmac(rules, token), gebruiker_id=gebruiker_id, tijdstip=now)
    return token


def log_out(engine: Engine, token: str, *, rules: SessieRules) -> None:
    """End the session of a token; nothing happens when there is none."""
    if token:
        with unit_of_work(engine) as session:
            SessieRepository(session).remove(session_hmac(rules, token))


def actor_of(engine: Engine, token: str, *, rules: SessieRules, now: datetime) -> Actor | None:
    """Return who holds a token; None when the session is unknown, over, or of a closed account."""
    found = enter(engine, token, rules=rules, now=now)
    return None if found is None else found.actor


@dataclass(frozen=True)
class Ingelogd:
    """Who holds a token, since when the store knows that, and the state of all rights then."""

    actor: Actor
    gezien_op: datetime
    stand: Stand

    def is_kept_alive(self, now: datetime) -> bool:
        """Whether the store knows well enough that this session is in use."""
        return now - self.gezien_op < TOUCH_EVERY


def enter(engine: Engine, token: str, *, rules: SessieRules, now: datetime) -> Ingelogd | None:
    """Return who holds a token, as `actor_of`, with what else the same statement tells."""
    if not token:
        return None
    found = find_binnenkomst(engine, session_hmac(rules, token))
    if found is None or _is_over(found.sessie, rules, now):
        return None
    actor = _as_actor(found.gebruiker, found.organisaties)
    return None if actor is None else Ingelogd(actor, found.sessie.gezien_op, found.stand)


def make_actor(
    session: Session, gebruiker: Gebruiker, *, scopes: frozenset[str] | None = None
) -> Actor | None:
    """Return an account as the one who asks, with its rights of now; None when it is closed.

    Parameters
    ----------
    session : Session
        Unit of work that reads.
    gebruiker : Gebruiker
        The account.
    scopes : frozenset of str, optional
        Handelingen that an API token is for; without it all that the roles allow.
    """
    return _as_actor(gebruiker, OrganisatieRepository(session).of(gebruiker.id), scopes)


def _as_actor(
    gebruiker: Gebruiker,
    organisaties: tuple[Organisatie, ...],
    scopes: frozenset[str] | None = None,
) -> Actor | None:
    if not gebruiker.actief:
        return None
    return Actor(
        gebruiker.id,
        gebruiker.naam,
        rollen=tuple(rol for rol in Rol if rol in gebruiker.rollen),
        organisaties=organisaties,
        scopes=scopes,
    )


def keep_alive(engine: Engine, token: str, *, rules: SessieRules, now: datetime) -> None:
    """Record that a session is in use, if that was not done in the last minute.

    Meant for after the answer: reading must not wait while an import holds the store.
    """
    token_hmac = session_hmac(rules, token)
    try:
        with unit_of_work(engine, read_only=True) as session:
            sessie = SessieRepository(session).find(token_hmac)
        if sessie is not None and now - sessie.gezien_op >= TOUCH_EVERY:
            with unit_of_work(engine, traced=False) as session:
                SessieRepository(session).touch(token_hmac, now)
    except StoreError as error:
        get_log(__name__).warning("session_not_kept_alive", problem=str(error))


def session_hmac(rules: SessieRules, token: str) -> str:
    """Return under which hash a session is stored."""
    return keyed_hash(rules.key, "sessie", token)


def _is_over(sessie: Sessie, rules: SessieRules, now: datetime) -> bool:
    return now - sessie.gezien_op >= rules.idle or now - sessie.aangemaakt_op >= rules.longest
