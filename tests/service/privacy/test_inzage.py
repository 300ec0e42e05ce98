"""An inzage holds everything, can be read, and leaves out keys."""

import json
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine

from service.errors import NotFoundError
from service.privacy.inzage import as_json, as_pdf, collect, readable
from service.privacy.pseudoniemen import Pseudoniemen
from service.privacy.register import PERSOONSTABELLEN
from service.privacy.sleutels import Sleutels
from service.rechten.begrippen import OrganisatieSoort
from service.storage.engine import unit_of_work
from service.storage.organisatie import OrganisatieRepository
from tests.service.conftest import make_settings
from tests.service.privacy.everywhere import NOW, canary, fill

ANNA, BRAM = "a" * 32, "b" * 32


def pseudoniemen(engine: Engine, folder: Path) -> Pseudoniemen:
    return Pseudoniemen(engine, Sleutels.of(make_settings(folder)))


def test_every_table_with_something_on_the_person_is_in_it(engine: Engine, tmp_path: Path) -> None:
    fill(engine, ANNA, BRAM)
    found = collect(engine, pseudoniemen(engine, tmp_path), ANNA, op=NOW)
    shown = {one.tabel for one in found.onderdelen}
    assert shown == {name for name, entry in PERSOONSTABELLEN.items() if not entry.intern}
    assert all(one.bewaard and one.kop for one in found.onderdelen)
    told = as_json(found)
    assert told.count(canary(ANNA)) > 20
    assert canary(BRAM) not in told
    assert BRAM not in told


def test_the_json_holds_every_column_and_no_secret(engine: Engine, tmp_path: Path) -> None:
    fill(engine, ANNA)
    found = json.loads(as_json(collect(engine, pseudoniemen(engine, tmp_path), ANNA, op=NOW)))
    by_table = {one["tabel"]: one["regels"] for one in found["onderdelen"]}
    assert set(by_table["verzuim"][0]) >= {"week", "lesuren", "bekend_op", "bron"}
    assert "persoonssleutel" not in by_table


def test_the_pdf_is_made_within_a_minute(sqlite_engine: Engine, tmp_path: Path) -> None:
    fill(sqlite_engine, ANNA)
    start = time.perf_counter()
    found = collect(sqlite_engine, pseudoniemen(sqlite_engine, tmp_path), ANNA, op=NOW)
    assert as_pdf(found).startswith(b"%PDF")
    assert time.perf_counter() - start < 60


def test_what_a_person_reads_has_no_keys_and_no_empty_cells(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    fill(sqlite_engine, ANNA)
    found = collect(sqlite_engine, pseudoniemen(sqlite_engine, tmp_path), ANNA, op=NOW)
    cells = [cell for one in found.onderdelen for row in readable(one) for cell in row]
    assert cells
    assert not {name for name, _ in cells} & {"jongere id", "import id"}
    assert all(value for _, value in cells)


def test_nothing_about_nobody(sqlite_engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        collect(sqlite_engine, pseudoniemen(sqlite_engine, tmp_path), "wie", op=NOW)


def test_days_and_moments_are_told_as_people_write_them_and_schools_by_name(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    fill(sqlite_engine, ANNA, leave_out=["organisatie", "gebruiker_organisatie"])
    with unit_of_work(sqlite_engine) as session:
        school = OrganisatieSoort.SCHOOL
        OrganisatieRepository(session).add(
            naam="Praktijkschool Aalten", soort=school, code="25AB", regio="Achterhoek"
        )
    found = collect(sqlite_engine, pseudoniemen(sqlite_engine, tmp_path), ANNA, op=NOW)
    cells = {
        one.tabel: dict(cell for row in readable(one) for cell in row) for one in found.onderdelen
    }

    assert cells["inschrijving"]["school"] == "Praktijkschool Aalten"
    assert cells["inschrijving"]["begindatum"] == "2 maart 2026"
    assert cells["vertoning"]["tijdstip"] == "2 maart 2026 om 13:00"
    assert cells["suggestie"]["verouderd"] in {"ja", "nee"}
    assert '"begindatum": "2026-03-02"' in as_json(found)
