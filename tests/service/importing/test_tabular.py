from datetime import date
from pathlib import Path

import polars as pl
import pytest

from service.errors import FileError
from service.importing.mapping import read_mapping
from service.importing.parsed import LINE, ParsedFile
from service.importing.persons import ReadOptions
from service.importing.pseudonym import pseudonym
from service.importing.tabular import read_tabular
from tests.service.importing.tabular_files import KEY, OPTIONS

MAPPING = """
[[tabel]]
naam = "verzuim"
bestand = "*"
scheidingsteken = ";"
codering = "windows-1252"
decimale_komma = true
datum = "dd-mm-jjjj"
[tabel.kolommen]
"Nummer" = "{person}"
"Week van" = "week"
"Lessen" = "lesuren"
"Geoorloofd" = "uren_geoorloofd"
"Ongeoorloofd" = "uren_ongeoorloofd"
"Bekend" = "bekend_op"
[tabel.vast]
bron = "Magister"
"""
HEADER = "Nummer;Week van;Lessen;Geoorloofd;Ongeoorloofd;Klas\n"


def parse(
    folder: Path, rows: str, *, person: str = "bsn", header: str = HEADER, masked: bool = False
) -> ParsedFile:
    (folder / "mapping.toml").write_text(MAPPING.format(person=person), encoding="utf-8")
    path = folder / "verzuim.csv"
    path.write_text(header + rows, encoding="cp1252")
    options = ReadOptions(KEY, meldvertraging_dagen=75, allow_masked=masked)
    return read_tabular(path, read_mapping(folder / "mapping.toml"), options)


def test_cells_become_values_of_the_contract_and_numbers_pseudonyms(tmp_path: Path) -> None:
    parsed = parse(tmp_path, "999990019;08-01-2024;28,5;2;3,5;ë1\n")
    assert parsed.tables["verzuim"].row(0, named=True) == {
        "jongere_id": pseudonym("999990019", KEY),
        "week": date(2024, 1, 8),
        "lesuren": 28.5,
        "uren_geoorloofd": 2.0,
        "uren_ongeoorloofd": 3.5,
        "bekend_op": date(2024, 1, 14),
        "bron": "Magister",
        LINE: 2,
    }
    assert parsed.problems.is_empty()


def test_the_report_knows_how_the_file_calls_its_columns(tmp_path: Path) -> None:
    columns = parse(tmp_path, "999990019;08-01-2024;28,5;2;3,5;\n").columns
    assert columns["verzuim", "week"] == "Week van"
    assert columns["verzuim", "jongere_id"] == "Nummer"


def test_what_was_filled_in_is_said_with_a_count(tmp_path: Path) -> None:
    warnings = parse(tmp_path, "999990019;08-01-2024;28;2;3;\n" * 2).warnings
    assert any("bekend_op" in warning and "2 rijen" in warning for warning in warnings)
    assert any("Bekend" in warning for warning in warnings)


def test_every_bad_cell_is_named_and_its_row_goes_no_further(tmp_path: Path) -> None:
    rows = "999990019;08-01-2024;28;2;3;\n999990019;gisteren;28.5;twee;3;\n;08-01-2024;1;0;0;\n"
    parsed = parse(tmp_path, rows)
    named = parsed.problems.select("bestand", "regel", "kolom", "waarde").rows()
    assert sorted(named) == [
        ("verzuim.csv", 3, "Geoorloofd", "twee"),
        ("verzuim.csv", 3, "Lessen", "28.5"),
        ("verzuim.csv", 3, "Week van", "gisteren"),
    ]
    assert parsed.tables["verzuim"][LINE].to_list() == [2, 4]


@pytest.mark.parametrize("number", ["999990018", "BSN1", "12345", "000000000", "1234567890"])
def test_a_number_that_fails_the_elfproef_is_a_bad_cell(tmp_path: Path, number: str) -> None:
    problems = parse(tmp_path, f"{number};08-01-2024;28;2;3;\n").problems
    assert problems["kolom"].to_list() == ["Nummer"]
    assert "elfproef" in problems["reden"][0]


def test_a_masked_number_passes_when_asked(tmp_path: Path) -> None:
    parsed = parse(tmp_path, "BSN1;08-01-2024;28;2;3;\n", masked=True)
    assert parsed.tables["verzuim"]["jongere_id"].to_list() == [pseudonym("BSN1", KEY)]


def test_a_number_that_lost_its_zero_or_has_spaces_is_the_same_person(tmp_path: Path) -> None:
    rows = "".join(
        f"{text};08-01-2024;28;2;3;\n" for text in ("012345672", "12345672", "0123 45672")
    )
    ids = parse(tmp_path, rows).tables["verzuim"]["jongere_id"]
    assert set(ids) == {pseudonym("012345672", KEY)}


def test_a_number_never_passes_as_a_pseudonym(tmp_path: Path) -> None:
    rows = "999990019;08-01-2024;28;2;3;\nJ000123;08-01-2024;28;2;3;\n"
    parsed = parse(tmp_path, rows, person="jongere_id")
    assert parsed.tables["verzuim"]["jongere_id"].to_list() == ["J000123"]
    assert parsed.problems["regel"].to_list() == [2]
    assert "bsn" in parsed.problems["reden"][0]


@pytest.mark.parametrize("person", ["bsn", "jongere_id"])
def test_no_report_shows_a_whole_number(tmp_path: Path, person: str) -> None:
    number = "999990018" if person == "bsn" else "999990019"
    problems = parse(tmp_path, f"{number};08-01-2024;28;2;3;\n", person=person).problems
    assert problems.height == 1
    assert number not in problems.write_csv()


def test_a_required_column_that_the_file_lacks_is_named_beside_those_it_has(tmp_path: Path) -> None:
    with pytest.raises(FileError) as caught:
        parse(tmp_path, "x;y\n", header="Nummer;Week\n")
    assert "“Week van”" in caught.value.problem
    assert "Nummer, Week" in caught.value.problem


def test_a_column_that_stands_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError) as caught:
        parse(tmp_path, "", header=HEADER.strip() + ";lessen\n")
    assert "twee keer" in caught.value.problem


def test_who_has_no_bsn_is_known_by_the_onderwijsnummer(tmp_path: Path) -> None:
    mapping = '[[tabel]]\nnaam="jongere"\n[tabel.kolommen]\na="bsn"\nb="onderwijsnummer"\n'
    (tmp_path / "mapping.toml").write_text(mapping, encoding="utf-8")
    path = tmp_path / "jongere.csv"
    path.write_text("a;b\n999990019;101222331\n;101222331\n", encoding="utf-8")
    parsed = read_tabular(path, read_mapping(tmp_path / "mapping.toml"), OPTIONS)
    expected = [pseudonym(number, KEY) for number in ("999990019", "101222331")]
    assert parsed.tables["jongere"]["jongere_id"].to_list() == expected
    assert parsed.problems.is_empty()


def test_one_file_can_fill_two_tables(tmp_path: Path) -> None:
    mapping = """
    [[tabel]]
    naam = "jongere"
    bestand = "lijst.csv"
    [tabel.kolommen]
    nr = "bsn"
    plaats = "woonplaats"
    [[tabel]]
    naam = "identiteit"
    bestand = "lijst.csv"
    [tabel.kolommen]
    nr = "onderwijsnummer"
    achternaam = "achternaam"
    """
    (tmp_path / "mapping.toml").write_text(mapping, encoding="utf-8")
    path = tmp_path / "lijst.csv"
    path.write_text("nr,plaats,achternaam\n999990019,Borculo,Voorbeeld\n", encoding="utf-8")
    tables = read_tabular(path, read_mapping(tmp_path / "mapping.toml"), OPTIONS).tables
    assert tables["jongere"]["woonplaats"].to_list() == ["Borculo"]
    assert tables["identiteit"]["achternaam"].to_list() == ["Voorbeeld"]
    assert tables["jongere"]["jongere_id"][0] == tables["identiteit"]["jongere_id"][0]


def test_the_end_of_an_enrolment_is_known_after_the_reporting_delay(tmp_path: Path) -> None:
    mapping = (
        """
    [[tabel]]
    naam = "inschrijving"
    [tabel.kolommen]
    {bsn="bsn", instelling="instelling", onderwijssoort="onderwijssoort"}
    """.replace("{", "")
        .replace("}", "")
        .replace(", ", "\n    ")
    )
    dates = '    begindatum="begindatum"\n    einddatum="einddatum"\n'
    (tmp_path / "mapping.toml").write_text(mapping.rstrip() + "\n" + dates, encoding="utf-8")
    path = tmp_path / "inschrijving.csv"
    path.write_text(
        "bsn;instelling;onderwijssoort;begindatum;einddatum\n"
        "999990019;25lx;Entree;01-08-2024;01-02-2025\n999990019;25LX;mbo-2;01-03-2025;\n",
        encoding="utf-8",
    )
    frame = read_tabular(path, read_mapping(tmp_path / "mapping.toml"), OPTIONS).tables[
        "inschrijving"
    ]
    assert frame["einde_bekend_op"].to_list() == [date(2025, 4, 17), None]
    assert frame["bekend_op"].to_list() == [date(2024, 8, 1), date(2025, 3, 1)]
    assert frame["volgnummer"].to_list() == ["1", "1"]
    assert frame["bron"].to_list() == ["bestand inschrijving.csv"] * 2
    assert frame.drop(LINE).schema["leerjaar"] == pl.Int32
