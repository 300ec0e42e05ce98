"""Entries for the Algoritmeregister, filled from what the system and the organisation know."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import ValidationError

from service.publicatie.algoritmeregister import Registratie
from service.publicatie.feiten import Feiten, ModelFeiten
from service.publicatie.organisatie import Antwoorden
from service.publicatie.weergave import TEKSTEN, as_html, filled

HTML_FIELDS = (
    *("goal", "proportionality", "human_intervention", "risks", "lawful_basis"),
    *("impacttoetsen", "source_data", "methods_and_models"),
)
ANSWERED: Mapping[str, str] = {
    "organization": "organisatie",
    "contact_email": "contact",
    "website": "website",
    "url": "url",
    "process_index_url": "verwerkingsregister",
    "publiccode": "broncode",
    "status": "status",
    "begin_date": "begindatum",
    "end_date": "einddatum",
    "provider": "leverancier",
}
"""Fields that the organisation fills, with the key of its answer."""
DATES, DATED = "begin_date en end_date", ("begindatum", "einddatum")
"""How a problem of the two dates together is named, and the keys of their answers."""
TOETSEN = {
    "dpia": "Data Protection Impact Assessment (DPIA)",
    "iama": "Impact Assessment Mensenrechten en Algoritmes (IAMA)",
}


@dataclass(frozen=True)
class Ingevuld:
    """An entry as far as it goes: its fields, and what keeps it from being sent in."""

    naam: str
    velden: Mapping[str, Any]
    problemen: tuple[str, ...]


@cache
def _teksten() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads((TEKSTEN / "algoritmeregister.toml").read_text(encoding="utf-8"))


def fill_in(model: ModelFeiten, feiten: Feiten, antwoorden: Antwoorden) -> Ingevuld:
    """Return the entry of one model; a field without a value is left out, and told."""
    told = dict(_teksten()["algemeen"]) | dict(_teksten()[model.naam])
    velden: dict[str, Any] = {}
    for name, value in told.items():
        if isinstance(value, str):
            text = filled(value, feiten, antwoorden, model)
            velden[name] = as_html(text) if name in HTML_FIELDS else " ".join(text.split())
        else:
            velden[name] = value
    velden |= {name: antwoorden[key] for name, key in ANSWERED.items() if antwoorden[key]}
    velden |= _toetsen(antwoorden)
    try:
        checked = Registratie.model_validate(velden)
    except ValidationError as error:
        problems = tuple(f"{_place(one['loc'])}: {one['msg']}" for one in error.errors())
        return Ingevuld(model.naam, velden, problems)
    return Ingevuld(model.naam, checked.model_dump(mode="json", exclude_none=True), ())


def _toetsen(antwoorden: Antwoorden) -> dict[str, list[dict[str, str]]]:
    """Return the assessments that were done, with a link to those that are public."""
    done = [key for key in TOETSEN if antwoorden[f"{key}_datum"]]
    links = {key: antwoorden[f"{key}_link"] for key in done}
    told = [{"title": TOETSEN[key]} | ({"link": links[key]} if links[key] else {}) for key in done]
    return {"impacttoetsen_grouping": told} if told else {}


def _place(loc: tuple[int | str, ...]) -> str:
    return ".".join(map(str, loc)) or DATES
