"""Role x purpose x what a route does, in one place; what is not here is refused (TRUST P2)."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from service.rechten.begrippen import Doel, Handeling, Rol

H = Handeling

MATRIX: Mapping[tuple[Rol, Doel], frozenset[Handeling]] = MappingProxyType(
    {
        (Rol.LOOPBAANCOACH, Doel.BEGELEIDING): frozenset(
            {
                H.JONGEREN_LEZEN,
                H.JONGEREN_SCHRIJVEN,
                H.RISICO_LEZEN,
                H.SUGGESTIES_LEZEN,
                H.KANDIDATEN_LEZEN,
                H.LEERWERKPLEKKEN_LEZEN,
                H.LEERWERKPLEKKEN_SCHRIJVEN,
                H.VRIJGEVEN,
                H.INZAGE,
                H.PRIVACY_UITVOEREN,
                H.MODELLEN_LEZEN,
            }
        ),
        (Rol.MATCHTAFELDEELNEMER, Doel.MATCHTAFEL): frozenset(
            {
                H.JONGEREN_LEZEN,
                H.RISICO_LEZEN,
                H.SUGGESTIES_LEZEN,
                H.KANDIDATEN_LEZEN,
                H.LEERWERKPLEKKEN_LEZEN,
                H.LEERWERKPLEKKEN_SCHRIJVEN,
                H.MATCHTAFELS_LEZEN,
                H.MATCHTAFELS_SCHRIJVEN,
                H.BESLUITEN_NEMEN,
                H.MODELLEN_LEZEN,
            }
        ),
        (Rol.ANALIST, Doel.ANALYSE): frozenset(
            {
                H.LEERWERKPLEKKEN_LEZEN,
                H.CIJFERS_LEZEN,
                H.MODELLEN_LEZEN,
                H.MODELLEN_BEHEREN,
                H.EFFECTEN_LEZEN,
                H.IMPORTEN_LEZEN,
            }
        ),
        (Rol.BEHEERDER, Doel.BEHEER): frozenset(
            {
                H.GEBRUIKERS_BEHEREN,
                H.IMPORTEN_LEZEN,
                H.IMPORTEN_SCHRIJVEN,
                H.MODELLEN_LEZEN,
                H.MODELLEN_STOPPEN,
                H.LEERWERKPLEKKEN_LEZEN,
                H.BEWAARVERSLAG_LEZEN,
            }
        ),
        (Rol.FUNCTIONARIS_GEGEVENSBESCHERMING, Doel.TOEZICHT): frozenset(
            {
                H.JONGEREN_LEZEN,
                H.RISICO_LEZEN,
                H.SUGGESTIES_LEZEN,
                H.KANDIDATEN_LEZEN,
                H.LEERWERKPLEKKEN_LEZEN,
                H.MATCHTAFELS_LEZEN,
                H.CIJFERS_LEZEN,
                H.MODELLEN_LEZEN,
                H.IMPORTEN_LEZEN,
                H.AUDIT_LEZEN,
                H.SUGGESTIELOG_LEZEN,
                H.MODELLEN_STOPPEN,
                H.INZAGE,
                H.PRIVACY_UITVOEREN,
                H.VERWIJDEREN,
                H.BEWAARVERSLAG_LEZEN,
            }
        ),
        (Rol.LEERBEDRIJF, Doel.WERVING): frozenset(
            {H.LEERWERKPLEKKEN_LEZEN, H.LEERWERKPLEKKEN_SCHRIJVEN, H.PROFIELEN_LEZEN}
        ),
    }
)

EVERYBODY = frozenset({H.EIGEN_ACCOUNT})
"""What needs no role, only a login."""


def allowed_doelen(rollen: Iterable[Rol], handeling: Handeling) -> tuple[Doel, ...]:
    """Return the purposes for which somebody with these roles may do this, in order of `Doel`.

    Examples
    --------
    >>> allowed_doelen([Rol.LOOPBAANCOACH, Rol.MATCHTAFELDEELNEMER], Handeling.RISICO_LEZEN)
    (<Doel.BEGELEIDING: 'begeleiding'>, <Doel.MATCHTAFEL: 'matchtafel'>)
    >>> allowed_doelen([Rol.LEERBEDRIJF], Handeling.RISICO_LEZEN)
    ()
    """
    held = set(rollen)
    found = {doel for (rol, doel), does in MATRIX.items() if rol in held and handeling in does}
    return tuple(doel for doel in Doel if doel in found)


def doelen_of(rollen: Iterable[Rol]) -> tuple[Doel, ...]:
    """Return every purpose that somebody with these roles can have, in order of `Doel`."""
    held = set(rollen)
    found = {doel for rol, doel in MATRIX if rol in held}
    return tuple(doel for doel in Doel if doel in found)
