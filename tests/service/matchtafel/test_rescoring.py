"""What people decided stays what it is, whatever a model says later (TRUST H3, H11)."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import numpy as np
import polars as pl
import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from features.contract import Tables
from service.matchtafel.agenda import Agendaregel
from service.matchtafel.begrippen import Keuze, Status, TafelPlek, Vraag
from service.matchtafel.besluiten import NieuwBesluit, decide
from service.matchtafel.tafel import NieuweDeelnemer, move_on, plan
from service.matchtafel.voorstel import Opties, propose
from service.matchtafel.waarom import Opgelost
from service.rechten.begrippen import Rol
from service.regio import Regio
from service.storage.engine import unit_of_work
from service.storage.matchtafel import MatchtafelRepository
from service.storage.matchtafel_tables import BESLUIT, OPVOLGING
from service.storage.tables import METADATA
from tests.service.conftest import WACHTWOORD
from tests.service.matchtafel.conftest import NOW, TODAY, Tafel
from tests.service.mensen import GEMEENTE, REGIO, SMALL_IDS, add_account, add_regio, settle
from tests.service.region import regio_of, small_regio, small_region
from tests.service.storage.imports import merge_all

DECIDED = 1000
TABLES = 4
PLACES = ("leerbedrijf", "leerwerkplek")
LATER = date(2026, 12, 10)


def add_table(session: Session, ids: Sequence[str], plekken: list[str], door: int) -> int:
    """Return an open table with these jongeren and places."""
    made = plan(
        session,
        regio=REGIO,
        datum=TODAY,
        deelnemers=[NieuweDeelnemer("Anna", GEMEENTE, "gemeente", None)],
        agenda=[Agendaregel(one, ("zoekt een plek",), aselect=False, trekkans=0.0) for one in ids],
        plekken=[TafelPlek(0, one, 1, None, None) for one in plekken],
        momentopname={"peildatum": "2026-11-01"},
        door=door,
        op=NOW,
    )
    move_on(session, made, Status.OPEN, versie=1, op=NOW)
    return made


def decide_all(engine: Engine) -> list[int]:
    """Fill tables with everybody of the small region and decide on a thousand lines."""
    plekken = [one.leerwerkplek_id for one in small_regio().matching.paren.plekken[:20]]
    with unit_of_work(engine) as session:
        add_regio(session)
        settle(session, SMALL_IDS)
        merge_all(session, {name: small_region().tables[name] for name in PLACES})
        door = add_account(session, "voorzitter", WACHTWOORD, [Rol.MATCHTAFELDEELNEMER])
        tafels = [
            add_table(session, SMALL_IDS[part : part + DECIDED // TABLES + 5], plekken, door)
            for part in range(0, TABLES * 200, 200)
        ]
        for tafel in tafels:
            tables = MatchtafelRepository(session)
            eigenaar = tables.deelnemers(tafel)[0].id
            for number, punt in enumerate(tables.agendapunten(tafel)[: DECIDED // TABLES]):
                keuze = (Keuze.VOORSTELLEN, Keuze.NIET_PASSEND, Keuze.AANHOUDEN)[number % 3]
                plek = plekken[number % 20] if keuze is Keuze.VOORSTELLEN else None
                wanted = NieuwBesluit(
                    punt.id, punt.versie, keuze, "besproken aan tafel", eigenaar, LATER, plek
                )
                decide(session, wanted, door=door, op=NOW)
    return tafels


def test_what_was_solved_with_the_scores_of_another_region_is_solved_again(
    sqlite_engine: Engine,
) -> None:
    zicht, solved = small_regio().tafel, Opgelost()
    plekken = [one.leerwerkplek_id for one in small_regio().matching.paren.plekken[:20]]
    with unit_of_work(sqlite_engine) as session:
        add_regio(session)
        settle(session, SMALL_IDS[:5])
        merge_all(session, {name: small_region().tables[name] for name in PLACES})
        door = add_account(session, "voorzitter", WACHTWOORD, [Rol.MATCHTAFELDEELNEMER])
        tafel = add_table(session, SMALL_IDS[:5], plekken, door)
        voorstel = propose(session, zicht, tafel, Opties(), door=door, op=NOW)
        first, same, after = (
            solved.of(session, zicht, voorstel, stempel=one) for one in ("nu", "nu", "later")
        )

    assert same is first
    assert after is not first


def otherwise(tables: Tables) -> Tables:
    """Return a region of which every jongere has quite other marks and absence."""
    worse = dict(tables)
    worse["verzuim"] = tables["verzuim"].with_columns(geoorloofd=pl.lit(value=False))
    worse["resultaat"] = tables["resultaat"].with_columns(pl.col("waarde") * 0.5)
    worse["competentiemeting"] = tables["competentiemeting"].with_columns(
        niveau=4 - pl.col("niveau")
    )
    return worse


def kept(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    with engine.connect() as connection:
        return {
            table.name: [
                tuple(row) for row in connection.execute(sa.select(table).order_by(table.c.id))
            ]
            for table in (BESLUIT, OPVOLGING)
        }


def moved(before: Regio, after: Regio) -> float:
    both = before.scores.join(after.scores, on="jongere_id", suffix="_dan")
    change = both["uitvalrisico"].to_numpy() - both["uitvalrisico_dan"].to_numpy()
    return float(np.abs(change).mean())


@pytest.mark.slow
def test_scoring_a_thousand_decided_cases_again_changes_no_besluit(sqlite_engine: Engine) -> None:
    tafels = decide_all(sqlite_engine)
    before = kept(sqlite_engine)
    assert len(before["besluit"]) == DECIDED

    again = regio_of(otherwise(small_region().tables))
    assert moved(small_regio(), again) > 0.01
    for tafel in tafels:
        with unit_of_work(sqlite_engine) as session:
            propose(session, again.tafel, tafel, Opties(), door=1, op=datetime.now(UTC))

    assert kept(sqlite_engine) == before


@pytest.mark.parametrize("besluit", [None, 1_000_000])
def test_nothing_follows_on_a_plaatsing_without_a_besluit(
    tafel: Tafel, besluit: int | None
) -> None:
    """The only row that changes the status of a plaatsing hangs on the besluit of a person."""
    row = {"besluit_id": besluit, "vraag": Vraag.GESTART, "datum": LATER, "toelichting": ""}
    row |= {"eigenaar_id": tafel.eigenaar, "versie": 1}
    with pytest.raises(IntegrityError), tafel.engine.begin() as connection:
        connection.execute(sa.insert(OPVOLGING).values(row))


def test_only_a_besluit_and_what_follows_on_it_hold_what_became_of_a_plaatsing() -> None:
    """A new table with a status of a person must refer to a besluit, by a key that is never empty.

    A stage itself is a fact that a school or a follow-up reports.
    """
    found = {
        column.table.name: column.table
        for table in METADATA.sorted_tables
        for column in table.c
        if column.name in {"uitkomst", "keuze"} and isinstance(column.type, sa.String)
    }
    for name, table in found.items():
        if name == "besluit":
            continue
        (column,) = [key.parent for key in table.foreign_keys if key.column.table is BESLUIT]
        assert column.nullable is False, name
    assert {"besluit", "opvolging"} <= found.keys()
