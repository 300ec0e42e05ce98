"""A real server of the small region as a process, that can be killed and started again."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import fastexcel
import httpx2
import polars as pl

from service.settings import open_settings
from service.storage import unit_of_work
from tests.databases import open_migrated
from tests.service.mensen import add_account, add_regio
from tests.service.promoveren import promote_new
from tests.service.region import small_region, small_trainings
from tests.service.storage.imports import merge_all

WACHTWOORD = "een lang en goed wachtwoord"
START_SECONDS = 120.0
TOLD = 2000
"""Characters of what a process told, when it did not do what was asked."""
OWN_SITE = {"Sec-Fetch-Site": "same-origin"}


class Server:
    """`vangnet serve` on a data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._log = data.with_suffix(".log")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def fill(self, names: list[str]) -> None:
        """Store the region, models of it, and accounts."""
        settings = open_settings(self.data)
        engine = open_migrated(settings.database)
        with unit_of_work(engine) as session:
            merge_all(session, small_region().tables)
            gemeenten = small_region().tables["jongere"]["gemeente"].drop_nulls().unique()
            add_regio(session, gemeenten=gemeenten.sort())
            for name in names:
                add_account(session, name, WACHTWOORD)
        engine.dispose()
        promote_new(settings, small_trainings())

    def start(self) -> None:
        """Start, and return when it answers."""
        self._process = self._vangnet("serve", "--poort", str(self.port))
        self.wait_until_it_answers()

    def wait_until_it_answers(self) -> None:
        """Return when it answers; AssertionError with what it told when it ended instead."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            assert self._process is None or self._process.poll() is None, self._told()
            try:
                if httpx2.get(f"{self.address}/inloggen").status_code == 200:
                    return
            except httpx2.HTTPError:
                time.sleep(0.1)
        raise TimeoutError(self._told())

    def kill(self) -> None:
        """Take the process away without a word, as a power cut does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    @contextmanager
    def log_in(self, naam: str) -> Iterator[httpx2.Client]:
        """Give a client of somebody who is logged in."""
        with httpx2.Client(base_url=self.address, headers=OWN_SITE, timeout=20.0) as client:
            answer = client.post("/inloggen", data={"naam": naam, "wachtwoord": WACHTWOORD})
            assert answer.status_code == 303
            yield client

    def _vangnet(self, *words: str) -> subprocess.Popen[bytes]:
        quick = "import models.training as made; made.THOROUGH = made.QUICK"
        program = f"{quick}; from service.cli import main; main()"
        command = [sys.executable, "-c", program, "--data", str(self.data), *words]
        with self._log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603  # our own program
                command, stdout=log, stderr=subprocess.STDOUT, env=dict(os.environ)
            )

    def _told(self) -> str:
        """Return the end of what the processes told; empty where they told it elsewhere."""
        if not self._log.exists():
            return ""
        return self._log.read_text(encoding="utf-8")[-TOLD:]


def read_sheet(content: bytes) -> pl.DataFrame:
    """Return the rows of the minutes as a sheet."""
    return fastexcel.read_excel(content).load_sheet(0).to_polars()
