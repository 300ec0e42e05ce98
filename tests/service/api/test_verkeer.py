"""What HTTP asks of every address: HEAD, OPTIONS, conditional reading, kinds of content."""

import pytest
from fastapi.testclient import TestClient

from service.rechten.begrippen import Rol
from tests.service.api.conftest import Service
from tests.service.api.test_leerwerkplekken import NIEUW
from tests.service.api.test_routes import check_problem

READS = (
    "/api/v1/jongeren",
    "/api/v1/jongeren/J1",
    "/api/v1/leerwerkplekken",
    "/api/v1/leerwerkplekken/P1",
    "/api/v1/stages",
    "/api/v1/gezondheid",
    "/api/v1/openapi.json",
)
PLEKKEN = "/api/v1/leerwerkplekken"


@pytest.mark.parametrize("path", READS)
def test_head_tells_what_get_tells_without_its_body(coach: TestClient, path: str) -> None:
    get, head = coach.get(path), coach.head(path)

    assert head.status_code == get.status_code == 200
    assert head.content == b""
    for name in ("content-type", "content-length", "etag", "api-version"):
        assert head.headers[name] == get.headers[name]


@pytest.mark.parametrize("path", READS)
def test_who_has_the_answer_already_gets_no_second_copy(coach: TestClient, path: str) -> None:
    etag = coach.get(path).headers["etag"]
    for seen in (etag, f'"iets", {etag}', f"W/{etag}", "*"):
        again = coach.get(path, headers={"If-None-Match": seen})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
    assert coach.get(path, headers={"If-None-Match": '"iets anders"'}).status_code == 200


def test_an_answer_that_changed_is_told_again(coach: TestClient) -> None:
    etag = coach.get(PLEKKEN).headers["etag"]
    assert coach.post(PLEKKEN, json=NIEUW).status_code == 201

    assert coach.get(PLEKKEN, headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        (PLEKKEN, "GET, HEAD, OPTIONS, POST"),
        (f"{PLEKKEN}/P1", "GET, HEAD, OPTIONS, PATCH, PUT"),
        ("/api/v1/gezondheid", "GET, HEAD, OPTIONS"),
    ],
)
def test_options_and_a_refusal_tell_every_method(
    coach: TestClient, path: str, methods: str
) -> None:
    told = coach.options(path)

    assert (told.status_code, told.headers["allow"]) == (204, methods)
    refused = coach.request("DELETE", path)
    check_problem(refused, 405)
    assert refused.headers["allow"] == methods


def test_options_of_what_is_not_there_is_not_found(coach: TestClient) -> None:
    check_problem(coach.options("/api/v1/onbekend"), 404)


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_the_document_may_be_read_from_every_site(coach: TestClient, method: str) -> None:
    answer = coach.request(method, "/api/v1/openapi.json", headers={"Origin": "https://x.example"})

    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in coach.request(method, PLEKKEN).headers


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data", ""])
def test_a_body_of_another_kind_is_refused(coach: TestClient, kind: str) -> None:
    headers = {"Content-Type": kind} if kind else {}
    check_problem(coach.post(PLEKKEN, content=b'{"titel": 1}', headers=headers), 415)


def test_a_charset_or_capitals_are_no_other_kind(coach: TestClient) -> None:
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    check_problem(coach.post(PLEKKEN, content=b"{}", headers=headers), 400)


def test_too_large_a_body_is_a_problem(coach: TestClient) -> None:
    wanted = NIEUW | {"titel": "x" * 1_100_000}
    check_problem(coach.post(PLEKKEN, json=wanted), 413)


@pytest.mark.parametrize("path", ["/api/v1/jongeren/J1/uitvalrisico", "/api/v1/stages"])
def test_who_may_not_see_is_told_the_same_by_head(service: Service, path: str) -> None:
    stranger = service.log_in(Rol.LEERBEDRIJF)

    assert stranger.head(path).status_code == stranger.get(path).status_code == 403
