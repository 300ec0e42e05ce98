"""Expected failures of signing in: what was asked cannot be done, and why."""

from dataclasses import dataclass, field
from enum import StrEnum
from math import ceil

from service.errors import VangnetError


class AanmeldReden(StrEnum):
    """Why something about signing in cannot be done."""

    LINK = "the setup link is unknown, used or over"
    CODE = "the code of the second factor is not right"
    WACHTWOORD = "the password is not right"
    STAP = "the login took too long or was done already"
    SCOPE = "the account itself may not do this"
    ONGEKOPPELD = "no account is linked to this person of the provider"
    AANBIEDER_STIL = "the identity provider does not answer, or too slowly"
    AANBIEDER_FOUT = "the identity provider answers what it should not"
    AANBIEDER_WEIGERT = "the identity provider let nobody in"
    AANBIEDER_ANDER = "this person of the provider has another account"


@dataclass
class SignInError(VangnetError):
    """Something about signing in cannot be done; `reden` is the word that `answers` looks up."""

    reden: AanmeldReden

    def __str__(self) -> str:
        """Return one line for the log."""
        return f"sign-in: {self.reden}"


@dataclass
class WeakPasswordError(VangnetError):
    """A new password is easy to foresee, or longer than can be typed."""

    maximum: int

    def __str__(self) -> str:
        """Return one line for the log."""
        return "password easy to foresee or too long"


@dataclass
class TooManyError(VangnetError):
    """Something was asked more often than the limit allows (TRUST S9)."""

    seconds: int
    """After how many seconds it is allowed again."""
    minuten: int = field(init=False)
    """The same in minutes, rounded up."""

    def __post_init__(self) -> None:
        """Say the seconds in minutes as well."""
        self.minuten = ceil(self.seconds / 60)

    def __str__(self) -> str:
        """Return one line for the log."""
        return f"over the limit, {self.seconds} s to go"
