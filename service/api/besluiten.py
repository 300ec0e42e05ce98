"""Routes about besluiten and what becomes of them; one line at a time, by a person (TRUST H2)."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Response

from service.api.herhaling import HerhalingDep
from service.api.matchtafel_presenting import present_besluit, present_opvolging
from service.api.matchtafel_schemas import (
    BesluitenOut,
    BesluitIn,
    BesluitOut,
    OpvolgingenOut,
    OpvolgingOut,
    UitkomstIn,
)
from service.api.paging import present_list
from service.api.queries import BesluitenQueryDep, NoQueryDep, OpvolgingenQueryDep
from service.dependencies import ActorDep, InstallationDep, require
from service.errors import ConflictError
from service.matchtafel.besluiten import NieuwBesluit, Plaatsing, answer, decide
from service.rechten.begrippen import Handeling
from service.storage.besluit import BesluitRepository, OpvolgingRepository
from service.storage.engine import unit_of_work
from service.storage.matchtafel import MatchtafelRepository

BESLUITEN, OPVOLGINGEN = "/api/v1/besluiten", "/api/v1/opvolgingen"
besluiten = APIRouter(prefix="/besluiten", tags=["besluiten"])
opvolgingen = APIRouter(prefix="/opvolgingen", tags=["opvolgingen"])
BesluitId = Annotated[
    int, Path(alias="besluitId", ge=1, le=2**31 - 1, description="Nummer van het besluit.")
]
OpvolgingId = Annotated[
    int, Path(alias="opvolgingId", ge=1, le=2**31 - 1, description="Nummer van de opvolging.")
]


@besluiten.get(
    "",
    dependencies=[require(Handeling.MATCHTAFELS_LEZEN)],
    operation_id="leesBesluiten",
    summary="Besluiten van een tafel",
)
def list_besluiten(query: BesluitenQueryDep, installation: InstallationDep) -> BesluitenOut:
    """Alle besluiten, ook die later zijn vervangen. Zonder pagina de hele lijst."""
    with unit_of_work(installation.engine, read_only=True) as session:
        MatchtafelRepository(session).get(query.matchtafel_id)
        found = BesluitRepository(session).of_matchtafel(query.matchtafel_id)
    if query.sortering.startswith("-"):
        found.reverse()
    return BesluitenOut(**present_list(BESLUITEN, query, found, present_besluit))


@besluiten.post(
    "",
    dependencies=[require(Handeling.BESLUITEN_NEMEN)],
    operation_id="neemBesluit",
    status_code=201,
    summary="Een besluit nemen over één jongere",
)
def take_besluit(
    wanted: BesluitIn,
    _: NoQueryDep,
    installation: InstallationDep,
    actor: ActorDep,
    herhaling: HerhalingDep,
    response: Response,
) -> BesluitOut:
    """Een mens kiest, met een reden. Een later besluit vervangt dit, maar wist het niet."""
    try:
        with unit_of_work(installation.engine) as session:
            herhaling.begin(session)
            besluit_id = decide(
                session,
                NieuwBesluit(**wanted.model_dump()),
                door=actor.gebruiker_id,
                op=datetime.now(UTC),
            )
            made = present_besluit(BesluitRepository(session).get(besluit_id))
            response.headers["Location"] = f"{BESLUITEN}/{besluit_id}"
            herhaling.keep(session, response, made)
    except ConflictError as error:
        raise _with_what_stands(error, wanted.agendapunt_id, installation) from error
    return made


def _with_what_stands(
    error: ConflictError, agendapunt_id: int, installation: InstallationDep
) -> ConflictError:
    """Return the conflict with the version and the besluit that stand now (TRUST R6)."""
    with unit_of_work(installation.engine, read_only=True) as session:
        line = MatchtafelRepository(session).agendapunt(agendapunt_id)
        besluit = BesluitRepository(session).last_of(line.id)
    huidig: dict[str, object] = {"agendapuntVersie": line.versie}
    if besluit is not None:
        huidig["besluit"] = present_besluit(besluit).model_dump(mode="json", by_alias=True)
    return ConflictError(error.what, error.key, huidig)


@besluiten.get(
    "/{besluitId}",
    dependencies=[require(Handeling.MATCHTAFELS_LEZEN)],
    operation_id="leesBesluit",
    summary="Eén besluit",
)
def read_besluit(besluit_id: BesluitId, _: NoQueryDep, installation: InstallationDep) -> BesluitOut:
    """Een besluit, met wie het oppakt en wanneer."""
    with unit_of_work(installation.engine, read_only=True) as session:
        return present_besluit(BesluitRepository(session).get(besluit_id))


@opvolgingen.get(
    "",
    dependencies=[require(Handeling.MATCHTAFELS_LEZEN)],
    operation_id="leesOpvolgingen",
    summary="Vragen die op hun dag terugkomen",
)
def list_opvolgingen(query: OpvolgingenQueryDep, installation: InstallationDep) -> OpvolgingenOut:
    """Wat nog een antwoord nodig heeft, of alles van één matchtafel. Zonder pagina alles."""
    with unit_of_work(installation.engine, read_only=True) as session:
        repository = OpvolgingRepository(session)
        if query.matchtafel_id is None:
            found = repository.open(until=query.tot_en_met)
        else:
            MatchtafelRepository(session).get(query.matchtafel_id)
            found = [
                one
                for one in repository.of_matchtafel(query.matchtafel_id)
                if query.tot_en_met is None or one.datum <= query.tot_en_met
            ]
    if query.sortering.startswith("-"):
        found.reverse()
    return OpvolgingenOut(**present_list(OPVOLGINGEN, query, found, present_opvolging))


@opvolgingen.patch(
    "/{opvolgingId}",
    dependencies=[require(Handeling.BESLUITEN_NEMEN)],
    operation_id="beantwoordOpvolging",
    summary="Vastleggen wat er van een besluit is geworden",
)
def answer_opvolging(
    opvolging_id: OpvolgingId,
    wanted: UitkomstIn,
    _: NoQueryDep,
    installation: InstallationDep,
    actor: ActorDep,
) -> OpvolgingOut:
    """Wat gestart of gestopt is, komt in de stages; daar leert het model later van."""
    agreed = wanted.plaatsing
    with unit_of_work(installation.engine) as session:
        done = answer(
            session,
            opvolging_id,
            wanted.uitkomst,
            versie=wanted.versie,
            door=actor.gebruiker_id,
            op=datetime.now(UTC),
            toelichting=wanted.toelichting,
            plaatsing=None if agreed is None else Plaatsing(**agreed.model_dump()),
            reden_einde=wanted.reden_einde,
        )
        return present_opvolging(done)
