"""What the watch measures, by name, and what each is called on the page."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Maat(StrEnum):
    """What a finding is a figure of."""

    BESTANDEN = "bestanden"
    INVOER = "invoer"
    SCORE = "score"
    KALIBRATIE = "kalibratie"
    GROEPEN = "groepen"
    NA_BESLUIT = "na besluit"
    EERLIJK = "eerlijkheid"
    PLAATSING = "plaatsing"
    HERTOETS = "hertoets"
    BRON = "bron"
    BESTAND = "bestand"
    GEWEIGERD = "geweigerd"


NAMEN: Mapping[str, str] = MappingProxyType(
    {
        Maat.BESTANDEN: "Het model zelf",
        Maat.INVOER: "Gegevens verschoven",
        Maat.SCORE: "Kansen verschoven",
        Maat.KALIBRATIE: "Kansen en wat uitkwam",
        Maat.GROEPEN: "Verschil tussen groepen",
        Maat.NA_BESLUIT: "Verschil tussen groepen na het besluit",
        Maat.EERLIJK: "Toets op geslacht en herkomst",
        Maat.PLAATSING: "Voorstellen die een plaatsing werden",
        Maat.HERTOETS: "Toets na vier en acht weken",
        Maat.BRON: "Onbekende velden",
        Maat.BESTAND: "Laatste bestand",
        Maat.GEWEIGERD: "Geweigerde regels",
    }
)
"""Readable name of each."""
