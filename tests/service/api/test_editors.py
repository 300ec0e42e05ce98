"""Two editors at the same moment: one is saved, one is told, nothing is lost (TRUST R6)."""

import threading
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from service.rechten.begrippen import Rol
from tests.service.api.conftest import Service
from tests.service.api.test_leerwerkplekken import NIEUW

RACES = 100
PLEK, VOORKEUR = "leerwerkplek", "voorkeur"
Edit = Callable[[int, int], dict[str, object]]


def make_plek(client: TestClient) -> str:
    place: str = client.post("/api/v1/leerwerkplekken", json=NIEUW).headers["location"]
    return place


def make_voorkeur(client: TestClient) -> str:
    wanted = {"jongereId": "J7", "datum": "2026-02-02", "urenMax": 10}
    place: str = client.post("/api/v1/voorkeuren", json=wanted).headers["location"]
    return place


def edit_plek(race: int, editor: int) -> dict[str, object]:
    return NIEUW | {"titel": f"Ronde {race} van {editor}"}


def edit_voorkeur(race: int, editor: int) -> dict[str, object]:
    return {"urenMax": 10 + race / 4, "reistijdMax": editor}


def race_once(client: TestClient, place: str, edits: list[dict[str, object]]) -> list[Response]:
    """Let two people, who saw the same version, save at the same moment."""
    seen = {"If-Match": client.get(place).headers["etag"]}
    begin = threading.Barrier(len(edits))
    answers: list[Response] = []

    def save(wanted: dict[str, object]) -> None:
        begin.wait()
        answers.append(client.put(place, json=wanted, headers=seen))

    threads = [threading.Thread(target=save, args=(one,)) for one in edits]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def run_races(service: Service, kind: str, races: int) -> tuple[int, int]:
    """Return how many edits were saved and how many refused; look after each race what stands."""
    client = service.log_in(Rol.LOOPBAANCOACH)
    make, edit = (make_plek, edit_plek) if kind == PLEK else (make_voorkeur, edit_voorkeur)
    place = make(client)
    saved = refused = 0
    for race in range(races):
        answers = race_once(client, place, [edit(race, editor) for editor in (1, 2)])
        (won,) = [one for one in answers if one.status_code == 200]
        (lost,) = [one for one in answers if one.status_code == 409]
        stands = client.get(place)
        assert stands.json() == won.json()
        assert {**stands.json(), "versie": won.headers["etag"].strip('"')} == lost.json()["huidig"]
        saved, refused = saved + 1, refused + 1
    return saved, refused


@pytest.mark.parametrize("kind", [PLEK, VOORKEUR])
def test_of_two_editors_one_is_saved_and_one_is_told(own_service: Service, kind: str) -> None:
    assert run_races(own_service, kind, 5) == (5, 5)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [PLEK, VOORKEUR])
def test_a_hundred_races_save_and_refuse_a_hundred_each(own_service: Service, kind: str) -> None:
    assert run_races(own_service, kind, RACES) == (RACES, RACES)
