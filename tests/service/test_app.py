import json
import time
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from models.errors import AlteredModelError
from service.app import create_app
from service.logs import configure_logs, get_log
from tests.service.conftest import NAAM, OWN_SITE, WACHTWOORD, make_app, make_settings
from tests.service.fakes import FakeRegio

HEADERS = (
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "cross-origin-opener-policy",
)


def test_making_the_app_opens_nothing(tmp_path: Path) -> None:
    create_app(make_settings(tmp_path), load_regio=FakeRegio)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "path",
    [
        "/inloggen",
        "/static/vangnet.css",
        "/bestaat-niet",
        "/api/v1/jongeren",
        "/api/v1/openapi.json",
    ],
)
def test_every_answer_carries_the_safe_headers(anonymous: TestClient, path: str) -> None:
    headers = anonymous.get(path).headers

    assert all(name in headers for name in HEADERS)
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", ["/jongeren", "/jongeren/J1", "/leerwerkplekken/P1"])
def test_every_page_about_people_asks_who_it_is(anonymous: TestClient, path: str) -> None:
    assert anonymous.get(path).status_code == 303


def test_a_request_line_holds_no_name_and_no_search_term(
    logged_in: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    configure_logs(production=True)
    try:
        logged_in.get("/jongeren?zoek=Geheimenaam")
        logged_in.get("/jongeren/J1?naam=Geheimenaam")
        lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    finally:
        configure_logs(production=False)

    assert [line["event"] for line in lines] == ["request", "request"]
    assert lines[1]["route"] == "/jongeren/{jongere_id}"
    assert "geheimenaam" not in json.dumps(lines).lower()


def test_in_production_a_log_line_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(production=True)
    try:
        get_log("test").info("model_promoted", version="3")
        line = json.loads(capsys.readouterr().err)
    finally:
        configure_logs(production=False)

    assert (line["event"], line["version"], line["level"]) == ("model_promoted", "3", "info")


def test_a_body_that_is_too_large_is_refused(anonymous: TestClient, app: FastAPI) -> None:
    answer = anonymous.post(
        "/inloggen",
        data={"naam": "x" * 2_000_000},
        headers={"Sec-Fetch-Site": "same-origin"},
    )

    assert answer.status_code == 413
    assert app.title == "Vangnet"


def log_in(client: TestClient) -> TestClient:
    client.post("/inloggen", data={"naam": NAAM, "wachtwoord": WACHTWOORD}, headers=OWN_SITE)
    return client


def test_a_running_service_shows_what_another_process_imported(tmp_path: Path) -> None:
    data = [3]
    app = make_app(
        make_settings(tmp_path),
        lambda: FakeRegio(n_jongeren=data[0]),
        regio_stamp=lambda: data[0],
        renew_seconds=0.01,
    )

    with TestClient(app) as client:
        log_in(client)
        data[0] = 4
        deadline = time.monotonic() + 10
        while client.get("/api/v1/jongeren").json()["totaal"] != 4:
            assert time.monotonic() < deadline


def test_a_region_that_cannot_be_renewed_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    looks: list[int] = []

    def stamp() -> int:
        looks.append(1)
        if len(looks) > 1:
            raise RuntimeError
        return 1

    app = make_app(make_settings(tmp_path), FakeRegio, regio_stamp=stamp, renew_seconds=0.01)

    with TestClient(app) as client:
        while len(looks) < 4:
            time.sleep(0.01)
        assert log_in(client).get("/api/v1/jongeren").status_code == 200
    assert "regio_not_renewed" in capsys.readouterr().err


def test_a_model_that_was_altered_does_not_stop_the_service_but_is_told(tmp_path: Path) -> None:
    def load() -> FakeRegio:
        raise AlteredModelError("plaatsing", "1", "aa", "bb")

    with TestClient(make_app(make_settings(tmp_path), load)) as client:
        log_in(client)
        answers = [client.get(path) for path in ("/jongeren", "/api/v1/jongeren")]

    assert [answer.status_code for answer in answers] == [503, 503]
    assert all("plaatsing zijn veranderd" in answer.text for answer in answers)


def test_an_address_of_the_api_with_a_line_break_is_answered_by_the_api(
    logged_in: TestClient,
) -> None:
    answer = logged_in.get("/api/v1/jongeren/a%0Ab/uitvalrisico")

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
