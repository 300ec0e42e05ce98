"""Somebody with an account, and how sessions are kept in these tests."""

from datetime import UTC, datetime, timedelta

import pyotp
from sqlalchemy import Engine

from service.aanmelden.accounts import create_gebruiker
from service.aanmelden.login import NextStep, complete_setup, log_in, step_secret
from service.aanmelden.rules import SessieRules
from service.rechten.begrippen import Actor
from service.storage.engine import unit_of_work

NAAM = "coach"
WACHTWOORD = "een lang en goed wachtwoord"
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RULES = SessieRules(
    key=b"s" * 32, idle=timedelta(minutes=30), longest=timedelta(hours=12), secure=False
)


def add(engine: Engine, naam: str, *rollen: str) -> int:
    """Make an account, and return its id."""
    with unit_of_work(engine) as session:
        return create_gebruiker(session, naam, WACHTWOORD, rollen).id


def as_actor(gebruiker_id: int, naam: str = NAAM) -> Actor:
    """Return somebody who is logged in."""
    return Actor(gebruiker_id, naam, ())


def enter(engine: Engine, naam: str, now: datetime = NOW) -> str:
    """Log in with a password alone, and return the token."""
    token = log_in(engine, naam, WACHTWOORD, rules=RULES, now=now)
    assert isinstance(token, str)
    return token


def half(engine: Engine, naam: str, now: datetime = NOW) -> str:
    """Give the password, and return the token of the login that waits for a second factor."""
    outcome = log_in(engine, naam, WACHTWOORD, rules=RULES, now=now)
    assert isinstance(outcome, NextStep)
    return outcome.token


def set_up(engine: Engine, naam: str, now: datetime = NOW) -> tuple[str, str, list[str]]:
    """Log in and set a second factor up; return its secret, the session and recovery codes."""
    step = half(engine, naam, now)
    secret = step_secret(engine, step, rules=RULES, now=now)
    assert secret is not None
    code = pyotp.TOTP(secret).at(now)
    session, codes = complete_setup(engine, step, code, rules=RULES, now=now)
    return secret, session, codes
