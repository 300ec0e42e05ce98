"""`vangnet serve --workers 2`: every worker follows the store, is replaced, and stops in order."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import polars as pl
import pytest

from service.settings import Settings, open_settings
from service.storage.canonical import CanonicalRepository
from service.storage.engine import open_engine, unit_of_work
from service.storage.migrate import migrate
from tests.service.aanmelden.test_workers import free_port
from tests.service.conftest import NAAM, OWN_SITE, WACHTWOORD
from tests.service.mensen import SMALL_IDS, add_account, add_regio, settle
from tests.service.promoveren import promote_new
from tests.service.region import small_region, small_trainings
from tests.service.snapshot.test_stored import run

SEEN_WITHIN = 5.0
"""Seconds in which each worker follows a change, on a machine that does nothing else."""
STOP_SECONDS = 60.0
SUGGESTIES = "/api/v1/jongeren/{}/suggesties"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc").exists(), reason="finds workers in /proc"),
]


@dataclass
class Served:
    """A server of two workers on a small region."""

    settings: Settings
    process: "subprocess.Popen[bytes]"
    address: str
    cookies: httpx2.Cookies

    def workers(self) -> list[int]:
        """Return the process ids of the workers."""
        return [
            int(path.parent.name)
            for path in Path("/proc").glob("[0-9]*/stat")
            if _is_worker(path.parent, self.process.pid)
        ]

    @contextmanager
    def reached(self, worker: int) -> Iterator[httpx2.Client]:
        """Give a connection to one worker, as soon as it takes any."""
        with httpx2.Client(base_url=self.address, cookies=self.cookies, timeout=60) as client:
            while not self._answers(worker, client):
                assert self.process.poll() is None
                time.sleep(1)
            yield client

    def _answers(self, worker: int, client: httpx2.Client) -> bool:
        """Let one worker answer, while the others are held; a worker that starts does not yet."""
        others = set(self.workers()) - {worker}
        for other in others:
            os.kill(other, signal.SIGSTOP)
        try:
            return client.get("/api/v1/gezondheid", timeout=2).status_code == 200
        except httpx2.TimeoutException:
            return False
        finally:
            for other in others:
                os.kill(other, signal.SIGCONT)

    def all_see(self, path: str, is_new: Callable[[Any], bool]) -> float:
        """Return the seconds until each worker gives the new answer."""
        began = time.monotonic()
        with ExitStack() as stack:
            waiting = [stack.enter_context(self.reached(worker)) for worker in self.workers()]
            assert len(waiting) == 2
            while waiting:
                waiting = [one for one in waiting if not is_new(one.get(path).json())]
                assert time.monotonic() - began < SEEN_WITHIN * crowding()
                time.sleep(0.1)
        return time.monotonic() - began


def _is_worker(process: Path, parent: int) -> bool:
    try:
        words = (process / "cmdline").read_text()
        fields = (process / "stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return False
    return int(fields[1]) == parent and "spawn_main" in words and fields[0] != "Z"


def crowding() -> float:
    """Return how many times more work waits than this machine has processors for, at least 1."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("workers")
    settings = make_folder(folder)
    port = free_port()
    program = [sys.executable, "-m", "service.cli", "serve", "--poort", str(port)]
    process = subprocess.Popen(  # noqa: S603  # our own program
        [*program, "--workers", "2"], env=os.environ | {"VANGNET_DATA": str(folder)}
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(process, address)
        form = {"naam": NAAM, "wachtwoord": WACHTWOORD}
        with httpx2.Client(timeout=60) as client:
            answer = client.post(f"{address}/inloggen", data=form, headers=OWN_SITE)
            assert answer.status_code == 303
            yield Served(settings, process, address, client.cookies)
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        finally:
            process.kill()


def wait_for(process: "subprocess.Popen[bytes]", address: str) -> None:
    """Wait until the server answers; as long as it takes, unless it ends."""
    while process.poll() is None:
        try:
            httpx2.get(f"{address}/api/v1/gezondheid", timeout=2)
        except httpx2.HTTPError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"the server ended with {process.returncode}")


def make_folder(folder: Path) -> Settings:
    """Fill a data folder with a small region, its models, and somebody who may see it."""
    settings = open_settings(folder)
    engine = open_engine(settings.database, synchronous="OFF")
    migrate(engine)
    with unit_of_work(engine) as session:
        number = run(session)
        for name, frame in small_region().tables.items():
            CanonicalRepository(session).merge(name, frame, number)
        settle(session, SMALL_IDS)
        add_regio(session)
        add_account(session, NAAM, WACHTWOORD)
    engine.dispose()
    save_models(settings)
    return settings


def save_models(settings: Settings) -> None:
    """Let a newer version of each model score."""
    promote_new(settings, small_trainings())


def widen(settings: Settings) -> tuple[str, int]:
    """Give a place more room by a run, as an import does; return its id and its room."""
    engine = open_engine(settings.database)
    with unit_of_work(engine) as session:
        frame = CanonicalRepository(session).read("leerwerkplek")
        row = frame[4].with_columns(pl.col("capaciteit") + 2)
        CanonicalRepository(session).merge("leerwerkplek", row, run(session))
    engine.dispose()
    return row["leerwerkplek_id"][0], row["capaciteit"][0]


def somebody_with_places(client: httpx2.Client) -> tuple[str, Mapping[str, Any]]:
    """Return a jongere to whom several places fit, and the answer about them."""
    for jongere_id in SMALL_IDS:
        answer = client.get(SUGGESTIES.format(jongere_id))
        if answer.status_code == 200 and len(answer.json()["suggesties"]) >= 5:
            return jongere_id, answer.json()
    raise AssertionError("nobody has places")


def test_an_import_an_edit_and_a_new_model_are_seen_by_every_worker_within_five_seconds(
    served: Served,
) -> None:
    plek, capaciteit = widen(served.settings)
    served.all_see(
        f"/api/v1/leerwerkplekken/{plek}/kandidaten?top=1",
        lambda told: told["leerwerkplek"]["capaciteit"] == capaciteit,
    )

    with served.reached(served.workers()[0]) as client:
        jongere_id, before = somebody_with_places(client)
        today = datetime.now(UTC).date().isoformat()
        wish = {"jongereId": jongere_id, "datum": today, "reistijdMax": 1, "vervoer": ["lopen"]}
        made = client.post("/api/v1/voorkeuren", json=wish, headers=OWN_SITE)
        assert made.status_code == 201, made.text
    path = SUGGESTIES.format(jongere_id)
    served.all_see(path, lambda told: len(told["suggesties"]) < len(before["suggesties"]))

    save_models(served.settings)
    served.all_see(path, lambda told: int(told["modelVersie"]) == int(before["modelVersie"]) + 1)


def test_a_worker_that_dies_is_replaced_and_a_stop_lets_a_request_finish(served: Served) -> None:
    dead, alive = served.workers()
    os.kill(dead, signal.SIGKILL)
    deadline = time.monotonic() + 120
    while len(set(served.workers()) - {dead, alive}) < 1:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    (fresh,) = set(served.workers()) - {dead, alive}

    with served.reached(fresh) as client, ThreadPoolExecutor(1) as beside:
        # nobody can write a line in the audit log, so no answer is given meanwhile
        other = sqlite3.connect(served.settings.data / "vangnet.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        answer = beside.submit(client.get, "/api/v1/jongeren")
        time.sleep(1)
        served.process.send_signal(signal.SIGTERM)
        time.sleep(2)
        assert served.process.poll() is None
        assert not answer.done()
        other.execute("ROLLBACK")
        other.close()
        assert answer.result(60).status_code == 200
    assert served.process.wait(STOP_SECONDS) == 0
