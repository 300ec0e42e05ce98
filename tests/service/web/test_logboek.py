"""Who oversees can find who saw whom; nobody else sees the log."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from service.dutch import moment
from service.rechten.begrippen import Rol
from service.storage.engine import open_engine, unit_of_work
from service.web.logboek import begin_of
from tests.service.conftest import OWN_SITE, make_app, make_settings
from tests.service.fakes import FakeRegio
from tests.service.mensen import add_account
from tests.service.web.conftest import PageClient, log_in, make_client, text_of

TOEZICHT = "toezicht"
WACHTWOORD = "een ander lang en goed wachtwoord"


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[PageClient, PageClient]]:
    """A coach, and somebody who oversees."""
    settings = make_settings(tmp_path_factory.mktemp("logboek")).model_copy(
        update={"tweede_factor": False}
    )
    app = make_app(settings, FakeRegio)
    engine = open_engine(settings.database, synchronous="OFF")
    with unit_of_work(engine) as session:
        add_account(session, TOEZICHT, WACHTWOORD, [Rol.FUNCTIONARIS_GEGEVENSBESCHERMING])
    engine.dispose()
    with make_client(app) as coach:
        log_in(coach)
        overseer = make_client(app)
        overseer.app_state.update(coach.app_state)
        form = {"naam": TOEZICHT, "wachtwoord": WACHTWOORD}
        assert overseer.post("/inloggen", data=form, headers=OWN_SITE).status_code == 303
        yield coach, overseer


def rows(client: PageClient, asked: str) -> list[str]:
    found = client.read(f"/toezicht/logboek{asked}")
    return [" ".join(one.text.split()) for one in found.all("li")]


def test_a_coach_may_not_read_the_log(people: tuple[PageClient, PageClient]) -> None:
    assert people[0].get("/toezicht/logboek").status_code == 403


def test_the_newest_lines_come_first(people: tuple[PageClient, PageClient]) -> None:
    coach, overseer = people
    coach.get("/jongeren/J1")
    assert "coach: gelukt" in rows(overseer, "")[0]
    assert "toezicht: gelukt" in rows(overseer, "")[0]


def test_who_looked_at_a_jongere_is_found_by_its_number(
    people: tuple[PageClient, PageClient],
) -> None:
    coach, overseer = people
    for _ in range(2):
        coach.get("/jongeren/J4")
    found = rows(overseer, "?jongere=J4&wie=coach")
    assert len(found) == 2
    assert all("/jongeren/{jongere_id}" in one for one in found)


def test_every_field_may_be_left_empty(people: tuple[PageClient, PageClient]) -> None:
    asked = "?jongere=&wie=&resultaat=&van=&tot="
    assert rows(people[1], asked) != []


@pytest.mark.parametrize(
    ("day", "begins"),
    [
        (date(2026, 7, 1), datetime(2026, 6, 30, 22, tzinfo=UTC)),
        (date(2026, 12, 1), datetime(2026, 11, 30, 23, tzinfo=UTC)),
    ],
)
def test_a_day_begins_when_it_does_in_the_netherlands(day: date, begins: datetime) -> None:
    assert begin_of(day) == begins


def test_the_time_of_a_line_is_that_of_the_clock_in_the_netherlands(
    people: tuple[PageClient, PageClient],
) -> None:
    before = datetime.now(UTC)
    line = rows(people[1], "")[0]
    possible = {moment(before - timedelta(minutes=ago)) for ago in range(10)}
    assert any(one in line for one in possible)


def test_a_day_without_lines_says_so(people: tuple[PageClient, PageClient]) -> None:
    found = people[1].read("/toezicht/logboek?van=2020-01-01&tot=2020-01-02")
    assert "Er zijn geen regels die hierbij passen." in text_of(found)


def test_lines_come_fifty_at_a_time(people: tuple[PageClient, PageClient]) -> None:
    coach, overseer = people
    for _ in range(51):
        coach.get("/zo-werkt-het")
    assert len(rows(overseer, "")) == 50
    found = overseer.read("/toezicht/logboek?pagina=2")
    assert "Nieuwere regels" in text_of(found)
