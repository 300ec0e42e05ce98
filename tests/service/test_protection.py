"""What every route must do, over the route table: origin check and headers (TRUST S5, S10)."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from service.dependencies import require
from service.protection import SAFE_METHODS
from service.rechten.begrippen import Handeling
from tests.service.conftest import NAAM, OWN_SITE, WACHTWOORD, make_app, make_settings
from tests.service.fakes import FakeRegio
from tests.service.rechten.wereld import routes_of

OTHERS = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
    {"Origin": "http://sub.testserver"},
    {"Origin": "https://elders.example"},
    {"Origin": "null"},
    {},
]
TOKEN = "vangnet_niet-bestaand"  # noqa: S105  # no token at all


@pytest.fixture(scope="module")
def table(app: FastAPI) -> list[tuple[str, str]]:
    found = [(one.method, re.sub(r"\{\w+(:\w+)?\}", "1", one.path)) for one in routes_of(app)]
    assert ("POST", "/inloggen") in found
    assert ("GET", "/api/v1/jongeren") in found
    return found


@pytest.fixture(scope="module")
def unsafe(table: list[tuple[str, str]]) -> list[tuple[str, str]]:
    found = [(method, path) for method, path in table if method not in SAFE_METHODS]
    assert len(found) > 30
    return found


def test_no_unsafe_route_takes_anything_from_another_site_or_a_sibling(
    logged_in: TestClient, unsafe: list[tuple[str, str]]
) -> None:
    answers = {
        (method, path, str(headers)): logged_in.request(method, path, headers=headers).status_code
        for method, path in unsafe
        for headers in OTHERS
    }

    assert {key: status for key, status in answers.items() if status != 403} == {}
    assert logged_in.get("/jongeren").status_code == 200


def test_a_token_without_cookie_needs_no_origin_but_one_beside_a_cookie_does(
    anonymous: TestClient, logged_in: TestClient, unsafe: list[tuple[str, str]]
) -> None:
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    for method, path in unsafe:
        if path.startswith("/api/"):
            assert anonymous.request(method, path, headers=bearer).status_code == 401, path
        assert logged_in.request(method, path, headers=bearer).status_code == 403, path


def test_every_answer_has_the_headers_and_nothing_personal_is_kept(
    logged_in: TestClient, table: list[tuple[str, str]]
) -> None:
    own = {"Sec-Fetch-Site": "cross-site"}
    paths = [*table, ("GET", "/bestaat-niet"), ("GET", "/api/v1/bestaat-niet")]
    for method, path in paths:
        if path.endswith("/gebeurtenissen"):
            continue  # a stream that stays open; its headers come from the same place
        answer = logged_in.request(method, path, headers=own)
        check_headers(answer.headers, path)


def check_headers(headers: Mapping[str, str], path: str) -> None:
    csp = headers["content-security-policy"]
    assert "default-src 'self'" in csp, path
    assert "frame-ancestors 'none'" in csp, path
    assert "unsafe" not in csp, path
    assert "data:" not in csp, path
    assert "*" not in csp, path
    assert headers["x-content-type-options"] == "nosniff", path
    assert headers["referrer-policy"] == "same-origin", path
    assert "camera=()" in headers["permissions-policy"], path
    assert headers["cross-origin-opener-policy"] == "same-origin", path
    assert headers["cache-control"] == "no-store", path


def test_over_https_every_page_says_to_stay_there(tmp_path: Path) -> None:
    app = make_app(make_settings(tmp_path, secure_cookies=True), FakeRegio)
    with TestClient(app, base_url="https://testserver", follow_redirects=False) as client:
        for path in ("/inloggen", "/jongeren", "/api/v1/jongeren", "/static/vangnet.css"):
            assert client.get(path).headers["strict-transport-security"] == "max-age=31536000"


def test_an_unforeseen_failure_has_every_header_too(tmp_path: Path) -> None:
    regio = FakeRegio()
    app = make_app(make_settings(tmp_path, secure_cookies=True), lambda: regio)

    @app.get("/stuk", dependencies=[require(Handeling.OPENBAAR)])
    def fail() -> None:
        raise RuntimeError

    with TestClient(app, base_url="https://testserver", raise_server_exceptions=False) as client:
        answer = client.get("/stuk")
        client.post("/inloggen", data={"naam": NAAM, "wachtwoord": WACHTWOORD}, headers=OWN_SITE)
        regio.failure = RuntimeError()
        of_api = client.get("/api/v1/jongeren")

    for path, found in (("/stuk", answer), ("/api/v1/jongeren", of_api)):
        assert found.status_code == 500, path
        check_headers(found.headers, path)
        assert found.headers["strict-transport-security"] == "max-age=31536000", path


def test_over_http_nothing_is_said_of_https(anonymous: TestClient) -> None:
    assert "strict-transport-security" not in anonymous.get("/inloggen").headers


def test_assets_may_be_kept_after_asking(anonymous: TestClient) -> None:
    assert anonymous.get("/static/vangnet.css").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    ("trusted", "sent", "counted"),
    [
        ("", "192.0.2.9", "testclient"),
        ("testclient", "192.0.2.9", "192.0.2.9"),
        ("testclient", "198.51.100.1, 192.0.2.9", "192.0.2.9"),
        ("203.0.113.0/24", "192.0.2.9", "testclient"),
    ],
)
def test_the_address_of_a_proxy_is_believed_only_when_it_is_ours(
    tmp_path: Path, trusted: str, sent: str, counted: str
) -> None:
    settings = make_settings(tmp_path).model_copy(update={"trusted_proxies": trusted})
    app = make_app(settings, FakeRegio)
    seen: list[str] = []

    @app.get("/adres", dependencies=[require(Handeling.OPENBAAR)])
    def show(request: Request) -> None:
        seen.append(request.client.host if request.client else "")

    with TestClient(app) as client:
        client.get("/adres", headers={"X-Forwarded-For": sent})
    assert seen == [counted]
