"""Numbers for Prometheus: only for who has the token, by route, over all workers."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import Engine

from service.app import create_app
from service.audit.alarm import CONTROLE
from service.bewaking.metrics import CHECKED
from service.storage import unit_of_work
from service.storage.controlestand import ControlestandRepository
from tests.databases import open_migrated
from tests.service.conftest import make_settings
from tests.service.fakes import FakeRegio

TOKEN = "een-token-voor-prometheus"  # noqa: S105  # made up
BEARER = {"Authorization": f"Bearer {TOKEN}"}
WORKER = """
import sys
from service.bewaking.metrics import count_request
for _ in range(int(sys.argv[1])):
    count_request("GET", "/api/v1/jongeren", 200, 0.02)
"""
TOTAL = 'vangnet_requests_total{method="GET",route="/api/v1/jongeren",status="200"}'


def serve(folder: Path, token: str | None) -> Iterator[TestClient]:
    secret = None if token is None else SecretStr(token)
    settings = make_settings(folder).model_copy(update={"metrics_token": secret})
    engine = open_migrated(settings.database)
    engine.dispose()
    with TestClient(create_app(settings, load_regio=FakeRegio)) as client:
        yield client


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    yield from serve(tmp_path, TOKEN)


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[TestClient]:
    yield from serve(tmp_path, None)


def value(text: str, name: str) -> float:
    return sum(float(line.split()[-1]) for line in text.splitlines() if line.startswith(name))


def test_requests_are_counted_by_route_and_never_by_address(client: TestClient) -> None:
    name = 'vangnet_requests_total{method="GET",route="/api/v1/stages/{stageId}",status="401"}'
    before = value(client.get("/metrics", headers=BEARER).text, name)
    for number in range(3):
        client.get(f"/api/v1/stages/geheim-{number}?zoek=iemand")
    told = client.get("/metrics", headers=BEARER).text

    assert value(told, name) == before + 3
    assert "geheim" not in told
    assert "iemand" not in told
    assert value(told, "vangnet_request_seconds_count") > 0


def test_unknown_addresses_and_methods_make_no_new_lines(client: TestClient) -> None:
    for number in range(5):
        client.request(f"RAAR{number}", f"/nergens/{number}")
    told = client.get("/metrics", headers=BEARER).text

    assert "RAAR" not in told
    assert "nergens" not in told
    assert value(told, 'vangnet_requests_total{method="anders"') >= 5


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer fout"}, {"Authorization": f"Basic {TOKEN}"}]
)
def test_without_the_token_there_is_nothing(client: TestClient, headers: dict[str, str]) -> None:
    assert client.get("/metrics", headers=headers).status_code == 404


def test_the_moment_of_the_last_good_check_of_the_log_is_told(client: TestClient) -> None:
    before = client.get("/metrics", headers=BEARER).text
    moment = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
    engine: Engine = client.app_state["installation"].engine
    with unit_of_work(engine) as session:
        ControlestandRepository(session).set(CONTROLE, moment)
    after = client.get("/metrics", headers=BEARER).text

    assert f"\n{CHECKED} " not in before
    assert value(after, f"{CHECKED} ") == moment.timestamp()


def test_without_a_token_in_the_settings_nobody_gets_numbers(closed: TestClient) -> None:
    assert closed.get("/metrics", headers=BEARER).status_code == 404
    assert closed.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_workers_count_together(tmp_path: Path) -> None:
    begin = (
        "import os; import subprocess; import sys; "
        "folder = sys.argv[1]; os.mkdir(folder); "
        "os.environ['PROMETHEUS_MULTIPROC_DIR'] = folder; "
        "other = subprocess.Popen([sys.executable, '-c', sys.argv[2], '3']); "
        "sys.argv = ['', '4', sys.argv[2]]; exec(sys.argv[2]); "
        "assert other.wait() == 0; "
        "from service.bewaking.metrics import exposition; "
        "print(exposition().decode())"
    )
    command = [sys.executable, "-c", begin, str(tmp_path / "samen"), WORKER]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603  # our own program

    assert value(told, TOTAL) == 7
