import json
import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from service.api.app import create_api
from service.app import create_app
from service.logs import configure_logs, get_log
from tests.service.conftest import make_settings
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


def test_every_route_about_people_asks_who_it_is(anonymous: TestClient) -> None:
    open_paths = {"/", "/inloggen", "/uitloggen", "/zo-werkt-het", "/openapi.json"}
    paths = {route.path for route in create_api().routes if isinstance(route, APIRoute)}
    site = [path for path in ("/jongeren", "/jongeren/{jongere_id}") if path not in open_paths]

    for path in [*site, *(f"/api/v1{path}" for path in paths - open_paths)]:
        answer = anonymous.get(re.sub(r"\{\w+\}", "J1", path))
        assert answer.status_code in {303, 401}, path


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
