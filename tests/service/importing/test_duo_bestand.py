"""What files of DUO share: dates in three styles, months of birth, numbers that are hidden."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import FileError
from service.importing.duo_bestand import (
    STYLES,
    find_style,
    hide_number,
    parse_date,
    parse_month_of_birth,
    read_head,
    read_text,
)

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


def written(day: date, style: str) -> str:
    """A date as a file has it; a spreadsheet drops the zeros of day and month."""
    return {
        "%Y-%m-%d": day.isoformat(),
        "%d-%m-%Y": f"{day.day}-{day.month}-{day.year}",
        "%Y%m%d": f"{day:%Y%m%d}",
    }[style]


@given(
    days=st.lists(st.tuples(DAYS, st.sampled_from(STYLES)), min_size=1),
    style=st.sampled_from(STYLES),
)
def test_a_date_is_read_in_each_style_whatever_the_style_of_the_file(
    days: list[tuple[date, str]], style: str
) -> None:
    text = pl.Series([written(day, own) for day, own in days])
    assert parse_date(text, style).to_list() == [day for day, _ in days]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    "text", ["2023-13-01", "31-2-2023", "1899-12-31", "1-1-0023", "1-1-23", "20231301", "x", "2023"]
)
def test_what_is_no_date_is_null(text: str, style: str) -> None:
    assert parse_date(pl.Series([text]), style).to_list() == [None]


@given(DAYS, st.sampled_from(STYLES))
def test_a_month_of_birth_is_the_first_day_of_the_month(day: date, style: str) -> None:
    born = parse_month_of_birth(pl.Series([written(day, style)]), "%Y-%m-%d")
    assert born.to_list() == [day.replace(day=1)]


@pytest.mark.parametrize("text", ["2004-00-00", "0-0-2004", "00-00-2004", "20040000"])
def test_an_unknown_month_of_birth_is_july(text: str) -> None:
    assert parse_month_of_birth(pl.Series([text]), "%Y-%m-%d").to_list() == [date(2004, 7, 1)]


@pytest.mark.parametrize("text", ["2004-00-12", "2004-13-00", "0000-00-00", "12-00-2004", "2004"])
def test_what_is_no_date_of_birth_is_null(text: str) -> None:
    assert parse_month_of_birth(pl.Series([text]), "%Y-%m-%d").to_list() == [None]


@pytest.mark.parametrize(
    ("content", "style"),
    [
        (b"PER|1||2004-01-02|V", "%Y-%m-%d"),
        (b"PER;1;;2-1-2004;V", "%d-%m-%Y"),
        (b"VLP;27DV;2025;20251119;V", "%Y%m%d"),
        (b"PER;100018965;x", "%Y-%m-%d"),
    ],
)
def test_the_style_of_a_file_is_that_of_its_first_date(content: bytes, style: str) -> None:
    assert find_style(content) == style


def test_a_hidden_number_shows_two_characters() -> None:
    shown = pl.DataFrame({"n": ["999990018", "12", "1"]}).select(hide_number(pl.col("n")))
    assert shown.to_series().to_list() == ["*******18", "12", "1"]


def test_a_broken_gzip_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "half.csv.gz"
    path.write_bytes(b"\x1f\x8b\x08\x00")
    assert read_head(path) == b""
    with pytest.raises(FileError, match="niet worden geopend"):
        read_text(path)
