"""Where each role begins, and choosing for which purpose one looks."""

from collections.abc import Iterator

import pytest

from service.rechten.begrippen import Rol
from tests.service.conftest import OWN_SITE
from tests.service.rechten.wereld import Wereld, make_wereld
from tests.service.web.conftest import PageClient, make_client, text_of

FIRST = {
    Rol.LOOPBAANCOACH: "/jongeren",
    Rol.MATCHTAFELDEELNEMER: "/jongeren",
    Rol.FUNCTIONARIS_GEGEVENSBESCHERMING: "/jongeren",
    Rol.LEERBEDRIJF: "/profielen",
    Rol.ANALIST: "/toezicht/volggedrag",
    Rol.BEHEERDER: "/beheer",
}


@pytest.fixture(scope="module")
def wereld(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wereld]:
    made = make_wereld(tmp_path_factory.mktemp("beginnen"))
    yield made
    made.engine.dispose()


@pytest.fixture(scope="module")
def client(wereld: Wereld) -> Iterator[PageClient]:
    with make_client(wereld.app) as made:
        yield made


def enter(client: PageClient, wereld: Wereld, rol: Rol) -> PageClient:
    client.cookies.clear()
    client.cookies.update(wereld.enter(rol))
    return client


@pytest.mark.parametrize("rol", Rol)
def test_every_role_begins_at_a_screen_that_it_may_see(
    client: PageClient, wereld: Wereld, rol: Rol
) -> None:
    start = enter(client, wereld, rol).get("/jongeren")
    first = start.headers.get("location", "/jongeren")

    assert first == FIRST[rol]
    assert client.get(first).status_code == 200


def test_the_menu_names_only_what_somebody_may_see(client: PageClient, wereld: Wereld) -> None:
    def menu(rol: Rol) -> str:
        reader = enter(client, wereld, rol).read(FIRST[rol])
        return " ".join(link.attributes["href"] or "" for link in reader.all("a"))

    assert "/matchtafels" in menu(Rol.MATCHTAFELDEELNEMER)
    assert "/matchtafels" not in menu(Rol.LOOPBAANCOACH)
    assert "/jongeren" not in menu(Rol.LEERBEDRIJF)


def test_a_leerbedrijf_reads_released_profiles_without_any_chance(
    client: PageClient, wereld: Wereld
) -> None:
    text = text_of(enter(client, wereld, Rol.LEERBEDRIJF).read("/profielen"))

    assert "Werkt met de kassa" in text
    assert "van de 100" not in text
    assert "risico" not in text


def test_a_chosen_purpose_is_kept_and_another_is_not(client: PageClient, wereld: Wereld) -> None:
    enter(client, wereld, Rol.LOOPBAANCOACH)
    assert "Begeleiding" in text_of(client.read("/doel"))

    kept = client.post("/doel", data={"doel": "begeleiding"}, headers=OWN_SITE)
    refused = client.post("/doel", data={"doel": "toezicht"}, headers=OWN_SITE)

    assert "vangnet-doel=begeleiding" in kept.headers["set-cookie"]
    assert "set-cookie" not in refused.headers
