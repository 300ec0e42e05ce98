"""The model beside what people decided, as charts with their figures (TRUST F7)."""

from collections.abc import Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from models.gate import SELECTION
from service.dutch import getal, percent
from service.modelbeheer.na_besluit import ENDS, NaBesluit
from service.privacy.kleine_aantallen import KLEINSTE
from service.web.grafiek import Grafiek, Interval, intervallen

REEKSEN = ("model", "na het besluit")
TITELS: Mapping[str, str] = MappingProxyType(
    {
        "voorgesteld": "Wie krijgt een plek?",
        "betaald": "Wie krijgt een betaalde plek?",
        "bbl": "Wie krijgt een plek voor BBL?",
        "niveau": "Wie krijgt een plek op het eigen niveau?",
        "op de lijst": "Wie staat op de lijst, en wie krijgt hulp?",
        "gevonden": "Wie van de uitvallers staat op de lijst of krijgt hulp?",
    }
)
"""Title of the chart of each share that is weighed, in the order of the page."""
UITLEG = (
    "Hoe vaak dit bij een groep gebeurt, naast de rest. Op 1 is het gelijk. Rond: wat het model "
    "zei. Vierkant: wat mensen daarna besloten. De streepjeslijnen staan op {laag} en {hoog}."
)
AANDELEN: Mapping[str, str] = MappingProxyType(
    {
        "voorgesteld": "kreeg een plek",
        "betaald": "waarvan betaald",
        "bbl": "waarvan BBL",
        "niveau": "waarvan op eigen niveau",
        "op de lijst": "op de lijst of hulp",
        "gevonden": "gevonden van wie uitviel",
        "raak": "viel uit, van de lijst",
        "onterecht": "op de lijst, viel niet uit",
    }
)
KOPPEN = ("Groep", "Wat", "Model", "Na het besluit")


def weergave(found: NaBesluit, naar: str = "") -> dict[str, object]:
    """Return what a page or a report shows of the model beside what people decided.

    `naar` says by what the groups are made, where a page shows two of these.
    """
    return {
        "besluiten": found.besluiten // KLEINSTE * KLEINSTE,
        "te_klein": found.te_klein,
        "grafieken": besluit_grafieken(found, naar),
        "naar": naar,
        "reeksen": REEKSEN,
        "onderschrift": f"Model en na het besluit{naar}, met marge",
        "koppen": KOPPEN,
        "rijen": besluit_rijen(found),
    }


def besluit_grafieken(found: NaBesluit, naar: str = "") -> list[Grafiek]:
    """Return a chart for each share of which it is told that it is uneven."""
    laag, hoog = SELECTION
    uitleg = UITLEG.format(laag=getal(laag, 2), hoog=getal(hoog, 2))
    return [
        intervallen(
            f"{titel.removesuffix('?')}{naar}?",
            uitleg,
            rows,
            grenzen=SELECTION,
            midden=1.0,
            reeksen=REEKSEN,
            schrijf=partial(getal, decimals=2),
        )
        for maat, titel in TITELS.items()
        if (rows := [row for one in found.regels if one["maat"] == maat for row in _pair(one)])
    ]


def besluit_rijen(found: NaBesluit) -> list[list[str]]:
    """Return every share of both sides, with its interval."""
    return [
        [_groep(one), AANDELEN[one["maat"]], _share(one, "model"), _share(one, "besluit")]
        for one in found.regels
    ]


def _pair(one: Mapping[str, Any]) -> Iterator[Interval]:
    for reeks, side in enumerate(("model", "besluit")):
        values = (one[f"verhouding_{side}{end}"] for end in ENDS)
        value, low, high = (float("nan") if end is None else float(end) for end in values)
        yield Interval(_groep(one), value, low, high, reeks)


def _groep(one: Mapping[str, Any]) -> str:
    return f"{one['kenmerk'].capitalize()} {one['waarde']}"


def _share(one: Mapping[str, Any], side: str) -> str:
    value, low, high = (one[f"{side}{end}"] for end in ENDS)
    if value is None or low is None or high is None:
        return "niet bekend"
    return f"{percent(value)} ({percent(low)} tot {percent(high)})"
