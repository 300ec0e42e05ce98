"""Where the trials of a search stand: a database that several processes and machines share."""

import os
import socket
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from optuna.storages import BaseStorage, RDBStorage

HEARTBEAT_SECONDS, GRACE_SECONDS = 15, 60
"""How often a running trial says that it lives, and after how much silence it is given up."""
LOCK_SECONDS = 60.0
"""Longest wait for another process that writes, on SQLite."""
PROCESS = "proces"
"""Name under which a trial says who runs it."""


@contextmanager
def open_storage(url: str | None) -> "Iterator[BaseStorage | None]":
    """Open the database of the trials, and make its tables; None keeps the trials in memory.

    MLflow and Optuna both keep the number of their own tables in one table (``alembic_version``).
    That of MLflow stays there, so Optuna must not compare it with its own.
    """
    from optuna.exceptions import ExperimentalWarning

    if url is None:
        yield None
        return
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*heartbeat_interval", ExperimentalWarning)
        storage = _storage(url)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", ".*fail_stale_trials", ExperimentalWarning)
            yield storage
    finally:
        storage.remove_session()
        storage.engine.dispose()


def _storage(url: str) -> "RDBStorage":
    from optuna.storages import RDBStorage
    from optuna.trial import FrozenTrial, TrialState, create_trial

    class NamedStorage(RDBStorage):
        """Names who runs a trial in the transaction that makes it: a kill leaves none unnamed."""

        def _create_new_trial(
            self, study_id: int, template_trial: FrozenTrial | None = None
        ) -> FrozenTrial:
            named = create_trial(
                state=TrialState.RUNNING, user_attrs={PROCESS: process_name(os.getpid())}
            )
            return super()._create_new_trial(study_id, template_trial or named)

    return NamedStorage(
        url,
        engine_kwargs={"connect_args": {"timeout": LOCK_SECONDS}}
        if url.startswith("sqlite")
        else {"pool_pre_ping": True},
        skip_compatibility_check=True,
        heartbeat_interval=HEARTBEAT_SECONDS,
        grace_period=GRACE_SECONDS,
    )


def process_name(pid: int) -> str:
    """Return what tells this process from every other of all machines; empty where unknown.

    Linux only: a number is used again, so the moment of its start counts too.
    """
    try:
        space = Path("/proc/self/ns/pid").readlink()
        began = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""
    return f"{socket.gethostname()} {space} {pid} {began}"


def lives(name: str) -> bool:
    """Whether a process lives as far as can be known here; another machine's always does."""
    own = process_name(os.getpid()).split()
    other = name.split()
    if not own or len(other) != len(own) or other[:2] != own[:2]:
        return True
    return process_name(int(other[2])) == name
