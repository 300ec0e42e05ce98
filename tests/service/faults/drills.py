"""Taking the power away at random moments, and looking what is left (TRUST R4, R5).

Each drill runs real processes of ours and kills them with SIGKILL; it returns what happened, and
raises `AssertionError` when anything is half, lost or double. The tests do a few kills;
``experiments/kill_drill.py`` does fifty of each.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import sqlalchemy as sa
from sqlalchemy import Engine

from service.outbox.berichten import Soort, enqueue
from service.settings import Settings
from service.storage.bericht import BerichtRepository, Status
from service.storage.engine import open_engine, unit_of_work
from service.storage.tables import CANONICAL, IDENTITEIT_TABLE, IMPORT_ID, IMPORTRUN
from tests.service.outbox.mailbox import Mailbox

PATIENCE = 120.0
BEGIN = "begin"

IMPORT = """
import os, sys
from pathlib import Path
from service.importing.run import import_paths
from service.storage.engine import open_engine
for _ in sys.stdin:  # a new process for every line, that need not read all modules again
    child = os.fork()
    if not child:
        print(os.getpid(), flush=True)
        engine = open_engine(sys.argv[1])
        report = import_paths([Path(sys.argv[2])], engine=engine, key=b"k" * 43)
        os._exit(report.problems.height)
    print(-os.waitpid(child, 0)[1], flush=True)
"""
SEND = """
import sys
from pathlib import Path
from service.outbox.loop import mail_server
from service.outbox.sending import send_due
from service.settings import open_settings
from service.storage.engine import open_engine
settings = open_settings(Path(sys.argv[1]))
engine, server = open_engine(settings.database), mail_server(settings)
print("begin", flush=True)
send_due(engine, server)
"""
State = Mapping[str, list[str]]


@dataclass(frozen=True)
class Drill:
    """How many processes were killed, how often that hit them at work, and how long it took."""

    kills: int
    midway: int
    seconds: float


def start(program: str, *words: object, **environment: str) -> "subprocess.Popen[str]":
    """Start a program of ours and return when it is about to do its work."""
    process = subprocess.Popen(  # noqa: S603  # our own program
        [sys.executable, "-c", program, *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=dict(os.environ) | environment,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if line.strip() == BEGIN:
            break
    return process


def finish(process: "subprocess.Popen[str]") -> float:
    """Let a process do its work, and return how long that took."""
    began = time.perf_counter()
    process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    return time.perf_counter() - began


def kill_after(process: "subprocess.Popen[str]", seconds: float) -> bool:
    """Take a process away after some time; return whether it was still at work."""
    try:
        process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
    return process.returncode < 0


class Importer:
    """Starts imports, each in a process of its own."""

    def __init__(self, url: str, folder: Path) -> None:
        self._parent = subprocess.Popen(  # noqa: S603  # our own program
            [sys.executable, "-c", IMPORT, url, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def run(self, *, kill_after: float | None = None) -> tuple[bool, float]:
        """Import; return whether it was killed at work, and how long it took."""
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        self._parent.stdin.write("go\n")
        self._parent.stdin.flush()
        child = int(self._parent.stdout.readline())
        began = time.perf_counter()
        if kill_after is not None:
            time.sleep(kill_after)
            with suppress(ProcessLookupError):  # it was done already
                os.kill(child, signal.SIGKILL)
        status = -int(self._parent.stdout.readline())
        assert status in (0, signal.SIGKILL)
        return status == signal.SIGKILL, time.perf_counter() - began

    def close(self) -> None:
        """End the process from which they start."""
        self._parent.communicate()


def kill_imports(
    settings: Settings, folder: Path, *, kills: int, rng: Random, renew: Callable[[], None]
) -> Drill:
    """Kill an import again and again; every time the store holds all of it or nothing.

    Parameters
    ----------
    settings : Settings
        Of a data folder with an empty store.
    folder : Path
        Files to import.
    kills : int
        How many processes to kill.
    rng : Random
        Draws the moments.
    renew : callable
        Empties the store again.
    """
    began = time.perf_counter()
    importer = Importer(settings.database, folder)
    before = stored(settings)
    _, takes = importer.run()
    after = stored(settings)
    assert before != after
    renew()
    midway = 0
    for _ in range(kills):
        hit, _ = importer.run(kill_after=rng.uniform(0, takes))
        midway += hit
        wait_until_gone(settings)
        found = stored(settings)
        assert found in (before, after)
        if found == after:
            renew()
    importer.run()
    assert stored(settings) == after
    importer.close()
    return Drill(kills, midway, time.perf_counter() - began)


def kill_senders(
    settings: Settings, mailbox: Mailbox, *, notices: int, kills: int, rng: Random
) -> Drill:
    """Kill the sender again and again; every notice arrives, copies under one Message-ID.

    The mailbox should be slow enough that the sender is not done before it is killed.
    """
    began = time.perf_counter()
    engine = open_engine(settings.database)
    with unit_of_work(engine) as session:
        for number in range(notices):
            enqueue(session, Soort.ALARM, sleutel=f"{number}", op=datetime.now(UTC))
    environment = database(settings) | mailbox.environment(timeout=0.2)
    midway = 0
    for _ in range(kills):
        process = start(SEND, settings.data, **environment)
        midway += kill_after(process, rng.uniform(0, notices * mailbox.slow / kills * 2))
    mailbox.slow = 0.0
    while not _all_sent(engine):
        finish(start(SEND, settings.data, **environment))
        time.sleep(0.2)
    with unit_of_work(engine, read_only=True) as session:
        told = {one.message_id for one in BerichtRepository(session).list(Status.VERZONDEN)}
    engine.dispose()
    assert {one.strip("<>").partition("@")[0] for one in mailbox.message_ids} == told
    assert len(told) == notices
    return Drill(kills, midway, time.perf_counter() - began)


def _all_sent(engine: Engine) -> bool:
    with unit_of_work(engine, read_only=True) as session:
        return not BerichtRepository(session).counts()[Status.WACHT]


def stored(settings: Settings) -> State:
    """Return all that an import writes, without the moments at which it did."""
    engine = open_engine(settings.database)
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA quick_check").scalar_one() == "ok"
        tables = [*CANONICAL.values(), IDENTITEIT_TABLE]
        columns = {
            table.name: [one for one in table.c if one.name != IMPORT_ID] for table in tables
        }
        columns["importrun"] = [IMPORTRUN.c[name] for name in ("bestand", "sha256", "tellingen")]
        found = {
            name: sorted(repr(tuple(row)) for row in connection.execute(sa.select(*wanted)))
            for name, wanted in columns.items()
        }
    engine.dispose()
    return found


def database(settings: Settings) -> dict[str, str]:
    """Return the setting of the database for a process."""
    return {} if settings.database_url is None else {"VANGNET_DATABASE_URL": settings.database}


def recreate(url: str, template: str) -> None:
    """Replace a database of PostgreSQL by a copy of another one."""
    address = sa.make_url(url)
    server = sa.create_engine(address.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {address.database} WITH (FORCE)")
        connection.exec_driver_sql(f"CREATE DATABASE {address.database} TEMPLATE {template}")
    server.dispose()


def wait_until_gone(settings: Settings) -> None:
    """Wait until the server has seen that a client died: until then it may still commit."""
    if settings.database.startswith("sqlite"):
        return
    engine = open_engine(settings.database)
    others = sa.text(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    deadline = time.monotonic() + PATIENCE
    with engine.connect() as connection:
        while connection.execute(others).scalar_one() and time.monotonic() < deadline:
            connection.rollback()
            time.sleep(0.02)
    engine.dispose()
