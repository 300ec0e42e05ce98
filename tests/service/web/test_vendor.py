"""Files of others: as committed, complete with their licence, and asking nothing of elsewhere."""

import json
import re
import shutil
from pathlib import Path

import pytest

from service.web.vendor import VENDOR, altered_files, read_manifest, take_components

PROPRIETARY = ("utrecht-design-tokens", "rijkshuisstijl", "rvo", "amsterdam", "rijksoverheid")
"""Themes and fonts of governments that are not free to use (TRUST U1)."""
OPEN = {"0BSD", "BSD-2-Clause", "EUPL-1.2"}


def test_every_file_is_as_the_manifest_says() -> None:
    assert altered_files() == []


@pytest.mark.parametrize("change", ["alter", "remove", "add"])
def test_a_file_that_somebody_touched_is_named(tmp_path: Path, change: str) -> None:
    copy = shutil.copytree(VENDOR, tmp_path / "vendor")
    touched = copy / ("htmx/new.js" if change == "add" else "htmx/htmx.min.js")
    if change == "remove":
        touched.unlink()
    else:
        touched.write_text("alert(1)", encoding="utf-8")

    assert altered_files(copy) == [touched.relative_to(copy).as_posix()]


def test_each_package_has_an_open_licence_a_version_and_a_hash_and_none_is_proprietary() -> None:
    packages = read_manifest()["packages"]

    assert {one["licence"] for one in packages.values()} <= OPEN
    assert all(one["integrity"].startswith("sha512-") for one in packages.values())
    assert not [name for name in packages if any(word in name for word in PROPRIETARY)]


def test_each_folder_holds_its_licence() -> None:
    folders = [one for one in VENDOR.iterdir() if one.is_dir()]

    assert len(folders) == len(read_manifest()["packages"])
    assert all(list(one.glob("LICENSE*")) for one in folders)


@pytest.mark.parametrize("path", sorted(VENDOR.rglob("*.css")), ids=lambda path: path.name)
def test_a_style_sheet_asks_for_nothing_from_elsewhere_and_every_bracket_closes(path: Path) -> None:
    css = path.read_text(encoding="utf-8")

    asked = re.findall(r"url\(([^)]*)\)", css)
    assert [one for one in asked if not one.startswith(("images/", "#default"))] == []
    assert "@import" not in css
    assert "@font-face" not in css
    assert [css.count(one) for one in "{("] == [css.count(one) for one in "})"]


def test_a_component_is_taken_without_those_whose_name_begins_with_it() -> None:
    css = ".utrecht-button {a: 1} .utrecht-button-group {b: 2} .utrecht-button__x:hover {c: 3}"

    taken = take_components(css, ("button",))
    assert ".utrecht-button {a: 1}" in taken
    assert ".utrecht-button__x:hover {c: 3}" in taken
    assert "group" not in taken


def test_the_manifest_names_no_host() -> None:
    assert "://" not in json.dumps(read_manifest())
