"""A disk that is really full: what is asked says so, nothing is half done, health tells (TRUST R9).

Where this process may mount, the store stands on a small disk of its own that is filled to the last
byte. Elsewhere it gets a quota: no file may grow. SQLite meets these as two different errors.
"""

import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from service.answers import ANSWERS, STORE_ANSWERS, answer_for
from service.errors import NotRecordedError, StoreError, StoreProblem
from service.importing.run import import_paths
from service.storage import unit_of_work
from service.storage.canonical import CanonicalRepository
from service.storage.engine import open_engine
from service.storage.importrun import ImportRepository
from tests.service.conftest import NAAM, OWN_SITE, WACHTWOORD, make_app, make_settings
from tests.service.fakes import FakeRegio
from tests.service.importing.tabular_files import KEY, all_tables

MEGABYTES = 8
QUOTA = 64 * 1024
FULL = STORE_ANSWERS[StoreProblem.DISK_FULL].detail
UNLOGGED = ANSWERS[NotRecordedError].detail


class Disk:
    """A folder on which nothing more fits while it is `full`."""

    def __init__(self, folder: Path, *, own: bool) -> None:
        self.folder = folder
        self.own = own

    @contextmanager
    def full(self) -> Iterator[None]:
        """Take all room, and give it back."""
        with self._filled() if self.own else quota():
            yield

    @contextmanager
    def _filled(self) -> Iterator[None]:
        ballast = self.folder / "ballast"
        with ballast.open("wb", buffering=0) as file, suppress(OSError):
            while file.write(bytes(4096)):
                pass
        yield
        ballast.unlink()


@contextmanager
def quota() -> Iterator[None]:
    """Let no file of this process grow beyond what a started store already has."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (QUOTA, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def mounted(folder: Path) -> bool:
    """Mount a small disk; False where this process may not."""
    mount = shutil.which("mount")
    words = ["-t", "tmpfs", "-o", f"size={MEGABYTES}m", "vangnet", str(folder)]
    return mount is not None and subprocess.run([mount, *words], check=False).returncode == 0  # noqa: S603  # our own disk


@pytest.fixture(params=["a disk of its own", "a quota"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    folder = tmp_path / "schijf"
    folder.mkdir()
    own = request.param != "a quota" and mounted(folder)
    yield Disk(folder, own=own)
    if own:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S603, S607  # as above


def rows(engine: Engine) -> dict[str, int]:
    """Return how many rows each table about persons and places has, and how many imports."""
    with unit_of_work(engine, read_only=True) as session:
        heights = {
            name: frame.height for name, frame in CanonicalRepository(session).read_all().items()
        }
        return heights | {"imports": len(ImportRepository(session).list())}


def test_a_service_on_a_full_disk_says_so_shows_nothing_and_goes_on_when_there_is_room(
    disk: Disk, tmp_path: Path
) -> None:
    settings = make_settings(disk.folder)
    service = make_app(settings, FakeRegio)
    paths = all_tables(tmp_path)
    engine = open_engine(settings.database)
    with TestClient(service, follow_redirects=False, raise_server_exceptions=False) as client:
        login = {"naam": NAAM, "wachtwoord": WACHTWOORD}
        assert client.post("/inloggen", data=login, headers=OWN_SITE).status_code == 303
        before = rows(engine)
        with disk.full():
            page, answer = client.get("/jongeren"), client.get("/api/v1/jongeren?paginagrootte=100")
            health = client.get("/api/v1/gereedheid")
            with pytest.raises(StoreError) as refusal:
                import_paths(paths, engine=engine, key=KEY)
            assert client.get("/api/v1/gezondheid").status_code == 200
        again = [client.get(one).status_code for one in ("/jongeren", "/api/v1/gereedheid")]

    assert (page.status_code, answer.status_code) == (503, 503)
    # what cannot be logged is not shown (TRUST A4)
    assert UNLOGGED in page.text
    assert answer.json()["detail"] == UNLOGGED
    assert health.status_code == 503
    parts = {one["naam"]: one for one in health.json()["onderdelen"]}
    assert (parts["database"]["inOrde"], parts["database"]["melding"]) == (False, FULL)
    assert refusal.value.problem is StoreProblem.DISK_FULL
    told = answer_for(refusal.value)
    assert told is not None
    assert told.detail == FULL
    assert again == [200, 200]
    assert rows(engine) == before
    assert import_paths(paths, engine=engine, key=KEY).counts["jongere"].new == 3
    engine.dispose()
