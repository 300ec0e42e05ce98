"""Reading files through the API: the same importer, with a trial and a report of bad rows."""

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from service.api.importen import MAX_FILE_BYTES
from service.rechten.begrippen import Rol
from tests.service.api.conftest import Service
from tests.service.api.test_routes import check_problem

PATH = "/api/v1/importen"
GOOD = (
    "leerbedrijf_id;naam;plaats;postcode4;sector;erkenningen;bron\n"
    "100000021;Nieuw bedrijf;Borculo;7271;techniek;25748;test\n"
)
BAD = GOOD + "12;Te kort;Borculo;7271;raket;25748;test\n"


@pytest.fixture
def keeper(service: Service) -> TestClient:
    """Somebody who may import."""
    return service.log_in(Rol.BEHEERDER)


def send(
    client: TestClient, text: str, *, proef: bool = False, name: str = "leerbedrijf.csv"
) -> Response:
    files = {"bestand": (name, text.encode(), "text/csv")}
    return client.post(PATH, files=files, data={"proef": str(proef).lower()})


def test_a_trial_says_what_would_change_and_changes_nothing(keeper: TestClient) -> None:
    before = keeper.get(PATH).json()["totaal"]
    answer = send(keeper, GOOD, proef=True)

    assert answer.status_code == 200, answer.text
    assert answer.json()["proef"] is True
    assert answer.json()["importId"] is None
    assert answer.json()["tellingen"] == [
        {"tabel": "leerbedrijf", "nieuw": 1, "gewijzigd": 0, "gelijk": 0}
    ]
    assert keeper.get(PATH).json()["totaal"] == before


def test_a_file_is_read_once_and_listed_with_what_it_did(keeper: TestClient) -> None:
    made = send(keeper, GOOD)
    assert made.status_code == 201, made.text
    listed = keeper.get(made.headers["location"]).json()
    assert listed["tellingen"] == made.json()["tellingen"]
    assert (listed["bestand"], listed["door"]) == ("leerbedrijf.csv", Rol.BEHEERDER)
    assert keeper.get(PATH).json()["resultaten"][0] == listed
    assert keeper.get("/api/v1/leerbedrijven/100000021").json()["naam"] == "Nieuw bedrijf"

    again = send(keeper, GOOD)
    assert (again.status_code, again.json()["overgeslagen"]) == (200, True)


def test_every_bad_row_is_told_and_nothing_is_stored(keeper: TestClient) -> None:
    before = keeper.get(PATH).json()["totaal"]
    problem = check_problem(send(keeper, BAD.replace("21", "22")), 400)

    assert "niets ingelezen: 2 fouten" in str(problem["detail"])
    errors = problem["errors"]
    assert isinstance(errors, list)
    assert {(one["plaats"], one["naam"], one["code"]) for one in errors} == {
        ("leerbedrijf.csv", "leerbedrijf_id", "regel_3"),
        ("leerbedrijf.csv", "sector", "regel_3"),
    }
    assert keeper.get(PATH).json()["totaal"] == before


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "..", "C:\\x\\leeg.csv", "a\x00b.csv"])
def test_a_name_of_a_file_leads_nowhere(keeper: TestClient, name: str) -> None:
    assert send(keeper, "onzin", name=name).status_code in {400, 415}


def test_a_file_may_be_larger_than_other_bodies_but_not_endless(keeper: TestClient) -> None:
    row = "100000023;Nieuw bedrijf;Borculo;7271;techniek;25748;test\n"
    large = GOOD + row * (1_200_000 // len(row))
    assert send(keeper, large, proef=True).status_code == 200
    kind = "multipart/form-data; boundary=grens"
    headers = {"Content-Length": str(MAX_FILE_BYTES + 1), "Content-Type": kind}
    check_problem(keeper.post(PATH, content=b"x", headers=headers), 413)


def test_another_kind_of_body_is_refused(keeper: TestClient) -> None:
    check_problem(keeper.post(PATH, json={"bestand": "x"}), 415)
    check_problem(keeper.post(PATH, data={"proef": "true"}), 415)


def test_who_may_not_import_is_refused(coach: TestClient) -> None:
    check_problem(send(coach, GOOD), 403)
    check_problem(coach.get(PATH), 403)


def test_what_people_enter_is_no_import(keeper: TestClient) -> None:
    check_problem(keeper.get(f"{PATH}/1000000"), 404)
    assert all(one["sha256"] for one in keeper.get(PATH).json()["resultaten"])
