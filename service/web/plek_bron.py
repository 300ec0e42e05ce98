"""Which places and leerbedrijven somebody may keep: of the own region or leerbedrijf."""

from sqlalchemy.orm import Session

from service.audit.spoor import current_spoor
from service.errors import NotFoundError
from service.rechten.begrippen import Actor, Doel
from service.rechten.toegang import current
from service.registratie.eigen import elsewhere, own_leerbedrijven
from service.registratie.invoer import find
from service.registratie.leerbedrijven import LEERBEDRIJF
from service.registratie.leerwerkplekken import PLEK, Plek, find_plek
from service.registratie.taken import titles
from service.storage.feiten import FeitRepository, Filter, Row, Vergelijking

MOST_BEDRIJVEN = 20
"""Leerbedrijven that a search names."""


def noted_plek(session: Session, actor: Actor, leerwerkplek_id: str) -> Plek:
    """Return a place of the own region, and note for the audit log that it was looked at."""
    plek = find_plek(session, actor, leerwerkplek_id)
    current_spoor().note(PLEK, leerwerkplek_id)
    return plek


def find_leerbedrijf(session: Session, actor: Actor, leerbedrijf_id: str) -> Row:
    """Return a leerbedrijf for which the actor may enter a place; NotFoundError for another."""
    foreign = leerbedrijf_id in elsewhere(session, actor)
    if foreign or (current().doel is Doel.WERVING and leerbedrijf_id not in own_leerbedrijven()):
        raise NotFoundError(LEERBEDRIJF, leerbedrijf_id)
    return find(session, LEERBEDRIJF, {"leerbedrijf_id": leerbedrijf_id})


def search_leerbedrijven(session: Session, actor: Actor, naam: str) -> list[Row]:
    """Return the first leerbedrijven by name for which the actor may enter a place."""
    rows = FeitRepository(session, LEERBEDRIJF)
    if current().doel is Doel.WERVING:
        found = [rows.find({"leerbedrijf_id": one}) for one in sorted(own_leerbedrijven())]
        return [one for one in found if one is not None]
    filters = [
        Filter("naam", naam or None, Vergelijking.BEVAT),
        Filter("leerbedrijf_id", elsewhere(session, actor), Vergelijking.NIET_ONDER),
    ]
    return rows.page(filters, "naam", offset=0, limit=MOST_BEDRIJVEN)[0]


def names_of(session: Session, rows: list[Row]) -> dict[str, str]:
    """Return the names of the leerbedrijven of places, by their id."""
    bedrijven = FeitRepository(session, LEERBEDRIJF)
    wanted = {row["leerbedrijf_id"] for row in rows}
    found = {one: bedrijven.find({"leerbedrijf_id": one}) for one in wanted}
    return {one: row["naam"] if row else one for one, row in found.items()}


def eis_titles(session: Session, plek: Plek) -> dict[str, str]:
    """Return the titles of the competenties that a place asks, by their id."""
    return titles(session, "competentie", [one["competentie_id"] for one in plek.eisen])
