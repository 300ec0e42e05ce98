"""What a person set right wins until the source agrees, and makes older suggestions outdated."""

from datetime import UTC, date, datetime

import polars as pl
import pytest
from sqlalchemy import Engine

from features.contract import Table
from features.tables import INSCHRIJVING, JONGERE, VOORKEUR
from service.errors import InvoerError, NotFoundError
from service.privacy.correctie import CORRIGEERBAAR, correct, keep_corrections, outdated_since
from service.storage import CanonicalRepository, unit_of_work
from tests.service.storage.imports import start_import

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = datetime(2026, 3, 3, 12, tzinfo=UTC)
KEY = {"instelling": "25AB", "volgnummer": "1", "begindatum": "2025-08-01"}


def frame(table: Table, **values: object) -> pl.DataFrame:
    return pl.DataFrame([values], schema=table.schema)


def person(**values: object) -> pl.DataFrame:
    return frame(JONGERE, **({"jongere_id": "J1", "woonplaats": "Aalten", "bron": "rx"} | values))


def enrolment(**values: object) -> pl.DataFrame:
    told = {
        "jongere_id": "J1",
        "instelling": "25AB",
        "volgnummer": "1",
        "onderwijssoort": "mbo",
        "niveau": 2,
        "begindatum": date(2025, 8, 1),
        "bekend_op": date(2025, 8, 2),
        "bron": "ro",
    }
    return frame(INSCHRIJVING, **(told | values))


def bring(engine: Engine, name: str, rows: pl.DataFrame) -> None:
    """Import as `service.importing.run` does."""
    with unit_of_work(engine) as session:
        kept = keep_corrections(session, name, rows, op=LATER)
        CanonicalRepository(session).merge(name, kept, start_import(session))


def set_right(engine: Engine, **asked: object) -> None:
    with unit_of_work(engine) as session:
        defaults = {"sleutel": {}, "reden": "de jongere zegt het", "door": "gebruiker:1", "op": NOW}
        correct(session, "J1", **(defaults | asked))  # type: ignore[arg-type]  # as the test says


def stored(engine: Engine, name: str) -> dict[str, object]:
    with unit_of_work(engine, read_only=True) as session:
        return CanonicalRepository(session).read(name).row(0, named=True)


def test_a_corrected_value_survives_the_next_import(engine: Engine) -> None:
    bring(engine, "jongere", person())
    set_right(engine, tabel="jongere", kolom="woonplaats", waarde="Bocholt")
    bring(engine, "jongere", person(gemeente="Aalten"))
    assert stored(engine, "jongere")["woonplaats"] == "Bocholt"
    assert stored(engine, "jongere")["gemeente"] == "Aalten"


def test_once_the_source_agrees_it_decides_again(engine: Engine) -> None:
    bring(engine, "jongere", person())
    set_right(engine, tabel="jongere", kolom="woonplaats", waarde="Bocholt")
    bring(engine, "jongere", person(woonplaats="Bocholt"))
    bring(engine, "jongere", person(woonplaats="Winterswijk"))
    assert stored(engine, "jongere")["woonplaats"] == "Winterswijk"


def test_a_second_correction_replaces_the_first(engine: Engine) -> None:
    bring(engine, "jongere", person())
    set_right(engine, tabel="jongere", kolom="woonplaats", waarde="Bocholt")
    set_right(engine, tabel="jongere", kolom="woonplaats", waarde="Borken", op=LATER)
    bring(engine, "jongere", person())
    assert stored(engine, "jongere")["woonplaats"] == "Borken"


def test_a_value_that_should_not_be_there_can_be_emptied(engine: Engine) -> None:
    bring(engine, "jongere", person())
    set_right(engine, tabel="jongere", kolom="woonplaats", waarde="")
    bring(engine, "jongere", person())
    assert stored(engine, "jongere")["woonplaats"] is None


@pytest.mark.parametrize(
    ("kolom", "waarde", "becomes"),
    [
        ("niveau", "3", 3),
        ("geplande_einddatum", "2027-07-31", date(2027, 7, 31)),
        ("leerweg", "BBL", "BBL"),
    ],
)
def test_one_row_of_several_is_named_by_its_key(
    engine: Engine, kolom: str, waarde: str, becomes: object
) -> None:
    bring(engine, "jongere", person())
    bring(engine, "inschrijving", enrolment())
    bring(engine, "inschrijving", enrolment(volgnummer="2"))
    set_right(engine, tabel="inschrijving", sleutel=KEY, kolom=kolom, waarde=waarde)
    bring(engine, "inschrijving", enrolment())
    with unit_of_work(engine, read_only=True) as session:
        rows = CanonicalRepository(session).read("inschrijving").to_dicts()
    assert [row[kolom] for row in rows] == [becomes, enrolment().to_dicts()[0][kolom]]


def test_a_list_can_be_set_right(engine: Engine) -> None:
    bring(engine, "jongere", person())
    wish = frame(
        VOORKEUR,
        jongere_id="J1",
        datum=date(2026, 1, 5),
        sectoren=["techniek"],
        bekend_op=date(2026, 1, 5),
        bron="school",
        uren_min=None,
        uren_max=24.0,
        vervoer=["fiets"],
        vermijdt=[],
    )
    bring(engine, "voorkeur", wish)
    set_right(
        engine,
        tabel="voorkeur",
        sleutel={"datum": "2026-01-05"},
        kolom="vervoer",
        waarde="fiets, ov",
    )
    bring(engine, "voorkeur", wish)
    assert stored(engine, "voorkeur")["vervoer"] == ["fiets", "ov"]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"kolom": "jongere_id", "waarde": "J2"}, "kolom"),
        ({"kolom": "bron", "waarde": "x"}, "kolom"),
        ({"kolom": "geboortedatum", "waarde": "gisteren"}, "geboortedatum"),
        ({"kolom": "postcode4", "waarde": "0000"}, "waarde"),
        ({"kolom": "woonplaats", "waarde": "Aalten", "reden": " "}, "reden"),
    ],
)
def test_what_is_not_good_is_refused_and_nothing_changes(
    engine: Engine, asked: dict[str, str], field: str
) -> None:
    bring(engine, "jongere", person())
    before = stored(engine, "jongere")
    with pytest.raises(InvoerError) as refused:
        set_right(engine, tabel="jongere", **asked)
    assert [one.naam for one in refused.value.fouten] == [field]
    assert stored(engine, "jongere") == before


def test_the_row_of_somebody_else_cannot_be_set_right(engine: Engine) -> None:
    bring(engine, "jongere", person(jongere_id="J2"))
    with pytest.raises(NotFoundError):
        set_right(engine, tabel="jongere", kolom="woonplaats", waarde="Bocholt")


def test_what_was_suggested_before_a_correction_is_outdated(engine: Engine) -> None:
    bring(engine, "jongere", person())
    with unit_of_work(engine, read_only=True) as session:
        assert outdated_since(session, "J1") is None
    set_right(engine, tabel="jongere", kolom="woonplaats", waarde="Bocholt")
    with unit_of_work(engine, read_only=True) as session:
        assert outdated_since(session, "J1") == NOW


def test_no_column_that_names_a_row_or_its_source_can_be_set_right() -> None:
    for columns in CORRIGEERBAAR.values():
        assert not {"jongere_id", "bron", "bekend_op", "einde_bekend_op"} & set(columns)
