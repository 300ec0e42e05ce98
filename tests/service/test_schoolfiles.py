"""The files of a made-up region lead, through the real importers, back to its tables."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from features.synthetic import Region, RegionConfig, generate_region
from features.tables import TABLES
from service.importing.pseudonym import pseudonym
from service.importing.report import ImportReport
from service.importing.run import import_paths
from service.schoolfiles import BRINS, MBO, write_school_files
from service.storage import CanonicalRepository, migrate, open_engine, unit_of_work
from service.storage.identiteit import IdentiteitRepository

KEY = b"k" * 32
CONFIG = RegionConfig(jongeren=200, leerbedrijven=30, leerwerkplekken=90, seed=5)
WORK = ("leerbedrijf", "leerwerkplek", "leerwerkplek_eis", "leerwerkplek_werkproces")
LEFT_OUT = {
    "inschrijving": ("bron", "einde_bekend_op"),
    "stage": ("bron", "einde_bekend_op", "uren_per_week"),
    "competentiemeting": (),
}
"""What a Registratieoverzicht cannot tell as it was: see `write_school_files`."""


@pytest.fixture(scope="module")
def region() -> Region:
    return generate_region(CONFIG)


@pytest.fixture(scope="module")
def files(region: Region, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_school_files(region, tmp_path_factory.mktemp("bestanden"))


@pytest.fixture(scope="module")
def imported(
    files: list[Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[ImportReport, dict[str, pl.DataFrame], pl.DataFrame]]:
    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('opslag') / 'regio.db'}")
    migrate(engine)
    report = import_paths([files[0].parent], engine=engine, key=KEY)
    with unit_of_work(engine, read_only=True) as session:
        tables = CanonicalRepository(session).read_all()
        names = IdentiteitRepository(session).names(tables["jongere"]["jongere_id"].to_list())
    yield report, tables, pl.DataFrame({"jongere_id": list(names), "naam": list(names.values())})
    engine.dispose()


def with_pseudonyms(frame: pl.DataFrame, numbers: pl.DataFrame) -> pl.DataFrame:
    """Return rows of the region under the ids that the importer gives."""
    if "jongere_id" not in frame.columns:
        return frame
    ids = {row[0]: pseudonym(row[1], KEY) for row in numbers.iter_rows()}
    frame = frame.with_columns(pl.col("jongere_id").replace_strict(ids))
    if "stage_id" not in frame.columns:
        return frame
    begin = pl.col("begindatum").dt.strftime("%Y%m%d")
    parts = pl.concat_str("jongere_id", "leerbedrijf_id", begin, separator="-")
    return frame.with_columns(stage_id=parts)


def facts(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """Return the rows in order of their key, without what files cannot carry."""
    return frame.drop(LEFT_OUT.get(name, ("bron",))).sort(TABLES[name].key)


def test_no_row_of_the_files_is_refused(
    imported: tuple[ImportReport, dict[str, pl.DataFrame], pl.DataFrame],
) -> None:
    assert imported[0].problems.to_dicts() == []


@pytest.mark.parametrize("name", [name for name in TABLES if name != "vsv_registratie"])
def test_the_files_lead_back_to_the_table(
    name: str,
    region: Region,
    imported: tuple[ImportReport, dict[str, pl.DataFrame], pl.DataFrame],
) -> None:
    wanted = facts(with_pseudonyms(region.tables[name], region.numbers), name)
    assert_frame_equal(facts(imported[1][name], name), wanted)


def test_hours_of_a_stage_come_back_within_a_tenth_from_whole_hours_in_all(
    region: Region, imported: tuple[ImportReport, dict[str, pl.DataFrame], pl.DataFrame]
) -> None:
    paired = with_pseudonyms(region.tables["stage"], region.numbers).join(
        imported[1]["stage"].select("stage_id", gelezen="uren_per_week"), on="stage_id"
    )
    assert paired.height == region.tables["stage"].height
    assert paired.filter((pl.col("uren_per_week") - pl.col("gelezen")).abs() > 0.1).height == 0


def test_an_end_that_files_tell_is_known_after_it_happened(
    region: Region, imported: tuple[ImportReport, dict[str, pl.DataFrame], pl.DataFrame]
) -> None:
    ends = imported[1]["inschrijving"].drop_nulls("einddatum")
    assert ends.filter(pl.col("einde_bekend_op") <= pl.col("einddatum")).height == 0
    assert ends["einde_bekend_op"].max() <= region.config.peildatum  # type: ignore[operator]  # not empty


def test_names_end_apart_and_one_for_each_jongere(
    region: Region, imported: tuple[ImportReport, dict[str, pl.DataFrame], pl.DataFrame]
) -> None:
    assert imported[2].height == region.config.jongeren
    assert all("naam" not in table.columns for key, table in imported[1].items() if key not in WORK)


def test_each_mbo_school_has_a_registratieoverzicht_in_its_own_layout(files: list[Path]) -> None:
    first = [
        next(path for path in files if path.name.startswith(f"RO_{brin}")).read_text().split()[0]
        for brin in MBO
    ]
    assert [line[:4] for line in first] == ["VLP|", "VLP;", "SLR;"]


def test_a_file_of_one_school_is_windows_1252_with_decimal_commas(files: list[Path]) -> None:
    verzuim = next(path for path in files if path.name == f"verzuim_{BRINS[0]}.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        verzuim.decode()
    assert b";" in verzuim
    assert "Coördinator" in verzuim.decode("cp1252")


def test_the_same_region_writes_the_same_csv_files(region: Region, tmp_path: Path) -> None:
    first = write_school_files(region, tmp_path / "a")
    again = write_school_files(generate_region(CONFIG), tmp_path / "b")
    for one, other in zip(first, again, strict=True):
        if one.suffix == ".csv":
            assert one.read_bytes() == other.read_bytes(), one.name
