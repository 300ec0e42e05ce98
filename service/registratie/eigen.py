"""For which leerbedrijven somebody may write: the own one, or those of the own regions."""

from sqlalchemy.orm import Session

from service.errors import NotFoundError
from service.rechten.begrippen import Actor, Doel, OrganisatieSoort
from service.rechten.toegang import current
from service.storage.organisatie import OrganisatieRepository


def check_own(session: Session, leerbedrijf_id: str) -> None:
    """Raise NotFoundError when who looks now may not write for a leerbedrijf.

    A leerbedrijf writes for itself alone. Who writes for another purpose does so for the own
    regions, and for a leerbedrijf that is an organisation of no region yet (TRUST S6).
    """
    toegang = current()
    if toegang.doel is Doel.WERVING:
        foreign = leerbedrijf_id not in own_leerbedrijven()
    else:
        system = toegang.doel is Doel.SYSTEEM
        foreign = not system and leerbedrijf_id in elsewhere(session, toegang.actor)
    if foreign:
        raise NotFoundError("leerbedrijf", leerbedrijf_id)


def own_leerbedrijven() -> frozenset[str]:
    """Return the LeerbedrijfIDs for which who looks now works."""
    return frozenset(
        one.code
        for one in current().actor.organisaties
        if one.soort is OrganisatieSoort.LEERBEDRIJF
    )


def elsewhere(session: Session, actor: Actor) -> list[str]:
    """Return the leerbedrijven that are an organisation of a region that is not the actor's."""
    return [
        one.code
        for one in OrganisatieRepository(session).all()
        if one.soort is OrganisatieSoort.LEERBEDRIJF and one.regio not in actor.regios
    ]
