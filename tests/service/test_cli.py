"""The commands as an analyst runs them, on one data folder that fills up from test to test."""

import json
import sys
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa

from models.errors import UnregisteredColumnError
from models.store import ModelStore, StoredModel
from models.training import QUICK
from service.cli import INTERRUPTED, STOPPED, main
from service.jobs import model_store, regio_stamp, store
from service.settings import open_settings
from service.storage.audit import AuditRepository
from service.storage.engine import unit_of_work
from service.storage.suggestielog import SuggestielogRepository
from service.storage.suggestielog_tables import SUGGESTIE
from tests.service.promoveren import KEURDER, REDEN, TRAINER, add_analisten, full_training, offer
from tests.service.region import small_region

TOLD = "training.txt"
"""What the training of these tests printed."""


class Shell:
    """Runs `vangnet` in this process, on a data folder of its own."""

    def __init__(self, data: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.data = data
        self._capture = capture

    def run(self, *words: str | Path) -> tuple[int, str]:
        """Return the exit code and everything that was printed."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "argv", ["vangnet", "--data", str(self.data), *map(str, words)])
            # how often a model is tested is a matter of tests/models; here it would only take time
            patch.setattr("models.training.THOROUGH", QUICK)
            with pytest.raises(SystemExit) as stop:
                main()
        printed = self._capture.readouterr()
        return int(stop.value.code or 0), " ".join((printed.out + printed.err).split())


@pytest.fixture(scope="module")
def canonical(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("canoniek")
    for name, frame in small_region().tables.items():
        frame.write_parquet(folder / f"{name}.parquet")
    return folder


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("regio")


@pytest.fixture
def shell(data: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(data, capsys)


@pytest.fixture
def empty_shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(tmp_path, capsys)


@pytest.fixture
def trained(shell: Shell, canonical: Path) -> Shell:
    """Return a shell on a region that was imported and trained; the work is done once."""
    if not shell.data.joinpath("modellen").exists():
        assert shell.run("import", canonical)[0] == 0
        settings = open_settings(shell.data)
        with store(settings) as engine, unit_of_work(engine) as session:
            add_analisten(session)
        train_and_promote(shell)
    return shell


def train_and_promote(shell: Shell) -> None:
    """Train as one analyst; approve as another."""
    code, printed = shell.run("train", "--door", TRAINER)
    assert code == 0, printed
    (shell.data / TOLD).write_text(printed, encoding="utf-8")
    for model in ("uitvalrisico", "plaatsing", "werkproces"):
        for newest in model_store(open_settings(shell.data)).versions(model)[-1:]:
            promoted = shell.run("promote", model, newest, "--door", KEURDER, "--reden", REDEN)
            assert promoted[0] == 0, promoted


def test_training_tells_how_good_each_model_is_beside_the_rule(trained: Shell) -> None:
    printed = (trained.data / TOLD).read_text(encoding="utf-8")

    assert "uitvalrisico versie 1: AUC" in printed
    assert "plaatsing versie 1: AUC" in printed
    assert "de eenvoudige regel" in printed


def test_every_person_who_is_trained_on_or_scored_has_a_record_of_processing(
    trained: Shell,
) -> None:
    jongeren = set(small_region().tables["jongere"]["jongere_id"])
    out = trained.data / "verwerkt.csv"
    assert trained.run("score", "--out", out)[0] == 0
    counts = {"vangnet train": len(jongeren), "vangnet score": pl.read_csv(out).height}
    with (
        store(open_settings(trained.data)) as engine,
        unit_of_work(engine, read_only=True) as session,
    ):
        records = list(AuditRepository(session).verwerkingen())
    for name, people in counts.items():
        whole = [one for one in records if one.name == name and one.parent_operation_id is None]
        parts = [one for one in records if one.parent_operation_id == whole[-1].operation_id]
        assert whole[-1].data_subject_id is None
        assert len({one.data_subject_id for one in parts}) == len(parts) == people
        assert all(one.processing_activity_id.endswith(":verwerken") for one in parts)


def test_an_inzage_on_the_command_line_records_the_score_that_it_shows(trained: Shell) -> None:
    out = trained.data / "inzage"
    with store(open_settings(trained.data)) as engine:
        with unit_of_work(engine, read_only=True) as session:
            who = session.scalars(sa.select(SUGGESTIE.c.jongere_id).limit(1)).one()
        assert trained.run("inzage", who, "--naar", out)[0] == 0
        with unit_of_work(engine, read_only=True) as session:
            last = list(SuggestielogRepository(session).vertoningen())[-1]
            lines = SuggestielogRepository(session).suggesties(last.lijst_sha256)
            line = list(AuditRepository(session).lines())[-1]
    assert json.loads((out / "inzage.json").read_text())["score"]
    assert [one.jongere_id for one in lines] == [who]
    assert last.kijker.startswith("systeem:opdrachtregel ")
    assert (line.actie, line.operatie_id) == ("vangnet inzage", last.operatie_id)


def test_importing_the_same_folder_again_changes_nothing(trained: Shell, canonical: Path) -> None:
    code, printed = trained.run("import", canonical)

    assert code == 0
    assert "Ingelezen: 0 rijen nieuw of gewijzigd." in printed


@pytest.mark.parametrize("name", ["risico.csv", "risico.parquet"])
def test_score_writes_a_probability_for_everybody_in_the_list(trained: Shell, name: str) -> None:
    out = trained.data / name

    code, printed = trained.run("score", "--peildatum", "2026-11-01", "--out", out)

    assert code == 0, printed
    frame = pl.read_csv(out) if out.suffix == ".csv" else pl.read_parquet(out)
    assert frame.columns == ["pseudoniem", "uitvalrisico"]
    assert frame.height > 200
    assert frame["uitvalrisico"].is_between(0, 1).all()
    assert frame["pseudoniem"].is_unique().all()


def test_score_looks_from_the_peildatum_that_was_asked(trained: Shell) -> None:
    now, before = trained.data / "nu.csv", trained.data / "toen.csv"
    trained.run("score", "--peildatum", "2026-11-01", "--out", now)
    trained.run("score", "--peildatum", "2025-11-01", "--out", before)

    assert not pl.read_csv(now).equals(pl.read_csv(before))


def test_suggest_and_match_write_pairs(trained: Shell) -> None:
    ranked, joint = trained.data / "suggesties.parquet", trained.data / "voorstel.csv"

    assert trained.run("suggest", "--top", "3", "--out", ranked)[0] == 0
    assert trained.run("match", "--out", joint)[0] == 0

    suggesties, voorstel = pl.read_parquet(ranked), pl.read_csv(joint)
    assert suggesties.columns == ["pseudoniem", "leerwerkplek_id", "rang", "kans"]
    assert suggesties["rang"].max() == 3
    assert voorstel.columns == ["pseudoniem", "leerwerkplek_id", "kans"]
    assert voorstel["pseudoniem"].is_unique().all()


def test_every_line_of_a_file_with_scores_has_a_record_that_comes_out_again(
    trained: Shell,
) -> None:
    files = {
        "score": trained.data / "vastgelegd-risico.csv",
        "suggest": trained.data / "vastgelegd-suggesties.csv",
        "match": trained.data / "vastgelegd-voorstel.csv",
    }
    for command, path in files.items():
        code, printed = trained.run(command, "--out", path)
        assert code == 0, printed
    known = {round(score, 6) for _, score in recorded(trained)}
    for path in files.values():
        frame = pl.read_csv(path)
        scores = {round(one, 6) for one in frame[frame.columns[-1]]}
        assert len(scores) > 10
        assert scores <= known, path
    code, printed = trained.run("suggesties", "controleer")
    assert code == 0, printed
    assert "0 getoonde lijsten hebben geen" in printed
    code, printed = trained.run("suggesties", "herhaal", "--aantal", "500")
    assert code == 0, printed
    assert "0 met een andere kans" in printed


def recorded(shell: Shell) -> set[tuple[str, float]]:
    """Return the score of every line that was recorded, with the list it stands in."""
    with store(open_settings(shell.data)) as engine, engine.connect() as connection:
        return {
            (key, score)
            for key, score in connection.execute(
                sa.select(SUGGESTIE.c.lijst_sha256, SUGGESTIE.c.score)
            )
        }


def test_a_stopped_model_scores_nothing_until_it_is_used_again(trained: Shell) -> None:
    file = trained.data / "gestopt.csv"
    assert trained.run("stop", "uitvalrisico", "--reden", "kort")[0] != 0
    code, printed = trained.run("stop", "uitvalrisico", "--reden", "De lijst klopt niet.")
    assert code == 0, printed
    assert "uitvalrisico staat stil, overal: De lijst klopt niet." in printed
    trained.run("score", "--out", file)
    assert not file.exists() or pl.read_csv(file).is_empty()
    reden = ("--reden", "Nagekeken en in orde.")
    code, printed = trained.run("stop", "uitvalrisico", "--hervat", *reden)
    assert "Geen enkel model staat stil." in printed
    assert trained.run("score", "--out", file)[0] == 0
    assert pl.read_csv(file).height > 100


def test_each_import_and_each_promotion_change_the_stamp_of_the_region(
    trained: Shell, canonical: Path, tmp_path: Path
) -> None:
    stamp = regio_stamp(open_settings(trained.data))
    stamps = [stamp(), stamp()]
    changed = tmp_path / "traject.csv"
    traject = pl.read_parquet(canonical / "traject.parquet")
    traject.with_columns(duur_weken=pl.col("duur_weken") + 1).write_csv(changed)

    assert trained.run("import", changed)[0] == 0
    stamps.append(stamp())
    settings = open_settings(trained.data)
    with store(settings) as engine:
        offer(engine, model_store(settings), full_training())
    stamps.append(stamp())
    newest = model_store(open_settings(trained.data)).versions("plaatsing")[-1]
    promoted = trained.run("promote", "plaatsing", newest, "--door", KEURDER, "--reden", REDEN)
    assert promoted[0] == 0, promoted
    stamps.append(stamp())
    assert trained.run("rollback", "plaatsing", "--door", KEURDER)[0] == 0
    stamps.append(stamp())

    assert [stamps.index(one) for one in stamps] == [0, 0, 2, 2, 4, 2]


def test_a_model_with_features_of_another_version_asks_for_training(
    trained: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(_: ModelStore, name: str, __: str) -> StoredModel:
        raise UnregisteredColumnError(name, "kenmerk_van_vroeger")

    monkeypatch.setattr(ModelStore, "load", load)
    code, printed = trained.run("score", "--out", trained.data / "risico.csv")

    assert code == 1
    assert "vangnet train" in printed


def test_an_output_of_another_kind_is_refused_before_any_work(trained: Shell) -> None:
    code, printed = trained.run("score", "--out", trained.data / "risico.docx")

    assert code == 1
    assert "risico.docx" in printed
    assert not (trained.data / "risico.docx").exists()


def test_migrate_names_the_form_of_the_database(empty_shell: Shell) -> None:
    assert "De database heeft nu vorm" in empty_shell.run("migrate")[1]


@pytest.mark.parametrize("command", ["score", "suggest", "match"])
def test_a_command_on_an_empty_region_says_what_to_do_first(
    empty_shell: Shell, command: str
) -> None:
    code, printed = empty_shell.run(command, "--out", empty_shell.data / "uit.csv")

    assert code == 1
    assert "vangnet import" in printed
    assert "Traceback" not in printed


def test_training_on_too_little_says_so_and_makes_a_rule(empty_shell: Shell) -> None:
    folder = empty_shell.data / "weinig"
    folder.mkdir()
    small_region().tables["jongere"].head(3).write_parquet(folder / "jongere.parquet")
    inschrijving = small_region().tables["inschrijving"]
    inschrijving.join(
        small_region().tables["jongere"].head(3), on="jongere_id", how="semi"
    ).write_parquet(folder / "inschrijving.parquet")
    assert empty_shell.run("import", folder)[0] == 0

    code, printed = empty_shell.run("train")

    assert code == 0
    assert "te weinig" in printed.lower()


def test_bad_rows_are_counted_kept_in_a_file_and_nothing_is_imported(empty_shell: Shell) -> None:
    bad = empty_shell.data / "jongere.csv"
    bad.write_text("jongere_id;postcode4;bron\nabc;0000;test\n", encoding="utf-8")

    code, printed = empty_shell.run("import", bad)

    assert code == 1
    assert "Er is niets ingelezen: 1 fout gevonden." in printed
    report = empty_shell.data / "meldingen" / "foute-regels.csv"
    assert "0000" in report.read_text(encoding="utf-8-sig")


def test_templates_are_written_where_asked(empty_shell: Shell) -> None:
    folder = empty_shell.data / "formulieren"

    assert empty_shell.run("import", "--sjabloon", folder)[0] == 0

    assert list(folder.glob("*.xlsx"))
    assert list(folder.glob("*.toml"))


@pytest.mark.parametrize("busy_with", ["service.trainen.train_models", "service.jobs.open_regio"])
def test_ctrl_c_ends_a_long_job_with_one_sentence(
    empty_shell: Shell, monkeypatch: pytest.MonkeyPatch, busy_with: str
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(busy_with, interrupt)
    words = ("train",) if "train" in busy_with else ("score", "--out", "uit.csv")

    code, printed = empty_shell.run(*words)

    assert code == INTERRUPTED
    assert printed.count(STOPPED) == 1
    assert "Traceback" not in printed


def test_a_server_that_was_stopped_says_so_too(
    empty_shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.serving.run_server", lambda *_, **__: None)
    monkeypatch.setattr("service.serving.check_port", lambda *_, **__: 8400)

    code, printed = empty_shell.run("serve")

    assert code == INTERRUPTED
    assert STOPPED in printed


def test_a_data_folder_that_is_a_file_is_refused_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bestand"
    path.write_text("x", encoding="utf-8")

    code, printed = Shell(path, capsys).run("migrate")

    assert code == 1
    assert printed.endswith("is een bestand en geen map. Kies een andere map met --data.")
