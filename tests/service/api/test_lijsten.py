"""Lists of the matchtafel leave whole, or page by page for who asks: none is lost or doubled."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient

from service.matchtafel.agenda import Agendaregel
from service.matchtafel.begrippen import Keuze
from service.matchtafel.besluiten import NieuwBesluit, decide
from service.matchtafel.tafel import plan
from service.rechten.begrippen import Rol
from service.storage import unit_of_work
from service.storage.matchtafel import MatchtafelRepository
from tests.service.mensen import REGIO
from tests.service.rechten.wereld import NOW, TODAY, Wereld, make_wereld

MORE = 6


@pytest.fixture(scope="module")
def wereld(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wereld]:
    made = make_wereld(tmp_path_factory.mktemp("lijsten"))
    door = made.accounts[Rol.MATCHTAFELDEELNEMER]
    with unit_of_work(made.engine) as session:
        for number in range(MORE):
            plan(
                session,
                regio=REGIO,
                datum=TODAY + timedelta(days=number),
                deelnemers=[],
                agenda=[Agendaregel("J3", ("zoekt",), aselect=False, trekkans=0.0)],
                plekken=[],
                momentopname={},
                door=door,
                op=NOW,
            )
        tables = MatchtafelRepository(session)
        for number in range(MORE):
            line = tables.agendapunt(made.eigen.punt)
            wanted = NieuwBesluit(
                line.id,
                line.versie,
                Keuze.AANHOUDEN,
                f"nog eens gesproken, keer {number}",
                made.eigen.eigenaar,
                date(2026, 12, 1 + number),
            )
            decide(session, wanted, door=door, op=NOW + timedelta(minutes=1 + number))
    yield made
    made.engine.dispose()


@pytest.fixture(scope="module")
def client(wereld: Wereld) -> Iterator[TestClient]:
    with TestClient(wereld.app, cookies=wereld.enter(Rol.MATCHTAFELDEELNEMER)) as made:
        yield made


def lists(wereld: Wereld) -> dict[str, tuple[str, str, int]]:
    """Return by address the name of the number, what it is ordered by, and how many there are."""
    table = wereld.eigen.id
    return {
        "/api/v1/matchtafels": ("matchtafelId", "datum", 1 + MORE),
        f"/api/v1/besluiten?matchtafelId={table}": ("besluitId", "tijdstip", 1 + MORE),
        f"/api/v1/opvolgingen?matchtafelId={table}": ("opvolgingId", "datum", 1),
    }


def asked(path: str, **query: object) -> str:
    sep = "&" if "?" in path else "?"
    return path + sep + "&".join(f"{name}={value}" for name, value in query.items())


def test_without_a_page_the_whole_list_leaves_as_before(client: TestClient, wereld: Wereld) -> None:
    for path, (_, _, total) in lists(wereld).items():
        told = client.get(path).json()
        assert told["totaal"] == len(told["resultaten"]) == total, path
        assert told["links"]["next"] is None
        assert client.get(told["links"]["first"]).json() == told


@pytest.mark.parametrize("size", [1, 3, 100])
def test_following_the_links_shows_the_whole_list_once(
    client: TestClient, wereld: Wereld, size: int
) -> None:
    for path, (number, _, total) in lists(wereld).items():
        whole = [one[number] for one in client.get(path).json()["resultaten"]]
        seen, address = [], asked(path, pagina=1, paginagrootte=size)
        while address:
            told = client.get(address).json()
            assert told["totaal"] == total
            assert len(told["resultaten"]) <= size
            seen += [one[number] for one in told["resultaten"]]
            address = told["links"]["next"]
        assert seen == whole, path
        assert client.get(told["links"]["last"]).json() == told


def test_each_order_is_the_other_one_turned(client: TestClient, wereld: Wereld) -> None:
    for path, (number, by, total) in lists(wereld).items():
        up = client.get(asked(path, sortering=by)).json()["resultaten"]
        down = client.get(asked(path, sortering=f"-{by}")).json()["resultaten"]
        assert [one[by] for one in up] == sorted(one[by] for one in up)
        assert [one[number] for one in down] == [one[number] for one in up][::-1]
        assert len(up) == total


def test_matchtafels_are_chosen_by_region_and_status(client: TestClient, wereld: Wereld) -> None:
    def ids(**query: object) -> list[int]:
        told = client.get(asked("/api/v1/matchtafels", **query)).json()
        return [one["matchtafelId"] for one in told["resultaten"]]

    assert ids(status="open") == [wereld.eigen.id]
    assert len(ids(status="gepland", regio=REGIO)) == MORE
    assert ids(regio="Twente") == []


@pytest.mark.parametrize("query", [{"pagina": 0}, {"paginagrootte": 101}, {"sortering": "naam"}])
def test_what_no_list_knows_is_refused(
    client: TestClient, wereld: Wereld, query: dict[str, object]
) -> None:
    for path in lists(wereld):
        assert client.get(asked(path, **query)).status_code == 400
