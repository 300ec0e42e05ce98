"""Who is erased is gone from every table, text and page of the file, and stays gone."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from service.errors import NotFoundError
from service.privacy.grootboek import NAME
from service.privacy.pseudoniemen import Pseudoniemen
from service.privacy.register import GEWIST, WEG
from service.privacy.sleutels import Domein, Sleutels
from service.privacy.verwijdering import Grond, admit, clean_up, erase, open_grootboek, replay
from service.storage.engine import open_engine, unit_of_work
from service.storage.matchtafel_tables import AGENDAPUNT, BESLUIT
from tests.service.conftest import make_settings
from tests.service.privacy.everywhere import NOW, canary, dump, fill

ANNA, BRAM = "a" * 32, "b" * 32


def forget(engine: Engine, folder: Path, jongere_id: str) -> None:
    erase(
        engine, make_settings(folder), jongere_id, grond=Grond.BEZWAAR, door="gebruiker:1", op=NOW
    )


def mentions(rows: dict[str, list[str]], words: str) -> list[str]:
    return [name for name, lines in rows.items() if any(words in line for line in lines)]


def test_nothing_of_an_erased_person_is_left_in_any_table(engine: Engine, tmp_path: Path) -> None:
    fill(engine, ANNA, BRAM)
    before = dump(engine)
    assert len(mentions(before, canary(ANNA))) > 20
    forget(engine, tmp_path, ANNA)
    after = dump(engine)
    assert mentions(after, ANNA) == []
    # the options of a proposal are of the whole table: only the person leaves them
    assert set(mentions(after, canary(ANNA))) == {"voorstel"}


def test_the_rows_of_somebody_else_stay_as_they_were(engine: Engine, tmp_path: Path) -> None:
    fill(engine, ANNA, BRAM)
    before = dump(engine)
    forget(engine, tmp_path, ANNA)
    after = dump(engine)
    for name, rows in before.items():
        if name != "herhaling":
            kept = {row for row in rows if canary(BRAM) in row or BRAM in row}
            assert kept <= set(after[name]), name


def test_a_besluit_keeps_its_number_and_loses_the_person(engine: Engine, tmp_path: Path) -> None:
    fill(engine, ANNA)
    forget(engine, tmp_path, ANNA)
    with unit_of_work(engine, read_only=True) as session:
        line = session.execute(sa.select(AGENDAPUNT)).one()
        besluit = session.execute(sa.select(BESLUIT)).one()
    assert (line.jongere_id, line.urgentie) == (f"{WEG}{line.id}", [])
    assert (besluit.agendapunt_id, besluit.keuze, besluit.reden) == (line.id, "aanhouden", GEWIST)


def test_the_bytes_leave_the_files_of_sqlite(sqlite_engine: Engine, tmp_path: Path) -> None:
    fill(sqlite_engine, ANNA, BRAM)
    forget(sqlite_engine, tmp_path, ANNA)
    path = Path(str(sqlite_engine.url.database))
    for file in path.parent.glob("vangnet.db*"):
        content = file.read_bytes()
        assert ANNA.encode() not in content, file
    assert BRAM.encode() in path.read_bytes()


def test_what_a_reader_held_up_is_taken_off_the_disk_later(sqlite_url: str, tmp_path: Path) -> None:
    engine = open_engine(sqlite_url, synchronous="OFF", lock_seconds=0.2)
    fill(engine, ANNA, BRAM)
    with unit_of_work(engine, read_only=True) as reading:
        reading.execute(sa.select(BESLUIT)).all()
        forget(engine, tmp_path, ANNA)
    path = Path(str(engine.url.database))
    assert any(ANNA.encode() in one.read_bytes() for one in path.parent.glob("vangnet.db*"))
    assert clean_up(engine, op=NOW)
    assert not any(ANNA.encode() in one.read_bytes() for one in path.parent.glob("vangnet.db*"))
    engine.dispose()


def test_an_older_backup_does_not_bring_somebody_back(sqlite_url: str, tmp_path: Path) -> None:
    engine = open_engine(sqlite_url, synchronous="OFF")
    fill(engine, ANNA, BRAM)
    engine.dispose()
    path = Path(str(sa.make_url(sqlite_url).database))
    shutil.copy(path, tmp_path / "backup.db")
    engine = open_engine(sqlite_url, synchronous="OFF")
    forget(engine, tmp_path, ANNA)
    engine.dispose()

    restored = open_engine(f"sqlite:///{tmp_path / 'backup.db'}", synchronous="OFF")
    assert mentions(dump(restored), ANNA) != []
    assert replay(restored, make_settings(tmp_path)) == 1
    assert mentions(dump(restored), ANNA) == []
    assert mentions(dump(restored), BRAM) != []
    assert replay(restored, make_settings(tmp_path)) == 0
    restored.dispose()


def test_the_ledger_names_nobody_and_survives_a_line_cut_off(
    engine: Engine, tmp_path: Path
) -> None:
    fill(engine, ANNA)
    forget(engine, tmp_path, ANNA)
    ledger = tmp_path / NAME
    assert ANNA not in ledger.read_text()
    with ledger.open("a") as file:
        file.write('{"kenmerk": "12')
    book = open_grootboek(engine, make_settings(tmp_path))
    assert book.erased_among([ANNA, BRAM]) == {ANNA}
    assert ledger.stat().st_mode & 0o077 == 0


def test_somebody_can_be_admitted_again(engine: Engine, tmp_path: Path) -> None:
    fill(engine, ANNA)
    forget(engine, tmp_path, ANNA)
    settings = make_settings(tmp_path)
    with (tmp_path / NAME).open("a") as file:
        file.write("\n")
    admit(engine, settings, ANNA, op=datetime.now(UTC))
    assert open_grootboek(engine, settings).erased_among([ANNA]) == frozenset()


def test_a_pseudonym_leads_back_until_the_person_is_erased(engine: Engine, tmp_path: Path) -> None:
    fill(engine, ANNA, BRAM)
    pseudoniemen = Pseudoniemen(engine, Sleutels.of(make_settings(tmp_path)))
    seen = pseudoniemen.of(Domein.AUDIT, ANNA)
    assert pseudoniemen.jongere_of(Domein.AUDIT, seen) == ANNA
    forget(engine, tmp_path, ANNA)
    assert pseudoniemen.jongere_of(Domein.AUDIT, seen) is None
    pseudoniemen.forget()
    assert pseudoniemen.of(Domein.AUDIT, ANNA) != seen


def test_nobody_of_that_id_is_said_so(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        forget(engine, tmp_path, "bestaat niet")
    assert not (tmp_path / NAME).exists()
