"""The house itself: packages, documents and settings that must agree with each other."""

from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import typer

from service.cli import app
from service.settings import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("package", ["features", "models", "service"])
def test_no_other_distribution_installs_our_package_names(package: str) -> None:
    assert set(packages_distributions().get(package, [])) <= {"vangnet"}


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_in_the_readme(name: str) -> None:
    assert f"`VANGNET_{name.upper()}`" in README


@pytest.mark.parametrize("name", sorted(typer.main.get_command(app).commands))  # type: ignore[attr-defined]  # a group
def test_every_command_is_in_the_readme(name: str) -> None:
    assert f"`{name}" in README or f"`, `{name}" in README


@pytest.mark.parametrize(
    "lock", ["requirements.lock", "requirements-dev.lock", "requirements-semgrep.lock"]
)
def test_a_lock_pins_every_package_with_hashes_and_names_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = [entry for entry in text.split("\n") if entry and entry[0] not in " #"]

    assert entries
    assert all("==" in entry and entry.endswith("\\") for entry in entries)
    assert "://" not in text


def test_the_test_environment_has_every_package_of_the_installed_one() -> None:
    def pins(name: str) -> set[str]:
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        return {line.split(" ")[0] for line in lines if line and line[0] not in " #"}

    assert pins("requirements.lock") <= pins("requirements-dev.lock")
