"""What somebody changes of the own account; each change ends every session and starts a new one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from service.aanmelden import second_factor
from service.aanmelden.accounts import end_sessions, set_password
from service.aanmelden.limits import forgive_attempt
from service.aanmelden.login import confirm_password, count_code
from service.aanmelden.rules import SessieRules
from service.aanmelden.sessies import start_session
from service.aanmelden.tokens import make_token, scopes_of
from service.rechten.begrippen import Actor, Handeling
from service.storage.api_token import ApiToken, ApiTokenRepository
from service.storage.engine import unit_of_work
from service.storage.gebruiker import Gebruiker, GebruikerRepository
from service.storage.tweede_factor import TweedeFactorRepository


@dataclass(frozen=True)
class EigenAccount:
    """What the page of an account shows."""

    gebruiker: Gebruiker
    heeft_factor: bool
    herstelcodes: int
    tokens: tuple[ApiToken, ...]
    scopes: tuple[Handeling, ...]


class OwnAccount:
    """The account of who is logged in.

    Parameters
    ----------
    engine : Engine
        The store.
    actor : Actor
        Who is logged in, by a session.
    rules : SessieRules
        How sessions are kept.
    now : datetime
        This moment.
    """

    def __init__(self, engine: Engine, actor: Actor, rules: SessieRules, now: datetime) -> None:
        self._engine = engine
        self._id = actor.gebruiker_id
        self._rules = rules
        self._now = now

    def read(self) -> EigenAccount:
        """Return what the page shows."""
        with unit_of_work(self._engine, read_only=True) as session:
            gebruiker = GebruikerRepository(session).get(self._id)
            return EigenAccount(
                gebruiker,
                second_factor.is_set(session, self._id),
                TweedeFactorRepository(session).count_codes(self._id),
                ApiTokenRepository(session).list_of(self._id),
                scopes_of(gebruiker.rollen),
            )

    def change_password(self, current: str, wanted: str) -> str:
        """Replace the password, and return the token of a new session.

        Raises
        ------
        SignInError, TooManyError
            The present password is wrong, or was wrong too often.
        PasswordError, WeakPasswordError
            The new one is not good enough.
        """
        self._confirm(current)
        with unit_of_work(self._engine) as session:
            gebruiker = GebruikerRepository(session).get(self._id)
            set_password(session, gebruiker, wanted, now=self._now)
            return start_session(session, self._id, rules=self._rules, now=self._now)

    def begin_factor(self) -> tuple[str, str]:
        """Return a new TOTP secret that waits for confirmation, and the address for an app.

        Raises
        ------
        SignInError
            There is a second factor already.
        """
        # what waits for confirmation changes nothing yet: the request has its own line
        with unit_of_work(self._engine, traced=False) as session:
            gebruiker = GebruikerRepository(session).get(self._id)
            secret = second_factor.begin(session, self._id, key=self._rules.key)
        return secret, second_factor.app_address(secret, gebruiker.naam)

    def confirm_factor(self, password: str, code: str) -> tuple[str, list[str]]:
        """Let the second factor count; return the token of a new session and recovery codes.

        Raises
        ------
        SignInError, TooManyError
            Password or code are wrong, or were wrong too often.
        """
        self._confirm(password)
        attempt = count_code(self._engine, self._id, rules=self._rules, now=self._now)
        with unit_of_work(self._engine) as session:
            codes = second_factor.confirm(
                session, self._id, code, key=self._rules.key, now=self._now
            )
            forgive_attempt(session, attempt, self._now)
            end_sessions(session, self._id)
            return start_session(session, self._id, rules=self._rules, now=self._now), codes

    def remove_factor(self, password: str, code: str) -> None:
        """Take the second factor away and end every session; some roles must set a new one.

        Raises
        ------
        SignInError, TooManyError
            Password or code are wrong, or were wrong too often.
        """
        self._confirm(password)
        attempt = count_code(self._engine, self._id, rules=self._rules, now=self._now)
        with unit_of_work(self._engine) as session:
            second_factor.check_code(session, self._id, code, key=self._rules.key, now=self._now)
            forgive_attempt(session, attempt, self._now)
            TweedeFactorRepository(session).remove(self._id)
            end_sessions(session, self._id)

    def make_token(self, naam: str, scopes: Iterable[str], dagen: int) -> tuple[str, ApiToken]:
        """Make an API token; the first of the two is shown once.

        Raises
        ------
        SignInError
            A scope is not of this account, or the name or number of days is out of bounds.
        """
        with unit_of_work(self._engine) as session:
            gebruiker = GebruikerRepository(session).get(self._id)
            return make_token(
                session,
                gebruiker,
                naam=naam,
                scopes=scopes,
                dagen=dagen,
                rules=self._rules,
                now=self._now,
            )

    def revoke_token(self, token_id: int) -> None:
        """Make an API token worthless from the next request on.

        Raises
        ------
        NotFoundError
            This account has no such token.
        """
        with unit_of_work(self._engine) as session:
            ApiTokenRepository(session).revoke(token_id, self._id, self._now)

    def _confirm(self, password: str) -> None:
        confirm_password(self._engine, self._id, password, rules=self._rules, now=self._now)
