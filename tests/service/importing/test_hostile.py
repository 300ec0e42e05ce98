"""Files as they come when somebody was in a hurry: right, or refused in one clear sentence."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import Engine

from service.importing.conceal import conceal
from service.importing.report import ImportReport, write_problems
from service.importing.run import import_paths
from tests.databases import open_migrated

KEY = b"k" * 32
BSN = "999990019"
HEADER = "bsn;week;lesuren;uren geoorloofd;uren ongeoorloofd;bekend op"
GOOD = f"{BSN};05-01-2026;28,5;2;3,5;12-01-2026"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_migrated(f"sqlite:///{(tmp_path / 'store.db').as_posix()}")
    yield engine
    engine.dispose()


def take_in(engine: Engine, folder: Path, **files: str) -> ImportReport:
    """Import a jongere and these files, by name without .csv."""
    source = folder / "in"
    source.mkdir()
    for name, text in {"jongere": f"bsn;woonplaats\n{BSN};Borculo", **files}.items():
        (source / f"{name}.csv").write_text(text + "\n", encoding="utf-8")
    return import_paths([source], engine=engine, key=KEY)


def stored_bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("store.db*"))


@pytest.mark.parametrize(
    "row",
    [
        f"{BSN};{BSN};28;0;0;",
        f"{BSN};9999.90.019;28;0;0;",
        f"28;{BSN};05-01-2026;0;0;",
        f"{BSN};05-01-2026;{BSN};0;0;",
    ],
)
def test_a_bsn_in_a_wrong_column_is_never_quoted_whole(
    engine: Engine, tmp_path: Path, row: str
) -> None:
    report = take_in(engine, tmp_path, verzuim=f"{HEADER}\n{row}")

    told = write_problems(report, tmp_path / "fouten.csv").read_text(encoding="utf-8-sig")
    assert not report.succeeded
    assert BSN not in told
    assert "9999.90.019" not in told
    assert "…019" in told


@pytest.mark.parametrize("number", ["9999.90.019", "999-990-019", f"BSN {BSN}", "12345672"])
def test_a_bsn_in_any_writing_is_no_jongere_id(engine: Engine, tmp_path: Path, number: str) -> None:
    header, row = HEADER.replace("bsn", "jongere_id"), GOOD.replace(BSN, number)

    report = take_in(engine, tmp_path, verzuim=f"{header}\n{row}")

    assert report.problems.select("regel", "kolom").rows() == [(2, "jongere_id")]
    assert report.problems["reden"].item().startswith("Dit is een BSN")


def test_a_bsn_inside_a_text_is_refused_and_not_stored(engine: Engine, tmp_path: Path) -> None:
    report = take_in(engine, tmp_path, verzuim=f"{HEADER};bron\n{GOOD};lijst van {BSN}")

    assert report.problems.select("regel", "kolom", "waarde").rows() == [
        (2, "bron", "lijst van …019")
    ]
    assert BSN.encode() not in stored_bytes(tmp_path)


def test_a_leerbedrijf_id_may_look_like_a_bsn(engine: Engine, tmp_path: Path) -> None:
    report = take_in(
        engine, tmp_path, leerbedrijf=f"leerbedrijf_id;naam;plaats\n{BSN};De Slinge;Borculo"
    )

    assert "BSN" not in "".join(report.problems["reden"])


def test_a_bsn_in_the_name_of_a_file_is_not_stored(engine: Engine, tmp_path: Path) -> None:
    report = take_in(engine, tmp_path, **{f"verzuim_{BSN}": f"{HEADER}\n{GOOD}"})

    assert report.succeeded
    assert BSN.encode() not in stored_bytes(tmp_path)


def test_a_file_without_header_quotes_nothing_of_its_first_line(
    engine: Engine, tmp_path: Path
) -> None:
    report = take_in(engine, tmp_path, verzuim=f"{BSN};Jansen;05-01-2026")

    told = report.problems["reden"].item()
    assert "geen kopregel" in told
    assert "Jansen" not in told


def test_a_name_is_never_quoted(engine: Engine, tmp_path: Path) -> None:
    report = take_in(
        engine,
        tmp_path,
        identiteit=f"bsn;voornamen;achternaam;postcode\n{BSN};Piet;Jansen;bij Jansen",
    )

    assert not report.succeeded
    assert "Jansen" not in str(report.problems.rows())


def test_two_columns_that_mean_the_same_are_refused(engine: Engine, tmp_path: Path) -> None:
    report = take_in(engine, tmp_path, verzuim=f"{HEADER};Lesuren (klok)\n{GOOD};4")

    assert "“lesuren” en “Lesuren (klok)”" in report.problems["reden"].item()


def test_a_line_of_spaces_is_an_empty_line(engine: Engine, tmp_path: Path) -> None:
    report = take_in(engine, tmp_path, verzuim=f"{HEADER}\n{GOOD}\n   \n\t")

    assert report.counts["verzuim"].new == 1


def test_a_packed_file_that_is_not_of_duo_is_named_so(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "verzuim.csv.gz"
    path.write_bytes(gzip.compress(f"{HEADER}\n{GOOD}\n".encode()))

    report = import_paths([path], engine=engine, key=KEY)

    assert "ingepakt" in report.problems["reden"].item()


def test_files_in_a_hidden_folder_are_left_alone(engine: Engine, tmp_path: Path) -> None:
    hidden = tmp_path / "in" / ".prullenbak"
    hidden.mkdir(parents=True)
    (hidden / "verzuim.csv").write_text("x")

    assert import_paths([tmp_path / "in"], engine=engine, key=KEY).succeeded


def test_files_that_contradict_each_other_are_said(engine: Engine, tmp_path: Path) -> None:
    report = take_in(
        engine,
        tmp_path,
        verzuim=f"{HEADER}\n{GOOD}",
        verzuim2=f"{HEADER}\n{GOOD.replace('3,5', '1')}",
    )

    assert [warning for warning in report.warnings if "over 1 rijen" in warning]


def test_files_that_say_the_same_contradict_nothing(engine: Engine, tmp_path: Path) -> None:
    report = take_in(
        engine,
        tmp_path,
        verzuim=f"{HEADER}\n{GOOD}",
        verzuim2=f"{HEADER}\n{GOOD.replace('12-01', '13-01')}",
    )

    assert report.warnings == ()


def test_a_cell_cannot_give_orders_to_a_terminal() -> None:
    assert "\x1b" not in conceal("\x1b[31mrood")


def test_a_long_cell_is_cut_short(engine: Engine, tmp_path: Path) -> None:
    report = take_in(engine, tmp_path, verzuim=f"{HEADER}\n{GOOD.replace('28,5', 'x' * 9999)}")

    assert report.problems["waarde"].str.len_chars().max() == 81
    assert report.problems.schema["waarde"] == pl.String


@pytest.mark.parametrize(
    "mapping",
    [
        "[[tabel",
        "",
        "tabel = [1, 2]",
        '[[tabel]]\nnaam = "verzuim"\nbestand = 3',
        '[[tabel]]\nnaam = "verzuim"\n[tabel.waarden.week]\na = ["b"]',
        f'[[tabel]]\nnaam = "verzuim"\n[tabel.vast]\nbron = "{BSN}"',
        f'[[tabel]]\nnaam = "verzuim"\n[tabel.vast]\njongere_id = "{BSN}"',
    ],
)
def test_a_mapping_that_is_wrong_is_named_as_a_bad_file(
    engine: Engine, tmp_path: Path, mapping: str
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "mapping.toml").write_text(mapping)
    (tmp_path / "in" / "verzuim.csv").write_text(f"{HEADER}\n{GOOD}\n")

    problems = import_paths([tmp_path / "in"], engine=engine, key=KEY).problems

    assert problems["bestand"].to_list() == ["mapping.toml"]
    assert BSN not in str(problems.rows())
