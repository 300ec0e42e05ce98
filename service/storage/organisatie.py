"""Organisations, who works for them, and who guides whom."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from service.errors import NotFoundError
from service.rechten.begrippen import Organisatie, OrganisatieSoort
from service.rechten.rijen import jongeren_of_regio, rijen, zichtbaar
from service.storage.rechten_tables import (
    GEBRUIKER_ORGANISATIE,
    ORGANISATIE,
    RECHTENSTAND,
    TOEWIJZING,
)
from service.storage.tables import CANONICAL, IMPORTRUN

JONGERE = CANONICAL["jongere"]
INSCHRIJVING = CANONICAL["inschrijving"]
LEERBEDRIJF = CANONICAL["leerbedrijf"]
ORDER = (ORGANISATIE.c.regio, ORGANISATIE.c.soort, ORGANISATIE.c.naam)
Stand = tuple[int, int]
"""Changes with organisations, toewijzingen and every import."""


class OrganisatieRepository:
    """Every query on organisations; it never commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, *, naam: str, soort: OrganisatieSoort, code: str, regio: str) -> Organisatie:
        """Store an organisation, or change the one of this soort and code."""
        same = (ORGANISATIE.c.soort == soort) & (ORGANISATIE.c.code == code)
        known = self._session.scalar(sa.select(ORGANISATIE.c.id).where(same))
        if known is None:
            added = sa.insert(ORGANISATIE).values(naam=naam, soort=soort, code=code, regio=regio)
            known = self._session.execute(added.returning(ORGANISATIE.c.id)).scalar_one()
        else:
            changed = sa.update(ORGANISATIE).where(ORGANISATIE.c.id == known)
            self._session.execute(changed.values(naam=naam, regio=regio))
        self.count_up()
        return Organisatie(known, naam, soort, code, regio)

    def find(self, naam: str) -> Organisatie:
        """Return the organisation of this naam; NotFoundError when there is none."""
        found = self._all(ORGANISATIE.c.naam == naam)
        if not found:
            raise NotFoundError("organisatie", naam)
        return found[0]

    def all(self) -> tuple[Organisatie, ...]:
        """Return every organisation, by regio, soort and naam."""
        return self._all(sa.true())

    def of(self, gebruiker_id: int) -> tuple[Organisatie, ...]:
        """Return the organisations that an account works for, by regio, soort and naam."""
        mine = sa.select(GEBRUIKER_ORGANISATIE.c.organisatie_id).where(
            GEBRUIKER_ORGANISATIE.c.gebruiker_id == gebruiker_id
        )
        return self._all(ORGANISATIE.c.id.in_(mine))

    def by_gebruiker(self) -> dict[int, tuple[Organisatie, ...]]:
        """Return what `of` says of every account, at once; an account without any is left out."""
        works = sa.select(GEBRUIKER_ORGANISATIE.c.gebruiker_id, ORGANISATIE)
        rows = self._session.execute(works.join(ORGANISATIE).order_by(*ORDER)).mappings()
        found: dict[int, tuple[Organisatie, ...]] = {}
        for row in rows:
            fields = dict(row)
            account = fields.pop("gebruiker_id")
            found[account] = (*found.get(account, ()), _to_organisatie(fields))
        return found

    def put(self, gebruiker_id: int, organisaties: Iterable[Organisatie]) -> None:
        """Let an account work for these organisations and for no other."""
        self._session.execute(
            sa.delete(GEBRUIKER_ORGANISATIE).where(
                GEBRUIKER_ORGANISATIE.c.gebruiker_id == gebruiker_id
            )
        )
        rows = [
            {"gebruiker_id": gebruiker_id, "organisatie_id": organisatie_id}
            for organisatie_id in sorted({one.id for one in organisaties})
        ]
        if rows:
            self._session.execute(sa.insert(GEBRUIKER_ORGANISATIE), rows)
        self.count_up()

    def assign(self, gebruiker_id: int, jongere_id: str, *, op: datetime) -> None:
        """Let an account guide a jongere whom it may see already, or now will."""
        self.unassign(gebruiker_id, jongere_id)
        row = {"gebruiker_id": gebruiker_id, "jongere_id": jongere_id, "sinds": op}
        self._session.execute(sa.insert(TOEWIJZING), [row])
        self.count_up()

    def unassign(self, gebruiker_id: int, jongere_id: str) -> None:
        """Let an account no longer guide a jongere; nothing happens when it did not."""
        self._session.execute(
            sa.delete(TOEWIJZING).where(
                TOEWIJZING.c.gebruiker_id == gebruiker_id,
                TOEWIJZING.c.jongere_id == jongere_id,
                zichtbaar(TOEWIJZING),
            )
        )
        self.count_up()

    def unclaimed(self) -> dict[OrganisatieSoort, list[tuple[str, str]]]:
        """Return code and name of what the data name and no organisation stands for.

        Returns
        -------
        dict
            Of schools (BRIN twice, for the data know no names), gemeenten and leerbedrijven.
        """
        found = {
            OrganisatieSoort.SCHOOL: rijen(INSCHRIJVING, INSCHRIJVING.c.instelling),
            OrganisatieSoort.GEMEENTE: rijen(JONGERE, JONGERE.c.gemeente),
        }
        named = {
            soort: {code: code for code in self._session.scalars(statement.distinct()) if code}
            for soort, statement in found.items()
        }
        names = sa.select(LEERBEDRIJF.c.leerbedrijf_id, LEERBEDRIJF.c.naam)
        named[OrganisatieSoort.LEERBEDRIJF] = {
            row.leerbedrijf_id: row.naam or row.leerbedrijf_id
            for row in self._session.execute(names)
        }
        known = {(one.soort, one.code) for one in self.all()}
        return {
            soort: [(code, codes[code]) for code in sorted(codes) if (soort, code) not in known]
            for soort, codes in named.items()
        }

    def schoolnamen(self) -> dict[str, str]:
        """Return the names of schools by their code; one that is only called by its code has none.

        Data name schools by BRIN alone, so a name is what somebody entered.
        """
        row = ORGANISATIE.c
        named = (row.soort == OrganisatieSoort.SCHOOL) & (row.naam != row.code)
        found = self._session.execute(sa.select(row.code, row.naam).where(named))
        return {one.code: one.naam for one in found}

    def jongeren_of(self, regio: str) -> frozenset[str] | None:
        """Return who lives or goes to school in a region; None when nobody works in it yet."""
        if not any(one.regio == regio for one in self.all()):
            return None
        return frozenset(self._session.scalars(jongeren_of_regio(regio)))

    def stand(self) -> Stand:
        """Return a value that changes with organisations, toewijzingen and every import."""
        newest = sa.select(sa.func.max(IMPORTRUN.c.id)).scalar_subquery()
        versie, run = self._session.execute(sa.select(RECHTENSTAND.c.versie, newest)).one()
        return versie, run or 0

    def count_up(self) -> None:
        """Say that what somebody may see changed."""
        self._session.execute(sa.update(RECHTENSTAND).values(versie=RECHTENSTAND.c.versie + 1))

    def _all(self, where: sa.ColumnElement[bool]) -> tuple[Organisatie, ...]:
        rows = self._session.execute(sa.select(ORGANISATIE).where(where).order_by(*ORDER))
        return tuple(_to_organisatie(row) for row in rows.mappings())


def _to_organisatie(row: Mapping[Any, Any]) -> Organisatie:
    return Organisatie(**{**row, "soort": OrganisatieSoort(row["soort"])})
