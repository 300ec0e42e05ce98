"""The NLgov REST API Design Rules 2.2, rule by rule, over the published document and the service.

Rules and names are those of Logius (API-Design-Rules, sections/designRules.md and
media/linter.yaml). `RULES` holds every rule of the standard; a rule without a test says why.
"""

import json
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from service.api.beschrijving import API_VERSION
from tests.service.api.test_openapi import CLOSED, DOCUMENT, OPERATIONS, address, parts, resolve
from tests.service.api.test_routes import check_problem

CAMEL = re.compile(r"[a-z][a-z\d]*([A-Z][a-z\d]*)*")
PASCAL = re.compile(r"[A-Z][A-Za-z]*")
SEGMENT = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*|\{[a-z][A-Za-z]*\}")
SEMVER = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
STANDARD_METHODS = {"get", "post", "put", "patch", "delete"}
SINGULAR = {"gezondheid", "gereedheid", "uitvalrisico", "toelichting"}
"""Resources of which there is one; all other segments are collections."""
PLURALS = ("en", "s")
VERBS = re.compile(r"(zoek|lees|maak|voeg|wijzig|neem|sluit|open|haal|stuur|get|create|update)")
DUTCH = re.compile(r"\b(de|het|een|van|of|wat|wie|met|om|op|in|voor|naar|is|er|jongere)\b")
ENGLISH = re.compile(r"student|company|placement|match$|list|item|page|user|Name$|^name$")
ROOT = Path(__file__).parents[3]
Rule = Callable[[TestClient, TestClient], None]


def naming_resources(_: TestClient, __: TestClient) -> None:
    for path in DOCUMENT["paths"]:
        for segment in fixed_segments(path):
            assert not VERBS.match(segment), path


def naming_collections(_: TestClient, __: TestClient) -> None:
    for path in DOCUMENT["paths"]:
        for segment in fixed_segments(path):
            assert segment in SINGULAR or segment.endswith(PLURALS), path


def interface_language(_: TestClient, __: TestClient) -> None:
    for name, schema in DOCUMENT["components"]["schemas"].items():
        assert not ENGLISH.search(name), name
        for key in schema.get("properties", {}):
            # links and problem details have their names from RFC 8288 and RFC 9457
            assert name in {"Links", "Problem"} or not ENGLISH.search(key), f"{name}.{key}"


def no_trailing_slash(_: TestClient, client: TestClient) -> None:
    for path, method, _operation in OPERATIONS:
        assert not path.endswith("/")
        check_problem(client.request(method, address(path) + "/"), 404)


def hide_implementation(_: TestClient, client: TestClient) -> None:
    answer = client.get("/api/v1/jongeren?pagina=nul")
    told = json.dumps([DOCUMENT, dict(answer.headers), answer.json()]).lower()
    for word in ("fastapi", "pydantic", "sqlalchemy", "uvicorn", "traceback", "lightgbm"):
        assert word not in told


def date_time(_: TestClient, __: TestClient) -> None:
    for name, schema in DOCUMENT["components"]["schemas"].items():
        for key, found in schema.get("properties", {}).items():
            shapes = [found, *found.get("anyOf", [])]
            formats = {one["format"] for one in shapes if "format" in one}
            assert not formats & {"time", "date-time-local"}
            if key.lower().endswith(("datum", "bekendop")):
                assert formats == {"date"}, f"{name}.{key}"
            if key == "tijdstip":
                assert formats == {"date-time"}, f"{name}.{key}"


def http_methods(_: TestClient, client: TestClient) -> None:
    assert {method for _, method, _ in OPERATIONS} <= STANDARD_METHODS
    refused = client.request("COPY", "/api/v1/jongeren")
    check_problem(refused, 405)
    assert refused.headers["allow"] == "GET, HEAD, OPTIONS"


def http_safety(_: TestClient, __: TestClient) -> None:
    for path, method, operation in OPERATIONS:
        assert not (method in {"get", "delete"} and "requestBody" in operation), path


def http_response_code(_: TestClient, __: TestClient) -> None:
    for path, method, operation in OPERATIONS:
        made = method == "post" and not path.endswith("/verkenningen")
        assert ("201" in operation["responses"]) == made, path
        assert ("204" in operation["responses"]) == (method == "delete"), path


def stateless(anonymous: TestClient, client: TestClient) -> None:
    before = client.get("/api/v1/jongeren?pagina=2").json()
    client.get("/api/v1/jongeren?pagina=5")
    assert client.get("/api/v1/jongeren?pagina=2").json() == before


def nested_child(_: TestClient, __: TestClient) -> None:
    for path in DOCUMENT["paths"]:
        segments = path.strip("/").split("/")
        for parent, child in pairwise(segments):
            # a name below a name would be a child without its parent
            assert parent.startswith("{") or child.startswith("{"), path


def resource_operations(_: TestClient, __: TestClient) -> None:
    for path in DOCUMENT["paths"]:
        assert not re.search(r"/(_\w+|acties?|actions?)(/|$)", path)


def doc_openapi(_: TestClient, __: TestClient) -> None:
    assert re.fullmatch(r"3(\.\d+){1,2}", DOCUMENT["openapi"])
    names = [operation["operationId"] for _path, _method, operation in OPERATIONS]
    assert len(names) == len(set(names))
    references = [part for part in parts(DOCUMENT) if isinstance(part.get("$ref"), str)]
    assert references
    assert all(resolve(part) for part in references)
    for path, _method, operation in OPERATIONS:
        told = {one["name"] for one in operation.get("parameters", []) if one["in"] == "path"}
        assert told == set(re.findall(r"\{(\w+)\}", path))
        assert operation["tags"]


def doc_openapi_contact(_: TestClient, __: TestClient) -> None:
    assert {"name", "email", "url"} <= set(DOCUMENT["info"]["contact"])


def doc_language(_: TestClient, __: TestClient) -> None:
    for path, method, operation in OPERATIONS:
        for words in (operation["summary"], operation["description"]):
            assert words[0].isupper() or words[0] == "É", f"{method} {path}"
        assert DUTCH.search(operation["summary"] + " " + operation["description"]), path
        for parameter in operation.get("parameters", []):
            assert parameter["description"]
        for status, answer in operation["responses"].items():
            assert not re.search(r"\b(the|error|response|not)\b", answer["description"]), status


def publish_openapi(anonymous: TestClient, _: TestClient) -> None:
    answer = anonymous.get("/api/v1/openapi.json")
    assert answer.json()["paths"]
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["access-control-allow-origin"] == "*"


def deprecation_schedule(_: TestClient, __: TestClient) -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    for path, method, operation in OPERATIONS:
        if operation.get("deprecated"):
            assert f"`{method.upper()} {path}`" in changelog


def uri_version(_: TestClient, __: TestClient) -> None:
    assert all(re.search(r"/v\d+$", server["url"]) for server in DOCUMENT["servers"])


def changelog(_: TestClient, __: TestClient) -> None:
    assert "\n### API\n" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def semver(_: TestClient, __: TestClient) -> None:
    assert SEMVER.fullmatch(DOCUMENT["info"]["version"])


def version_header(anonymous: TestClient, client: TestClient) -> None:
    for answer in (
        client.get("/api/v1/jongeren"),
        client.get("/api/v1/onbekend"),
        client.options("/api/v1/jongeren"),
        anonymous.get("/api/v1/jongeren"),
        anonymous.get("/api/v1/gezondheid"),
    ):
        assert answer.headers["api-version"] == API_VERSION == DOCUMENT["info"]["version"]
    for _path, _method, operation in OPERATIONS:
        assert all("API-Version" in answer["headers"] for answer in operation["responses"].values())


def security_headers(_: TestClient, client: TestClient) -> None:
    for path in ("/api/v1/jongeren", "/api/v1/onbekend"):
        headers = client.get(path).headers
        assert headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def cors(_: TestClient, client: TestClient) -> None:
    answer = client.get("/api/v1/jongeren", headers={"Origin": "https://elders.example"})
    assert "access-control-allow-origin" not in answer.headers


def no_sensitive_uris(_: TestClient, __: TestClient) -> None:
    for _path, _method, operation in OPERATIONS:
        asked = {one["name"].lower() for one in operation.get("parameters", [])}
        assert not asked & {"bsn", "onderwijsnummer", "naam van jongere", "wachtwoord", "token"}


def error_handling_problem_details(_: TestClient, __: TestClient) -> None:
    for _path, _method, operation in OPERATIONS:
        for status, answer in operation["responses"].items():
            if status.startswith(("4", "5")):
                schema = resolve(answer["content"]["application/problem+json"]["schema"])
                assert {"status", "title", "detail"} <= set(schema["required"])


def error_handling_invalid_input(_: TestClient, client: TestClient) -> None:
    for _path, _method, operation in OPERATIONS:
        assert "400" in operation["responses"]
    errors = check_problem(client.get("/api/v1/jongeren?pagina=nul&kleur=rood"), 400)["errors"]
    assert len(errors) == 2  # type: ignore[arg-type]  # a list


def path_segments_kebab_case(_: TestClient, __: TestClient) -> None:
    for path in DOCUMENT["paths"]:
        assert all(SEGMENT.fullmatch(one) for one in path.strip("/").split("/")), path


def query_keys_camel_case(_: TestClient, __: TestClient) -> None:
    for _path, _method, operation in OPERATIONS:
        for parameter in operation.get("parameters", []):
            assert parameter["in"] == "header" or CAMEL.fullmatch(parameter["name"])


def schema_and_property_case(_: TestClient, __: TestClient) -> None:
    for name, schema in DOCUMENT["components"]["schemas"].items():
        # the body of a form gets its name from the framework
        assert PASCAL.fullmatch(name) or name.startswith("Body_"), name
        assert all(CAMEL.fullmatch(key) for key in schema.get("properties", {})), name


def content_types(_: TestClient, client: TestClient) -> None:
    for path, method, operation in OPERATIONS:
        kinds = set(operation.get("requestBody", {}).get("content", {}))
        assert kinds <= {"application/json", "multipart/form-data"}, f"{method} {path}"
    check_problem(client.get("/api/v1/jongeren", headers={"Accept": "application/xml"}), 406)


NOT_TESTED = {
    "/core/transport/tls": "TLS ends at the proxy in front; production asks secure cookies, HSTS",
    "/core/transition-period": "there is one major version",
    "/core/geospatial": "no coordinates are given",
}
RULES: dict[str, Rule] = {
    "/core/naming-resources": naming_resources,
    "/core/naming-collections": naming_collections,
    "/core/interface-language": interface_language,
    "/core/no-trailing-slash": no_trailing_slash,
    "/core/hide-implementation": hide_implementation,
    "/core/date-time": date_time,
    "/core/http-methods": http_methods,
    "/core/http-safety": http_safety,
    "/core/http-response-code": http_response_code,
    "/core/stateless": stateless,
    "/core/nested-child": nested_child,
    "/core/resource-operations": resource_operations,
    "/core/doc-openapi": doc_openapi,
    "/core/doc-openapi-contact": doc_openapi_contact,
    "/core/doc-language": doc_language,
    "/core/publish-openapi": publish_openapi,
    "/core/deprecation-schedule": deprecation_schedule,
    "/core/uri-version": uri_version,
    "/core/changelog": changelog,
    "/core/semver": semver,
    "/core/version-header": version_header,
    "/core/transport/security-headers": security_headers,
    "/core/transport/cors": cors,
    "/core/transport/no-sensitive-uris": no_sensitive_uris,
    "/core/error-handling/problem-details": error_handling_problem_details,
    "/core/error-handling/invalid-input": error_handling_invalid_input,
    "/core/path-segments-kebab-case": path_segments_kebab_case,
    "/core/query-keys-camel-case": query_keys_camel_case,
    "schema and property case (linter)": schema_and_property_case,
    "validate content types (section 2.8)": content_types,
}


def fixed_segments(path: str) -> list[str]:
    """Return the parts of a path that are names."""
    return [one for one in path.strip("/").split("/") if not one.startswith("{")]


@pytest.mark.parametrize("name", RULES)
def test_the_api_keeps_every_design_rule(
    anonymous: TestClient, logged_in: TestClient, name: str
) -> None:
    RULES[name](anonymous, logged_in)


def test_no_rule_is_both_kept_and_left_out() -> None:
    assert not RULES.keys() & NOT_TESTED.keys()
    assert CLOSED
