"""What a beheerder does with the account of somebody else, as one unit of work."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from service.aanmelden.accounts import (
    create_gebruiker,
    end_sessions,
    find_gebruiker,
    make_setup_link,
    set_gebruiker_actief,
)
from service.aanmelden.oidc import link_person
from service.aanmelden.provider import Persoon
from service.errors import SettingsError
from service.rechten.inrichten import Aanstelling, appoint
from service.storage.gebruiker import GebruikerRepository
from service.storage.organisatie import OrganisatieRepository
from service.storage.tweede_factor import TweedeFactorRepository


@dataclass(frozen=True)
class Wijziging:
    """What is to become of an account; what is not named stays as it is."""

    aanstelling: Aanstelling = field(default_factory=Aanstelling)
    actief: bool | None = None
    sub: str | None = None
    geen_tweede_stap: bool = False

    @property
    def changes_existing(self) -> bool:
        """Whether something is asked that only an account that exists can get."""
        return self.actief is not None or self.sub is not None or self.geen_tweede_stap

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be changed, so that a new link is what is wanted."""
        return self.aanstelling.is_empty and not self.changes_existing


@dataclass(frozen=True)
class Uitkomst:
    """What became of an account: the secret of a setup link, if one was made."""

    link: str
    ziet_iets: bool
    """Whether it has a role and an organisation; without either it sees nobody."""


def manage_account(
    session: Session, naam: str, wanted: Wijziging, *, key: bytes, issuer: str | None, now: datetime
) -> Uitkomst:
    """Make or change an account.

    Parameters
    ----------
    session : Session
        Unit of work that writes.
    naam : str
        Name to log in with.
    wanted : Wijziging
        What is to be changed. An account that is new, or of which nothing is, gets a link.
    key : bytes
        Under which links are stored.
    issuer : str or None
        The identity provider of this installation.
    now : datetime
        This moment.

    Raises
    ------
    NotFoundError
        There is no such account to change, or no such organisation.
    SettingsError
        A person at a provider is named, and there is no provider.
    SignInError
        This person of the provider has another account.
    """
    is_new = GebruikerRepository(session).find(naam) is None
    if is_new and not wanted.changes_existing:
        create_gebruiker(session, naam, None, ())
    if not wanted.aanstelling.is_empty:
        appoint(session, naam, wanted.aanstelling)
    known = find_gebruiker(session, naam)
    if wanted.actief is not None:
        set_gebruiker_actief(session, naam, actief=wanted.actief)
    if wanted.sub is not None:
        if issuer is None:
            raise SettingsError("oidc_issuer", "no identity provider")
        link_person(session, known, Persoon(issuer, wanted.sub), now)
    if wanted.geen_tweede_stap:
        TweedeFactorRepository(session).remove(known.id)
        end_sessions(session, known.id)
    needs_link = is_new or wanted.is_empty
    link = make_setup_link(session, naam, key=key, now=now) if needs_link else ""
    organisaties = OrganisatieRepository(session).of(known.id)
    return Uitkomst(link, bool(find_gebruiker(session, naam).rollen and organisaties))
