"""Every request leaves one line, and nothing is shown when that line cannot be stored."""

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import pytest
import sqlalchemy as sa
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from starlette.routing import Mount

from service.app import create_app
from service.audit.controle import check_log
from service.audit.middleware import is_untraced
from service.audit.opening import audit_sleutels, open_log
from service.audit.spoor import Spoor
from service.errors import NoDataError
from service.privacy.pseudoniemen import Pseudoniemen
from service.privacy.sleutels import Domein, Sleutels
from service.settings import Settings
from service.storage.audit import AuditRepository
from service.storage.audit_tables import AUDITREGEL, VERWERKINGSREGEL
from service.storage.engine import JOURNAL, open_engine, unit_of_work
from tests.service.conftest import NAAM, OWN_SITE, WACHTWOORD, make_app, make_settings
from tests.service.fakes import FakeRegio

BLOCK = """CREATE TRIGGER no_lines BEFORE INSERT ON auditregel
BEGIN SELECT RAISE(ABORT, 'read-only for this test'); END"""
VALUES = {"jongere_id": "J1", "jongereId": "J1"}


def every_route() -> list[tuple[str, str]]:
    """Return method and address of every route of the pages and the API that leaves a line."""
    app = create_app(make_settings(Path("unused")), load_regio=FakeRegio)
    found = []
    for route in app.routes:
        prefix, routes = "", [route]
        if isinstance(route, Mount):
            prefix, routes = (
                route.path,
                list(getattr(getattr(route.app, "app", None), "routes", [])),
            )
        for context in iter_route_contexts(routes):
            path = f"{prefix}{context.path}"
            address = re.sub(r"\{(\w+)\}", lambda match: VALUES.get(match[1], "1"), path)
            found += [(method, address) for method in sorted(context.methods or ())]
    return sorted({one for one in found if not is_untraced(one[1])})


ROUTES = every_route()


class Region(FakeRegio):
    """A region without what takes long to make; its routes say that there is no data."""

    @property
    def tafel(self) -> NoReturn:
        raise NoDataError("no table")


@dataclass
class Service:
    """A running service with its store beside it."""

    engine: Engine
    settings: Settings
    coach: TestClient
    anonymous: TestClient

    def last(self) -> int:
        """Return the number of the last line."""
        with unit_of_work(self.engine, read_only=True) as session:
            return AuditRepository(session).head().nummer

    def lines(self, after: int) -> list[Any]:
        """Return the lines after a number."""
        choice = sa.select(AUDITREGEL).where(AUDITREGEL.c.nummer > after).order_by("nummer")
        with unit_of_work(self.engine, read_only=True) as session:
            return list(session.execute(choice))

    def records(self) -> list[Any]:
        """Return the whole processing log."""
        with unit_of_work(self.engine, read_only=True) as session:
            return list(AuditRepository(session).verwerkingen())


def log_in(client: TestClient) -> None:
    client.post("/inloggen", data={"naam": NAAM, "wachtwoord": WACHTWOORD}, headers=OWN_SITE)


@contextmanager
def running(folder: Path, load_regio: Callable[[], FakeRegio]) -> Iterator[Service]:
    settings = make_settings(folder)
    app = make_app(settings, load_regio)
    engine = open_engine(settings.database, synchronous="OFF", lock_seconds=2)
    options: dict[str, Any] = {"follow_redirects": False, "raise_server_exceptions": False}
    with TestClient(app, **options) as coach:
        log_in(coach)
        anonymous = TestClient(app, **options)
        anonymous.app_state.update(coach.app_state)  # the same running service
        yield Service(engine, settings, coach, anonymous)
    engine.dispose()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running(tmp_path_factory.mktemp("audit"), Region) as found:
        yield found


@contextmanager
def unwritable(service: Service) -> Iterator[None]:
    """Let the store refuse lines of the log, and only those."""
    with service.engine.begin() as connection:
        connection.exec_driver_sql(BLOCK)
    try:
        yield
    finally:
        with service.engine.begin() as connection:
            connection.exec_driver_sql("DROP TRIGGER no_lines")


def audit_pseudonyms(service: Service) -> Callable[[Collection[str]], Mapping[str, str]]:
    found = Pseudoniemen(service.engine, Sleutels.of(service.settings))
    return partial(found.of_many, Domein.AUDIT)


def requests_without_one_line(
    service: Service,
    client: TestClient,
    site: str = "same-origin",
    routes: Sequence[tuple[str, str]] = ROUTES,
) -> list[tuple[str, str, int, int]]:
    """Ask every route once; return those that left no line or several."""
    wrong = []
    for method, address in routes:
        before = service.last()
        answer = client.request(method, address, headers={"Sec-Fetch-Site": site})
        lines = service.lines(before)
        if len(lines) != 1 or lines[0].status not in {answer.status_code, None}:
            wrong.append((method, address, answer.status_code, len(lines)))
    return wrong


def test_every_route_leaves_one_line_for_who_is_logged_in(service: Service) -> None:
    assert requests_without_one_line(service, service.coach) == []
    log_in(service.coach)  # one of the routes logs out


def test_every_route_leaves_one_line_for_who_is_not(service: Service) -> None:
    assert requests_without_one_line(service, service.anonymous) == []


def test_every_route_leaves_one_line_when_another_site_asks(service: Service) -> None:
    assert requests_without_one_line(service, service.coach, "cross-site") == []


def test_every_route_leaves_one_line_when_it_fails(tmp_path: Path) -> None:
    def fail() -> FakeRegio:
        raise NoDataError("nothing was imported")

    with running(tmp_path, fail) as found:
        routes = [one for one in ROUTES if one[0] == "GET"]
        assert requests_without_one_line(found, found.coach, routes=routes) == []


def test_a_crash_leaves_one_line(tmp_path: Path) -> None:
    class Crashing(FakeRegio):
        def jongeren(self, **asked: object) -> NoReturn:
            raise ZeroDivisionError

    with running(tmp_path, Crashing) as found:
        for address in ("/jongeren", "/api/v1/jongeren"):
            before = found.last()
            assert found.coach.get(address).status_code == 500
            (line,) = found.lines(before)
            assert (line.status, line.resultaat) == (500, "mislukt")


def test_a_line_tells_who_did_what_to_whom_for_which_purpose(service: Service) -> None:
    before = service.last()
    service.coach.get("/api/v1/jongeren/J1/uitvalrisico")
    (line,) = service.lines(before)

    pseudonym = audit_pseudonyms(service)(["J1"])["J1"]
    assert line.actie == "GET /api/v1/jongeren/{jongereId}/uitvalrisico"
    assert line.handeling == "risico_lezen"
    assert line.doel == "begeleiding"
    assert json.loads(line.objecten) == [f"jongere:{pseudonym}"]
    assert line.resultaat == "gelukt"
    assert line.oorsprong == "testclient"
    assert re.fullmatch(r"gebruiker:\d+", line.actor)
    assert line.tijdstip.tzinfo is not None
    assert re.fullmatch("[0-9a-f]{32}", line.trace_id)


def test_an_address_that_nobody_made_is_not_repeated_in_the_log(service: Service) -> None:
    before = service.last()
    service.coach.get("/123456782?zoek=Jansen")
    service.coach.get("/api/v1/123456782")
    assert [line.actie for line in service.lines(before)] == ["GET (onbekend adres)"] * 2


def test_a_page_refused_for_want_of_a_login_is_told_as_refused(service: Service) -> None:
    before = service.last()
    service.anonymous.get("/jongeren")
    service.anonymous.get("/api/v1/jongeren")
    lines = service.lines(before)
    assert [(one.status, one.resultaat, one.actor) for one in lines] == [
        (303, "geweigerd", ""),
        (401, "geweigerd", ""),
    ]


def test_a_jongere_that_somebody_may_not_see_stands_in_the_line_of_the_404(
    service: Service,
) -> None:
    before, known = service.last(), len(service.records())
    assert service.coach.get("/jongeren/J1000").status_code == 404
    (line,) = service.lines(before)
    assert (line.status, line.resultaat) == (404, "niet gevonden")
    assert [one.split(":")[0] for one in json.loads(line.objecten)] == ["jongere"]
    assert len(service.records()) == known


def test_a_change_has_its_line_in_the_same_transaction(service: Service) -> None:
    before = service.last()
    log_in(service.coach)
    (line,) = service.lines(before)
    assert (line.actie, line.status, line.resultaat) == ("POST /inloggen", None, "vastgelegd")


def test_a_failure_after_a_change_leaves_a_second_line(service: Service) -> None:
    before = service.last()
    spoor = Spoor("POST /plekken", oorsprong="", writer=open_log(service.engine, service.settings))
    token = JOURNAL.set(spoor)
    with unit_of_work(service.engine):
        pass
    JOURNAL.reset(token)
    (line,) = service.lines(before)
    assert line.resultaat == "vastgelegd"
    assert spoor.close(200) is None
    outcome = spoor.close(500)
    assert outcome is not None
    assert outcome.resultaat == "mislukt"


def test_static_files_and_health_leave_no_line(service: Service) -> None:
    before = service.last()
    for address in ("/static/vangnet.css", "/api/v1/gezondheid", "/api/v1/gereedheid"):
        assert service.anonymous.get(address).status_code == 200
    assert service.last() == before


def test_a_trace_goes_on_in_the_line_and_the_processing(service: Service) -> None:
    trace, caller = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
    before, known = service.last(), len(service.records())
    service.coach.get(
        "/api/v1/jongeren/J1/uitvalrisico", headers={"traceparent": f"00-{trace}-{caller}-01"}
    )
    (line,), (record,) = service.lines(before), service.records()[known:]
    assert (line.trace_id, record.trace_id) == (trace, trace)
    assert (record.foreign_operation_id, record.operation_id) == (caller, line.operatie_id)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-B7AD6B7169203331-01",
        "Jan Jansen 123456782",
    ],
)
def test_what_is_no_trace_starts_a_new_one(service: Service, header: str) -> None:
    before = service.last()
    service.anonymous.get("/zo-werkt-het", headers={"traceparent": header})
    (line,) = service.lines(before)
    assert re.fullmatch("[0-9a-f]{32}", line.trace_id)
    assert line.trace_id not in header.lower()


def test_nothing_is_shown_when_the_line_cannot_be_stored(service: Service) -> None:
    shown = service.coach.get("/jongeren/J1").text
    with unwritable(service):
        page = service.coach.get("/jongeren/J1")
        api = service.coach.get("/api/v1/jongeren/J1/suggesties")

    assert "J1" in shown
    assert (page.status_code, api.status_code) == (503, 503)
    assert api.headers["content-type"] == "application/problem+json"
    assert "API-Version" in api.headers
    assert "default-src 'self'" in page.headers["content-security-policy"]
    for answer in (page, api):
        assert "logboek" in answer.text
        assert "J1" not in answer.text


def test_every_route_answers_503_when_the_line_cannot_be_stored(service: Service) -> None:
    with unwritable(service):
        statuses = {
            (method, address): service.coach.request(method, address, headers=OWN_SITE).status_code
            for method, address in ROUTES
        }
    assert {route: status for route, status in statuses.items() if status != 503} == {}


def test_nothing_is_changed_when_the_line_cannot_be_stored(service: Service) -> None:
    with unwritable(service):
        refused = service.coach.post("/uitloggen", headers=OWN_SITE)
    assert refused.status_code == 503
    assert service.coach.get("/jongeren").status_code == 200


@pytest.mark.parametrize("number", [60, pytest.param(1000, marks=pytest.mark.slow)])
def test_every_one_of_many_requests_at_once_leaves_a_line_and_a_processing(
    service: Service, number: int
) -> None:
    def ask(at: int) -> int:
        return service.coach.get(f"/api/v1/jongeren/J{at % 5}/uitvalrisico").status_code

    before, known = service.last(), len(service.records())
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(ask, range(number)))
    lines, records = service.lines(before), service.records()[known:]
    assert statuses == [200] * number
    assert len(lines) == number
    assert len(records) == number
    assert {one.operation_id for one in records} == {one.operatie_id for one in lines}
    with unit_of_work(service.engine, read_only=True) as session:
        keys = [audit_sleutels(service.settings).public_key]
        assert check_log(session, public_keys=keys).is_whole


def test_nothing_personal_stands_in_any_log(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    coach, engine = service.coach, service.engine
    canaries = ("123456782", "Kanarievogel", "een heel geheim wachtwoord", "Bearer kanarie")
    bsn, naam, wachtwoord, token = canaries
    for address in (
        f"/jongeren?zoek={naam}",
        f"/jongeren/{bsn}",
        f"/api/v1/jongeren/{bsn}/suggesties",
    ):
        coach.get(address)
    coach.get(f"/api/v1/jongeren?zoek={bsn}", headers={"Authorization": token})
    coach.get("/jongeren/J1", headers={"traceparent": bsn, "User-Agent": naam})
    coach.post("/inloggen", data={"naam": naam, "wachtwoord": wachtwoord}, headers=OWN_SITE)
    coach.post(f"/api/v1/jongeren/{bsn}/verkenningen", json={"naam": naam}, headers=OWN_SITE)
    with engine.connect() as connection:
        kept = "".join(
            str(row)
            for table in (AUDITREGEL, VERWERKINGSREGEL)
            for row in connection.execute(sa.select(table))
        )
    printed = capsys.readouterr()
    cookies = [str(value) for value in coach.cookies.values()]
    for canary in (*canaries, "kanarie", WACHTWOORD, *cookies):
        assert canary not in kept
        assert canary not in printed.out + printed.err
