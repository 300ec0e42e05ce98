"""The menu leads each role to the screens that the matrix lets it see, and nobody elsewhere."""

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from service.rechten.begrippen import Handeling, Rol
from service.rechten.matrix import EVERYBODY, allowed_doelen
from service.web.rendering import BEGIN, MENU
from tests.service.rechten.wereld import Wereld, make_wereld

NAV = re.compile(r'<nav class="site-nav".*?</nav>', re.DOTALL)
LINKS = re.compile(r'href="([^"]+)"')
OPEN = EVERYBODY | {Handeling.OPENBAAR}
PUBLIC = [address for handeling, address, _ in MENU if handeling is Handeling.OPENBAAR]


def named_in(html: str) -> list[str]:
    """Return the addresses in the menu of a page."""
    return LINKS.findall(NAV.findall(html)[0])


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
def test_the_menu_names_each_screen_that_a_role_may_see_and_it_opens(
    client: TestClient, wereld: Wereld, rol: Rol
) -> None:
    client.cookies.clear()
    header = {"Cookie": "; ".join(f"{k}={v}" for k, v in wereld.enter(rol).items())}
    named = named_in(client.get("/mijn-account", headers=header).text)

    expected = [
        path for handeling, path, _ in MENU if handeling in OPEN or allowed_doelen([rol], handeling)
    ]
    assert named == expected
    assert [client.get(one, headers=header).status_code for one in named] == [200] * len(named)


def test_every_screen_in_the_menu_is_there_for_somebody_and_has_a_word_of_its_own() -> None:
    assert all(one in OPEN or allowed_doelen([*Rol], one) for one, _, _ in MENU)
    assert len({word for _, _, word in MENU}) == len({path for _, path, _ in MENU}) == len(MENU)


def test_the_menu_marks_where_one_is(client: TestClient, wereld: Wereld) -> None:
    client.cookies.clear()
    header = {"Cookie": "; ".join(f"{k}={v}" for k, v in wereld.enter(Rol.LOOPBAANCOACH).items())}
    page = client.get("/jongeren/J1/vaardigheden", headers=header).text

    marked = re.findall(r'href="([^"]+)" aria-current="page"', NAV.findall(page)[0])
    assert marked == ["/jongeren"]


def test_who_is_not_logged_in_sees_only_what_is_public(client: TestClient) -> None:
    client.cookies.clear()
    assert named_in(client.get("/inloggen").text) == PUBLIC


def test_an_open_page_that_knows_no_roles_leads_to_the_begin(
    client: TestClient, wereld: Wereld
) -> None:
    client.cookies.clear()
    header = {"Cookie": "; ".join(f"{k}={v}" for k, v in wereld.enter(Rol.ANALIST).items())}
    page = client.get("/zo-werkt-het", headers=header).text

    assert named_in(page) == ["/", *PUBLIC]
    assert BEGIN in page
