"""A stopped model scores nobody any more, and the whole work goes on without it (TRUST H7)."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from models.registered import RegisteredModel
from models.scoring import Scorer
from service.errors import NotFoundError, RefusedError
from service.storage.engine import unit_of_work
from service.storage.modelstop import ModelstopRepository
from service.suggestielog.stop import Schakelbord, stop_model, stopped, use_again
from tests.service.region import small_regio

API = "/api/v1"
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
REDEN = "We vertrouwen het even niet."
MODELS = ("uitvalrisico", "plaatsing", "werkproces")


class Calls:
    """Counts every call to whatever scores."""

    def __init__(self) -> None:
        self.n = 0


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    counted = Calls()
    for owner, name in (
        (Scorer, "kansen"),
        (RegisteredModel, "predict"),
        (RegisteredModel, "contributions"),
        (RegisteredModel, "bounds"),
        (RegisteredModel, "redenen"),
    ):
        real = getattr(owner, name)

        def counting(*args: object, _real: object = real, **kwargs: object) -> object:
            counted.n += 1
            return _real(*args, **kwargs)  # type: ignore[operator]  # it is the real method

        monkeypatch.setattr(owner, name, counting)
    return counted


@pytest.fixture
def everything_stopped(app: FastAPI, coach: TestClient, store: Engine) -> Iterator[None]:
    turn(store, stop_model)
    look_again(coach)
    yield
    turn(store, use_again)
    look_again(coach)


def turn(store: Engine, switch: object) -> None:
    with unit_of_work(store) as session:
        for model in MODELS:
            switch(session, model, "", reden=REDEN, door="test", op=NOW)  # type: ignore[operator]


def look_again(coach: TestClient) -> None:
    """Let the running service ask for the stops now rather than within five seconds."""
    coach.app_state["installation"].toezicht.schakelbord.look()


@pytest.mark.usefixtures("everything_stopped")
def test_with_everything_stopped_the_whole_meeting_goes_on_without_a_score(
    coach: TestClient, calls: Calls
) -> None:
    listed = coach.get(f"{API}/jongeren?paginagrootte=5").json()
    who = listed["zonderScore"][0]["jongereId"]
    places = coach.get(f"{API}/jongeren/{who}/suggesties").json()
    asked = {"regio": "Achterhoek", "datum": "2026-12-03", "aantal": 8}
    asked |= {"deelnemers": [{"naam": "Anna", "organisatie": "School", "rol": "coach"}]}
    tafel = coach.post(f"{API}/matchtafels", json=asked).headers["location"]
    number = tafel.rsplit("/", 1)[1]
    coach.patch(tafel, json={"status": "open", "versie": 1})
    agenda = coach.get(f"{tafel}/agendapunten").json()["resultaten"]
    screen = coach.get(f"/matchtafels/{number}")
    punt, plek = line_with_a_place(coach, number, agenda)
    other = coach.get(f"/matchtafels/{number}/anders?punt={punt['agendapuntId']}")
    decided = coach.post(
        f"{API}/besluiten",
        json={
            "agendapuntId": punt["agendapuntId"],
            "agendapuntVersie": punt["versie"],
            "keuze": "voorstellen aan leerbedrijf",
            "reden": "Dichtbij en wat de jongere wil.",
            "eigenaarId": coach.get(tafel).json()["deelnemers"][0]["deelnemerId"],
            "opvolgdatum": "2026-12-10",
            "leerwerkplekId": plek,
        },
    )

    assert (listed["resultaten"], listed["zonderScoreTotaal"] > 100) == ([], True)
    assert (places["suggesties"], places["modelVersie"]) == ([], "")
    assert all("risico" not in word for one in agenda for word in one["urgentie"])
    assert coach.post(f"{tafel}/voorstellen", json={}).status_code == 409
    assert coach.get(f"{API}/jongeren/{who}/uitvalrisico").status_code == 404
    assert coach.get(f"{API}/jongeren/{who}/routesuggesties").json()["routes"] == []
    assert "Het model is niet in gebruik" in screen.text
    assert (screen.status_code, other.status_code) == (200, 200)
    assert " van de 100" not in screen.text + other.text
    for address in ("/jongeren", f"/jongeren/{who}", f"/jongeren/{who}/routes"):
        shown = coach.get(address)
        assert shown.status_code == 200
        assert " van de 100" not in shown.text
    assert decided.status_code == 201, decided.text
    assert coach.get(f"{tafel}/notulen").status_code == 200
    assert calls.n == 0


def line_with_a_place(
    coach: TestClient, number: str, agenda: list[dict[str, object]]
) -> tuple[dict[str, object], str]:
    """Return a line of the agenda and a place that suits it."""
    for punt in agenda:
        found = coach.get(f"{API}/jongeren/{punt['jongereId']}/suggesties").json()["zonderScore"]
        minutes = [one["reistijdMinuten"] for one in found if one["reistijdMinuten"] is not None]
        assert minutes == sorted(minutes)
        open_places = [one["leerwerkplek"] for one in found if one["leerwerkplek"]["vrij"]]
        if open_places:
            return punt, str(open_places[0]["leerwerkplekId"])
    raise AssertionError("nobody on the agenda has a place")


def test_used_again_the_scores_are_back(coach: TestClient, calls: Calls) -> None:
    assert coach.get(f"{API}/jongeren?paginagrootte=5").json()["resultaten"]
    assert calls.n >= 0


def test_a_region_loaded_while_stopped_never_scores(calls: Calls) -> None:
    full = small_regio()
    calls.n = 0
    without = full.zonder(frozenset(MODELS))

    assert without.jongeren() == ([], 0)
    assert without.zonder_score()[1] == full.jongeren()[1]
    who = without.matching.paren.zoekend[0]
    calls.n = 0
    found = without.matching.suggesties(who)
    assert len(found.zonder_score) == min(10, found.passend)
    assert calls.n == 0
    assert full.gestopt == frozenset()


def test_one_region_is_stopped_and_the_other_is_not(store: Engine) -> None:
    with unit_of_work(store) as session:
        stop_model(session, "plaatsing", "Twente", reden=REDEN, door="test", op=NOW)
        standing = ModelstopRepository(session).standing()
        use_again(session, "plaatsing", "Twente", reden=REDEN, door="test", op=NOW)

    assert stopped(standing, ["Achterhoek"]) == frozenset()
    assert stopped(standing, ["Achterhoek", "Twente"]) == {"plaatsing"}
    assert stopped(standing, None) == {"plaatsing"}


def test_every_process_sees_a_stop_without_a_restart(store: Engine) -> None:
    boards = [Schakelbord(store, look_seconds=0.0) for _ in range(3)]
    assert [one.stopped([]) for one in boards] == [frozenset()] * 3
    with unit_of_work(store) as session:
        stop_model(session, "werkproces", "", reden=REDEN, door="test", op=NOW)
    assert [one.stopped([]) for one in boards] == [{"werkproces"}] * 3
    with unit_of_work(store) as session:
        use_again(session, "werkproces", "", reden=REDEN, door="test", op=NOW)


def test_a_stop_needs_a_reason_a_model_and_to_be_new(store: Engine) -> None:
    with pytest.raises(RefusedError), unit_of_work(store) as session:
        stop_model(session, "plaatsing", "", reden="  kort  ", door="test", op=NOW)
    with pytest.raises(NotFoundError), unit_of_work(store) as session:
        stop_model(session, "toverstaf", "", reden=REDEN, door="test", op=NOW)
    with pytest.raises(RefusedError), unit_of_work(store) as session:
        use_again(session, "plaatsing", "", reden=REDEN, door="test", op=NOW)
    with unit_of_work(store) as session:
        stop_model(session, "plaatsing", "Twente", reden=REDEN, door="test", op=NOW)
    with pytest.raises(RefusedError), unit_of_work(store) as session:
        stop_model(session, "plaatsing", "Twente", reden=REDEN, door="test", op=NOW)
    with unit_of_work(store) as session:
        use_again(session, "plaatsing", "Twente", reden=REDEN, door="test", op=NOW)
