"""A file as it was sent, with beside each bad row what is wrong."""

import csv
import io
from pathlib import Path

import polars as pl
import xlsxwriter

from service.importing.gemarkeerd import CSV_TYPE, XLSX_TYPE, mark_file
from service.importing.parsed import PROBLEMS
from service.importing.rawexcel import read_excel

WRONG = "Dit is geen datum."


def problems(*rows: tuple[str, int | None, str | None, str | None, str]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=PROBLEMS, orient="row")


def test_each_bad_row_says_all_that_is_wrong_and_the_others_nothing(tmp_path: Path) -> None:
    path = tmp_path / "verzuim.csv"
    path.write_text('bsn;week\n1;05-01\n2;"een\ntwee"\n3;06-01\n', encoding="utf-8")
    found = problems(
        ("verzuim.csv", 3, "week", "een", WRONG),
        ("verzuim.csv", 3, None, None, "Te kort."),
        ("ander.csv", 2, "week", None, "Van een ander bestand."),
        ("verzuim.csv", None, None, None, "Over het hele bestand."),
    )

    content, kind, name = mark_file(path, found)

    assert (kind, name) == (CSV_TYPE, "verzuim-fouten.csv")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert rows == [
        ["bsn", "week", "probleem"],
        ["1", "05-01", ""],
        ["2", "een\ntwee", f"week: {WRONG} Te kort."],
        ["3", "06-01", ""],
    ]


def test_no_cell_runs_in_a_spreadsheet_and_numbers_stay(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a;b\n=1+1;-5\n@x;+31\n", encoding="utf-8")

    text = mark_file(path, problems(("a.csv", 2, "a", None, WRONG)))[0].decode("utf-8-sig")

    assert "'=1+1;-5;" in text
    assert "'@x;+31;" in text


def test_text_in_another_encoding_stays_readable_for_the_same_reader(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("naam;dag\nZoë;x\n".encode("windows-1252"))

    content = mark_file(path, problems(("a.csv", 2, "dag", "x", "“x” is fout.")))[0]

    assert content.decode("windows-1252") == "naam;dag;probleem\r\nZoë;x;dag: “x” is fout.\r\n"


def test_a_spreadsheet_keeps_its_rows_and_marks_the_sheet_that_is_meant(tmp_path: Path) -> None:
    path = tmp_path / "boek.xlsx"
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        for name, header in (("een", "week"), ("twee", "niveau")):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["bsn", header])
            sheet.write_row(2, 0, ["1", "=1+1"])
    found = problems(("boek.xlsx", 3, "week", None, WRONG), ("boek.xlsx", 3, "niveau", None, "X."))

    content, kind, name = mark_file(path, found)

    assert (kind, name) == (XLSX_TYPE, "boek-fouten.xlsx")
    made = tmp_path / name
    made.write_bytes(content)
    sheets = read_excel(made)
    assert [one.headers for one in sheets] == [
        ("bsn", "week", "probleem"),
        ("bsn", "niveau", "probleem"),
    ]
    assert [one.frame.rows() for one in sheets] == [
        [("1", "=1+1", f"week: {WRONG}", 3)],
        [("1", "=1+1", "niveau: X.", 3)],
    ]
