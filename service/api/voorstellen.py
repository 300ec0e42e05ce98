"""Routes about the joint proposals of a matchtafel."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Response

from service.api.herhaling import HerhalingDep
from service.api.queries import MatchtafelId, NoQueryDep, PaarQueryDep
from service.api.voorstel_presenting import (
    present_toelichting,
    present_verklaring,
    present_voorstel,
    toelichting_changes,
)
from service.api.voorstel_schemas import (
    ToelichtingOut,
    VerklaringOut,
    VoorstelIn,
    VoorstellenOut,
    VoorstelOut,
)
from service.dependencies import ActorDep, InstallationDep, RegioDep, require
from service.matchtafel.voorstel import Opties, check_scores, propose, solve_ahead
from service.matchtafel.waarom import why_not
from service.rechten.begrippen import Handeling
from service.storage.engine import unit_of_work
from service.storage.matchtafel import MatchtafelRepository
from service.suggestielog.tafel_tonen import record_answers, record_voorstel

router = APIRouter(prefix="/matchtafels/{matchtafelId}/voorstellen", tags=["voorstellen"])
Nummer = Annotated[int, Path(ge=1, le=2**31 - 1, description="Nummer van het voorstel.")]


@router.get(
    "",
    dependencies=[require(Handeling.MATCHTAFELS_LEZEN)],
    operation_id="leesVoorstellen",
    summary="De voorstellen van een matchtafel",
)
def list_voorstellen(
    matchtafel_id: MatchtafelId, _: NoQueryDep, installation: InstallationDep
) -> VoorstellenOut:
    """De nummers; het hoogste is het nieuwste."""
    with unit_of_work(installation.engine, read_only=True) as session:
        tables = MatchtafelRepository(session)
        tables.get(matchtafel_id)
        return VoorstellenOut(nummers=[one.nummer for one in tables.voorstellen(matchtafel_id)])


@router.post(
    "",
    dependencies=[require(Handeling.MATCHTAFELS_SCHRIJVEN)],
    operation_id="maakVoorstel",
    status_code=201,
    summary="Een voorstel maken voor de hele tafel",
)
def make_voorstel(
    matchtafel_id: MatchtafelId,
    wanted: VoorstelIn,
    _: NoQueryDep,
    installation: InstallationDep,
    regio: RegioDep,
    actor: ActorDep,
    herhaling: HerhalingDep,
    response: Response,
) -> VoorstelOut:
    """Elke jongere hoogstens een plek, samen zo goed als kan. Besluiten blijven staan."""
    opties = Opties(tuple(wanted.doelen), wanted.minimum, wanted.minima, wanted.seed)
    vooruit = solve_ahead(installation.engine, regio.tafel, matchtafel_id, opties)
    with unit_of_work(installation.engine) as session:
        herhaling.begin(session)
        voorstel = propose(
            session,
            regio.tafel,
            matchtafel_id,
            opties,
            door=actor.gebruiker_id,
            op=datetime.now(UTC),
            vooruit=vooruit,
        )
        address = f"/api/v1/matchtafels/{matchtafel_id}/voorstellen/{voorstel.nummer}"
        response.headers["Location"] = address
        record_voorstel(session, voorstel, installation.toezicht.kijker(actor.gebruiker_id))
        made = present_voorstel(session, regio.tafel, voorstel)
        herhaling.keep(session, response, made)
    return made


@router.get(
    "/{nummer}",
    dependencies=[require(Handeling.MATCHTAFELS_LEZEN)],
    operation_id="leesVoorstel",
    summary="Eén voorstel met zijn redenen",
)
def read_voorstel(
    matchtafel_id: MatchtafelId,
    nummer: Nummer,
    _: NoQueryDep,
    installation: InstallationDep,
    regio: RegioDep,
    actor: ActorDep,
) -> VoorstelOut:
    """Zoals het toen is gemaakt; het wordt niet opnieuw berekend."""
    check_scores(regio.tafel)
    with unit_of_work(installation.engine, read_only=True) as session:
        voorstel = MatchtafelRepository(session).numbered(matchtafel_id, nummer)
        record_voorstel(session, voorstel, installation.toezicht.kijker(actor.gebruiker_id))
        return present_voorstel(session, regio.tafel, voorstel)


@router.get(
    "/{nummer}/toelichting",
    dependencies=[require(Handeling.MATCHTAFELS_LEZEN)],
    operation_id="leesToelichting",
    summary="Reserves, schaarse plekken en wat een keuze kost",
)
def read_toelichting(
    matchtafel_id: MatchtafelId,
    nummer: Nummer,
    _: NoQueryDep,
    installation: InstallationDep,
    regio: RegioDep,
    actor: ActorDep,
) -> ToelichtingOut:
    """Elk verschil is gevonden door het voorstel opnieuw te berekenen."""
    check_scores(regio.tafel)
    with unit_of_work(installation.engine, read_only=True) as session:
        voorstel = MatchtafelRepository(session).numbered(matchtafel_id, nummer)
        allocation = installation.opgelost.of(session, regio.tafel, voorstel, stempel=regio.stempel)
    record_answers(
        regio.tafel,
        installation.toezicht.kijker(actor.gebruiker_id),
        matchtafel_id,
        allocation,
        toelichting_changes(allocation),
    )
    return present_toelichting(regio.tafel, allocation)


@router.get(
    "/{nummer}/verklaringen",
    dependencies=[require(Handeling.MATCHTAFELS_LEZEN)],
    operation_id="leesVerklaring",
    summary="Waarom een jongere een plek niet kreeg",
)
def read_verklaring(
    matchtafel_id: MatchtafelId,
    nummer: Nummer,
    query: PaarQueryDep,
    installation: InstallationDep,
    regio: RegioDep,
    actor: ActorDep,
) -> VerklaringOut:
    """Wie de plek heeft, en wat de tafel inlevert als deze jongere die krijgt."""
    check_scores(regio.tafel)
    with unit_of_work(installation.engine, read_only=True) as session:
        voorstel = MatchtafelRepository(session).numbered(matchtafel_id, nummer)
        allocation = installation.opgelost.of(session, regio.tafel, voorstel, stempel=regio.stempel)
    found = why_not(regio.tafel, allocation, query.jongere_id, query.leerwerkplek_id)
    kijker = installation.toezicht.kijker(actor.gebruiker_id)
    record_answers(regio.tafel, kijker, matchtafel_id, None, [found.verschil])
    return present_verklaring(regio.tafel, found)
