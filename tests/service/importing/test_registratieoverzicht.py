"""The Registratieoverzicht: four layouts, the same rows; what is wrong is named."""

import gzip
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from features.contract import check_table
from features.tables import TABLES
from service.errors import FileError
from service.importing.parsed import LINE, ParsedFile
from service.importing.pseudonym import pseudonym
from service.importing.registratieoverzicht import (
    is_registratieoverzicht,
    read_registratieoverzicht,
)
from tests.service.importing.ro_layouts import LAYOUTS, PADDED, PIPES, Layout, Record, render

KEY = b"k" * 32
GOLDEN = Path(__file__).parents[2] / "golden"
SAMPLES = Path(__file__).parents[3] / ".." / "shared" / "data" / "duo-registratieoverzicht"
NAMES = ("ro_pipe.csv", "ro_padded.csv", "ro_totals_first.csv")
AMBER, BILAL, CHRIS = (pseudonym(n, KEY) for n in ("999990007", "999990019", "109990001"))
MADE = date(2026, 3, 25)


def read(path: Path, *, allow_masked: bool = False, brin: str | None = None) -> ParsedFile:
    return read_registratieoverzicht(path, key=KEY, allow_masked=allow_masked, brin=brin)


def parse(
    tmp_path: Path, content: bytes, name: str = "RO_00AA_20240801_20260324.csv"
) -> ParsedFile:
    path = tmp_path / name
    path.write_bytes(content)
    return read(path)


def assert_same_tables(one: ParsedFile, other: ParsedFile) -> None:
    assert set(one.tables) == set(other.tables)
    for name, table in one.tables.items():
        key = list(TABLES[name].key)
        assert_frame_equal(
            table.drop(LINE).sort(key), other.tables[name].drop(LINE).sort(key), check_exact=True
        )


def rows_of(
    parsed: ParsedFile, table: str, jongere_id: str, *columns: str
) -> list[tuple[object, ...]]:
    frame = parsed.tables[table].filter(pl.col("jongere_id") == jongere_id)
    return frame.sort(LINE).select(columns).rows()


@pytest.fixture(scope="module")
def golden() -> ParsedFile:
    return read(GOLDEN / NAMES[0])


@pytest.mark.parametrize("name", NAMES)
def test_each_layout_is_read_without_a_problem(name: str) -> None:
    parsed = read(GOLDEN / name)
    assert parsed.problems.is_empty()
    assert parsed.warnings == ()


@pytest.mark.parametrize("name", NAMES[1:])
def test_the_same_facts_in_another_layout_end_in_the_same_rows(
    golden: ParsedFile, name: str
) -> None:
    assert_same_tables(golden, read(GOLDEN / name))


@pytest.mark.parametrize("table", ["jongere", "inschrijving", "diploma", "stage"])
def test_every_table_satisfies_its_contract(golden: ParsedFile, table: str) -> None:
    check_table(golden.tables[table].drop(LINE), TABLES[table], references=golden.tables)
    assert golden.tables[table].height > 0


def test_a_segment_ends_the_day_before_the_next_one_and_the_last_with_the_enrolment(
    golden: ParsedFile,
) -> None:
    columns = ("leerweg", "begindatum", "einddatum", "reden_uitschrijving", "onderwijssoort")
    assert rows_of(golden, "inschrijving", AMBER, *columns) == [
        ("BOL", date(2023, 8, 1), date(2024, 9, 30), None, "entree"),
        ("BBL", date(2024, 10, 1), date(2025, 2, 14), "04", "entree"),
    ]


def test_an_end_is_known_late_and_a_change_at_once(golden: ParsedFile) -> None:
    assert rows_of(golden, "inschrijving", AMBER, "bekend_op", "einde_bekend_op") == [
        (date(2023, 8, 1), date(2024, 10, 1)),
        (date(2024, 10, 1), date(2025, 2, 14) + timedelta(days=75)),
    ]


def test_nothing_is_known_later_than_the_date_of_the_file(golden: ParsedFile) -> None:
    known = rows_of(golden, "inschrijving", CHRIS, "einddatum", "einde_bekend_op")
    assert known == [(date(2025, 12, 15), date(2026, 2, 28))]
    for table in ("inschrijving", "stage", "diploma"):
        latest = golden.tables[table].select(pl.max_horizontal(pl.col("^.*bekend_op$")).max())
        assert latest.item() <= MADE


def test_the_niveau_comes_from_the_record_or_else_from_the_facts(golden: ParsedFile) -> None:
    columns = ("opleidingcode", "niveau", "onderwijssoort")
    assert rows_of(golden, "inschrijving", BILAL, *columns) == [
        ("23301", 1, "entree"),
        ("25697", 4, "mbo-4"),
    ]


def test_the_month_of_birth_is_kept_and_an_unknown_month_counts_as_july(golden: ParsedFile) -> None:
    born = golden.tables["jongere"]["geboortedatum"].to_list()
    assert born == [date(2006, 10, 1), date(2005, 3, 1), date(2004, 7, 1)]


def test_a_diploma_has_a_niveau_and_a_certificate_has_none(golden: ParsedFile) -> None:
    columns = ("diploma_id", "soort", "niveau", "datum", "bekend_op")
    day = date(2024, 7, 5)
    assert rows_of(golden, "diploma", BILAL, *columns) == [("00AA-8286771", "diploma", 1, day, day)]
    day = date(2025, 12, 15)
    assert rows_of(golden, "diploma", CHRIS, *columns) == [
        ("00AA-1452101", "mbo-certificaat", None, day, day)
    ]


def test_a_stage_has_the_id_that_a_stage_list_of_the_school_would_give_it(
    golden: ParsedFile,
) -> None:
    ids = [row[0] for row in rows_of(golden, "stage", AMBER, "stage_id")]
    assert ids == [f"{AMBER}-100000001-20231204", f"{AMBER}-100000002-20241001"]


def test_the_hours_a_week_are_the_omvang_over_the_planned_weeks(golden: ParsedFile) -> None:
    assert rows_of(golden, "stage", AMBER, "uren_per_week")[0] == (pytest.approx(400 / 20),)


def test_a_stage_is_known_on_its_afsluitdatum(golden: ParsedFile) -> None:
    assert rows_of(golden, "stage", AMBER, "bekend_op", "einde_bekend_op")[0] == (
        date(2023, 11, 28),
        date(2024, 2, 9) + timedelta(days=75),
    )


def test_geslacht_and_numbers_are_in_no_table(golden: ParsedFile) -> None:
    for table in golden.tables.values():
        assert "geslacht" not in table.columns
        text = table.write_csv()
        assert not any(n in text for n in ("999990007", "999990019", "109990001"))


def test_grondslag_ends_in_the_same_enrolments_without_a_date_of_birth(golden: ParsedFile) -> None:
    parsed = read(GOLDEN / "grondslag.csv", allow_masked=True)
    assert parsed.warnings == ()
    assert parsed.tables["jongere"]["geboortedatum"].null_count() == 3
    assert parsed.tables["jongere"]["postcode4"].to_list() == ["7101", None, "7141"]
    without = ["jongere_id", "stage_id", "opleidingcode", LINE]
    for table in ("inschrijving", "stage", "diploma"):
        kept = golden.tables[table].sort(LINE).drop(without, strict=False)
        assert_frame_equal(parsed.tables[table].sort(LINE).drop(without, strict=False), kept)


def test_masked_numbers_are_refused_unless_allowed() -> None:
    problems = read(GOLDEN / "grondslag.csv").problems
    assert problems["regel"].to_list() == [2, 9, 16]
    assert problems["waarde"].to_list() == ["**N1", "**N2", "**N3"]


def test_a_number_that_fails_the_elfproef_is_named_once_and_hidden(tmp_path: Path) -> None:
    content = (GOLDEN / NAMES[0]).read_bytes().replace(b"999990019", b"999990018")
    parsed = parse(tmp_path, content)
    assert parsed.problems.select("regel", "kolom", "waarde").rows() == [
        (10, "bsn of onderwijsnummer", "*******18")
    ]
    assert parsed.tables["jongere"].height == 2


def test_a_number_that_lost_its_leading_zero_is_the_same_person(tmp_path: Path) -> None:
    content = (GOLDEN / NAMES[1]).read_bytes()
    whole = parse(tmp_path, content.replace(b"999990019", b"012345611"))
    short = parse(tmp_path, content.replace(b"999990019", b"12345611"))
    assert_same_tables(whole, short)


@pytest.mark.parametrize(
    ("line", "old", "new", "column"),
    [
        (3, "2023-08-01", "2023-13-01", "datum inschrijving"),
        (4, "2023-08-01", "", "datum begin"),
        (8, "|400|", "|veel|", "omvang"),
        (12, "MBO-1", "MBO-9", "niveau"),
        (10, "2005-03-00", "2005-19-00", "geboortedatum"),
    ],
)
def test_a_bad_cell_is_named_with_line_column_and_value(
    tmp_path: Path, line: int, old: str, new: str, column: str
) -> None:
    lines = (GOLDEN / NAMES[0]).read_text().splitlines()
    lines[line - 1] = lines[line - 1].replace(old, new, 1)
    parsed = parse(tmp_path, "\r\n".join(lines).encode())
    place = parsed.problems.select("bestand", "regel", "kolom", "waarde").row(0)
    assert place == (parsed.path.name, line, column, new.strip("|") or None)
    assert parsed.problems.height == 1


def test_a_line_cut_off_in_the_middle_is_named(tmp_path: Path) -> None:
    content = (GOLDEN / NAMES[0]).read_bytes()
    cut = content[: content.index(b"|100000003|") - 30]
    parsed = parse(tmp_path, cut)
    assert parsed.problems["regel"].unique().to_list() == [22]
    assert "leerbedrijf-ID" in parsed.problems["kolom"]
    assert "SLR" in parsed.warnings[0]


def test_a_record_type_that_does_not_exist_is_named(tmp_path: Path) -> None:
    content = (GOLDEN / NAMES[0]).read_bytes() + b"IS"
    assert parse(tmp_path, content).problems.select("regel", "kolom", "waarde").rows() == [
        (25, "recordsoort", "IS")
    ]


def test_totals_that_differ_are_counted_in_a_warning(tmp_path: Path) -> None:
    lines = (GOLDEN / NAMES[0]).read_bytes().splitlines(keepends=True)
    (warning,) = parse(tmp_path, b"".join(lines[:7] + lines[8:])).warnings
    assert "BPV: 4 volgens SLR, 3 geteld" in warning
    assert "ISG" not in warning


def test_an_enrolment_without_a_period_is_a_bad_row(tmp_path: Path) -> None:
    lines = (GOLDEN / NAMES[0]).read_bytes().splitlines(keepends=True)
    parsed = parse(tmp_path, b"".join(lines[:11] + lines[12:]))
    assert parsed.problems.select("regel", "kolom", "waarde").rows() == [
        (11, "inschrijvingvolgnummer", "1")
    ]


def test_a_stage_that_ended_before_it_began_never_started(tmp_path: Path) -> None:
    content = (GOLDEN / NAMES[0]).read_bytes().replace(b"2024-02-09|400", b"2023-11-30|400")
    parsed = parse(tmp_path, content)
    columns = ("begindatum", "einddatum", "reden_einde")
    assert rows_of(parsed, "stage", AMBER, *columns)[0] == (
        date(2023, 12, 4),
        date(2023, 12, 4),
        "niet gestart",
    )
    assert "niet gestart" in parsed.warnings[0]


def test_hours_that_no_week_holds_are_left_out_with_a_warning(tmp_path: Path) -> None:
    content = (GOLDEN / NAMES[0]).read_bytes().replace(b"|400|", b"|40000|")
    parsed = parse(tmp_path, content)
    assert rows_of(parsed, "stage", AMBER, "uren_per_week")[0] == (None,)
    assert parsed.warnings[0].endswith(": 1.")


def test_a_stage_that_is_there_twice_is_merged_with_a_warning(tmp_path: Path) -> None:
    lines = (GOLDEN / NAMES[0]).read_bytes().splitlines(keepends=True)
    content = b"".join(lines[:8] + lines[7:]).replace(b"|4|1|0|1|1|1", b"|5|1|0|1|1|1")
    parsed = parse(tmp_path, content)
    assert len(rows_of(parsed, "stage", AMBER, "stage_id")) == 2
    assert any("stage (BPV) samengevoegd: 1" in warning for warning in parsed.warnings)


def test_an_unknown_crebo_gives_mbo_without_niveau(tmp_path: Path) -> None:
    content = (GOLDEN / NAMES[0]).read_bytes().replace(b"25697", b"29999")
    parsed = parse(tmp_path, content)
    assert rows_of(parsed, "inschrijving", BILAL, "onderwijssoort", "niveau")[1] == ("mbo", None)
    assert "29999" in parsed.warnings[0]


def test_a_period_planned_for_after_the_end_of_the_enrolment_does_not_count(
    tmp_path: Path,
) -> None:
    content = (GOLDEN / NAMES[0]).read_bytes().replace(b"|2024-10-01|25748", b"|2025-08-01|25748")
    parsed = parse(tmp_path, content)
    columns = ("leerweg", "begindatum", "einddatum", "reden_uitschrijving")
    assert rows_of(parsed, "inschrijving", AMBER, *columns) == [
        ("BOL", date(2023, 8, 1), date(2025, 2, 14), "04")
    ]
    assert parsed.warnings[0].endswith("die niet meetellen: 1.")


def test_two_periods_from_the_same_day_are_one_and_the_last_counts(tmp_path: Path) -> None:
    content = (GOLDEN / NAMES[0]).read_bytes().replace(b"|2024-10-01|25748", b"|2024-08-01|25748")
    parsed = parse(tmp_path, content)
    columns = ("leerweg", "begindatum", "einddatum")
    assert rows_of(parsed, "inschrijving", AMBER, *columns) == [
        ("BOL", date(2023, 8, 1), date(2024, 7, 31)),
        ("BBL", date(2024, 8, 1), date(2025, 2, 14)),
    ]
    assert "een periode (ISP) samengevoegd: 1" in parsed.warnings[0]


def test_a_code_of_four_digits_is_vavo(tmp_path: Path) -> None:
    content = (GOLDEN / NAMES[0]).read_bytes().replace(b"25697", b"5121")
    parsed = parse(tmp_path, content)
    columns = ("onderwijssoort", "niveau", "opleidingcode")
    assert rows_of(parsed, "inschrijving", BILAL, *columns)[1] == ("vavo", None, None)


def test_the_brin_comes_from_the_argument_the_vlp_or_the_name(tmp_path: Path) -> None:
    bare = b"".join((GOLDEN / NAMES[0]).read_bytes().splitlines(keepends=True)[1:])
    path = tmp_path / "overzicht.csv"
    path.write_bytes(bare)
    with pytest.raises(FileError, match="instelling"):
        read(path)
    assert read(path, brin="11BB").tables["inschrijving"]["instelling"][0] == "11BB"
    named = parse(tmp_path, bare, "RO_22CC_20240801_20260324.csv").tables["inschrijving"]
    assert named["instelling"].unique().to_list() == ["22CC"]


def test_without_vlp_the_newest_date_in_the_name_is_the_date_of_the_file(tmp_path: Path) -> None:
    bare = b"".join((GOLDEN / NAMES[0]).read_bytes().splitlines(keepends=True)[1:])
    parsed = parse(tmp_path, bare, "RO_00AA_20240801_20251231.csv")
    assert rows_of(parsed, "inschrijving", CHRIS, "einde_bekend_op") == [(date(2025, 12, 31),)]
    unnamed = parse(tmp_path, bare, "RO_00AA.csv")
    assert rows_of(unnamed, "inschrijving", CHRIS, "einde_bekend_op") == [(date(2025, 12, 15),)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "leeg"),
        (b"\r\n  \r\n", "leeg"),
        (b"PK\x03\x04\x14\x00\x06\x00", "geen tekstbestand"),
        (b"\xff\xfeP\x00E\x00R\x00", "geen tekstbestand"),
        (b"week;uren\r\n2024-01-01;3\r\n", "geen registratieoverzicht"),
        (b"PER;\x81\x8d\xff;x\r\n", "niet te lezen"),
    ],
)
def test_a_file_of_another_kind_is_refused_as_a_whole(
    tmp_path: Path, content: bytes, words: str
) -> None:
    with pytest.raises(FileError, match=words):
        parse(tmp_path, content)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError):
        read(tmp_path / "weg.csv")
    assert not is_registratieoverzicht(tmp_path / "weg.csv")


@pytest.mark.parametrize("name", [*NAMES, "grondslag.csv"])
def test_it_is_recognised_by_its_content(tmp_path: Path, name: str) -> None:
    path = tmp_path / "iets.txt"
    path.write_bytes((GOLDEN / name).read_bytes())
    assert is_registratieoverzicht(path)


def test_another_table_is_not_recognised(tmp_path: Path) -> None:
    path = tmp_path / "RO_00AA_20240801_20260324.csv"
    path.write_bytes(b"PERSOON;ISG\r\n1;2\r\n")
    assert not is_registratieoverzicht(path)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_other_encodings_and_gzip_give_the_same_rows(
    tmp_path: Path, golden: ParsedFile, encoding: str
) -> None:
    text = (GOLDEN / NAMES[0]).read_text().replace("|MBO|51|MBO", "|MBO|51|é")
    packed = gzip.compress(text.encode(encoding))
    assert_same_tables(golden, parse(tmp_path, packed, "RO_00AA_20240801_20260324.csv.gz"))


DAYS = st.dates(date(2018, 1, 1), date(2026, 3, 1)).map(str)
CREBOS = st.sampled_from(["25748", "25960", "23301", "29999"])


@st.composite
def records_of(draw: st.DrawFn, number: str) -> list[Record]:
    """The records of one jongere, such as a school could have sent them."""
    begin = draw(DAYS)
    ended = draw(st.booleans())
    end = str(date.fromisoformat(begin) + timedelta(days=draw(st.integers(200, 900))))
    day = draw(st.sampled_from(["00", "17"]))
    reden = draw(st.sampled_from(["01", "08", "10"]))
    who = (number, "")
    records: list[Record] = [
        ("PER", *who, f"{draw(st.integers(1995, 2010))}-{draw(st.integers(1, 12)):02}-{day}", "V"),
        ("ISG", *who, "C1", begin, "2028-07-31", end if ended else "", reden if ended else ""),
    ]
    for days in [*sorted(draw(st.sets(st.integers(1, 199), max_size=3))), 0]:
        start = str(date.fromisoformat(begin) + timedelta(days=days))
        leerweg = draw(st.sampled_from(["BOL", "BBL"]))
        records.append(("ISP", *who, "C1", start, draw(CREBOS), leerweg, "", "J", "", "1", "2"))
    for number_of_stage in range(draw(st.integers(0, 2))):
        start = draw(DAYS)
        planned = str(date.fromisoformat(start) + timedelta(days=100))
        omvang, leerbedrijf = str(draw(st.integers(1, 900))), f"10000000{number_of_stage}"
        records.append(
            ("BPV", *who, "C1", "C1", start, start, planned, "", omvang, leerbedrijf, "", "")
        )
    if draw(st.booleans()):
        records.append(("DIP", *who, number[-4:], draw(CREBOS), end, "", "J", "C1", "100A498"))
    return records


@given(
    one=records_of("999990007"),
    other=records_of("999990020"),
    layout=st.builds(
        Layout,
        separator=st.sampled_from(["|", ";"]),
        date_style=st.sampled_from(["ccyy-mm-dd", "d-m-yyyy", "ccyymmdd"]),
        width=st.sampled_from([0, 13, 16]),
        leading_zeros=st.booleans(),
        vlp=st.sampled_from(["first", "last"]),
        slr=st.sampled_from(["first", "last"]),
        newline=st.sampled_from(["\n", "\r\n"]),
        bom=st.booleans(),
    ),
)
def test_any_facts_in_any_layout_end_in_the_same_rows(
    tmp_path: Path, one: list[Record], other: list[Record], layout: Layout
) -> None:
    plain = parse(tmp_path, render(one + other, PIPES))
    shown = parse(tmp_path, render(other + one, layout))
    assert plain.problems.is_empty()
    assert shown.problems.is_empty()
    assert_same_tables(plain, shown)


@given(records=records_of("999990007"))
def test_the_segments_of_an_enrolment_follow_each_other_without_gap_or_overlap(
    tmp_path: Path, records: list[Record]
) -> None:
    rows = parse(tmp_path, render(records, PADDED)).tables["inschrijving"].sort("begindatum")
    following = rows["begindatum"].slice(1)
    assert (rows["einddatum"].head(-1) + timedelta(days=1)).equals(following, check_names=False)
    assert rows["reden_uitschrijving"].head(-1).null_count() == rows.height - 1


@given(share=st.floats(0, 1, exclude_max=True), name=st.sampled_from(NAMES[:2]))
def test_a_file_that_was_cut_off_never_passes_in_silence(
    tmp_path: Path, share: float, name: str
) -> None:
    content = (GOLDEN / name).read_bytes().rstrip(b"\r\n;")
    try:
        parsed = parse(tmp_path, content[: int(share * len(content))])
    except FileError:
        return
    assert parsed.warnings or parsed.problems.height


def test_each_of_37_bad_rows_among_many_is_named(tmp_path: Path) -> None:
    numbers = (f"BSN{place}" for place in range(5000))
    records: list[Record] = []
    for place, number in enumerate(numbers):
        day = "2023-08-32" if place % 136 == 100 else "2023-08-01"
        records += [
            ("PER", number, "", "2006-10-15", "V"),
            ("ISG", number, "", "C1", day, "2026-07-31", "", ""),
            ("ISP", number, "", "C1", "2023-08-01", "25748", "BOL", "", "J", "", "1", "2"),
        ]
    path = tmp_path / "RO_00AA.csv"
    path.write_bytes(render(records, PIPES))
    problems = read(path, allow_masked=True).problems
    expected = [2 + 3 * place + 1 for place in range(5000) if place % 136 == 100]
    assert problems["regel"].to_list() == expected
    assert len(expected) == 37
    assert problems["waarde"].unique().to_list() == ["2023-08-32"]


def test_layouts_differ_in_bytes() -> None:
    records = [("PER", "999990007", "", "2006-10-15", "V")]
    assert len({render(records, layout) for layout in LAYOUTS}) == len(LAYOUTS)


@pytest.mark.skipif(not SAMPLES.exists(), reason="the real samples are not on this machine")
@pytest.mark.parametrize(
    ("name", "inschrijvingen", "stages", "diplomas"),
    [
        ("RO_27DV_20240731_20260324.csv", 13, 17, 4),
        ("RO_25LX_20250101_20251231.csv", 3, 2, 2),
        ("RO_21CY_20250730_20250731.csv", 4, 11, 2),
        ("GRONDSLAG_IP_MBO_27DV_20251119_2025.csv", 12, 21, 2),
    ],
)
def test_a_real_sample_is_read_whole(
    name: str, inschrijvingen: int, stages: int, diplomas: int
) -> None:
    parsed = read(SAMPLES / name, allow_masked=True)
    assert is_registratieoverzicht(SAMPLES / name)
    assert parsed.problems.is_empty()
    heights = {table: frame.height for table, frame in parsed.tables.items()}
    del heights["jongere"]
    assert heights == {"inschrijving": inschrijvingen, "stage": stages, "diploma": diplomas}
    for table, frame in parsed.tables.items():
        check_table(frame.drop(LINE), TABLES[table], references=parsed.tables)
    assert "SLR" in parsed.warnings[0]
