"""Leerbedrijven as people keep them; recognition itself is given by SBB."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from service.registratie.eigen import check_own
from service.registratie.invoer import BRON, Invoerder, find_version, store_changed, store_new
from service.storage.feiten import Row

LEERBEDRIJF = "leerbedrijf"


@dataclass(frozen=True)
class LeerbedrijfGegevens:
    """All that a person fills in about a leerbedrijf, as in `features.tables.LEERBEDRIJF`."""

    naam: str
    plaats: str | None = None
    postcode4: str | None = None
    sector: str | None = None
    erkenningen: Sequence[str] | None = None


def create_leerbedrijf(
    session: Session, leerbedrijf_id: str, gegevens: LeerbedrijfGegevens, door: Invoerder
) -> Row:
    """Store a leerbedrijf under the number that SBB gave it, and return it.

    Raises
    ------
    InvoerError
        What was filled in breaks the contract.
    ConflictError
        It is there already.
    NotFoundError
        Who writes may not write for it: see `service.registratie.eigen.check_own`.
    """
    check_own(session, leerbedrijf_id)
    return store_new(session, LEERBEDRIJF, _row(leerbedrijf_id, gegevens), door)


def update_leerbedrijf(
    session: Session,
    leerbedrijf_id: str,
    gegevens: LeerbedrijfGegevens,
    *,
    versie: str,
    door: Invoerder,
) -> Row:
    """Replace all that is known of a leerbedrijf, and return it.

    Raises
    ------
    NotFoundError, ConflictError, InvoerError
        There is none, or who writes may not write for it; somebody changed it since `versie`; the
        contract is broken.
    """
    check_own(session, leerbedrijf_id)
    find_version(session, LEERBEDRIJF, {"leerbedrijf_id": leerbedrijf_id}, versie)
    return store_changed(session, LEERBEDRIJF, _row(leerbedrijf_id, gegevens), door)


def _row(leerbedrijf_id: str, gegevens: LeerbedrijfGegevens) -> dict[str, object]:
    return {**asdict(gegevens), "leerbedrijf_id": leerbedrijf_id, "bron": BRON}
