"""Giving a jongere a coach: what widens whom that coach may see."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from service.errors import NotFoundError
from service.rechten.begrippen import Rol
from service.rechten.rijen import rijen
from service.storage.gebruiker import Gebruiker, GebruikerRepository
from service.storage.organisatie import OrganisatieRepository
from service.storage.tables import CANONICAL
from service.storage.toewijzing import ToewijzingRepository

JONGERE = CANONICAL["jongere"]


@dataclass(frozen=True)
class Begeleiding:
    """The coaches of a jongere, and those who can become one, by name."""

    coaches: tuple[str, ...]
    anderen: tuple[str, ...]


def guidance(session: Session, jongere_id: str, regios: frozenset[str] | None) -> Begeleiding:
    """Return who guides a jongere and who can.

    Parameters
    ----------
    session : Session
        Unit of work.
    jongere_id : str
        The jongere.
    regios : frozenset of str or None
        Only coaches who work in one of these; None for all.

    Raises
    ------
    NotFoundError
        There is no such jongere that who looks may see.
    """
    _check(session, jongere_id)
    now = ToewijzingRepository(session).begeleiders(jongere_id)
    coaches = _coaches(session, regios)
    return Begeleiding(
        tuple(one.naam for one in coaches if one.id in now),
        tuple(one.naam for one in coaches if one.id not in now),
    )


def assign(
    session: Session, jongere_id: str, naam: str, *, regios: frozenset[str] | None, op: datetime
) -> None:
    """Let a coach guide a jongere, and so see this one too.

    Raises
    ------
    NotFoundError
        There is no such jongere that who looks may see, or no such coach in these regions.
    """
    _check(session, jongere_id)
    coach = _coach(session, naam, regios)
    OrganisatieRepository(session).assign(coach.id, jongere_id, op=op)


def end(session: Session, jongere_id: str, naam: str, *, regios: frozenset[str] | None) -> None:
    """Let a coach no longer guide a jongere; NotFoundError as `assign`."""
    _check(session, jongere_id)
    coach = _coach(session, naam, regios)
    OrganisatieRepository(session).unassign(coach.id, jongere_id)


def _check(session: Session, jongere_id: str) -> None:
    chosen = rijen(JONGERE, sa.literal(1)).where(JONGERE.c.jongere_id == jongere_id)
    if session.scalar(chosen) is None:
        raise NotFoundError("jongere", jongere_id)


def _coach(session: Session, naam: str, regios: frozenset[str] | None) -> Gebruiker:
    for one in _coaches(session, regios):
        if one.naam == naam:
            return one
    raise NotFoundError("coach", naam)


def _coaches(session: Session, regios: frozenset[str] | None) -> list[Gebruiker]:
    """Return every open account of a loopbaancoach who works in one of these regions."""
    organisaties = OrganisatieRepository(session).by_gebruiker()
    return [
        one
        for one in GebruikerRepository(session).list()
        if one.actief
        and Rol.LOOPBAANCOACH in one.rollen
        and (regios is None or regios & {at.regio for at in organisaties.get(one.id, ())})
    ]
