"""Which fields the API gives to each role (TRUST S7).

A field is named here on purpose: who adds one to an answer, sees which roles get it, and says so by
``python -m tests.service.rechten.test_fields``, which writes `KNOWN` anew.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.api.app import create_api
from service.api.beschrijving import Contact
from service.api.problems import API_PATH
from service.rechten.begrippen import Rol
from service.rechten.matrix import allowed_doelen
from tests.service.rechten.wereld import Route, make_app_of_nothing, routes_of

APP = make_app_of_nothing(Path(mkdtemp()))
KNOWN = Path(__file__).parents[2] / "golden" / "velden_per_rol.json"
"""The fields of each role, in alphabetical order."""
ABOUT_A_SCORE = ("kans", "risico", "laag", "hoog", "verhogend", "verlagend", "verzuim", "urgentie")
"""Parts of the names of fields that tell how somebody was scored."""


@pytest.fixture(scope="module")
def document(anonymous: TestClient) -> Mapping[str, Any]:
    found: dict[str, Any] = anonymous.get(f"{API_PATH}/openapi.json").json()
    return found


def operations(document: Mapping[str, Any], rol: Rol) -> Iterator[tuple[Route, Mapping[str, Any]]]:
    """Yield every operation of the API that a role may use."""
    for route in routes_of(APP):
        item = document["paths"].get(route.path.removeprefix(API_PATH), {})
        operation = item.get(route.method.lower())
        if route.path.startswith(API_PATH) and operation and _may(rol, route):
            yield route, operation


def _may(rol: Rol, route: Route) -> bool:
    return any(allowed_doelen([rol], handeling) for handeling in route.handelingen)


def fields(document: Mapping[str, Any], rol: Rol) -> set[str]:
    """Return the name of every field in every answer that a role may get."""
    found: set[str] = set()
    for _, operation in operations(document, rol):
        for status, answer in operation["responses"].items():
            if status.startswith("2"):
                found |= set(_names(answer, document, set()))
    return found


def _names(part: object, document: Mapping[str, Any], done: set[str]) -> Iterator[str]:
    if isinstance(part, list):
        for one in part:
            yield from _names(one, document, done)
    if not isinstance(part, dict):
        return
    target = part.get("$ref", "")
    if target and target not in done:
        done.add(target)
        schema = document["components"]["schemas"][target.rsplit("/", 1)[1]]
        yield from schema.get("properties", {})
        yield from _names(schema, document, done)
    for name, one in part.items():
        if name not in {"examples", "example", "headers"}:
            yield from _names(one, document, done)


def test_a_leerbedrijf_gets_no_field_that_tells_of_a_score(document: Mapping[str, Any]) -> None:
    found = fields(document, Rol.LEERBEDRIJF)

    assert found
    assert [one for one in found if any(word in one.lower() for word in ABOUT_A_SCORE)] == []


def test_what_a_leerbedrijf_gets_of_a_jongere_is_what_was_released(
    document: Mapping[str, Any],
) -> None:
    about = {
        route.path.removeprefix(API_PATH)
        for route, operation in operations(document, Rol.LEERBEDRIJF)
        if "jongereId" in str(operation["responses"]) + str(set(_names(operation, document, set())))
    }

    assert about == {"/profielen", "/profielen/{jongereId}"}


@pytest.mark.parametrize("rol", [Rol.ANALIST, Rol.BEHEERDER])
def test_who_only_counts_or_manages_gets_no_field_of_a_jongere(
    document: Mapping[str, Any], rol: Rol
) -> None:
    shown = {
        route.path.removeprefix(API_PATH)
        for route, operation in operations(document, rol)
        if {"jongereId", "jongere", "jongeren"} & set(_names(operation, document, set()))
    }

    assert shown == set()


@pytest.mark.parametrize("rol", Rol)
def test_a_role_gets_these_fields_and_no_other(document: Mapping[str, Any], rol: Rol) -> None:
    known = json.loads(KNOWN.read_text(encoding="utf-8"))

    assert sorted(fields(document, rol)) == known[rol]


def test_the_fields_of_a_profile_are_these(document: Mapping[str, Any]) -> None:
    schemas = document["components"]["schemas"]

    assert set(schemas["ProfielOut"]["properties"]) == {
        "jongereId",
        "naam",
        "opleiding",
        "urenMin",
        "urenMax",
        "sectoren",
        "vaardigheden",
    }
    assert set(schemas["ProfielVaardigheidOut"]["properties"]) == {"titel", "niveau", "gemeten"}


def test_a_role_that_guides_does_get_scores(document: Mapping[str, Any]) -> None:
    found = fields(document, Rol.LOOPBAANCOACH)

    assert {"kans", "verhogend", "jongereId"} <= found


def write_known() -> None:
    """Write down which fields each role gets now."""
    document = create_api(Contact("", "", "")).openapi()
    known = {rol.value: sorted(fields(document, rol)) for rol in Rol}
    KNOWN.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_known()
