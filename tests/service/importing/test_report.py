from io import StringIO
from pathlib import Path

import polars as pl
import pytest
from rich.console import Console

from features.contract import Offence, Table
from features.tables import TABLES
from service.importing.mapping import CONTRACTS
from service.importing.parsed import PROBLEMS, no_problems
from service.importing.report import (
    ImportedFile,
    ImportReport,
    conclusion,
    print_report,
    write_problems,
)
from service.importing.sentences import OFFENCES, PATTERNS, REFERENCES, RULES, sentence
from service.storage.merging import MergeCount

FILES = tuple(
    ImportedFile(
        Path(f"{name}.csv"),
        "tabel",
        {"verzuim": 5},
        {"verzuim": MergeCount(2, 1, 2)},
        ("Let wel.",),
    )
    for name in ("een", "twee")
)
ROW = ("een.csv", 3, "[bold]week", "=1+1", "Dit is geen datum.")


def problems(count: int) -> pl.DataFrame:
    return pl.DataFrame([ROW] * count, schema=PROBLEMS, orient="row")


def printed(report: ImportReport) -> str:
    console = Console(file=StringIO(), width=120, color_system=None)
    print_report(report, console)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=lambda table: table.name)
def test_every_rule_pattern_and_reference_of_the_contract_has_a_sentence(contract: Table) -> None:
    for rule in contract.rules:
        assert sentence(contract.name, rule.column, Offence.RULE, rule.meaning).endswith(".")
    for column in contract.columns:
        if column.pattern:
            assert sentence(contract.name, column.name, Offence.PATTERN, column.pattern)
    for reference in contract.references:
        assert "Importeer eerst" in sentence(contract.name, "", Offence.REFERENCE, reference.table)


def test_no_table_has_two_rules_on_one_column_which_would_share_a_sentence() -> None:
    for contract in CONTRACTS.values():
        about = [rule.column for rule in contract.rules]
        assert len(about) == len(set(about))


def test_no_sentence_is_left_over() -> None:
    rules = {(name, rule.column) for name, table in CONTRACTS.items() for rule in table.rules}
    patterns = {column.pattern for table in CONTRACTS.values() for column in table.columns}
    assert set(RULES) == rules
    assert set(PATTERNS) == patterns - {""}
    assert set(REFERENCES) <= set(TABLES)
    assert set(OFFENCES) == set(Offence) - {Offence.RULE, Offence.REFERENCE, Offence.PATTERN}


def test_a_closed_list_is_named_in_full() -> None:
    text = sentence("contact", "kanaal", Offence.NOT_LISTED, "telefoon|brief")
    assert "telefoon, brief" in text


def test_counts_are_summed_over_files() -> None:
    report = ImportReport(FILES, no_problems(), dry_run=False)
    assert report.counts == {"verzuim": MergeCount(4, 2, 4)}
    assert conclusion(report) == "Ingelezen: 6 rijen nieuw of gewijzigd."


def test_bad_rows_are_written_for_a_spreadsheet_that_runs_no_formula(tmp_path: Path) -> None:
    report = ImportReport(FILES, problems(2), dry_run=False)
    path = write_problems(report, tmp_path / "meldingen" / "fouten.csv")
    assert path.read_bytes().startswith(b"\xef\xbb\xbfbestand;regel;kolom;waarde;reden\n")
    assert pl.read_csv(path, separator=";")["waarde"].to_list() == ["'=1+1"] * 2


def test_the_terminal_shows_counts_warnings_and_text_as_it_is() -> None:
    text = printed(ImportReport(FILES, problems(1), dry_run=False, warnings=("brief.docx",)))
    for part in ("Gewijzigd", "Let wel.", "brief.docx", "[bold]week", "Dit is geen datum."):
        assert part in text
    assert "Er is niets ingelezen: 1 fout gevonden." in text


def test_many_bad_rows_are_counted_and_not_all_shown() -> None:
    text = printed(ImportReport((), problems(100), dry_run=False))
    assert text.count("Dit is geen datum.") == 20
    assert "en nog 80 fouten" in text


def test_a_dry_run_and_a_skipped_file_are_said() -> None:
    skipped = ImportedFile(Path("oud.csv"), "", {}, {}, (), skipped=True)
    text = printed(ImportReport((skipped,), no_problems(), dry_run=True))
    assert "oud.csv: al ingelezen, overgeslagen." in text
    assert "er is niets opgeslagen" in text
