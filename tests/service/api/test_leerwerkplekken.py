"""Keeping leerwerkplekken: read, add, change and close, with versions."""

import pytest
from fastapi.testclient import TestClient

from service.rechten.begrippen import Rol
from tests.service.api.conftest import BEDRIJF, TODAY, Service
from tests.service.api.test_routes import check_problem

PATH = "/api/v1/leerwerkplekken"
NIEUW = {
    "leerbedrijfId": BEDRIJF,
    "soort": "stage",
    "titel": "Helpen in de werkplaats",
    "begindatum": "2026-12-01",
    "capaciteit": 2,
    "urenMin": 8,
    "urenMax": 24,
    "omstandigheden": ["lawaai"],
    "eisen": [{"competentieId": "WV-03", "niveau": 2, "hard": True}],
    "werkprocessen": ["25748-B1-K1-W1"],
}


def add(client: TestClient, **other: object) -> dict[str, object]:
    answer = client.post(PATH, json=NIEUW | other)
    assert answer.status_code == 201, answer.text
    made: dict[str, object] = answer.json()
    return made


def test_what_is_added_can_be_read_back_with_its_version(coach: TestClient) -> None:
    answer = coach.post(PATH, json=NIEUW)
    made = answer.json()
    read = coach.get(answer.headers["location"])

    assert read.json() == made
    assert read.headers["etag"] == answer.headers["etag"]
    assert made["bekendOp"] == TODAY.isoformat()
    assert made["bron"] == "invoer"
    assert {key: made[key] for key in NIEUW} == NIEUW


def test_a_list_can_be_filtered_sorted_and_paged_through(coach: TestClient) -> None:
    seen: list[str] = []
    path = f"{PATH}?soort=leerbaan&zoek=plek&sortering=-titel&paginagrootte=1"
    while path:
        body = coach.get(path).json()
        seen += [one["titel"] for one in body["resultaten"]]
        path = body["links"]["next"] or ""

    assert seen == ["Plek 06", "Plek 04", "Plek 02", "Plek 00"]
    assert body["totaal"] == 4


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("openOp=2026-04-01&zoek=plek", 6),
        ("openOp=2026-02-01&zoek=plek", 7),
        ("urenMin=20&zoek=plek", 3),
        ("leerbedrijfId=100000002", 0),
        ("zoek=100%25", 0),
    ],
)
def test_every_filter_counts(coach: TestClient, query: str, told: int) -> None:
    assert coach.get(f"{PATH}?{query}").json()["totaal"] == told


def test_a_place_shows_what_it_asks_and_teaches(coach: TestClient) -> None:
    body = coach.get(f"{PATH}/P1").json()

    assert body["eisen"] == [{"competentieId": "WV-03", "niveau": 2, "hard": True}]
    assert body["werkprocessen"] == ["25748-B1-K1-W1"]


def test_a_change_replaces_everything_and_gives_another_version(coach: TestClient) -> None:
    made = coach.post(PATH, json=NIEUW)
    place = made.headers["location"]
    changed = NIEUW | {"titel": "Anders", "omstandigheden": None, "eisen": []}
    answer = coach.put(place, json=changed, headers={"If-Match": made.headers["etag"]})

    assert answer.status_code == 200
    assert answer.headers["etag"] != made.headers["etag"]
    assert coach.get(place).json() == answer.json()
    assert (answer.json()["titel"], answer.json()["eisen"]) == ("Anders", [])
    assert answer.json()["omstandigheden"] is None


def test_an_edit_without_version_is_told_to_name_one(coach: TestClient) -> None:
    check_problem(coach.put(f"{PATH}/P2", json=NIEUW), 428)
    check_problem(coach.put(f"{PATH}/P2", json=NIEUW, headers={"If-Match": "*"}), 428)


def test_of_two_editors_the_second_is_refused_with_both_versions(coach: TestClient) -> None:
    made = coach.post(PATH, json=NIEUW)
    place, seen = made.headers["location"], {"If-Match": made.headers["etag"]}
    assert coach.put(place, json=NIEUW | {"titel": "Eerste"}, headers=seen).status_code == 200

    problem = check_problem(coach.put(place, json=NIEUW | {"titel": "Tweede"}, headers=seen), 409)

    assert isinstance(problem["huidig"], dict)
    assert isinstance(problem["gevraagd"], dict)
    assert problem["huidig"]["titel"] == "Eerste"
    assert problem["gevraagd"]["titel"] == "Tweede"
    assert f'"{problem["huidig"]["versie"]}"' == coach.get(place).headers["etag"]


def test_a_place_is_closed_after_a_day(coach: TestClient) -> None:
    made = coach.post(PATH, json=NIEUW)
    place, seen = made.headers["location"], {"If-Match": made.headers["etag"]}

    early = coach.patch(place, json={"sluitOp": "2026-01-01"}, headers=seen)
    assert check_problem(early, 400)["errors"] == [
        {
            "plaats": "body",
            "naam": "sluitOp",
            "code": "rule",
            "detail": "De plek sluit voordat hij begint.",
        }
    ]
    closed = coach.patch(place, json={"sluitOp": "2026-12-31"}, headers=seen)
    assert closed.json()["sluitOp"] == "2026-12-31"
    assert closed.json()["eisen"] == NIEUW["eisen"]


def test_everything_that_breaks_the_contract_is_told_by_field(coach: TestClient) -> None:
    unknown = {"leerbedrijfId": "999999999", "urenMax": 4}
    errors = check_problem(coach.post(PATH, json=NIEUW | unknown), 400)["errors"]
    assert isinstance(errors, list)
    assert {(one["naam"], one["code"]) for one in errors} == {
        ("leerbedrijfId", "reference"),
        ("urenMax", "rule"),
    }

    eisen = [{"competentieId": one, "niveau": 2, "hard": True} for one in ("WV-03", "X", "WV-03")]
    errors = check_problem(coach.post(PATH, json=NIEUW | {"eisen": eisen}), 400)["errors"]
    assert isinstance(errors, list)
    assert {(one["naam"], one["code"]) for one in errors} == {
        ("eisen.1.competentieId", "reference"),
        ("eisen.2.competentieId", "duplicate"),
    }
    before = coach.get(PATH).json()["totaal"]
    assert coach.get(PATH).json()["totaal"] == before


def test_what_is_not_there_is_not_found(coach: TestClient) -> None:
    seen = {"If-Match": '"1"'}
    check_problem(coach.get(f"{PATH}/onbekend"), 404)
    check_problem(coach.put(f"{PATH}/onbekend", json=NIEUW, headers=seen), 404)
    check_problem(coach.patch(f"{PATH}/%00", json={"sluitOp": "2026-12-31"}, headers=seen), 400)


def test_who_may_only_read_is_refused_to_write(service: Service) -> None:
    reader = service.log_in(Rol.ANALIST)

    assert reader.get(f"{PATH}/P1").status_code == 200
    check_problem(reader.post(PATH, json=NIEUW), 403)


def test_leerbedrijven_are_kept_likewise(coach: TestClient) -> None:
    path = "/api/v1/leerbedrijven"
    wanted = {"leerbedrijfId": "100000009", "naam": "Nieuw", "erkenningen": ["25748"]}
    made = coach.post(path, json=wanted)
    assert made.status_code == 201
    check_problem(coach.post(path, json=wanted), 409)

    changed = {"naam": "Anders", "sector": "techniek"}
    place, seen = made.headers["location"], {"If-Match": made.headers["etag"]}
    answer = coach.put(place, json=changed, headers=seen)
    assert answer.json() == {
        "leerbedrijfId": "100000009",
        "naam": "Anders",
        "plaats": None,
        "postcode4": None,
        "sector": "techniek",
        "erkenningen": None,
        "bron": "invoer",
    }
    problem = check_problem(coach.put(place, json=changed, headers=seen), 409)
    assert problem["huidig"]["naam"] == "Anders"  # type: ignore[index]  # shown above
    assert coach.get(f"{path}?zoek=slinge").json()["totaal"] == 1


def test_trajecten_tell_who_may_join(coach: TestClient) -> None:
    assert coach.get("/api/v1/trajecten").json()["resultaten"][0]["trajectId"] == "T1"
    assert coach.get("/api/v1/trajecten/T1").json()["voorwaarden"] == [
        {"attribuut": "leeftijd", "operator": ">=", "waarde": "16", "reden": "Vanaf 16 jaar."}
    ]
    check_problem(coach.get("/api/v1/trajecten/T2"), 404)
