"""The published document, and that it tells the truth about login, other sites and refusals."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.api.app import create_api
from service.api.beschrijving import Contact, describe
from service.protection import SAFE_METHODS
from tests.service.api.test_routes import check_problem
from tests.service.conftest import OWN_SITE

CONTACT = Contact("Beheer van Vangnet", "https://vangnet.example/contact", "beheer@vangnet.example")
DOCUMENT = describe(create_api(CONTACT), cookie="vangnet", contact=CONTACT)
Operation = tuple[str, str, dict[str, Any]]
OPERATIONS: list[Operation] = [
    (path, method, operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
]
CLOSED = [one for one in OPERATIONS if one[2].get("security") != []]
"""Operations that ask for a login."""


def ids(operations: list[Operation]) -> list[str]:
    return [f"{method} {path}" for path, method, _ in operations]


each_operation = pytest.mark.parametrize(
    ("path", "method", "operation"), OPERATIONS, ids=ids(OPERATIONS)
)
each_closed = pytest.mark.parametrize(("path", "method", "operation"), CLOSED, ids=ids(CLOSED))


def address(path: str) -> str:
    """Return an address that the path of an operation takes."""
    return "/api/v1" + re.sub(r"\{\w+\}", "1", path)


def resolve(schema: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference within the document."""
    target = DOCUMENT
    for part in schema["$ref"].removeprefix("#/").split("/"):
        target = target[part]
    return target


def parts(value: object) -> Iterator[dict[str, Any]]:
    """Return every object in a JSON value."""
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from parts(part)
    elif isinstance(value, list):
        for part in value:
            yield from parts(part)


def test_publish_openapi_for_everybody_and_every_site(anonymous: TestClient) -> None:
    answer = anonymous.get("/api/v1/openapi.json")

    assert answer.json() == DOCUMENT
    assert answer.headers["access-control-allow-origin"] == "*"


def test_the_document_names_every_way_to_log_in(anonymous: TestClient) -> None:
    published = anonymous.get("/api/v1/openapi.json").json()
    schemes = published["components"]["securitySchemes"]

    assert published["security"] == [{"sessie": []}, {"token": []}]
    assert (schemes["sessie"]["in"], schemes["sessie"]["name"]) == ("cookie", "vangnet")
    assert (schemes["token"]["type"], schemes["token"]["scheme"]) == ("http", "bearer")


def test_only_health_is_open_to_everybody() -> None:
    opened = [path for path, _, operation in OPERATIONS if operation.get("security") == []]

    assert opened == ["/gezondheid", "/gereedheid"]
    assert not any("security" in operation for _, _, operation in CLOSED)


def test_other_routes_are_not_open_to_other_sites(logged_in: TestClient) -> None:
    answer = logged_in.get("/api/v1/jongeren", headers={"Origin": "https://elders.example"})

    assert "access-control-allow-origin" not in answer.headers


@each_closed
def test_without_login_every_operation_is_refused(
    anonymous: TestClient, path: str, method: str, operation: dict[str, Any]
) -> None:
    answer = anonymous.request(method, address(path), headers=OWN_SITE)

    check_problem(answer, 401)
    assert "www-authenticate" in answer.headers


@pytest.mark.parametrize(
    ("path", "method"),
    [(path, method) for path, method, _ in OPERATIONS if method.upper() not in SAFE_METHODS],
)
@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elders.example"}]
)
def test_what_changes_something_is_refused_from_another_site(
    logged_in: TestClient, path: str, method: str, headers: dict[str, str]
) -> None:
    check_problem(logged_in.request(method, address(path), headers=headers), 403)


def test_there_is_something_to_refuse() -> None:
    assert {"get", "post"} <= {method for _, method, _ in OPERATIONS}


@each_operation
def test_every_operation_names_each_refusal_that_its_rules_can_give(
    path: str, method: str, operation: dict[str, Any]
) -> None:
    told = set(operation["responses"])
    headers = {one["name"] for one in operation.get("parameters", []) if one["in"] == "header"}

    assert {"400", "404", "405", "406", "500", "503"} <= told
    assert ("401" in told) == (operation.get("security") != [])
    assert ("304" in told) == (method == "get")
    assert ("415" in told) == ("413" in told) == ("requestBody" in operation)
    assert ("422" in told) == ("Idempotency-Key" in headers)
    assert ("428" in told) == ("If-Match" in headers)
    assert not any("XX" in status for status in told)


@each_operation
def test_every_operation_has_dutch_words_and_a_described_answer(
    path: str, method: str, operation: dict[str, Any]
) -> None:
    assert operation["summary"]
    assert operation["description"]
    successes = [answer for status, answer in operation["responses"].items() if status[0] == "2"]
    assert successes
    for success in successes:
        assert "Success" not in success["description"]
        for kind, content in success.get("content", {}).items():
            assert kind != "application/json" or resolve(content["schema"])


def test_every_schema_shows_an_example_or_refers_to_one() -> None:
    for name, schema in DOCUMENT["components"]["schemas"].items():
        for key, found in schema.get("properties", {}).items():
            plain = found.get("type") in {"string", "integer", "number"}
            listed = plain and ("enum" in found or "contentMediaType" in found)
            assert not plain or listed or found.get("examples"), f"{name}.{key}"


def test_no_schema_of_a_kandidaat_can_hold_a_risk() -> None:
    schema = DOCUMENT["components"]["schemas"]["KandidaatOut"]

    assert not any("risico" in key.lower() for key in schema["properties"])
