"""Dossiers: questions of a law or a government tool, answered by what the system knows (TRUST X3).

References
----------
AI Act (Regulation (EU) 2024/1689) Annex IV; MinBZK/task-registry,
``technical_docs_for_high_risk_ai.yaml`` and ``iama.yaml`` for numbers and headings; Model DPIA
Rijksdienst for the seventeen subjects of a DPIA.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from service.publicatie.feiten import Feiten
from service.publicatie.organisatie import Antwoorden, vragen
from service.publicatie.weergave import OPEN, TEKSTEN, as_html, filled

DOSSIERS: Final = ("technische-documentatie", "dpia", "iama")
"""The dossiers, by the name of their text and of the file that is made."""


@dataclass(frozen=True)
class Antwoord:
    """One question and its answer as HTML; `open` says that the organisation must add to it."""

    nummer: str
    vraag: str
    antwoord: str
    open: bool


@dataclass(frozen=True)
class Deel:
    """The questions under one heading."""

    kop: str
    antwoorden: tuple[Antwoord, ...]


@dataclass(frozen=True)
class Dossier:
    """A whole dossier."""

    naam: str
    titel: str
    inleiding: str
    delen: tuple[Deel, ...]


def dossier(naam: str, feiten: Feiten, antwoorden: Antwoorden) -> Dossier:
    """Return one of `DOSSIERS`, every question answered or said to be open."""
    told = tomllib.loads((TEKSTEN / f"{naam}.toml").read_text(encoding="utf-8"))
    parts = tuple(
        Deel(one["kop"], tuple(_answered(ask, feiten, antwoorden) for ask in one["vraag"]))
        for one in told["deel"]
    )
    return Dossier(naam, told["titel"], told["inleiding"], parts)


def _answered(ask: Mapping[str, Any], feiten: Feiten, antwoorden: Antwoorden) -> Antwoord:
    own = filled(ask.get("antwoord", ""), feiten, antwoorden)
    keys = ask.get("organisatie", ())
    answer = as_html(own) + "".join(_of_organisation(keys, antwoorden))
    return Antwoord(ask["nummer"], ask["vraag"], answer, any(not antwoorden[key] for key in keys))


def _of_organisation(keys: tuple[str, ...], antwoorden: Antwoorden) -> Iterator[str]:
    for key in keys:
        yield as_html(f"{vragen()[key].vraag}\n\n{antwoorden[key] or OPEN}")
