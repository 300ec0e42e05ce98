"""What another choice for one jongere does to the table, found by computing it again."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from models.allocation import Allocation
from models.allocation_answers import (
    Verschil,
    difference,
    prijs_van_bescherming,
    schaarse_plekken,
)
from models.errors import PinConflictError
from service.answers import answer_for
from service.errors import RefusedError
from service.matchtafel.begrippen import Agendapunt, Matchtafel, Status
from service.matchtafel.voorstel import pose, refusal, solve
from service.matchtafel.woorden import gevolg
from service.matchtafel.zicht import TafelZicht
from service.storage.besluit import BesluitRepository
from service.storage.matchtafel import MatchtafelRepository
from service.web.tafel_regels import keuzes_of
from service.web.tafel_view import line_of, newest_voorstel, opties_of

MOST_SCHAARS = 5
"""Scarce places that are told; each is solved again."""
GESTOPT = "Het model is stopgezet. Er is nu geen voorstel om iets over te vertellen."
AL_BESLOTEN = "Over deze jongere is al besloten. Wijzig het besluit als het anders moet."


@dataclass(frozen=True)
class PlekRegel:
    """A place that suits this jongere, and who has it in the proposal."""

    leerwerkplek_id: str
    naam: str
    kans: float | None
    bezet_door: tuple[str, ...]
    eigen: bool


@dataclass(frozen=True)
class Verhuizing:
    """Somebody who would get another place."""

    naam: str
    van: str | None
    naar: str | None


@dataclass(frozen=True)
class Prijs:
    """What a wish does to the table; `reden` says why it cannot be, if it cannot.

    `verschil` is what was computed, None when it cannot be.
    """

    zin: str
    verhuizingen: tuple[Verhuizing, ...]
    reden: str = ""
    verschil: Verschil | None = None


@dataclass(frozen=True)
class Gekozen:
    """The place that was asked about, with the price of keeping it and of ruling it out."""

    plek: PlekRegel
    vast: Prijs
    uit: Prijs

    @property
    def verschillen(self) -> tuple[Verschil, ...]:
        """What was computed for either choice."""
        return _computed(self.vast, self.uit)


@dataclass(frozen=True)
class AndersBeeld:
    """Everything on the page about another choice."""

    table: Matchtafel
    punt: Agendapunt
    naam: str
    plekken: tuple[PlekRegel, ...]
    gekozen: Gekozen | None
    reden: str

    @property
    def wijzigbaar(self) -> bool:
        """Whether wishes can still be kept."""
        return self.table.status is not Status.GESLOTEN


@dataclass(frozen=True)
class Schaars:
    """A place of which one more would help, and what that would do."""

    leerwerkplek_id: str
    naam: str
    prijs: Prijs


@dataclass(frozen=True)
class Achtergrond:
    """What lies behind the newest proposal; `reden` says why it cannot be told, if so."""

    table: Matchtafel
    schaars: tuple[Schaars, ...]
    bescherming: Prijs | None
    reden: str

    @property
    def verschillen(self) -> tuple[Verschil, ...]:
        """What was computed for each of these."""
        return _computed(*(one.prijs for one in self.schaars), self.bescherming)


def achtergrond(session: Session, zicht: TafelZicht, matchtafel_id: int) -> Achtergrond:
    """Return where one more place would help, and what protection costs, both solved again.

    Raises
    ------
    NotFoundError
        There is no such table.
    """
    table = MatchtafelRepository(session).get(matchtafel_id)
    if zicht.gestopt:
        return Achtergrond(table, (), None, GESTOPT)
    opties = opties_of(newest_voorstel(session, matchtafel_id))
    try:
        solved = solve(zicht, pose(session, zicht, matchtafel_id), opties)
    except RefusedError as error:
        return Achtergrond(table, (), None, _detail(error))
    scarce = [one for one in schaarse_plekken(solved, MOST_SCHAARS) if one.verschil.verschuivingen]
    return Achtergrond(
        table,
        tuple(
            Schaars(
                one.leerwerkplek_id,
                zicht.plek(one.leerwerkplek_id),
                _told(zicht, one.verschil),
            )
            for one in scarce
        ),
        _told(zicht, prijs_van_bescherming(solved)),
        "",
    )


def anders(
    session: Session, zicht: TafelZicht, matchtafel_id: int, agendapunt_id: int, plek: str
) -> AndersBeeld:
    """Return the places of one line with who has them, and what the chosen one costs.

    The table is computed as it stands now, with the order of its newest proposal.

    Raises
    ------
    NotFoundError
        There is no such table, or no such line on it.
    """
    table = MatchtafelRepository(session).get(matchtafel_id)
    punt = line_of(session, matchtafel_id, agendapunt_id)
    naam = zicht.naam(punt.jongere_id)
    if agendapunt_id in BesluitRepository(session).standing(matchtafel_id):
        return AndersBeeld(table, punt, naam, (), None, AL_BESLOTEN)
    if zicht.gestopt:
        return AndersBeeld(table, punt, naam, _zonder_kans(session, zicht, punt), None, "")
    vraagstuk = pose(session, zicht, matchtafel_id)
    try:
        solved = solve(zicht, vraagstuk, opties_of(newest_voorstel(session, matchtafel_id)))
    except RefusedError as error:
        return AndersBeeld(table, punt, naam, (), None, _detail(error))
    plekken = _plekken(zicht, solved, punt.jongere_id)
    chosen = next((one for one in plekken if one.leerwerkplek_id == plek), None)
    if chosen is None or chosen.kans is None:  # of who may not be scored, nothing can be told
        return AndersBeeld(table, punt, naam, plekken, None, "")
    gekozen = _gekozen(zicht, solved, punt.jongere_id, chosen)
    return AndersBeeld(table, punt, naam, plekken, gekozen, "")


def _plekken(zicht: TafelZicht, solved: Allocation, jongere_id: str) -> tuple[PlekRegel, ...]:
    has: dict[str, list[str]] = {}
    for jongere, plek in solved.proposal.select("jongere_id", "leerwerkplek_id").iter_rows():
        has.setdefault(plek, []).append(jongere)
    plekken = solved.problem.plekken
    pairs = zicht.passend([jongere_id], plekken)
    return tuple(
        PlekRegel(
            one.leerwerkplek_id,
            one.naam,
            one.kans,
            tuple(zicht.naam(who) for who in has.get(one.leerwerkplek_id, ())),
            jongere_id in has.get(one.leerwerkplek_id, ()),
        )
        for one in keuzes_of(zicht, pairs).get(jongere_id, ())
    )


def _zonder_kans(session: Session, zicht: TafelZicht, punt: Agendapunt) -> tuple[PlekRegel, ...]:
    """Return the places that suit one line by journey, for when the model is stopped."""
    tables = MatchtafelRepository(session)
    plekken = [one.leerwerkplek_id for one in tables.plekken(punt.matchtafel_id)]
    found = keuzes_of(zicht, zicht.passend([punt.jongere_id], plekken))
    return tuple(
        PlekRegel(one.leerwerkplek_id, one.naam, None, (), eigen=False)
        for one in found.get(punt.jongere_id, ())
    )


def _gekozen(zicht: TafelZicht, solved: Allocation, jongere_id: str, plek: PlekRegel) -> Gekozen:
    pair = (jongere_id, plek.leerwerkplek_id)
    return Gekozen(
        plek,
        _prijs(zicht, solved, pair, together=True),
        _prijs(zicht, solved, pair, together=False),
    )


def _prijs(
    zicht: TafelZicht, solved: Allocation, pair: tuple[str, str], *, together: bool
) -> Prijs:
    try:
        other = solved.with_pin(*pair) if together else solved.with_veto(*pair)
    except PinConflictError as error:
        return Prijs("", (), _detail(refusal(zicht, error.reden, error.pins)))
    return _told(zicht, difference(solved, other))


def _told(zicht: TafelZicht, change: Verschil) -> Prijs:
    moved = tuple(
        Verhuizing(
            zicht.naam(one.jongere_id),
            None if one.van is None else zicht.plek(one.van),
            None if one.naar is None else zicht.plek(one.naar),
        )
        for one in change.verschuivingen
    )
    return Prijs(f"Dan {gevolg(change)}.", moved, verschil=change)


def _computed(*prijzen: Prijs | None) -> tuple[Verschil, ...]:
    return tuple(one.verschil for one in prijzen if one is not None and one.verschil is not None)


def _detail(error: RefusedError) -> str:
    answer = answer_for(error)
    return answer.detail if answer else ""
