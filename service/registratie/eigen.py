"""What a leerbedrijf may write: its own, and nothing of another one."""

from service.errors import NotFoundError
from service.rechten.begrippen import Doel, OrganisatieSoort
from service.rechten.toegang import current


def check_own(leerbedrijf_id: str) -> None:
    """Raise NotFoundError when a leerbedrijf looks now, and this is another one.

    Who writes for another purpose writes for the region, and is let through.
    """
    toegang = current()
    if toegang.doel is not Doel.WERVING:
        return
    if leerbedrijf_id not in own_leerbedrijven():
        raise NotFoundError("leerbedrijf", leerbedrijf_id)


def own_leerbedrijven() -> frozenset[str]:
    """Return the LeerbedrijfIDs for which who looks now works."""
    return frozenset(
        one.code
        for one in current().actor.organisaties
        if one.soort is OrganisatieSoort.LEERBEDRIJF
    )
