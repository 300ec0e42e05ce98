"""What the page of a matchtafel shows, read from the store and the region."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from models.allocation import STANDAARD, Allocation
from models.allocation_answers import reserves
from models.allocation_objectives import Doel
from service.answers import answer_for
from service.errors import NotFoundError, RefusedError
from service.matchtafel.begrippen import (
    Agendapunt,
    Deelnemer,
    Matchtafel,
    Status,
    Voorstel,
    Voorstelregel,
    WensSoort,
)
from service.matchtafel.voorstel import Opties, pose, solve
from service.matchtafel.woorden import DOELEN
from service.matchtafel.zicht import TafelZicht
from service.storage.besluit import OpvolgingRepository
from service.storage.matchtafel import MatchtafelRepository
from service.storage.tafelstand import tafelstanden
from service.web.tafel_regels import (
    Plekkeuze,
    Regel,
    Regels,
    Reserve,
    keuzes_of,
    taken_of,
)
from service.web.tafel_schaars import Schaarste, schaarste_of, wensen_of

VEROUDERD = "Er is daarna iets veranderd. Een nieuw voorstel ziet er anders uit."


@dataclass(frozen=True)
class TafelKort:
    """A matchtafel in the list, and how far it is."""

    table: Matchtafel
    agendapunten: int
    besproken: int
    opvolgingen: int


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
    gestopt: bool
    schaars: tuple[Schaarste, ...] = ()

    @property
    def keuzes_met_kans(self) -> list[tuple[str, str, float]]:
        """Every place that a line offers or names beside its proposal, with its kans."""
        return list(
            dict.fromkeys(
                (regel.punt.jongere_id, one.leerwerkplek_id, one.kans)
                for regel in self.regels
                for one in (*regel.keuzes, *([regel.wens.plek] if regel.wens else []))
                if one.kans is not None and one != regel.plek
            )
        )

    @property
    def reserves(self) -> list[tuple[str, str, float]]:
        """Every spare candidate that a line shows."""
        return [
            (one.jongere_id, regel.plek.leerwerkplek_id, one.kans)
            for regel in self.regels
            if regel.plek is not None
            for one in regel.reserves
        ]

    @property
    def besproken(self) -> int:
        """How many lines have a besluit."""
        return sum(regel.besluit is not None for regel in self.regels)


def list_tafels(session: Session) -> list[TafelKort]:
    """Return every matchtafel, the latest first."""
    tables = MatchtafelRepository(session).all()
    standen = tafelstanden(session, [one.id for one in tables])
    return [
        TafelKort(one, stand.agendapunten, stand.besproken, stand.opvolgingen)
        for one in tables
        for stand in [standen[one.id]]
    ]


def look_at(
    session: Session,
    zicht: TafelZicht,
    matchtafel_id: int,
    *,
    gekozen: tuple[int, str] = (0, ""),
) -> TafelBeeld:
    """Return what the page of a matchtafel shows; NotFoundError when there is none.

    Parameters
    ----------
    session, zicht
        The store and the region.
    matchtafel_id : int
        The table.
    gekozen : tuple of int and str
        A line, and a place that was chosen for it: its form offers that place too.
    """
    tables = MatchtafelRepository(session)
    table = tables.get(matchtafel_id)
    newest = None if zicht.gestopt else newest_voorstel(session, matchtafel_id)
    made = {} if newest is None else {one.agendapunt_id: one for one in tables.regels(newest.id)}
    besluiten = taken_of(session, zicht, matchtafel_id)
    waiting = [one for one in tables.agendapunten(matchtafel_id) if one.id not in besluiten]
    solved, problem = None, ""
    if newest is not None and table.status is not Status.GESLOTEN:
        solved, problem = _solved_now(session, zicht, newest, made, waiting)
    fitting = _keuzes(session, zicht, table)
    shown = {one.jongere_id: made[one.id].leerwerkplek_id for one in waiting if one.id in made}
    wensen = {} if solved is None else wensen_of(zicht, solved, shown)
    builder = Regels(zicht, made, besluiten, fitting, _spare(zicht, solved), gekozen, wensen)
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
        gestopt=zicht.gestopt,
        schaars=() if solved is None else schaarste_of(zicht, solved, wensen, shown),
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
        one = Reserve(zicht.naam(row["jongere_id"]), row["kans"], now, row["jongere_id"])
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
    return keuzes_of(zicht, zicht.passend(jongeren, plekken))


def _peildatum(table: Matchtafel) -> date | None:
    seen = table.momentopname.get("peildatum")
    return date.fromisoformat(seen) if seen else None


def line_of(session: Session, matchtafel_id: int, agendapunt_id: int) -> Agendapunt:
    """Return a line of this table; NotFoundError when it has no such line."""
    for one in MatchtafelRepository(session).agendapunten(matchtafel_id):
        if one.id == agendapunt_id:
            return one
    raise NotFoundError("agendapunt", str(agendapunt_id))
