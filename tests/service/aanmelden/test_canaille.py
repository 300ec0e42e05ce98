"""Logging in at a real identity provider, as a browser does it."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import Engine

from service.aanmelden.accounts import create_gebruiker, make_setup_link
from service.aanmelden.oidc import link_person
from service.aanmelden.provider import TERUG, Persoon
from service.storage.engine import unit_of_work
from service.storage.gebruiker import GebruikerRepository
from tests.service.aanmelden.people import NOW
from tests.service.conftest import OWN_SITE, make_app, make_settings
from tests.service.fakes import FakeRegio

SITE = "http://127.0.0.1:8400"
START_SECONDS = 60.0
SERVER = Path(__file__).with_name("canaille_server.py")


class Form(HTMLParser):
    """The fields of the last form of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a form, or read a field."""
        found = dict(attrs)
        if tag == "form":
            self.fields = {}
        if tag in {"input", "button"} and found.get("name"):
            self.fields[str(found["name"])] = found.get("value") or ""


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, str(SERVER), str(port), SITE + TERUG]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603  # our own program
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{address}/.well-known/openid-configuration")
        yield address
    finally:
        process.kill()
        process.wait()


def wait_for(address: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            if httpx2.get(address).status_code == 200:
                return
        except httpx2.HTTPError:
            time.sleep(0.1)
    raise TimeoutError(address)


@pytest.fixture(scope="module")
def site(issuer: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings = make_settings(tmp_path_factory.mktemp("oidc")).model_copy(
        update={
            "oidc_issuer": issuer,
            "oidc_client_id": "vangnet",
            "oidc_client_secret": SecretStr("geheim-van-vangnet"),
            "public_url": SITE,
        }
    )
    with TestClient(make_app(settings, FakeRegio), base_url=SITE, follow_redirects=False) as client:
        yield client


@pytest.fixture
def store(site: TestClient) -> Engine:
    site.cookies.clear()
    engine: Engine = site.app_state["installation"].engine
    return engine


def log_in_there(address: str, naam: str) -> str:
    """Log in at the provider from its address on; return where it sends the browser back."""
    with httpx2.Client(follow_redirects=False) as browser:
        answer = browser.get(address)
        for _ in range(12):
            location = answer.headers.get("location", "")
            if location.startswith(SITE):
                return location.removeprefix(SITE)
            if location:
                answer = browser.get(answer.url.join(location))
                continue
            form = Form()
            form.feed(answer.text)
            known = {"login": naam, "password": "een lang en goed wachtwoord", "answer": "accept"}
            data = {name: known.get(name, value) for name, value in form.fields.items()}
            answer = browser.post(answer.url, data=data)
    raise AssertionError(answer.text)


def leave(site: TestClient, query: str = "") -> str:
    """Ask to log in at the organisation; return the address of the provider."""
    answer = site.get(f"/inloggen/organisatie{query}")
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_a_person_with_an_account_here_logs_in_there(
    site: TestClient, store: Engine, issuer: str
) -> None:
    with unit_of_work(store) as session:
        made = create_gebruiker(session, "oidc-coach", None, ["loopbaancoach"])
        link_person(session, made, Persoon(issuer, "jansen"), NOW)
    back = site.get(log_in_there(leave(site, "?volgende=/mijn-account"), "jansen"))
    shown = site.get("/mijn-account")

    assert (back.status_code, back.headers["location"]) == (303, "/mijn-account")
    assert shown.status_code == 200
    assert "oidc-coach" in shown.text
    assert "U logt in via uw organisatie" in shown.text


def test_a_person_without_an_account_here_is_told_whom_to_ask(
    site: TestClient, store: Engine
) -> None:
    answer = site.get(log_in_there(leave(site), "devries"))

    assert answer.status_code == 403
    assert "Vraag de beheerder van Vangnet om een link" in answer.text
    assert site.get("/mijn-account").status_code == 303


def test_a_setup_link_links_the_person_who_comes_back_and_works_once(
    site: TestClient, store: Engine
) -> None:
    with unit_of_work(store) as session:
        made = create_gebruiker(session, "nieuw", None, ["loopbaancoach"])
        link = make_setup_link(session, "nieuw", key=b"s" * 43, now=datetime.now(UTC))
    assert f"/inloggen/organisatie?link={link}" in site.get(f"/inrichten?link={link}").text
    answer = site.get(log_in_there(leave(site, f"?link={link}"), "devries"))

    assert answer.status_code == 303
    assert "nieuw" in site.get("/mijn-account").text
    assert site.get(f"/inrichten?link={link}").status_code == 404
    with unit_of_work(store, read_only=True) as session:
        assert GebruikerRepository(session).get(made.id).wachtwoord_op is None


def test_an_answer_that_was_used_opens_nothing_again(
    site: TestClient, store: Engine, issuer: str
) -> None:
    back = log_in_there(leave(site), "jansen")
    first = site.get(back)
    again = site.get(back)

    assert first.status_code == 303
    assert again.status_code == 401
    assert "Begin opnieuw met inloggen" in again.text


def test_an_answer_opens_nothing_in_the_browser_of_another(site: TestClient, store: Engine) -> None:
    back = log_in_there(leave(site), "jansen")
    site.cookies.clear()

    assert site.get(back).status_code == 401
    assert site.get("/mijn-account").status_code == 303


def test_what_is_sent_to_the_provider_holds_pkce_nonce_and_state(site: TestClient) -> None:
    query = dict(part.split("=", 1) for part in urlsplit(leave(site)).query.split("&"))

    assert query["code_challenge_method"] == "S256"
    assert query["response_type"] == "code"
    assert query["scope"] == "openid"
    assert len(query["code_challenge"]) == 43
    assert len(query["state"]) >= 43
    assert len(query["nonce"]) >= 43


def test_the_login_form_offers_both_ways(site: TestClient) -> None:
    site.cookies.clear()
    shown = site.get("/inloggen")
    local = site.post(
        "/inloggen",
        data={"naam": "coach", "wachtwoord": "een lang en goed wachtwoord"},
        headers=OWN_SITE,
    )

    assert "log in via uw organisatie" in shown.text
    assert local.status_code == 303
