"""The screens of an account, each read for good HTML on its way."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine

from service.aanmelden.accounts import create_gebruiker, make_setup_link
from service.rechten.begrippen import Handeling, Rol
from service.storage.engine import unit_of_work
from service.web.aanmelden.woorden import ROLLEN, recht_tekst
from tests.service.conftest import OWN_SITE, WACHTWOORD
from tests.service.mensen import add_account
from tests.service.web.conftest import PageClient, make_client

NEW = "iets heel anders bedacht"
SECRET = re.compile(r'<code class="secret">([A-Z2-7]{32})</code>')
RECOVERY = re.compile(r'<code class="secret">([a-z2-7-]{29})</code>')
TOKEN = re.compile(r'<code class="secret">(vangnet_\S+)</code>')


@pytest.fixture
def somebody(app: FastAPI) -> Iterator[PageClient]:
    """Somebody with a browser, who is not logged in."""
    with make_client(app) as client:
        yield client


def store(client: PageClient) -> Engine:
    engine: Engine = client.app_state["installation"].engine
    return engine


def add(client: PageClient, naam: str, *rollen: str) -> None:
    with unit_of_work(store(client)) as session:
        add_account(session, naam, WACHTWOORD, rollen)


def enter(client: PageClient, naam: str, wachtwoord: str = WACHTWOORD) -> str:
    """Give name and password; return where the browser goes then."""
    form = {"naam": naam, "wachtwoord": wachtwoord}
    answer = client.post("/inloggen", data=form, headers=OWN_SITE)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def send(client: PageClient, path: str, **form: str | list[str]) -> tuple[int, str]:
    answer = client.post(path, data=form, headers=OWN_SITE)
    return answer.status_code, answer.text


def code_of(secret: str, later: int = 0) -> str:
    return pyotp.TOTP(secret).at(datetime.now(UTC) + timedelta(seconds=later))


def test_a_setup_link_leads_from_a_password_to_the_login_form(somebody: PageClient) -> None:
    with unit_of_work(store(somebody)) as session:
        create_gebruiker(session, "nieuw", None, ["loopbaancoach"])
        link = make_setup_link(session, "nieuw", key=b"s" * 43, now=datetime.now(UTC))
    assert somebody.get(f"/inrichten?link={link}").status_code == 200
    unequal = send(somebody, "/inrichten", link=link, wachtwoord=WACHTWOORD, nogmaals="anders")
    weak = send(somebody, "/inrichten", link=link, wachtwoord="welkom" * 4, nogmaals="welkom" * 4)
    form = {"link": link, "wachtwoord": WACHTWOORD, "nogmaals": WACHTWOORD}
    done = somebody.post("/inrichten", data=form, headers=OWN_SITE)

    assert (unequal[0], "niet gelijk" in unequal[1]) == (400, True)
    assert (weak[0], "te makkelijk te raden" in weak[1]) == (400, True)
    assert done.headers["location"] == "/inloggen?klaar=true"
    assert "Uw wachtwoord is bewaard" in somebody.get("/inloggen?klaar=true").text
    assert enter(somebody, "nieuw") == "/jongeren"
    again = somebody.get(f"/inrichten?link={link}")
    assert (again.status_code, "Deze link werkt niet meer" in again.text) == (404, True)


def test_a_beheerder_sets_up_a_second_step_before_the_first_page(somebody: PageClient) -> None:
    add(somebody, "baas", "beheerder")
    step = enter(somebody, "baas")
    assert step.startswith("/inloggen/tweede-stap")
    assert somebody.get("/mijn-account").status_code == 303
    shown = somebody.get(step).text
    found = SECRET.search(shown)
    assert found is not None
    assert "<svg" in shown
    wrong = send(somebody, "/inloggen/tweede-stap/instellen", code="000000")
    assert (wrong[0], "Deze code klopt niet" in wrong[1]) == (400, True)
    done = send(somebody, "/inloggen/tweede-stap/instellen", code=code_of(found[1]))
    codes = RECOVERY.findall(done[1])

    assert (done[0], len(codes)) == (200, 10)
    assert "beheerder" in somebody.get("/mijn-account").text
    somebody.post("/uitloggen", headers=OWN_SITE)
    assert enter(somebody, "baas").startswith("/inloggen/tweede-stap")
    assert "herstelcode" in somebody.get("/inloggen/tweede-stap").text
    assert send(somebody, "/inloggen/tweede-stap", code=codes[0])[0] == 303
    assert somebody.get("/mijn-account").status_code == 200


def test_who_did_not_give_a_password_gets_no_second_step(somebody: PageClient) -> None:
    assert somebody.get("/inloggen/tweede-stap").headers["location"].startswith("/inloggen?")
    assert send(somebody, "/inloggen/tweede-stap", code="000000")[0] == 303
    assert send(somebody, "/inloggen/tweede-stap/instellen", code="000000")[0] == 303


def test_somebody_changes_the_own_password(somebody: PageClient) -> None:
    add(somebody, "anna", "loopbaancoach")
    enter(somebody, "anna")
    path, old = "/mijn-account/wachtwoord", somebody.cookies["vangnet"]
    wrong = send(somebody, path, huidig="fout", wachtwoord=NEW, nogmaals=NEW)
    short = send(somebody, path, huidig=WACHTWOORD, wachtwoord="kort", nogmaals="kort")
    unequal = send(somebody, path, huidig=WACHTWOORD, wachtwoord=NEW, nogmaals="x")
    done = send(somebody, path, huidig=WACHTWOORD, wachtwoord=NEW, nogmaals=NEW)

    assert (wrong[0], "niet uw wachtwoord van nu" in wrong[1]) == (400, True)
    assert (short[0], "te kort" in short[1]) == (400, True)
    assert (unequal[0], "niet gelijk" in unequal[1]) == (400, True)
    assert done[0] == 303
    assert somebody.get("/mijn-account").status_code == 200
    somebody.cookies.clear()
    somebody.cookies.set("vangnet", old)
    assert somebody.get("/mijn-account").status_code == 303


def test_somebody_takes_a_second_step_and_lets_it_go(somebody: PageClient) -> None:
    add(somebody, "bram", "loopbaancoach")
    enter(somebody, "bram")
    found = SECRET.search(somebody.get("/mijn-account/tweede-stap").text)
    assert found is not None
    path = "/mijn-account/tweede-stap"
    wrong = send(somebody, path, wachtwoord="fout", code=code_of(found[1]))
    done = send(somebody, path, wachtwoord=WACHTWOORD, code=code_of(found[1]))

    assert wrong[0] == 400
    assert (done[0], len(RECOVERY.findall(done[1]))) == (200, 10)
    assert "nog 10 herstelcodes" in somebody.get("/mijn-account").text
    assert somebody.get(path).status_code == 303
    assert send(somebody, f"{path}/weg", wachtwoord=WACHTWOORD, code="000000")[0] == 400
    assert (
        send(somebody, f"{path}/weg", wachtwoord=WACHTWOORD, code=code_of(found[1], 30))[0] == 303
    )
    assert enter(somebody, "bram") == "/jongeren"


def test_a_token_is_shown_once_opens_the_api_and_closes_when_revoked(
    app: FastAPI, somebody: PageClient
) -> None:
    add(somebody, "carla", "loopbaancoach")
    enter(somebody, "carla")
    path = "/mijn-account/tokens"
    refused = send(somebody, path, naam="x", dagen="91", recht=["risico_lezen"])
    foreign = send(somebody, path, naam="x", dagen="30", recht=["audit_lezen"])
    made = send(somebody, path, naam="koppeling", dagen="30", recht=["risico_lezen"])
    found = TOKEN.search(made[1])
    assert found is not None
    listed = somebody.get("/mijn-account").text
    bearer = {"Authorization": f"Bearer {found[1]}"}
    with make_client(app) as program:
        allowed = program.get("/api/v1/jongeren", headers=bearer)
        outside = program.get("/api/v1/matchtafels", headers=bearer)
        account = program.get("/mijn-account", headers=bearer)
        revoked = send(somebody, f"{path}/{token_id(listed)}/intrekken")[0]
        after = program.get("/api/v1/jongeren", headers=bearer)

    assert (refused[0], foreign[0]) == (400, 400)
    assert found[1] not in listed
    assert "koppeling" in listed
    assert (allowed.status_code, outside.status_code, account.status_code) == (200, 403, 403)
    assert (revoked, after.status_code) == (303, 401)
    assert 'error="invalid_token"' in after.headers["www-authenticate"]
    assert after.headers["content-type"] == "application/problem+json"
    assert "Ingetrokken op" in somebody.get("/mijn-account").text


def token_id(listed: str) -> str:
    found = re.search(r"/mijn-account/tokens/(\d+)/intrekken", listed)
    assert found is not None
    return found[1]


def test_the_account_of_another_is_out_of_reach(somebody: PageClient) -> None:
    add(somebody, "dirk", "loopbaancoach")
    add(somebody, "els", "loopbaancoach")
    enter(somebody, "dirk")
    send(somebody, "/mijn-account/tokens", naam="x", dagen="30", recht=["risico_lezen"])
    own = token_id(somebody.get("/mijn-account").text)
    enter(somebody, "els")

    assert send(somebody, f"/mijn-account/tokens/{own}/intrekken")[0] == 404


def test_without_login_the_account_asks_to_log_in(somebody: PageClient) -> None:
    assert somebody.get("/mijn-account").headers["location"] == "/inloggen?volgende=/mijn-account"


def test_without_an_identity_provider_there_is_no_such_login(somebody: PageClient) -> None:
    assert somebody.get("/inloggen/organisatie").status_code == 404
    assert somebody.get("/inloggen/terug?state=x&code=y").status_code == 404
    assert "organisatie" not in somebody.get("/inloggen").text.split("<main")[1]


def test_every_role_and_right_has_words_of_its_own() -> None:
    assert set(ROLLEN) == set(Rol)
    words = [recht_tekst(one) for one in Handeling]
    assert len(set(words)) == len(words)
    assert not any("_" in one for one in words)
