"""What the last release promised is still there, unless the changelog told it before (R11)."""

import re
from pathlib import Path

from service.api.beschrijving import API_VERSION
from tests.service.api.contract import ASKED, promises

HERE = Path(__file__).parent
CHANGELOG = Path(__file__).parents[3] / "CHANGELOG.md"
TOLD = re.compile(r"^- Vervalt in (\d+)\.(\d+): `([^`]+)`", re.MULTILINE)
"""A line of the changelog that tells that something goes, and with which version of the API."""


def last_release() -> tuple[str, list[str]]:
    """Return the version and the promises of the newest committed release."""
    files = sorted(HERE.glob("contract-*.txt"), key=lambda path: number(path.stem[9:]))
    return files[-1].stem[9:], files[-1].read_text(encoding="utf-8").splitlines()


def number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def may_go() -> list[str]:
    """Return the beginnings of promises that may go with this version."""
    major, minor, _ = number(API_VERSION)
    told = TOLD.findall(CHANGELOG.read_text(encoding="utf-8"))
    return [what for ma, mi, what in told if (int(ma), int(mi)) <= (major, minor)]


def broken(before: list[str], now: list[str], going: list[str]) -> list[str]:
    """Return what a client of the release before can no longer rely on."""
    gone = [line for line in set(before) - set(now) if not line.startswith(ASKED)]
    old = {line for line in before if not line.startswith(ASKED)}
    new = [
        line
        for line in set(now) - set(before)
        if line.startswith(ASKED) and any(one in line for one in operations(old))
    ]
    return sorted(
        line for line in (*gone, *new) if not any(line.startswith(what) for what in going)
    )


def operations(lines: set[str]) -> list[str]:
    """Return the operations that these lines name, such as ``POST /stages``."""
    return [f"{line} " for line in lines if line.count(" ") == 1]


def test_nothing_that_the_last_release_promised_is_gone_or_asks_more() -> None:
    _, before = last_release()

    assert broken(before, promises(), may_go()) == []


def test_a_release_has_its_promises_committed() -> None:
    version, before = last_release()

    assert number(version) <= number(API_VERSION)
    assert len(before) > 500


def test_removing_and_changing_a_field_and_asking_a_new_one_break() -> None:
    before = ["GET /a", "GET /a 200 naam string", "POST /a", "POST /a neemt x string"]
    now = ["GET /a", "GET /a 200 naam integer", "POST /a", "POST /a neemt x string"]
    now += [f"{ASKED} POST /a x", f"{ASKED} POST /nieuw x"]

    assert broken(before, now, []) == ["GET /a 200 naam string", f"{ASKED} POST /a x"]
    assert broken(before, now, ["GET /a 200 naam"]) == [f"{ASKED} POST /a x"]


def test_a_warning_of_the_changelog_counts_from_its_version() -> None:
    told = "- Vervalt in 1.3: `GET /a 200 naam`\n"

    assert TOLD.findall(told) == [("1", "3", "GET /a 200 naam")]
