from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import Engine

from features.reference.region import competentie_facts
from service.importing.report import ImportReport
from service.importing.run import import_paths
from service.storage.canonical import CanonicalRepository
from service.storage.engine import unit_of_work
from tests.service.importing.tabular_files import KEY, bsns, write_csv

PERSON = bsns(1)[0]


@pytest.fixture
def store(sqlite_engine: Engine, tmp_path: Path) -> Engine:
    """Return a store that knows one jongere and the national competenties."""
    competentie_facts().write_csv(tmp_path / "competentie.csv")
    write_csv(tmp_path / "jongere.csv", [{"bsn": PERSON}])
    report = do_import(sqlite_engine, tmp_path / "competentie.csv", tmp_path / "jongere.csv")
    assert report.succeeded
    return sqlite_engine


def do_import(engine: Engine, *paths: Path) -> ImportReport:
    return import_paths(paths, engine=engine, key=KEY)


def metingen(path: Path, *names: str) -> Path:
    return write_csv(
        path,
        [
            {"bsn": PERSON, "datum": "1-3-2025", "competentie_id": name, "niveau": "2"}
            | {"bekend_op": "2-3-2025", "bron": "school"}
            for name in names
        ],
    )


def stored(engine: Engine, name: str) -> pl.DataFrame:
    with unit_of_work(engine, read_only=True) as session:
        return CanonicalRepository(session).read(name)


def test_free_text_is_kept_with_its_row_and_named_in_a_warning(
    store: Engine, tmp_path: Path
) -> None:
    report = do_import(store, metingen(tmp_path / "competentiemeting.csv", "Op tijd  komen"))

    assert report.succeeded
    assert stored(store, "competentiemeting")["competentie_id"].to_list() == ["tekst:op tijd komen"]
    own = stored(store, "competentie").filter(soort="eigen lijst")
    assert own.select("competentie_id", "titel").rows() == [
        ("tekst:op tijd komen", "Op tijd komen")
    ]
    assert "vangnet koppelingen" in report.files[0].warnings[0]


def test_an_exact_code_in_another_spelling_is_the_code(store: Engine, tmp_path: Path) -> None:
    report = do_import(store, metingen(tmp_path / "competentiemeting.csv", "25748 b1 k1 w1"))
    assert report.succeeded
    assert stored(store, "competentiemeting")["competentie_id"].to_list() == ["25748-B1-K1-W1"]
    assert stored(store, "competentie").filter(soort="eigen lijst").is_empty()
    assert not report.files[0].warnings


def test_one_unknown_code_still_refuses_the_whole_import(store: Engine, tmp_path: Path) -> None:
    path = metingen(tmp_path / "competentiemeting.csv", "Op tijd", "25748-B1-K9-W9")
    report = do_import(store, path)
    assert not report.succeeded
    assert report.problems["waarde"].to_list() == ["25748-B1-K9-W9"]
    assert stored(store, "competentiemeting").is_empty()
    assert stored(store, "competentie").filter(soort="eigen lijst").is_empty()


def test_the_same_words_in_two_files_and_two_imports_are_one_competentie(
    store: Engine, tmp_path: Path
) -> None:
    first = metingen(tmp_path / "competentiemeting_a.csv", "Op tijd")
    second = write_csv(
        tmp_path / "competentiemeting_b.csv",
        [
            {"bsn": PERSON, "datum": "1-4-2025", "competentie_id": "OP TIJD", "niveau": "3"}
            | {"bekend_op": "2-4-2025", "bron": "school"}
        ],
    )
    assert do_import(store, first, second).succeeded
    third = metingen(tmp_path / "competentiemeting_c.csv", "op  tijd", "Netjes werken")
    assert do_import(store, third).succeeded

    assert stored(store, "competentiemeting").height == 3
    own = stored(store, "competentie").filter(soort="eigen lijst")
    assert own["titel"].to_list() == ["Netjes werken", "Op tijd"]


def test_two_judgements_in_the_same_words_on_one_day_are_named_as_a_mistake(
    store: Engine, tmp_path: Path
) -> None:
    path = metingen(tmp_path / "competentiemeting.csv", "Op tijd", "op tijd")
    path.write_text(path.read_text().replace(";op tijd;2;", ";op tijd;4;"))
    report = do_import(store, path)
    assert report.problems["regel"].to_list() == [3]
    assert stored(store, "competentiemeting").is_empty()


def test_own_words_that_are_still_unknown_are_told_again_with_every_file(
    store: Engine, tmp_path: Path
) -> None:
    words = [f"Eigen taak {letter}" for letter in "abcdef"]
    report = do_import(store, metingen(tmp_path / "competentiemeting.csv", *words))
    assert (
        "“Eigen taak a”, “Eigen taak b”, “Eigen taak c” en 3 andere" in report.files[0].warnings[0]
    )
