"""A POST that is sent twice is done once."""

import threading
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from fastapi.testclient import TestClient
from httpx2 import Response

from service.rechten.begrippen import Rol
from service.storage import unit_of_work
from service.storage.herhaling_tables import HERHALING
from tests.service.api.conftest import Service
from tests.service.api.test_leerwerkplekken import NIEUW
from tests.service.api.test_routes import check_problem

PLEKKEN = "/api/v1/leerwerkplekken"


def send(client: TestClient, key: str, **other: object) -> Response:
    return client.post(PLEKKEN, json=NIEUW | other, headers={"Idempotency-Key": key})


def test_the_same_request_gives_the_same_answer_and_is_done_once(coach: TestClient) -> None:
    before = coach.get(PLEKKEN).json()["totaal"]
    first, second = send(coach, "een"), send(coach, "een")

    assert (first.status_code, first.json()) == (second.status_code, second.json())
    for name in ("location", "etag", "content-type", "api-version"):
        assert first.headers[name] == second.headers[name]
    assert second.headers["idempotency-replayed"] == "true"
    assert coach.get(PLEKKEN).json()["totaal"] == before + 1


def test_the_same_key_for_another_request_is_refused(coach: TestClient) -> None:
    assert send(coach, "twee").status_code == 201
    check_problem(send(coach, "twee", titel="Anders"), 422)


def test_a_key_is_of_one_person(service: Service, coach: TestClient) -> None:
    other = service.log_in(Rol.BEHEERDER)
    assert send(coach, "drie").status_code == 201
    check_problem(send(other, "drie"), 403)


def test_a_request_that_was_refused_may_be_sent_again(coach: TestClient) -> None:
    check_problem(send(coach, "vier", leerbedrijfId="999999999"), 400)
    assert send(coach, "vier").status_code == 201


def test_a_key_with_signs_that_do_not_belong_is_refused(coach: TestClient) -> None:
    for key in ("", "met spatie", "x" * 256):
        problem = check_problem(send(coach, key), 400)
        assert problem["errors"][0]["plaats"] == "header"  # type: ignore[index]  # a list of one


def test_after_a_day_a_key_may_be_used_again(own_service: Service) -> None:
    coach = own_service.log_in(Rol.LOOPBAANCOACH)
    first = send(coach, "vijf").json()
    aged = datetime.now(UTC) - timedelta(hours=25)
    with unit_of_work(own_service.engine) as session:
        session.execute(sa.update(HERHALING).values(tijdstip=aged))

    assert send(coach, "vijf").json()["leerwerkplekId"] != first["leerwerkplekId"]


def test_of_many_at_once_one_is_done_and_all_get_its_answer(own_service: Service) -> None:
    coach = own_service.log_in(Rol.LOOPBAANCOACH)
    before = coach.get(PLEKKEN).json()["totaal"]
    answers: list[str] = []
    threads = [
        threading.Thread(target=lambda: answers.append(send(coach, "zes").text)) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == 6
    assert len(set(answers)) == 1
    assert coach.get(PLEKKEN).json()["totaal"] == before + 1
