import json
from datetime import date

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.explanation import Reden
from service.api.beschrijving import API_VERSION
from service.errors import NoModelError
from service.wording import risico_zin
from tests.service.fakes import FakeRegio

ROUTES = (
    "/api/v1/jongeren",
    "/api/v1/jongeren/J1/uitvalrisico",
    "/api/v1/jongeren/J1/suggesties",
    "/api/v1/leerwerkplekken/P1/kandidaten",
)


def check_problem(answer: Response, status: int) -> dict[str, object]:
    """Return the problem details of a refusal, after looking at their form."""
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["api-version"] == API_VERSION
    problem: dict[str, object] = answer.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    return problem


@pytest.mark.parametrize("path", ROUTES)
def test_every_route_answers_json_with_the_version_and_is_never_kept(
    logged_in: TestClient, path: str
) -> None:
    answer = logged_in.get(path)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["api-version"] == API_VERSION
    assert answer.headers["cache-control"] == "no-store"
    assert date.fromisoformat(answer.json()["peildatum"]) == date(2026, 11, 1)


@pytest.mark.parametrize("path", ROUTES)
def test_without_login_every_route_is_refused(anonymous: TestClient, path: str) -> None:
    answer = anonymous.get(path)

    check_problem(answer, 401)
    assert "www-authenticate" in answer.headers


@pytest.mark.parametrize("path", ROUTES)
def test_a_slash_at_the_end_is_not_found(logged_in: TestClient, path: str) -> None:
    check_problem(logged_in.get(path + "/"), 404)


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_written(logged_in: TestClient, path: str, method: str) -> None:
    check_problem(logged_in.request(method, path), 405)


@pytest.mark.parametrize("path", ROUTES)
def test_an_unknown_parameter_is_refused(logged_in: TestClient, path: str) -> None:
    problem = check_problem(logged_in.get(path + "?kleur=rood"), 400)

    assert problem["errors"] == [
        {
            "plaats": "query",
            "naam": "kleur",
            "code": "extra_forbidden",
            "detail": "Deze parameter bestaat niet. Laat die weg.",
        }
    ]


@pytest.mark.parametrize("path", ROUTES)
def test_another_form_than_json_is_refused(logged_in: TestClient, path: str) -> None:
    check_problem(logged_in.get(path, headers={"Accept": "text/csv"}), 406)
    assert logged_in.get(path, headers={"Accept": "text/html, */*;q=0.1"}).status_code == 200


def test_all_errors_are_told_at_once_in_dutch(logged_in: TestClient) -> None:
    query = "pagina=nul&paginagrootte=1000&onderwijssoort=hbo&sortering=kleur&kleur=rood"
    problem = check_problem(logged_in.get(f"/api/v1/jongeren?{query}"), 400)

    errors = problem["errors"]
    assert isinstance(errors, list)
    assert {error["naam"] for error in errors} == {
        "pagina",
        "paginagrootte",
        "onderwijssoort",
        "sortering",
        "kleur",
    }
    assert "Input should" not in json.dumps(errors)


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("/api/v1/jongeren/onbekend/uitvalrisico", "jongere"),
        ("/api/v1/jongeren/onbekend/suggesties", "jongere"),
        ("/api/v1/leerwerkplekken/onbekend/kandidaten", "leerwerkplek"),
    ],
)
def test_an_unknown_id_is_not_found(logged_in: TestClient, path: str, what: str) -> None:
    problem = check_problem(logged_in.get(path), 404)

    assert f"Geen {what} gevonden" in str(problem["detail"])


def test_an_address_without_route_is_a_problem_too(logged_in: TestClient) -> None:
    check_problem(logged_in.get("/api/v1/onbekend"), 404)


@pytest.mark.parametrize(
    ("failure", "status"), [(NoModelError("uitvalrisico"), 503), (RuntimeError("geheim"), 500)]
)
def test_a_failure_is_a_problem_without_its_inside(
    logged_in: TestClient, regio: FakeRegio, failure: Exception, status: int
) -> None:
    regio.failure = failure
    try:
        answer = logged_in.get("/api/v1/jongeren")
    finally:
        regio.failure = None

    check_problem(answer, status)
    assert "geheim" not in answer.text


def test_paging_leads_through_the_whole_list_once(logged_in: TestClient) -> None:
    path = "/api/v1/jongeren?paginagrootte=7&sortering=naam"
    seen: list[str] = []
    while path:
        body = logged_in.get(path).json()
        seen += [row["jongere"]["jongereId"] for row in body["resultaten"]]
        path = body["links"]["next"] or ""

    assert len(seen) == len(set(seen)) == body["totaal"] == 60


def test_first_prev_and_last_keep_the_search(logged_in: TestClient) -> None:
    links = logged_in.get("/api/v1/jongeren?zoek=a%26b&paginagrootte=1").json()["links"]

    assert links["first"] == "/api/v1/jongeren?paginagrootte=1&zoek=a%26b&pagina=1"
    assert links["last"] == links["first"]
    assert links["prev"] is None
    assert links["next"] is None


def test_a_page_beyond_the_end_is_empty_and_leads_back(logged_in: TestClient) -> None:
    body = logged_in.get("/api/v1/jongeren?pagina=900").json()

    assert body["resultaten"] == []
    assert body["links"]["prev"] == body["links"]["last"]


def test_filter_and_search_reach_the_region(logged_in: TestClient) -> None:
    body = logged_in.get("/api/v1/jongeren?zoek=noor&onderwijssoort=mbo-2").json()

    assert {row["jongere"]["naam"] for row in body["resultaten"]} == {"Noor Jansen"}


def test_reasons_carry_a_sentence_and_their_data(logged_in: TestClient) -> None:
    body = logged_in.get("/api/v1/jongeren/J1/uitvalrisico").json()

    assert body["verhogend"][0] == {
        "feature": "verzuim_ongeoorloofd_13",
        "waarde": 0.14,
        "bijdrage": 9.3,
        "zin": risico_zin(Reden("verzuim_ongeoorloofd_13", 0.14, 9.3)),
    }
    assert body["kansTekst"] == "ongeveer 58 van de 100"


def keys_of(value: object) -> set[str]:
    """Return every key in a JSON value."""
    if isinstance(value, dict):
        return set(value) | {key for part in value.values() for key in keys_of(part)}
    if isinstance(value, list):
        return {key for part in value for key in keys_of(part)}
    return set()


def test_a_risk_says_between_which_numbers_it_lies(logged_in: TestClient) -> None:
    body = logged_in.get("/api/v1/jongeren/J1/uitvalrisico").json()

    assert (body["laag"], body["hoog"]) == (0.11, 0.66)
    assert body["tussenTekst"] == "tussen 11 en 66 van de 100"
    assert body["teWeinigGegevens"] is False


def test_a_risk_tells_what_changed_in_a_month_with_sums_kept(logged_in: TestClient) -> None:
    body = logged_in.get("/api/v1/jongeren/J1/uitvalrisico").json()
    month = body["vorigeMaand"]

    points = sum(one["bijdrage"] for one in month["veranderingen"])
    assert points == pytest.approx(100 * (body["kans"] - month["kans"]))
    assert month["peildatum"] == "2026-10-01"
    assert "hoger dan vorige maand" in month["zin"]
    assert all(one["zin"] for one in month["veranderingen"])


def test_who_is_new_has_no_month_before(logged_in: TestClient) -> None:
    assert logged_in.get("/api/v1/jongeren/J6/uitvalrisico").json()["vorigeMaand"] is None


@pytest.mark.parametrize("path", ROUTES)
def test_every_key_is_camel_case(logged_in: TestClient, path: str) -> None:
    keys = keys_of(logged_in.get(path).json())

    assert all(key.isalnum() and key[0].islower() for key in keys)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    key=st.text(min_size=1, max_size=30),
    query=st.dictionaries(
        st.sampled_from(["pagina", "paginagrootte", "zoek", "onderwijssoort", "sortering", "x"]),
        st.text(max_size=20) | st.integers().map(str),
        max_size=4,
    ),
)
def test_no_input_makes_the_api_fail(
    logged_in: TestClient, key: str, query: dict[str, str]
) -> None:
    for answer in (
        logged_in.get("/api/v1/jongeren", params=query),
        logged_in.get(f"/api/v1/jongeren/{encoded(key)}/uitvalrisico"),
    ):
        assert answer.status_code in {200, 400, 404}


def encoded(key: str) -> str:
    """Return a key as one segment of a path."""
    return "".join(f"%{byte:02X}" for byte in key.encode("utf-8", "surrogatepass"))


def test_a_method_that_is_not_there_is_told_with_all_that_are(logged_in: TestClient) -> None:
    answer = logged_in.put("/api/v1/matchtafels", headers={"Sec-Fetch-Site": "same-origin"})

    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS, POST"
