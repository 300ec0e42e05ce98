"""What the page of a matchtafel shows, read from the store and the region."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
from sqlalchemy.orm import Session

from models.allocation import STANDAARD, Allocation
from models.allocation_answers import reserves
from models.allocation_objectives import Doel
from models.explanation import Reden
from service.answers import answer_for
from service.errors import NotFoundError, RefusedError
from service.matchtafel.begrippen import (
    Agendapunt,
    Besluit,
    Deelnemer,
    Matchtafel,
    Status,
    Voorstel,
    Voorstelregel,
    WensSoort,
)
from service.matchtafel.voorstel import Opties, pose, redenen_of, solve
from service.matchtafel.woorden import DOELEN
from service.matchtafel.zicht import TafelZicht
from service.storage.besluit import BesluitRepository, OpvolgingRepository
from service.storage.gebruiker import GebruikerRepository
from service.storage.matchtafel import MatchtafelRepository
from service.wording import gezien

VEROUDERD = "Er is daarna iets veranderd. Een nieuw voorstel ziet er anders uit."
MOST_REDENEN = 2
MOST_ANDERS = 5
"""Other places that a line offers; the rest is on the page of one jongere."""


@dataclass(frozen=True)
class TafelKort:
    """A matchtafel in the list, and how far it is."""

    table: Matchtafel
    agendapunten: int
    besproken: int
    opvolgingen: int


@dataclass(frozen=True)
class Plekkeuze:
    """A place that a jongere can have: its name and the kans."""

    leerwerkplek_id: str
    naam: str
    kans: float | None


@dataclass(frozen=True)
class Reserve:
    """Somebody else for the proposed place, and the place that they have now."""

    naam: str
    kans: float
    nu_op: str | None


@dataclass(frozen=True)
class Genomen:
    """A besluit as the table reads it."""

    besluit: Besluit
    plek: str | None
    eigenaar: str
    door: str
    eerder: int


@dataclass(frozen=True)
class Regel:
    """One line of the agenda with the newest proposal and the besluit that stands."""

    punt: Agendapunt
    naam: str
    plek: Plekkeuze | None
    vast: bool
    voor: tuple[Reden, ...]
    tegen: tuple[Reden, ...]
    reserves: tuple[Reserve, ...]
    keuzes: tuple[Plekkeuze, ...]
    besluit: Genomen | None


@dataclass(frozen=True)
class WensRegel:
    """Something that people keep together or apart."""

    id: int
    vast: bool
    naam: str
    plek: str


@dataclass(frozen=True)
class VoorstelKop:
    """The newest proposal as a whole; `verouderd` says why it is not of now, if so."""

    voorstel: Voorstel
    doelen: tuple[str, ...]
    verouderd: str


@dataclass(frozen=True)
class TafelBeeld:
    """Everything on the page of one matchtafel."""

    table: Matchtafel
    peildatum: date | None
    deelnemers: tuple[Deelnemer, ...]
    plekken: int
    regels: tuple[Regel, ...]
    wensen: tuple[WensRegel, ...]
    voorstel: VoorstelKop | None
    opvolgingen: int
    sinds: int

    @property
    def besproken(self) -> int:
        """How many lines have a besluit."""
        return sum(regel.besluit is not None for regel in self.regels)


def list_tafels(session: Session) -> list[TafelKort]:
    """Return every matchtafel, the latest first."""
    tables, besluiten = MatchtafelRepository(session), BesluitRepository(session)
    opvolgingen = OpvolgingRepository(session)
    return [
        TafelKort(
            one,
            len(tables.agendapunten(one.id)),
            len(besluiten.standing(one.id)),
            sum(asked.uitkomst is None for asked in opvolgingen.of_matchtafel(one.id)),
        )
        for one in tables.all()
    ]


def look_at(session: Session, zicht: TafelZicht, matchtafel_id: int) -> TafelBeeld:
    """Return what the page of a matchtafel shows; NotFoundError when there is none."""
    tables = MatchtafelRepository(session)
    table = tables.get(matchtafel_id)
    newest = newest_voorstel(session, matchtafel_id)
    made = {} if newest is None else {one.agendapunt_id: one for one in tables.regels(newest.id)}
    besluiten = taken_of(session, zicht, matchtafel_id)
    waiting = [one for one in tables.agendapunten(matchtafel_id) if one.id not in besluiten]
    solved, problem = None, ""
    if newest is not None and table.status is not Status.GESLOTEN:
        solved, problem = _solved_now(session, zicht, newest, made, waiting)
    builder = _Regels(zicht, made, besluiten, _keuzes(session, zicht, table), _spare(zicht, solved))
    return TafelBeeld(
        table=table,
        peildatum=_peildatum(table),
        deelnemers=tuple(tables.deelnemers(matchtafel_id)),
        plekken=len(tables.plekken(matchtafel_id)),
        regels=tuple(builder.regel(one) for one in tables.agendapunten(matchtafel_id)),
        wensen=tuple(
            WensRegel(
                one.id,
                one.soort is WensSoort.VASTZETTEN,
                zicht.naam(one.jongere_id),
                zicht.plek(one.leerwerkplek_id),
            )
            for one in tables.wensen(matchtafel_id)
        ),
        voorstel=None if newest is None else VoorstelKop(newest, doelen_of(newest), problem),
        opvolgingen=len(OpvolgingRepository(session).of_matchtafel(matchtafel_id)),
        sinds=max((one.id for one in tables.gebeurtenissen(matchtafel_id, after=0)), default=0),
    )


def newest_voorstel(session: Session, matchtafel_id: int) -> Voorstel | None:
    """Return the newest proposal of a table, if there is one."""
    return next(reversed(MatchtafelRepository(session).voorstellen(matchtafel_id)), None)


def opties_of(voorstel: Voorstel | None) -> Opties:
    """Return what a proposal was asked, to ask it again."""
    if voorstel is None:
        return Opties()
    asked = voorstel.opties
    doelen = tuple(Doel(one) for one in asked["doelen"])
    return Opties(doelen, asked["minimum"], asked["minima"], asked["seed"])


def doelen_of(voorstel: Voorstel | None) -> tuple[str, ...]:
    """Return the objectives of a proposal in words, in their order."""
    doelen = STANDAARD if voorstel is None else voorstel.opties["doelen"]
    return tuple(DOELEN[Doel(one)] for one in doelen)


def taken_of(session: Session, zicht: TafelZicht, matchtafel_id: int) -> dict[int, Genomen]:
    """Return the besluit that stands on each line that has one, by agendapunt_id."""
    people = {one.id: one.naam for one in MatchtafelRepository(session).deelnemers(matchtafel_id)}
    accounts = GebruikerRepository(session)
    every = BesluitRepository(session).of_matchtafel(matchtafel_id)
    found: dict[int, Genomen] = {}
    for one in every:
        former = found.get(one.agendapunt_id)
        found[one.agendapunt_id] = Genomen(
            besluit=one,
            plek=zicht.plek(one.leerwerkplek_id) if one.leerwerkplek_id else None,
            eigenaar=people[one.eigenaar_id],
            door=accounts.get(one.door).naam,
            eerder=0 if former is None else former.eerder + 1,
        )
    return found


def _solved_now(
    session: Session,
    zicht: TafelZicht,
    newest: Voorstel,
    made: Mapping[int, Voorstelregel],
    waiting: Sequence[Agendapunt],
) -> tuple[Allocation | None, str]:
    """Return the proposal as it would be now, and in words why it is another one, if it is."""
    try:
        vraagstuk = pose(session, zicht, newest.matchtafel_id)
        solved = solve(zicht, vraagstuk, opties_of(newest))
    except RefusedError as error:
        answer = answer_for(error)
        return None, answer.detail if answer else ""
    now = dict(solved.proposal.select("jongere_id", "leerwerkplek_id").iter_rows())
    shown = {
        one.jongere_id: made[one.id].leerwerkplek_id if one.id in made else None for one in waiting
    }
    same = all(now.get(jongere) == plek for jongere, plek in shown.items())
    return (
        solved,
        "" if same else VEROUDERD,
    )


def _spare(zicht: TafelZicht, solved: Allocation | None) -> Mapping[str, tuple[Reserve, ...]]:
    """Return the spare candidates of each place."""
    if solved is None:
        return {}
    found: dict[str, tuple[Reserve, ...]] = {}
    for row in reserves(solved).iter_rows(named=True):
        now = None if row["nu_op"] is None else zicht.plek(row["nu_op"])
        one = Reserve(zicht.naam(row["jongere_id"]), row["kans"], now)
        found[row["leerwerkplek_id"]] = (*found.get(row["leerwerkplek_id"], ()), one)
    return found


def _keuzes(
    session: Session, zicht: TafelZicht, table: Matchtafel
) -> Mapping[str, tuple[Plekkeuze, ...]]:
    """Return the places that suit each jongere, the greatest kans first."""
    if table.status is not Status.OPEN:
        return {}
    tables = MatchtafelRepository(session)
    jongeren = [one.jongere_id for one in tables.agendapunten(table.id)]
    plekken = [one.leerwerkplek_id for one in tables.plekken(table.id)]
    return keuzes_of(zicht, zicht.paren(jongeren, plekken))


def keuzes_of(zicht: TafelZicht, pairs: pl.DataFrame) -> dict[str, tuple[Plekkeuze, ...]]:
    """Return the places of pairs by jongere, the greatest kans first."""
    found: dict[str, tuple[Plekkeuze, ...]] = {}
    ordered = pairs.filter(pl.col("kans").is_not_null()).sort("kans", descending=True)
    for jongere, plek, kans in ordered.select("jongere_id", "leerwerkplek_id", "kans").iter_rows():
        found[jongere] = (*found.get(jongere, ()), Plekkeuze(plek, zicht.plek(plek), kans))
    return found


def _peildatum(table: Matchtafel) -> date | None:
    seen = table.momentopname.get("peildatum")
    return date.fromisoformat(seen) if seen else None


@dataclass(frozen=True)
class _Regels:
    """Makes the lines of the page."""

    zicht: TafelZicht
    made: Mapping[int, Voorstelregel]
    besluiten: Mapping[int, Genomen]
    keuzes: Mapping[str, tuple[Plekkeuze, ...]]
    spare: Mapping[str, tuple[Reserve, ...]]

    def regel(self, punt: Agendapunt) -> Regel:
        """Return one line."""
        made = self.made.get(punt.id)
        uitleg = {} if made is None else made.uitleg
        plek = self._proposed(made)
        others = [one for one in self.keuzes.get(punt.jongere_id, ()) if one != plek]
        taken = self.besluiten.get(punt.id)
        return Regel(
            punt=punt,
            naam=self.zicht.naam(punt.jongere_id),
            plek=plek,
            vast=bool(uitleg.get("vast", False)),
            voor=tuple(gezien(redenen_of(uitleg, "voor"))[:MOST_REDENEN]),
            tegen=tuple(gezien(redenen_of(uitleg, "tegen"))[:MOST_REDENEN]),
            reserves=self.spare.get(plek.leerwerkplek_id, ()) if plek and not taken else (),
            keuzes=self._offered(plek, others, taken),
            besluit=taken,
        )

    def _proposed(self, made: Voorstelregel | None) -> Plekkeuze | None:
        if made is None or made.leerwerkplek_id is None:
            return None
        return Plekkeuze(made.leerwerkplek_id, self.zicht.plek(made.leerwerkplek_id), made.kans)

    def _offered(
        self, plek: Plekkeuze | None, others: Sequence[Plekkeuze], taken: Genomen | None
    ) -> tuple[Plekkeuze, ...]:
        """Return the places to choose from: proposed, the next best, and what was decided."""
        first = [plek] if plek else []
        names = {one.leerwerkplek_id for one in first}
        found = first + [one for one in others if one.leerwerkplek_id not in names][:MOST_ANDERS]
        if (
            taken
            and taken.plek
            and taken.besluit.leerwerkplek_id not in {one.leerwerkplek_id for one in found}
        ):
            found.append(Plekkeuze(str(taken.besluit.leerwerkplek_id), taken.plek, None))
        return tuple(found)


def line_of(session: Session, matchtafel_id: int, agendapunt_id: int) -> Agendapunt:
    """Return a line of this table; NotFoundError when it has no such line."""
    for one in MatchtafelRepository(session).agendapunten(matchtafel_id):
        if one.id == agendapunt_id:
            return one
    raise NotFoundError("agendapunt", str(agendapunt_id))
