"""Keys by which programs ask the API for an account (TRUST S3).

A key has a prefix that scanners for leaked secrets know, 256 random bits, and a checksum, so that
a mistyped key is refused without a look in the store. It is shown once; its keyed hash is stored.

References
----------
GitHub, "Behind GitHub's new authentication token formats" (2021): prefix and CRC-32 checksum.
polarsource/polar, server/polar/kit/crypto.py.
"""

import zlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from hmac import compare_digest

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from service.aanmelden.errors import AanmeldReden, SignInError
from service.aanmelden.rules import SessieRules
from service.aanmelden.sessies import TOUCH_EVERY, make_actor
from service.aanmelden.sleutels import keyed_hash, new_token
from service.errors import StoreError
from service.logs import get_log
from service.rechten.begrippen import Actor, Handeling, Rol
from service.rechten.matrix import allowed_doelen
from service.storage.api_token import ApiToken, ApiTokenRepository
from service.storage.engine import unit_of_work
from service.storage.gebruiker import Gebruiker

PREFIX = "vangnet_"
CHECKSUM = 8
LONGEST_DAYS = 90
LONGEST_NAME = 100
END = 4


def make_token(
    session: Session,
    gebruiker: Gebruiker,
    *,
    naam: str,
    scopes: Iterable[str],
    dagen: int,
    rules: SessieRules,
    now: datetime,
) -> tuple[str, ApiToken]:
    """Make a key of an account.

    Parameters
    ----------
    session : Session
        Unit of work that writes.
    gebruiker : Gebruiker
        Whose key it is: it never opens more than the account may at that moment.
    naam : str
        What it is for, 1 to 100 characters.
    scopes : iterable of str
        Handelingen, at least one, each of which a role of the account allows.
    dagen : int
        Days that it is valid, 1 to 90.
    rules : SessieRules
        How sessions are kept; a key that needs a second factor is made on a page that asked one.
    now : datetime
        Moment of making.

    Returns
    -------
    tuple of str and ApiToken
        The key itself, which nobody can find again, and what is stored of it.

    Raises
    ------
    SignInError
        A scope is not of this account, or the name or number of days is out of bounds.
    """
    wanted = frozenset(scopes)
    good = wanted and wanted <= set(scopes_of(gebruiker.rollen))
    if not good or not 1 <= dagen <= LONGEST_DAYS or not 1 <= len(naam.strip()) <= LONGEST_NAME:
        raise SignInError(AanmeldReden.SCOPE)
    secret = with_checksum(PREFIX + new_token())
    token = ApiTokenRepository(session).add(
        gebruiker_id=gebruiker.id,
        naam=naam.strip(),
        token_hmac=_token_hmac(rules, secret),
        einde=secret[-END:],
        scopes=wanted,
        aangemaakt_op=now,
        verloopt_op=now + timedelta(days=dagen),
    )
    return secret, token


def scopes_of(rollen: Iterable[str]) -> tuple[Handeling, ...]:
    """Return what a key of somebody with these roles may be for, in order of `Handeling`."""
    held = [rol for rol in Rol if rol in set(rollen)]
    return tuple(one for one in Handeling if allowed_doelen(held, one))


def actor_of_token(
    engine: Engine, secret: str, *, rules: SessieRules, now: datetime
) -> tuple[Actor, ApiToken] | None:
    """Return who a key speaks for; None when it is unknown, over, revoked, or of nobody active."""
    if not has_checksum(secret):
        return None
    with unit_of_work(engine, read_only=True) as session:
        found = ApiTokenRepository(session).find(_token_hmac(rules, secret))
        if found is None or not found[0].is_valid(now):
            return None
        token, gebruiker = found
        actor = make_actor(session, gebruiker, scopes=frozenset(token.scopes))
    return None if actor is None else (actor, token)


def record_use(engine: Engine, token: ApiToken, now: datetime) -> None:
    """Record that a key was used, at most once a minute; meant for after the answer."""
    if token.gebruikt_op is not None and now - token.gebruikt_op < TOUCH_EVERY:
        return
    try:
        with unit_of_work(engine, traced=False) as session:
            ApiTokenRepository(session).touch(token.id, now)
    except StoreError as error:
        get_log(__name__).warning("token_use_not_recorded", problem=str(error))


def with_checksum(text: str) -> str:
    """Return a key with its checksum behind it.

    Examples
    --------
    >>> with_checksum("vangnet_abc")
    'vangnet_abcdb53ddfc'
    """
    return f"{text}{zlib.crc32(text.encode()):08x}"


def has_checksum(secret: str) -> bool:
    """Whether a text has the form of a key; most typing errors do not.

    Examples
    --------
    >>> has_checksum(with_checksum("vangnet_abc")), has_checksum("vangnet_abc00000000")
    (True, False)
    """
    body = secret[:-CHECKSUM]
    return (
        secret.isascii() and body.startswith(PREFIX) and compare_digest(with_checksum(body), secret)
    )


def _token_hmac(rules: SessieRules, secret: str) -> str:
    return keyed_hash(rules.key, "token", secret)
