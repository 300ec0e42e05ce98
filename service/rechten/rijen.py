"""The row rule: for every actor and purpose one SELECT of what may be seen (TRUST S6).

Every query of a repository on rows about persons starts from `rijen`, or carries the condition
`zichtbaar`; tests/service/rechten/test_row_rule.py reads the code and refuses what goes around it.
The row security of PostgreSQL (migration 0006) says the same once more.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from service.errors import NotFoundError
from service.rechten.begrippen import Actor, Doel, OrganisatieSoort
from service.rechten.toegang import current
from service.storage.matchtafel_tables import AGENDAPUNT, BESLUIT, MATCHTAFEL
from service.storage.privacy_tables import VRIJGAVE
from service.storage.rechten_tables import ORGANISATIE, TOEWIJZING
from service.storage.tables import CANONICAL

MOST_CONDITIONS = 512
"""Row conditions that a process keeps: of a table, somebody and a purpose on one day."""
NAZORG = timedelta(days=365)
"""How long a school keeps following who left it: the year of aftercare of the mbo.

Source: Wet van school naar duurzaam werk (in force since 1 January 2026).
"""

BOTH = 2
"""Who must release a profile: the jongere and the coach."""
# under names of their own, so that the rule can be asked beside the same tables
WIE = CANONICAL["jongere"].alias("wie")
WAAR = CANONICAL["inschrijving"].alias("waar")
PLEK = CANONICAL["leerwerkplek"].alias("plek")
TAFEL = MATCHTAFEL.alias("tafel")
PUNT = AGENDAPUNT.alias("punt")
KEUS = BESLUIT.alias("keus")
Jongeren = sa.Select[str]


def zichtbare_jongeren(actor: Actor, doel: Doel, *, vandaag: date | None = None) -> Jongeren:
    """Return the SELECT of every jongere_id that an actor may see for a purpose.

    Begeleiding: who is enrolled at the actor's school or was in the last year (`NAZORG`), who
    lives in the actor's gemeente, everybody of the region for a regional body, and who is assigned
    to the actor. Matchtafel and toezicht: the regions of the actor's organisations. Werving:
    released to the actor's leerbedrijf (TRUST H9). Any other purpose: nobody.
    """
    day = datetime.now(UTC).date() if vandaag is None else vandaag
    return _JONGEREN.get(doel, _nobody)(actor, day)


def zichtbare_leerwerkplekken(actor: Actor, doel: Doel) -> sa.Select[str]:
    """Return the SELECT of every leerwerkplek_id that an actor may see for a purpose.

    A leerwerkplek is no person: with a right to read them all are seen, but a leerbedrijf sees
    its own.
    """
    places = sa.select(PLEK.c.leerwerkplek_id)
    if doel is Doel.GEEN:
        return places.where(sa.false())
    if doel is not Doel.WERVING:
        return places
    own = _codes(actor, OrganisatieSoort.LEERBEDRIJF)
    return places.where(PLEK.c.leerbedrijf_id.in_(own))


def zichtbare_matchtafels(actor: Actor, doel: Doel) -> sa.Select[int]:
    """Return the SELECT of the id of every matchtafel that an actor may see for a purpose."""
    tables = sa.select(TAFEL.c.id)
    if doel is Doel.SYSTEEM:
        return tables
    if doel in {Doel.MATCHTAFEL, Doel.TOEZICHT}:
        return tables.where(TAFEL.c.regio.in_(sorted(actor.regios)))
    return tables.where(sa.false())


def released(leerbedrijven: Sequence[str]) -> Jongeren:
    """Return the SELECT of every jongere_id whose profile one of these leerbedrijven may see.

    Both the jongere and the coach released it to that leerbedrijf, and neither took it back
    (TRUST H9).
    """
    standing = sa.select(VRIJGAVE.c.jongere_id).where(
        VRIJGAVE.c.leerbedrijf_id.in_(leerbedrijven), VRIJGAVE.c.ingetrokken_op.is_(None)
    )
    both = sa.func.count(VRIJGAVE.c.van.distinct()) == BOTH
    return standing.group_by(VRIJGAVE.c.jongere_id, VRIJGAVE.c.leerbedrijf_id).having(both)


def rijen(table: sa.Table, *columns: Any) -> sa.Select[Any]:  # noqa: ANN401  # as sa.select
    """Return a SELECT of the rows of a table that who looks now may see.

    Parameters
    ----------
    table : Table
        Of the store.
    columns : column expressions
        What to select; the whole table when none is named.
    """
    return sa.select(*(columns or (table,))).select_from(table).where(zichtbaar(table))


def zichtbaar(table: sa.Table) -> sa.ColumnElement[bool]:
    """Return the condition that a row of a table is one that who looks now may see.

    A table is about persons when it has a column of `KEYS`; all of them must be visible, as far
    as they are filled. Rows of
    other tables are seen by everybody whom a route lets in, but leerwerkplekken.
    """
    toegang = current()
    if toegang.doel is Doel.SYSTEEM:
        return sa.true()
    return _seen_on(table, toegang.actor, toegang.doel, datetime.now(UTC).date())


@lru_cache(maxsize=MOST_CONDITIONS)
def _seen_on(table: sa.Table, actor: Actor, doel: Doel, _day: date) -> sa.ColumnElement[bool]:
    """Return the condition for one day: making it takes longer than what is asked with it."""
    return _seen(table, actor, doel)


def jongeren_of_regio(regio: str, *, vandaag: date | None = None) -> Jongeren:
    """Return the SELECT of every jongere_id of one region that who looks now may see."""
    day = datetime.now(UTC).date() if vandaag is None else vandaag
    toegang = current()
    seen = zichtbare_jongeren(toegang.actor, toegang.doel, vandaag=day)
    return seen.where(_in_regions([regio], day))


def check_regio(regio: str) -> None:
    """Raise NotFoundError when who looks now does not work in a region."""
    toegang = current()
    if toegang.doel is not Doel.SYSTEEM and regio not in toegang.actor.regios:
        raise NotFoundError("regio", regio)


def _seen(table: sa.FromClause, actor: Actor, doel: Doel) -> sa.ColumnElement[bool]:
    """Return the condition on a row; as EXISTS, so that one row is looked up by its key."""
    found = [
        _holds(rule(actor, doel), table, name) for name, rule in KEYS.items() if name in table.c
    ]
    if table is MATCHTAFEL:
        found.append(_holds(zichtbare_matchtafels(actor, doel), table, "id"))
    if not found and "leerwerkplek_id" in table.c:
        found.append(_holds(zichtbare_leerwerkplekken(actor, doel), table, "leerwerkplek_id"))
    return sa.and_(sa.true(), *found)


def _holds(allowed: sa.Select[Any], table: sa.FromClause, name: str) -> sa.ColumnElement[bool]:
    """Return whether the value of a column of a row, if any, is among those that are allowed."""
    key = allowed.selected_columns[0]
    found = allowed.where(key == table.c[name]).correlate(table).exists()
    return sa.or_(table.c[name].is_(None), found) if table.c[name].nullable else found


def _everybody(_: Actor, __: date) -> Jongeren:
    return sa.select(WIE.c.jongere_id)


def _nobody(_: Actor, __: date) -> Jongeren:
    return sa.select(WIE.c.jongere_id).where(sa.false())


def _guided(actor: Actor, day: date) -> Jongeren:
    assigned = sa.select(TOEWIJZING.c.jongere_id).where(
        TOEWIJZING.c.gebruiker_id == actor.gebruiker_id
    )
    own: list[sa.ColumnElement[bool]] = [
        WIE.c.gemeente.in_(_codes(actor, OrganisatieSoort.GEMEENTE)),
        _enrolled(_codes(actor, OrganisatieSoort.SCHOOL), day),
        WIE.c.jongere_id.in_(assigned),
    ]
    regional = _codes(actor, OrganisatieSoort.REGIO)
    if regional:
        own.append(_in_regions(regional, day))
    return sa.select(WIE.c.jongere_id).where(sa.or_(*own))


def _of_regions(actor: Actor, day: date) -> Jongeren:
    return sa.select(WIE.c.jongere_id).where(_in_regions(sorted(actor.regios), day))


def _released(actor: Actor, _: date) -> Jongeren:
    companies = _codes(actor, OrganisatieSoort.LEERBEDRIJF)
    return sa.select(WIE.c.jongere_id).where(WIE.c.jongere_id.in_(released(companies)))


def _in_regions(regios: list[str], day: date) -> sa.ColumnElement[bool]:
    """Return whether a jongere lives in a gemeente, or is enrolled at a school, of these."""

    def of(soort: OrganisatieSoort) -> sa.Select[str]:
        return sa.select(ORGANISATIE.c.code).where(
            ORGANISATIE.c.soort == soort, ORGANISATIE.c.regio.in_(regios)
        )

    return sa.or_(
        WIE.c.gemeente.in_(of(OrganisatieSoort.GEMEENTE)),
        _enrolled(of(OrganisatieSoort.SCHOOL), day),
    )


def _enrolled(schools: list[str] | sa.Select[str], day: date) -> sa.ColumnElement[bool]:
    """Return whether a jongere is enrolled at one of these schools, or was lately."""
    lasts = sa.or_(WAAR.c.einddatum.is_(None), WAAR.c.einddatum >= day - NAZORG)
    return (
        sa.select(WAAR.c.jongere_id)
        .where(WAAR.c.jongere_id == WIE.c.jongere_id, WAAR.c.instelling.in_(schools), lasts)
        .correlate(WIE)
        .exists()
    )


def _agendapunten(actor: Actor, doel: Doel) -> sa.Select[int]:
    return sa.select(PUNT.c.id).where(_seen(PUNT, actor, doel))


def _besluiten(actor: Actor, doel: Doel) -> sa.Select[int]:
    return sa.select(KEUS.c.id).where(_seen(KEUS, actor, doel))


def _codes(actor: Actor, soort: OrganisatieSoort) -> list[str]:
    return sorted({one.code for one in actor.organisaties if one.soort is soort})


_JONGEREN: Mapping[Doel, Callable[[Actor, date], Jongeren]] = MappingProxyType(
    {
        Doel.SYSTEEM: _everybody,
        Doel.BEGELEIDING: _guided,
        Doel.MATCHTAFEL: _of_regions,
        Doel.TOEZICHT: _of_regions,
        Doel.WERVING: _released,
    }
)

KEYS: Mapping[str, Callable[[Actor, Doel], sa.Select[Any]]] = MappingProxyType(
    {
        "jongere_id": zichtbare_jongeren,
        "matchtafel_id": zichtbare_matchtafels,
        "agendapunt_id": _agendapunten,
        "besluit_id": _besluiten,
    }
)
"""Columns that make a table one about persons, with the SELECT of the values to be seen."""
