"""Plain words: short sentences on every page, and every hard word in the glossary (issue 7)."""

import re
from collections.abc import Iterator
from statistics import mean

import pytest
from fastapi.testclient import TestClient

from service.rechten.begrippen import Rol
from service.web.begrippen import BEGRIPPEN
from tests.service.conftest import OWN_SITE
from tests.service.rechten.wereld import Wereld, make_wereld
from tests.service.web.html import Reader, read
from tests.service.web.paginas import pages_of

MOST_WORDS = 20
"""In a sentence of level B1, on average."""
JARGON = re.compile(
    r"\b(startkwalificatie|praktijkverklaring|werkproces|kerntaak|kwalificatiedossier|crebo|vavo|"
    r"entree|leerbedrijf|leerwerkplek|matchtafel|peildatum|onderwijsnummer|pseudoniem|token|"
    r"herstelcode|Doorstroompunt|zienswijze|inzage|vrijgave|bezwaar|verzuim|uitval|plaatsing|"
    r"model|traject|nazorg|bewaartermijn|logboek|erkenning|loting|onderwijssoort|suggestie|"
    r"belastbaarheid|leefgebied|doorstroomtafel|uitstroomgesprek|kalibratie|subgroep|drift|"
    r"precisie|recall|algoritme|metadata|export|mapping|validatie|parameter)\b",
    re.IGNORECASE,
)
"""Words of this field and of computers: each must be explained when a page uses it."""
ABBREVIATION = re.compile(r"\b[A-Z]{2,6}\b")
KNOWN = {
    "PDF",
    "JSON",
    "SBB",
    "BSN",
    "API",
    "QR",
    "UWV",
    "ROC",
    "MBO",
    "CSV",
    "GET",
    "POST",
    "RMC",
    "NAAM",
}
"""Abbreviations that everybody knows, that are told on the spot, or that a log or command has."""
Sent = tuple[str, dict[str, str], dict[str, str]]
"""Where a form goes, what it sends, and as whom."""
PROSE = ("p", "li", "dd", "legend", "label")


@pytest.fixture(scope="module")
def wereld(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wereld]:
    made = make_wereld(tmp_path_factory.mktemp("woorden"))
    yield made
    made.engine.dispose()


@pytest.fixture(scope="module")
def pages(wereld: Wereld) -> dict[str, Reader]:
    """Every page that some role sees, once, and the answer to each of its forms sent empty."""
    found: dict[str, Reader] = {}
    answers: dict[str, list[Sent]] = {}
    with TestClient(wereld.app) as client:
        for rol in (None, *Rol):
            client.cookies.clear()
            cookies = {} if rol is None else wereld.enter(rol)
            header = {"Cookie": "; ".join(f"{k}={v}" for k, v in cookies.items())}
            for route, path in pages_of(wereld, rol):
                if route not in found:
                    found[route] = read(client.get(path, headers=header).text)
                    answers[route] = answers_of(found[route], header)
        for route, sent in answers.items():
            for number, (action, fields, header) in enumerate(sent):
                answer = client.post(
                    action, data=fields, headers=header | OWN_SITE, follow_redirects=False
                )
                found[f"{route} sent empty {number}"] = read(answer.text)
    return found


def answers_of(reader: Reader, header: dict[str, str]) -> list[Sent]:
    """Return each form of a page that somebody fills in, as one sends it with nothing filled in."""
    forms: list[Sent] = []
    asks: list[bool] = []
    for one in reader.all("form", "input", "select", "textarea"):
        kind, name = one.attributes.get("type", ""), one.attributes.get("name", "")
        if one.tag == "form":
            forms.append((one.attributes.get("action", ""), {}, header))
            asks.append(False)
            if one.attributes.get("method") != "post" or "uitloggen" in forms[-1][0]:
                forms[-1] = ("", {}, header)
        elif forms and kind == "hidden":
            forms[-1][1][name] = one.attributes.get("value", "")
        elif forms:
            asks[-1] = True
    return [form for form, filled in zip(forms, asks, strict=True) if filled and form[0]]


def sentences_of(reader: Reader) -> list[int]:
    """Return how many words each sentence of a page has."""
    texts = [" ".join(one.text.split()) for one in reader.all("p")]
    sentences = [one for text in texts for one in re.split(r"(?<=[.?!:;])\s+", text) if one]
    return [len(one.split()) for one in sentences if one[-1:] in ".?!"]


def test_sentences_are_short_on_average_on_every_page(pages: dict[str, Reader]) -> None:
    lengths = {route: sentences_of(reader) for route, reader in pages.items()}

    long = {route: mean(found) for route, found in lengths.items() if found}
    assert {route: words for route, words in long.items() if words >= MOST_WORDS} == {}
    assert len(long) > 20


def test_every_hard_word_on_a_page_stands_in_the_glossary(pages: dict[str, Reader]) -> None:
    explained = {term.lower() for term in BEGRIPPEN}
    used = {
        word.lower()
        for reader in pages.values()
        for one in reader.all(*PROSE)
        for word in JARGON.findall(one.text)
    }

    assert sorted(used - explained) == []
    assert len(used) > 10


def test_every_abbreviation_is_known_or_explained(pages: dict[str, Reader]) -> None:
    used = {
        (word, route)
        for route, reader in pages.items()
        for one in reader.all(*PROSE)
        for word in ABBREVIATION.findall(one.text)
    }

    assert sorted({one for one in used if one[0] not in KNOWN | set(BEGRIPPEN)}) == []


@pytest.mark.parametrize("term", BEGRIPPEN)
def test_an_explanation_is_short_and_does_not_lean_on_the_term_alone(term: str) -> None:
    uitleg = BEGRIPPEN[term].uitleg

    assert all(len(one.split()) <= MOST_WORDS for one in re.split(r"(?<=[.?!:])\s", uitleg))
    assert uitleg.endswith(".")


def test_each_term_has_an_address_of_its_own() -> None:
    assert len({one.id for one in BEGRIPPEN.values()}) == len(BEGRIPPEN)
