"""The NLgov REST API Design Rules, read over the published document.

The rules and their names are those of the linter of Logius (API-Design-Rules, media/linter.yaml).
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.api.app import create_api, describe
from service.protection import SAFE_METHODS
from tests.service.api.test_routes import check_problem
from tests.service.conftest import OWN_SITE

DOCUMENT = describe(create_api(), cookie="vangnet")
Operation = tuple[str, str, dict[str, Any]]
OPERATIONS: list[Operation] = [
    (path, method, operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
]
IDS = [f"{method} {path}" for path, method, _ in OPERATIONS]
each_operation = pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS, ids=IDS)


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


def test_the_document_names_the_cookie_that_opens_every_route(anonymous: TestClient) -> None:
    published = anonymous.get("/api/v1/openapi.json").json()
    schemes = published["components"]["securitySchemes"]

    assert published["security"] == [{"sessie": []}, {"token": []}]
    assert (schemes["sessie"]["in"], schemes["sessie"]["name"]) == ("cookie", "vangnet")
    assert (schemes["token"]["type"], schemes["token"]["scheme"]) == ("http", "bearer")
    assert not any("security" in operation for _, _, operation in OPERATIONS)


def test_other_routes_are_not_open_to_other_sites(logged_in: TestClient) -> None:
    answer = logged_in.get("/api/v1/jongeren", headers={"Origin": "https://elders.example"})

    assert "access-control-allow-origin" not in answer.headers


@each_operation
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


def test_doc_openapi_version_3() -> None:
    assert re.fullmatch(r"3(\.\d+){1,2}", DOCUMENT["openapi"])


def test_doc_openapi_contact() -> None:
    assert {"name", "email", "url"} <= set(DOCUMENT["info"]["contact"])


def test_semver() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", DOCUMENT["info"]["version"])


def test_uri_version() -> None:
    assert all(re.search(r"/v\d+$", server["url"]) for server in DOCUMENT["servers"])


@each_operation
def test_paths_are_kebab_case_without_slash_at_the_end(
    path: str, method: str, operation: dict[str, Any]
) -> None:
    assert re.fullmatch(r"(/([a-z0-9-]+|\{[a-z][A-Za-z]*\}))+", path)
    assert method in {"get", "post", "put", "patch", "delete"}
    assert operation["tags"]


def test_operation_ids_are_unique() -> None:
    names = [operation["operationId"] for _, _, operation in OPERATIONS]

    assert len(names) == len(set(names))


@each_operation
def test_query_keys_are_camel_case_and_described(
    path: str, method: str, operation: dict[str, Any]
) -> None:
    for parameter in operation.get("parameters", []):
        assert re.fullmatch(r"[a-z][a-z\d]*([A-Z][a-z\d]*)*", parameter["name"])
        assert parameter.get("description")
    for name in re.findall(r"\{(\w+)\}", path):
        assert name in [p["name"] for p in operation["parameters"] if p["in"] == "path"]


@each_operation
def test_version_header_on_every_answer(path: str, method: str, operation: dict[str, Any]) -> None:
    for status, answer in operation["responses"].items():
        assert "API-Version" in answer["headers"], status


@each_operation
def test_errors_are_problem_details_and_422_does_not_occur(
    path: str, method: str, operation: dict[str, Any]
) -> None:
    assert {"400", "401", "404"} <= set(operation["responses"])
    assert "422" not in operation["responses"]
    for status, answer in operation["responses"].items():
        if status.startswith(("4", "5")):
            schema = resolve(answer["content"]["application/problem+json"]["schema"])
            assert {"status", "title", "detail"} <= set(schema["properties"])


@each_operation
def test_every_operation_has_dutch_words_and_a_described_answer(
    path: str, method: str, operation: dict[str, Any]
) -> None:
    assert operation["summary"]
    assert operation["description"]
    (success,) = [answer for status, answer in operation["responses"].items() if status[0] == "2"]
    assert success["description"]
    for kind, content in success.get("content", {}).items():
        assert kind != "application/json" or resolve(content["schema"])


def test_every_reference_leads_somewhere() -> None:
    references = [part for part in parts(DOCUMENT) if isinstance(part.get("$ref"), str)]

    assert references
    assert all(resolve(part) for part in references)


def test_every_property_is_camel_case_and_every_date_says_so() -> None:
    for name, schema in DOCUMENT["components"]["schemas"].items():
        assert re.fullmatch(r"[A-Z][A-Za-z]*", name)
        for key, found in schema.get("properties", {}).items():
            assert re.fullmatch(r"[a-z][a-z\d]*([A-Z][a-z\d]*)*", key)
            if key.lower().endswith("datum"):
                assert found["format"] == "date"


def test_every_schema_shows_an_example_or_refers_to_one() -> None:
    for name, schema in DOCUMENT["components"]["schemas"].items():
        for key, found in schema.get("properties", {}).items():
            plain = found.get("type") in {"string", "integer", "number"}
            assert not plain or found.get("examples"), f"{name}.{key}"


def test_no_schema_of_a_kandidaat_can_hold_a_risk() -> None:
    schema = DOCUMENT["components"]["schemas"]["KandidaatOut"]

    assert not any("risico" in key.lower() for key in schema["properties"])
