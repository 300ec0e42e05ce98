"""Expected failures of the service: what was asked cannot be done, and why.

Each carries data and an English message for the log. `service.wording` turns a type into one
Dutch sentence that says what to do next; the API and the site turn it into an answer.
"""

from dataclasses import dataclass


class VangnetError(Exception):
    """Base of the failures that a user can do something about."""


@dataclass
class NotFoundError(VangnetError):
    """There is no such thing, or the actor may not see it."""

    what: str
    key: str

    def __str__(self) -> str:
        """Return one line for the log."""
        return f"no {self.what} with key {self.key}"


@dataclass
class SettingsError(VangnetError):
    """A setting is absent or unsafe."""

    setting: str
    problem: str

    def __str__(self) -> str:
        """Return one line for the log."""
        return f"setting {self.setting}: {self.problem}"


@dataclass
class NoModelError(VangnetError):
    """No trained model of this name is stored yet."""

    model: str

    def __str__(self) -> str:
        """Return one line for the log."""
        return f"no stored model {self.model}"


@dataclass
class NoDataError(VangnetError):
    """The store holds too little for what was asked."""

    what: str

    def __str__(self) -> str:
        """Return one line for the log."""
        return f"no data: {self.what}"


@dataclass
class FileError(VangnetError):
    """A file as a whole cannot be read: absent, empty, truncated, of another kind or encoding."""

    path: str
    problem: str

    def __str__(self) -> str:
        """Return one line for the log."""
        return f"file {self.path}: {self.problem}"
