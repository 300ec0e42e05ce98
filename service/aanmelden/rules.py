"""How sessions are kept in one installation, and of whom a second factor is asked."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from service.rechten.begrippen import Rol

WITH_SECOND_FACTOR = frozenset({Rol.BEHEERDER, Rol.ANALIST, Rol.FUNCTIONARIS_GEGEVENSBESCHERMING})
"""Roles that see or change things of everybody, and so need more than a password (BIO2 5.17.01)."""


@dataclass(frozen=True)
class SessieRules:
    """How sessions are kept.

    Parameters
    ----------
    key : bytes
        Of the HMAC under which tokens are stored, at least 32 bytes.
    idle, longest : timedelta
        Longest silence and longest life of a session.
    secure : bool
        Whether cookies only travel over HTTPS.
    tweede_factor : bool
        Whether some roles need a second factor; only a demo goes without.
    """

    key: bytes = field(repr=False)
    idle: timedelta
    longest: timedelta
    secure: bool
    tweede_factor: bool = True

    @property
    def cookie(self) -> str:
        """Name of the session cookie; the prefix binds it to this host and HTTPS (RFC 6265bis)."""
        return self._prefixed("vangnet")

    @property
    def step_cookie(self) -> str:
        """Name of the cookie of a login that is not complete; it opens no page about anybody."""
        return self._prefixed("vangnet-stap")

    @property
    def provider_cookie(self) -> str:
        """Name of the cookie by which a browser that comes back from the provider is known."""
        return self._prefixed("vangnet-aanbieder")

    def needs_second_factor(self, rollen: Iterable[str]) -> bool:
        """Whether an account with these roles must have a second factor."""
        return self.tweede_factor and not WITH_SECOND_FACTOR.isdisjoint(rollen)

    def _prefixed(self, name: str) -> str:
        return f"__Host-{name}" if self.secure else name
