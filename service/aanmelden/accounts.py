"""Accounts: making them, links to set them up, passwords, roles, closing (TRUST S1, S2, S8)."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from service.aanmelden.errors import AanmeldReden, SignInError
from service.aanmelden.sleutels import keyed_hash, new_token
from service.aanmelden.wachtwoorden import check_password, hash_password
from service.errors import NotFoundError
from service.storage.gebruiker import Gebruiker, GebruikerRepository
from service.storage.inrichtlink import InlogstapRepository, InrichtlinkRepository
from service.storage.sessie import SessieRepository

LINK_LIFE = timedelta(days=3)
"""A setup link bridges a weekend (own choice; OWASP ASVS 5.0, 6.4.1 asks a short life)."""


def create_gebruiker(
    session: Session, naam: str, password: str | None, rollen: Iterable[str]
) -> Gebruiker:
    """Make an account, or give an existing one this password and end its sessions.

    Parameters
    ----------
    session : Session
        Unit of work that writes.
    naam : str
        Name to log in with.
    password : str or None
        None makes an account that nobody can enter until a setup link was used; of an existing
        account nothing changes then.
    rollen : iterable of str
        Roles of a new account.

    Raises
    ------
    PasswordError, WeakPasswordError
        As `service.aanmelden.wachtwoorden.check_password`.
    """
    if password is not None:
        check_password(password, naam)
    repository = GebruikerRepository(session)
    now = datetime.now(UTC)
    known = repository.find(naam)
    if known is None:
        return repository.add(
            naam=naam,
            password_hash=hash_password(password or new_token()),
            rollen=rollen,
            aangemaakt_op=now,
            wachtwoord_op=None if password is None else now,
        )
    if password is not None:
        set_password(session, known, password, now=now)
    return repository.get(known.id)


def set_password(session: Session, gebruiker: Gebruiker, password: str, *, now: datetime) -> None:
    """Give an account another password and end its sessions, links and logins on their way.

    Raises
    ------
    PasswordError, WeakPasswordError
        As `service.aanmelden.wachtwoorden.check_password`; nothing has changed then.
    """
    check_password(password, gebruiker.naam)
    GebruikerRepository(session).set_password_hash(gebruiker.id, hash_password(password), now)
    InrichtlinkRepository(session).remove_of(gebruiker.id)
    end_sessions(session, gebruiker.id)


def set_rollen(session: Session, naam: str, rollen: Iterable[str]) -> None:
    """Give an account these roles and no others, and end its sessions.

    Raises
    ------
    NotFoundError
        There is no such account.
    """
    known = find_gebruiker(session, naam)
    GebruikerRepository(session).set_rollen(known.id, rollen)
    end_sessions(session, known.id)


def set_gebruiker_actief(session: Session, naam: str, *, actief: bool) -> None:
    """Let an account in, or close it; either way its sessions end.

    Raises
    ------
    NotFoundError
        There is no such account.
    """
    known = find_gebruiker(session, naam)
    GebruikerRepository(session).set_actief(known.id, actief=actief)
    InrichtlinkRepository(session).remove_of(known.id)
    end_sessions(session, known.id)


def end_sessions(session: Session, gebruiker_id: int) -> None:
    """End every session of an account, and every login on its way."""
    SessieRepository(session).remove_of(gebruiker_id)
    InlogstapRepository(session).remove_of(gebruiker_id)


def make_setup_link(session: Session, naam: str, *, key: bytes, now: datetime) -> str:
    """Return the secret of a new link by which somebody sets a password, once, within 3 days.

    Raises
    ------
    NotFoundError
        There is no such account.
    """
    known = find_gebruiker(session, naam)
    secret = new_token()
    InrichtlinkRepository(session).add(_link_hmac(key, secret), known.id, now + LINK_LIFE)
    return secret


def read_setup_link(session: Session, secret: str, *, key: bytes, now: datetime) -> Gebruiker:
    """Return whose link this is, without using it up.

    Raises
    ------
    SignInError
        The link is unknown, used or over, or its account is closed.
    """
    return _owner(session, InrichtlinkRepository(session).find(_link_hmac(key, secret), now))


def use_setup_link(
    session: Session, secret: str, password: str, *, key: bytes, now: datetime
) -> Gebruiker:
    """Set the password of the account of a link, and use the link up.

    Raises
    ------
    SignInError
        The link is unknown, used or over, or its account is closed.
    PasswordError, WeakPasswordError
        The password is not good enough; the link remains.
    """
    gebruiker = take_setup_link(session, secret, key=key, now=now)
    set_password(session, gebruiker, password, now=now)
    return gebruiker


def take_setup_link(session: Session, secret: str, *, key: bytes, now: datetime) -> Gebruiker:
    """Use a link up, and return whose it was.

    Raises
    ------
    SignInError
        The link is unknown, used or over, or its account is closed.
    """
    return _owner(session, InrichtlinkRepository(session).take(_link_hmac(key, secret), now))


def find_gebruiker(session: Session, naam: str) -> Gebruiker:
    """Return the account of a name.

    Raises
    ------
    NotFoundError
        There is none.
    """
    known = GebruikerRepository(session).find(naam)
    if known is None:
        raise NotFoundError("gebruiker", naam)
    return known


def _owner(session: Session, gebruiker_id: int | None) -> Gebruiker:
    gebruiker = None if gebruiker_id is None else GebruikerRepository(session).get(gebruiker_id)
    if gebruiker is None or not gebruiker.actief:
        raise SignInError(AanmeldReden.LINK)
    return gebruiker


def _link_hmac(key: bytes, secret: str) -> str:
    return keyed_hash(key, "inrichtlink", secret)
