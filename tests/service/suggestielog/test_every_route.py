"""Whatever any route shows of a model has a record, found from the route table (TRUST H1).

Nothing here says which routes show a score: an answer that does is known by its own words. So a
new route is looked at from its first day, and one that shows a score without a record fails.
"""

import inspect
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import Engine

from models.store import ModelStore, StoredModel
from service.aanmelden.opening import sessie_rules
from service.api.problems import API_PATH
from service.dependencies import get_regio
from service.evaluatie.plaats import FOLDER, HTML_FILE
from service.matchtafel.begrippen import Keuze, WensSoort
from service.matchtafel.besluiten import NieuwBesluit, decide
from service.privacy.vrijgave import Van, release
from service.rechten.begrippen import Rol
from service.rechten.matrix import allowed_doelen
from service.regio import Regio
from service.settings import Settings
from service.storage import open_engine, unit_of_work
from service.storage.besluit import OpvolgingRepository
from service.storage.matchtafel import MatchtafelRepository
from service.storage.suggestielog_tables import INHOUD, SUGGESTIE, VERTONING
from tests.models.leren import leren_model
from tests.service.mensen import REGIO, add_account
from tests.service.rechten.test_every_route import GUARDED, STREAM, Caller, ids
from tests.service.rechten.wereld import (
    EIGEN_BEDRIJF,
    TODAY,
    WACHTWOORD,
    Route,
    Tafel,
    Wereld,
    _add_facts,
    _add_places,
    _calls,
)
from tests.service.region import CONFIG, small_models, small_region, small_trainings
from tests.service.suggestielog.conftest import app_with_places
from tests.service.suggestielog.test_tonen import fitting

TOLD = re.compile(r"(\d+)(?: en (\d+))? van de 100|van ongeveer (\d+) naar")
"""How every score is told on a screen (`service.wording.kans_tekst`)."""
OF_NOBODY = re.compile(r"Midden van de regio: \w+ (?:dan )?\d+ van de 100")
"""The median of a region is a score of nobody in particular."""
OF_MODELS = "/modellen/"
"""Screens of a whole model: their shares are of a test, and they cannot ask for a score."""
OF_FILES = "/importen/voorstel/"
"""Screens of a file that somebody handed in, which cannot ask for a score either; what they show
comes from the file itself, before any of its rows is stored."""
OF_REASON = re.compile(r"(?:scheelt|maakt de kans) \w+ (\d+) van de 100")
"""What one reason does to a score, in points of a hundred."""
TAGS = re.compile(r"<[^>]+>")
KANS = frozenset({"kans", "kansNu", "kansDan", "elders"})
"""Names of scores in answers of the API, each of a jongere beside a place, or alone."""
MOVED = (("van", "kansVan"), ("naar", "kansNaar"))
"""Names of both sides of a move between places."""
BODIES: Mapping[str, Mapping[str, Any]] = {
    "/jongeren/{jongereId}/verkenningen": {"urenMax": 12, "reistijdMax": 90},
    "/matchtafels/{matchtafelId}/voorstellen": {},
}
"""What is sent to the routes that make something that holds a score."""


@cache
def region_with_routes() -> Regio:
    uitvalrisico, plaatsing = small_models()
    return Regio(
        small_region().tables,
        peildatum=CONFIG.peildatum,
        uitvalrisico=uitvalrisico,
        plaatsing=plaatsing,
        werkproces=StoredModel(leren_model(), version="1", sha256="e" * 64, card={}),
        namen={},
    )


def of_everything() -> str:
    """Return somebody with a risk, several places, a route and a change that opens a place."""
    regio = region_with_routes()
    scored = set(regio.scores["jongere_id"])
    for who in fitting(400):
        if who not in scored:
            continue
        routes = regio.routes.routes(who).gevonden
        if routes is not None and routes.routes and regio.matching.suggesties(who).nieuwe_kansen:
            return who
    raise LookupError("nobody has all of these")


@pytest.fixture(scope="module")
def who() -> str:
    return of_everything()


@pytest.fixture(scope="module")
def app(settings: Settings) -> FastAPI:
    return app_with_places(settings, region_with_routes)


@pytest.fixture(scope="module")
def wereld(app: FastAPI, settings: Settings, who: str) -> Iterator[Wereld]:
    engine = open_engine(settings.database)
    with unit_of_work(engine) as session:
        _add_places(session)
        _add_facts(session, who)
        accounts = {
            rol: add_account(
                session,
                str(rol),
                WACHTWOORD,
                [rol],
                [EIGEN_BEDRIJF if rol is Rol.LEERBEDRIJF else REGIO],
            )
            for rol in Rol
        }
        for van in Van:
            release(session, who, EIGEN_BEDRIJF, van, door="systeem:test", op=datetime.now(UTC))
    nothing = Tafel(*(0,) * 6)
    yield Wereld(app, engine, sessie_rules(settings), accounts, nothing, nothing)
    engine.dispose()


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as made:
        yield made


@pytest.fixture(scope="module")
def tafel(coach: TestClient, wereld: Wereld, who: str) -> Tafel:
    """A table with a proposal, a besluit on one line, and a wish."""
    asked = {"regio": REGIO, "datum": TODAY.isoformat(), "aantal": 12}
    asked |= {"deelnemers": [{"naam": "Anna", "organisatie": "School", "rol": "coach"}]}
    made = coach.post(f"{API_PATH}/matchtafels", json=asked)
    address = str(made.headers["location"])
    assert coach.patch(address, json={"status": "open", "versie": 1}).status_code == 200
    assert coach.post(f"{address}/voorstellen", json={}).status_code == 201
    number, door = int(address.rsplit("/", 1)[1]), wereld.accounts[Rol.MATCHTAFELDEELNEMER]
    with unit_of_work(wereld.engine) as session:
        tables = MatchtafelRepository(session)
        first, *others = tables.agendapunten(number)
        eigenaar = tables.deelnemers(number)[0].id
        wanted = NieuwBesluit(
            first.id, first.versie, Keuze.AANHOUDEN, "wacht op een gesprek", eigenaar, TODAY
        )
        besluit = decide(session, wanted, door=door, op=datetime.now(UTC))
        opvolging = OpvolgingRepository(session).of_matchtafel(number)[0].id
        voorstel = tables.numbered(number, 1)
        line = next(
            one
            for one in tables.regels(voorstel.id)
            if one.leerwerkplek_id is not None and one.agendapunt_id != first.id
        )
        punt = next(one for one in others if one.id == line.agendapunt_id)
        plek = next(
            one.leerwerkplek_id
            for one in tables.plekken(number)
            if one.leerwerkplek_id != line.leerwerkplek_id
        )
        wens = tables.add_wens(
            number, WensSoort.UITSLUITEN, punt.jongere_id, plek, door=door, op=datetime.now(UTC)
        )
    return Tafel(number, punt.id, besluit, opvolging, eigenaar, wens)


class Asker(Caller):
    """Asks with bodies that make something, and of a pair that could be where one is asked."""

    anders = ""
    plekken: Sequence[str] = ()

    def _body(self, operation: Mapping[str, Any]) -> object:
        for path, body in BODIES.items():
            if operation is self._document["paths"][path].get("post"):
                return body
        return super()._body(operation)

    def _address(self, route: Route, operation: Mapping[str, Any]) -> str:
        address = super()._address(route, operation)
        path, _, query = address.partition("?")
        if path.endswith("/verklaringen"):
            return f"{path}?{self.anders}"
        if path.endswith("/anders"):
            return f"{path}?{query}&plek={self.anders.rsplit('=', 1)[1]}"
        if path.endswith("/vergelijken"):
            return f"{path}?plek={'&plek='.join(self.plekken[:2])}"
        return address


@pytest.fixture(scope="module")
def document(client: TestClient) -> Mapping[str, Any]:
    found: dict[str, Any] = client.get(f"{API_PATH}/openapi.json").json()
    return found


@pytest.fixture(scope="module")
def asker(
    client: TestClient,
    wereld: Wereld,
    document: Mapping[str, Any],
    tafel: Tafel,
    who: str,
    settings: Settings,
) -> Asker:
    plekken = [one.leerwerkplek_id for one in region_with_routes().matching.paren.plekken]
    training = small_trainings()[0]
    models = ModelStore(settings.tracking, settings.models)
    version = models.save(training)
    report = models.artifacts(training.name, version) / FOLDER / HTML_FILE
    report.parent.mkdir(parents=True)
    report.write_text("<h1>Evaluatie</h1>", encoding="utf-8")
    named = {"nummer": "1", "model_id": f"{training.name}-{version}"}
    made = Asker(client, wereld, document, ids(tafel, who, plekken[0]) | named)
    made.anders, made.plekken = another_place(wereld, tafel), plekken
    return made


def another_place(wereld: Wereld, tafel: Tafel) -> str:
    """Return the query for a place that suits the line of a table and is not its own."""
    with unit_of_work(wereld.engine, read_only=True) as session:
        tables = MatchtafelRepository(session)
        who = next(one.jongere_id for one in tables.agendapunten(tafel.id) if one.id == tafel.punt)
        plekken = [one.leerwerkplek_id for one in tables.plekken(tafel.id)]
        lines = tables.regels(tables.numbered(tafel.id, 1).id)
    own = {one.leerwerkplek_id for one in lines if one.agendapunt_id == tafel.punt}
    suits = region_with_routes().tafel.passend([who], plekken)["leerwerkplek_id"].to_list()
    plek = next(one for one in suits if one not in own)
    return f"jongereId={who}&leerwerkplekId={plek}"


Kept = dict[tuple[str, str | None], set[float]]


def kept_since(engine: Engine, before: frozenset[str]) -> Kept:
    """Return every number that the records of new showings hold, by whom and what it is about."""
    same = (INHOUD.c.lijst_sha256 == SUGGESTIE.c.lijst_sha256) & (
        INHOUD.c.nummer == SUGGESTIE.c.nummer
    )
    invoer = sa.select(SUGGESTIE, INHOUD.c.uitleg).join(INHOUD, same)
    found: Kept = {}
    with engine.connect() as connection:
        shown = sa.select(VERTONING.c.id, VERTONING.c.lijst_sha256)
        lists = {row.lijst_sha256 for row in connection.execute(shown) if row.id not in before}
        for row in connection.execute(invoer.where(SUGGESTIE.c.lijst_sha256.in_(lists))):
            known = found.setdefault((row.jongere_id, row.object_id), set())
            known.update(round(one, 6) for one in numbers_in(json.loads(row.uitleg)))
            known.update([] if row.score is None else [round(row.score, 6)])
    return found


def numbers_in(told: object) -> Iterator[float]:
    if isinstance(told, int | float):
        yield float(told)
    elif isinstance(told, dict | list):
        for one in told.values() if isinstance(told, dict) else told:
            yield from numbers_in(one)


def showings(engine: Engine) -> frozenset[str]:
    with engine.connect() as connection:
        return frozenset(connection.scalars(sa.select(VERTONING.c.id)))


Score = tuple[str, str | None, float]


def scores_in(body: object, jongere: str, plek: str | None = None) -> Iterator[Score]:
    """Yield every score of an answer with the jongere and the place that it is about."""
    if isinstance(body, list):
        for one in body:
            yield from scores_in(one, jongere, plek)
    if not isinstance(body, dict):
        return
    jongere = (body.get("jongere") or body).get("jongereId", jongere)
    # a leerdoel may be learned at another place of its route, and the record is of the route
    plek = None if "werkprocesId" in body else place_of(body) or plek
    told = [(plek, body.get(name)) for name in KANS]
    told += [(body[place], body.get(kans)) for place, kans in MOVED if body.get(place)]
    yield from ((jongere, where, round(kans, 6)) for where, kans in told if kans is not None)
    for one in body.values():
        yield from scores_in(one, jongere, plek)


def place_of(body: Mapping[str, Any]) -> str | None:
    """Return the place that a part of an answer is about, when it says so."""
    for one in (body, body.get("leerwerkplek"), body.get("suggestie")):
        if isinstance(one, dict):
            found = one.get("leerwerkplekId") or (one is not body and place_of(one))
            if found:
                return str(found)
    return None


def without_record(answer: Response, kept: Kept, who: str) -> list[object]:
    """Return what an answer shows of a model and no record of it holds."""
    kind = answer.headers.get("content-type", "")
    if "json" in kind and "inzage" not in str(answer.url):
        return [
            (jongere, plek, score)
            for jongere, plek, score in scores_in(answer.json(), who)
            if not any(
                score in known
                for (one, place), known in kept.items()
                if one == jongere and (plek is None or place in {plek, None})
            )
        ]
    held = [abs(one) for some in kept.values() for one in some]
    scores = {min(max(round(100 * one), 1), 99) for one in held if one <= 1}
    points = {max(round(one), 1) for one in held}
    wrong: list[object] = [one for one in told_on(answer) if one not in scores]
    return wrong + [one for one in reasons_on(answer) if one not in points]


def words_of(answer: Response) -> str:
    return OF_NOBODY.sub("", " ".join(unescape(TAGS.sub(" ", answer.text)).split()))


def told_on(answer: Response) -> list[int]:
    """Return every score, as a count of a hundred, that a screen or a file tells."""
    found = TOLD.findall(OF_REASON.sub("", words_of(answer)))
    return [int(one) for several in found for one in several if one]


def reasons_on(answer: Response) -> list[int]:
    """Return what each reason that a screen tells does to a score, in points."""
    return [int(one) for one in OF_REASON.findall(words_of(answer))]


def shows_scores(answer: Response, who: str) -> bool:
    if not answer.content or is_of_models(answer):
        return False
    if "json" in answer.headers.get("content-type", "") and "inzage" not in str(answer.url):
        return any(True for _ in scores_in(answer.json(), who))
    return bool(told_on(answer))


def is_of_models(answer: Response) -> bool:
    return answer.url.path.startswith(OF_MODELS) and "/jongeren/" not in answer.text


@pytest.mark.parametrize("start", [OF_MODELS, OF_FILES])
def test_a_screen_that_is_passed_over_cannot_ask_for_a_score(app: FastAPI, start: str) -> None:
    """A score comes from the region in memory, or from a record: neither is within its reach."""
    passed = [
        (one.path, one.endpoint, one.dependant)
        for one in iter_route_contexts(app.router.routes)
        if one.path and one.path.startswith(start) and one.endpoint is not None
    ]

    assert passed
    for path, endpoint, dependant in passed:
        source = Path(inspect.getfile(endpoint)).read_text(encoding="utf-8")
        assert get_regio not in set(_calls(dependant)), path
        assert not re.search(r"import .*(Regio|Suggestie)|\.regio\b|suggestielog", source), path


def by_harm(route: Route) -> tuple[bool, bool, bool, bool]:
    """Order what only reads before what changes, and an erasure last."""
    plain = route.path.removeprefix(API_PATH) not in BODIES
    return "verwijdering" in route.path, "status" in route.path, route.method != "GET", plain


def test_every_score_in_an_answer_of_any_route_has_a_record(
    asker: Asker, wereld: Wereld, document: Mapping[str, Any], who: str
) -> None:
    wrong, scored, answered = [], set(), set()
    for route in sorted(GUARDED, key=by_harm):
        if route.path.endswith(STREAM):
            continue
        for rol in Rol:
            if not allowed_doelen([rol], route.handeling):
                continue
            before = showings(wereld.engine)
            answer = asker.call(route, rol)
            answered |= {str(route)} if answer.status_code < 300 else set()
            if shows_scores(answer, who):
                scored.add(str(route))
                missing = without_record(answer, kept_since(wereld.engine, before), who)
                wrong += [f"{route} as {rol}: {missing[:4]}"] if missing else []

    assert wrong == [], "\n".join(wrong)
    assert of_schema(document) <= scored
    assert pages_to_read() <= answered
    assert len(scored) > 15, sorted(scored)


def of_schema(document: Mapping[str, Any]) -> set[str]:
    """Return the operations of the API whose answer may hold a score."""
    parts = document["components"]["schemas"]
    return {
        f"{method.upper()} {API_PATH}{path}"
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if {*KANS, "kansVan"} & {*names_in(operation["responses"], parts, set())}
    }


def names_in(schema: object, parts: Mapping[str, Any], seen: set[str]) -> Iterable[str]:
    """Yield the names of all properties of a schema and of what it refers to."""
    if isinstance(schema, list):
        for one in schema:
            yield from names_in(one, parts, seen)
    if not isinstance(schema, dict):
        return
    name = str(schema.get("$ref", "")).rsplit("/", 1)[-1]
    if name and name not in seen:
        seen.add(name)
        yield from names_in(parts[name], parts, seen)
    yield from schema.get("properties", ())
    for one in schema.values():
        yield from names_in(one, parts, seen)


def pages_to_read() -> set[str]:
    """Return every page behind the door: all must have been looked at."""
    return {
        str(route)
        for route in GUARDED
        if route.method == "GET" and not route.path.startswith((API_PATH, OF_FILES))
    }
