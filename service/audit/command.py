"""The trace of a command: as with a request, its line is stored before anything is handed out."""

import getpass
import os
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

import polars as pl
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from service.audit.opening import open_log
from service.audit.spoor import CURRENT, Gebeurd, Spoor
from service.errors import NotRecordedError, StoreError, VangnetError
from service.rechten.begrippen import Doel
from service.settings import Settings
from service.storage.engine import JOURNAL, open_engine, unit_of_work
from service.storage.migrate import check_migrated

JONGERE_ID = "jongere_id"
ACCOUNT = "systeem:opdrachtregel"
"""Whom the log names for work that no account of Vangnet asked for; the OS user comes with it."""
GOOD, BAD = 200, 500
"""How a command ended, in the terms of `Spoor.close`."""


class CommandSpoor(Spoor):
    """The trace of a command, which opens the store itself when a line must be written.

    Parameters
    ----------
    actie : str
        Name of the command, without its arguments.
    settings : Settings
        Of the data folder.
    """

    __slots__ = ("_settings",)

    def __init__(self, actie: str, settings: Settings) -> None:
        super().__init__(
            f"vangnet {actie}",
            oorsprong=f"opdrachtregel op {socket.gethostname()}",
            writer=_LateLog(settings),
        )
        self._settings = settings
        self.actor = f"{ACCOUNT} {_os_user()}"
        self.doel = Doel.SYSTEEM.value

    def record(self, status: int) -> None:
        """Store what is not stored yet.

        Raises
        ------
        StoreError, NotRecordedError
            It cannot be stored now.
        """
        happened = self.close(status)
        if happened is None:
            return
        engine = open_engine(self._settings.database)
        try:
            check_migrated(engine)
            with unit_of_work(engine, traced=False) as session:
                open_log(engine, self._settings).write(session, [happened])
        except DBAPIError as error:  # the store works, but refuses this line
            raise NotRecordedError from error
        finally:
            engine.dispose()
        self.stored(happened)

    def record_now(self) -> None:
        """Store the line before anything is handed out; StoreError as `record`."""
        self.record(GOOD)


class _LateLog:
    """Writes lines of changes through the session that makes them."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def write(self, session: Session, found: Iterable[Gebeurd]) -> None:
        engine = session.get_bind().engine
        open_log(engine, self._settings).write(session, found)


@contextmanager
def traced(settings: Settings, actie: str) -> Iterator[CommandSpoor]:
    """Give a command its trace; every change inside gets its line in the same transaction.

    Raises
    ------
    StoreError
        The command did its work, but its line could not be stored.
    """
    spoor = CommandSpoor(actie, settings)
    tokens = CURRENT.set(spoor), JOURNAL.set(spoor)
    try:
        yield spoor
    except StoreError:
        raise  # there is no store to write to
    except BaseException as error:
        with suppress(VangnetError):  # why the command failed matters more
            spoor.record(GOOD if _ended_well(error) else BAD)
        raise
    else:
        spoor.record(GOOD)
    finally:
        CURRENT.reset(tokens[0])
        JOURNAL.reset(tokens[1])


def record_before_output(frame: pl.DataFrame | None = None) -> None:
    """Store the line of the command that runs, if one does, about everybody in what it hands out.

    Raises
    ------
    StoreError, NotRecordedError
        It cannot be stored, so nothing may be handed out (TRUST A4).
    """
    spoor = CURRENT.get()
    if isinstance(spoor, CommandSpoor):
        if frame is not None and JONGERE_ID in frame.columns:
            spoor.about(*frame[JONGERE_ID].unique(maintain_order=True))
        spoor.record_now()


def _ended_well(error: BaseException) -> bool:
    """Whether a command stopped by itself: Typer raises to end one with code 0."""
    return getattr(error, "exit_code", None) == 0


def _os_user() -> str:
    """Return the name of the OS user who runs this, not what the environment says of it."""
    try:
        import pwd
    except ImportError:  # not on this system
        return getpass.getuser()
    return pwd.getpwuid(os.getuid()).pw_name
