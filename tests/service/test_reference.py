from pathlib import Path

import pytest
from sqlalchemy import Engine

from features.errors import TableError
from service.errors import FileError
from service.reference import count_postcodes, load_postcodes, read_postcodes
from service.storage.engine import unit_of_work
from service.storage.importrun import ImportRepository
from service.storage.merging import MergeCount
from tests.service.test_cli import Shell

REAL = Path(__file__).parents[2] / ".." / "shared" / "data" / "nl-postcode-regio" / "pc4.csv.gz"


def written(folder: Path, text: str) -> Path:
    path = folder / "pc4.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "text",
    [
        "pc4,lat,lon\n7001,51.96,6.29\n",
        "postcode4;breedtegraad;lengtegraad;plaats\n7001;51,96;6,29;Doetinchem\n",
        "PC4,Latitude,Longitude,inwoners\n7001,51.96,6.29,8000\n",
    ],
    ids=["short names", "Dutch spreadsheet", "other columns beside"],
)
def test_a_list_of_postcodes_is_read_as_it_is_published(tmp_path: Path, text: str) -> None:
    row = read_postcodes(written(tmp_path, text)).row(0, named=True)

    assert (row["postcode4"], row["breedtegraad"], row["lengtegraad"]) == ("7001", 51.96, 6.29)
    assert row["plaats"] in {"Doetinchem", "7001"}


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("pc4,lat\n7001,51.96\n", FileError),
        ("", FileError),
        ("pc4,lat,lon\n7001,ergens,6.29\n", TableError),
        ("pc4,lat,lon\n7001,6.29,51.96\n", TableError),
        ("pc4,lat,lon\n701,51.96,6.29\n", TableError),
        ("pc4,lat,lon\n7001,51.96,6.29\n7001,51.97,6.29\n", TableError),
    ],
    ids=["no longitude", "empty", "no number", "not in the country", "three digits", "twice"],
)
def test_a_wrong_list_is_refused(tmp_path: Path, text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        read_postcodes(written(tmp_path, text))


def test_an_absent_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError):
        read_postcodes(tmp_path / "weg.csv")


def test_a_newer_list_replaces_what_it_names_and_keeps_the_rest(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    first = written(tmp_path, "pc4,lat,lon\n7001,51.96,6.29\n7101,51.97,6.72\n")
    assert load_postcodes(sqlite_engine, first, actor="toets") == MergeCount(2, 0, 0)

    second = written(tmp_path, "pc4,lat,lon\n7001,51.90,6.29\n7131,52.0,6.6\n")

    assert load_postcodes(sqlite_engine, second, actor="toets") == MergeCount(1, 1, 0)
    assert count_postcodes(sqlite_engine) == 3
    with unit_of_work(sqlite_engine, read_only=True) as session:
        assert [run.soort for run in ImportRepository(session).list()] == ["postcodetabel"] * 2


def test_the_list_of_the_whole_country_is_read() -> None:
    if not REAL.exists():
        pytest.skip("the shared sample of postcodes is not here")

    found = read_postcodes(REAL)

    assert found.height == 4699
    assert found.filter(postcode4="7001")["plaats"].to_list() == ["Doetinchem"]


def test_the_command_says_what_lies_ready_and_loads_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shell = Shell(tmp_path / "regio", capsys)

    code, words = shell.run("reference")
    assert code == 0
    assert "nog geen postcodetabel" in words

    code, words = shell.run("reference", written(tmp_path, "pc4,lat,lon\n7001,51.96,6.29\n"))
    assert code == 0
    assert "1 postcodes nieuw" in words
    assert "telt 1 postcodes" in words
