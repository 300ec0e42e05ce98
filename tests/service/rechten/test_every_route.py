"""Every route x role x purpose x foreign region and organisation, from the matrix (TRUST P2, S6).

Nothing here names a route: all come from the route table, so a new route is tested from its first
day, and one that does not say what it does fails.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from service.api.problems import API_PATH
from service.api.voorkeuren import id_of
from service.dependencies import DOEL_HEADER
from service.errors import NotAllowedError
from service.rechten.begrippen import Actor, Doel, Handeling, Rol
from service.rechten.matrix import MATRIX, allowed_doelen
from service.rechten.toegang import grant
from service.web.beginnen import first_screen
from service.web.forms import START
from tests.service.rechten.wereld import (
    ANDER_BEDRIJF,
    FOREIGN,
    TODAY,
    Route,
    Tafel,
    Wereld,
    make_app_of_nothing,
    make_wereld,
    routes_of,
)

ROUTES = tuple(routes_of(make_app_of_nothing(Path(mkdtemp()))))
GUARDED = tuple(
    route
    for route in ROUTES
    if not {Handeling.OPENBAAR, Handeling.EIGEN_ACCOUNT} & {*route.handelingen}
)
STREAM = "/gebeurtenissen"
"""Stays open for minutes once it is allowed; asked only for what may not be seen."""
NOBODY = 404
REFUSED = 403
NOT_LOGGED_IN = 401
PDF = "application/pdf"
SERVER_FAILED = 500
UNKNOWN = "X999"
UNKNOWN_NUMBER = 2_000_000
OWN_SITE = {"Sec-Fetch-Site": "same-origin", "Accept": "*/*"}


@pytest.fixture(scope="module")
def wereld(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wereld]:
    made = make_wereld(tmp_path_factory.mktemp("wereld"))
    yield made
    made.engine.dispose()


@pytest.fixture(scope="module")
def client(wereld: Wereld) -> Iterator[TestClient]:
    with TestClient(wereld.app, follow_redirects=False, raise_server_exceptions=False) as made:
        yield made


@pytest.fixture(scope="module")
def document(client: TestClient) -> Mapping[str, Any]:
    found: dict[str, Any] = client.get(f"{API_PATH}/openapi.json").json()
    return found


def ids(tafel: Tafel, jongere: str, plek: str) -> dict[str, str]:
    """Return the value of every name of an id, in paths, queries and bodies."""
    known = {
        "jongere_id": jongere,
        "leerwerkplek_id": plek,
        "tafel_id": tafel.id,
        "matchtafel_id": tafel.id,
        "punt_id": tafel.punt,
        "punt": tafel.punt,
        "agendapunt_id": tafel.punt,
        "besluit_id": tafel.besluit,
        "opvolging_id": tafel.opvolging,
        "wens_id": tafel.wens,
        "eigenaar_id": tafel.eigenaar,
        "stage_id": f"S-{jongere}",
        "voorkeur_id": id_of(jongere, TODAY),
    }
    named = {name: str(value) for name, value in known.items()}
    return named | {_camel(name): value for name, value in named.items()}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)


class Caller:
    """Sends a request to any route, with values that fit what the route asks."""

    def __init__(
        self,
        client: TestClient,
        wereld: Wereld,
        document: Mapping[str, Any],
        values: dict[str, str],
    ) -> None:
        self._client = client
        self._wereld = wereld
        self._document = document
        self._values = values

    def call(self, route: Route, rol: Rol, **headers: str) -> Response:
        """Return the answer to somebody with one role who has just logged in."""
        self._client.cookies.clear()
        operation = self._operation(route)
        sent: dict[str, Any] = {"json": self._body(operation)} if operation else {"data": {}}
        if route.method in {"GET", "HEAD", "DELETE"}:
            sent = {}
        return self._client.request(
            route.method,
            self._address(route, operation),
            headers={
                **OWN_SITE,
                "Idempotency-Key": uuid4().hex,
                "If-Match": '"1"',
                "Cookie": "; ".join(f"{k}={v}" for k, v in self._wereld.enter(rol).items()),
                **{name.replace("_", "-"): value for name, value in headers.items()},
            },
            **sent,
        )

    def _operation(self, route: Route) -> Mapping[str, Any]:
        path = route.path.removeprefix(API_PATH)
        item = self._document["paths"].get(path, {}) if path != route.path else {}
        found: Mapping[str, Any] = item.get(route.method.lower(), {})
        return found

    def _address(self, route: Route, operation: Mapping[str, Any]) -> str:
        path = re.sub(
            r"\{(\w+)(?::\w+)?\}", lambda name: self._values.get(name[1], "1"), route.path
        )
        asked = {
            one["name"]: self._values.get(one["name"], "1")
            for one in operation.get("parameters", ())
            if one["in"] == "query" and (one.get("required") or one["name"] in self._values)
        }
        if path.endswith("/anders"):
            asked["punt"] = self._values["punt"]
        query = "&".join(f"{name}={value}" for name, value in asked.items())
        return f"{path}?{query}" if query else path

    def _body(self, operation: Mapping[str, Any]) -> object:
        content = operation.get("requestBody", {}).get("content", {})
        schema = content.get("application/json", {}).get("schema")
        return None if schema is None else self._example(schema, "")

    def _example(self, schema: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401  # JSON
        if name in self._values:
            value = self._values[name]
            return int(value) if schema.get("type") == "integer" else value
        if "$ref" in schema:
            target = self._document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
            return self._example(target, name)
        for word in ("examples", "enum"):
            if word in schema:
                return schema[word][0]
        if "const" in schema or "default" in schema:
            return schema.get("const", schema.get("default"))
        if "anyOf" in schema:
            return self._example(schema["anyOf"][0], name)
        if schema.get("type") == "object":
            return {
                one: self._example(part, one)
                for one, part in schema.get("properties", {}).items()
                if one in schema.get("required", ()) or one in self._values
            }
        return [] if schema.get("type") == "array" else "onbekend"


@pytest.fixture(scope="module")
def own(client: TestClient, wereld: Wereld, document: Mapping[str, Any]) -> Caller:
    return Caller(client, wereld, document, ids(wereld.eigen, "J1", "P1"))


@pytest.fixture(scope="module")
def foreign(client: TestClient, wereld: Wereld, document: Mapping[str, Any]) -> Caller:
    return Caller(client, wereld, document, ids(wereld.ander, "J50", "P2"))


@pytest.fixture(scope="module")
def unknown(client: TestClient, wereld: Wereld, document: Mapping[str, Any]) -> Caller:
    nowhere = Tafel(*(UNKNOWN_NUMBER for _ in range(6)))
    return Caller(client, wereld, document, ids(nowhere, UNKNOWN, UNKNOWN))


def test_there_are_routes_to_test() -> None:
    assert len(GUARDED) > 60
    assert len({str(route) for route in ROUTES}) == len(ROUTES)


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_every_route_says_exactly_once_what_it_does(route: Route) -> None:
    assert len(route.handelingen) == 1


@pytest.mark.parametrize("route", GUARDED, ids=str)
def test_every_guarded_route_is_for_somebody(route: Route) -> None:
    assert any(route.handeling in allowed for allowed in MATRIX.values())


@pytest.mark.parametrize("route", GUARDED, ids=str)
def test_a_right_is_granted_for_a_purpose_exactly_where_the_matrix_has_it(route: Route) -> None:
    for rol, doel in product(Rol, Doel):
        actor = Actor(1, "iemand", (rol,))
        expected = route.handeling in MATRIX.get((rol, doel), ())
        try:
            granted = grant(actor, route.handeling, named=doel)
        except NotAllowedError:
            assert not expected
        else:
            assert expected
            assert (granted.doel, granted.handeling) == (doel, route.handeling)


@pytest.mark.parametrize("rol", Rol)
def test_every_route_lets_a_role_in_or_refuses_it_as_the_matrix_says(own: Caller, rol: Rol) -> None:
    wrong = []
    for route in GUARDED:
        if route.path.endswith(STREAM):
            continue
        answer = own.call(route, rol)
        allowed = bool(allowed_doelen([rol], route.handeling))
        fine = is_refused(answer, route, rol) is not allowed
        if not fine or answer.status_code == NOT_LOGGED_IN or answer.status_code >= SERVER_FAILED:
            wrong.append(f"{route}: {answer.status_code}, allowed {allowed}")
        # the compressed bytes of a document hold any short word by chance
        readable = "" if answer.headers.get("content-type") == PDF else answer.text
        if FOREIGN.search(readable):
            wrong.append(f"{route}: shows {FOREIGN.findall(readable)[:3]} of another region")
    assert wrong == []


@pytest.mark.parametrize("rol", Rol)
def test_a_purpose_that_the_role_does_not_have_is_refused_on_every_route(
    own: Caller, rol: Rol
) -> None:
    wrong = []
    for number, route in enumerate(GUARDED):
        allowed = allowed_doelen([rol], route.handeling)
        if not allowed or route.path.endswith(STREAM):
            continue
        others = [doel for doel in Doel if doel not in allowed]
        named = others[number % len(others)]
        answer = own.call(route, rol, **{DOEL_HEADER.replace("-", "_"): named})
        if answer.status_code != REFUSED:
            wrong.append(f"{route} for {named}: {answer.status_code}")
    assert wrong == []


@pytest.mark.parametrize("rol", Rol)
def test_what_lies_in_another_region_is_to_everybody_as_if_it_did_not_exist(
    foreign: Caller, unknown: Caller, rol: Rol
) -> None:
    wrong = []
    for route in GUARDED:
        if not allowed_doelen([rol], route.handeling) or not about_a_row(route, rol):
            continue
        answer, nothing = foreign.call(route, rol), unknown.call(route, rol)
        if answer.status_code != nothing.status_code:
            wrong.append(f"{route}: {answer.status_code}, unknown {nothing.status_code}")
        if route.method == "GET" and answer.status_code != NOBODY:
            wrong.append(f"{route}: {answer.status_code}")
    assert wrong == []


def is_refused(answer: Response, route: Route, rol: Rol) -> bool:
    """Whether somebody was kept out; from the first screen one is led to the first of one's own."""
    led_away = route.path == START and answer.headers.get("location") == first_screen(
        Actor(0, "", (rol,))
    )
    return led_away or answer.status_code == REFUSED


PERSONAL = re.compile(
    r"\{(jongere_id|jongereId|tafel_id|matchtafelId|punt_id|besluitId|opvolging_id|opvolgingId"
    r"|wens_id|wensId|stageId|voorkeurId)\}"
)
PLACE = re.compile(r"\{(leerwerkplek_id|leerwerkplekId)\}")


def about_a_row(route: Route, rol: Rol) -> bool:
    """Whether an address names somebody, or what is somebody's; a place is only a leerbedrijf's."""
    return bool(
        PERSONAL.search(route.path) or (rol is Rol.LEERBEDRIJF and PLACE.search(route.path))
    )


def test_a_leerbedrijf_sees_a_profile_only_when_jongere_and_coach_released_it_to_it(
    client: TestClient, wereld: Wereld
) -> None:
    cookies = wereld.enter(Rol.LEERBEDRIJF)
    header = {"Cookie": "; ".join(f"{k}={v}" for k, v in cookies.items())}

    def status(jongere: str) -> int:
        client.cookies.clear()
        return client.get(f"{API_PATH}/profielen/{jongere}", headers=header).status_code

    listed = client.get(f"{API_PATH}/profielen", headers=header).json()["resultaten"]

    assert [one["jongereId"] for one in listed] == ["J2"]
    assert {one: status(one) for one in ("J1", "J2", "J3", "J4", "J50")} == {
        "J1": 404,  # nobody released it
        "J2": 200,
        "J3": 404,  # the coach alone
        "J4": 404,  # to another leerbedrijf
        "J50": 404,
    }
    assert ANDER_BEDRIJF not in str(listed)
