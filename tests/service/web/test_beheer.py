"""People and roles on screen: a beheerder makes, changes and closes accounts of the own region."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from fastapi import FastAPI
from httpx2 import Response
from sqlalchemy import Engine

from service.rechten.begrippen import Rol
from service.storage.engine import open_engine, unit_of_work
from service.storage.gebruiker import Gebruiker, GebruikerRepository
from service.storage.organisatie import OrganisatieRepository
from service.storage.tweede_factor import TweedeFactorRepository
from tests.service.conftest import NAAM, OWN_SITE, make_app, make_settings
from tests.service.fakes import FakeRegio
from tests.service.mensen import GEMEENTE, REGIO, add_account, add_regio
from tests.service.web.conftest import PageClient, log_in, make_client, text_of
from tests.service.web.html import read

BAAS, VREEMD, LIST = "baas", "vreemdeling", "/beheer/gebruikers"
WACHTWOORD = "een ander lang en goed wachtwoord"
COACH = {"rol": [Rol.LOOPBAANCOACH.value], "organisatie": [GEMEENTE]}
LINK = re.compile(r"/inrichten\?link=[\w-]+")


@dataclass
class Beheer:
    """A running service with a beheerder who is logged in."""

    app: FastAPI
    engine: Engine
    baas: PageClient

    def client(self, naam: str = "", wachtwoord: str = WACHTWOORD) -> PageClient:
        """Return a browser, logged in when a name is given."""
        made = make_client(self.app)
        made.app_state.update(self.baas.app_state)
        if naam:
            form = {"naam": naam, "wachtwoord": wachtwoord}
            assert made.post("/inloggen", data=form, headers=OWN_SITE).status_code == 303
        return made

    def send(self, path: str, **fields: str | list[str]) -> Response:
        return self.baas.post(path, data=fields, headers=OWN_SITE)

    def find(self, naam: str) -> Gebruiker:
        with unit_of_work(self.engine, read_only=True) as session:
            found = GebruikerRepository(session).find(naam)
        assert found is not None
        return found

    def page_of(self, naam: str) -> str:
        return f"{LIST}/{self.find(naam).id}"

    def organisaties(self, naam: str) -> list[str]:
        with unit_of_work(self.engine, read_only=True) as session:
            return [one.naam for one in OrganisatieRepository(session).of(self.find(naam).id)]


@pytest.fixture(scope="module")
def beheer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Beheer]:
    settings = make_settings(tmp_path_factory.mktemp("beheer")).model_copy(
        update={"tweede_factor": False}
    )
    app = make_app(settings, FakeRegio)
    engine = open_engine(settings.database, synchronous="OFF")
    with unit_of_work(engine) as session:
        add_regio(session, "Twente", ["Enschede"])
        add_account(session, BAAS, WACHTWOORD, [Rol.BEHEERDER])
        add_account(session, VREEMD, WACHTWOORD, [Rol.LOOPBAANCOACH], ["Twente"])
    with make_client(app) as baas:
        made = Beheer(app, engine, baas)
        form = {"naam": BAAS, "wachtwoord": WACHTWOORD}
        assert baas.post("/inloggen", data=form, headers=OWN_SITE).status_code == 303
        yield made
    engine.dispose()


def test_a_new_account_gets_a_link_that_is_shown_once_and_opens_it(beheer: Beheer) -> None:
    shown = beheer.send(LIST, naam="anna", **COACH)
    link = LINK.search(shown.text)
    assert link is not None
    assert "link=" not in beheer.baas.get(LIST).text
    assert "link=" not in beheer.baas.get(beheer.page_of("anna")).text

    visitor = beheer.client()
    secret = link[0].split("=")[1]
    form = {"link": secret, "wachtwoord": WACHTWOORD, "nogmaals": WACHTWOORD}
    assert visitor.post("/inrichten", data=form, headers=OWN_SITE).status_code == 303
    assert beheer.client("anna").get("/mijn-account").status_code == 200
    assert beheer.find("anna").rollen == (Rol.LOOPBAANCOACH,)
    assert beheer.organisaties("anna") == [GEMEENTE]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"naam": "", **COACH}, "Vul een naam in"),
        ({"naam": "x" * 101, **COACH}, "Vul een naam in"),
        ({"naam": "bert\x07", **COACH}, "Vul een naam in"),
        ({"naam": NAAM, **COACH}, "al een account"),
        ({"naam": "bert", "rol": COACH["rol"]}, "minstens één rol en één organisatie"),
        ({"naam": "bert", "organisatie": [GEMEENTE]}, "minstens één rol en één organisatie"),
        ({"naam": "bert", "rol": ["baas"], "organisatie": [GEMEENTE]}, "minstens één rol"),
        ({"naam": "bert", "rol": COACH["rol"], "organisatie": ["Enschede"]}, "minstens één rol"),
    ],
)
def test_an_account_that_is_not_whole_is_not_made(
    beheer: Beheer, fields: dict[str, str | list[str]], told: str
) -> None:
    before = beheer.find(NAAM)
    answer = beheer.send(LIST, **fields)

    assert answer.status_code == 400
    assert told in text_of(read(answer.text))
    assert beheer.find(NAAM) == before
    with unit_of_work(beheer.engine, read_only=True) as session:
        assert GebruikerRepository(session).find("bert") is None


def test_other_roles_count_at_the_next_request_and_end_the_session(beheer: Beheer) -> None:
    beheer.send(LIST, naam="carla", **COACH)
    with unit_of_work(beheer.engine) as session:
        add_account(session, "carla", WACHTWOORD, [Rol.LOOPBAANCOACH], [GEMEENTE])
    carla = beheer.client("carla")
    assert carla.get("/jongeren").status_code in {200, 303}

    wanted = {"rol": [Rol.ANALIST.value, Rol.BEHEERDER.value], "organisatie": [REGIO]}
    answer = beheer.send(beheer.page_of("carla"), stap="rechten", **wanted)

    assert answer.status_code == 303
    assert set(beheer.find("carla").rollen) == {Rol.ANALIST, Rol.BEHEERDER}
    assert beheer.organisaties("carla") == [REGIO]
    assert carla.get("/mijn-account").headers["location"].startswith("/inloggen")


def test_a_closed_account_is_out_at_once_and_can_be_opened(beheer: Beheer) -> None:
    coach = beheer.client()
    log_in(coach)
    assert coach.get("/mijn-account").status_code == 200
    place = beheer.page_of(NAAM)

    assert beheer.send(place, stap="sluit").status_code == 303
    assert coach.get("/mijn-account").status_code == 303
    assert log_in(coach).status_code == 400
    assert "gesloten" in text_of(beheer.baas.read(place))

    assert beheer.send(place, stap="open").status_code == 303
    assert log_in(coach).status_code == 303


def test_a_second_step_of_who_lost_a_phone_is_taken_away(beheer: Beheer) -> None:
    with unit_of_work(beheer.engine) as session:
        dirk = add_account(session, "dirk", WACHTWOORD, [Rol.LOOPBAANCOACH], [GEMEENTE])
        TweedeFactorRepository(session).put(dirk, b"geheim")
    place = beheer.page_of("dirk")
    assert "Haal de tweede stap weg" in beheer.baas.get(place).text

    assert beheer.send(place, stap="tweede stap").status_code == 303

    assert "Haal de tweede stap weg" not in beheer.baas.get(place).text
    with unit_of_work(beheer.engine, read_only=True) as session:
        assert TweedeFactorRepository(session).find(dirk) is None


def test_a_new_link_can_be_made_for_who_forgot_the_password(beheer: Beheer) -> None:
    beheer.send(LIST, naam="eva", **COACH)
    first, second = (beheer.send(beheer.page_of("eva"), stap="link") for _ in range(2))

    assert LINK.findall(first.text) != LINK.findall(second.text)
    assert len(LINK.findall(second.text)) == 1


def test_nobody_changes_the_own_account_here(beheer: Beheer) -> None:
    place, before = beheer.page_of(BAAS), beheer.find(BAAS)
    for stap in ("rechten", "sluit", "link", "tweede stap"):
        answer = beheer.send(place, stap=stap, **COACH)
        assert answer.status_code == 400
        assert "andere beheerder" in answer.text
    assert beheer.find(BAAS) == before


def test_an_account_of_another_region_is_as_if_it_did_not_exist(beheer: Beheer) -> None:
    place, before = beheer.page_of(VREEMD), beheer.find(VREEMD)

    assert VREEMD not in beheer.baas.get(LIST).text
    assert "Enschede" not in beheer.baas.get(LIST).text
    assert beheer.baas.get(place).status_code == 404
    assert beheer.send(place, stap="sluit").status_code == 404
    assert beheer.baas.get(f"{LIST}/999").status_code == 404
    assert beheer.find(VREEMD) == before


def test_what_is_not_known_is_refused_and_changes_nothing(beheer: Beheer) -> None:
    place, before = beheer.page_of(NAAM), beheer.find(NAAM)

    assert beheer.send(place, stap="wis").status_code == 400
    assert beheer.send(place, stap="rechten").status_code == 400
    assert beheer.find(NAAM) == before


def test_only_a_beheerder_sees_the_screens_and_their_link_in_the_menu(beheer: Beheer) -> None:
    coach = beheer.client()
    log_in(coach)

    assert coach.get(LIST).status_code == 403
    assert coach.post(LIST, data={"naam": "x"}, headers=OWN_SITE).status_code == 403
    assert 'href="/beheer"' not in coach.get("/mijn-account").text
    assert 'href="/beheer"' in beheer.baas.get("/mijn-account").text
    assert f'href="{LIST}"' in beheer.baas.get("/beheer").text
