"""The menu leads to the screens of oversight whom the matrix lets in, and nobody else."""

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from service.rechten.begrippen import Rol
from service.rechten.matrix import allowed_doelen
from service.web.rendering import TOEZICHT
from tests.service.rechten.wereld import Wereld, make_wereld

LINKS = re.compile(r'href="(/toezicht/[^"]+)"')


@pytest.fixture(scope="module")
def wereld(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wereld]:
    made = make_wereld(tmp_path_factory.mktemp("menu"))
    yield made
    made.engine.dispose()


@pytest.fixture(scope="module")
def client(wereld: Wereld) -> Iterator[TestClient]:
    with TestClient(wereld.app, follow_redirects=False) as made:
        yield made


@pytest.mark.parametrize("rol", Rol)
def test_the_menu_names_each_screen_of_oversight_that_a_role_may_see_and_it_opens(
    client: TestClient, wereld: Wereld, rol: Rol
) -> None:
    client.cookies.clear()
    header = {"Cookie": "; ".join(f"{k}={v}" for k, v in wereld.enter(rol).items())}
    named = LINKS.findall(client.get("/mijn-account", headers=header).text)

    expected = [path for handeling, path, _ in TOEZICHT if allowed_doelen([rol], handeling)]
    assert named == expected
    assert [client.get(one, headers=header).status_code for one in named] == [200] * len(named)


def test_every_screen_of_oversight_is_in_the_menu_of_somebody() -> None:
    assert len(TOEZICHT) == 4
    assert all(allowed_doelen([*Rol], handeling) for handeling, _, _ in TOEZICHT)


def test_who_is_not_logged_in_sees_no_screen_of_oversight_named(client: TestClient) -> None:
    client.cookies.clear()
    assert LINKS.findall(client.get("/inloggen").text) == []
