from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.errors import FileError
from service.importing.parsed import LINE
from service.importing.rawfile import read_raw
from service.importing.rawtable import RawTable

CELLS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), include_characters="\n"),
    max_size=6,
)


def raw_csv(
    folder: Path, content: bytes, encoding: str | None = None, separator: str | None = None
) -> RawTable:
    path = folder / "bestand.csv"
    path.write_bytes(content)
    return read_raw(path, encoding=encoding, separator=separator)[0]


def refusal(
    folder: Path,
    content: bytes,
    name: str = "bestand.csv",
    *,
    encoding: str | None = None,
    separator: str | None = None,
) -> str:
    path = folder / name
    path.write_bytes(content)
    with pytest.raises(FileError) as caught:
        read_raw(path, encoding=encoding, separator=separator)
    return caught.value.problem


def test_lines_count_as_an_editor_shows_them(tmp_path: Path) -> None:
    raw = raw_csv(tmp_path, b'\r\na;b\r\n1;"twee\r\nregels"\r\n\r\n;\r\n3;4\r\n')
    assert raw.headers == ("a", "b")
    assert raw.frame[LINE].to_list() == [3, 7]
    assert raw.problems.is_empty()


def test_a_line_with_too_few_or_too_many_fields_is_a_bad_row(tmp_path: Path) -> None:
    raw = raw_csv(tmp_path, b"a;b;c\n1;2;3\n4;5\n6;7;8;9\n10;11;12\n")
    assert raw.problems["regel"].to_list() == [3, 4]
    assert raw.frame["0"].to_list() == ["1", "10"]


def test_the_last_line_of_a_truncated_file_is_a_bad_row(tmp_path: Path) -> None:
    raw = raw_csv(tmp_path, b"a;b;c\n1;2;3\n4;5;6\n7;")
    assert raw.problems["regel"].to_list() == [4]
    assert "afgekapt" in raw.problems["reden"][0]


def test_a_missing_field_on_one_line_does_not_hide_one_too_many_on_another(tmp_path: Path) -> None:
    raw = raw_csv(tmp_path, b'a;b;c\n1;2\n"4;5";5;6\n')
    assert raw.problems["regel"].to_list() == [2]


def test_a_quote_that_is_not_closed_refuses_the_file_and_says_where(tmp_path: Path) -> None:
    assert "regel 3" in refusal(tmp_path, b'a;b\n1;2\n3;"4\n5;6\n').lower()


@given(
    rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=5),
    separator=st.sampled_from(";,|\t"),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_any_cells_come_back_as_they_were_written(
    tmp_path: Path, rows: list[list[str]], separator: str
) -> None:
    frame = pl.DataFrame(rows, schema=["a", "b", "c"], orient="row").cast(pl.String)
    content = frame.write_csv(separator=separator, quote_style="always").encode()
    raw = raw_csv(tmp_path, content, separator=separator)
    kept = [[cell or None for cell in row] for row in rows if any(row)]
    assert raw.frame.drop(LINE).rows() == [tuple(row) for row in kept]


def test_numbers_are_numbers_at_once_unless_one_of_them_is_something_else(tmp_path: Path) -> None:
    path = tmp_path / "bestand.csv"
    path.write_text("naam;uren\n012;7.5\nb;\n")
    (raw,) = read_raw(path, is_number=lambda header: header == "uren")
    assert raw.frame.rows() == [("012", 7.5, 2), ("b", None, 3)]
    path.write_text("naam;uren\n012;7.5\nb;7,5\n")
    (raw,) = read_raw(path, is_number=lambda header: header == "uren")
    assert raw.frame.rows() == [("012", "7.5", 2), ("b", "7,5", 3)]


def test_windows_1252_is_read_when_the_mapping_says_so(tmp_path: Path) -> None:
    raw = raw_csv(tmp_path, "a;b\nZoë;1\n".encode("cp1252"), encoding="windows-1252")
    assert raw.frame["0"].to_list() == ["Zoë"]
    assert raw.warnings == ()


def test_windows_1252_read_as_utf_8_is_refused_with_line_and_advice(tmp_path: Path) -> None:
    problem = refusal(tmp_path, "a;b\n1;2\nZoë;1\n".encode("cp1252"), encoding="utf-8")
    assert "Regel 3" in problem
    assert "windows-1252" in problem


def test_without_a_mapping_windows_1252_is_guessed_and_said(tmp_path: Path) -> None:
    raw = raw_csv(tmp_path, "a;b\nZoë;1\n".encode("cp1252"))
    assert raw.frame["0"].to_list() == ["Zoë"]
    assert "Windows-1252" in raw.warnings[0]


def test_utf_8_read_as_windows_1252_is_suspicious(tmp_path: Path) -> None:
    raw = raw_csv(tmp_path, "a;b\nZoé;1\n".encode(), encoding="windows-1252")
    assert "Ã©" in raw.warnings[0]


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path) -> None:
    assert raw_csv(tmp_path, "a;b\n1;2\n".encode("utf-8-sig")).headers == ("a", "b")


def test_another_separator_is_named(tmp_path: Path) -> None:
    assert "puntkomma" in refusal(tmp_path, b"a;b;c\n1;2;3\n", separator=",")


@pytest.mark.parametrize(
    ("name", "content", "named"),
    [
        ("leeg.csv", b"", "leeg"),
        ("witregels.csv", b"\n \n", "leeg"),
        ("leeg.xlsx", b"", "leeg"),
        ("tekst.xlsx", b"a;b\n1;2\n", "geen Excel"),
        ("oud.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1", "oud Excel"),
        ("stuk.xlsx", b"PK\x03\x04 afgekapt", "beschadigd"),
        ("utf16.csv", "a;b\n1;2\n".encode("utf-16"), "CSV UTF-8"),
        ("nul.csv", b"a;b\n1;\x00\n", "CSV UTF-8"),
    ],
)
def test_a_file_of_another_kind_is_refused(
    tmp_path: Path, name: str, content: bytes, named: str
) -> None:
    assert named in refusal(tmp_path, content, name)


def write_excel(path: Path) -> Path:
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Toelichting").write_string(0, 0, "Lees eerst dit")
        sheet = book.add_worksheet("Lijst")
        sheet.write_row(2, 1, ["bsn", "uren"])
        sheet.write_row(3, 1, [999990019, 7.5])
        sheet.write_row(6, 1, [111222333, 8])
    return path


def test_rows_of_a_sheet_count_as_excel_shows_them(tmp_path: Path) -> None:
    raw = read_raw(write_excel(tmp_path / "lijst.xlsx"), sheet="Lijst")[0]
    assert raw.headers == ("bsn", "uren")
    assert raw.frame.rows() == [("999990019", "7.5", 4), ("111222333", "8", 7)]


def test_a_sheet_that_is_not_there_is_named_beside_those_that_are(tmp_path: Path) -> None:
    path = write_excel(tmp_path / "lijst.xlsx")
    with pytest.raises(FileError) as caught:
        read_raw(path, sheet="Blad1")
    assert "Toelichting, Lijst" in caught.value.problem


def test_an_excel_file_named_csv_is_refused(tmp_path: Path) -> None:
    path = write_excel(tmp_path / "lijst.xlsx").rename(tmp_path / "lijst.csv")
    with pytest.raises(FileError) as caught:
        read_raw(path)
    assert "Excel-bestand" in caught.value.problem
