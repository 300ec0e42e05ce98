import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from service.storage.alone import alone
from tests.conftest import PostgresServer

HOLDS = """
import sys
from service.storage.alone import alone

with alone(sys.argv[1]):
    print("binnen", flush=True)
    sys.stdin.readline()
"""
MOMENT = 0.3
"""Seconds in which who need not wait is in."""


@pytest.fixture(params=["sqlite", pytest.param("server", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'mlflow.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.create()
    yield url
    server.drop(url)


@pytest.mark.parametrize("killed", [False, True])
def test_who_comes_second_waits_until_the_first_is_done_or_dead(url: str, killed: bool) -> None:
    entered = Event()

    def enter() -> None:
        with alone(url):
            entered.set()

    second = Thread(target=enter)
    with subprocess.Popen(  # noqa: S603  # our own
        [sys.executable, "-c", HOLDS, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "binnen\n"
        second.start()
        assert not entered.wait(MOMENT)
        if killed:
            first.kill()
        else:
            first.communicate("klaar\n")
        second.join(30)

    assert entered.is_set()
    with alone(url):  # and it lets go
        pass
