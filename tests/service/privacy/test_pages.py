"""The pages of privacy: who may do what, and what a person finds there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from service.aanmelden.accounts import create_gebruiker
from service.importing.pseudonym import pseudonym
from service.privacy.bezwaar import bezwaren
from service.rechten.begrippen import Rol
from service.rechten.rijen import released
from service.settings import Settings
from service.storage.engine import open_engine, unit_of_work
from service.storage.organisatie import OrganisatieRepository
from tests.service.conftest import OWN_SITE, WACHTWOORD, make_app, make_settings
from tests.service.fakes import FakeRegio
from tests.service.mensen import COACH_ROLLEN, REGIO, add_account, settle
from tests.service.web.conftest import PageClient, make_client, text_of
from tests.service.web.feiten import store
from tests.service.web.html import read

BSN = "999990019"
BEDRIJF = "100000001"
FG, COACH, ANALIST = "fg", "coach", "analist"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    made = make_settings(tmp_path_factory.mktemp("privacy"))
    return made.model_copy(update={"tweede_factor": False})


@pytest.fixture(scope="module")
def app(settings: Settings) -> FastAPI:
    made = make_app(settings, FakeRegio)
    engine = open_engine(settings.database, synchronous="OFF")
    with unit_of_work(engine) as session:
        settle(session, [pseudonym(BSN, b"p" * 43)])
        settle(session, ["J50"], gemeente="Enschede")
        bedrijf = {"leerbedrijf_id": BEDRIJF, "naam": "Kwekerij", "bron": "test"}
        store(session, "leerbedrijf", [bedrijf])
        add_account(session, FG, WACHTWOORD, [Rol.FUNCTIONARIS_GEGEVENSBESCHERMING])
        add_account(session, ANALIST, WACHTWOORD, [Rol.ANALIST])
    engine.dispose()
    return made


def entered(app: FastAPI, naam: str) -> PageClient:
    client = make_client(app)
    client.__enter__()
    answer = client.post(
        "/inloggen", data={"naam": naam, "wachtwoord": WACHTWOORD}, headers=OWN_SITE
    )
    assert answer.status_code == 303, answer.text
    return client


@pytest.fixture(scope="module")
def officer(app: FastAPI) -> Iterator[PageClient]:
    client = entered(app, FG)
    yield client
    client.__exit__()


@pytest.fixture(scope="module")
def coach(app: FastAPI) -> Iterator[PageClient]:
    client = entered(app, COACH)
    yield client
    client.__exit__()


def send(client: TestClient, path: str, **data: str) -> int:
    return client.post(path, data=data, headers=OWN_SITE).status_code


def test_an_inzage_shows_what_is_stored_and_who_looked(officer: PageClient) -> None:
    officer.read("/privacy/J3")
    shown = text_of(officer.read("/privacy/J3"))
    assert "Alles wat Vangnet over deze jongere weet" in shown
    assert "gemeente: Doetinchem" in shown
    assert "Kans op uitval" in shown
    assert "voor toezicht" in shown


def test_an_inzage_can_be_taken_along(officer: PageClient) -> None:
    told = officer.get("/privacy/J3/inzage.json")
    printed = officer.get("/privacy/J3/inzage.pdf")
    assert told.json()["jongere_id"] == "J3"
    assert "attachment" in told.headers["content-disposition"]
    assert printed.content.startswith(b"%PDF")


def test_a_person_is_found_by_number_without_the_number_in_an_address(
    officer: PageClient,
) -> None:
    answer = officer.post("/privacy", data={"zoek": BSN}, headers=OWN_SITE)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/privacy/{pseudonym(BSN, b'p' * 43)}"


@pytest.mark.parametrize("words", ["niemand", "111222333", ""])
def test_nobody_is_said_so_without_saying_what_was_typed(officer: PageClient, words: str) -> None:
    answer = officer.post("/privacy", data={"zoek": words}, headers=OWN_SITE)
    assert answer.status_code == 404
    assert "Niemand gevonden" in text_of(read(answer.text))


def test_a_jongere_of_another_region_is_not_found(officer: PageClient) -> None:
    for path in ("/privacy/J50", "/privacy/J50/inzage.json"):
        assert officer.get(path).status_code == 404
    for step in ("bezwaar", "zienswijze", "correctie", "verwijdering"):
        assert send(officer, f"/privacy/J50/{step}", tekst="x") == 404


def test_a_zienswijze_stands_on_the_page_of_the_person(coach: PageClient) -> None:
    said = "Ik was niet ziek maar had geen fiets."
    assert send(coach, "/privacy/J4/zienswijze", tekst=said, van="de jongere") == 303
    assert said in text_of(coach.read("/privacy/J4"))
    assert send(coach, "/privacy/J4/zienswijze", tekst="  ") == 400


def test_a_profile_is_released_when_both_say_so(coach: PageClient, settings: Settings) -> None:
    def is_shown() -> bool:
        engine = open_engine(settings.database, synchronous="OFF")
        with unit_of_work(engine, read_only=True) as session:
            shown = session.execute(released([BEDRIJF])).scalars().all()
        engine.dispose()
        return "J5" in shown

    path, bedrijf = "/privacy/J5/vrijgave", BEDRIJF
    assert send(coach, path, leerbedrijf_id="", van="jongere") == 400
    assert send(coach, path, leerbedrijf_id="999999999", van="jongere") == 400
    assert send(coach, path, leerbedrijf_id=bedrijf, van="jongere") == 303
    assert not is_shown()
    assert send(coach, path, leerbedrijf_id=bedrijf, van="coach") == 303
    assert is_shown()
    assert send(coach, path, leerbedrijf_id=bedrijf, van="jongere", stap="trek in") == 303
    assert not is_shown()


def test_an_objection_stands_on_the_page_until_it_is_taken_back(coach: PageClient) -> None:
    assert send(coach, "/privacy/J6/bezwaar", reden="") == 303
    assert "Geen score: bezwaar" in text_of(coach.read("/privacy/J6"))
    assert send(coach, "/privacy/J6/bezwaar", stap="trek in") == 303
    assert "Geen score: bezwaar" not in text_of(coach.read("/privacy/J6"))


def test_a_corrected_value_makes_earlier_suggestions_outdated(coach: PageClient) -> None:
    path = "/privacy/J7/correctie"
    wrong = coach.post(path, data={"gegeven": "jongere.postcode4", "waarde": "0"}, headers=OWN_SITE)
    assert wrong.status_code == 400
    assert send(coach, path, gegeven="jongere.woonplaats", waarde="Aalten", reden="verhuisd") == 303
    shown = text_of(coach.read("/privacy/J7"))
    assert "woonplaats: Aalten" in shown
    assert "verouderd" in shown


def test_only_who_may_erases_and_only_after_typing_the_word(
    officer: PageClient, coach: PageClient
) -> None:
    good = {"grond": "de jongere maakte bezwaar", "bevestiging": "verwijder"}
    assert send(coach, "/privacy/J9/verwijdering", **good) == 403
    assert send(officer, "/privacy/J9/verwijdering", **(good | {"bevestiging": ""})) == 400
    assert officer.get("/privacy/J9").status_code == 200
    assert send(officer, "/privacy/J9/verwijdering", **good) == 303
    assert officer.get("/privacy/J9").status_code == 404
    assert "de jongere maakte bezwaar" in text_of(officer.read("/privacy"))


def test_who_has_not_read_the_instruction_sees_no_inzage_but_can_carry_out_rights(
    app: FastAPI, settings: Settings
) -> None:
    engine = open_engine(settings.database, synchronous="OFF")
    with unit_of_work(engine) as session:
        made = create_gebruiker(session, "nieuw", WACHTWOORD, list(COACH_ROLLEN))
        organisaties = OrganisatieRepository(session)
        organisaties.put(made.id, [organisaties.find(REGIO)])
    client = entered(app, "nieuw")
    for path in ("/privacy/J8", "/privacy/J8/inzage.json", "/privacy/J8/inzage.pdf"):
        answer = client.get(path)
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/instructie")
    assert client.get("/privacy/J50").status_code == 404
    assert send(client, "/privacy/J8/bezwaar", reden="") == 303
    with unit_of_work(engine, read_only=True) as session:
        assert "J8" in bezwaren(session)
    engine.dispose()
    client.__exit__()


def test_the_terms_are_there_to_read(officer: PageClient) -> None:
    shown = text_of(officer.read("/privacy"))
    assert "Hoe lang wij bewaren" in shown
    assert "5 jaar. Vangnet leert van vier schooljaren" in shown


def test_an_analist_sees_nobody(app: FastAPI) -> None:
    client = entered(app, ANALIST)
    assert client.get("/privacy/J3").status_code == 403
    assert client.get("/privacy").status_code == 403
    client.__exit__()


def test_the_page_of_a_jongere_leads_to_the_inzage(coach: PageClient) -> None:
    assert 'href="/privacy/J3"' in coach.get("/jongeren/J3").text


def test_nothing_is_changed_from_another_site(coach: PageClient) -> None:
    answer = coach.post("/privacy/J3/bezwaar", data={}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_the_ledger_stands_beside_the_settings(settings: Settings, officer: PageClient) -> None:
    assert (Path(settings.data) / "verwijderingen.jsonl").exists()
