"""Logging in with a name and password, and with a second factor where that is asked (TRUST S1)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from service.aanmelden import second_factor
from service.aanmelden.errors import AanmeldReden, SignInError, TooManyError
from service.aanmelden.limits import PAUSE, Attempt, count_attempt, forgive_attempt
from service.aanmelden.rules import SessieRules
from service.aanmelden.sessies import start_session
from service.aanmelden.sleutels import keyed_hash, new_token
from service.aanmelden.wachtwoorden import is_right
from service.audit.spoor import current_spoor
from service.logs import get_log
from service.storage.engine import unit_of_work
from service.storage.gebruiker import Gebruiker, GebruikerRepository
from service.storage.inrichtlink import Inlogstap, InlogstapRepository

STEP_LIFE = timedelta(minutes=10)
"""A login of which only the password was given must be completed within this time."""
NAME_MARK = 16
"""Characters of the hash of a typed name that the audit log keeps: enough to count, not to find."""


class Refusal(Enum):
    """Why somebody was not let in; which of name and password was wrong is never told."""

    WRONG = "wrong"
    PAUSED = "paused"


@dataclass(frozen=True)
class NextStep:
    """The password was right, but a second factor remains; `token` is of `step_cookie`."""

    token: str


def log_in(
    engine: Engine,
    naam: str,
    password: str,
    *,
    rules: SessieRules,
    now: datetime,
    address: str = "",
) -> str | NextStep | Refusal:
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
    address : str
        Network address of who tries; empty when that is not known.

    Returns
    -------
    str or NextStep or Refusal
        The token of a new session, or of a login that needs a second factor, or why there is none.
    """
    attempt = Attempt(rules.key, "naam", naam, address)
    mark_actor(f"onbekend:{keyed_hash(rules.key, 'naam', naam)[:NAME_MARK]}")
    with unit_of_work(engine, traced=False) as session:
        is_free = count_attempt(session, attempt, now)
        gebruiker = GebruikerRepository(session).find(naam)
    if not is_free:
        return _refuse(Refusal.PAUSED)
    usable = gebruiker and gebruiker.actief and gebruiker.wachtwoord_op is not None
    right = is_right(password, gebruiker.password_hash if gebruiker and usable else None)
    if gebruiker is None or not right:
        return _refuse(Refusal.WRONG)
    mark_actor(f"gebruiker:{gebruiker.id}")
    with unit_of_work(engine) as session:
        forgive_attempt(session, attempt, now)
        if not _needs_step(session, gebruiker, rules):
            return _enter(session, gebruiker.id, rules, now)
        return NextStep(_start_step(session, gebruiker.id, rules, now))


def step_owner(engine: Engine, token: str, *, rules: SessieRules, now: datetime) -> Gebruiker:
    """Return whose login waits for a second factor.

    Raises
    ------
    SignInError
        There is no such login, or it began too long ago.
    """
    with unit_of_work(engine, read_only=True) as session:
        return _step_owner(session, token, rules, now)


def step_secret(engine: Engine, token: str, *, rules: SessieRules, now: datetime) -> str | None:
    """Return the TOTP secret that a login must still confirm; None when it has a second factor.

    Raises
    ------
    SignInError
        There is no such login, or it began too long ago.
    """
    with unit_of_work(engine) as session:
        gebruiker = _step_owner(session, token, rules, now)
        if second_factor.is_set(session, gebruiker.id):
            return None
        return second_factor.begin(session, gebruiker.id, key=rules.key)


def complete_login(
    engine: Engine, token: str, code: str, *, rules: SessieRules, now: datetime
) -> str:
    """Check the second factor, or a recovery code, and start a session.

    Parameters
    ----------
    engine : Engine
        The store.
    token : str
        Of `NextStep`.
    code : str
        As typed.
    rules : SessieRules
        How sessions are kept.
    now : datetime
        Moment of the attempt, with time zone.

    Returns
    -------
    str
        The token of a new session.

    Raises
    ------
    SignInError
        The login is over, or the code is wrong or used.
    TooManyError
        There were too many wrong codes.
    """
    gebruiker = step_owner(engine, token, rules=rules, now=now)
    mark_actor(f"gebruiker:{gebruiker.id}")
    attempt = count_code(engine, gebruiker.id, rules=rules, now=now)
    with unit_of_work(engine) as session:
        second_factor.check_code(session, gebruiker.id, code, key=rules.key, now=now)
        return _finish(session, gebruiker.id, attempt, rules, now)


def complete_setup(
    engine: Engine, token: str, code: str, *, rules: SessieRules, now: datetime
) -> tuple[str, list[str]]:
    """Confirm a first second factor during a login, and start a session.

    Returns
    -------
    tuple of str and list of str
        The token of a new session, and the recovery codes, which are shown once.

    Raises
    ------
    SignInError
        The login is over, the code is wrong, or the account has a second factor already.
    TooManyError
        There were too many wrong codes.
    """
    gebruiker = step_owner(engine, token, rules=rules, now=now)
    mark_actor(f"gebruiker:{gebruiker.id}")
    attempt = count_code(engine, gebruiker.id, rules=rules, now=now)
    with unit_of_work(engine) as session:
        if second_factor.is_set(session, gebruiker.id):
            raise SignInError(AanmeldReden.STAP)
        codes = second_factor.confirm(session, gebruiker.id, code, key=rules.key, now=now)
        return _finish(session, gebruiker.id, attempt, rules, now), codes


def count_code(engine: Engine, gebruiker_id: int, *, rules: SessieRules, now: datetime) -> Attempt:
    """Count an attempt with a code of a second factor.

    Raises
    ------
    TooManyError
        The account is in its pause.
    """
    return _count(engine, Attempt(rules.key, "tweede factor", str(gebruiker_id)), now)


def confirm_password(
    engine: Engine, gebruiker_id: int, password: str, *, rules: SessieRules, now: datetime
) -> None:
    """Check the password of who is logged in, before something of the account changes.

    Raises
    ------
    SignInError
        It is wrong.
    TooManyError
        There were too many wrong ones.
    """
    attempt = _count(engine, Attempt(rules.key, "bevestiging", str(gebruiker_id)), now)
    with unit_of_work(engine, read_only=True) as session:
        gebruiker = GebruikerRepository(session).get(gebruiker_id)
    if not is_right(password, gebruiker.password_hash):
        raise SignInError(AanmeldReden.WACHTWOORD)
    with unit_of_work(engine, traced=False) as session:
        forgive_attempt(session, attempt, now)


def mark_actor(actor: str) -> None:
    """Say in the audit line of this request who signs in: an account, or a hash of a name."""
    current_spoor().actor = actor


def _count(engine: Engine, attempt: Attempt, now: datetime) -> Attempt:
    with unit_of_work(engine, traced=False) as session:
        if not count_attempt(session, attempt, now):
            raise TooManyError(int(PAUSE.total_seconds()))
    return attempt


def _refuse(refusal: Refusal) -> Refusal:
    get_log(__name__).info("login_refused", why=refusal.value)
    return refusal


def _needs_step(session: Session, gebruiker: Gebruiker, rules: SessieRules) -> bool:
    needed = rules.needs_second_factor(gebruiker.rollen)
    return needed or second_factor.is_set(session, gebruiker.id)


def _start_step(session: Session, gebruiker_id: int, rules: SessieRules, now: datetime) -> str:
    token = new_token()
    repository = InlogstapRepository(session)
    repository.remove_older(now - STEP_LIFE)
    repository.add(Inlogstap(_step_hmac(rules, token), gebruiker_id, now))
    return token


def _step_owner(session: Session, token: str, rules: SessieRules, now: datetime) -> Gebruiker:
    found = InlogstapRepository(session).find(_step_hmac(rules, token), after=now - STEP_LIFE)
    gebruiker = None if found is None else GebruikerRepository(session).get(found)
    if gebruiker is None or not gebruiker.actief:
        raise SignInError(AanmeldReden.STAP)
    return gebruiker


def _finish(
    session: Session, gebruiker_id: int, attempt: Attempt, rules: SessieRules, now: datetime
) -> str:
    InlogstapRepository(session).remove_of(gebruiker_id)
    forgive_attempt(session, attempt, now)
    return _enter(session, gebruiker_id, rules, now)


def _enter(session: Session, gebruiker_id: int, rules: SessieRules, now: datetime) -> str:
    get_log(__name__).info("logged_in", gebruiker_id=gebruiker_id)
    return start_session(session, gebruiker_id, rules=rules, now=now)


def _step_hmac(rules: SessieRules, token: str) -> str:
    return keyed_hash(rules.key, "inlogstap", token)
