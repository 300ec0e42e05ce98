"""The last day is kept, the next day gone, for every table."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from models.store import StoredCard
from service.audit.controle import check_log
from service.audit.opening import audit_sleutels
from service.privacy.bewaartermijnen import IMPORT, Termijn, termijnen
from service.privacy.bewaren import keep_terms, kept_models
from service.storage.bewaren import BewaarRepository, list_reports
from service.storage.engine import unit_of_work
from service.storage.tables import METADATA
from tests.service.audit.lines import append
from tests.service.conftest import make_settings
from tests.service.privacy.everywhere import DAY, dump, fill

ANNA = "a" * 32
LATER = date(2100, 1, 1)
TERMS = termijnen()
TIMED = sorted(name for name, one in TERMS.items() if one.vanaf and not one.keten)
HALF_YEAR = timedelta(days=183)


def counts(engine: Engine) -> dict[str, int]:
    return {name: len(rows) for name, rows in dump(engine).items()}


def clear(engine: Engine, dag: date, *only: str) -> dict[str, int]:
    """Throw away what is over on a day, as if the terms of other tables had no end."""
    terms = {
        name: one if not only or name in only else Termijn(name, blijft=True)
        for name, one in TERMS.items()
    }
    with unit_of_work(engine) as session:
        return BewaarRepository(session, terms, dag).remove_expired()


def last_day(term: Termijn) -> date:
    """Return the last day on which a row of `DAY` is kept."""
    dag = DAY
    while term.tot(dag) <= DAY:
        dag += timedelta(days=1)
    return dag - timedelta(days=1)


def test_every_table_has_a_term_and_every_term_a_table() -> None:
    assert set(TERMS) == set(METADATA.tables)


def test_every_term_says_why_and_from_when() -> None:
    for one in TERMS.values():
        assert one.reden, one.tabel
        assert one.blijft or one.met or one.vanaf or one.zonder, one.tabel
        for name in one.vanaf:
            assert name == IMPORT or name in METADATA.tables[one.tabel].c


def test_logs_of_the_ai_are_kept_six_months_and_its_documentation_ten_years() -> None:
    for name in ("vertoning", "auditregel", "suggestielijst"):
        assert LATER - TERMS[name].tot(LATER) >= HALF_YEAR - timedelta(days=3)
    for name in ("modelstop", "volgalarm"):
        assert TERMS[name].jaren >= 10


def free(engine: Engine, name: str) -> None:
    """Remove what would keep the row of a table, so that its own term decides."""
    table, term = METADATA.tables[name], TERMS[name]
    with unit_of_work(engine) as session:
        for other in reversed(METADATA.sorted_tables):
            refers = any(key.column.table is table for key in other.foreign_keys)
            same = term.leeg and "jongere_id" in other.c and other.name != "jongere"
            if other is not table and (refers or same or other.name in term.zonder):
                _remove_tree(session, other)


def _remove_tree(session: Any, table: sa.Table) -> None:  # noqa: ANN401  # as pytest gives it
    for other in METADATA.sorted_tables:
        if other is not table and any(key.column.table is table for key in other.foreign_keys):
            _remove_tree(session, other)
    session.execute(sa.delete(table))


@pytest.mark.parametrize("name", TIMED)
def test_the_last_day_is_kept_and_the_next_day_gone(sqlite_engine: Engine, name: str) -> None:
    fill(sqlite_engine, ANNA)
    free(sqlite_engine, name)
    assert counts(sqlite_engine)[name] == 1
    dag = last_day(TERMS[name])
    assert clear(sqlite_engine, dag, name) == {}
    assert clear(sqlite_engine, dag + timedelta(days=1), name) == {name: 1}


def test_everything_of_a_person_goes_in_the_end(engine: Engine) -> None:
    fill(engine, ANNA)
    removed = clear(engine, LATER)
    left = {name for name, count in counts(engine).items() if count}
    stays = {name for name, one in TERMS.items() if one.blijft or one.keten}
    assert left <= stays | {"importrun"}
    assert {"jongere", "identiteit", "persoonssleutel", "besluit", "agendapunt"} <= set(removed)


def test_a_night_reports_what_it_threw_away(engine: Engine, tmp_path: Path) -> None:
    fill(engine, ANNA, leave_out=("audit_ijkpunt",))
    dag = last_day(TERMS["verzuim"]) + timedelta(days=1)
    done = keep_terms(engine, make_settings(tmp_path), dag=dag)
    assert done.opgeruimd
    assert done.verwijderd["verzuim"] == 1
    with unit_of_work(engine, read_only=True) as session:
        told = {row["tabel"]: row for row in list_reports(session)}
    assert told["verzuim"]["aantal"] == 1
    assert told["verzuim"]["tot"] == DAY + timedelta(days=1)
    assert keep_terms(engine, make_settings(tmp_path), dag=dag).verwijderd == {}


def test_a_day_without_anything_over_throws_nothing_away(engine: Engine, tmp_path: Path) -> None:
    fill(engine, ANNA)
    before = dump(engine)
    moment = datetime.combine(DAY, time.max, UTC)
    assert keep_terms(engine, make_settings(tmp_path), dag=moment.date()).verwijderd == {}
    assert dump(engine) == before


def test_the_audit_log_keeps_its_last_day_and_stays_a_chain_when_it_is_cut(
    engine: Engine, tmp_path: Path
) -> None:
    settings = make_settings(tmp_path)
    append(engine, 3, op=datetime.combine(DAY, time(12), UTC))
    append(engine, 2, op=datetime.combine(DAY, time(12), UTC) + timedelta(days=2))
    dag = last_day(TERMS["auditregel"])
    assert keep_terms(engine, settings, dag=dag).verwijderd == {}
    found = keep_terms(engine, settings, dag=dag + timedelta(days=1)).verwijderd
    with unit_of_work(engine, read_only=True) as session:
        told = {row["tabel"]: row["aantal"] for row in list_reports(session)}
        chain = check_log(session, (), public_keys=[audit_sleutels(settings).public_key])
    assert found == told
    assert found["auditregel"] == 3
    assert found["verwerkingsregel"] == 3
    assert (chain.regels, chain.breuken) == (2, ())


def test_a_model_is_named_the_day_after_its_ten_years() -> None:
    saved = datetime.combine(DAY, time(12), UTC)
    card = StoredCard("uitvalrisico", "1", "a" * 64, saved, {}, {}, altered=False)
    ten_years = DAY.replace(year=DAY.year + 10)
    for dag, over in ((ten_years, False), (ten_years + timedelta(days=1), True)):
        (found,) = kept_models([card], dag=dag)
        assert (found.naam, found.versie, found.tot) == (card.name, card.version, ten_years)
        assert found.mag_weg == over
