"""Logging in at the identity provider: what is kept while somebody is away, and who comes back."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from service.aanmelden.accounts import end_sessions, read_setup_link
from service.aanmelden.errors import AanmeldReden, SignInError
from service.aanmelden.login import NAME_MARK, mark_actor
from service.aanmelden.provider import Persoon, Provider
from service.aanmelden.rules import SessieRules
from service.aanmelden.sessies import start_session
from service.aanmelden.sleutels import keyed_hash, new_token
from service.logs import get_log
from service.storage.engine import unit_of_work
from service.storage.gebruiker import Gebruiker, GebruikerRepository
from service.storage.inrichtlink import InrichtlinkRepository
from service.storage.oidc import OidcAanvraag, OidcRepository

AWAY = timedelta(minutes=10)
"""Longest time that somebody may take at the provider."""
VERIFIER_BYTES = 48
"""64 characters; RFC 7636, 4.1 asks 43 to 128."""


@dataclass(frozen=True)
class Vertrek:
    """Where to send somebody, and the secret that this browser keeps meanwhile."""

    address: str
    browser: str


@dataclass(frozen=True)
class Terugkomst:
    """With what the provider sent somebody back."""

    state: str
    code: str
    iss: str
    error: str
    browser: str


def begin_login(
    engine: Engine,
    provider: Provider,
    *,
    volgende: str,
    browser: str,
    rules: SessieRules,
    now: datetime,
    link: str = "",
) -> Vertrek:
    """Send somebody to the provider.

    Parameters
    ----------
    engine : Engine
        The store, which keeps state, nonce and verifier.
    provider : Provider
        Where to log in.
    volgende : str
        Path of ours to go to afterwards.
    browser : str
        Secret that this browser has already; empty when it has none.
    rules : SessieRules
        How sessions are kept.
    now : datetime
        This moment.
    link : str
        Secret of a setup link: then the person who comes back gets its account.

    Raises
    ------
    SignInError
        The provider does not answer, or the link is unknown, used or over.
    """
    state, nonce, verifier = new_token(), new_token(), secrets.token_urlsafe(VERIFIER_BYTES)
    browser = browser or new_token()
    address = provider.login_address(state=state, nonce=nonce, code_verifier=verifier, now=now)
    with unit_of_work(engine, traced=False) as session:
        owner = read_setup_link(session, link, key=rules.key, now=now).id if link else None
        repository = OidcRepository(session)
        repository.remove_older(now - AWAY)
        repository.begin(
            OidcAanvraag(
                state_hmac=keyed_hash(rules.key, "state", state),
                browser_hmac=keyed_hash(rules.key, "browser", browser),
                nonce=nonce,
                code_verifier=verifier,
                volgende=volgende,
                gebruiker_id=owner,
                aangemaakt_op=now,
            )
        )
    return Vertrek(address, browser)


def complete_login(
    engine: Engine, provider: Provider, back: Terugkomst, *, rules: SessieRules, now: datetime
) -> tuple[str, str]:
    """Let somebody in who comes back from the provider.

    Returns
    -------
    tuple of str
        The token of a new session, and the path to go to.

    Raises
    ------
    SignInError
        This login is unknown, used, over or of another browser; the provider refuses, is silent
        or wrong; or the person has no account here.
    """
    aanvraag = _take(engine, back, rules, now)
    if back.error or not back.code:
        raise SignInError(AanmeldReden.AANBIEDER_WEIGERT)
    persoon = provider.person_of(
        code=back.code,
        code_verifier=aanvraag.code_verifier,
        nonce=aanvraag.nonce,
        iss=back.iss,
        now=now,
    )
    mark_actor(f"onbekend:{keyed_hash(rules.key, persoon.iss, persoon.sub)[:NAME_MARK]}")
    with unit_of_work(engine) as session:
        if aanvraag.gebruiker_id is not None:
            _link(session, aanvraag.gebruiker_id, persoon, now)
        gebruiker = _account_of(session, persoon)
        mark_actor(f"gebruiker:{gebruiker.id}")
        get_log(__name__).info("logged_in", gebruiker_id=gebruiker.id)
        return start_session(session, gebruiker.id, rules=rules, now=now), aanvraag.volgende


def link_person(session: Session, gebruiker: Gebruiker, persoon: Persoon, now: datetime) -> None:
    """Give a person of the provider an account, in place of who had it; its sessions end.

    Raises
    ------
    SignInError
        This person has another account.
    """
    try:
        OidcRepository(session).link(persoon.iss, persoon.sub, gebruiker.id, now)
    except ValueError as error:
        raise SignInError(AanmeldReden.AANBIEDER_ANDER) from error
    end_sessions(session, gebruiker.id)


def _take(engine: Engine, back: Terugkomst, rules: SessieRules, now: datetime) -> OidcAanvraag:
    """Use the state up, whatever comes of it, and return its login."""
    with unit_of_work(engine, traced=False) as session:
        state_hmac = keyed_hash(rules.key, "state", back.state)
        aanvraag = OidcRepository(session).take(state_hmac, after=now - AWAY)
    browser_hmac = keyed_hash(rules.key, "browser", back.browser)
    same = aanvraag is not None and secrets.compare_digest(aanvraag.browser_hmac, browser_hmac)
    if aanvraag is None or not same:
        raise SignInError(AanmeldReden.STAP)
    return aanvraag


def _link(session: Session, gebruiker_id: int, persoon: Persoon, now: datetime) -> None:
    """Link by a setup link that is still there; it is used up with this."""
    if not InrichtlinkRepository(session).take_of(gebruiker_id, now):
        raise SignInError(AanmeldReden.LINK)
    link_person(session, GebruikerRepository(session).get(gebruiker_id), persoon, now)


def _account_of(session: Session, persoon: Persoon) -> Gebruiker:
    found = OidcRepository(session).find(persoon.iss, persoon.sub)
    gebruiker = None if found is None else GebruikerRepository(session).get(found)
    if gebruiker is None or not gebruiker.actief:
        raise SignInError(AanmeldReden.ONGEKOPPELD)
    return gebruiker
