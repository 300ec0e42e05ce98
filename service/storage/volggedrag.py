"""What people decided beside what was shown to them first, and the alarms about that."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from features.contract import LIST_SEPARATOR
from service.rechten.rijen import rijen
from service.storage.matchtafel_tables import AGENDAPUNT, BESLUIT
from service.storage.rechten_tables import GEBRUIKER_ORGANISATIE, ORGANISATIE
from service.storage.suggestielog_tables import LIJST, SUGGESTIE, VERTONING, VOLGALARM
from service.storage.tables import GEBRUIKER

FIRST = 1


@dataclass(frozen=True)
class Genomen:
    """A besluit with whom it is about and who took it."""

    id: int
    jongere_id: str
    leerwerkplek_id: str | None
    keuze: str
    door: int
    tijdstip: datetime


@dataclass(frozen=True)
class Getoond:
    """The first suggestie for a jongere in a list that somebody saw; only a moment without one."""

    gebruiker_id: int
    jongere_id: str
    leerwerkplek_id: str | None
    tijdstip: datetime


@dataclass(frozen=True)
class Volgalarm:
    """A group that follows too often or decides too fast."""

    dag: date
    groep: str
    naam: str
    reden: str
    besluiten: int
    waarde: float
    tijdstip: datetime


class VolggedragRepository:
    """Every query on how people follow what is suggested; it never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def besluiten(self, *, since: datetime) -> list[Genomen]:
        """Return the besluiten since a moment, the oldest first."""
        statement = (
            rijen(
                BESLUIT,
                BESLUIT.c.id,
                AGENDAPUNT.c.jongere_id,
                BESLUIT.c.leerwerkplek_id,
                BESLUIT.c.keuze,
                BESLUIT.c.door,
                BESLUIT.c.tijdstip,
            )
            .join(AGENDAPUNT, AGENDAPUNT.c.id == BESLUIT.c.agendapunt_id)
            .where(BESLUIT.c.tijdstip >= since)
            .order_by(BESLUIT.c.tijdstip, BESLUIT.c.id)
        )
        return [Genomen(**row) for row in self._session.execute(statement).mappings()]

    def shown(self, soorten: Mapping[str, bool], *, since: datetime) -> list[Getoond]:
        """Return what accounts were shown of jongeren since a moment, the oldest first.

        Parameters
        ----------
        soorten : mapping of str to bool
            Kinds of lists, and whether in such a list only what stands first counts.
        since : datetime
            The moment.
        """
        kinds = [
            sa.and_(LIJST.c.soort == soort, SUGGESTIE.c.rang == FIRST)
            if first
            else LIJST.c.soort == soort
            for soort, first in soorten.items()
        ]
        statement = (
            rijen(
                SUGGESTIE,
                VERTONING.c.gebruiker_id,
                SUGGESTIE.c.jongere_id,
                SUGGESTIE.c.object_id.label("leerwerkplek_id"),
                VERTONING.c.tijdstip,
            )
            .join(LIJST, LIJST.c.sha256 == SUGGESTIE.c.lijst_sha256)
            .join(VERTONING, VERTONING.c.lijst_sha256 == LIJST.c.sha256)
            .where(VERTONING.c.tijdstip >= since, VERTONING.c.gebruiker_id.is_not(None))
            .where(sa.or_(*kinds))
            .order_by(VERTONING.c.tijdstip)
        )
        return [Getoond(**row) for row in self._session.execute(statement).mappings()]

    def groups(self) -> dict[int, list[tuple[str, str]]]:
        """Return the roles, teams and regions of each account, as (kind, name)."""
        found: dict[int, list[tuple[str, str]]] = {}
        for gebruiker_id, rollen in self._session.execute(
            sa.select(GEBRUIKER.c.id, GEBRUIKER.c.rollen)
        ):
            found[gebruiker_id] = [("rol", rol) for rol in rollen.split(LIST_SEPARATOR) if rol]
        of = sa.select(
            GEBRUIKER_ORGANISATIE.c.gebruiker_id, ORGANISATIE.c.naam, ORGANISATIE.c.regio
        )
        joined = of.join(ORGANISATIE, ORGANISATIE.c.id == GEBRUIKER_ORGANISATIE.c.organisatie_id)
        for gebruiker_id, naam, regio in self._session.execute(joined):
            own = found.setdefault(gebruiker_id, [])
            own += [one for one in (("team", naam), ("regio", regio)) if one not in own]
        return found

    def add_alarm(self, alarm: Volgalarm) -> bool:
        """Store an alarm once a day; whether it is new."""
        keys = {name: getattr(alarm, name) for name in ("dag", "groep", "naam", "reden")}
        same = [VOLGALARM.c[name] == value for name, value in keys.items()]
        if self._session.execute(sa.select(VOLGALARM.c.dag).where(*same)).first():
            return False
        self._session.execute(sa.insert(VOLGALARM).values(**vars(alarm)))
        return True

    def alarms(self, *, limit: int) -> list[Volgalarm]:
        """Return the newest alarms."""
        newest = sa.select(VOLGALARM).order_by(VOLGALARM.c.dag.desc(), VOLGALARM.c.tijdstip.desc())
        rows = self._session.execute(newest.limit(limit)).mappings()
        return [Volgalarm(**row) for row in rows]

    def to_review(self, model: str, versie: str) -> list[Genomen]:
        """Return the besluiten about a jongere of whom this version was shown before, by time."""
        first = (
            rijen(SUGGESTIE, SUGGESTIE.c.jongere_id, sa.func.min(VERTONING.c.tijdstip).label("op"))
            .join(LIJST, LIJST.c.sha256 == SUGGESTIE.c.lijst_sha256)
            .join(VERTONING, VERTONING.c.lijst_sha256 == LIJST.c.sha256)
            .where(LIJST.c.model == model, LIJST.c.model_versie == versie)
            .group_by(SUGGESTIE.c.jongere_id)
            .subquery()
        )
        statement = (
            rijen(
                BESLUIT,
                BESLUIT.c.id,
                AGENDAPUNT.c.jongere_id,
                BESLUIT.c.leerwerkplek_id,
                BESLUIT.c.keuze,
                BESLUIT.c.door,
                BESLUIT.c.tijdstip,
            )
            .join(AGENDAPUNT, AGENDAPUNT.c.id == BESLUIT.c.agendapunt_id)
            .join(first, first.c.jongere_id == AGENDAPUNT.c.jongere_id)
            .where(BESLUIT.c.tijdstip >= first.c.op)
            .order_by(BESLUIT.c.tijdstip, BESLUIT.c.id)
        )
        return [Genomen(**row) for row in self._session.execute(statement).mappings()]
