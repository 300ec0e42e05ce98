"""The screens of models: what scores, what waits, and why somebody may not approve."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from http import HTTPStatus
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from models.gate import Bevinding, Kleur, Regel
from models.store import OORDEEL_FILE, ModelStore
from service.evaluatie.plaats import FOLDER, HTML_FILE
from service.rechten.begrippen import Rol
from service.storage.engine import unit_of_work
from service.storage.groepstoets import GroepstoetsRepository, Toetssoort
from service.web.modelzinnen import bevinding_zin
from tests.service.besloten import uneven
from tests.service.conftest import OWN_SITE, make_settings
from tests.service.modelbeheer.conftest import judged
from tests.service.promoveren import REDEN, TRAINER, add_analisten, full_training, offer
from tests.service.rechten.wereld import Wereld, make_wereld
from tests.service.web.html import find_problems

Offer = Callable[..., str]
PROXY = {"kenmerk": "geslacht", "waarde": "vrouw", "kolom": "samen", "auc": 0.81, "grens": 0.75}
PROXY |= {"n": 900, "binnen": 400, "telt": True, "reden": "", "rood": True}


@pytest.fixture(scope="module")
def wereld(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wereld]:
    made = make_wereld(tmp_path_factory.mktemp("modellen"))
    with unit_of_work(made.engine) as session:
        add_analisten(session)
    yield made
    made.engine.dispose()


@pytest.fixture(scope="module")
def aanbod(wereld: Wereld) -> Offer:
    """Offer a version on which the gate says something; return its page."""
    settings = make_settings(Path(wereld.engine.url.database or "").parent)
    models = ModelStore(settings.tracking, settings.models)

    def new(
        kleur: Kleur | None = Kleur.GROEN, *, trainer: str = TRAINER, full: bool = False
    ) -> str:
        training = full_training() if full else judged(kleur)
        return f"/modellen/plaatsing-{offer(wereld.engine, models, training, trainer)}"

    return new


@pytest.fixture(scope="module")
def analist(wereld: Wereld) -> Iterator[TestClient]:
    cookie = "; ".join(f"{k}={v}" for k, v in wereld.enter(Rol.ANALIST).items())
    with TestClient(
        wereld.app, follow_redirects=False, headers={"Cookie": cookie} | OWN_SITE
    ) as client:
        yield client


def test_before_any_training_the_page_says_what_to_do(analist: TestClient) -> None:
    html = analist.get("/modellen").text

    assert "vangnet train --door NAAM" in html
    assert find_problems(html) == []


def test_a_version_shows_its_card_charts_groups_and_findings(
    analist: TestClient, aanbod: Offer
) -> None:
    html = analist.get(aanbod(full=True)).text

    assert find_problems(html) == []
    assert "Komen de kansen uit?" in html
    assert "Wie wordt gevonden, per onderwijssoort" in html
    assert "Een reden is geen oorzaak." in html
    assert "Betaalde plekken bij de eerste vijf" in html
    assert "Leerweg BOL: betaalde plekken staan 0,7 keer zo vaak bij de eerste vijf" in html
    assert "style=" not in html


def test_tests_of_groups_stand_on_the_page_of_the_version_that_they_are_of(
    wereld: Wereld, analist: TestClient, aanbod: Offer
) -> None:
    place, other = aanbod(full=True), aanbod(full=True)
    kaart = full_training().card
    apart = {"groepen": kaart["groepen"], "groepen_te_klein": 1, "oordeel": kaart["oordeel"]}
    for soort, uitkomst in (
        (Toetssoort.NA_BESLUIT, uneven().described()),
        (
            Toetssoort.BESCHERMD,
            {**apart, "na_besluit": uneven().described(), "proxies": {"regels": [PROXY]}},
        ),
    ):
        keep(wereld, place, soort, uitkomst)

    html = analist.get(place).text

    assert find_problems(html) == []
    assert "Wat beslisten mensen daarna?" in html
    assert "Is de versie eerlijk naar geslacht en herkomst?" in html
    assert "En na het besluit van mensen?" in html
    assert "geslacht: vrouw" in html
    assert "geen reden opgeschreven" in html
    assert "Wat beslisten mensen daarna?" not in analist.get(other).text


def keep(wereld: Wereld, place: str, soort: Toetssoort, uitkomst: dict[str, object]) -> None:
    settings = make_settings(Path(wereld.engine.url.database or "").parent)
    version = place.rpartition("-")[2]
    card = ModelStore(settings.tracking, settings.models).card("plaatsing", version)
    with unit_of_work(wereld.engine) as session:
        GroepstoetsRepository(session).add(
            soort=soort.value,
            model="plaatsing",
            versie=version,
            sha256=card.sha256,
            bekend_tot=date(2026, 11, 1),
            oordeel=Kleur.ORANJE.value,
            uitkomst=uitkomst,
            tijdstip=datetime(2026, 11, 2, tzinfo=UTC),
        )


def test_an_analyst_takes_a_version_into_use_and_goes_back(
    analist: TestClient, aanbod: Offer
) -> None:
    first, second = aanbod(), aanbod()
    for place in (first, second):
        answer = analist.post(place, data={"stap": "promotie", "reden": REDEN})
        assert answer.status_code == 303, answer.text
    assert "Gelukt." in analist.get(answer.headers["location"]).text
    assert "in gebruik" in analist.get(second).text
    assert analist.post(second, data={"stap": "terugzetting"}).status_code == 303

    shown = analist.get(first).text
    assert "Ga terug naar de vorige versie" in shown
    assert "Teruggezet: deze versie kwam weer in gebruik" in shown
    assert analist.post(second, data={"stap": "terugzetting"}).status_code == 409


def test_the_page_says_why_somebody_may_not_approve(analist: TestClient, aanbod: Offer) -> None:
    cases = [
        (aanbod(trainer=Rol.ANALIST), REDEN, 403, "U trainde versie"),
        (aanbod(Kleur.ROOD), REDEN, 409, "rood"),
        (aanbod(Kleur.ORANJE), "te kort", 400, "minstens 10 tekens"),
        (aanbod(trainer=""), REDEN, 409, "Niemand weet wie"),
    ]
    for place, reden, status, words in cases:
        answer = analist.post(place, data={"stap": "promotie", "reden": reden})
        assert (answer.status_code, words in answer.text) == (status, True)
        assert reden in answer.text or "Niemand weet" in answer.text
        assert find_problems(answer.text) == []


def test_there_is_no_button_to_approve_red_or_own_work(analist: TestClient, aanbod: Offer) -> None:
    for place in (aanbod(Kleur.ROOD), aanbod(trainer=Rol.ANALIST)):
        assert "Neem in gebruik" not in analist.get(place).text
    assert "Neem in gebruik" in analist.get(aanbod(Kleur.ORANJE)).text


def test_a_coach_sees_models_and_decides_nothing(wereld: Wereld, aanbod: Offer) -> None:
    place = aanbod()
    cookie = "; ".join(f"{k}={v}" for k, v in wereld.enter(Rol.LOOPBAANCOACH).items())
    with TestClient(wereld.app, headers={"Cookie": cookie} | OWN_SITE) as client:
        assert "Uw besluit" not in client.get(place).text
        assert client.post(place, data={"stap": "promotie"}).status_code == 403


def test_every_rule_of_the_gate_has_a_sentence() -> None:
    for regel in Regel:
        for gevonden in (-0.12, 0.12):
            one = Bevinding(Kleur.ROOD, regel, "leeftijd", "16 en 17", gevonden, -0.2, 0.3)
            told = bevinding_zin(one)
            assert told.startswith("Leeftijd 16 en 17")
            assert told.endswith(".")


@pytest.mark.parametrize("regel", [Regel.KALIBRATIE, Regel.TE_WEINIG])
def test_what_is_said_of_every_model_does_not_speak_of_uitval(regel: Regel) -> None:
    told = bevinding_zin(Bevinding(Kleur.ROOD, regel, "leerweg", "BOL", 0.05, 0.01, 0.09))

    assert "uitval" not in told
    assert "vielen uit" not in told


def test_the_report_of_an_evaluation_is_offered_where_there_is_one(
    analist: TestClient, aanbod: Offer, wereld: Wereld
) -> None:
    page = aanbod(full=True)
    settings = make_settings(Path(wereld.engine.url.database or "").parent)
    version = page.rsplit("-", 1)[1]

    assert "vangnet evaluate plaatsing" in analist.get(page).text
    assert analist.get(f"{page}/evaluatie").status_code == HTTPStatus.NOT_FOUND

    folder = ModelStore(settings.tracking, settings.models).artifacts("plaatsing", version)
    (folder / FOLDER).mkdir()
    (folder / FOLDER / HTML_FILE).write_text("<!doctype html>het verslag", encoding="utf-8")

    told = json.dumps({"kleur": "rood", "zinnen": ["Rood: dit is toeval."]})
    (folder / FOLDER / OORDEEL_FILE).write_text(told, encoding="utf-8")

    html = analist.get(page).text
    assert "Rood: dit is toeval." in html
    assert 'value="promotie"' not in html
    assert f'href="{page}/evaluatie"' in html
    assert find_problems(html) == []
    answer = analist.get(f"{page}/evaluatie")
    assert answer.text.endswith("het verslag")
    assert answer.headers["content-disposition"].startswith("attachment")
