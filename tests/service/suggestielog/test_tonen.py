"""Nothing that is suggested is shown without a record, and every record comes out again (H1)."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from models.store import StoredModel
from service.routes import Routekaart
from service.storage.engine import unit_of_work
from service.storage.suggestielog import SuggestielogRepository
from service.storage.suggestielog_tables import INHOUD, LIJST, SUGGESTIE, VERTONING
from service.suggestielog.controle import repeat_stored
from service.suggestielog.herhalen import CLOSE, repeat
from service.suggestielog.lijst import Soort
from service.suggestielog.maken import of_routes
from tests.models.leren import CONFIG as LEREN
from tests.models.leren import leren_model, leren_region
from tests.service.region import small_regio
from tests.service.suggestielog.conftest import by_hash
from tests.service.test_routekaart import passend

API = "/api/v1"
ASKED = 1000
Pair = tuple[str, str | None, float]


def rows_of(store: Engine) -> set[tuple[str, str | None, float | None]]:
    with store.connect() as connection:
        asked = sa.select(SUGGESTIE.c.jongere_id, SUGGESTIE.c.object_id, SUGGESTIE.c.score)
        return {(who, what, rounded(score)) for who, what, score in connection.execute(asked)}


def rounded(score: float | None) -> float | None:
    """Return a score as an allocation counts it: in millionths."""
    return None if score is None else round(score, 6)


def shown_in(body: object, jongere: str | None = None, plek: str | None = None) -> Iterator[Pair]:
    """Yield every kans of an answer with the jongere and the place that it is about."""
    if isinstance(body, list):
        for one in body:
            yield from shown_in(one, jongere, plek)
        return
    if not isinstance(body, dict):
        return
    who, where = body.get("jongere"), body.get("leerwerkplek")
    jongere = who["jongereId"] if isinstance(who, dict) else body.get("jongereId", jongere)
    plek = where["leerwerkplekId"] if isinstance(where, dict) else body.get("leerwerkplekId", plek)
    if body.get("kans") is not None and jongere is not None:
        yield jongere, plek, round(body["kans"], 6)
    for name, value in body.items():
        if name not in {"vorigeMaand", "leerwerkplek", "jongere"}:
            yield from shown_in(value, jongere, plek)


@pytest.fixture(scope="module")
def tafel(coach: TestClient) -> str:
    """The address of an open table with a proposal."""
    asked = {"regio": "Achterhoek", "datum": "2026-12-03", "aantal": 12}
    asked |= {"deelnemers": [{"naam": "Anna", "organisatie": "School", "rol": "coach"}]}
    made = coach.post(f"{API}/matchtafels", json=asked)
    assert made.status_code == 201, made.text
    address = str(made.headers["location"])
    opened = coach.patch(address, json={"status": "open", "versie": 1})
    assert opened.status_code == 200, opened.text
    return address


def fitting(n: int) -> list[str]:
    """Return jongeren for whom several places are open."""
    matching = small_regio().matching
    return [one for one in matching.paren.zoekend if matching.passend(one).height > 8][:n]


def jongeren_of(coach: TestClient, n: int) -> list[str]:
    page = coach.get(f"{API}/jongeren?paginagrootte={n}").json()
    return [one["jongere"]["jongereId"] for one in page["resultaten"]]


def test_every_kans_in_an_answer_of_the_api_has_a_record(
    coach: TestClient, store: Engine, tafel: str
) -> None:
    who, plek = fitting(3), small_regio().matching.paren.plekken[0].leerwerkplek_id
    answers = [
        (coach.get(f"{API}/jongeren?paginagrootte=40"), None),
        (coach.get(f"{API}/jongeren?sortering=naam&pagina=2"), None),
        *((coach.get(f"{API}/jongeren/{one}/uitvalrisico"), one) for one in jongeren_of(coach, 2)),
        *((coach.get(f"{API}/jongeren/{one}/suggesties?top=7"), one) for one in who),
        (coach.get(f"{API}/jongeren/{who[0]}/suggesties?volgorde=reistijd"), who[0]),
        (coach.get(f"{API}/leerwerkplekken/{plek}/kandidaten?top=9"), None),
        (coach.post(f"{API}/jongeren/{who[0]}/verkenningen", json={"urenMax": 12}), who[0]),
        (coach.post(f"{tafel}/voorstellen", json={}), None),
        (coach.get(f"{tafel}/voorstellen/1"), None),
        (coach.get(f"{tafel}/voorstellen/1/toelichting"), None),
    ]
    kept = rows_of(store)

    for answer, jongere in answers:
        assert answer.status_code in {200, 201}, answer.text
        shown = set(shown_in(answer.json(), jongere))
        assert shown, answer.url
        assert shown <= kept, answer.url


def test_every_screen_with_a_kans_adds_records_of_who_saw_it(
    coach: TestClient, store: Engine, tafel: str
) -> None:
    scored = set(jongeren_of(coach, 100))
    who = next(one for one in fitting(900) if one in scored)
    number = tafel.rsplit("/", 1)[1]
    coach.post(f"{tafel}/voorstellen", json={})
    punt = coach.get(f"{tafel}/agendapunten").json()["resultaten"][0]["agendapuntId"]
    screens = {
        "/jongeren": {Soort.UITVALRISICO},
        f"/jongeren/{who}": {Soort.UITVALRISICO, Soort.LEERWERKPLEKKEN},
        "/leerwerkplekken/LWP00000": {Soort.KANDIDATEN},
        f"/matchtafels/{number}": {Soort.VOORSTEL, Soort.AGENDA, Soort.KEUZES},
        f"/matchtafels/{number}/anders?punt={punt}": {Soort.KEUZES},
    }
    first = small_regio().matching.paren.plekken[0].leerwerkplek_id
    for address, kinds in screens.items():
        before = vertoningen(store)
        answer = coach.get(address.replace("LWP00000", first))
        assert answer.status_code == 200, answer.text
        new = {soort for key, soort in vertoningen(store).items() if key not in before}
        assert new >= kinds, address


def vertoningen(store: Engine) -> dict[str, str]:
    """Return the kind of list of each showing, by id."""
    with store.connect() as connection:
        joined = sa.select(VERTONING.c.id, LIJST.c.soort).join(
            LIJST, LIJST.c.sha256 == VERTONING.c.lijst_sha256
        )
        return {row.id: row.soort for row in connection.execute(joined)}


def test_the_same_list_again_adds_one_row_and_names_its_viewer(
    coach: TestClient, store: Engine
) -> None:
    who = fitting(5)[4]
    coach.get(f"{API}/jongeren/{who}/suggesties?top=4")
    before = counts(store)
    coach.get(f"{API}/jongeren/{who}/suggesties?top=4")
    after = counts(store)

    assert after["vertoning"] == before["vertoning"] + 1
    assert all(after[name] == before[name] for name in before if name != "vertoning")
    with unit_of_work(store, read_only=True) as session:
        last = list(SuggestielogRepository(session).vertoningen())[-1]
        assert SuggestielogRepository(session).without_record() == 0
    assert (last.kijker, last.gebruiker_id) == ("gebruiker:1", 1)
    assert last.doel == "begeleiding"


def counts(store: Engine) -> dict[str, int]:
    with unit_of_work(store, read_only=True) as session:
        return dict(SuggestielogRepository(session).counts())


def test_a_record_says_which_model_data_and_code_made_it(coach: TestClient, store: Engine) -> None:
    jongeren_of(coach, 5)
    with unit_of_work(store, read_only=True) as session:
        lijst = SuggestielogRepository(session).lijsten(limit=1)[0]
        lines = SuggestielogRepository(session).suggesties(lijst.sha256)

    assert (lijst.model, lijst.model_versie) == ("uitvalrisico", "1")
    assert lijst.peildatum == small_regio().peildatum
    assert len(lijst.schema_sha256) == 64
    assert "+" in lijst.code_versie
    assert [one.rang for one in lines] == [1, 2, 3, 4, 5]
    assert all(one.invoer and one.uitleg for one in lines)
    assert not any("Naam" in f"{one.invoer}{one.uitleg}" for one in lines)


def test_a_thousand_stored_suggesties_come_out_again(
    coach: TestClient, store: Engine, tafel: str
) -> None:
    for page in range(1, 6):
        coach.get(f"{API}/jongeren?paginagrootte=100&pagina={page}")
    for one in fitting(25):
        coach.get(f"{API}/jongeren/{one}/suggesties?top=15")
    plekken = [one.leerwerkplek_id for one in small_regio().matching.paren.plekken]
    for plek in plekken[:12]:
        coach.get(f"{API}/leerwerkplekken/{plek}/kandidaten?top=15")
    coach.post(f"{tafel}/voorstellen", json={})
    coach.get(f"/matchtafels/{tafel.rsplit('/', 1)[1]}")

    found = repeat_stored(store, by_hash, aantal=ASKED)

    assert found.suggesties >= ASKED
    assert found.verschil <= CLOSE
    assert (found.andere_rang, found.te_ver, found.beschadigd) == (0, 0, 0)


def test_a_changed_input_is_found(coach: TestClient, store: Engine) -> None:
    jongeren_of(coach, 3)
    with unit_of_work(store, read_only=True) as session:
        repository = SuggestielogRepository(session)
        lijst = repository.lijsten(limit=1)[0]
        lines = repository.suggesties(lijst.sha256)
    forged = [replace(lines[0], invoer=(lines[0].invoer or "").replace("0", "1", 1)), *lines[1:]]
    moved = [replace(lines[0], score=(lines[0].score or 0) + 1e-6), *lines[1:]]

    assert repeat(lijst, lines, by_hash).goed
    assert not repeat(lijst, forged, by_hash).heel
    assert not repeat(lijst, moved, by_hash).goed
    assert repeat(lijst, lines[::-1], by_hash).zelfde_rang is False


def test_routes_come_out_again_from_their_snapshot(store: Engine) -> None:
    stored = StoredModel(leren_model(), version="7", sha256="a" * 64, card={})
    kaart = Routekaart(
        leren_region().tables, peildatum=LEREN.peildatum, werkproces=stored, passend=passend
    )
    for who in ("J000003", "J000011"):
        lijst = of_routes(kaart.routes(who))
        assert lijst is not None
        with unit_of_work(store) as session:
            session.execute(sa.insert(LIJST), [lijst.head()])
            session.execute(sa.insert(SUGGESTIE), lijst.rows())
            session.execute(sa.insert(INHOUD), lijst.inhoud())
            repository = SuggestielogRepository(session)
            head, lines = repository.lijst(lijst.sha256), repository.suggesties(lijst.sha256)
        assert head is not None
        found = repeat(head, lines, lambda *_: stored.model)
        assert len(lines) >= 3
        assert found.goed
        assert found.zelfde_rang is True


REFUSE = {
    "sqlite": (
        "CREATE TRIGGER vol BEFORE INSERT ON vertoning BEGIN SELECT RAISE(ABORT, 'vol'); END",
        "DROP TRIGGER vol",
    ),
    "postgresql": (
        "ALTER TABLE vertoning ADD CONSTRAINT vol CHECK (false) NOT VALID",
        "ALTER TABLE vertoning DROP CONSTRAINT vol",
    ),
}
"""What makes a store refuse the record of a showing, and what takes that back."""


def test_without_a_store_that_takes_the_record_nothing_is_shown(
    coach: TestClient, store: Engine
) -> None:
    who = fitting(9)[8]
    refuse, admit = REFUSE[store.dialect.name]
    with store.begin() as connection:
        connection.exec_driver_sql(refuse)
    try:
        answer = coach.get(f"{API}/jongeren/{who}/suggesties")
    finally:
        with store.begin() as connection:
            connection.exec_driver_sql(admit)

    assert answer.status_code == 503
    assert "kans" not in answer.json()
