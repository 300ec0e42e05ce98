"""Facts of one jongere: who may see and enter them, and from when they are known."""

from datetime import date, timedelta

import polars as pl
import pytest
from fastapi.testclient import TestClient

from features.peildatum import cut_to_peildatum
from service.rechten.begrippen import Rol
from service.storage import CanonicalRepository, unit_of_work
from tests.service.api.conftest import BEDRIJF, ELDERS, LONG_AGO, TODAY, Service
from tests.service.api.test_routes import check_problem

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
METING = {
    "jongereId": "J2",
    "competentieId": "WV-04",
    "niveau": 3,
    "bron": "leerbedrijf",
    "datum": TODAY.isoformat(),
}
LISTS = ("inschrijvingen", "stages", "competentiemetingen", "voorkeuren")


@pytest.mark.parametrize("name", LISTS)
def test_a_list_holds_only_whom_the_coach_may_see(coach: TestClient, name: str) -> None:
    everybody = coach.get(f"/api/v1/{name}").json()
    foreign = coach.get(f"/api/v1/{name}?jongereId={ELDERS}").json()
    own = coach.get(f"/api/v1/{name}?jongereId=J1").json()

    assert ELDERS not in {one["jongereId"] for one in everybody["resultaten"]}
    assert everybody["totaal"] >= len(everybody["resultaten"])
    assert foreign["totaal"] == 0
    assert own["totaal"] >= 1


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("rol", [Rol.LEERBEDRIJF, Rol.BEHEERDER, Rol.ANALIST])
def test_who_guides_nobody_sees_no_facts_of_a_jongere(
    service: Service, rol: Rol, name: str
) -> None:
    check_problem(service.log_in(rol).get(f"/api/v1/{name}"), 403)


def test_filters_of_inschrijvingen_and_stages_count(coach: TestClient) -> None:
    for query, told in (("instelling=24ZZ", 2), ("instelling=99XX", 0), ("lopend=false", 0)):
        assert coach.get(f"/api/v1/inschrijvingen?{query}").json()["totaal"] == told
    assert coach.get("/api/v1/stages?lopend=true&sortering=geplandeEinddatum").status_code == 200


def test_a_judgement_is_known_from_the_day_of_entry(service: Service, coach: TestClient) -> None:
    wanted = METING | {"datum": LONG_AGO.isoformat()}
    made = coach.post("/api/v1/competentiemetingen", json=wanted)

    assert made.status_code == 201
    assert made.json() == wanted | {"bekendOp": TODAY.isoformat()}
    with unit_of_work(service.engine, read_only=True) as session:
        tables = {"competentiemeting": CanonicalRepository(session).read("competentiemeting")}
    own = pl.col("jongere_id") == "J2"
    assert tables["competentiemeting"].filter(own).height == 1
    assert cut_to_peildatum(tables, YESTERDAY)["competentiemeting"].filter(own).height == 0


def test_the_same_judgement_twice_is_a_conflict(coach: TestClient) -> None:
    assert coach.post("/api/v1/competentiemetingen", json=METING).status_code == 201
    check_problem(coach.post("/api/v1/competentiemetingen", json=METING), 409)


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"datum": TOMORROW.isoformat()}, "toekomst"),
        ({"competentieId": "onbekend"}, "reference"),
        ({"jongereId": ELDERS}, "reference"),
        ({"jongereId": "onbekend"}, "reference"),
    ],
)
def test_a_judgement_of_the_future_or_about_what_is_unknown_is_refused(
    coach: TestClient, other: dict[str, str], code: str
) -> None:
    problem = check_problem(coach.post("/api/v1/competentiemetingen", json=METING | other), 400)

    assert [one["code"] for one in problem["errors"]] == [code]  # type: ignore[attr-defined]
    assert [one["naam"] for one in problem["errors"]] == list(other)  # type: ignore[attr-defined]


def test_wishes_are_added_and_corrected_with_their_version(coach: TestClient) -> None:
    wanted = {
        "jongereId": "J3",
        "datum": YESTERDAY.isoformat(),
        "urenMax": 20,
        "sectoren": ["techniek", "handel"],
        "vermijdt": [],
    }
    made = coach.post("/api/v1/voorkeuren", json=wanted)
    assert made.status_code == 201, made.text
    place = made.headers["location"]
    assert coach.get(place).json()["sectoren"] == ["techniek", "handel"]
    check_problem(coach.post("/api/v1/voorkeuren", json=wanted), 409)

    seen = {"If-Match": made.headers["etag"]}
    better = coach.put(place, json={"urenMax": 32, "rijbewijs": True}, headers=seen)
    assert (better.json()["urenMax"], better.json()["sectoren"]) == (32, None)
    problem = check_problem(coach.put(place, json={"urenMax": 8}, headers=seen), 409)
    assert problem["huidig"]["urenMax"] == 32  # type: ignore[index]  # an object
    assert problem["gevraagd"]["urenMax"] == 8  # type: ignore[index]  # an object
    check_problem(coach.put(place, json={"urenMax": 8}), 428)


def test_a_correction_of_old_wishes_is_not_known_on_an_earlier_peildatum(
    own_service: Service,
) -> None:
    coach = own_service.log_in(Rol.LOOPBAANCOACH)
    (old,) = coach.get("/api/v1/voorkeuren?jongereId=J2").json()["resultaten"]
    place = f"/api/v1/voorkeuren/{old['voorkeurId']}"
    seen = {"If-Match": coach.get(place).headers["etag"]}

    assert coach.put(place, json={"urenMax": 12}, headers=seen).status_code == 200

    with unit_of_work(own_service.engine, read_only=True) as session:
        tables = {"voorkeur": CanonicalRepository(session).read("voorkeur")}
    own = pl.col("jongere_id") == "J2"
    assert cut_to_peildatum(tables, TODAY)["voorkeur"].filter(own)["uren_max"].to_list() == [12]
    assert cut_to_peildatum(tables, YESTERDAY)["voorkeur"].filter(own).height == 0


@pytest.mark.parametrize("one", ["onzin", "SjEgMjAyNi0xMS0wMQ==", "SjkwMCAyMDI2LTAxLTA1", "__8"])
def test_wishes_that_are_not_there_or_of_another_are_not_found(coach: TestClient, one: str) -> None:
    check_problem(coach.get(f"/api/v1/voorkeuren/{one}"), 404)
    check_problem(coach.put(f"/api/v1/voorkeuren/{one}", json={}, headers={"If-Match": '"1"'}), 404)


def test_a_stage_is_agreed_and_ended_once(coach: TestClient) -> None:
    wanted = {
        "jongereId": "J4",
        "leerbedrijfId": BEDRIJF,
        "leerwerkplekId": "P1",
        "begindatum": LONG_AGO.isoformat(),
        "geplandeEinddatum": "2026-07-01",
        "urenPerWeek": 16,
    }
    made = coach.post("/api/v1/stages", json=wanted)
    assert made.status_code == 201, made.text
    assert made.json()["stageId"] == f"J4-{BEDRIJF}-20260105"
    check_problem(coach.post("/api/v1/stages", json=wanted), 409)

    place, seen = made.headers["location"], {"If-Match": made.headers["etag"]}
    ending = {"einddatum": "2026-03-01", "redenEinde": "gestopt door jongere", "beoordeling": 0.5}
    late = ending | {"einddatum": TOMORROW.isoformat()}
    early = ending | {"einddatum": "2026-01-01"}
    for wrong in (late, early):
        check_problem(coach.patch(place, json=wrong, headers=seen), 400)
    ended = coach.patch(place, json=ending, headers=seen)
    assert ended.json()["eindeBekendOp"] == TODAY.isoformat()
    assert ended.json()["bekendOp"] == TODAY.isoformat()
    again = coach.patch(place, json=ending, headers={"If-Match": ended.headers["etag"]})
    check_problem(again, 409)


@pytest.mark.parametrize(
    ("other", "naam"),
    [
        ({"leerbedrijfId": "999999999"}, "leerbedrijfId"),
        ({"leerwerkplekId": "onbekend"}, "leerwerkplekId"),
        ({"geplandeEinddatum": "2025-01-01"}, "geplandeEinddatum"),
        ({"jongereId": ELDERS}, "jongereId"),
    ],
)
def test_a_stage_that_cannot_be_is_refused_by_field(
    coach: TestClient, other: dict[str, str], naam: str
) -> None:
    wanted = {"jongereId": "J5", "leerbedrijfId": BEDRIJF, "begindatum": date.max.isoformat()}
    wanted["begindatum"] = "2026-02-02"
    problem = check_problem(coach.post("/api/v1/stages", json=wanted | other), 400)

    assert [one["naam"] for one in problem["errors"]] == [naam]  # type: ignore[attr-defined]


def test_a_stage_of_another_region_is_not_found(coach: TestClient) -> None:
    path = f"/api/v1/stages/S-{ELDERS}"
    ending = {"einddatum": "2026-03-01", "redenEinde": "anders"}

    check_problem(coach.get(path), 404)
    check_problem(coach.patch(path, json=ending, headers={"If-Match": '"1"'}), 404)
