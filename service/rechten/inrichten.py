"""Who works where: organisations from the data, roles and organisations of an account."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from service.aanmelden.accounts import set_rollen
from service.errors import NotFoundError
from service.rechten.begrippen import Organisatie, OrganisatieSoort, Rol
from service.storage.engine import unit_of_work
from service.storage.gebruiker import GebruikerRepository
from service.storage.organisatie import OrganisatieRepository


@dataclass(frozen=True)
class Aanstelling:
    """What is to be granted to an account; None leaves as it is."""

    rollen: Collection[Rol] | None = None
    organisaties: Collection[str] | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be changed."""
        return self.rollen is None and self.organisaties is None


def appoint(session: Session, naam: str, aanstelling: Aanstelling) -> None:
    """Give an account roles and organisations, in place of those it had; its sessions end.

    Raises
    ------
    NotFoundError
        There is no such account, or no such organisation.
    """
    known = GebruikerRepository(session).find(naam)
    if known is None:
        raise NotFoundError("gebruiker", naam)
    if aanstelling.rollen is not None:
        set_rollen(session, naam, [rol for rol in Rol if rol in aanstelling.rollen])
    if aanstelling.organisaties is not None:
        repository = OrganisatieRepository(session)
        repository.put(known.id, [repository.find(one) for one in aanstelling.organisaties])


def organisaties_from_data(engine: Engine, regio: str) -> Sequence[Organisatie]:
    """Make an organisation of the region itself and of all that the data name and nobody has yet.

    Parameters
    ----------
    engine : Engine
        The store.
    regio : str
        Region of the new ones. Look at the list afterwards: data name gemeenten and schools of
        other regions too.

    Returns
    -------
    sequence of Organisatie
        Those that were made.
    """
    with unit_of_work(engine) as session:
        repository = OrganisatieRepository(session)
        taken = {one.naam for one in repository.all()}
        wanted = [(OrganisatieSoort.REGIO, regio, f"Doorstroompunt {regio}")] + [
            (soort, code, naam)
            for soort, found in repository.unclaimed().items()
            for code, naam in found
        ]
        made = []
        for soort, code, naam in wanted:
            own = naam if naam not in taken else f"{naam} ({code})"
            taken.add(own)
            made.append(repository.add(naam=own, soort=soort, code=code, regio=regio))
        return made
