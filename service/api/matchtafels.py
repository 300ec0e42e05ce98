"""Routes about matchtafels: the meeting, its people, its agenda, its wishes."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Response
from sqlalchemy.orm import Session

from service.api.herhaling import HerhalingDep
from service.api.matchtafel_presenting import (
    present_agenda,
    present_plek,
    present_tafel,
    present_wens,
)
from service.api.matchtafel_schemas import (
    AgendaOut,
    AgendapuntIn,
    DeelnemerIn,
    MatchtafelIn,
    MatchtafelOut,
    MatchtafelsOut,
    MatchtafelStatusIn,
    NieuwOut,
    PlekIn,
    PlekkenOut,
    PlekOut,
    WensenOut,
    WensIn,
    WensOut,
)
from service.api.paging import present_list
from service.api.queries import LeerwerkplekId, MatchtafelId, MatchtafelsQueryDep, NoQueryDep
from service.dependencies import ActorDep, InstallationDep, RegioDep, require
from service.matchtafel.begrippen import TafelPlek
from service.matchtafel.tafel import (
    NieuweDeelnemer,
    bend,
    invite,
    move_on,
    put_on_agenda,
    put_on_table,
    unbend,
)
from service.matchtafel.zicht import plan_from
from service.rechten.begrippen import Handeling
from service.storage.engine import unit_of_work
from service.storage.matchtafel import MatchtafelRepository
from service.storage.tafelstand import tafelstanden
from service.suggestielog.tafel_tonen import record_agenda

PATH = "/api/v1/matchtafels"
router = APIRouter(prefix="/matchtafels", tags=["matchtafels"])
WensId = Annotated[int, Path(alias="wensId", ge=1, le=2**31 - 1, description="Nummer van de wens.")]


@router.get(
    "",
    dependencies=[require(Handeling.MATCHTAFELS_LEZEN)],
    operation_id="leesMatchtafels",
    summary="Matchtafels",
)
def list_matchtafels(query: MatchtafelsQueryDep, installation: InstallationDep) -> MatchtafelsOut:
    """Matchtafels met hun deelnemers en hoeveel er besproken is. Zonder pagina de hele lijst."""
    with unit_of_work(installation.engine, read_only=True) as session:
        tables = [
            one
            for one in MatchtafelRepository(session).all()
            if query.regio in {None, one.regio} and query.status in {None, one.status}
        ]
        if query.sortering == "datum":
            tables.reverse()
        standen = tafelstanden(session, [one.id for one in tables])
    return MatchtafelsOut(
        **present_list(PATH, query, tables, lambda one: present_tafel(one, standen[one.id]))
    )


@router.post(
    "",
    dependencies=[require(Handeling.MATCHTAFELS_SCHRIJVEN)],
    operation_id="planMatchtafel",
    status_code=201,
    summary="Een matchtafel plannen",
)
def plan_matchtafel(
    wanted: MatchtafelIn,
    _: NoQueryDep,
    installation: InstallationDep,
    regio: RegioDep,
    actor: ActorDep,
    herhaling: HerhalingDep,
    response: Response,
) -> MatchtafelOut:
    """De agenda en de plekken komen uit de gegevens van nu."""
    with unit_of_work(installation.engine) as session:
        herhaling.begin(session)
        table_id = plan_from(
            session,
            regio.tafel,
            regio=wanted.regio,
            datum=wanted.datum,
            aantal=wanted.aantal,
            deelnemers=[_deelnemer(one) for one in wanted.deelnemers],
            door=actor.gebruiker_id,
            op=_now(),
        )
        response.headers["Location"] = f"{PATH}/{table_id}"
        made = _present(session, table_id)
        herhaling.keep(session, response, made)
    return made


@router.get(
    "/{matchtafelId}",
    dependencies=[require(Handeling.MATCHTAFELS_LEZEN)],
    operation_id="leesMatchtafel",
    summary="Eén matchtafel",
)
def read_matchtafel(
    matchtafel_id: MatchtafelId, _: NoQueryDep, installation: InstallationDep
) -> MatchtafelOut:
    """Hoe de matchtafel er nu voor staat."""
    with unit_of_work(installation.engine, read_only=True) as session:
        return _present(session, matchtafel_id)


@router.patch(
    "/{matchtafelId}",
    dependencies=[require(Handeling.MATCHTAFELS_SCHRIJVEN)],
    operation_id="wijzigMatchtafel",
    summary="Een matchtafel openen of sluiten",
)
def change_matchtafel(
    matchtafel_id: MatchtafelId,
    wanted: MatchtafelStatusIn,
    _: NoQueryDep,
    installation: InstallationDep,
) -> MatchtafelOut:
    """Een matchtafel gaat van gepland naar open naar gesloten, en nooit terug."""
    with unit_of_work(installation.engine) as session:
        move_on(session, matchtafel_id, wanted.status, versie=wanted.versie, op=_now())
        return _present(session, matchtafel_id)


@router.post(
    "/{matchtafelId}/deelnemers",
    dependencies=[require(Handeling.MATCHTAFELS_SCHRIJVEN)],
    operation_id="voegDeelnemerToe",
    status_code=201,
    summary="Iemand aan tafel vragen",
)
def add_deelnemer(
    matchtafel_id: MatchtafelId,
    wanted: DeelnemerIn,
    _: NoQueryDep,
    installation: InstallationDep,
    herhaling: HerhalingDep,
    response: Response,
) -> NieuwOut:
    """De deelnemer kan daarna eigenaar zijn van een besluit."""
    with unit_of_work(installation.engine) as session:
        herhaling.begin(session)
        made = NieuwOut(id=invite(session, matchtafel_id, _deelnemer(wanted), op=_now()))
        herhaling.keep(session, response, made)
    return made


@router.get(
    "/{matchtafelId}/agendapunten",
    dependencies=[require(Handeling.MATCHTAFELS_LEZEN)],
    operation_id="leesAgendapunten",
    summary="De agenda",
)
def read_agenda(
    matchtafel_id: MatchtafelId,
    _: NoQueryDep,
    installation: InstallationDep,
    regio: RegioDep,
    actor: ActorDep,
) -> AgendaOut:
    """Jongeren op volgorde van urgentie, met het besluit dat nu geldt."""
    zicht = regio.tafel
    with unit_of_work(installation.engine, read_only=True) as session:
        kijker = installation.toezicht.kijker(actor.gebruiker_id)
        record_agenda(session, zicht, matchtafel_id, kijker)
        return present_agenda(session, matchtafel_id, zicht)


@router.post(
    "/{matchtafelId}/agendapunten",
    dependencies=[require(Handeling.MATCHTAFELS_SCHRIJVEN)],
    operation_id="voegAgendapuntToe",
    status_code=201,
    summary="Een jongere op de agenda zetten",
)
def add_agendapunt(
    matchtafel_id: MatchtafelId,
    wanted: AgendapuntIn,
    _: NoQueryDep,
    installation: InstallationDep,
    regio: RegioDep,
    herhaling: HerhalingDep,
    response: Response,
) -> NieuwOut:
    """De jongere komt onderaan de agenda."""
    jongere = regio.jongere(wanted.jongere_id)
    with unit_of_work(installation.engine) as session:
        herhaling.begin(session)
        added = put_on_agenda(
            session, matchtafel_id, jongere.jongere_id, reden=wanted.reden, op=_now()
        )
        made = NieuwOut(id=added)
        herhaling.keep(session, response, made)
    return made


@router.get(
    "/{matchtafelId}/plekken",
    dependencies=[require(Handeling.MATCHTAFELS_LEZEN)],
    operation_id="leesPlekken",
    summary="De plekken die op tafel liggen",
)
def read_plekken(
    matchtafel_id: MatchtafelId, _: NoQueryDep, installation: InstallationDep, regio: RegioDep
) -> PlekkenOut:
    """Hoeveel jongeren de tafel per plek mag voorstellen."""
    with unit_of_work(installation.engine, read_only=True) as session:
        tables = MatchtafelRepository(session)
        tables.get(matchtafel_id)
        found = tables.plekken(matchtafel_id)
    return PlekkenOut(resultaten=[present_plek(one, regio.tafel.plek) for one in found])


@router.put(
    "/{matchtafelId}/plekken/{leerwerkplekId}",
    dependencies=[require(Handeling.MATCHTAFELS_SCHRIJVEN)],
    operation_id="wijzigPlek",
    summary="Een plek op tafel leggen, wijzigen of laten wegvallen",
)
def change_plek(
    matchtafel_id: MatchtafelId,
    leerwerkplek_id: LeerwerkplekId,
    wanted: PlekIn,
    _: NoQueryDep,
    installation: InstallationDep,
    regio: RegioDep,
    actor: ActorDep,
) -> PlekOut:
    """Het volgende voorstel houdt zich hieraan."""
    regio.tafel.check_plek(leerwerkplek_id)
    plek = TafelPlek(
        matchtafel_id, leerwerkplek_id, wanted.aantal, wanted.alleen_voor, wanted.alleen_tot
    )
    with unit_of_work(installation.engine) as session:
        put_on_table(session, plek, op=_now(), door=actor.gebruiker_id)
    return present_plek(plek, regio.tafel.plek)


@router.get(
    "/{matchtafelId}/wensen",
    dependencies=[require(Handeling.MATCHTAFELS_LEZEN)],
    operation_id="leesWensen",
    summary="Wat is vastgezet",
)
def read_wensen(
    matchtafel_id: MatchtafelId, _: NoQueryDep, installation: InstallationDep
) -> WensenOut:
    """Wie bij elkaar is gezet of juist niet; het volgende voorstel houdt zich eraan."""
    with unit_of_work(installation.engine, read_only=True) as session:
        tables = MatchtafelRepository(session)
        tables.get(matchtafel_id)
        return WensenOut(resultaten=[present_wens(one) for one in tables.wensen(matchtafel_id)])


@router.post(
    "/{matchtafelId}/wensen",
    dependencies=[require(Handeling.MATCHTAFELS_SCHRIJVEN)],
    operation_id="voegWensToe",
    status_code=201,
    summary="Een jongere en een plek bij elkaar houden, of juist niet",
)
def add_wens(
    matchtafel_id: MatchtafelId,
    wanted: WensIn,
    _: NoQueryDep,
    installation: InstallationDep,
    actor: ActorDep,
    herhaling: HerhalingDep,
    response: Response,
) -> WensOut:
    """Een latere wens over hetzelfde paar vervangt de eerdere."""
    with unit_of_work(installation.engine) as session:
        herhaling.begin(session)
        wens_id = bend(
            session,
            matchtafel_id,
            wanted.soort,
            wanted.jongere_id,
            wanted.leerwerkplek_id,
            door=actor.gebruiker_id,
            op=_now(),
        )
        made = WensOut(wens_id=wens_id, **wanted.model_dump())
        herhaling.keep(session, response, made)
    return made


@router.delete(
    "/{matchtafelId}/wensen/{wensId}",
    dependencies=[require(Handeling.MATCHTAFELS_SCHRIJVEN)],
    operation_id="trekWensIn",
    status_code=204,
    summary="Een wens intrekken",
)
def withdraw_wens(
    matchtafel_id: MatchtafelId, wens_id: WensId, _: NoQueryDep, installation: InstallationDep
) -> None:
    """De wens telt niet meer mee; dat hij er was, blijft bewaard."""
    with unit_of_work(installation.engine) as session:
        unbend(session, matchtafel_id, wens_id, op=_now())


def _present(session: Session, matchtafel_id: int) -> MatchtafelOut:
    table = MatchtafelRepository(session).get(matchtafel_id)
    return present_tafel(table, tafelstanden(session, [table.id])[table.id])


def _deelnemer(wanted: DeelnemerIn) -> NieuweDeelnemer:
    return NieuweDeelnemer(wanted.naam, wanted.organisatie, wanted.rol)


def _now() -> datetime:
    return datetime.now(UTC)
