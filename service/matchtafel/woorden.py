"""What a matchtafel says in Dutch, the same on the pages and in the API."""

from collections.abc import Mapping
from types import MappingProxyType

from models.allocation_answers import Verschil
from models.allocation_objectives import Doel
from service.dutch import getal

LEAST = 0.005
"""A smaller difference in expected plaatsingen is none."""

DOELEN: Mapping[Doel, str] = MappingProxyType(
    {
        Doel.AANTAL: "zo veel mogelijk jongeren met een plek",
        Doel.MOEILIJK_PLAATSBAAR: "voorrang voor wie het moeilijkst te plaatsen is",
        Doel.ZWAKSTE_KANS: "de kleinste kans van slagen zo groot mogelijk",
        Doel.ZWAKSTE_WINST: "wie het minst wint, wint zo veel mogelijk",
        Doel.TOTAAL: "zo veel mogelijk plaatsingen die slagen",
        Doel.REISTIJD: "zo weinig mogelijk reizen",
    }
)
"""Objectives as the table reads them, each once in the order that it chose."""

NIEUWS: Mapping[str, str] = MappingProxyType(
    {
        "deelnemer": "er is een deelnemer bij",
        "agendapunt": "er staat een jongere bij op de agenda",
        "plek": "er is een plek gewijzigd",
        "wens": "er is iets vastgezet, uitgesloten of losgemaakt",
        "voorstel": "er is een nieuw voorstel",
        "besluit": "er is een besluit genomen",
        "opvolging": "een vraag is beantwoord",
        "open": "de matchtafel is geopend",
        "gesloten": "de matchtafel is gesloten",
    }
)
"""What changed at the table, by the kind of the event."""


def gevolg(change: Verschil) -> str:
    """Say what a change does to the table, as the end of a sentence."""
    placed = sum((one.naar is not None) - (one.van is not None) for one in change.verschuivingen)
    if not change.verschuivingen:
        return "verandert er niets"
    moved = len(change.verschuivingen)
    who = "krijgt 1 jongere iets anders" if moved == 1 else f"krijgen {moved} jongeren iets anders"
    more = (
        "" if placed == 0 else f", {abs(placed)} {'meer' if placed > 0 else 'minder'} met een plek"
    )
    if abs(change.winst) < LEAST:
        return f"{who}{more}, en slagen er naar verwachting evenveel plaatsingen"
    word = "meer" if change.winst > 0 else "minder"
    gain = getal(abs(change.winst), 2)
    return f"{who}{more}, en slagen er naar verwachting {gain} plaatsingen {word}"
