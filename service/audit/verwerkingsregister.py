"""The register of processing activities: why persons are processed, one activity per purpose.

An organisation that uses Vangnet checks this file against its own register (AVG article 30) and
its DPIA; the grounds are a proposal, not legal advice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from service.rechten.begrippen import Doel

PREFIX = "urn:vangnet:verwerkingsactiviteit:"
"""Start of the URI by which the processing log refers to an activity."""


@dataclass(frozen=True)
class Verwerkingsactiviteit:
    """One line of the register: id, name, purpose and ground."""

    id: str
    naam: str
    doel: Doel
    grondslag: str

    @property
    def uri(self) -> str:
        """Reference for ``dpl.core.processing_activity_id``."""
        return f"{PREFIX}{self.id}"


PUBLIEKE_TAAK = "AVG artikel 6 lid 1 onder e: taak van algemeen belang"

REGISTER: Mapping[Doel, Verwerkingsactiviteit] = MappingProxyType(
    {
        activiteit.doel: activiteit
        for activiteit in (
            Verwerkingsactiviteit(
                "begeleiden",
                "Jongeren begeleiden naar school, stage of werk",
                Doel.BEGELEIDING,
                PUBLIEKE_TAAK,
            ),
            Verwerkingsactiviteit(
                "matchen",
                "Samen aan een matchtafel plekken voor jongeren zoeken",
                Doel.MATCHTAFEL,
                PUBLIEKE_TAAK,
            ),
            Verwerkingsactiviteit(
                "analyseren",
                "Cijfers maken en modellen beoordelen",
                Doel.ANALYSE,
                f"{PUBLIEKE_TAAK}; artikel 89: statistiek",
            ),
            Verwerkingsactiviteit(
                "beheren",
                "Accounts, gegevens en modellen in orde houden",
                Doel.BEHEER,
                PUBLIEKE_TAAK,
            ),
            Verwerkingsactiviteit(
                "toezien",
                "Controleren of alles volgens de regels gaat",
                Doel.TOEZICHT,
                "AVG artikel 6 lid 1 onder c: wettelijke plicht (artikelen 5, 32 en 39)",
            ),
            Verwerkingsactiviteit(
                "werven",
                "Vrijgegeven profielen laten zien aan een leerbedrijf",
                Doel.WERVING,
                f"{PUBLIEKE_TAAK}; alleen nadat jongere en coach het profiel hebben vrijgegeven",
            ),
            Verwerkingsactiviteit(
                "verwerken",
                "Gegevens inlezen, modellen trainen en lijsten berekenen",
                Doel.SYSTEEM,
                PUBLIEKE_TAAK,
            ),
            Verwerkingsactiviteit(
                "afwijzen",
                "Vragen weigeren van wie geen recht heeft laten zien",
                Doel.GEEN,
                "AVG artikel 6 lid 1 onder c: wettelijke plicht (artikel 32)",
            ),
        )
    }
)
"""The activity of each purpose."""


def activiteit_of(doel: str) -> Verwerkingsactiviteit:
    """Return the activity of a purpose; that of `Doel.GEEN` when no purpose was shown.

    Raises
    ------
    ValueError
        There is no such purpose.

    Examples
    --------
    >>> activiteit_of("matchtafel").uri
    'urn:vangnet:verwerkingsactiviteit:matchen'
    """
    return REGISTER[Doel(doel or Doel.GEEN)]
