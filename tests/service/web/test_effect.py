"""The screen on help: for analisten alone, with every answer and every refusal in words."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from models.effect import Weigering
from models.effect_checks import Balans, Overlap
from models.effect_vraag import Uitkomst, Vraag
from models.effect_zinnen import WEIGERINGEN
from service.effecten import FILE, keep, told
from service.rechten.begrippen import Rol
from service.storage.engine import open_engine, unit_of_work
from tests.service.conftest import OWN_SITE, make_app, make_settings
from tests.service.fakes import FakeRegio
from tests.service.mensen import add_account
from tests.service.test_effecten import DAY, FOUND, VRAAG
from tests.service.web.conftest import PageClient, log_in, make_client, text_of

ANALIST, BAAS = "analist", "baas"
WACHTWOORD = "een ander lang en goed wachtwoord"
BALANCE = (Balans("inschrijving_niveau", 0.91, 0.04),)


class People:
    """A coach and an analist of one service, and where its answers lie."""

    def __init__(self, folder: Path, coach: PageClient) -> None:
        self.folder = folder
        self.coach = coach

    def log_in(self, naam: str) -> PageClient:
        """Return a browser in which this account is logged in."""
        client = make_client(self.coach.app)  # type: ignore[arg-type]  # the app it was made of
        client.app_state.update(self.coach.app_state)
        form = {"naam": naam, "wachtwoord": WACHTWOORD}
        assert client.post("/inloggen", data=form, headers=OWN_SITE).status_code == 303
        return client


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    settings = make_settings(tmp_path_factory.mktemp("effect")).model_copy(
        update={"tweede_factor": False}
    )
    app = make_app(settings, FakeRegio)
    engine = open_engine(settings.database, synchronous="OFF")
    with unit_of_work(engine) as session:
        add_account(session, ANALIST, WACHTWOORD, [Rol.ANALIST])
        add_account(session, BAAS, WACHTWOORD, [Rol.BEHEERDER])
    engine.dispose()
    with make_client(app) as coach:
        log_in(coach)
        yield People(settings.models, coach)


def ask(people: People, *answers: tuple[Vraag, Weigering | None]) -> str:
    (people.folder / FILE).unlink(missing_ok=True)
    keep(
        people.folder,
        [
            told(
                vraag, replace(FOUND, weigering=why, overlap=Overlap(0, 400, 1, 0, 1, BALANCE)), DAY
            )
            for vraag, why in answers
        ],
    )
    return text_of(people.log_in(ANALIST).read("/effect"))


def test_only_an_analist_may_look(people: People) -> None:
    assert people.coach.get("/effect").status_code == 403
    assert people.log_in(BAAS).get("/effect").status_code == 403
    assert people.log_in(ANALIST).get("/effect").status_code == 200


def test_before_anything_was_asked_the_screen_says_how(people: People) -> None:
    (people.folder / FILE).unlink(missing_ok=True)

    assert "vangnet effect" in text_of(people.log_in(ANALIST).read("/effect"))


def test_an_answer_is_drawn_told_and_in_a_table(people: People) -> None:
    shown = ask(people, (VRAAG, None), (replace(VRAAG, uitkomst=Uitkomst.PLAATSING), None))

    assert "De hulp lijkt te werken." in shown
    assert "Uitval met hulp, vergeleken met zonder" in shown
    assert "-13" in shown
    assert "niveau van de mbo-opleiding" in shown
    assert "0,91" in shown


def test_a_refusal_is_told_with_its_reason_and_not_drawn(people: People) -> None:
    shown = ask(people, (VRAAG, Weigering.HELE_SCHOOL))

    assert WEIGERINGEN[Weigering.HELE_SCHOOL] in shown
    assert "In één beeld" not in shown
    assert "lijkt te werken" not in shown
