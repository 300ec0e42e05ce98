"""Who a request comes from: by an API token or by the session cookie."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Engine
from starlette.requests import HTTPConnection

from service.aanmelden.rules import SessieRules
from service.aanmelden.sessies import enter, keep_alive
from service.aanmelden.tokens import actor_of_token, record_use
from service.errors import StoreError
from service.rechten.begrippen import Actor
from service.storage.organisatie import Stand

BEARER = "bearer"


@dataclass(frozen=True)
class Incoming:
    """Who asks, how the audit log calls that, and what is done after the answer, if anything.

    `stand` is the state of all rights when this was read, where that is known.
    """

    actor: Actor
    naam: str
    afterwards: Callable[[], None] | None = None
    stand: Stand | None = None


def read_incoming(
    connection: HTTPConnection, engine: Engine, rules: SessieRules, now: datetime
) -> Incoming | None:
    """Return who a request comes from; None when nobody is known by it.

    A token in the ``Authorization`` header goes before a cookie: who names one, means it.
    """
    secret = bearer_of(connection)
    if secret is not None:
        known = actor_of_token(engine, secret, rules=rules, now=now)
        if known is None:
            return None
        actor, token = known
        return Incoming(actor, f"token:{token.id}", partial(record_use, engine, token, now))
    return _by_session(connection, engine, engine, rules, now)


def read_at_once(
    connection: HTTPConnection,
    engine: Engine,
    asking: Engine | None,
    rules: SessieRules,
    now: datetime,
) -> Incoming | None:
    """Return who a request comes from, if its cookie tells that without a moment of waiting.

    Parameters
    ----------
    connection : HTTPConnection
        The request.
    engine : Engine
        The store, for what is done afterwards.
    asking : Engine, optional
        Of `service.storage.engine.for_asking_at_once`; None where there is no such.
    rules : SessieRules
        Of sessions.
    now : datetime
        Moment of the request.

    Returns
    -------
    Incoming or None
        None as well where somebody may still be known: `read_incoming` tells.
    """
    if asking is None or bearer_of(connection) is not None:
        return None
    try:
        return _by_session(connection, asking, engine, rules, now)
    except StoreError:
        return None


def _by_session(
    connection: HTTPConnection, asked: Engine, engine: Engine, rules: SessieRules, now: datetime
) -> Incoming | None:
    cookie = connection.cookies.get(rules.cookie, "")
    found = enter(asked, cookie, rules=rules, now=now)
    if found is None:
        return None
    naam = f"gebruiker:{found.actor.gebruiker_id}"
    if found.is_kept_alive(now):
        return Incoming(found.actor, naam, stand=found.stand)
    after = partial(keep_alive, engine, cookie, rules=rules, now=now)
    return Incoming(found.actor, naam, after, found.stand)


def actor_of_request(
    connection: HTTPConnection, engine: Engine, rules: SessieRules, now: datetime
) -> Actor | None:
    """Return who a request comes from, as `read_incoming` does, without anything afterwards."""
    found = read_incoming(connection, engine, rules, now)
    return None if found is None else found.actor


def bearer_of(connection: HTTPConnection) -> str | None:
    """Return the token of the ``Authorization`` header; None without one (RFC 6750, 2.1)."""
    scheme, _, secret = connection.headers.get("authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == BEARER else None


def is_program(connection: HTTPConnection, rules: SessieRules) -> bool:
    """Whether a request brings a token and no cookie: no other site can make a browser do so."""
    return bearer_of(connection) is not None and rules.cookie not in connection.cookies
