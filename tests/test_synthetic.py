"""Only made-up persons stand in this repository: numbers, addresses and telephones (TRUST P9)."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.importing.pseudonym import is_person_number

ROOT = Path(__file__).parents[1]
FOLDERS = ("features", "models", "service", "tests", "experiments", "notebooks")
KINDS = frozenset(
    {".py", ".csv", ".md", ".toml", ".json", ".ipynb", ".html", ".txt", ".typ", ".js", ".tsv"}
)
NUMBER = re.compile(r"(?<![\d.,_-])\d{9}(?![\d])")
MAIL = re.compile(r"[\w.+-]+@((?:[\w-]+\.)+[a-z]{2,})")
TELEPHONE = re.compile(r"(?<!\d)(?:0031|\+31|0)6[ -]?\d{8}(?!\d)")
TEST_RANGE = "9999"
"""Numbers that the RvIG gives out for tests begin so."""
INVENTED = frozenset(
    {
        *("012345611", "012345672", "101222331", "109990001", "111222333", "123456782"),
        "100000009",
    }
)
"""Numbers made up for one test, and an id of a leerbedrijf that happens to pass the elfproef."""
EXAMPLES = frozenset({"0600000000", "0612345678"})
"""Telephone numbers that forms and tests show as an example."""
OWN_DOMAINS = ("example", "example.org", "example.com", "example.net")


def texts() -> Iterator[tuple[Path, str]]:
    """Yield every text file of the repository with its content."""
    found = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*")]
    for path in [*found, *ROOT.glob("*.md"), *ROOT.glob("*.toml")]:
        if path.is_file() and path.suffix in KINDS:
            yield path, path.read_text(encoding="utf-8", errors="replace")


def real_numbers(text: str) -> set[str]:
    """Return numbers that could be of a person."""
    found = {one for one in NUMBER.findall(text) if is_person_number(one)}
    return {one for one in found - INVENTED if not one.startswith(TEST_RANGE)}


def real_addresses(text: str) -> set[str]:
    """Return domains of mail addresses that somebody could own."""
    return {one for one in MAIL.findall(text) if not one.endswith(OWN_DOMAINS)}


def test_no_number_of_a_person_stands_anywhere() -> None:
    found = {str(path): real_numbers(text) for path, text in texts()}
    assert {path: one for path, one in found.items() if one} == {}


def test_no_address_of_mail_or_telephone_is_somebodys() -> None:
    found = {str(path): real_addresses(text) for path, text in texts()}
    assert {path: one for path, one in found.items() if one} == {}
    phones = {one for _, text in texts() for one in TELEPHONE.findall(text)}
    assert phones <= EXAMPLES


@pytest.mark.parametrize("around", ["bsn={};", "BSN {} van", '"{}"', "{}"])
def test_the_scanner_finds_a_number(around: str) -> None:
    tried = (f"{at:09d}" for at in range(200_000_000, 200_000_099))
    made = next(one for one in tried if is_person_number(one))
    assert real_numbers(around.format(made)) == {made}


def test_the_scanner_finds_an_address_and_lets_examples_pass() -> None:
    somebody = "a.jansen@" + "gemeente" + ".nl"
    assert real_addresses(f"{somebody} b@school.example") == {"gemeente.nl"}
    assert TELEPHONE.search("06" + "12345678")
