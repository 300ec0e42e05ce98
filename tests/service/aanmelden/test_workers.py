"""The limits hold over worker processes and after a restart, for the store counts (TRUST S9)."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from service.aanmelden.limits import ATTEMPTS, EXPORTS
from tests.service.conftest import NAAM, OWN_SITE, WACHTWOORD, make_app, make_settings
from tests.service.fakes import FakeRegio

START_SECONDS = 240.0
AT_ONCE = 16


@contextmanager
def running(data: Path, port: int) -> Iterator[str]:
    """Run four workers, and give their address."""
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "tests.service.aanmelden.workers", str(data), str(port)]
    process = subprocess.Popen(  # noqa: S603  # our own program
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    pids = [int(pid) for pid in process.stdout.readline().split()]
    try:
        assert len(pids) == 4
        wait_for(address)
        yield address
    finally:
        for pid in [*pids, process.pid]:
            os.kill(pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()


def wait_for(address: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            if httpx2.get(f"{address}/inloggen", timeout=30.0).status_code == 200:
                return
        except httpx2.HTTPError:
            time.sleep(0.1)
    raise TimeoutError(address)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def guess(address: str, naam: str, wachtwoord: str) -> int:
    """Try a password on a connection of its own; return the status."""
    form = {"naam": naam, "wachtwoord": wachtwoord}
    with httpx2.Client(timeout=60.0) as client:
        return client.post(f"{address}/inloggen", data=form, headers=OWN_SITE).status_code


def download(address: str, cookie: str) -> int:
    with httpx2.Client(timeout=60.0, cookies={"vangnet": cookie}) as client:
        return client.get(f"{address}/api/v1/matchtafels/1/notulen").status_code


@pytest.mark.slow
def test_five_guesses_and_ten_downloads_hold_over_four_processes_and_a_restart(
    tmp_path: Path,
) -> None:
    make_app(make_settings(tmp_path), FakeRegio)
    port = free_port()
    with running(tmp_path, port) as address, ThreadPoolExecutor(AT_ONCE) as pool:
        form = {"naam": NAAM, "wachtwoord": WACHTWOORD}
        with httpx2.Client(timeout=60.0) as client:
            client.post(f"{address}/inloggen", data=form, headers=OWN_SITE)
            cookie = client.cookies["vangnet"]
        loads = [*pool.map(lambda _: download(address, cookie), range(AT_ONCE))]
        guesses = [*pool.map(lambda _: guess(address, NAAM, "fout"), range(AT_ONCE))]
    with running(tmp_path, port) as address:
        after = guess(address, NAAM, WACHTWOORD), download(address, cookie)

    assert sorted(set(guesses)) == [400, 429]
    assert guesses.count(400) == ATTEMPTS
    assert loads.count(429) == AT_ONCE - EXPORTS
    assert after == (429, 429)
