"""No number or name of a person is written where it does not belong, whatever is done."""

import contextlib
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from fastapi.testclient import TestClient

from models.training import QUICK
from service.app import create_app
from service.cli import main
from service.identity import IDENTITEIT
from service.importing.pseudonym import is_person_number
from service.jobs import open_regio, store
from service.rechten.begrippen import Rol
from service.settings import open_settings
from service.storage import IdentiteitRepository, unit_of_work
from tests.service.conftest import OWN_SITE, WACHTWOORD
from tests.service.mensen import add_account, add_regio, settle
from tests.service.privacy.everywhere import dump
from tests.service.region import small_region
from tests.service.storage.imports import start_import

pytestmark = pytest.mark.slow

RO = Path(__file__).parents[2] / "golden" / "ro_pipe.csv"
NUMBERS = ("999990007", "109990001")
NAAM = "Kanariegeel"
NINE = re.compile(r"(?<![\w.])\d{9}(?!\w)")  # not a part of a hash


@dataclass(frozen=True)
class Done:
    """Where everything was written, and what was printed and logged."""

    data: Path
    out: Path
    printed: str


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Done]:
    """Import, train, export, look, ask and back up; give what was printed and logged as well."""
    folder = tmp_path_factory.mktemp("kanaries")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        yield _everything(folder)


def _everything(folder: Path) -> Done:
    printed = io.StringIO()
    data, out, files = folder / "regio", folder / "uit", folder / "bestanden"
    files.mkdir()
    for name, frame in small_region().tables.items():
        frame.write_parquet(files / f"{name}.parquet")
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        _run(data, "import", files, RO)
        settings = open_settings(data).model_copy(update={"tweede_factor": False})
        ids = small_region().tables["jongere"]["jongere_id"].to_list()
        with store(settings) as engine, unit_of_work(engine) as session:
            row = {"jongere_id": ids[0], "achternaam": NAAM, "bron": "test"}
            frame = pl.DataFrame([row], schema=IDENTITEIT.schema)
            IdentiteitRepository(session).merge(frame, start_import(session))
            add_regio(session)
            settle(session, ids)
            add_account(session, "fg", WACHTWOORD, [Rol.FUNCTIONARIS_GEGEVENSBESCHERMING])
        _run(data, "train")
        _run(data, "score", "--out", out / "risico.csv")
        _run(data, "suggest", "--top", "2", "--out", out / "suggesties.parquet")
        app = create_app(settings, load_regio=lambda: open_regio(settings))
        with TestClient(app, headers=OWN_SITE, follow_redirects=False) as client:
            client.post("/inloggen", data={"naam": "fg", "wachtwoord": WACHTWOORD})
            for path in ("/jongeren", f"/jongeren?zoek={NAAM}", f"/jongeren/{ids[0]}"):
                assert client.get(path).status_code == 200
            for number in NUMBERS:
                client.post("/privacy", data={"zoek": number})
                client.get(f"/jongeren?zoek={number}")
            assert client.get(f"/privacy/{ids[0]}/inzage.json").status_code == 200
        _run(data, "backup", out)
    return Done(data, out, printed.getvalue())


def _run(data: Path, *words: object) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["vangnet", "--data", str(data), *map(str, words)])
        # how often a model is tested is a matter of tests/models; here it would only take time
        patch.setattr("models.training.THOROUGH", QUICK)
        with pytest.raises(SystemExit) as ended:
            main()
    assert not ended.value.code, words


def written(*folders: Path) -> Iterator[tuple[Path, bytes]]:
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file():
                yield path, path.read_bytes()


def test_the_numbers_of_persons_are_in_no_file(done: Done) -> None:
    for path, content in written(done.data, done.out):
        for number in NUMBERS:
            assert number.encode() not in content, path
    assert not set(NUMBERS) & set(NINE.findall(done.printed))


def test_no_cell_of_the_store_holds_a_number_that_can_be_of_a_person(
    done: Done,
) -> None:
    with store(open_settings(done.data)) as engine:
        rows = dump(engine)
    companies = set(NINE.findall(" ".join([*rows["leerbedrijf"], *rows["leerwerkplek"]])))
    for name, lines in rows.items():
        found = {one for line in lines for one in NINE.findall(line) if is_person_number(one)}
        assert found <= companies, name


def test_a_name_stands_in_the_table_of_names_and_nowhere_else(
    done: Done,
) -> None:
    assert NAAM not in done.printed
    with store(open_settings(done.data)) as engine:
        assert [name for name, lines in dump(engine).items() if NAAM in " ".join(lines)] == [
            "identiteit"
        ]
    for path, content in written(done.data):
        if not path.name.startswith("vangnet.db"):
            assert NAAM.encode() not in content, path
    for name in ("risico.csv", "suggesties.parquet"):
        assert NAAM.encode() not in (done.out / name).read_bytes()


def test_no_export_and_no_model_names_a_jongere(done: Done) -> None:
    ids = set(small_region().tables["jongere"]["jongere_id"])
    given = pl.read_csv(done.out / "risico.csv")["pseudoniem"].to_list()
    assert given
    assert ids.isdisjoint(given)
    sample = [one.encode() for one in sorted(ids)[:50]]
    for path, content in written(done.data / "modellen"):
        assert not any(one in content for one in sample), path
    runs = (done.data / "mlflow.db").read_bytes()
    assert not any(one in runs for one in sample)


def test_the_settings_with_the_keys_are_not_in_the_backup(done: Done) -> None:
    key = open_settings(done.data).pseudonym_key.get_secret_value().encode()
    assert not any(key in content for _, content in written(done.out))
