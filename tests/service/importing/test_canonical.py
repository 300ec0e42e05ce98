from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.tables import TABLES
from service.errors import FileError
from service.importing.canonical import canonical_name, read_canonical
from service.importing.mapping import CONTRACTS
from service.importing.parsed import LINE
from tests.service.importing.tabular_files import OPTIONS, good_rows, write_csv


@pytest.mark.parametrize("name", CONTRACTS)
def test_what_is_written_as_parquet_or_csv_comes_back_exactly(tmp_path: Path, name: str) -> None:
    source = write_csv(tmp_path / f"{name}.csv", good_rows(CONTRACTS[name], 5))
    rows = read_canonical(source, OPTIONS).tables[name].drop(LINE)
    assert rows.height == 5
    rows.write_parquet(tmp_path / f"{name}.parquet")
    lists = [column.name for column in CONTRACTS[name].columns if column.is_list]
    rows.with_columns(pl.col(lists).list.join("|")).write_csv(tmp_path / f"{name}.csv")
    for suffix in ("parquet", "csv"):
        parsed = read_canonical(tmp_path / f"{name}.{suffix}", OPTIONS)
        assert parsed.tables[name].drop(LINE).equals(rows)
        assert parsed.problems.is_empty()
        assert parsed.warnings == ()


def test_optional_columns_may_be_absent_and_unknown_ones_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "resultaat.parquet"
    pl.DataFrame(
        {"jongere_id": ["J1"], "datum": [date(2024, 5, 1)], "onderdeel": ["rekenen"]}
    ).with_columns(waarde=0.7, kleur=pl.lit("rood")).write_parquet(path)
    parsed = read_canonical(path, OPTIONS)
    assert parsed.tables["resultaat"]["bekend_op"].to_list() == [date(2024, 5, 1)]
    assert any("kleur" in warning for warning in parsed.warnings)


def test_a_stage_without_id_gets_the_id_that_other_sources_make(tmp_path: Path) -> None:
    path = tmp_path / "stage.csv"
    path.write_text("jongere_id,leerbedrijf_id,begindatum\nJ1,100000001,2024-09-02\n")
    frame = read_canonical(path, OPTIONS).tables["stage"]
    assert frame["stage_id"].to_list() == ["J1-100000001-20240902"]


@given(st.sampled_from(sorted(TABLES)), st.sampled_from([" 2024", "-oost", "(1)", "_2024-11", ""]))
def test_a_header_means_its_column_however_it_is_spaced(name: str, extra: str) -> None:
    for column in TABLES[name].columns:
        spaced = column.name.replace("_", " ").title()
        assert canonical_name(f" {spaced} (uur)") == column.name
    assert canonical_name(name + extra).startswith(name)


@pytest.mark.parametrize(
    ("file_name", "table"),
    [
        ("verzuim 2024.csv", "verzuim"),
        ("Leerwerkplek_eis-oost.csv", "leerwerkplek_eis"),
        ("export.csv", "leerwerkplek_eis"),
    ],
)
def test_the_name_of_the_file_or_else_its_columns_say_the_table(
    tmp_path: Path, file_name: str, table: str
) -> None:
    rows = good_rows(CONTRACTS[table], 1)
    assert list(read_canonical(write_csv(tmp_path / file_name, rows), OPTIONS).tables) == [table]


def test_a_file_that_fits_no_table_is_refused_with_advice(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("a;b\n1;2\n")
    with pytest.raises(FileError) as caught:
        read_canonical(path, OPTIONS)
    assert "--sjabloon" in caught.value.problem


def test_a_required_column_that_is_absent_is_named(tmp_path: Path) -> None:
    path = tmp_path / "verzuim.csv"
    path.write_text("bsn;week\n999990019;08-01-2024\n")
    with pytest.raises(FileError) as caught:
        read_canonical(path, OPTIONS)
    assert "lesuren" in caught.value.problem


def test_a_broken_parquet_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "verzuim.parquet"
    path.write_bytes(b"PAR1 and no more")
    with pytest.raises(FileError):
        read_canonical(path, OPTIONS)
