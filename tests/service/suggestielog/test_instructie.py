"""Nobody sees a score before having read what it does and does not say (TRUST H12)."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from service.aanmelden.accounts import create_gebruiker
from service.rechten.begrippen import Rol
from service.storage.engine import unit_of_work
from service.storage.instructie import InstructieRepository
from service.storage.organisatie import OrganisatieRepository
from service.suggestielog.instructie import VERSIE, read
from service.suggestielog.volggedrag import check_today
from tests.service.conftest import OWN_SITE, WACHTWOORD
from tests.service.mensen import COACH_ROLLEN, REGIO

API = "/api/v1"


@pytest.fixture(scope="module")
def nieuw(app: FastAPI, settings: object, coach: TestClient) -> Iterator[TestClient]:
    """Somebody who has just got an account."""
    engine = coach.app_state["installation"].engine
    with unit_of_work(engine) as session:
        made = create_gebruiker(session, "nieuw", WACHTWOORD, list(COACH_ROLLEN))
        organisaties = OrganisatieRepository(session)
        organisaties.put(made.id, [organisaties.find(REGIO)])
    with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as client:
        form = {"naam": "nieuw", "wachtwoord": WACHTWOORD}
        assert client.post("/inloggen", data=form, headers=OWN_SITE).status_code == 303
        client.headers.update(OWN_SITE)
        yield client


def test_no_page_and_no_answer_shows_a_score_before_the_instruction_is_read(
    nieuw: TestClient, coach: TestClient
) -> None:
    who = coach.get(f"{API}/jongeren").json()["resultaten"][0]["jongere"]["jongereId"]
    page = nieuw.get(f"/jongeren?zoek={who}")
    assert page.status_code == 303
    assert page.headers["location"].startswith("/instructie?volgende=/jongeren")
    for address in ("jongeren", f"jongeren/{who}/uitvalrisico"):
        answer = nieuw.get(f"{API}/{address}")
        assert answer.status_code == 403
        assert answer.headers["content-type"] == "application/problem+json"
        assert "/instructie" in answer.json()["detail"]
        assert "kans" not in answer.json()

    shown = nieuw.get("/instructie?volgende=/jongeren")
    assert "Wat een kans niet zegt" in shown.text
    done = nieuw.post("/instructie", data={"volgende": "/jongeren"})
    assert (done.status_code, done.headers["location"]) == (303, "/jongeren")

    assert nieuw.get("/jongeren").status_code == 200
    assert nieuw.get(f"{API}/jongeren").json()["resultaten"]


def test_reading_it_is_recorded_once_with_its_version(store: Engine, nieuw: TestClient) -> None:
    first, later = (datetime(2026, 11, day, 9, 0, tzinfo=UTC) for day in (20, 21))
    with unit_of_work(store) as session:
        read(session, 1, op=first)
        before = InstructieRepository(session).read_on(1, VERSIE)
        read(session, 1, op=later)
        assert InstructieRepository(session).read_on(1, VERSIE) == before
        assert InstructieRepository(session).read_on(1, VERSIE + 1) is None


@pytest.fixture(scope="module")
def toezichthouder(app: FastAPI, coach: TestClient) -> Iterator[TestClient]:
    """A functionaris gegevensbescherming, without second factor."""
    engine = coach.app_state["installation"].engine
    with unit_of_work(engine) as session:
        rollen = [Rol.FUNCTIONARIS_GEGEVENSBESCHERMING]
        made = create_gebruiker(session, "toezicht", WACHTWOORD, list(rollen))
        organisaties = OrganisatieRepository(session)
        organisaties.put(made.id, [organisaties.find(REGIO)])
    with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as client:
        form = {"naam": "toezicht", "wachtwoord": WACHTWOORD}
        client.post("/inloggen", data=form, headers=OWN_SITE)
        client.headers.update(OWN_SITE)
        yield client


def test_the_pages_of_oversight_open_for_oversight_and_for_nobody_else(
    toezichthouder: TestClient, coach: TestClient, store: Engine
) -> None:
    check_today(store, now=datetime.now(UTC))
    pages = (
        "/toezicht/modellen",
        "/toezicht/volggedrag",
        "/toezicht/herziening?model=plaatsing&versie=1",
    )
    for address in pages:
        answer = toezichthouder.get(address)
        assert answer.status_code == 200, (address, answer.text)
        assert coach.get(address).status_code == 403


def test_a_stop_by_the_page_needs_a_reason_and_is_seen(
    toezichthouder: TestClient, coach: TestClient
) -> None:
    form = {"model": "werkproces", "stand": "stop", "reden": "kort"}
    assert toezichthouder.post("/toezicht/modellen", data=form).status_code == 400
    form["reden"] = "De routes kloppen niet meer."
    assert toezichthouder.post("/toezicht/modellen", data=form).status_code == 303
    assert "De routes kloppen niet meer." in toezichthouder.get("/toezicht/modellen").text
    form |= {"stand": "hervat", "reden": "Het model is vervangen."}
    assert toezichthouder.post("/toezicht/modellen", data=form).status_code == 303
    assert coach.post("/toezicht/modellen", data=form).status_code == 403
