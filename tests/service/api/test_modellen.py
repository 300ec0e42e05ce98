"""Stored models as the API shows them, also one whose files were changed after saving."""

import pytest
from fastapi.testclient import TestClient

from models.store import ModelStore
from service.rechten.begrippen import Rol
from tests.models.test_store import trained
from tests.service.api.conftest import Service
from tests.service.api.test_routes import check_problem

PATH = "/api/v1/modellen"


@pytest.fixture(scope="module")
def stored(service: Service) -> ModelStore:
    """A store with two versions of one model."""
    store = ModelStore(service.settings.tracking, service.settings.models)
    for seed in (1, 2):
        store.save(trained(seed))
    return store


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


def test_who_has_no_right_to_models_is_refused(service: Service) -> None:
    check_problem(service.log_in(Rol.LEERBEDRIJF).get(PATH), 403)
