"""Stored models as the API shows them, also one whose files were changed after saving."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from models.gate import Kleur
from models.store import ModelStore
from service.rechten.begrippen import Rol
from service.storage.audit_tables import AUDITREGEL
from service.storage.engine import unit_of_work
from tests.models.test_store import trained
from tests.service.api.conftest import Service
from tests.service.api.test_routes import check_problem
from tests.service.modelbeheer.conftest import judged
from tests.service.promoveren import REDEN, TRAINER, add_analisten, offer, promote_new

PATH = "/api/v1/modellen"


@pytest.fixture(scope="module")
def stored(service: Service) -> ModelStore:
    """A store with two versions of one model."""
    counted = {"stand": {"rijen": 3, "kenmerken": {"uren": {"grenzen": [], "aantallen": [3]}}}}
    first = trained(1)
    known = replace(first, card={**first.card, **counted})
    return promote_new(service.settings, (known, trained(2)))


def test_before_any_training_there_are_no_models(own_service: Service) -> None:
    analist = own_service.log_in(Rol.ANALIST)

    assert analist.get(PATH).json()["resultaten"] == []
    check_problem(analist.get(f"{PATH}/uitvalrisico-1"), 404)


@pytest.mark.usefixtures("stored")
def test_the_newest_version_is_first_and_in_use(coach: TestClient) -> None:
    listed = coach.get(PATH).json()["resultaten"]

    assert [one["modelId"] for one in listed] == ["plaatsing-2", "plaatsing-1"]
    assert [one["inGebruik"] for one in listed] == [True, False]
    for query, told in (("inGebruik=true", 1), ("naam=uitvalrisico", 0), ("paginagrootte=1", 2)):
        assert coach.get(f"{PATH}?{query}").json()["totaal"] == told


def test_a_model_shows_its_card_its_measures_and_its_hash(
    coach: TestClient, stored: ModelStore
) -> None:
    body = coach.get(f"{PATH}/plaatsing-1").json()

    assert body["kaart"]["wat"] == "de kans dat één plek past"
    assert "stand" in stored.load("plaatsing", "1").card
    assert "stand" not in body["kaart"]
    assert body["maten"] == {"auc": 0.75}
    assert body["sha256"] == stored.load("plaatsing", "1").sha256
    check_problem(coach.get(f"{PATH}/plaatsing-9"), 404)


def test_a_model_whose_files_were_changed_is_shown_as_refused(
    service: Service, coach: TestClient, stored: ModelStore
) -> None:
    sha256 = stored.load("plaatsing", "2").sha256
    for path in service.settings.models.rglob("card.json"):
        path.write_text("{}", encoding="utf-8")
    body = coach.get(f"{PATH}/plaatsing-2").json()

    assert (body["ongewijzigd"], body["inGebruik"]) == (False, False)
    assert (body["kaart"], body["sha256"]) == ({}, sha256)


def offered(service: Service, kleur: Kleur | None, *, trainer: str = TRAINER) -> str:
    """Offer a version on which the gate says this; return its address."""
    with unit_of_work(service.engine) as session:
        add_analisten(session)
    models = ModelStore(service.settings.tracking, service.settings.models)
    version = offer(service.engine, models, judged(kleur), trainer)
    return f"{PATH}/plaatsing-{version}"


def test_an_analyst_approves_refuses_and_goes_back(own_service: Service) -> None:
    analist = own_service.log_in(Rol.ANALIST)
    first, second, third = (offered(own_service, Kleur.TE_WEINIG) for _ in range(3))
    for place in (first, second):
        made = analist.post(f"{place}/promoties", json={"reden": REDEN})
        assert made.status_code == 201, made.text
        assert made.headers["Location"] == place
    assert made.json()["besluit"] == "goedgekeurd"
    assert made.json()["trainer"] == TRAINER
    refused = analist.post(f"{third}/afwijzingen", json={"reden": "te veel verschil"})
    assert refused.status_code == 201
    check_problem(analist.post(f"{first}/terugzettingen", json={}), 409)
    back = analist.post(f"{second}/terugzettingen", json={"reden": "klachten van coaches"})

    assert back.status_code == 201
    assert back.json()["modelId"] == first.rsplit("/", 1)[1]
    listed = analist.get(PATH).json()["resultaten"]
    assert [one["status"] for one in listed] == ["afgewezen", "eerder in gebruik", "in gebruik"]
    told = analist.get(first).json()["besluiten"]
    assert [one["besluit"] for one in told] == ["aangeboden", "goedgekeurd", "teruggezet"]
    with own_service.engine.connect() as connection:
        lines = connection.execute(
            sa.select(AUDITREGEL.c.actie, AUDITREGEL.c.actor, AUDITREGEL.c.objecten)
            .where(AUDITREGEL.c.resultaat == "vastgelegd", AUDITREGEL.c.actie.contains("modellen"))
            .order_by(AUDITREGEL.c.nummer)
        ).all()
    assert [line.actie.rsplit("/", 1)[1] for line in lines] == [
        *("promoties", "promoties", "afwijzingen", "terugzettingen")
    ]
    assert all("modelbesluit:" in line.objecten for line in lines)
    assert len({line.actor for line in lines}) == 1


def test_the_trainer_red_and_a_missing_reason_are_refused(own_service: Service) -> None:
    analist = own_service.log_in(Rol.ANALIST)
    own = offered(own_service, Kleur.GROEN, trainer=Rol.ANALIST)
    red = offered(own_service, Kleur.ROOD)
    orange = offered(own_service, Kleur.ORANJE)

    check_problem(analist.post(f"{own}/promoties", json={}), 403)
    check_problem(analist.post(f"{red}/promoties", json={"reden": REDEN}), 409)
    check_problem(analist.post(f"{orange}/promoties", json={"reden": "kort"}), 400)
    check_problem(analist.post(f"{PATH}/plaatsing/promoties", json={}), 404)
    assert analist.get(f"{PATH}?inGebruik=true").json()["totaal"] == 0
    beheerder = own_service.log_in(Rol.BEHEERDER)
    check_problem(beheerder.post(f"{orange}/promoties", json={"reden": REDEN}), 403)


def test_who_has_no_right_to_models_is_refused(service: Service) -> None:
    check_problem(service.log_in(Rol.LEERBEDRIJF).get(PATH), 403)
