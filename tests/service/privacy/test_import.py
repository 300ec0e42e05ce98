"""An import by file neither brings back who was erased nor undoes what a person set right."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.importing.pseudonym import pseudonym
from service.jobs import import_into_store, store
from service.privacy.rotatie import pseudonym_key, rotate
from service.privacy.verwijdering import Grond, admit, erase
from service.settings import Settings, open_settings
from service.storage import CanonicalRepository, unit_of_work

NOW = datetime(2026, 3, 2, tzinfo=UTC)
ANNA, BRAM = "999990019", "999990020"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return open_settings(tmp_path / "regio")


def bring(settings: Settings, folder: Path, niveau: int = 2) -> str:
    """Import a file with both persons; return the warnings."""
    file = folder / f"instroom-{niveau}.csv"
    lines = [f"{one};2004-0{at}-01;{niveau}000" for at, one in enumerate((ANNA, BRAM), start=1)]
    file.write_text("\n".join(["bsn;geboortedatum;postcode4", *lines]) + "\n", encoding="utf-8")
    mapping = folder / "instroom.toml"
    mapping.write_text(
        '[[tabel]]\nnaam = "jongere"\nbestand = "instroom*.csv"\ndatum = "jjjj-mm-dd"\n'
        '[tabel.kolommen]\nbsn = "bsn"\ngeboortedatum = "geboortedatum"\n'
        'postcode4 = "postcode4"\n[tabel.vast]\nbron = "school"\n',
        encoding="utf-8",
    )
    report = import_into_store(settings, [file], mapping=mapping)
    assert not report.problems.height, report.problems
    return " ".join(report.warnings) + " ".join(
        word for one in report.files for word in one.warnings
    )


def known(settings: Settings) -> list[str]:
    with store(settings) as engine, unit_of_work(engine, read_only=True) as session:
        return CanonicalRepository(session).read("jongere")["jongere_id"].to_list()


def id_of(settings: Settings, number: str) -> str:
    with store(settings) as engine:
        return pseudonym(number, pseudonym_key(engine, settings))


def test_the_next_file_of_a_school_does_not_bring_back_who_was_erased(
    settings: Settings, tmp_path: Path
) -> None:
    bring(settings, tmp_path)
    anna, bram = (id_of(settings, one) for one in (ANNA, BRAM))
    assert set(known(settings)) == {anna, bram}
    with store(settings) as engine:
        erase(engine, settings, anna, grond=Grond.BEZWAAR, door="test", op=NOW)
    told = bring(settings, tmp_path, niveau=3)
    assert known(settings) == [bram]
    assert "1 jongere is eerder op verzoek verwijderd" in told
    with store(settings) as engine:
        admit(engine, settings, anna, op=NOW)
    bring(settings, tmp_path, niveau=4)
    assert set(known(settings)) == {anna, bram}


def test_after_a_rotation_a_file_meets_the_rows_that_are_there(
    settings: Settings, tmp_path: Path
) -> None:
    bring(settings, tmp_path)
    with store(settings) as engine:
        erase(engine, settings, id_of(settings, ANNA), grond=Grond.BEZWAAR, door="test", op=NOW)
        rotate(engine, settings, op=NOW)
    renewed = open_settings(settings.data)
    bring(renewed, tmp_path, niveau=3)
    assert known(renewed) == [id_of(renewed, BRAM)]
