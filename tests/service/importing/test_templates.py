from pathlib import Path
from zipfile import ZipFile

import fastexcel
import pytest
import xlsxwriter

from features.tables import TABLES
from service.importing.canonical import read_canonical
from service.importing.check import check_file
from service.importing.mapping import CONTRACTS, MAPPING_NAME, read_mapping
from service.importing.parsed import LINE
from service.importing.tabular import read_tabular
from service.importing.templates import TEMPLATES, header_of, write_templates
from tests.service.importing.tabular_files import OPTIONS, good_rows, write_csv

NOT_FOR_SCHOOLS = {"postcode", "vsv_registratie"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sjablonen")
    write_templates(folder)
    return folder


def fill(template: Path, target: Path, rows: list[dict[str, str]]) -> Path:
    """Copy the header of a template and write rows under it, as a person would."""
    sheet = fastexcel.read_excel(template).load_sheet(0, header_row=None).to_polars()
    with xlsxwriter.Workbook(target, {"strings_to_formulas": False}) as book:
        filled = book.add_worksheet(template.stem)
        filled.write_row(0, 0, sheet.row(0))
        for at, row in enumerate(rows, start=1):
            filled.write_row(at, 0, list(row.values()))
    return target


def test_there_is_a_template_for_every_table_that_a_school_can_fill() -> None:
    assert set(TEMPLATES) == set(CONTRACTS) - NOT_FOR_SCHOOLS


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_filled_template_is_read_without_and_with_its_mapping(
    folder: Path, tmp_path: Path, name: str
) -> None:
    rows = good_rows(CONTRACTS[name], 4)
    path = fill(folder / f"{name}.xlsx", tmp_path / f"{name}.xlsx", rows)
    expected = read_canonical(write_csv(tmp_path / f"{name}.csv", rows), OPTIONS)
    without = read_canonical(path, OPTIONS)
    fitting = [entry for entry in read_mapping(folder / MAPPING_NAME) if entry.fits(path)]
    for parsed in (without, read_tabular(path, fitting, OPTIONS)):
        assert parsed.problems.is_empty()
        assert parsed.tables[name].height == 4
        assert parsed.tables[name].equals(expected.tables[name])


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_rows_of_a_filled_template_satisfy_the_contract(tmp_path: Path, name: str) -> None:
    path = write_csv(tmp_path / f"{name}.csv", good_rows(CONTRACTS[name], 4))
    assert check_file(read_canonical(path, OPTIONS), {})[1].is_empty()


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_column_is_explained_with_an_example_that_is_accepted(
    folder: Path, tmp_path: Path, name: str
) -> None:
    book = fastexcel.read_excel(folder / f"{name}.xlsx")
    lines = book.load_sheet("Uitleg", header_row=2, dtypes="string").to_polars()
    assert lines["Kolom"].to_list() == [header_of(column) for column in CONTRACTS[name].columns]
    assert lines["Uitleg"].null_count() == 0
    example = dict(zip(lines["Kolom"], lines["Voorbeeld"].fill_null(""), strict=True))
    parsed = read_canonical(write_csv(tmp_path / f"{name}.csv", [example]), OPTIONS)
    assert check_file(parsed, {})[1].rows() == []
    assert parsed.tables[name][LINE].to_list() == [2]


def test_a_closed_list_can_be_chosen_from_in_excel(folder: Path) -> None:
    with ZipFile(folder / "verzuimmelding.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    values = TABLES["verzuimmelding"].column("soort").values
    assert f'"{",".join(values)}"' in sheet.replace("&quot;", '"')


def test_no_template_asks_for_a_pseudonym(folder: Path) -> None:
    for name in TEMPLATES:
        sheet = fastexcel.read_excel(folder / f"{name}.xlsx").load_sheet(0).to_polars()
        assert "jongere id" not in sheet.columns
