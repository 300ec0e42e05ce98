"""Who may come in, and who is in: local accounts, sessions kept on the server (TRUST S1, S2, S9).

The browser holds an opaque random token; the store holds only its HMAC under the session key, so
neither a copy of the database nor a log opens a session.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cache

from pwdlib import PasswordHash
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from service.errors import NotFoundError, PasswordError, StoreError
from service.logs import get_log
from service.rechten.begrippen import Actor, Rol
from service.storage.engine import unit_of_work
from service.storage.gebruiker import Gebruiker, GebruikerRepository
from service.storage.inlogpoging import InlogpogingRepository
from service.storage.sessie import Sessie, SessieRepository

TOKEN_BYTES = 32
SHORTEST_PASSWORD = 15
ATTEMPTS = 5
PAUSE = timedelta(minutes=5)
FORGET_ATTEMPTS = timedelta(days=1)
TOUCH_EVERY = timedelta(minutes=1)
"""A session in use is written at most this often; so it may end this much early, never late."""


@dataclass(frozen=True)
class SessieRules:
    """How sessions are kept: key of the HMAC, longest silence, longest life, HTTPS only or not."""

    key: bytes
    idle: timedelta
    longest: timedelta
    secure: bool

    @property
    def cookie(self) -> str:
        """Name of the cookie; the prefix binds it to this host and to HTTPS (RFC 6265bis)."""
        return "__Host-vangnet" if self.secure else "vangnet"


class Refusal(Enum):
    """Why somebody was not let in; which of name and password was wrong is never told."""

    WRONG = "wrong"
    PAUSED = "paused"


def create_gebruiker(
    session: Session, naam: str, password: str, rollen: Iterable[str]
) -> Gebruiker:
    """Make an account, or give an existing one this password and end its sessions.

    Raises
    ------
    PasswordError
        The password is shorter than `SHORTEST_PASSWORD` characters.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise PasswordError(SHORTEST_PASSWORD)
    repository = GebruikerRepository(session)
    password_hash = _passwords().hash(password)
    known = repository.find(naam)
    if known is None:
        return repository.add(
            naam=naam,
            password_hash=password_hash,
            rollen=rollen,
            aangemaakt_op=datetime.now(UTC),
            wachtwoord_op=datetime.now(UTC),
        )
    repository.set_password_hash(known.id, password_hash, datetime.now(UTC))
    SessieRepository(session).remove_of(known.id)
    return repository.get(known.id)


def set_gebruiker_actief(session: Session, naam: str, *, actief: bool) -> None:
    """Let an account in, or close it and end its sessions.

    Raises
    ------
    NotFoundError
        There is no such account.
    """
    repository = GebruikerRepository(session)
    known = repository.find(naam)
    if known is None:
        raise NotFoundError("gebruiker", naam)
    repository.set_actief(known.id, actief=actief)
    SessieRepository(session).remove_of(known.id)


def log_in(
    engine: Engine, naam: str, password: str, *, rules: SessieRules, now: datetime
) -> str | Refusal:
    """Check a name and password, and start a session.

    The attempt is counted before the password is looked at, so that many attempts at once do not
    get past the limit. An unknown name costs the same time as a wrong password.

    Parameters
    ----------
    engine : Engine
        The store.
    naam, password : str
        As typed.
    rules : SessieRules
        How sessions are kept.
    now : datetime
        Moment of the attempt, with time zone.

    Returns
    -------
    str or Refusal
        The token of a new session, or why there is none.
    """
    sleutel = _hmac(rules.key, "naam", naam)
    with unit_of_work(engine) as session:
        attempts = InlogpogingRepository(session).record(
            sleutel, now, limit=ATTEMPTS, free_before=now - PAUSE
        )
        gebruiker = GebruikerRepository(session).find(naam)
    if attempts > ATTEMPTS:
        get_log(__name__).warning("login_paused")
        return Refusal.PAUSED
    if not _is_right(gebruiker, password) or gebruiker is None:
        get_log(__name__).info("login_refused", attempts=attempts)
        return Refusal.WRONG
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with unit_of_work(engine) as session:
        _clean_up(session, rules, now)
        InlogpogingRepository(session).remove(sleutel)
        SessieRepository(session).add(
            token_hmac=_hmac(rules.key, "sessie", token), gebruiker_id=gebruiker.id, tijdstip=now
        )
    get_log(__name__).info("logged_in", gebruiker_id=gebruiker.id)
    return token


def log_out(engine: Engine, token: str, *, rules: SessieRules) -> None:
    """End the session of a token; nothing happens when there is none."""
    if token:
        with unit_of_work(engine) as session:
            SessieRepository(session).remove(_hmac(rules.key, "sessie", token))


def actor_of(engine: Engine, token: str, *, rules: SessieRules, now: datetime) -> Actor | None:
    """Return who holds a token; None when the session is unknown, over, or of a closed account."""
    if not token:
        return None
    with unit_of_work(engine, read_only=True) as session:
        sessie = SessieRepository(session).find(_hmac(rules.key, "sessie", token))
        if sessie is None or _is_over(sessie, rules, now):
            return None
        gebruiker = GebruikerRepository(session).get(sessie.gebruiker_id)
    if not gebruiker.actief:
        return None
    rollen = tuple(rol for rol in Rol if rol in gebruiker.rollen)
    return Actor(gebruiker.id, gebruiker.naam, rollen)


def keep_alive(engine: Engine, token: str, *, rules: SessieRules, now: datetime) -> None:
    """Record that a session is in use, if that was not done in the last minute.

    Meant for after the answer: reading must not wait while an import holds the store.
    """
    token_hmac = _hmac(rules.key, "sessie", token)
    try:
        with unit_of_work(engine, read_only=True) as session:
            sessie = SessieRepository(session).find(token_hmac)
        if sessie is not None and now - sessie.gezien_op >= TOUCH_EVERY:
            with unit_of_work(engine) as session:
                SessieRepository(session).touch(token_hmac, now)
    except StoreError as error:
        get_log(__name__).warning("session_not_kept_alive", problem=str(error))


def _clean_up(session: Session, rules: SessieRules, now: datetime) -> None:
    SessieRepository(session).remove_older(
        gezien_before=now - rules.idle, aangemaakt_before=now - rules.longest
    )
    InlogpogingRepository(session).remove_older(now - FORGET_ATTEMPTS)


def _is_over(sessie: Sessie, rules: SessieRules, now: datetime) -> bool:
    return now - sessie.gezien_op >= rules.idle or now - sessie.aangemaakt_op >= rules.longest


def _is_right(gebruiker: Gebruiker | None, password: str) -> bool:
    """Check a password; without account against a hash of nothing, for the same time."""
    password_hash = gebruiker.password_hash if gebruiker else _hash_of_nothing()
    right = _passwords().verify(password, password_hash)
    return right and gebruiker is not None and gebruiker.actief


@cache
def _passwords() -> PasswordHash:
    return PasswordHash.recommended()


@cache
def _hash_of_nothing() -> str:
    return _passwords().hash(secrets.token_urlsafe(TOKEN_BYTES))


def _hmac(key: bytes, domain: str, text: str) -> str:
    return hmac.new(key, f"{domain}:{text}".encode(), hashlib.sha256).hexdigest()
