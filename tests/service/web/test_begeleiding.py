"""A coach gives a jongere a colleague as coach, who from then on may see this jongere."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from httpx2 import Response

from service.rechten.begrippen import Rol
from service.storage.engine import open_engine, unit_of_work
from tests.service.conftest import OWN_SITE, make_app, make_settings
from tests.service.fakes import FakeRegio
from tests.service.mensen import REGIO, add_account, add_regio, settle
from tests.service.web.conftest import PageClient, log_in, make_client, text_of

COLLEGA, VREEMD, BEHEER = "collega", "vreemdeling", "baas"
WACHTWOORD = "een ander lang en goed wachtwoord"
PLACE = "/jongeren/J4/begeleiding"


@dataclass
class Team:
    """A coach of the whole region, and a colleague of a gemeente where J4 does not live."""

    coach: PageClient
    collega: PageClient
    baas: PageClient

    def send(self, coach: str, stap: str, place: str = PLACE) -> Response:
        return self.coach.post(place, data={"coach": coach, "stap": stap}, headers=OWN_SITE)


@pytest.fixture
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    settings = make_settings(tmp_path_factory.mktemp("begeleiding")).model_copy(
        update={"tweede_factor": False}
    )
    app = make_app(settings, FakeRegio)
    engine = open_engine(settings.database, synchronous="OFF")
    with unit_of_work(engine) as session:
        add_regio(session, REGIO, ["Winterswijk"])
        add_regio(session, "Twente", ["Enschede"])
        settle(session, ["J50"], "Enschede")
        add_account(session, COLLEGA, WACHTWOORD, [Rol.LOOPBAANCOACH], ["Winterswijk"])
        add_account(session, VREEMD, WACHTWOORD, [Rol.LOOPBAANCOACH], ["Enschede"])
        add_account(session, BEHEER, WACHTWOORD, [Rol.BEHEERDER])
    engine.dispose()
    with make_client(app) as coach:
        log_in(coach)
        others = [make_client(app) for _ in range(2)]
        for client, naam in zip(others, (COLLEGA, BEHEER), strict=True):
            client.app_state.update(coach.app_state)
            form = {"naam": naam, "wachtwoord": WACHTWOORD}
            assert client.post("/inloggen", data=form, headers=OWN_SITE).status_code == 303
        yield Team(coach, *others)


def test_who_is_assigned_sees_the_jongere_until_it_ends(team: Team) -> None:
    assert team.collega.get("/jongeren/J4").status_code == 404

    assert team.send(COLLEGA, "begin").status_code == 303
    assert f"{COLLEGA} Stop" in text_of(team.coach.read(PLACE))
    assert team.collega.get("/jongeren/J4").status_code == 200
    assert team.collega.get("/jongeren/J5").status_code == 404

    assert team.send(COLLEGA, "einde").status_code == 303
    assert team.collega.get("/jongeren/J4").status_code == 404


def test_only_coaches_of_the_own_region_can_be_chosen(team: Team) -> None:
    shown = team.coach.get(PLACE).text

    assert f'value="{COLLEGA}"' in shown
    assert VREEMD not in shown
    assert BEHEER not in shown
    for other in (VREEMD, BEHEER, "niemand"):
        assert team.send(other, "begin").status_code == 404


def test_a_jongere_whom_the_coach_does_not_see_cannot_be_assigned(team: Team) -> None:
    place = "/jongeren/J50/begeleiding"

    assert team.coach.get(place).status_code == 404
    assert team.send(COLLEGA, "begin", place).status_code == 404


@pytest.mark.parametrize(("coach", "stap"), [("", "begin"), (COLLEGA, ""), (COLLEGA, "wis")])
def test_a_form_that_is_not_whole_changes_nothing(team: Team, coach: str, stap: str) -> None:
    assert team.send(coach, stap).status_code == 400
    assert team.collega.get("/jongeren/J4").status_code == 404


def test_only_who_may_change_jongeren_sees_the_screen_and_its_link(team: Team) -> None:
    assert team.baas.get(PLACE).status_code == 403
    assert f'href="{PLACE}"' in team.coach.get("/jongeren/J4").text
