"""What a model refuses: columns off the list, too little data, a file that was altered."""

from dataclasses import dataclass


class ModelError(Exception):
    """Base of what a model or its store refuses."""


@dataclass
class UnregisteredColumnError(ModelError):
    """A column that is no registered feature was offered for training or scoring (TRUST F1)."""

    model: str
    column: str

    def __str__(self) -> str:
        """Return one line for the log."""
        return f"model {self.model}: column {self.column} is not registered"


@dataclass
class MissingColumnError(ModelError):
    """A column that the model was trained on is not offered."""

    model: str
    column: str

    def __str__(self) -> str:
        """Return one line for the log."""
        return f"model {self.model}: column {self.column} is missing"


@dataclass
class LeakError(ModelError):
    """A column knows what was not yet known, so that no model is made of it.

    Parameters
    ----------
    model : str
        Name of the model.
    column : str
        The first column that leaks.
    how : str
        What was found.
    """

    model: str
    column: str
    how: str

    def __str__(self) -> str:
        """Return one line for the log."""
        return f"model {self.model}: column {self.column} {self.how}"


@dataclass
class TooLittleDataError(ModelError):
    """There are too few examples to train and judge a model honestly.

    Parameters
    ----------
    model : str
        Name of the model.
    what : str
        What is counted, such as ``"uitval in the training period"``.
    n : int
        How many there are.
    needed : int
        How many are needed.
    """

    model: str
    what: str
    n: int
    needed: int

    def __str__(self) -> str:
        """Return one line for the log."""
        return f"model {self.model}: {self.n} {self.what}, {self.needed} needed"


@dataclass
class ModelNotFoundError(ModelError):
    """No such model, or no such version of it, is stored."""

    model: str
    version: str | None = None

    def __str__(self) -> str:
        """Return one line for the log."""
        return f"no stored model {self.model}" + (f" version {self.version}" * bool(self.version))


@dataclass
class NotPromotedError(ModelError):
    """Versions of a model are stored, but none was promoted (TRUST F11)."""

    model: str

    def __str__(self) -> str:
        """Return one line for the log."""
        return f"no version of model {self.model} was promoted"


@dataclass
class NoClusterError(ModelError):
    """Training on several machines was asked for, and there are none to train on."""

    address: str
    installed: bool = True

    def __str__(self) -> str:
        """Return one line for the log."""
        return f"nothing answers at {self.address}" if self.installed else "Dask is not installed"


@dataclass
class OtherStudyError(ModelError):
    """A study of this name exists, and is about other data or another model."""

    studie: str

    def __str__(self) -> str:
        """Return one line for the log."""
        return f"study {self.studie} is about something else"


@dataclass
class AlteredModelError(ModelError):
    """The files of a stored model are not the files that were saved (TRUST F11)."""

    model: str
    version: str
    expected: str
    found: str

    def __str__(self) -> str:
        """Return one line for the log."""
        return (
            f"model {self.model} version {self.version}: files have sha256 {self.found}, "
            f"{self.expected} was recorded"
        )


@dataclass
class PinConflictError(ModelError):
    """Pairs that must be proposed together cannot all be.

    Parameters
    ----------
    reden : str
        The `features.blokkade.Blokkade` or other reason why a pair cannot be proposed at all, or
        one of `models.allocation.TWEE_PLEKKEN`, `TE_VOL` and `VETO`.
    pins : tuple of (jongere_id, leerwerkplek_id)
        The pairs that conflict, in alphabetical order.
    """

    reden: str
    pins: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        """Return one line for the log."""
        named = ", ".join(f"{jongere} on {plek}" for jongere, plek in self.pins)
        return f"pins cannot be kept ({self.reden}): {named}"
