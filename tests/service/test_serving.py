"""Several workers on one address: they count together, and believe no header of a stranger."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from uvicorn import Config

from service.aanmelden.limits import ATTEMPTS
from service.bewaking.metrics import SHARED
from service.serving import COUNTS, open_socket, run_server
from service.settings import open_settings
from service.storage import migrate, open_engine
from tests.service.aanmelden.test_workers import free_port, wait_for
from tests.service.conftest import OWN_SITE

TOKEN = "een-token-voor-prometheus"  # noqa: S105  # made up
COUNTED = 'vangnet_requests_total{method="GET",route="/inloggen",status="200"}'
START = """
import sys
from service.bewaking.metrics import SHARED
from service.serving import run_server
from service.settings import open_settings
if __name__ == "__main__":
    run_server(open_settings(), port=int(sys.argv[1]), workers=2)
"""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve an empty region by two workers, as `vangnet serve --workers 2` does."""
    engine = open_engine(open_settings(folder / "regio").database)
    migrate(engine)
    engine.dispose()
    program, port = folder / "begin.py", free_port()
    program.write_text(START, encoding="utf-8")
    process = subprocess.Popen(  # noqa: S603  # our own program
        [sys.executable, str(program), str(port)],
        env=os.environ | {"VANGNET_DATA": str(folder / "regio"), "VANGNET_METRICS_TOKEN": TOKEN},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(address)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def counted(address: str) -> float:
    """Return how many times the login page was shown, by whichever worker answers."""
    told = httpx2.get(f"{address}/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
    return sum(float(one.split()[-1]) for one in told.splitlines() if one.startswith(COUNTED))


@pytest.mark.parametrize("workers", [1, 2])
def test_headers_of_strangers_are_not_believed_and_only_several_workers_share_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    asked: dict[str, Any] = {}
    monkeypatch.setenv("VANGNET_DATA", str(tmp_path))
    monkeypatch.setenv(SHARED, "")
    monkeypatch.delenv(SHARED)
    monkeypatch.setattr("uvicorn.run", lambda _, **options: asked.update(options))
    monkeypatch.setattr("service.serving._run_workers", lambda config: asked.update(vars(config)))
    monkeypatch.setattr("service.serving.align_models", lambda _: None)
    monkeypatch.setattr("service.serving.app_of", lambda _: None)
    settings = open_settings(tmp_path)
    engine = open_engine(settings.database)
    migrate(engine)
    engine.dispose()
    folder = settings.data / COUNTS
    folder.mkdir()
    (folder / "counter_1.db").touch()

    run_server(settings, port=free_port(), workers=workers)

    assert asked["proxy_headers"] is False
    assert (os.environ.get(SHARED) == str(folder)) is (workers > 1)
    assert [one.name for one in folder.iterdir()] == ([] if workers > 1 else ["counter_1.db"])


@pytest.mark.slow
def test_workers_count_together_and_believe_no_stranger_about_who_asks(tmp_path: Path) -> None:
    with serving(tmp_path) as address:
        begun = counted(address)
        for _ in range(12):
            assert httpx2.get(f"{address}/inloggen").status_code == 200
        assert {counted(address) for _ in range(8)} == {begun + 12}
        assert list((tmp_path / "regio" / COUNTS).glob("counter_*.db"))

        answers = [
            httpx2.post(
                f"{address}/inloggen",
                data={"naam": f"iemand{number}", "wachtwoord": "zomaar een wachtwoord"},
                headers=OWN_SITE | {"X-Forwarded-For": f"203.0.113.{number}"},
            ).status_code
            for number in range(ATTEMPTS + 1)
        ]
    assert answers[-1] == 429
    assert 429 not in answers[:-1]


def test_an_answer_does_not_wait_until_its_head_was_confirmed() -> None:
    with open_socket(Config("service.serving:open_app", port=0)) as opened:
        opened.listen()
        with socket.create_connection(opened.getsockname()), opened.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
