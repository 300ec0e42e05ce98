"""From an empty store to the first list: which step is done, which comes now."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine

from service.app import create_app
from service.errors import NoDataError
from service.rechten.begrippen import OrganisatieSoort, Rol
from service.storage.engine import unit_of_work
from service.storage.organisatie import OrganisatieRepository
from service.web.eerstegebruik import KLAAR, LATER, NU, Stand, steps
from tests.databases import open_migrated
from tests.service.conftest import OWN_SITE, WACHTWOORD, make_settings
from tests.service.fakes import FakeRegio
from tests.service.mensen import REGIO, add_account, add_regio, settle
from tests.service.rechten.wereld import make_wereld
from tests.service.web.conftest import PageClient, make_client, text_of

BAAS = "baas"


def no_regio() -> FakeRegio:
    raise NoDataError("jongeren")


@dataclass
class Nieuw:
    """A new organisation: a region, one beheerder, and nothing else."""

    app: FastAPI
    engine: Engine
    client: PageClient

    def standen(self) -> list[str]:
        reader = self.client.read("/begin")
        tags = [one.text for one in reader.all("span") if "tag" in one.attributes.get("class", "")]
        return [tag.strip() for tag in tags]


def make_empty_app(folder: Path) -> tuple[FastAPI, Engine]:
    """Return the service of a new organisation, and its store."""
    settings = make_settings(folder)
    engine = open_migrated(settings.database)
    with unit_of_work(engine) as session:
        add_regio(session, gemeenten=())
        add_account(session, BAAS, WACHTWOORD, [Rol.BEHEERDER], [REGIO])
    return create_app(
        settings.model_copy(update={"tweede_factor": False}), load_regio=no_regio
    ), engine


@pytest.fixture
def nieuw(tmp_path: Path) -> Iterator[Nieuw]:
    app, engine = make_empty_app(tmp_path)
    with make_client(app) as client:
        form = {"naam": BAAS, "wachtwoord": WACHTWOORD, "volgende": ""}
        assert client.post("/inloggen", data=form, headers=OWN_SITE).status_code == 303
        yield Nieuw(app, engine, client)
    engine.dispose()


def test_a_new_organisation_begins_with_colleagues_and_every_step_is_there(nieuw: Nieuw) -> None:
    assert nieuw.standen() == [KLAAR, NU, LATER, LATER, LATER, LATER, LATER, LATER]
    text = text_of(nieuw.client.read("/begin"))
    assert "1 van 8 stappen klaar" in text
    assert "vangnet demo --data demo" in text


def test_every_empty_screen_leads_to_the_steps(nieuw: Nieuw) -> None:
    assert nieuw.client.get("/jongeren").headers["location"] == "/beheer"
    for path in ("/beheer", "/leerwerkplekken", "/importen", "/koppelingen"):
        assert 'href="/begin"' in nieuw.client.get(path).text, path


def test_only_the_ticked_schools_and_gemeenten_become_organisations_of_the_own_region(
    nieuw: Nieuw,
) -> None:
    with unit_of_work(nieuw.engine) as session:
        settle(session, ["J1"], "Doetinchem")
        settle(session, ["J2"], "Enschede")
    assert "Enschede" in text_of(nieuw.client.read("/begin"))

    def send(regio: str) -> int:
        form = {"regio": regio, "organisatie": ["gemeente:Doetinchem", "school:bestaat niet"]}
        answer = nieuw.client.post("/begin/organisaties", data=form, headers=OWN_SITE)
        return answer.status_code

    assert send("Twente") == 404
    assert send(REGIO) == 303

    with unit_of_work(nieuw.engine, read_only=True) as session:
        found = {one.naam: one for one in OrganisatieRepository(session).all()}
    assert set(found) == {REGIO, "Doetinchem"}
    assert (found["Doetinchem"].soort, found["Doetinchem"].regio) == (
        OrganisatieSoort.GEMEENTE,
        REGIO,
    )
    assert nieuw.standen()[4] == KLAAR


def test_the_first_undone_step_is_now_and_what_is_done_stays_done() -> None:
    def stand(**other: object) -> Stand:
        nothing: dict[str, object] = {
            "regios": (REGIO,),
            "collegas": 0,
            "analisten": 0,
            "uitnodigingen": 0,
            "bestanden": 0,
            "laatste": None,
            "met_fouten": (),
            "organisaties": 0,
            "zonder_organisatie": {},
            "woorden": 0,
            "modellen": False,
            "lijst": False,
        }
        return Stand(**{**nothing, **other})  # type: ignore[arg-type]  # built by name

    def told(one: Stand) -> list[str]:
        return [step.stand for step in steps(one)]

    assert told(stand(bestanden=3)) == [KLAAR, NU, KLAAR, KLAAR, LATER, KLAAR, LATER, LATER]
    assert told(stand(collegas=1, bestanden=1, woorden=2)) == [
        *[KLAAR] * 4,
        NU,
        *[LATER] * 3,
    ]
    one, two = (steps(stand(analisten=n))[-1] for n in (1, 2))
    assert "U hebt 1 analist, er zijn er twee nodig." in one.tekst
    assert (bool(one.knop), bool(two.knop)) == (True, False)
    done = stand(collegas=1, bestanden=1, organisaties=1, modellen=True, lijst=True)
    assert set(told(done)) == {KLAAR}


def test_the_start_page_counts_what_waits_and_only_a_beheerder_sees_it(tmp_path: Path) -> None:
    wereld = make_wereld(tmp_path)
    with make_client(wereld.app) as client:
        client.cookies.update(wereld.enter(Rol.BEHEERDER))
        text = text_of(client.read("/beheer"))
        assert "Geen open uitnodigingen." in text
        assert "Nog niet nagekeken" in text
        assert "Enschede" not in text_of(client.read("/begin"))
        client.cookies.clear()
        client.cookies.update(wereld.enter(Rol.LOOPBAANCOACH))
        assert {client.get(path).status_code for path in ("/beheer", "/begin")} == {403}
    wereld.engine.dispose()
