"""The wheel: what an installation without the source has."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("features", "models", "service")
MADE = {"__pycache__"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Build the wheel, without network, and return the names of its files."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(  # noqa: S603  # our own build
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    with ZipFile(built) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_every_file_of_the_packages(wheel: set[str]) -> None:
    sources = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and not MADE & set(path.parts)
    }

    assert sources <= wheel
    beside = {name.split("/")[0] for name in wheel} - set(PACKAGES)
    assert all(name.startswith("vangnet-") and name.endswith(".dist-info") for name in beside)


@pytest.mark.parametrize(
    "name",
    [
        "features/py.typed",
        "models/py.typed",
        "service/py.typed",
        "features/reference/kwalificaties.csv",
        "service/storage/migrations/versions/r0001_first_tables.py",
        "service/web/static/vangnet.css",
        "service/web/templates/base.html",
    ],
)
def test_the_wheel_holds_what_the_service_reads_besides_code(wheel: set[str], name: str) -> None:
    assert name in wheel
