"""Expected failures of the service: what was asked cannot be done, and why.

Each carries data and an English message for the log. `service.wording` turns a type into one
Dutch sentence that says what to do next; the API and the site turn it into an answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class VangnetError(Exception):
    """Base of the failures that a user can do something about."""


@dataclass
class NotFoundError(VangnetError):
    """There is no such thing, or the actor may not see it."""

    what: str
    key: str

    def __str__(self) -> str:
        """Return one line for the log, without the key: who asks may have typed a name."""
        return f"no such {self.what}"


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


class StoreProblem(StrEnum):
    """Why the store cannot do its work now."""

    LOCKED = "locked"
    UNREACHABLE = "unreachable"
    DISK_FULL = "disk full"
    READ_ONLY = "read-only"
    DAMAGED = "damaged"
    NOT_MIGRATED = "not migrated"
    NEWER = "newer than this version"


@dataclass
class StoreError(VangnetError):
    """The database cannot be used now; nothing of the unit of work was kept."""

    problem: StoreProblem

    def __str__(self) -> str:
        """Return one line for the log."""
        return f"store: {self.problem}"


@dataclass
class NotLoggedInError(VangnetError):
    """Nobody is logged in, or the session has ended."""

    def __str__(self) -> str:
        """Return one line for the log."""
        return "no valid session"


@dataclass
class NotAllowedError(VangnetError):
    """No role of the actor allows this, or not for the purpose that was named (TRUST P2)."""

    handeling: str

    def __str__(self) -> str:
        """Return one line for the log."""
        return f"no right to {self.handeling}"


@dataclass
class SamePersonError(VangnetError):
    """Who approves a version of a model trained it (TRUST F11)."""

    model: str
    versie: str

    def __str__(self) -> str:
        """Return one line for the log."""
        return f"the trainer of {self.model} {self.versie} may not approve it"


@dataclass
class NotRecordedError(VangnetError):
    """The line in the audit log could not be stored, so nothing is shown (TRUST A4)."""

    def __str__(self) -> str:
        """Return one line for the log."""
        return "the audit line could not be stored"


@dataclass
class PasswordError(VangnetError):
    """A new password is too short; the password itself is never kept here."""

    minimum: int

    def __str__(self) -> str:
        """Return one line for the log."""
        return f"password shorter than {self.minimum} characters"


@dataclass
class PortError(VangnetError):
    """Another program listens on the port already."""

    port: int

    def __str__(self) -> str:
        """Return one line for the log."""
        return f"port {self.port} is taken"


@dataclass
class OutputError(VangnetError):
    """The name of an output file does not say which kind it should be."""

    path: str

    def __str__(self) -> str:
        """Return one line for the log."""
        return f"output {self.path}: neither .parquet nor .csv"


@dataclass
class NotDemoError(VangnetError):
    """The data folder holds something else than this demo, which would be mixed with it."""

    folder: str

    def __str__(self) -> str:
        """Return one line for the log."""
        return f"folder {self.folder} holds something else than this demo"


@dataclass
class ImportRefusedError(VangnetError):
    """An import found bad rows, so nothing was imported."""

    rows: int

    def __str__(self) -> str:
        """Return one line for the log."""
        return f"import refused: {self.rows} bad rows"


@dataclass
class ConflictError(VangnetError):
    """Somebody else was first: what was changed is no longer as its author saw it (TRUST R6)."""

    what: str
    key: str
    huidig: Mapping[str, object] = field(default_factory=dict)
    """What stands now, to show beside what was refused."""
    gevraagd: Mapping[str, object] = field(default_factory=dict)
    """What was refused, as it was sent."""

    def __str__(self) -> str:
        """Return one line for the log."""
        return f"{self.what} was changed by somebody else"


@dataclass(frozen=True)
class Invoerfout:
    """One thing that is wrong in what a person entered.

    `naam` is the name of the field (parts separated by points), `code` which rule it breaks,
    `zin` the Dutch sentence that says what to do.
    """

    naam: str
    code: str
    zin: str


@dataclass
class InvoerError(VangnetError):
    """What a person entered cannot be stored as it is; nothing was stored."""

    fouten: Sequence[Invoerfout]

    def __str__(self) -> str:
        """Return one line for the log, without what was entered."""
        return f"input refused: {sorted({fout.code for fout in self.fouten})}"


@dataclass
class HerhaalError(VangnetError):
    """A key of a repeated request was used before, for another request."""

    def __str__(self) -> str:
        """Return one line for the log."""
        return "idempotency key was used for another request"


class BackupProblem(StrEnum):
    """Why a backup cannot be put back."""

    DAMAGED = "damaged, cut off or no backup"
    SEALED = "sealed, and there is no key"
    UNREADABLE = "sealed with another key, or damaged"
    OTHER_KEY = "of an installation with another pseudonym key"
    OTHER_DATABASE = "of the other kind of database"
    NEWER = "of a newer version"
    NOT_EMPTY = "the place to put it is not empty"
    DIFFERENT = "what was put back is not what was kept"
    NO_ROOM = "no database can be made for the drill"


@dataclass
class BackupError(VangnetError):
    """A backup cannot be put back; nothing was changed."""

    problem: BackupProblem
    path: str

    def __str__(self) -> str:
        """Return one line for the log."""
        return f"backup {self.path}: {self.problem}"


@dataclass
class InstructieError(VangnetError):
    """Who wants to see scores has not read the current instruction (TRUST H12)."""

    versie: int

    def __str__(self) -> str:
        """Return one line for the log."""
        return f"instruction {self.versie} was not read"


class Weigering(StrEnum):
    """Why something about a matchtafel or a model cannot be done now."""

    TAFEL_NIET_OPEN = "the matchtafel is not open"
    TAFEL_GESLOTEN = "the matchtafel is closed"
    VOLGENDE_STAP = "the matchtafel cannot take that step now"
    REDEN_TE_KORT = "the reason is too short"
    PLEK_ONTBREEKT = "the besluit names no leerwerkplek"
    PLEK_NIET_AAN_TAFEL = "the leerwerkplek is not at this table"
    JONGERE_NIET_OP_AGENDA = "the jongere is not on the agenda"
    OPVOLGDATUM_TE_VROEG = "the follow-up lies before the table"
    ANTWOORD_PAST_NIET = "the question does not allow this answer"
    AFSPRAAK_ONTBREEKT = "what was agreed is absent"
    BEGIN_IN_DE_TOEKOMST = "what begins later has not started"
    VOORSTEL_VEROUDERD = "data, models or places changed since the proposal"
    VASTGEZET_ONMOGELIJK = "what people pinned cannot be kept together"
    MODEL_GESTOPT = "people stopped the model that this needs"
    AL_GESTOPT = "the model is stopped there already"
    NIET_GESTOPT = "the model is not stopped there"
    GEEN_ANALIST = "no open account of this name has the role analist"
    NIET_AANGEBODEN = "the version was never offered"
    MODEL_AFGEWEZEN = "the version was refused"
    AL_IN_GEBRUIK = "the version is the champion already"
    TRAINER_ONBEKEND = "nobody knows who trained the version"
    MODEL_ROOD = "the gate says red"
    EVALUATIE_ROOD = "the evaluation found something in chance"
    REDEN_NODIG = "the gate asks for a reason"
    NIET_IN_GEBRUIK = "the version is not the champion"
    GEEN_VORIGE = "there is no earlier champion"
    GEEN_KENMERKEN = "no protected attributes can be read here"


@dataclass
class RefusedError(VangnetError):
    """What was asked does not fit the state that things are in."""

    weigering: Weigering
    data: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return one line for the log."""
        return self.weigering
