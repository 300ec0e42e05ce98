"""Own words of schools on the screen: what they may mean, and what a person decides."""

from collections.abc import Iterator

import pytest
from httpx2 import Response

from service.rechten.begrippen import Rol
from service.storage import unit_of_work
from service.storage.koppeling import Besluit, KoppelingRepository
from tests.service.conftest import OWN_SITE
from tests.service.rechten.wereld import Wereld, make_wereld
from tests.service.web.conftest import PageClient, make_client, text_of
from tests.service.web.feiten import EIGEN, LASSEN, OP_TIJD, tell_of_own_words
from tests.service.web.html import read


@pytest.fixture
def wereld(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wereld]:
    made = make_wereld(tmp_path_factory.mktemp("koppelingen"))
    with unit_of_work(made.engine) as session:
        tell_of_own_words(session)
    yield made
    made.engine.dispose()


@pytest.fixture
def beheerder(wereld: Wereld) -> Iterator[PageClient]:
    with make_client(wereld.app) as client:
        client.cookies.update(wereld.enter(Rol.BEHEERDER))
        yield client


def send(client: PageClient, **form: str) -> Response:
    return client.post("/koppelingen", data=form, headers=OWN_SITE)


def pairs(wereld: Wereld, besluit: Besluit) -> list[tuple[str, str]]:
    with unit_of_work(wereld.engine, read_only=True) as session:
        return KoppelingRepository(session).pairs(besluit).rows()


def test_the_nearest_meaning_is_chosen_already_and_is_confirmed_in_one_step(
    wereld: Wereld, beheerder: PageClient
) -> None:
    reader = beheerder.read("/koppelingen")
    (chosen,) = [one for one in reader.all("input") if "checked" in one.attributes]
    assert chosen.attributes["value"] == OP_TIJD
    assert "Staat in 1 regel." in text_of(reader)

    answer = send(beheerder, woord=EIGEN, betekenis=OP_TIJD, stap="bevestig")

    assert answer.status_code == 303
    assert pairs(wereld, Besluit.BEVESTIGD) == [(EIGEN, OP_TIJD)]
    text = text_of(beheerder.read(answer.headers["location"]))
    assert "Deze woorden tellen nu mee." in text
    assert "Al gekoppeld (1)" in text
    assert "Er wachten geen eigen woorden" in text


def test_what_is_turned_down_is_not_proposed_again_and_another_is_looked_for(
    wereld: Wereld, beheerder: PageClient
) -> None:
    assert send(beheerder, woord=EIGEN, betekenis=OP_TIJD, stap="wijs af").status_code == 303
    assert f'value="{OP_TIJD}"' not in beheerder.get("/koppelingen").text

    found = beheerder.get(f"/koppelingen?woord={EIGEN}&zoek=gas").text
    assert f'value="{LASSEN}"' in found
    assert "We vonden geen vaardigheid" in beheerder.get(f"/koppelingen?woord={EIGEN}&zoek=qq").text

    assert send(beheerder, woord=EIGEN, betekenis=LASSEN, stap="bevestig").status_code == 303
    assert pairs(wereld, Besluit.BEVESTIGD) == [(EIGEN, LASSEN)]
    assert send(beheerder, woord=EIGEN, betekenis=LASSEN, stap="wijs af").status_code == 303
    assert pairs(wereld, Besluit.BEVESTIGD) == []


@pytest.mark.parametrize(
    "form",
    [
        {"woord": EIGEN},
        {"woord": "onzin", "betekenis": OP_TIJD},
        {"woord": EIGEN, "betekenis": "X"},
    ],
)
def test_what_is_not_known_is_refused_in_words(
    wereld: Wereld, beheerder: PageClient, form: dict[str, str]
) -> None:
    answer = send(beheerder, **form, stap="bevestig")

    assert answer.status_code == 400
    assert "Er is niets vastgelegd." in text_of(read(answer.text))
    assert pairs(wereld, Besluit.BEVESTIGD) == []


def test_only_who_may_import_decides(wereld: Wereld, beheerder: PageClient) -> None:
    beheerder.cookies.clear()
    beheerder.cookies.update(wereld.enter(Rol.LOOPBAANCOACH))
    assert send(beheerder, woord=EIGEN, betekenis=OP_TIJD, stap="bevestig").status_code == 403
    assert pairs(wereld, Besluit.BEVESTIGD) == []
