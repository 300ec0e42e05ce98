"""Two people who add the same thing to one matchtafel at the same moment."""

import threading
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from features.tables import JONGERE
from service.errors import ConflictError
from service.matchtafel.begrippen import TafelPlek
from service.storage import CanonicalRepository, unit_of_work
from service.storage.matchtafel import MatchtafelRepository
from service.storage.matchtafel_tables import AGENDAPUNT, DEELNEMER, TAFELPLEK, VOORSTEL
from tests.service.matchtafel.conftest import NOW, Tafel, fill
from tests.service.storage.imports import start_import

UNTIL_THE_OTHER_WAITS = 0.4
Add = Callable[[MatchtafelRepository, Tafel], None]


def deelnemer(tables: MatchtafelRepository, tafel: Tafel) -> None:
    tables.add_deelnemer(tafel.id, "Bram", "Gemeente", "coach", None)


def agendapunt(tables: MatchtafelRepository, tafel: Tafel) -> None:
    tables.add_agendapunt(
        tafel.id, jongere_id="J3", volgorde=3, urgentie=(), aselect=False, trekkans=0.0
    )


def plek(tables: MatchtafelRepository, tafel: Tafel) -> None:
    tables.set_plekken(tafel.id, [TafelPlek(tafel.id, "P3", 1, None, None)])


def voorstel(tables: MatchtafelRepository, tafel: Tafel) -> None:
    tables.add_voorstel(tafel.id, opties={}, uitkomst={}, door=tafel.gebruiker, op=NOW)


ADDED: dict[Add, sa.Table] = {
    deelnemer: DEELNEMER,
    agendapunt: AGENDAPUNT,
    plek: TAFELPLEK,
    voorstel: VOORSTEL,
}


@pytest.fixture
def meeting(tafel: Tafel) -> Tafel:
    """An open table, and a jongere who is not on its agenda."""
    with unit_of_work(tafel.engine) as session:
        canonical = CanonicalRepository(session)
        canonical.merge("jongere", fill(JONGERE, jongere_id="J3"), start_import(session))
    return tafel


def at_once(meeting: Tafel, add: Add) -> list[ConflictError]:
    """Let two add; the second begins before the first is done. Returns who was refused."""
    refused: list[ConflictError] = []

    def second() -> None:
        try:
            with unit_of_work(meeting.engine) as session:
                add(MatchtafelRepository(session), meeting)
        except ConflictError as error:
            refused.append(error)

    with unit_of_work(meeting.engine) as session:
        add(MatchtafelRepository(session), meeting)
        other = threading.Thread(target=second)
        other.start()
        other.join(UNTIL_THE_OTHER_WAITS)
        assert other.is_alive()
    other.join()
    return refused


def count(engine: Engine, table: sa.Table) -> int:
    with unit_of_work(engine, read_only=True) as session:
        return session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


@pytest.mark.parametrize("add", ADDED, ids=lambda add: add.__name__)
def test_of_two_who_add_the_same_at_once_the_second_is_told_or_comes_after(
    meeting: Tafel, add: Add
) -> None:
    before = count(meeting.engine, ADDED[add])

    refused = at_once(meeting, add)

    # on SQLite the second waits, and sees what the first did
    follows = meeting.engine.dialect.name == "sqlite" and add in (voorstel, plek)
    assert len(refused) == (0 if follows else 1)
    assert count(meeting.engine, ADDED[add]) == before + (2 if follows and add is voorstel else 1)


@pytest.mark.parametrize("add", ADDED, ids=lambda add: add.__name__)
def test_a_row_that_is_there_already_is_a_conflict_about_its_table(
    meeting: Tafel, add: Add
) -> None:
    table = ADDED[add]
    with unit_of_work(meeting.engine) as session:
        add(MatchtafelRepository(session), meeting)
    names = [column.name for column in table.c if column.name != "id"]
    again = sa.insert(table).from_select(names, sa.select(*(table.c[name] for name in names)))

    with pytest.raises(ConflictError) as refusal, unit_of_work(meeting.engine) as session:
        session.execute(again)

    assert refusal.value.what == table.name
