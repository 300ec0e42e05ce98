"""A proposal is solved before the store is locked, and solved again when the question changed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from models.allocation import Allocation, allocate
from service.matchtafel import voorstel as module
from service.matchtafel.begrippen import Voorstel, WensSoort
from service.matchtafel.tafel import bend
from service.matchtafel.voorstel import Opties, Vooruit, propose, solve_ahead
from service.rechten.begrippen import Rol
from service.storage.engine import unit_of_work
from service.storage.matchtafel import MatchtafelRepository
from tests.service.conftest import WACHTWOORD
from tests.service.matchtafel.conftest import NOW
from tests.service.matchtafel.test_rescoring import PLACES, add_table
from tests.service.mensen import SMALL_IDS, add_account, add_regio, settle
from tests.service.region import small_regio, small_region
from tests.service.storage.imports import merge_all

PATIENCE = 30.0


@dataclass(frozen=True)
class Meeting:
    """An open table of five jongeren, and who leads it."""

    engine: Engine
    tafel: int
    door: int

    def ahead(self, opties: Opties | None = None) -> Vooruit | None:
        return solve_ahead(self.engine, small_regio().tafel, self.tafel, opties or Opties())

    def propose(self, vooruit: Vooruit | None) -> Voorstel:
        with unit_of_work(self.engine) as session:
            return propose(
                session,
                small_regio().tafel,
                self.tafel,
                Opties(),
                door=self.door,
                op=NOW,
                vooruit=vooruit,
            )

    def lines(self, voorstel: Voorstel) -> list[tuple[int, str | None]]:
        with unit_of_work(self.engine, read_only=True) as session:
            found = MatchtafelRepository(session).regels(voorstel.id)
        return [(one.agendapunt_id, one.leerwerkplek_id) for one in found]


@pytest.fixture
def meeting(sqlite_engine: Engine) -> Meeting:
    plekken = [one.leerwerkplek_id for one in small_regio().matching.paren.plekken[:20]]
    with unit_of_work(sqlite_engine) as session:
        add_regio(session)
        settle(session, SMALL_IDS[:5])
        merge_all(session, {name: small_region().tables[name] for name in PLACES})
        door = add_account(session, "voorzitter", WACHTWOORD, [Rol.MATCHTAFELDEELNEMER])
        tafel = add_table(session, SMALL_IDS[:5], plekken, door)
    return Meeting(sqlite_engine, tafel, door)


@pytest.fixture
def solved(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Count how often something is solved."""
    times = []

    def counted(*asked: Any, **options: Any) -> Allocation:  # noqa: ANN401  # passed on
        times.append(1)
        return allocate(*asked, **options)

    monkeypatch.setattr(module, "allocate", counted)
    return lambda: len(times)


def test_others_write_while_a_slow_proposal_is_solved(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    solving, written = Event(), Event()

    def slow(*asked: Any, **options: Any) -> Allocation:  # noqa: ANN401  # passed on
        solving.set()
        assert written.wait(PATIENCE)
        return allocate(*asked, **options)

    monkeypatch.setattr(module, "allocate", slow)
    with ThreadPoolExecutor(1) as pool:
        made = pool.submit(lambda: meeting.propose(meeting.ahead()))
        assert solving.wait(PATIENCE)
        with unit_of_work(meeting.engine) as session:
            MatchtafelRepository(session).record(meeting.tafel, "gezien", 1, op=NOW)
        written.set()
        assert made.result().nummer == 1


def test_what_was_solved_ahead_is_kept_when_nothing_changed(
    meeting: Meeting, solved: Callable[[], int]
) -> None:
    first = meeting.propose(meeting.ahead())
    assert solved() == 1
    second = meeting.propose(None)
    assert solved() == 2
    assert meeting.lines(first) == meeting.lines(second)
    assert first.uitkomst == second.uitkomst


def test_a_wish_that_came_meanwhile_is_in_the_proposal(
    meeting: Meeting, solved: Callable[[], int]
) -> None:
    ahead = meeting.ahead()
    assert ahead is not None
    jongere, plek = ahead.allocation.proposal.select("jongere_id", "leerwerkplek_id").row(0)
    with unit_of_work(meeting.engine) as session:
        veto = WensSoort.UITSLUITEN
        bend(session, meeting.tafel, veto, jongere, plek, door=meeting.door, op=NOW)

    made = meeting.propose(ahead)

    punt = ahead.vraagstuk.punten[jongere].id
    assert solved() == 2
    assert (punt, plek) not in meeting.lines(made)


def test_a_wish_is_tried_before_the_store_is_locked_to_keep_it_with_its_proposal(
    meeting: Meeting, solved: Callable[[], int]
) -> None:
    now = meeting.ahead()
    assert now is not None
    jongere, plek = now.allocation.proposal.select("jongere_id", "leerwerkplek_id").row(0)

    def wish(session: Session) -> None:
        veto = WensSoort.UITSLUITEN
        bend(session, meeting.tafel, veto, jongere, plek, door=meeting.door, op=NOW)

    zicht = small_regio().tafel
    tried = solve_ahead(meeting.engine, zicht, meeting.tafel, Opties(), first=wish)
    with unit_of_work(meeting.engine, read_only=True) as session:
        assert MatchtafelRepository(session).wensen(meeting.tafel) == []
    assert solved() == 2
    with unit_of_work(meeting.engine) as session:
        wish(session)
        made = propose(
            session, zicht, meeting.tafel, Opties(), door=meeting.door, op=NOW, vooruit=tried
        )

    assert solved() == 2
    assert (now.vraagstuk.punten[jongere].id, plek) not in meeting.lines(made)


def test_options_that_differ_are_solved_again(meeting: Meeting, solved: Callable[[], int]) -> None:
    meeting.propose(meeting.ahead(Opties(minimum=0.99)))
    assert solved() == 2


def test_of_a_table_that_is_not_there_nothing_is_solved(
    meeting: Meeting, solved: Callable[[], int]
) -> None:
    assert solve_ahead(meeting.engine, small_regio().tafel, meeting.tafel + 1, Opties()) is None
    assert solved() == 0
