"""A request asks the database as often for many rows as for one (no query per row)."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event

from service.api.problems import API_PATH
from service.matchtafel.agenda import Agendaregel
from service.matchtafel.begrippen import Keuze, Status, TafelPlek, WensSoort
from service.matchtafel.besluiten import NieuwBesluit, decide
from service.matchtafel.tafel import NieuweDeelnemer, move_on, plan
from service.rechten.begrippen import Rol
from service.rechten.matrix import MATRIX
from service.storage.engine import unit_of_work
from service.storage.matchtafel import MatchtafelRepository
from tests.service.mensen import REGIO
from tests.service.rechten.test_every_route import GUARDED, STREAM, Caller, ids
from tests.service.rechten.wereld import NOW, TODAY, Route, Tafel, Wereld, make_wereld

FEW, MANY = 2, 14
OK = 200
SPREAD = 2
"""Statements that a request may differ by: what is looked up once and then known."""


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect every statement that any engine of this process is sent."""
    seen: list[str] = []

    def see(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", see)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", see)


def add_tafel(wereld: Wereld, lines: int) -> Tafel:
    """Add a table of so many lines, each with a besluit, a follow-up and a wish."""
    door = wereld.accounts[Rol.MATCHTAFELDEELNEMER]
    with unit_of_work(wereld.engine) as session:
        table = plan(
            session,
            regio=REGIO,
            datum=TODAY,
            deelnemers=[NieuweDeelnemer(f"Anna {n}", "ROC", "school", None) for n in range(lines)],
            agenda=[
                Agendaregel(f"J{n:06}", ("zoekt een plek",), aselect=False, trekkans=0.0)
                for n in range(1, lines + 1)
            ],
            plekken=[TafelPlek(0, "P1", 1, None, None)],
            momentopname={"peildatum": "2026-11-01"},
            door=door,
            op=NOW,
        )
        move_on(session, table, Status.OPEN, versie=1, op=NOW)
        tables = MatchtafelRepository(session)
        eigenaar = tables.deelnemers(table)[0].id
        for punt in tables.agendapunten(table):
            wanted = NieuwBesluit(
                punt.id, punt.versie, Keuze.AANHOUDEN, "wacht op een gesprek", eigenaar, TODAY
            )
            besluit = decide(session, wanted, door=door, op=NOW)
            wens = tables.add_wens(
                table, WensSoort.UITSLUITEN, punt.jongere_id, "P1", door=door, op=NOW
            )
    return Tafel(table, punt.id, besluit, wereld.eigen.opvolging, eigenaar, wens)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, int]]:
    """Statements of each reading route, beside few rows and beside many."""
    wereld = make_wereld(tmp_path_factory.mktemp("vragen"))
    found: dict[str, tuple[int, int]] = {}
    with TestClient(wereld.app, follow_redirects=False) as client:
        document = client.get(f"{API_PATH}/openapi.json").json()
        counts = []
        for lines in (FEW, MANY):
            tafel = add_tafel(wereld, lines)
            caller = Caller(client, wereld, document, ids(tafel, "J1", "P1"))
            counts.append({str(route): statements(caller, route) for route in reading()})
        for name, few in counts[0].items():
            many = counts[1][name]
            if few is not None and many is not None:
                found[name] = few, many
    wereld.engine.dispose()
    return found


def reading() -> list[Route]:
    return [one for one in GUARDED if one.method == "GET" and STREAM not in one.path]


def statements(caller: Caller, route: Route) -> int | None:
    """Return how many statements a route takes for somebody who may; None when it failed."""
    rol = next(rol for (rol, _), allowed in MATRIX.items() if route.handeling in allowed)
    if caller.call(route, rol).status_code != OK:  # also makes what is made once
        return None
    with counted() as seen:
        caller.call(route, rol)
    return len(seen)


def test_most_reading_routes_were_asked(asked: dict[str, tuple[int, int]]) -> None:
    assert len(asked) > 0.6 * len(reading())


def test_no_reading_route_asks_more_of_the_database_for_more_rows(
    asked: dict[str, tuple[int, int]],
) -> None:
    assert {name: pair for name, pair in asked.items() if pair[1] - pair[0] > SPREAD} == {}


def test_no_reading_route_takes_more_than_thirty_statements(
    asked: dict[str, tuple[int, int]],
) -> None:
    # what is kept of one person stands in some fifty tables, each of which is asked once
    most = {name: 65 if " /privacy/{jongere_id}" in name else 30 for name in asked}
    most["GET /beheer"] = 20  # a card for each kind of work that may wait
    assert {name: pair for name, pair in asked.items() if max(pair) > most[name]} == {}
