"""`vangnet train` as an analyst runs it, on a small folder of tables."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import optuna
import polars as pl
import pytest
import sqlalchemy as sa
from mlflow.tracking import MlflowClient
from optuna.trial import TrialState

from features.synthetic import RegionConfig, generate_region
from models.errors import TooLittleDataError
from models.propensity import RECORDED
from models.provenance import metrics_hash
from models.recipes import RECIPES
from models.store import StoredCard
from models.training import QUICK, Training
from service.bronmap import read_bronmap
from service.cli import main
from service.errors import FileError
from service.jobs import model_store
from service.settings import open_settings
from tests.conftest import PostgresServer

SMALL = RegionConfig(jongeren=700, leerbedrijven=40, leerwerkplekken=120, seed=3)


@pytest.fixture(scope="module")
def written() -> Mapping[str, pl.DataFrame]:
    return generate_region(SMALL).tables


@pytest.fixture(scope="module")
def bron(tmp_path_factory: pytest.TempPathFactory, written: Mapping[str, pl.DataFrame]) -> Path:
    """A folder of canonical tables, half of them as CSV."""
    folder = tmp_path_factory.mktemp("bron")
    for place, (name, frame) in enumerate(written.items()):
        if place % 2:
            frame.write_parquet(folder / f"{name}.parquet")
            continue
        lists = [column for column, dtype in frame.schema.items() if isinstance(dtype, pl.List)]
        frame.with_columns(pl.col(lists).list.join("|")).write_csv(folder / f"{name}.csv")
    return folder


Run = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("regio")


@pytest.fixture
def run(data: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `vangnet train` in this process; returns the exit code and what was printed."""

    def train(*words: str | Path) -> tuple[int, str]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "argv", ["vangnet", "--data", str(data), "train", *map(str, words)])
            patch.setattr("models.training.THOROUGH", QUICK)
            with pytest.raises(SystemExit) as stop:
                main()
        printed = capsys.readouterr()
        return int(stop.value.code or 0), " ".join((printed.out + printed.err).split())

    return train


def cards(data: Path) -> list[StoredCard]:
    """Return the stored versions of the uitvalrisico, the oldest first."""
    stored = [one for one in model_store(open_settings(data)).cards() if one.name == "uitvalrisico"]
    return stored[::-1]


def test_a_folder_is_read_as_the_tables_that_were_written(
    bron: Path, written: Mapping[str, pl.DataFrame]
) -> None:
    found = read_bronmap(bron)

    for name, frame in written.items():
        if name != "identiteit":
            assert found[name].equals(frame), name


@pytest.mark.parametrize("wrong", ["no folder", "no jongeren", "no table", "a wrong value"])
def test_a_folder_that_cannot_be_used_is_named(
    written: Mapping[str, pl.DataFrame], tmp_path: Path, wrong: str
) -> None:
    folder = tmp_path / "bron"
    if wrong != "no folder":
        folder.mkdir()
        frame = written["inschrijving"]
        frame.write_parquet(folder / "inschrijving.parquet")
    if wrong == "no table":
        (folder / "jongere.parquet").write_text("geen tabel", encoding="utf-8")
    if wrong == "a wrong value":
        frame.with_columns(pl.lit("vwo-plus").alias("onderwijssoort")).write_parquet(
            folder / "inschrijving.parquet"
        )

    with pytest.raises(FileError):
        read_bronmap(folder)


@pytest.mark.slow
def test_the_same_data_and_seed_give_the_same_hash_of_the_figures(
    run: Run, data: Path, bron: Path
) -> None:
    for seed in ("1", "1", "2"):
        code, printed = run("uitvalrisico", "--bron", bron, "--seed", seed)
        assert code == 0, printed

    first, again, other = cards(data)[-3:]
    told = first.card["herkomst"]
    assert told == again.card["herkomst"]
    assert told["meetwaarden_sha256"] != other.card["herkomst"]["meetwaarden_sha256"]
    assert told["gegevens_sha256"] == other.card["herkomst"]["gegevens_sha256"]
    assert told["meetwaarden_sha256"] == metrics_hash(first.metrics)
    assert told["bekend_tot"] == "2026-11-01"
    assert told["code"]


@pytest.mark.slow
def test_on_a_cluster_the_figures_are_nearly_those_of_one_machine(
    run: Run, data: Path, bron: Path
) -> None:
    for words in ((), ("--distributed",)):
        code, printed = run("uitvalrisico", "--bron", bron, *words)
        assert code == 0, printed

    here, there = cards(data)[-2:]
    assert there.card["herkomst"]["machines"] == "2"
    assert there.card["herkomst"]["gegevens_sha256"] == here.card["herkomst"]["gegevens_sha256"]
    assert there.card["gegevens"] == here.card["gegevens"]
    assert there.metrics["auc"] == pytest.approx(here.metrics["auc"], abs=0.02)


@pytest.mark.slow
def test_an_earlier_last_day_knows_less(run: Run, data: Path, bron: Path) -> None:
    code, printed = run("uitvalrisico", "--bron", bron, "--peildatum", "2026-02-01")

    assert code == 0, printed
    card = cards(data)[-1].card
    assert card["herkomst"]["bekend_tot"] == card["gegevens"]["bekend_tot"] == "2026-02-01"


def test_places_are_learned_with_the_chances_that_tables_wrote_down(
    run: Run, bron: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded, heard = pl.DataFrame([("S1", 0.02, 0.1)], schema=RECORDED, orient="row"), []

    def train(*_: object, **told: object) -> Training:
        heard.append(told["recorded"])
        raise TooLittleDataError("plaatsing", "stages", 0, 1)

    monkeypatch.setattr("service.trainen.trekkansen", lambda *_: recorded)
    recipe = replace(RECIPES["plaatsing"], train=train)
    monkeypatch.setattr("service.trainen.RECIPES", {"plaatsing": recipe})

    assert run("plaatsing", "--bron", bron)[0] == 0
    assert len(heard) == 1
    assert heard[0] is recorded


def test_who_searches_says_how_long(run: Run, bron: Path) -> None:
    code, printed = run("uitvalrisico", "--bron", bron, "--alleen-zoeken")

    assert code == 2
    assert "--trials" in printed


@pytest.mark.slow
def test_a_search_is_made_once_and_named_on_the_card(run: Run, data: Path, bron: Path) -> None:
    words = ("uitvalrisico", "--bron", bron, "--trials", "3")
    code, printed = run(*words, "--alleen-zoeken")
    assert (code, "telt 3 proeven" in printed) == (0, True), printed
    before = len(cards(data))

    code, printed = run(*words)

    assert code == 0, printed
    assert len(cards(data)) == before + 1
    told = cards(data)[-1].card["herkomst"]
    assert told["studie"].startswith("uitvalrisico-")
    assert int(told["studie_proeven"]) + int(told["studie_afgebroken"]) == 3
    assert told.items() <= tags_of_the_last_run(data).items()


def tags_of_the_last_run(data: Path) -> dict[str, str]:
    """Return what MLflow keeps with the run of the newest version."""
    client = MlflowClient(tracking_uri=open_settings(data).tracking)
    newest = client.get_model_version("uitvalrisico", cards(data)[-1].version)
    return dict(client.get_run(str(newest.run_id)).data.tags)


@pytest.mark.slow
def test_a_study_of_other_folds_is_refused_in_words(run: Run, bron: Path) -> None:
    words = ("--bron", bron, "--trials", "1", "--studie", "samen", "--alleen-zoeken")
    assert run("uitvalrisico", *words)[0] == 0

    code, printed = run("uitvalrisico", *words, "--seed", "2")

    assert code == 1, printed
    assert "De studie samen gaat over andere gegevens" in printed


@pytest.fixture
def on_a_server(postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Keep the register of models and the searches on PostgreSQL; gives its address."""
    url = postgres.create()
    monkeypatch.setenv("VANGNET_TRACKING_URL", url)
    yield url
    postgres.drop(url)


@pytest.mark.slow
@pytest.mark.postgres
def test_models_and_searches_are_kept_on_a_server_alike(
    run: Run, data: Path, bron: Path, on_a_server: str
) -> None:
    words = ("uitvalrisico", "--bron", bron, "--trials", "3")
    for _ in range(2):
        code, printed = run(*words)
        assert code == 0, printed

    first, again = cards(data)
    assert not first.altered
    assert (first.version, again.version) == ("1", "2")
    assert first.card["herkomst"] == again.card["herkomst"]
    with opened(on_a_server) as study:
        assert study.study_name == first.card["herkomst"]["studie"]
        assert len(study.trials) == 3


@contextmanager
def opened(url: str) -> Iterator[optuna.Study]:
    """Open the only study in a database."""
    storage = optuna.storages.RDBStorage(url, skip_compatibility_check=True)
    try:
        (name,) = optuna.get_all_study_names(storage)
        yield optuna.load_study(storage=storage, study_name=name)
    finally:
        storage.remove_session()
        storage.engine.dispose()


@contextmanager
def searching(data: Path, bron: Path, trials: int) -> Iterator[subprocess.Popen[str]]:
    """Run `vangnet train --alleen-zoeken` in a process of its own."""
    words = ["--data", data, "train", "uitvalrisico", "--bron", bron, "--alleen-zoeken"]
    program = [sys.executable, "-m", "service.cli", *words, "--trials", trials]
    with subprocess.Popen(  # noqa: S603  # our own command
        [str(word) for word in program],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        yield process


def counted(url: str) -> int:
    """Return how many trials of the study in a database have ended."""
    try:
        with opened(url) as study:
            return sum(one.state.is_finished() for one in study.trials)
    except (ValueError, sa.exc.DBAPIError):  # not there yet
        return 0


@pytest.mark.slow
def test_a_killed_search_goes_on_and_ends_with_the_same_best_trial(
    tmp_path: Path, bron: Path
) -> None:
    killed, whole = (open_settings(tmp_path / name) for name in ("gestopt", "heel"))
    model_store(killed).prepare()
    with searching(killed.data, bron, 12) as process:
        while counted(killed.tracking) < 4:
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)

    for settings in (killed, whole):
        with searching(settings.data, bron, 12) as process:
            assert process.wait(120) == 0

    with opened(killed.tracking) as found, opened(whole.tracking) as alone:
        done = [one for one in found.trials if one.state is not TrialState.FAIL]
        assert found.best_params == alone.best_params
        assert found.best_value == alone.best_value
        assert [one.params for one in done] == [one.params for one in alone.trials]


@pytest.mark.slow
@pytest.mark.parametrize("where", ["sqlite", pytest.param("server", marks=pytest.mark.postgres)])
def test_two_processes_share_one_search(
    tmp_path: Path, bron: Path, where: str, request: pytest.FixtureRequest
) -> None:
    if where == "server":
        request.getfixturevalue("on_a_server")
    settings = open_settings(tmp_path)

    trials = 80  # so many that both take part
    with searching(tmp_path, bron, trials) as one, searching(tmp_path, bron, trials) as other:
        assert (one.wait(180), other.wait(180)) == (0, 0)

    with opened(settings.tracking) as study:
        ended = [trial for trial in study.trials if trial.state.is_finished()]
        makers = [trial.user_attrs["proces"] for trial in ended]
        assert len(ended) == len(study.trials)
        assert trials <= len(ended) <= trials + 1
        assert len(set(makers)) == 2
        assert len({tuple(trial.params.values()) for trial in ended}) == len(ended)
