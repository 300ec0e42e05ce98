import gzip
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from shutil import copy

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from features.tables import TABLES
from service.importing import run
from service.importing.report import ImportReport
from service.importing.run import ImportOptions, import_paths
from service.storage.canonical import CanonicalRepository
from service.storage.engine import open_engine, unit_of_work
from service.storage.identiteit import IdentiteitRepository
from service.storage.importrun import ImportRepository
from service.storage.merging import MergeCount
from service.storage.migrate import migrate
from tests.service.importing.tabular_files import KEY, MONDAY, all_tables, bsns, write_csv

GOLDEN = Path(__file__).parents[2] / "golden"
HEADER = "bsn;week;lesuren;uren geoorloofd;uren ongeoorloofd\n"
PERSON = "999990019"


def sqlite(path: Path) -> Engine:
    return open_engine(f"sqlite:///{path.as_posix()}", synchronous="OFF")


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated store without rows, to copy."""
    path = tmp_path_factory.mktemp("blank") / "store.db"
    engine = sqlite(path)
    migrate(engine)
    engine.dispose()
    return path


@pytest.fixture
def engine(blank: Path, tmp_path: Path) -> Iterator[Engine]:
    engine = sqlite(Path(copy(blank, tmp_path)))
    yield engine
    engine.dispose()


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


def do_import(engine: Engine, *paths: Path, **options: object) -> ImportReport:
    how = ImportOptions(**options)  # type: ignore[arg-type]  # tests give fields of the options
    return import_paths(paths, engine=engine, key=KEY, options=how)


def stored(engine: Engine, name: str) -> pl.DataFrame:
    with unit_of_work(engine, read_only=True) as session:
        return CanonicalRepository(session).read(name)


def is_empty(engine: Engine) -> bool:
    with unit_of_work(engine, read_only=True) as session:
        rows = CanonicalRepository(session).read_all().values()
        return not any(frame.height for frame in rows) and not ImportRepository(session).list()


def jongeren(folder: Path, numbers: list[str]) -> Path:
    return write_csv(folder / "jongere.csv", [{"bsn": number} for number in numbers])


def test_all_tables_come_in_at_once_whatever_the_order_of_the_files(
    engine: Engine, inbox: Path
) -> None:
    report = do_import(engine, *reversed(all_tables(inbox)))
    assert report.problems.rows() == []
    assert report.counts == dict.fromkeys((*TABLES, "identiteit"), MergeCount(3, 0, 0))
    assert {stored(engine, name).height for name in TABLES} == {3}
    ids = stored(engine, "jongere")["jongere_id"].to_list()
    with unit_of_work(engine, read_only=True) as session:
        assert set(IdentiteitRepository(session).names(ids)) == set(ids)


def test_thirty_seven_bad_rows_of_200_000_are_all_named_and_nothing_is_written(
    engine: Engine, inbox: Path
) -> None:
    weeks = pl.Series([f"{MONDAY + timedelta(days=7 * week):%d-%m-%Y}" for week in range(200)])
    numbers = bsns(1000)
    frame = pl.DataFrame({"bsn": numbers}).join(weeks.to_frame("week"), how="cross")
    frame = frame.with_columns(
        pl.lit("28").alias("lesuren"), pl.lit("2,5").alias("uren geoorloofd"),
        pl.lit("3").alias("uren ongeoorloofd"),
    )  # fmt: skip
    spoil = [
        ("bsn", "999990018"),
        ("week", "32-01-2024"),
        ("lesuren", "veel"),
        ("uren geoorloofd", "90"),
        ("uren ongeoorloofd", ""),
    ]
    bad = {5_000 * (at + 1) + at: spoil[at % len(spoil)] for at in range(37)}
    for column in frame.columns:
        spoiled = [row for row, (name, _) in bad.items() if name == column]
        values = [value for name, value in bad.values() if name == column]
        frame = frame.with_columns(frame[column].scatter(spoiled, values))
    frame.write_csv(inbox / "verzuim.csv", separator=";")
    report = do_import(engine, jongeren(inbox, numbers), inbox / "verzuim.csv")
    named = {(row["regel"], row["kolom"]) for row in report.problems.iter_rows(named=True)}
    expected = {(row + 2, name) for row, (name, _) in bad.items()}
    assert expected <= named
    assert {line for line, _ in named} == {row + 2 for row in bad}
    assert report.problems["reden"].null_count() == 0
    assert report.problems["bestand"].unique().to_list() == ["verzuim.csv"]
    assert is_empty(engine)


def test_the_same_file_is_skipped_and_the_same_rows_elsewhere_change_nothing(
    engine: Engine, inbox: Path, tmp_path: Path
) -> None:
    paths = all_tables(inbox)
    do_import(engine, *paths)
    again = do_import(engine, inbox)
    assert all(file.skipped for file in again.files)
    other = tmp_path / "kopie"
    other.mkdir()
    for path in paths:
        header, *lines = path.read_text().splitlines()
        copied = "\n".join([header, *reversed(lines)])
        (other / f"{path.stem} kopie.csv").write_text(copied + "\n")
    report = do_import(engine, other)
    assert report.problems.rows() == []
    assert set(report.counts.values()) == {MergeCount(0, 0, 3)}


def test_a_file_given_twice_in_one_import_counts_once(engine: Engine, inbox: Path) -> None:
    path = jongeren(inbox, [PERSON])
    copy = inbox / "jongere kopie.csv"
    copy.write_bytes(path.read_bytes())
    report = do_import(engine, path, path, copy)
    assert [file.skipped for file in report.files] == [False, True]
    assert report.counts == {"jongere": MergeCount(1, 0, 0)}


def test_another_mapping_makes_another_file_of_the_same_bytes(engine: Engine, inbox: Path) -> None:
    path = inbox / "lijst.csv"
    path.write_text("nr;plaats\n999990019;Borculo\n")
    mapping = inbox / "mapping.toml"
    text = '[[tabel]]\nnaam = "jongere"\nbestand = "*"\n[tabel.kolommen]\nnr = "bsn"\nplaats = '
    mapping.write_text(text + '"woonplaats"\n')
    do_import(engine, path)
    assert do_import(engine, path).files[0].skipped
    mapping.write_text(text + '"gemeente"\n')
    report = do_import(engine, path, mapping=mapping)
    assert report.counts == {"jongere": MergeCount(0, 1, 0)}
    assert stored(engine, "jongere")["gemeente"].to_list() == ["Borculo"]


def test_a_dry_run_counts_and_writes_nothing(engine: Engine, inbox: Path) -> None:
    paths = all_tables(inbox)
    report = do_import(engine, *paths, dry_run=True)
    assert report.dry_run
    assert report.counts["verzuim"] == MergeCount(3, 0, 0)
    assert is_empty(engine)
    assert do_import(engine, *paths).counts == report.counts


@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt])
def test_a_stop_in_the_middle_of_the_transaction_leaves_nothing(
    engine: Engine, inbox: Path, monkeypatch: pytest.MonkeyPatch, failure: type[BaseException]
) -> None:
    all_tables(inbox)
    merge = CanonicalRepository.merge

    def stop(
        self: CanonicalRepository, name: str, frame: pl.DataFrame, import_id: int
    ) -> MergeCount:
        if name == "contact":
            raise failure
        return merge(self, name, frame, import_id)

    monkeypatch.setattr(CanonicalRepository, "merge", stop)
    with pytest.raises(failure):
        do_import(engine, inbox)
    monkeypatch.undo()
    assert is_empty(engine)
    assert do_import(engine, inbox).succeeded


def test_an_unknown_jongere_is_a_bad_row_that_says_what_to_import_first(
    engine: Engine, inbox: Path
) -> None:
    path = inbox / "verzuim.csv"
    path.write_text(HEADER + f"{PERSON};08-01-2024;28;2;3\n")
    report = do_import(engine, path)
    assert report.problems.select("regel", "kolom").rows() == [(2, "bsn")]
    assert "Importeer eerst" in report.problems["reden"][0]
    assert is_empty(engine)
    do_import(engine, jongeren(inbox, [PERSON]))
    assert do_import(engine, path).succeeded


def test_bad_rows_and_unreadable_files_are_reported_together(engine: Engine, inbox: Path) -> None:
    (inbox / "verzuim.csv").write_text(HEADER + f"{PERSON};gisteren;28;2;3\n")
    (inbox / "resultaat.csv").write_bytes(b"PK\x03\x04 een Excel-bestand")
    (inbox / "contact.csv").write_text("")
    jongeren(inbox, [PERSON])
    report = do_import(engine, inbox, inbox / "weg.csv")
    named = set(report.problems["bestand"])
    assert named == {"verzuim.csv", "resultaat.csv", "contact.csv", "weg.csv"}
    assert is_empty(engine)


def test_a_rule_between_columns_is_reported_in_the_words_of_the_file(
    engine: Engine, inbox: Path
) -> None:
    (inbox / "lijst.csv").write_text("Nr,Wk,L,G,O\n999990019,2024-W02,10,8,8\n")
    (inbox / "mapping.toml").write_text(
        '[[tabel]]\nnaam="verzuim"\nbestand="lijst.csv"\n[tabel.kolommen]\nNr="bsn"\nWk="week"\n'
        'L="lesuren"\nG="uren_geoorloofd"\nO="uren_ongeoorloofd"\n'
    )
    jongeren(inbox, [PERSON])
    problems = do_import(engine, inbox).problems
    assert problems.select("bestand", "regel", "kolom").rows() == [("lijst.csv", 2, "O")]
    assert "meer verzuim" in problems["reden"][0]


def test_a_row_that_stands_twice_is_taken_once_but_not_when_it_differs(
    engine: Engine, inbox: Path
) -> None:
    jongeren(inbox, [PERSON])
    path = inbox / "verzuim.csv"
    row = f"{PERSON};08-01-2024;28;2;3\n"
    path.write_text(HEADER + row + row)
    report = do_import(engine, inbox, dry_run=True)
    assert report.counts["verzuim"] == MergeCount(1, 0, 0)
    assert any("dubbel" in warning for file in report.files for warning in file.warnings)
    path.write_text(HEADER + row + row.replace(";3", ";4"))
    problems = do_import(engine, inbox).problems
    assert problems.select("regel", "kolom").rows() == [(3, "bsn, week")]


def test_a_file_of_a_kind_that_we_do_not_read_is_passed_over_with_a_warning(
    engine: Engine, inbox: Path
) -> None:
    jongeren(inbox, [PERSON])
    (inbox / "brief.docx").write_bytes(b"PK")
    (inbox / "~$jongere.xlsx").write_bytes(b"lock")
    report = do_import(engine, inbox)
    assert report.succeeded
    assert [warning for warning in report.warnings if "brief.docx" in warning]


def test_a_file_of_such_a_kind_that_is_named_itself_is_refused(engine: Engine, inbox: Path) -> None:
    letter = inbox / "brief.docx"
    letter.write_bytes(b"PK")
    assert do_import(engine, letter).problems["bestand"].to_list() == ["brief.docx"]


def test_files_of_duo_are_recognised_packed_or_not(engine: Engine, inbox: Path) -> None:
    content = (GOLDEN / "ro_pipe.csv").read_bytes()
    (inbox / "RO_00AA_20240801_20260324.csv.gz").write_bytes(gzip.compress(content))
    report = do_import(engine, inbox)
    assert report.problems.rows() == []
    assert report.counts["jongere"].new == 3
    (inbox / "RO_00AA_20240801_20260324.csv").write_bytes(content)
    again = do_import(engine, inbox)
    assert all(count.new == count.changed == 0 for count in again.counts.values())


def test_a_mapping_that_fits_no_file_is_said(engine: Engine, inbox: Path) -> None:
    mapping = inbox / "ander.toml"
    mapping.write_text('[[tabel]]\nnaam="jongere"\nbestand="x.csv"\n[tabel.kolommen]\nn="bsn"\n')
    report = do_import(engine, jongeren(inbox, [PERSON]), mapping=mapping)
    assert any("mapping" in warning for warning in report.warnings)


def test_progress_names_each_step_and_ends_it(engine: Engine, inbox: Path) -> None:
    told: list[tuple[str, int, int]] = []
    all_tables(inbox)
    import_paths([inbox], engine=engine, key=KEY, progress=lambda *step: told.append(step))
    for step in (run.READ, run.CHECK, run.STORE):
        counts = [(done, total) for name, done, total in told if name == step]
        assert [done for done, _ in counts] == list(range(counts[-1][1] + 1))


def test_who_imported_what_is_kept(engine: Engine, inbox: Path) -> None:
    do_import(engine, jongeren(inbox, [PERSON]), actor="anna")
    with unit_of_work(engine, read_only=True) as session:
        (kept,) = ImportRepository(session).list()
    assert (kept.actor, kept.bestand) == ("anna", "jongere.csv")
    assert kept.tellingen == {"jongere": MergeCount(1, 0, 0)}


ENROLMENTS = st.lists(
    st.tuples(
        st.sampled_from(["999990019", "111222333"]),
        st.sampled_from([date(2024, 9, 2), date(2024, 10, 7)]),
        st.sampled_from([None, date(2024, 12, 1), date(2025, 2, 1)]),
        st.dates(date(2025, 2, 1), date(2025, 2, 9)),
        st.integers(0, 2),
    ),
    min_size=1,
    max_size=6,
)
Enrolment = tuple[str, date, date | None, date, int]
COLUMNS = "bsn;instelling;onderwijssoort;begindatum;einddatum;bekend op;einde bekend op;bron"


def write_enrolments(folder: Path, rows: list[Enrolment], *, split: bool) -> list[Path]:
    """Write rows to files in which no key stands twice; with `split`, to more files."""
    files: dict[tuple[int, int], list[str]] = {}
    seen: Counter[tuple[object, ...]] = Counter()
    for number, begin, end, known, piece in rows:
        place = (number, begin, piece if split else 0)
        line = f"{number};25LX;entree;{begin};{end or ''};{known};{known if end else ''};x"
        files.setdefault((place[2], seen[place]), []).append(line)
        seen[place] += 1
    paths = []
    for (piece, turn), lines in files.items():
        paths.append(folder / f"inschrijving {piece} {turn}.csv")
        paths[-1].write_text("\n".join([COLUMNS, *lines]) + "\n")
    return paths


@given(rows=ENROLMENTS, chance=st.randoms(use_true_random=False))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_order_and_split_of_files_do_not_matter_for_what_is_stored(
    tmp_path_factory: pytest.TempPathFactory, blank: Path, rows: list[Enrolment], chance: Random
) -> None:
    outcomes = []
    for split in (False, True):
        folder = tmp_path_factory.mktemp("split")
        engine = sqlite(Path(copy(blank, folder)))
        mixed = chance.sample(rows, len(rows)) if split else rows
        paths = [jongeren(folder, [PERSON, "111222333"])]
        paths += write_enrolments(folder, mixed, split=split)
        chance.shuffle(paths)
        assert do_import(engine, *paths).problems.rows() == []
        outcomes.append(stored(engine, "inschrijving"))
        engine.dispose()
    assert outcomes[0].equals(outcomes[1])
