"""A running service whose store holds a few facts, and people of several roles."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from features.contract import Table
from features.tables import TABLES
from service.app import create_app
from service.rechten.begrippen import Rol
from service.settings import Settings
from service.storage import CanonicalRepository, open_engine, unit_of_work
from tests.service.conftest import OWN_SITE, WACHTWOORD, make_settings
from tests.service.fakes import FakeRegio
from tests.service.mensen import FAKE_IDS, add_account, add_regio, settle
from tests.service.storage.imports import start_import

TODAY = datetime.now(UTC).date()
LONG_AGO = date(2026, 1, 5)
BEDRIJF = "100000001"
ELDERS = "J900"
"""Lives in a gemeente that nobody of these tests works for."""
FACTS: dict[str, list[dict[str, object]]] = {
    "kwalificatie": [{"opleidingcode": "25748", "titel": "Assistent", "niveau": 1}],
    "competentie": [
        {"competentie_id": "WV-03", "titel": "Op tijd komen", "soort": "werknemersvaardigheid"},
        {"competentie_id": "WV-04", "titel": "Vraagt hulp", "soort": "werknemersvaardigheid"},
    ],
    "werkproces": [
        {"werkproces_id": "25748-B1-K1-W1", "opleidingcode": "25748", "titel": "Bereidt voor"}
    ],
    "leerbedrijf": [
        {"leerbedrijf_id": BEDRIJF, "naam": "Garage De Slinge", "plaats": "Winterswijk"},
        {"leerbedrijf_id": "100000002", "naam": "Bakkerij", "sector": "horeca en bakkerij"},
    ],
    "leerwerkplek": [
        {
            "leerwerkplek_id": f"P{number}",
            "leerbedrijf_id": BEDRIJF,
            "soort": "stage" if number % 2 else "leerbaan",
            "titel": f"Plek {number:02}",
            "begindatum": LONG_AGO,
            "capaciteit": 1,
            "uren_min": 8.0,
            "uren_max": 16.0 + number,
            "sluit_op": date(2026, 3, 1) if number == 3 else None,
        }
        for number in range(7)
    ],
    "leerwerkplek_eis": [
        {"leerwerkplek_id": "P1", "competentie_id": "WV-03", "niveau": 2, "hard": True}
    ],
    "leerwerkplek_werkproces": [{"leerwerkplek_id": "P1", "werkproces_id": "25748-B1-K1-W1"}],
    "traject": [{"traject_id": "T1", "soort": "voorschakeltraject", "titel": "Op weg"}],
    "traject_voorwaarde": [
        {
            "traject_id": "T1",
            "attribuut": "leeftijd",
            "operator": ">=",
            "waarde": "16",
            "reden": "Vanaf 16 jaar.",
        }
    ],
    "inschrijving": [
        {
            "jongere_id": one,
            "instelling": "24ZZ",
            "volgnummer": "1",
            "onderwijssoort": "entree",
            "begindatum": LONG_AGO,
        }
        for one in ("J1", "J2", ELDERS)
    ],
    "stage": [
        {
            "stage_id": f"S-{one}",
            "jongere_id": one,
            "leerbedrijf_id": BEDRIJF,
            "begindatum": LONG_AGO,
        }
        for one in ("J1", "J2", ELDERS)
    ],
    "voorkeur": [
        {"jongere_id": one, "datum": LONG_AGO, "uren_max": 24.0, "vervoer": ["fiets"]}
        for one in ("J1", "J2", ELDERS)
    ],
    "competentiemeting": [
        {
            "jongere_id": one,
            "datum": LONG_AGO,
            "competentie_id": "WV-03",
            "niveau": 2,
            "bron": "school",
        }
        for one in ("J1", ELDERS)
    ],
}


def frame_of(contract: Table, rows: list[dict[str, object]]) -> pl.DataFrame:
    known = {"bron": "test", "bekend_op": LONG_AGO}
    empty = {name: known.get(name) for name in contract.schema}
    return pl.DataFrame([empty | row for row in rows], schema=contract.schema)


def fill_store(session: Session) -> None:
    """Store the facts and who they are about."""
    add_regio(session)
    settle(session, FAKE_IDS)
    settle(session, [ELDERS], gemeente="Ergens anders")
    run = start_import(session)
    for name in TABLES:
        if name in FACTS:
            CanonicalRepository(session).merge(name, frame_of(TABLES[name], FACTS[name]), run)


@dataclass(frozen=True)
class Service:
    """A running service, its store, and a way to be somebody."""

    settings: Settings
    engine: Engine
    log_in: Callable[[Rol], TestClient]


def run_service(settings: Settings) -> Iterator[Service]:
    """Serve a filled store with an account for each role."""
    engine = open_engine(settings.database, synchronous="OFF")
    with unit_of_work(engine) as session:
        fill_store(session)
        for rol in Rol:
            add_account(session, rol, WACHTWOORD, [rol])
    app = create_app(settings, load_regio=FakeRegio, renew_seconds=600)
    with ExitStack() as stack:

        @cache
        def log_in(rol: Rol) -> TestClient:
            client = TestClient(app, follow_redirects=False, raise_server_exceptions=False)
            stack.enter_context(client).headers.update(OWN_SITE)
            form = {"naam": rol.value, "wachtwoord": WACHTWOORD}
            assert client.post("/inloggen", data=form).status_code == 303
            return client

        yield Service(settings, engine, log_in)
    engine.dispose()


def settings_of(folder: Path, url: str) -> Settings:
    """Return settings without a second factor, for people of every role."""
    return make_settings(folder).model_copy(
        update={"tweede_factor": False, "database_url": SecretStr(url)}
    )


@pytest.fixture(scope="module")
def service(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service on SQLite for a module of tests."""
    folder = tmp_path_factory.mktemp("dienst")
    shutil.copy(sqlite_template, folder / "vangnet.db")
    yield from run_service(settings_of(folder, f"sqlite:///{folder / 'vangnet.db'}"))


@pytest.fixture
def own_service(database_url: str, tmp_path: Path) -> Iterator[Service]:
    """A service of one test alone, on either database."""
    yield from run_service(settings_of(tmp_path, database_url))


@pytest.fixture
def coach(service: Service) -> TestClient:
    """A loopbaancoach of the region."""
    return service.log_in(Rol.LOOPBAANCOACH)
