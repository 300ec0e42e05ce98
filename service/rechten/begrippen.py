"""The words of rights: roles, purposes, what a route does, and who asks."""

from dataclasses import dataclass
from enum import StrEnum


class Rol(StrEnum):
    """What somebody is in the region; an account may have several roles."""

    MATCHTAFELDEELNEMER = "matchtafeldeelnemer"
    LOOPBAANCOACH = "loopbaancoach"
    ANALIST = "analist"
    BEHEERDER = "beheerder"
    FUNCTIONARIS_GEGEVENSBESCHERMING = "functionaris_gegevensbescherming"
    LEERBEDRIJF = "leerbedrijf"


class Doel(StrEnum):
    """For what somebody looks or acts: the purpose of AVG article 5(1)(b), kept per request."""

    BEGELEIDING = "begeleiding"
    MATCHTAFEL = "matchtafel"
    ANALYSE = "analyse"
    BEHEER = "beheer"
    TOEZICHT = "toezicht"
    WERVING = "werving"
    """A leerbedrijf looks for jongeren for its own leerwerkplekken."""
    SYSTEEM = "systeem"
    """Imports, training and nightly jobs: no role has it, so no request can name it."""
    GEEN = "geen"
    """A request that has shown no right yet: it sees no row about a person."""


class Handeling(StrEnum):
    """What a route does; every route declares exactly one."""

    OPENBAAR = "openbaar"
    """For everybody, also who is not logged in; never anything about a person."""
    EIGEN_ACCOUNT = "eigen_account"
    """Own session, password, second factor, tokens, choice of purpose: for who is logged in."""
    JONGEREN_LEZEN = "jongeren_lezen"
    """Who jongeren are and what was registered of them, without any score."""
    JONGEREN_SCHRIJVEN = "jongeren_schrijven"
    RISICO_LEZEN = "risico_lezen"
    """The uitvalrisico, also a list that shows it."""
    SUGGESTIES_LEZEN = "suggesties_lezen"
    """Leerwerkplekken or routes for one jongere, also of a what-if."""
    KANDIDATEN_LEZEN = "kandidaten_lezen"
    """Jongeren for one leerwerkplek."""
    LEERWERKPLEKKEN_LEZEN = "leerwerkplekken_lezen"
    LEERWERKPLEKKEN_SCHRIJVEN = "leerwerkplekken_schrijven"
    PROFIELEN_LEZEN = "profielen_lezen"
    """Profiles that jongere and coach released to the own leerbedrijf (TRUST H9)."""
    VRIJGEVEN = "vrijgeven"
    """Record or withdraw the release of a profile to a leerbedrijf."""
    MATCHTAFELS_LEZEN = "matchtafels_lezen"
    MATCHTAFELS_SCHRIJVEN = "matchtafels_schrijven"
    """Plan, open, close, invite, agenda, places, wishes, proposals."""
    BESLUITEN_NEMEN = "besluiten_nemen"
    """Take a besluit, answer an opvolging."""
    CIJFERS_LEZEN = "cijfers_lezen"
    """Aggregates in which small numbers are hidden (TRUST P8)."""
    MODELLEN_LEZEN = "modellen_lezen"
    MODELLEN_BEHEREN = "modellen_beheren"
    """Approve, refuse, roll back: work of analysts (TRUST F11)."""
    EFFECTEN_LEZEN = "effecten_lezen"
    """What help brings on average, by groups."""
    MODELLEN_STOPPEN = "modellen_stoppen"
    """Turn the stop switch of a model (TRUST H7)."""
    IMPORTEN_LEZEN = "importen_lezen"
    IMPORTEN_SCHRIJVEN = "importen_schrijven"
    GEBRUIKERS_BEHEREN = "gebruikers_beheren"
    """Accounts, roles, organisations."""
    AUDIT_LEZEN = "audit_lezen"
    SUGGESTIELOG_LEZEN = "suggestielog_lezen"
    """What was suggested and seen, and the review list of a model version (TRUST H1, H8)."""
    INZAGE = "inzage"
    """Everything on one person, readable and as JSON (TRUST P3)."""
    PRIVACY_UITVOEREN = "privacy_uitvoeren"
    """Correctie, bezwaar, zienswijze."""
    VERWIJDEREN = "verwijderen"
    """Erase a person for good (TRUST P4)."""
    BEWAARVERSLAG_LEZEN = "bewaarverslag_lezen"
    """What was thrown away and how long the rest is kept: numbers, no persons (TRUST P5)."""


class OrganisatieSoort(StrEnum):
    """What an organisation is, and so which jongeren are its own."""

    SCHOOL = "school"
    """`code` is the BRIN; its jongeren are enrolled there."""
    GEMEENTE = "gemeente"
    """`code` is the name as registered; its jongeren live there."""
    LEERBEDRIJF = "leerbedrijf"
    """`code` is the LeerbedrijfID of SBB; it has leerwerkplekken, no jongeren of its own."""
    REGIO = "regio"
    """A regional body, such as a Doorstroompunt; its jongeren are those of the whole region."""


@dataclass(frozen=True)
class Organisatie:
    """A body that accounts belong to; `regio` is the region in which it works."""

    id: int
    naam: str
    soort: OrganisatieSoort
    code: str
    regio: str


@dataclass(frozen=True)
class Actor:
    """Who asks, with what is granted at this moment (TRUST S8).

    `scopes` is None for who came in by a session: all that the roles allow. Who came in by an API
    token may do only these handelingen (TRUST S3).
    """

    gebruiker_id: int
    naam: str
    rollen: tuple[Rol, ...]
    organisaties: tuple[Organisatie, ...] = ()
    scopes: frozenset[str] | None = None

    @property
    def regios(self) -> frozenset[str]:
        """Regions in which the actor works."""
        return frozenset(one.regio for one in self.organisaties)
