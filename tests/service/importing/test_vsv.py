"""The vsv files of DUO: labels and registers out, names and addresses apart."""

import gzip
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from features.contract import check_table
from features.tables import TABLES
from service.errors import FileError
from service.identity import IDENTITEIT
from service.importing.parsed import LINE, ParsedFile
from service.importing.pseudonym import passes_onderwijsnummer, pseudonym
from service.importing.vsv import is_vsv, read_vsv

KEY = b"k" * 32
GOLDEN = Path(__file__).parents[2] / "golden" / "vsv"
SAMPLES = Path(__file__).parents[3] / ".." / "shared" / "data" / "duo-vsv"
A04, A14 = "202302A04I00AA.csv", "202312A14I00AA.csv"
NRSP, NENR = "NRSP2023DI00AA.csv", "NenR2023DI00AA.csv"
NAMES = (A04, A14, NRSP, NENR)
AMBER, BILAL, CHRIS = (pseudonym(n, KEY) for n in ("999990007", "999990019", "109990001"))
CONTRACTS = {**TABLES, "identiteit": IDENTITEIT}
SECRETS = (
    *("999990007", "999990019", "109990001", "Proefpersoon", "van der", "Amber", "Voorbeeld"),
    *("Bilal", "Demonstratie", "Chris", "Teststraat", "129", "7001ZZ", "Fictieweg", "Verzinsel"),
)


def read(name: str) -> ParsedFile:
    return read_vsv(GOLDEN / name, key=KEY)


def parse(tmp_path: Path, content: bytes, name: str = A14) -> ParsedFile:
    path = tmp_path / name
    path.write_bytes(content)
    return read_vsv(path, key=KEY)


def registered(parsed: ParsedFile, *columns: str) -> list[tuple[object, ...]]:
    return parsed.tables["vsv_registratie"].sort(LINE).select(columns).rows()


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_recognised_and_read_without_a_problem(name: str) -> None:
    parsed = read(name)
    assert is_vsv(GOLDEN / name)
    assert parsed.problems.is_empty()
    for table, frame in parsed.tables.items():
        check_table(frame.drop(LINE), CONTRACTS[table], references=parsed.tables)
        assert frame.height > 0


def test_a_monthly_row_belongs_to_the_school_year_that_began_in_october() -> None:
    columns = ("jongere_id", "schooljaar", "soort", "datum", "bekend_op")
    assert registered(read(A14), *columns) == [
        (AMBER, 2022, "vsv voorlopig", date(2022, 10, 1), date(2022, 11, 30)),
        (BILAL, 2022, "vsv voorlopig", date(2023, 1, 15), date(2023, 2, 28)),
        (CHRIS, 2022, "vsv voorlopig", date(2023, 9, 1), date(2023, 10, 31)),
    ]


def test_nothing_in_a_monthly_file_was_known_after_its_month(tmp_path: Path) -> None:
    late = (GOLDEN / A04).read_bytes().replace(b"202301", b"202302")
    assert registered(parse(tmp_path, late, A04), "bekend_op")[1] == (date(2023, 2, 28),)


def test_a_definitive_file_of_2023_is_about_the_school_year_2022() -> None:
    known = date(2024, 11, 30)
    columns = ("jongere_id", "schooljaar", "soort", "datum", "bekend_op")
    start, gone = date(2022, 10, 1), date(2023, 10, 1)
    assert registered(read(NRSP), *columns) == [
        (person, 2022, "startpopulatie", start, known) for person in (AMBER, BILAL, CHRIS)
    ]
    assert registered(read(NENR), *columns) == [
        (person, 2022, "vsv definitief", gone, known) for person in (AMBER, CHRIS)
    ]


def test_a_v_in_the_place_of_the_d_is_provisional(tmp_path: Path) -> None:
    content = (GOLDEN / NENR).read_bytes()
    parsed = parse(tmp_path, content, "NenR2023VI00AA.csv")
    assert registered(parsed, "soort", "bekend_op")[0] == ("vsv voorlopig", date(2024, 5, 31))


def test_who_left_is_known_in_the_register_and_the_startpopulatie_is_not() -> None:
    register = read(A04).tables["bekend_bij"].select("jongere_id", "register", "datum_van")
    assert register.rows() == [
        (AMBER, "DUO vsv", date(2022, 10, 1)),
        (BILAL, "DUO vsv", date(2023, 1, 15)),
    ]
    assert "bekend_bij" not in read(NRSP).tables


def test_niveau_and_crebo_are_those_of_mbo_only() -> None:
    assert registered(read(NRSP), "niveau", "opleidingcode") == [
        (1, "25748"),
        (None, None),
        (4, "25697"),
    ]


def test_a_jongere_keeps_month_of_birth_and_four_digits_of_the_postcode() -> None:
    columns = ("geboortedatum", "postcode4", "woonplaats", "gemeente")
    assert read(A14).tables["jongere"].select(columns).rows() == [
        (date(2005, 10, 1), "7001", "DOETINCHEM", "DOETINCHEM"),
        (date(2004, 7, 1), None, "HENGELO GLD", "BRONCKHORST"),
        (date(2003, 5, 1), "7101", "WINTERSWIJK", "WINTERSWIJK"),
    ]


def test_name_and_address_stand_in_the_separated_table() -> None:
    columns = ("voornamen", "tussenvoegsel", "achternaam", "straat", "huisnummer", "postcode")
    assert read(A14).tables["identiteit"].select(columns).rows() == [
        ("Amber Zoë", "van der", "Proefpersoon", "Teststraat", "129 B", "7001ZZ"),
        ("Bilal", None, "Voorbeeld", "Fictieweg", "7", None),
        ("Chris", "de", "Demonstratie", "Verzinsel", "12 bis", "7101ZZ"),
    ]


@pytest.mark.parametrize("name", NAMES)
def test_no_other_table_holds_a_name_an_address_or_a_number(name: str) -> None:
    tables = dict(read(name).tables)
    identity = tables.pop("identiteit").write_csv()
    assert "999990007" not in identity
    assert "geslacht" not in identity
    for frame in tables.values():
        text = frame.write_csv()
        assert not [secret for secret in SECRETS if secret in text]


def test_of_a_jongere_who_is_there_twice_the_last_row_counts(tmp_path: Path) -> None:
    lines = (GOLDEN / A14).read_bytes().splitlines(keepends=True)
    again = lines[1].replace(b"DOETINCHEM", b"OUDE IJSSELSTREEK").replace(b"202210", b"202301")
    parsed = parse(tmp_path, b"".join([*lines, again]))
    last = parsed.tables["jongere"].filter(jongere_id=AMBER)
    assert last["gemeente"].to_list() == ["OUDE IJSSELSTREEK"]
    assert parsed.tables["vsv_registratie"].height == 3
    assert parsed.warnings[0].endswith(": 1.")


def test_a_jongere_who_is_there_twice_was_known_since_the_first_time(tmp_path: Path) -> None:
    lines = (GOLDEN / A14).read_bytes().splitlines(keepends=True)
    again = lines[1].replace(b"202210", b"202305")
    rows = parse(tmp_path, b"".join([*lines, again])).tables["vsv_registratie"]
    known = rows.filter(jongere_id=AMBER)["bekend_op"].to_list()
    assert known == [date(2022, 11, 30)]


@pytest.mark.parametrize(
    ("old", "new", "column", "shown"),
    [
        (b"03-10-2005", b"03-10-05", "GEBOORTEDATUM", "03-10-05"),
        (b"202210;999", b"202213;999", "RAPPORTAGEMAAND", "202213"),
        (b"202210;999", b";999", "RAPPORTAGEMAAND", None),
        (b"999990007", b"999990008", "PERSOONSGEBONDENNUMMER", "*******08"),
        (b"999990007", b"", "PERSOONSGEBONDENNUMMER", None),
        (b"DOETINCHEM;202210", b"DOETINCHEM;202210;x", "regel", None),
    ],
)
def test_a_bad_row_is_named_with_line_column_and_value(
    tmp_path: Path, old: bytes, new: bytes, column: str, shown: str | None
) -> None:
    content = (GOLDEN / A14).read_bytes().replace(old, new, 1)
    parsed = parse(tmp_path, content)
    assert parsed.problems.select("regel", "kolom", "waarde").rows() == [(2, column, shown)]
    assert parsed.tables["jongere"].height == 2


def test_masked_numbers_count_when_they_are_allowed(tmp_path: Path) -> None:
    path = tmp_path / A04
    path.write_bytes((GOLDEN / A04).read_bytes().replace(b"999990007", b"BSN1"))
    parsed = read_vsv(path, key=KEY, allow_masked=True)
    assert parsed.tables["jongere"]["jongere_id"][0] == pseudonym("BSN1", KEY)


@pytest.mark.parametrize("name", ["vsv.csv", "202302A02I00AA.csv", "NenR2023DI00AA.csv"])
def test_a_name_that_does_not_tell_which_list_it_is_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileError, match="De naam zegt niet"):
        parse(tmp_path, (GOLDEN / A04).read_bytes(), name)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"week;uren\r\n2024-01-01;3\r\n", "geen vsv-bestand"),
        (b"", "leeg"),
        (b"PK\x03\x04\x00", "geen tekstbestand"),
        (b"#BURGERSERVICENUMMER;CREBO;BRIN\r\n", "alleen een kopregel"),
    ],
)
def test_a_file_of_another_kind_is_refused_as_a_whole(
    tmp_path: Path, content: bytes, words: str
) -> None:
    with pytest.raises(FileError, match=words):
        parse(tmp_path, content, NENR)


def test_windows_1252_and_gzip_give_the_same_rows(tmp_path: Path) -> None:
    text = (GOLDEN / A14).read_text(encoding="utf-8")
    packed = gzip.compress(text.encode("cp1252"))
    parsed = parse(tmp_path, packed, f"{A14}.gz")
    assert is_vsv(parsed.path)
    for table, frame in read(A14).tables.items():
        assert parsed.tables[table].equals(frame)


@pytest.mark.skipif(not SAMPLES.exists(), reason="the real samples are not on this machine")
@pytest.mark.parametrize(
    ("name", "rows", "soort"),
    [
        ("202302A04I27GZ.csv", 397, "vsv voorlopig"),
        ("202309A04I27GZ.csv", 1060, "vsv voorlopig"),
        ("202312A14I27GZ.csv", 1265, "vsv voorlopig"),
        ("NRSP2023DI27GZ.csv", 15458, "startpopulatie"),
        ("NenR2023DI27GZ.csv", 1000, "vsv definitief"),
    ],
)
def test_a_sample_is_read_whole_and_leaks_no_number_and_no_name(
    tmp_path: Path, name: str, rows: int, soort: str
) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.decompress((SAMPLES / f"{name}.gz").read_bytes()))
    parsed = read_vsv(path, key=KEY, allow_masked=True)
    assert parsed.problems.is_empty()
    registrations = parsed.tables["vsv_registratie"]
    assert registrations["soort"].unique().to_list() == [soort]
    assert registrations["schooljaar"].unique().to_list() == [2022]
    assert registrations.height == rows
    tables = dict(parsed.tables)
    identity = tables.pop("identiteit").drop(LINE)
    check_table(identity, IDENTITEIT, references=tables)
    for table, frame in tables.items():
        check_table(frame.drop(LINE), TABLES[table], references=tables)
        names = _words(identity.select("achternaam", "voornamen", "straat"))
        # a surname may be that of a place
        assert not _words(frame.drop("woonplaats", "gemeente", strict=False)) & names
    for frame in (*tables.values(), identity):
        words = pl.DataFrame({"word": sorted(_words(frame))}, schema={"word": pl.String})
        numbers = words.select(pl.col("word").str.extract_all(r"\d{9}").explode()).drop_nulls()
        assert not numbers.select(passes_onderwijsnummer(pl.col("word")).any()).item()


def _words(frame: pl.DataFrame) -> set[str]:
    """Every text in a frame but the pseudonym, which may hold any run of digits."""
    texts = frame.drop("jongere_id", strict=False).select(pl.col(pl.String))
    return {word for column in texts.get_columns() for word in column.drop_nulls().unique()}
