"""Stored models as the API shows them, and what it does of one whose files were changed."""

from fastapi.testclient import TestClient

from service.rechten.begrippen import Rol
from tests.service.api.conftest import Service
from tests.service.api.test_routes import check_problem

PATH = "/api/v1/modellen"


def test_before_any_training_there_are_no_models(coach: TestClient) -> None:
    assert coach.get(PATH).json()["resultaten"] == []
    check_problem(coach.get(f"{PATH}/uitvalrisico-1"), 404)


def test_who_has_no_right_to_models_is_refused(service: Service) -> None:
    check_problem(service.log_in(Rol.LEERBEDRIJF).get(PATH), 403)
