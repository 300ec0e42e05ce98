"""Who looks now and for what, known to everything that a unit of work reads.

Inside a web request nobody may see a row about a person until `grant` allowed it:
`service.rechten.verzoek.NoRightsYet` sees to that. Outside one, in a command or a nightly job, the
process itself looks, for `Doel.SYSTEEM`: whoever can start it can read the database anyway. A
thread that a request starts by itself does not inherit who looks; only those of anyio do.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from service.errors import NotAllowedError
from service.rechten.begrippen import Actor, Doel, Handeling
from service.rechten.matrix import EVERYBODY, allowed_doelen


@dataclass(frozen=True)
class Toegang:
    """A right that was granted: who, for which purpose, to do what."""

    actor: Actor
    doel: Doel
    handeling: Handeling | None = None


SYSTEEM = Toegang(Actor(0, "systeem", ()), Doel.SYSTEEM)
GEEN = Toegang(Actor(0, "", ()), Doel.GEEN)
_CURRENT: ContextVar[Toegang] = ContextVar("toegang", default=SYSTEEM)


def grant(actor: Actor, handeling: Handeling, *, named: str = "", wished: str = "") -> Toegang:
    """Return the right of an actor to do something, with the purpose for which.

    Parameters
    ----------
    actor : Actor
        Who asks.
    handeling : Handeling
        What the route does.
    named : str
        Purpose that the request names; it must be allowed. Empty when it names none.
    wished : str
        Purpose that a person chose for the screens; taken where it is allowed.

    Returns
    -------
    Toegang
        For the named purpose, else the wished one, else the first that is allowed.

    Raises
    ------
    NotAllowedError
        No role of the actor allows this, or not for the named purpose.
    """
    if actor.scopes is not None and handeling not in actor.scopes:
        raise NotAllowedError(handeling)
    if handeling in EVERYBODY:
        return Toegang(actor, Doel.GEEN, handeling)
    allowed = allowed_doelen(actor.rollen, handeling)
    if not allowed or (named and named not in allowed):
        raise NotAllowedError(handeling)
    doel = Doel(named) if named else next((one for one in allowed if one == wished), allowed[0])
    return Toegang(actor, doel, handeling)


def current() -> Toegang:
    """Return who looks now: what a unit of work and the row rule go by."""
    return _CURRENT.get()


def look_as(toegang: Toegang) -> None:
    """Let the rest of this request, task or command look as this actor."""
    _CURRENT.set(toegang)


@contextmanager
def looking_as(toegang: Toegang) -> Iterator[None]:
    """Look as this actor inside the block, and as before after it."""
    token = _CURRENT.set(toegang)
    try:
        yield
    finally:
        _CURRENT.reset(token)
