"""Every number that leaves is a fact of one thing, or says why it is no statistic (TRUST P8).

Statistics on persons go through `service.privacy.kleine_aantallen`. Who adds a field with a count,
or a page of oversight, must say here what it counts.
"""

import json

from fastapi.routing import APIRoute

from service.web import bewaking, effect, logboek, modellen, privacy, toezicht
from tests.service.api.test_openapi import DOCUMENT

FACTS = {
    "id",
    "agendapuntId",
    "besluitId",
    "deelnemerId",
    "eigenaarId",
    "importId",
    "matchtafelId",
    "opvolgingId",
    "vervangtId",
    "voorstelId",
    "voorstelregelId",
    "wensId",
    "versie",
    "nummer",
    "nummers",
    "status",
    "rang",
    "rangNu",
    "pagina",
    "paginagrootte",
    "niveau",
    "startniveau",
    "gevraagd",
    "leerjaar",
    "leeftijd",
    "weken",
    "waarde",
    "capaciteit",
    "vrij",
    "aantal",
    "behaald",
    "gepland",
    "nodig",
    "vraag",
}
"""Names of numbers that say something about one thing: they count no persons."""

NAMED = "the length of a list whose lines the reader may see one by one, by name"
ROWS = "lines of a file or of the store, not persons"
TABLE = "of one matchtafel, where everybody sees the names"
PLACE = "how many would have one place as their best: about the place, no trait of anybody"
BLOCKED = "jongeren or places of one list that the reader may see, each with its rule beside it"
NO_STATISTIC = {
    "totaal": NAMED,
    "zonderScoreTotaal": NAMED,
    "passend": NAMED,
    "passendNu": NAMED,
    "passendDan": NAMED,
    "uitgeslotenTotaal": BLOCKED,
    "anderen": PLACE,
    "anderePlekken": "places of one named jongere",
    "nieuw": ROWS,
    "gewijzigd": ROWS,
    "gelijk": ROWS,
    "agendapunten": TABLE,
    "besproken": TABLE,
    "plekken": TABLE,
    "geplaatst": TABLE,
    "jongeren": TABLE,
    "gat": TABLE,
}
"""Numbers that may count persons, by name of the field, and why none is a statistic."""

PAGES = {
    "/instructie": "no number of persons",
    "/bewaking": "shares of groups of ten and more; what a sentence rests on is in tens",
    "/effect": "averages over fifty jongeren and more on both sides; fewer than ten said so",
    "/modellen": "no number of persons",
    "/modellen/{model_id}": "figures of the card and of the evaluation: groups of ten and more",
    "/modellen/{model_id}/evaluatie": "the same, of groups; the whole of a test is counted exactly",
    "/toezicht/modellen": "no number of persons",
    "/toezicht/volggedrag": "`kleine_aantallen.share`; numbers of besluiten are tens",
    "/toezicht/herziening": NAMED,
    "/toezicht/logboek": "objects of one line of the log",
    "/privacy": "lines that were thrown away, of the whole store",
    "/privacy/{jongere_id}": "about one person",
    "/privacy/{jongere_id}/inzage.json": "about one person",
    "/privacy/{jongere_id}/inzage.pdf": "about one person",
}
"""Pages of oversight, models and privacy, and what their numbers are."""


def numbers() -> set[str]:
    """Return the names of all whole numbers that the API answers."""
    return {
        name
        for schema, told in DOCUMENT["components"]["schemas"].items()
        if schema.endswith("Out")
        for name, kind in told.get("properties", {}).items()
        if '"integer"' in json.dumps(kind)
    }


def test_every_number_of_the_api_is_a_fact_or_says_why_it_is_no_statistic() -> None:
    assert numbers() - FACTS == set(NO_STATISTIC)


def test_every_page_of_oversight_says_what_its_numbers_are() -> None:
    shown = {
        route.path
        for pages in (toezicht, privacy, logboek, bewaking, modellen, effect)
        for route in pages.router.routes
        if isinstance(route, APIRoute) and "GET" in (route.methods or ())
    }
    assert shown == set(PAGES)
