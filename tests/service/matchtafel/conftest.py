"""A matchtafel in a store, planned and open."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import polars as pl
import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from features.contract import Table
from features.tables import JONGERE, LEERBEDRIJF, LEERWERKPLEK
from service.matchtafel.agenda import Agendaregel
from service.matchtafel.begrippen import Status, TafelPlek
from service.matchtafel.tafel import NieuweDeelnemer, move_on, plan
from service.storage import CanonicalRepository, GebruikerRepository, unit_of_work
from service.storage.matchtafel import MatchtafelRepository
from tests.service.storage.imports import start_import

NOW = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
TODAY = date(2026, 11, 2)


@dataclass(frozen=True)
class Tafel:
    """An open table of two jongeren and two places."""

    engine: Engine
    id: int
    agendapunten: tuple[int, ...]
    eigenaar: int
    gebruiker: int


def fill(contract: Table, **values: object) -> pl.DataFrame:
    known = {"bron": "test", "bekend_op": TODAY}
    row = {name: known.get(name) for name in contract.schema} | values
    return pl.DataFrame([row], schema=contract.schema)


@pytest.fixture
def tafel(engine: Engine) -> Tafel:
    return make_tafel(engine)


def make_tafel(engine: Engine) -> Tafel:
    with unit_of_work(engine) as session:
        canonical, run = CanonicalRepository(session), start_import(session)
        for one in ("J1", "J2"):
            canonical.merge("jongere", fill(JONGERE, jongere_id=one), run)
        canonical.merge(
            "leerbedrijf", fill(LEERBEDRIJF, leerbedrijf_id="100000001", naam="Bedrijf"), run
        )
        for one in ("P1", "P2"):
            place = fill(
                LEERWERKPLEK,
                leerwerkplek_id=one,
                leerbedrijf_id="100000001",
                soort="stage",
                titel="Magazijn",
                capaciteit=1,
                uren_min=8.0,
                uren_max=32.0,
                begindatum=TODAY,
            )
            canonical.merge("leerwerkplek", place, run)
        gebruiker = _gebruiker(session)
        table_id = plan(
            session,
            regio="Achterhoek",
            datum=TODAY,
            deelnemers=[NieuweDeelnemer("Anna", "ROC", "school", gebruiker)],
            agenda=[
                Agendaregel(one, ("zoekt een plek",), aselect=False, trekkans=0.0)
                for one in ("J1", "J2")
            ],
            plekken=[TafelPlek(0, one, 1, None, None) for one in ("P1", "P2")],
            momentopname={"peildatum": "2026-11-01"},
            door=gebruiker,
            op=NOW,
        )
        move_on(session, table_id, Status.OPEN, versie=1, op=NOW)
        tables = MatchtafelRepository(session)
        lines = tuple(line.id for line in tables.agendapunten(table_id))
        owner = tables.deelnemers(table_id)[0].id
    return Tafel(engine, table_id, lines, owner, gebruiker)


def _gebruiker(session: Session) -> int:
    added = GebruikerRepository(session).add(
        naam="anna", password_hash="", rollen=[], aangemaakt_op=NOW
    )
    return added.id
