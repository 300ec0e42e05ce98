"""What is changed in the audit log is found; what was cut off shows against an exported head."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from service.audit.controle import Afwijking, Breuk, Controle, check_log
from service.audit.koppen import GetekendeKop, read_koppen, sign_kop, write_kop
from service.audit.opruimen import SHORTEST, remove_before
from service.audit.sleutels import AuditSleutels
from service.errors import FileError
from service.storage.audit import GENESIS, AuditRepository, Kop, limit_role, line_hash
from service.storage.engine import open_engine, unit_of_work
from tests.service.audit.lines import SLEUTELS, append, spoil

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
CHANGES = (
    *(
        f"{column} = 'x'"
        for column in (
            "actie",
            "handeling",
            "doel",
            "objecten",
            "resultaat",
            "oorsprong",
            "actor",
            "trace_id",
            "operatie_id",
            "hash",
        )
    ),
    "status = 404",
    "status = NULL",
    "tijdstip = '2020-01-01 00:00:00.000000'",
)
FORBIDDEN = (
    "UPDATE auditregel SET actor = 'gebruiker:2' WHERE nummer = 2",
    "DELETE FROM auditregel WHERE nummer = 3",
    "DELETE FROM auditregel",
    "UPDATE audit_ijkpunt SET nummer = 3",
    "DELETE FROM audit_ijkpunt",
    "UPDATE verwerkingsregel SET name = 'x'",
)


def check(engine: Engine, *koppen: GetekendeKop) -> Controle:
    with unit_of_work(engine, read_only=True) as session:
        return check_log(session, koppen, public_keys=[SLEUTELS.public_key])


def signed_head(engine: Engine) -> GetekendeKop:
    with unit_of_work(engine, read_only=True) as session:
        return sign_kop(AuditRepository(session).head(), SLEUTELS, now=NOW)


def append_from_processes(url: str, processes: int, number: int) -> None:
    command = [sys.executable, "-m", "tests.service.audit.appender", url, str(number)]
    started = [subprocess.Popen(command, cwd=ROOT) for _ in range(processes)]  # noqa: S603
    assert [process.wait() for process in started] == [0] * processes


def test_an_empty_log_is_whole(engine: Engine) -> None:
    assert check(engine) == Controle(0, 0, Kop(0, GENESIS), ())


def test_lines_form_one_chain_without_gaps(engine: Engine) -> None:
    append(engine, 20)
    found = check(engine)
    assert (found.regels, found.kop.nummer, found.breuken) == (20, 20, ())


def test_three_processes_at_once_make_one_unbroken_chain(database_url: str) -> None:
    append_from_processes(database_url, processes=3, number=20)
    engine = open_engine(database_url)
    found = check(engine)
    engine.dispose()
    assert (found.regels, found.kop.nummer, found.breuken) == (60, 60, ())


@pytest.mark.slow
def test_eight_processes_with_500_lines_each_make_one_chain_of_4000(database_url: str) -> None:
    append_from_processes(database_url, processes=8, number=500)
    engine = open_engine(database_url)
    found = check(engine)
    spoil(engine, "UPDATE auditregel SET doel = 'beheer' WHERE nummer = 3210")
    spoiled = check(engine)
    engine.dispose()
    assert (found.regels, found.kop.nummer, found.breuken) == (4000, 4000, ())
    assert spoiled.breuken == (Breuk(3210, Afwijking.GEWIJZIGD),)


@pytest.mark.parametrize("change", CHANGES)
def test_an_edit_of_any_column_is_found(sqlite_engine: Engine, change: str) -> None:
    append(sqlite_engine, 5)
    spoil(sqlite_engine, f"UPDATE auditregel SET {change} WHERE nummer = 3")  # noqa: S608
    assert check(sqlite_engine).breuken[0] == Breuk(3, Afwijking.GEWIJZIGD)


def test_edits_in_several_lines_are_all_found(engine: Engine) -> None:
    append(engine, 9)
    spoil(engine, "UPDATE auditregel SET doel = 'beheer' WHERE nummer IN (2, 3, 7)")
    assert [one.nummer for one in check(engine).breuken] == [2, 3, 7]


def test_a_line_that_is_taken_out_is_found(sqlite_engine: Engine) -> None:
    append(sqlite_engine, 5)
    spoil(sqlite_engine, "DELETE FROM auditregel WHERE nummer = 3")
    assert check(sqlite_engine).breuken == (Breuk(4, Afwijking.ONTBREEKT),)


def test_two_lines_that_change_places_are_found(sqlite_engine: Engine) -> None:
    append(sqlite_engine, 2)
    append(sqlite_engine, 1, actie="POST /uitloggen")
    spoil(
        sqlite_engine,
        "UPDATE auditregel SET nummer = 90 WHERE nummer = 2",
        "UPDATE auditregel SET nummer = 2 WHERE nummer = 3",
        "UPDATE auditregel SET nummer = 3 WHERE nummer = 90",
    )
    assert not check(sqlite_engine).is_whole


def test_a_cut_tail_passes_the_plain_check_and_fails_against_the_exported_head(
    engine: Engine,
) -> None:
    append(engine, 30)
    kop = signed_head(engine)
    spoil(engine, "DELETE FROM auditregel WHERE nummer > 20")

    assert check(engine).is_whole
    assert check(engine, kop).breuken == (Breuk(30, Afwijking.STAART_WEG),)


def test_a_tail_that_was_cut_and_grown_again_fails_against_the_exported_head(
    engine: Engine,
) -> None:
    append(engine, 6)
    kop = signed_head(engine)
    spoil(engine, "DELETE FROM auditregel WHERE nummer > 4")
    append(engine, 4)

    assert check(engine).is_whole
    assert check(engine, kop).breuken == (Breuk(6, Afwijking.ANDERE_KOP),)


def test_a_head_that_another_key_signed_is_told(sqlite_engine: Engine) -> None:
    append(sqlite_engine)
    with unit_of_work(sqlite_engine, read_only=True) as session:
        head = AuditRepository(session).head()
    other = sign_kop(head, AuditSleutels.of(b"somebody else"), now=NOW)
    assert check(sqlite_engine, other).breuken == (Breuk(1, Afwijking.ONECHTE_KOP),)


def test_a_head_that_was_changed_after_signing_is_told(sqlite_engine: Engine) -> None:
    append(sqlite_engine)
    moved = replace(signed_head(sqlite_engine), tijdstip="2026-11-03T09:00:00+00:00")
    assert check(sqlite_engine, moved).breuken == (Breuk(1, Afwijking.ONECHTE_KOP),)


def test_an_exported_head_reads_back_the_same(sqlite_engine: Engine, tmp_path: Path) -> None:
    append(sqlite_engine, 3)
    kop = signed_head(sqlite_engine)
    write_kop(kop, tmp_path / "tweede plek")
    assert read_koppen(tmp_path / "tweede plek") == [kop]


def test_a_head_is_never_exported_over_another(tmp_path: Path) -> None:
    first = sign_kop(Kop(7, "a" * 64), SLEUTELS, now=NOW)
    write_kop(first, tmp_path)
    write_kop(sign_kop(Kop(7, "b" * 64), SLEUTELS, now=NOW), tmp_path)
    assert read_koppen(tmp_path) == [first]


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"nummer": 1}'])
def test_a_file_that_is_no_head_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "kop-1.json").write_text(text)
    with pytest.raises(FileError):
        read_koppen(tmp_path)


def test_the_database_refuses_to_change_what_was_logged(engine: Engine) -> None:
    append(engine, 3)
    with unit_of_work(engine) as session:
        checkpoint = sign_kop(Kop(1, "a" * 64), SLEUTELS, now=NOW)
        AuditRepository(session).remove_below({**vars(checkpoint), "tijdstip": checkpoint.moment})
    for statement in FORBIDDEN:
        with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
            connection.exec_driver_sql(statement)


@pytest.mark.postgres
def test_the_log_cannot_be_emptied_at_once(postgres_url: str) -> None:
    engine = open_engine(postgres_url)
    append(engine)
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.exec_driver_sql("TRUNCATE auditregel")
    engine.dispose()


@pytest.mark.postgres
def test_the_role_of_the_service_can_only_read_and_add(postgres_url: str) -> None:
    engine = open_engine(postgres_url)
    with unit_of_work(engine) as session:
        session.connection().exec_driver_sql('CREATE ROLE "toe-passing" LOGIN')
        limit_role(session, "toe-passing")
        session.connection().exec_driver_sql('GRANT SELECT ON persoonssleutel TO "toe-passing"')
    app = open_engine(postgres_url.replace("postgres@", "toe-passing@", 1))
    append(app, 3)
    for statement in (*FORBIDDEN, "TRUNCATE auditregel", "DELETE FROM verwerkingsregel"):
        with pytest.raises(DBAPIError, match="permission denied"), app.begin() as connection:
            connection.exec_driver_sql(statement)
    app.dispose()
    assert check(engine).regels == 3
    with engine.begin() as connection:
        connection.exec_driver_sql('DROP OWNED BY "toe-passing"')
        connection.exec_driver_sql('DROP ROLE "toe-passing"')
    engine.dispose()


def test_a_database_without_roles_says_so(sqlite_engine: Engine) -> None:
    with pytest.raises(ValueError, match="PostgreSQL"), unit_of_work(sqlite_engine) as session:
        limit_role(session, "vangnet")


def test_old_lines_go_and_the_chain_can_still_be_checked(engine: Engine) -> None:
    append(engine, 10)
    old = signed_head(engine)
    later = datetime.now(UTC) + SHORTEST + timedelta(days=1)
    with unit_of_work(engine) as session:
        gone = remove_before(session, SLEUTELS, later - SHORTEST, now=later)
    append(engine, 3)

    assert (gone.auditregels, gone.verwerkingsregels) == (10, 10)
    found = check(engine, old, signed_head(engine))
    assert (found.regels, found.kop.nummer, found.breuken) == (3, 13, ())


def test_lines_of_the_last_six_months_are_kept(sqlite_engine: Engine) -> None:
    append(sqlite_engine, 3)
    now = datetime.now(UTC)
    with (
        pytest.raises(ValueError, match="six months"),
        unit_of_work(sqlite_engine) as session,
    ):
        remove_before(session, SLEUTELS, now - SHORTEST + timedelta(seconds=1), now=now)
    assert check(sqlite_engine).regels == 3


def test_a_checkpoint_that_somebody_made_up_is_told(sqlite_engine: Engine) -> None:
    append(sqlite_engine, 5)
    with unit_of_work(sqlite_engine) as session:
        kop = AuditRepository(session).last_before(datetime.now(UTC) + timedelta(days=1))
        assert kop is not None
        made_up = sign_kop(kop, AuditSleutels.of(b"somebody else"), now=NOW)
        AuditRepository(session).remove_below({**vars(made_up), "tijdstip": made_up.moment})
    assert check(sqlite_engine).breuken == (Breuk(5, Afwijking.ONECHT_IJKPUNT),)


@given(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.text(st.characters(exclude_categories=["Cs"])),
)
def test_lines_that_differ_have_other_hashes(one: str, other: str) -> None:
    line = {"nummer": 1, "tijdstip": NOW, "actie": "GET", "actor": "gebruiker:1"}
    hashes = {
        line_hash(GENESIS, {**line, "actie": one, "actor": other}),
        line_hash(GENESIS, {**line, "actie": other, "actor": one}),
    }
    assert len(hashes) == (1 if one == other else 2)


def test_the_moment_of_a_line_counts_in_utc_wherever_it_was_read() -> None:
    line = {"nummer": 1, "tijdstip": NOW, "actie": "GET"}
    assert line_hash(GENESIS, line) == line_hash(
        GENESIS, {**line, "tijdstip": NOW.astimezone(None)}
    )
