"""The mapping list from file to feature: own words come in, are explained once, and then count."""

from pathlib import Path

import polars as pl
import pytest

from features.reference.region import competentie_facts
from service.jobs import regio_stamp, store
from service.koppelingen import read_tables
from service.settings import open_settings
from service.storage.engine import unit_of_work
from tests.conftest import PostgresServer
from tests.service.importing.tabular_files import bsns, write_csv
from tests.service.test_cli import Shell

WORDS = ("Op tijd komen", "kassa bedienen", "Netjes werken", "=1+1 ijs scheppen")


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Return a shell on a region with one judgement in each of the own words."""
    return fill(Shell(tmp_path / "regio", capsys), tmp_path / "in")


@pytest.fixture
def postgres_shell(
    postgres: PostgresServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Shell:
    """Return the same on PostgreSQL."""
    url = postgres.create().replace("postgresql+psycopg://", "postgresql://")
    monkeypatch.setenv("VANGNET_DATABASE_URL", url)
    return fill(Shell(tmp_path / "regio", capsys), tmp_path / "in")


def fill(shell: Shell, folder: Path) -> Shell:
    """Import the national competenties and one jongere who was judged in own words."""
    folder.mkdir()
    competentie_facts().write_csv(folder / "competentie.csv")
    person = bsns(1)[0]
    write_csv(folder / "jongere.csv", [{"bsn": person}])
    write_csv(
        folder / "competentiemeting.csv",
        [
            {"bsn": person, "datum": "1-3-2025", "competentie_id": text, "niveau": "3"}
            | {"bekend_op": "2-3-2025", "bron": "school"}
            for text in WORDS
        ],
    )
    code, printed = shell.run("import", folder)
    assert code == 0, printed
    return shell


def counted(shell: Shell) -> dict[str, int]:
    """Return what features see: niveau by competentie."""
    with store(open_settings(shell.data)) as engine, unit_of_work(engine) as session:
        rows = read_tables(session)["competentiemeting"].select("competentie_id", "niveau")
    return dict(rows.iter_rows())


def test_own_words_are_listed_with_how_sure_the_proposal_is(shell: Shell) -> None:
    code, printed = shell.run("koppelingen")
    assert code == 0
    assert "WV-op-tijd" in printed
    assert "%" in printed
    assert "4 teksten wachten op een besluit, 0 gekoppeld." in printed
    assert counted(shell) == {}


def test_confirmed_words_count_and_a_running_service_hears_of_it(shell: Shell) -> None:
    stamp = regio_stamp(open_settings(shell.data))
    before = stamp()
    code, printed = shell.run(
        "koppelingen", "--bevestig", "op tijd KOMEN", "--bevestig", "kassa bedienen=25168-B1-K1-W10"
    )
    assert (code, printed) == (0, "Vastgelegd: 2 besluiten.")
    assert counted(shell) == {"25168-B1-K1-W10": 3, "WV-op-tijd": 3}
    assert stamp() != before


@pytest.mark.postgres
def test_the_list_works_the_same_on_postgresql(postgres_shell: Shell) -> None:
    assert "4 teksten wachten" in postgres_shell.run("koppelingen")[1]
    assert postgres_shell.run("koppelingen", "--bevestig", "Op tijd komen")[0] == 0
    assert counted(postgres_shell) == {"WV-op-tijd": 3}
    assert postgres_shell.run("koppelingen", "--wijs-af", "Op tijd komen=WV-op-tijd")[0] == 0
    assert counted(postgres_shell) == {}


def test_a_rejected_proposal_makes_room_for_the_next(shell: Shell) -> None:
    assert "WV-op-tijd" in shell.run("koppelingen")[1]
    assert shell.run("koppelingen", "--wijs-af", "Op tijd komen")[0] == 0
    code, printed = shell.run("koppelingen")
    assert code == 0
    assert "WV-op-tijd" not in printed
    assert counted(shell) == {}


def test_a_confirmation_that_was_wrong_is_taken_back(shell: Shell) -> None:
    shell.run("koppelingen", "--bevestig", "Op tijd komen=WV-tempo")
    shell.run("koppelingen", "--wijs-af", "Op tijd komen=WV-tempo")
    assert counted(shell) == {}


def test_the_list_goes_through_a_spreadsheet_and_back(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "lijst.csv"
    assert shell.run("koppelingen", "--naar", path)[0] == 0
    listed = pl.read_csv(path, separator=";", infer_schema=False)
    answered = listed.with_columns(
        besluit=pl.when(pl.col("competentie_id") == "WV-op-tijd").then(pl.lit("Ja")),
        competentie_id=pl.when(pl.col("tekst").str.contains("ijs"))
        .then(pl.lit("WV-instructie"))
        .otherwise("competentie_id"),
    ).with_columns(
        besluit=pl.when(pl.col("competentie_id") == "WV-instructie")
        .then(pl.lit("ja"))
        .otherwise("besluit")
    )
    answered.unique(["tekst", "competentie_id"]).write_csv(path, separator=";", include_bom=True)

    code, printed = shell.run("koppelingen", "--van", path)

    assert (code, printed) == (0, "Vastgelegd: 2 besluiten.")
    assert counted(shell) == {"WV-instructie": 3, "WV-op-tijd": 3}
    assert listed["tekst"].str.starts_with("'=").any()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--bevestig", "onbekend"], "“onbekend” staat niet in de lijst met eigen woorden."),
        (["--bevestig", "Op tijd komen=C99"], "De code C99 bij “Op tijd komen” is geen bekende"),
        (
            ["--bevestig", "Op tijd komen", "--bevestig", "Op tijd komen=WV-tempo"],
            "“op tijd komen” krijgt twee betekenissen: kies er één.",
        ),
    ],
)
def test_one_wrong_decision_holds_back_all(shell: Shell, words: list[str], told: str) -> None:
    code, printed = shell.run("koppelingen", "--bevestig", "Netjes werken=WV-verzorgd", *words)
    assert code == 1
    assert told in printed
    assert printed.endswith("Er is niets vastgelegd.")
    assert counted(shell) == {}


def test_a_list_with_another_word_than_yes_or_no_names_the_line(
    shell: Shell, tmp_path: Path
) -> None:
    path = tmp_path / "lijst.csv"
    path.write_text("eigen_id;competentie_id;besluit\ntekst:op tijd komen;WV-op-tijd;misschien\n")
    code, printed = shell.run("koppelingen", "--van", path)
    assert code == 1
    assert "Regel 2: schrijf ja of nee" in printed
