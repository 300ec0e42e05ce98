"""No number, name, password or token is written where it does not belong, whatever is done.

A whole life of an installation is lived on each kind of database: import, train, export, look, ask,
back up, erase somebody, change the keys, and back up again (TRUST P1, P4, A6).
"""

import contextlib
import io
import re
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from features.synthetic import RegionConfig, generate_region
from models.training import QUICK
from service.app import create_app
from service.cli import main
from service.identity import IDENTITEIT
from service.importing.pseudonym import is_person_number
from service.jobs import model_store, open_regio, store
from service.rechten.begrippen import Rol
from service.settings import Settings, open_settings
from service.storage import IdentiteitRepository, unit_of_work
from service.storage.canonical import CanonicalRepository
from tests.conftest import BOTH, PostgresServer
from tests.postgres import find_binaries
from tests.service.conftest import OWN_SITE, WACHTWOORD
from tests.service.mensen import add_account, add_regio, settle
from tests.service.privacy.everywhere import dump
from tests.service.promoveren import KEURDER, REDEN, TRAINER, add_analisten
from tests.service.storage.imports import start_import

pytestmark = pytest.mark.slow

RO = Path(__file__).parents[2] / "golden" / "ro_pipe.csv"
NUMBERS = ("999990007", "109990001")
BLIJFT, GAAT = "Kanariegeel", "Kanariewit"
"""Names of somebody who stays, and of somebody who is erased."""
WOORDEN = "Ik ben het niet eens met kanariezwart."
"""What the one who is erased said."""
NINE = re.compile(r"(?<![\w.])\d{9}(?!\w)")  # not a part of a hash
SECRET = re.compile(r"(?:link=|keer:\s+)([\w-]{20,})")
"""What a command prints once, for whoever asked for it."""
LOOKED_AT_BY_CELL = ("vangnet.db", "vangnet.db-wal", "mlflow.db")
MODELS = ("uitvalrisico", "plaatsing", "werkproces")
REGION = RegionConfig(jongeren=300, leerbedrijven=20, leerwerkplekken=40, seed=3)


@dataclass(frozen=True)
class Done:
    """Where everything was written, what was printed and logged, and what must be nowhere."""

    settings: Settings
    out: Path
    inzage: Path
    before: Path
    after: Path
    printed: str
    ids: tuple[str, ...]
    secrets: tuple[str, ...]

    @property
    def companies(self) -> set[str]:
        """Numbers of leerbedrijven: nine digits, and of no person."""
        with store(self.settings) as engine:
            rows = dump(engine)
        return set(NINE.findall(" ".join([*rows["leerbedrijf"], *rows["leerwerkplek"]])))


@pytest.fixture(scope="module", params=BOTH)
def done(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Done]:
    """Live the whole life of an installation on this kind of database."""
    folder = tmp_path_factory.mktemp("kanaries")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        if request.param == "postgres":
            server: PostgresServer = request.getfixturevalue("postgres")
            patch.setenv("VANGNET_DATABASE_URL", server.create())
        yield Life(folder).live()


class Life:
    """One installation, all that it prints, and the secrets that it gives out."""

    def __init__(self, folder: Path) -> None:
        self.data, self.out = folder / "regio", folder / "uit"
        self.files, self.inzage = folder / "bestanden", folder / "inzage"
        self.before, self.after = folder / "kopie", folder / "kopie-na"
        self.printed = io.StringIO()
        self.secrets = [WACHTWOORD]
        self.tables = {name: renamed(one) for name, one in generate_region(REGION).tables.items()}
        self.ids = tuple(self.tables["jongere"]["jongere_id"])

    def live(self) -> Done:
        """Do everything."""
        self._run("import", *self._files())
        settings = open_settings(self.data).model_copy(update={"tweede_factor": False})
        self._settle(settings)
        self._run("train", "--door", TRAINER)
        for model in MODELS:
            for version in model_store(settings).versions(model)[-1:]:
                self._run("promote", model, version, "--door", KEURDER, "--reden", REDEN)
        self._export("voor")
        self._look(settings)
        self._run_secretly("token", "fg", "--recht", "jongeren_lezen")
        self._run_secretly("gebruiker", "nieuw", "--rol", "analist")
        self._run("backup", self.before)
        gaat = self.ids[1]
        self._run("verwijder", gaat, "--grond", "bezwaar", "--zeker", "verwijder")
        self._run("sleutels", "--vernieuw")
        self._export("na")
        self._run("audit", "kop", "--map", self.out)
        self._run("audit", "verwerkingen")
        self._run("inzage", self._somebody(settings), "--naar", self.inzage)
        self._run("backup", self.after)
        return Done(
            settings,
            self.out,
            self.inzage,
            self.before,
            self.after,
            self.printed.getvalue(),
            self.ids,
            tuple(self.secrets),
        )

    def _files(self) -> tuple[Path, Path]:
        self.files.mkdir()
        for name, frame in self.tables.items():
            frame.write_parquet(self.files / f"{name}.parquet")
        return self.files, RO

    def _settle(self, settings: Settings) -> None:
        """Give two jongeren a name, and make accounts."""
        rows = [
            {"jongere_id": who, "achternaam": naam, "bron": "test"}
            for who, naam in zip(self.ids, (BLIJFT, GAAT), strict=False)
        ]
        with store(settings) as engine, unit_of_work(engine) as session:
            frame = pl.DataFrame(rows, schema=IDENTITEIT.schema)
            IdentiteitRepository(session).merge(frame, start_import(session))
            add_regio(session)
            settle(session, self.ids)
            roles = [Rol.FUNCTIONARIS_GEGEVENSBESCHERMING, Rol.LOOPBAANCOACH]
            add_account(session, "fg", WACHTWOORD, roles)
            add_analisten(session)

    def _export(self, name: str) -> None:
        self._run("score", "--out", self.out / f"risico-{name}.csv")
        self._run("suggest", "--top", "2", "--out", self.out / f"suggesties-{name}.parquet")

    def _look(self, settings: Settings) -> None:
        """Look at pages and ask for things as somebody at a screen does."""
        first, second = self.ids[:2]
        with contextlib.redirect_stdout(self.printed), contextlib.redirect_stderr(self.printed):
            app = create_app(settings, load_regio=lambda: open_regio(settings))
            with TestClient(app, headers=OWN_SITE, follow_redirects=False) as client:
                client.post("/inloggen", data={"naam": "fg", "wachtwoord": WACHTWOORD})
                self.secrets += [value for value in client.cookies.values() if len(value) > 20]
                for path in ("/jongeren", f"/jongeren?zoek={BLIJFT}", f"/jongeren/{first}"):
                    assert client.get(path).status_code == 200, path
                for number in NUMBERS:
                    client.post("/privacy", data={"zoek": number})
                    client.get(f"/jongeren?zoek={number}")
                assert client.get(f"/privacy/{first}/inzage.json").status_code == 200
                said = client.post(f"/privacy/{second}/zienswijze", data={"tekst": WOORDEN})
                assert said.status_code == 303

    def _somebody(self, settings: Settings) -> str:
        """Return the new number of who has a name."""
        with store(settings) as engine, unit_of_work(engine, read_only=True) as session:
            ids = CanonicalRepository(session).read("jongere")["jongere_id"].to_list()
            return next(iter(IdentiteitRepository(session).names(ids)))

    def _run_secretly(self, *words: object) -> None:
        """Run a command that prints a secret, for whoever typed it and nobody else."""
        told = io.StringIO()
        _run(self.data, told, *words)
        found = SECRET.findall(told.getvalue())
        assert found, told.getvalue()
        self.secrets += found

    def _run(self, *words: object) -> None:
        _run(self.data, self.printed, *words)


def renamed(frame: pl.DataFrame) -> pl.DataFrame:
    """Give jongeren an id as an import makes it of a number."""
    if "jongere_id" not in frame.columns:
        return frame
    ids = pl.col("jongere_id").map_elements(
        lambda one: sha256(one.encode()).hexdigest()[:32], return_dtype=pl.String
    )
    return frame.with_columns(ids)


def _run(data: Path, told: io.StringIO, *words: object) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["vangnet", "--data", str(data), *map(str, words)])
        # how often a model is tested is a matter of tests/models; here it would only take time
        patch.setattr("models.training.THOROUGH", QUICK)
        with (
            contextlib.redirect_stdout(told),
            contextlib.redirect_stderr(told),
            pytest.raises(SystemExit) as ended,
        ):
            main()
    assert not ended.value.code, (words, told.getvalue()[-2000:])


def written(*folders: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every file, and in place of a backup what is packed in it."""
    for folder in folders:
        for path in folder.rglob("*"):
            if path.suffix == ".zip":
                with zipfile.ZipFile(path) as archive:
                    yield from ((name, archive.read(name)) for name in archive.namelist())
            elif path.is_file():
                yield path.name, path.read_bytes()


def dumped(settings: Settings) -> str:
    """Return the whole database as its own tool tells it: on PostgreSQL with a COPY per table."""
    url = sa.make_url(settings.database)
    if url.get_backend_name() == "sqlite":
        with contextlib.closing(sqlite3.connect(str(url.database))) as connection:
            return "\n".join(connection.iterdump())
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    program = [str(find_binaries() / "pg_dump"), f"--dbname={address}"]
    told = subprocess.run(program, capture_output=True, text=True, check=True).stdout  # noqa: S603  # fixed
    assert "COPY public.jongere " in told
    return told


def everything(done: Done) -> Iterator[tuple[str, str]]:
    """Yield all that was written anywhere, as text: files, dump, logs and what was printed."""
    yield "printed", done.printed
    yield "dump", dumped(done.settings)
    for name, content in written(done.settings.data, done.out, done.inzage, done.after):
        yield name, content.decode("latin-1")


def test_no_number_that_can_be_of_a_person_is_written_anywhere(done: Done) -> None:
    companies = done.companies
    for name, text in everything(done):
        assert not any(number in text for number in NUMBERS), name
        if name not in LOOKED_AT_BY_CELL:
            found = {one for one in NINE.findall(text) if is_person_number(one)}
            assert found <= companies, (name, sorted(found - companies)[:3])


def test_no_cell_of_a_database_holds_a_number_that_can_be_of_a_person(done: Done) -> None:
    companies = done.companies
    tracking = sa.create_engine(done.settings.tracking)
    with store(done.settings) as engine, tracking.connect() as runs:
        rows = dump(engine)
        for table in sa.inspect(tracking).get_table_names():
            told = runs.execute(sa.text(f'SELECT * FROM "{table}"'))  # noqa: S608  # a name of MLflow
            rows[f"mlflow.{table}"] = [" ".join(map(str, row)) for row in told]
    tracking.dispose()
    for name, lines in rows.items():
        found = {one for line in lines for one in NINE.findall(line) if is_person_number(one)}
        assert found <= companies, name


def test_a_name_stands_in_the_table_of_names_and_in_an_inzage_and_nowhere_else(
    done: Done,
) -> None:
    assert BLIJFT not in done.printed
    with store(done.settings) as engine:
        tables = [name for name, lines in dump(engine).items() if BLIJFT in " ".join(lines)]
    assert tables == ["identiteit"]
    for name, content in written(done.settings.data, done.out):
        if not name.startswith("vangnet.db"):
            assert BLIJFT.encode() not in content, name
    told = {name for name, content in written(done.inzage) if BLIJFT.encode() in content}
    assert told == {"inzage.json", "inzage.pdf"}


def test_who_was_erased_is_nowhere_any_more(done: Done) -> None:
    for name, text in everything(done):
        for mark in (GAAT, WOORDEN, done.ids[1]):
            if not (name == "printed" and mark == done.ids[1]):
                assert mark not in text, (name, mark)


def test_after_a_change_of_keys_no_old_number_is_left(done: Done) -> None:
    with store(done.settings) as engine:
        rows = " ".join(line for lines in dump(engine).values() for line in lines)
    quoted = set(re.findall(r'"([^"]+)"', rows))
    assert quoted.isdisjoint(done.ids)


def test_no_password_token_link_or_session_is_written_anywhere(done: Done) -> None:
    assert len(done.secrets) >= 4
    for name, text in everything(done):
        for number, secret in enumerate(done.secrets):
            assert secret not in text, (name, number)


def test_no_export_and_no_model_names_a_jongere(done: Done) -> None:
    for name in ("voor", "na"):
        given = pl.read_csv(done.out / f"risico-{name}.csv")["pseudoniem"].to_list()
        assert given
        assert set(done.ids).isdisjoint(given)
    with store(done.settings) as engine, unit_of_work(engine, read_only=True) as session:
        ids = CanonicalRepository(session).read("jongere")["jongere_id"].to_list()
    sample = [one.encode() for one in (*done.ids[:50], *ids[:50])]
    for name, content in written(done.settings.data / "modellen"):
        assert not any(one in content for one in sample), name
    runs = (done.settings.data / "mlflow.db").read_bytes()
    assert not any(one in runs for one in sample)


def test_the_settings_with_the_keys_are_not_in_the_backup(done: Done) -> None:
    key = done.settings.pseudonym_key.get_secret_value().encode()
    assert not any(key in content for _, content in written(done.before, done.after))
