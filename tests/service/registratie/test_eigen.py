"""Who writes for which leerbedrijf and its places, by the API as on the screens."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from service.rechten.begrippen import Rol
from service.registratie.leerwerkplekken import Plek, read_plek
from service.storage.engine import unit_of_work
from tests.service.conftest import OWN_SITE
from tests.service.rechten.wereld import ANDER_BEDRIJF, EIGEN_BEDRIJF, Wereld, make_wereld

PLEK = {
    "soort": "stage",
    "titel": "Magazijn",
    "begindatum": "2026-12-01",
    "capaciteit": 1,
    "urenMin": 8,
    "urenMax": 32,
}


@pytest.fixture(scope="module")
def wereld(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wereld]:
    made = make_wereld(tmp_path_factory.mktemp("eigen"))
    yield made
    made.engine.dispose()


@pytest.mark.parametrize(
    ("rol", "bedrijf", "status"),
    [
        (Rol.LEERBEDRIJF, EIGEN_BEDRIJF, 201),
        (Rol.LEERBEDRIJF, ANDER_BEDRIJF, 404),
        (Rol.MATCHTAFELDEELNEMER, EIGEN_BEDRIJF, 201),
        (Rol.MATCHTAFELDEELNEMER, ANDER_BEDRIJF, 404),
        (Rol.LOOPBAANCOACH, ANDER_BEDRIJF, 404),
        (Rol.ANALIST, EIGEN_BEDRIJF, 403),
    ],
)
def test_a_place_is_entered_for_the_own_leerbedrijf_or_region_only(
    wereld: Wereld, rol: Rol, bedrijf: str, status: int
) -> None:
    with TestClient(wereld.app) as client:
        client.cookies.update(wereld.enter(rol))
        answer = client.post(
            "/api/v1/leerwerkplekken", json={**PLEK, "leerbedrijfId": bedrijf}, headers=OWN_SITE
        )
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize("rol", [Rol.LEERBEDRIJF, Rol.LOOPBAANCOACH, Rol.MATCHTAFELDEELNEMER])
@pytest.mark.parametrize(("bedrijf", "status"), [(EIGEN_BEDRIJF, 200), (ANDER_BEDRIJF, 404)])
def test_what_is_known_of_a_leerbedrijf_is_changed_by_itself_or_its_region_only(
    wereld: Wereld, rol: Rol, bedrijf: str, status: int
) -> None:
    path = f"/api/v1/leerbedrijven/{bedrijf}"
    with TestClient(wereld.app) as client:
        client.cookies.update(wereld.enter(rol))
        versie = client.get(path).headers["etag"]
        answer = client.put(
            path, json={"naam": "Andere naam"}, headers={**OWN_SITE, "If-Match": versie}
        )
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize("rol", [Rol.LOOPBAANCOACH, Rol.MATCHTAFELDEELNEMER])
def test_a_place_of_another_region_is_not_changed_closed_or_taken_over(
    wereld: Wereld, rol: Rol
) -> None:
    path = "/api/v1/leerwerkplekken/P2"
    with TestClient(wereld.app) as client:
        client.cookies.update(wereld.enter(rol))
        before = kept(wereld, "P2")
        headers = {**OWN_SITE, "If-Match": f'"{before.versie}"'}
        taken = client.put(path, json={**PLEK, "leerbedrijfId": EIGEN_BEDRIJF}, headers=headers)
        closed = client.patch(path, json={"sluitOp": "2027-01-01"}, headers=headers)
    assert (taken.status_code, closed.status_code) == (404, 404)
    assert kept(wereld, "P2") == before


@pytest.mark.parametrize("rol", [Rol.LOOPBAANCOACH, Rol.MATCHTAFELDEELNEMER])
def test_a_place_of_another_region_is_to_the_api_as_to_the_pages_not_there(
    wereld: Wereld, rol: Rol
) -> None:
    with TestClient(wereld.app) as client:
        client.cookies.update(wereld.enter(rol))
        listed = client.get("/api/v1/leerwerkplekken?paginagrootte=100").json()["resultaten"]
        answers = {one: client.get(f"/api/v1/leerwerkplekken/{one}") for one in ("P1", "P2")}
        page = client.get("/leerwerkplekken/P2/gegevens")
    companies = {one["leerbedrijfId"] for one in listed}
    assert EIGEN_BEDRIJF in companies
    assert ANDER_BEDRIJF not in companies
    assert {one: answer.status_code for one, answer in answers.items()} == {"P1": 200, "P2": 404}
    assert page.status_code == 404


def kept(wereld: Wereld, leerwerkplek_id: str) -> Plek:
    """Return a place as it stands, whoever may see it."""
    with unit_of_work(wereld.engine, read_only=True) as session:
        return read_plek(session, leerwerkplek_id)
