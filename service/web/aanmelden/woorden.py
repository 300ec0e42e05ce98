"""Dutch words for roles and rights, as the page of an account shows them."""

from collections.abc import Mapping
from types import MappingProxyType

from service.rechten.begrippen import Handeling, Rol

H = Handeling

ROLLEN: Mapping[str, str] = MappingProxyType(
    {
        Rol.MATCHTAFELDEELNEMER: "deelnemer aan de matchtafel",
        Rol.LOOPBAANCOACH: "loopbaancoach",
        Rol.ANALIST: "analist",
        Rol.BEHEERDER: "beheerder",
        Rol.FUNCTIONARIS_GEGEVENSBESCHERMING: "functionaris gegevensbescherming",
        Rol.LEERBEDRIJF: "leerbedrijf",
    }
)
RECHTEN: Mapping[str, str] = MappingProxyType(
    {
        H.JONGEREN_SCHRIJVEN: "Jongeren wijzigen",
        H.RISICO_LEZEN: "Kans op uitval lezen",
        H.SUGGESTIES_LEZEN: "Suggesties voor een jongere lezen",
        H.KANDIDATEN_LEZEN: "Kandidaten voor een leerwerkplek lezen",
        H.LEERWERKPLEKKEN_SCHRIJVEN: "Leerwerkplekken wijzigen",
        H.PROFIELEN_LEZEN: "Vrijgegeven profielen lezen",
        H.VRIJGEVEN: "Een profiel vrijgeven",
        H.MATCHTAFELS_SCHRIJVEN: "Matchtafels voorbereiden en leiden",
        H.IMPORTEN_SCHRIJVEN: "Importen doen",
        H.AUDIT_LEZEN: "Het logboek lezen",
        H.SUGGESTIELOG_LEZEN: "Het log van suggesties lezen",
        H.INZAGE: "Alles over een persoon inzien",
        H.PRIVACY_UITVOEREN: "Verzoeken om privacy uitvoeren",
    }
)
"""Rights whose name says too little by itself."""


def rol_tekst(rol: str) -> str:
    """Return a role in words."""
    return ROLLEN.get(rol, rol.replace("_", " "))


def recht_tekst(handeling: str) -> str:
    """Return what a right allows, in words."""
    return RECHTEN.get(handeling, handeling.replace("_", " ").capitalize())
