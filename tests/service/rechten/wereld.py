"""Two regions in one store: what lies in the other one may never be seen from the first."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from pydantic import SecretStr
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from starlette.routing import Mount

from features.contract import Table
from features.tables import INSCHRIJVING, LEERBEDRIJF, LEERWERKPLEK, STAGE, VOORKEUR
from service.aanmelden.opening import sessie_rules
from service.aanmelden.rules import SessieRules
from service.aanmelden.sessies import start_session
from service.app import create_app
from service.dependencies import Openbaar, Vereist
from service.matchtafel.agenda import Agendaregel
from service.matchtafel.begrippen import Keuze, Status, TafelPlek, WensSoort
from service.matchtafel.besluiten import NieuwBesluit, decide
from service.matchtafel.tafel import NieuweDeelnemer, move_on, plan
from service.privacy.vrijgave import Van, release
from service.rechten.begrippen import Handeling, OrganisatieSoort, Rol
from service.settings import Settings
from service.storage import CanonicalRepository, unit_of_work
from service.storage.besluit import OpvolgingRepository
from service.storage.matchtafel import MatchtafelRepository
from service.storage.organisatie import OrganisatieRepository
from service.suggestielog.instructie import read as read_instructie
from tests.databases import open_migrated
from tests.service.fakes import FakeRegio
from tests.service.matchtafel.conftest import fill
from tests.service.mensen import FAKE_IDS, REGIO, SMALL_IDS, add_account, add_regio, settle
from tests.service.storage.imports import start_import

ELDERS, STAD = "Twente", "Enschede"
EIGEN_BEDRIJF, ANDER_BEDRIJF = "100000001", "100000002"
FOREIGN_FAKE, FOREIGN_SMALL = FAKE_IDS[40:60], SMALL_IDS[800:]
FOREIGN = re.compile(r"\bJ(4\d|5\d|0008\d\d)\b")
"""An id of somebody who lives in the other region."""
TODAY = date(2026, 11, 2)
NOW = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
WACHTWOORD = "een lang en goed wachtwoord"


@dataclass(frozen=True)
class Tafel:
    """A closed-off table of one region: its id and those of what lies on it."""

    id: int
    punt: int
    besluit: int
    opvolging: int
    eigenaar: int
    wens: int


@dataclass(frozen=True)
class Wereld:
    """A service on both regions, with an account of each role in the first."""

    app: FastAPI
    engine: Engine
    rules: SessieRules
    accounts: dict[Rol, int]
    eigen: Tafel
    ander: Tafel

    def enter(self, rol: Rol) -> dict[str, str]:
        """Return the cookie of a new session of a role."""
        with unit_of_work(self.engine) as session:
            token = start_session(
                session, self.accounts[rol], rules=self.rules, now=datetime.now(UTC)
            )
        return {self.rules.cookie: token}


@dataclass(frozen=True)
class Route:
    """One method of one address, with what it says that it does."""

    method: str
    path: str
    handelingen: tuple[Handeling, ...]

    def __str__(self) -> str:
        """Return the name of the test."""
        return f"{self.method} {self.path}"

    @property
    def handeling(self) -> Handeling:
        """The one thing that it does."""
        (found,) = self.handelingen
        return found


def make_app_of_nothing(folder: Path) -> FastAPI:
    """Return the service to read its routes; its store need not be there."""
    return create_app(make_settings(folder), load_regio=FakeRegio)


def make_settings(folder: Path) -> Settings:
    return Settings(  # type: ignore[call-arg]  # the others have defaults
        data=folder,
        pseudonym_key=SecretStr("p" * 43),
        session_key=SecretStr("s" * 43),
        secure_cookies=False,
        tweede_factor=False,
    )


def routes_of(app: FastAPI, prefix: str = "") -> Iterator[Route]:
    """Yield every route of an app and of what is mounted in it, but files."""
    for found in iter_route_contexts(app.router.routes):
        if isinstance(found.route, Mount):
            inner = found.route.app
            while not isinstance(inner, FastAPI) and hasattr(inner, "app"):
                inner = inner.app
            if isinstance(inner, FastAPI):
                yield from routes_of(inner, prefix + found.route.path)
            continue
        declared = tuple(
            call.handeling
            for call in _calls(found.dependant)
            if isinstance(call, Vereist | Openbaar)
        )
        for method in sorted(found.methods or ()):
            yield Route(method, f"{prefix}{found.path}", declared)


def _calls(dependant: Dependant) -> Iterator[object]:
    for one in dependant.dependencies:
        yield one.call
        yield from _calls(one)


def make_wereld(folder: Path) -> Wereld:
    """Fill a store with two regions and return the service on it."""
    settings = make_settings(folder)
    engine = open_migrated(settings.database)
    with unit_of_work(engine) as session:
        add_regio(session)
        add_regio(session, ELDERS, [STAD])
        settle(session, [*FAKE_IDS, *SMALL_IDS])
        settle(session, [*FOREIGN_FAKE, *FOREIGN_SMALL], STAD)
        _add_places(session)
        for jongere in ("J1", "J50"):
            _add_facts(session, jongere)
        accounts = {rol: _add_account(session, rol) for rol in Rol}
        for one in accounts.values():
            read_instructie(session, one, op=NOW)
        release(session, "J2", EIGEN_BEDRIJF, Van.JONGERE, door="systeem:test", op=NOW)
        release(session, "J2", EIGEN_BEDRIJF, Van.COACH, door="systeem:test", op=NOW)
        release(session, "J3", EIGEN_BEDRIJF, Van.COACH, door="systeem:test", op=NOW)
        release(session, "J4", ANDER_BEDRIJF, Van.JONGERE, door="systeem:test", op=NOW)
        release(session, "J4", ANDER_BEDRIJF, Van.COACH, door="systeem:test", op=NOW)
        door = accounts[Rol.MATCHTAFELDEELNEMER]
        eigen = _add_tafel(session, REGIO, "J000001", door)
        ander = _add_tafel(session, ELDERS, "J000850", door)
    app = create_app(settings, load_regio=FakeRegio)
    return Wereld(app, engine, sessie_rules(settings), accounts, eigen, ander)


def _add_account(session: Session, rol: Rol) -> int:
    at = EIGEN_BEDRIJF if rol is Rol.LEERBEDRIJF else REGIO
    return add_account(session, rol, WACHTWOORD, [rol], [at])


def _add_places(session: Session) -> None:
    canonical, run = CanonicalRepository(session), start_import(session)
    organisaties = OrganisatieRepository(session)
    for bedrijf, plek, regio in ((EIGEN_BEDRIJF, "P1", REGIO), (ANDER_BEDRIJF, "P2", ELDERS)):
        row = fill(LEERBEDRIJF, leerbedrijf_id=bedrijf, naam=f"Bedrijf {bedrijf}")
        canonical.merge("leerbedrijf", row, run)
        place: dict[str, Any] = {
            "leerwerkplek_id": plek,
            "leerbedrijf_id": bedrijf,
            "soort": "stage",
            "titel": "Magazijn",
            "capaciteit": 1,
            "uren_min": 8.0,
            "uren_max": 32.0,
            "begindatum": TODAY,
        }
        canonical.merge("leerwerkplek", fill(LEERWERKPLEK, **place), run)
        organisaties.add(
            naam=bedrijf, soort=OrganisatieSoort.LEERBEDRIJF, code=bedrijf, regio=regio
        )


def _add_facts(session: Session, jongere_id: str) -> None:
    canonical, run = CanonicalRepository(session), start_import(session)
    facts: tuple[tuple[Table, dict[str, object]], ...] = (
        (
            INSCHRIJVING,
            {
                "instelling": "99ZZ",
                "volgnummer": "1",
                "onderwijssoort": "mbo-2",
                "begindatum": TODAY,
            },
        ),
        (VOORKEUR, {"datum": TODAY, "uren_max": 24.0}),
        (
            STAGE,
            {
                "stage_id": f"S-{jongere_id}",
                "leerbedrijf_id": EIGEN_BEDRIJF,
                "begindatum": TODAY,
            },
        ),
    )
    for table, values in facts:
        canonical.merge(table.name, fill(table, jongere_id=jongere_id, **values), run)


def _add_tafel(session: Session, regio: str, jongere_id: str, door: int) -> Tafel:
    table = plan(
        session,
        regio=regio,
        datum=TODAY,
        deelnemers=[NieuweDeelnemer("Anna", "ROC", "school", None)],
        agenda=[Agendaregel(jongere_id, ("zoekt een plek",), aselect=False, trekkans=0.0)],
        plekken=[TafelPlek(0, "P1", 1, None, None)],
        momentopname={"peildatum": "2026-11-01"},
        door=door,
        op=NOW,
    )
    move_on(session, table, Status.OPEN, versie=1, op=NOW)
    tables = MatchtafelRepository(session)
    punt = tables.agendapunten(table)[0]
    eigenaar = tables.deelnemers(table)[0].id
    wanted = NieuwBesluit(
        punt.id, punt.versie, Keuze.AANHOUDEN, "wacht op een gesprek", eigenaar, TODAY
    )
    besluit = decide(session, wanted, door=door, op=NOW)
    opvolging = OpvolgingRepository(session).of_matchtafel(table)[0].id
    wens = tables.add_wens(table, WensSoort.UITSLUITEN, jongere_id, "P1", door=door, op=NOW)
    return Tafel(table, punt.id, besluit, opvolging, eigenaar, wens)
