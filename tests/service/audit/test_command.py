"""Commands leave lines as requests do; `vangnet audit` checks, exports and searches them."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from typer.testing import CliRunner

from features.tables import JONGERE
from service.aanmelden.accounts import create_gebruiker
from service.audit.alarm import last_good
from service.audit.command import traced
from service.audit.opening import audit_sleutels
from service.audit.spoor import current_spoor
from service.cli import app
from service.errors import NotRecordedError
from service.jobs import write_frame
from service.rechten.begrippen import Rol
from service.settings import Settings, open_settings
from service.storage.audit import AuditRepository, Regelvraag
from service.storage.audit_tables import VERWERKINGSREGEL
from service.storage.engine import open_engine, unit_of_work
from service.storage.outbox_tables import BERICHT
from tests.databases import open_migrated
from tests.service.audit.lines import spoil

BLOCK = """CREATE TRIGGER no_lines BEFORE INSERT ON auditregel
BEGIN SELECT RAISE(ABORT, 'read-only for this test'); END"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with a migrated store."""
    engine = open_migrated(open_settings(tmp_path).database)
    engine.dispose()
    return tmp_path


@pytest.fixture
def settings(folder: Path) -> Settings:
    return open_settings(folder)


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    found = open_engine(settings.database, synchronous="OFF", lock_seconds=2)
    yield found
    found.dispose()


def lines(engine: Engine) -> list[tuple[str, str]]:
    with unit_of_work(engine, read_only=True) as session:
        return [(row.actie, row.resultaat) for row in AuditRepository(session).lines()]


def run(folder: Path, *words: str) -> tuple[int, str]:
    found = CliRunner().invoke(app, ["audit", *words, "--data", str(folder)])
    return found.exit_code, found.output


def test_a_command_that_reads_persons_leaves_a_line_about_each(
    settings: Settings, engine: Engine
) -> None:
    with traced(settings, "score"):
        current_spoor().about("J1", "J2")
    with unit_of_work(engine, read_only=True) as session:
        (line,) = AuditRepository(session).find(Regelvraag())
        records = list(AuditRepository(session).verwerkingen())
    assert (line.actie, line.doel, line.resultaat) == ("vangnet score", "systeem", "gelukt")
    assert line.actor.startswith("systeem:opdrachtregel ")
    assert len(json.loads(line.objecten)) == 2
    assert [one.parent_operation_id for one in records] == [None, *[line.operatie_id] * 2]


def test_a_change_by_a_command_has_its_line_in_the_same_transaction(
    settings: Settings, engine: Engine
) -> None:
    with traced(settings, "import"), unit_of_work(engine) as session:
        session.execute(sa.text("SELECT 1"))
    assert lines(engine) == [("vangnet import", "vastgelegd")]


def test_a_command_that_fails_leaves_a_line_that_says_so(
    settings: Settings, engine: Engine
) -> None:
    with pytest.raises(ZeroDivisionError), traced(settings, "train"):
        raise ZeroDivisionError
    assert lines(engine) == [("vangnet train", "mislukt")]


def test_a_command_of_the_terminal_leaves_a_line(folder: Path, engine: Engine) -> None:
    found = CliRunner().invoke(app, ["reference", "--data", str(folder)])
    assert found.exit_code == 0
    assert lines(engine) == [("vangnet reference", "gelukt")]


def test_a_file_is_not_written_when_its_line_cannot_be_stored(
    settings: Settings, engine: Engine
) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(BLOCK)
    out = settings.data / "lijst.csv"
    frame = pl.DataFrame({"jongere_id": ["J1"], "kans": [0.2]})
    with pytest.raises(NotRecordedError), traced(settings, "score"):
        write_frame(frame, out)
    assert not out.exists()


def test_an_import_is_found_by_everybody_in_it(folder: Path) -> None:
    rows = [{"jongere_id": one, "bron": "test"} for one in ("J1", "J2")]
    pl.DataFrame(rows, schema=JONGERE.schema).write_parquet(folder / "jongere.parquet")
    found = CliRunner().invoke(
        app, ["import", str(folder / "jongere.parquet"), "--data", str(folder)]
    )
    assert found.exit_code == 0, found.output
    code, told = run(folder, "zoek", "--jongere", "J2")
    assert code == 0
    assert told.count("vangnet import") == 1


def test_a_whole_log_is_told_with_its_size(folder: Path, settings: Settings) -> None:
    for _ in range(3):
        with traced(settings, "score"):
            pass
    assert run(folder, "kop")[0] == 0
    code, told = run(folder, "controleer")
    assert code == 0
    assert "Het logboek is heel: 4 regels en 1 bewaarde koppen" in told


def test_a_changed_line_is_told_by_its_number(
    folder: Path, settings: Settings, engine: Engine
) -> None:
    for _ in range(3):
        with traced(settings, "score"):
            pass
    spoil(engine, "UPDATE auditregel SET doel = 'beheer' WHERE nummer = 2")
    code, told = run(folder, "controleer")
    assert code == 1
    assert "Regel 2: regel is gewijzigd." in told


def test_a_cut_tail_is_told_when_a_head_was_exported(
    folder: Path, settings: Settings, engine: Engine, tmp_path: Path
) -> None:
    for _ in range(3):
        with traced(settings, "score"):
            pass
    elsewhere = ("--map", str(tmp_path / "elders"))
    run(folder, "kop", *elsewhere)
    spoil(engine, "DELETE FROM auditregel WHERE nummer > 1")
    assert run(folder, "controleer")[0] == 0
    code, told = run(folder, "controleer", *elsewhere)
    assert code == 1
    assert "Regel 3: het einde van het log ontbreekt." in told


OVERSEER = Rol.FUNCTIONARIS_GEGEVENSBESCHERMING


def notices(engine: Engine) -> list[tuple[str, str | None]]:
    with unit_of_work(engine, read_only=True) as session:
        return [(row.pad, row.aan) for row in session.execute(sa.select(BERICHT))]


def checked(engine: Engine) -> datetime | None:
    with unit_of_work(engine, read_only=True) as session:
        return last_good(session)


def test_a_good_check_with_a_head_is_kept_with_its_moment(
    folder: Path, settings: Settings, engine: Engine
) -> None:
    with traced(settings, "score"):
        pass
    assert run(folder, "controleer")[0] == 0
    assert checked(engine) is None
    run(folder, "kop")
    before = datetime.now(UTC)
    assert run(folder, "controleer")[0] == 0

    found = checked(engine)
    assert found is not None
    assert before <= found <= datetime.now(UTC)
    assert notices(engine) == []


@pytest.mark.parametrize(
    ("accounts", "told"),
    [
        (
            {"fg@school.example": [OVERSEER], "coach@school.example": [Rol.LOOPBAANCOACH]},
            ["fg@school.example"],
        ),
        ({"toezicht": [OVERSEER]}, [None]),
        ({}, [None]),
    ],
)
def test_a_broken_log_is_told_to_who_oversees_once_a_day_and_not_kept_as_good(
    folder: Path,
    settings: Settings,
    engine: Engine,
    accounts: dict[str, list[Rol]],
    told: list[str | None],
) -> None:
    with unit_of_work(engine) as session:
        for naam, rollen in accounts.items():
            create_gebruiker(session, naam, None, rollen)
    with traced(settings, "score"):
        pass
    run(folder, "kop")
    run(folder, "controleer")
    good = checked(engine)
    spoil(engine, "UPDATE auditregel SET doel = 'beheer' WHERE nummer = 1")

    for _ in range(2):
        assert run(folder, "controleer")[0] == 1
    assert notices(engine) == [("/toezicht/logboek", aan) for aan in told]
    assert good is not None
    assert checked(engine) == good


def test_who_looked_at_a_jongere_is_found_and_the_search_is_logged(
    folder: Path, settings: Settings, engine: Engine
) -> None:
    for jongere in ("J1", "J2", "J1"):
        with traced(settings, "score"):
            current_spoor().about(jongere)
    code, told = run(folder, "zoek", "--jongere", "J1")
    assert code == 0
    assert told.count("vangnet score") == 2
    assert "J1" not in told
    assert lines(engine)[-1] == ("vangnet audit zoek", "gelukt")


def test_the_processing_log_leaves_as_spans_whose_person_only_the_key_reads(
    folder: Path, settings: Settings, engine: Engine
) -> None:
    with traced(settings, "score"):
        current_spoor().about("J1")
    code, told = run(folder, "verwerkingen")
    (span,) = (
        json.loads(line)["resourceSpans"][0]["scopeSpans"][0]["spans"][0]
        for line in told.splitlines()
    )
    attributes = {one["key"]: one["value"]["stringValue"] for one in span["attributes"]}
    with unit_of_work(engine, read_only=True) as session:
        first = next(iter(AuditRepository(session).lines()))
    sealed = attributes["dpl.core.data_subject_id"]
    person = audit_sleutels(settings).decrypt(sealed, span["spanId"])

    assert code == 0
    assert (len(span["traceId"]), len(span["spanId"])) == (32, 16)
    assert span["status"] == {"code": 0}
    assert int(span["startTimeUnixNano"]) <= int(span["endTimeUnixNano"])
    assert attributes["dpl.core.processing_activity_id"].endswith(":verwerken")
    assert json.loads(first.objecten) == [f"jongere:{person}"]
    assert "systeem:opdrachtregel" not in told


def test_the_processing_log_names_every_field_of_the_standard_and_no_user() -> None:
    wanted = {
        "trace_id",
        "operation_id",
        "status_code",
        "name",
        "start_time",
        "end_time",
        "parent_operation_id",
        "foreign_operation_id",
        "resource",
        "processing_activity_id",
        "data_subject_id",
    }
    assert {column.name for column in VERWERKINGSREGEL.columns} == {"id", *wanted}


def records(engine: Engine) -> list[tuple[str | None, str | None]]:
    """Return the parent and the person of each record of the processing log."""
    with unit_of_work(engine, read_only=True) as session:
        found = list(AuditRepository(session).verwerkingen())
    return [(one.parent_operation_id, one.data_subject_id) for one in found]


def test_a_copy_of_the_whole_store_is_one_record_without_a_person(
    folder: Path, engine: Engine
) -> None:
    words = ["backup", str(folder / "uit"), "--data", str(folder)]
    assert CliRunner().invoke(app, words).exit_code == 0
    assert records(engine) == [(None, None)]


def test_what_is_told_of_everybody_is_told_once_however_often_it_is_written(
    settings: Settings, engine: Engine
) -> None:
    with traced(settings, "sleutels") as spoor:
        spoor.about_everybody()
        for _ in range(2):
            with unit_of_work(engine) as session:
                session.execute(sa.text("SELECT 1"))
    assert records(engine) == [(None, None)]
    assert len(lines(engine)) == 2


def test_everybody_beside_somebody_who_is_named_is_a_whole_with_a_part(
    settings: Settings, engine: Engine
) -> None:
    with traced(settings, "bewaar") as spoor:
        spoor.about_everybody()
        spoor.about("J1")
    (whole, part) = records(engine)
    assert whole == (None, None)
    assert part[0] is not None
    assert part[1] is not None
