"""Routes about stages: what runs, what was agreed, how it ended."""

from fastapi import APIRouter, Response

from service.api.feiten_lijst import read_page, show_persons
from service.api.feiten_schemas import StageEindeIn, StageIn, StageOut, StagesOut
from service.api.herhaling import HerhalingDep
from service.api.invoer import InvoerderDep, read_one
from service.api.paging import pick, present_page
from service.api.queries import NoQueryDep, StageId, StagesQueryDep
from service.api.versies import VersieDep, both_versions, tell_version
from service.dependencies import InstallationDep, require
from service.rechten.begrippen import Handeling
from service.registratie.feiten import NieuweStage, add_stage, end_stage
from service.storage.engine import unit_of_work
from service.storage.feiten import Filter, Row, Vergelijking
from service.storage.tables import IMPORT_ID

PATH = "/api/v1/stages"
SORTERING = {"geplandeEinddatum": "geplande_einddatum"}
router = APIRouter(prefix="/stages", tags=["stages"])
LEZEN, SCHRIJVEN = require(Handeling.JONGEREN_LEZEN), require(Handeling.JONGEREN_SCHRIJVEN)


@router.get("", dependencies=[LEZEN], operation_id="leesStages", summary="Stages")
def list_stages(query: StagesQueryDep, installation: InstallationDep) -> StagesOut:
    """Stages van jongeren, ook die nog moeten beginnen of al voorbij zijn."""
    filters = [
        Filter("jongere_id", query.jongere_id),
        Filter("leerbedrijf_id", query.leerbedrijf_id),
        Filter("einddatum", query.lopend, Vergelijking.LEEG),
    ]
    order = SORTERING.get(query.sortering, query.sortering)
    rows, total = read_page(installation, "stage", query, filters, order)
    return StagesOut(**present_page(PATH, query, [pick(StageOut, row) for row in rows], total))


@router.post(
    "",
    dependencies=[SCHRIJVEN],
    operation_id="voegStageToe",
    status_code=201,
    summary="Een afgesproken stage vastleggen",
)
def create_stage(
    wanted: StageIn,
    _: NoQueryDep,
    installation: InstallationDep,
    door: InvoerderDep,
    herhaling: HerhalingDep,
    response: Response,
) -> StageOut:
    """De stage telt vanaf vandaag mee. Een stage die er al is, geeft een conflict."""
    stage = NieuweStage(**wanted.model_dump())
    with unit_of_work(installation.engine) as session:
        herhaling.begin(session)
        made = _present(add_stage(session, stage, door), response)
        response.headers["Location"] = f"{PATH}/{made.stage_id}"
        herhaling.keep(session, response, made)
    return made


@router.get("/{stageId}", dependencies=[LEZEN], operation_id="leesStage", summary="Eén stage")
def read_stage(
    stage_id: StageId, _: NoQueryDep, installation: InstallationDep, response: Response
) -> StageOut:
    """Een stage, met haar versie in de ETag."""
    return _present(read_one(installation, "stage", {"stage_id": stage_id}), response)


@router.patch(
    "/{stageId}",
    dependencies=[SCHRIJVEN],
    operation_id="beeindigStage",
    summary="Vastleggen dat een stage is geëindigd",
)
def finish_stage(
    stage_id: StageId,
    wanted: StageEindeIn,
    _: NoQueryDep,
    versie: VersieDep,
    installation: InstallationDep,
    door: InvoerderDep,
    response: Response,
) -> StageOut:
    """Met de laatste dag en waarom. Wat is geëindigd, verandert hier niet meer."""
    with (
        both_versions(wanted, lambda: _now(installation, stage_id)),
        unit_of_work(installation.engine) as session,
    ):
        row = end_stage(session, stage_id, **wanted.model_dump(), versie=versie, door=door)
        return _present(row, response)


def _present(row: Row, response: Response) -> StageOut:
    show_persons([row])
    tell_version(response, row[IMPORT_ID])
    return pick(StageOut, row)


def _now(installation: InstallationDep, stage_id: str) -> dict[str, object]:
    row = read_one(installation, "stage", {"stage_id": stage_id})
    return pick(StageOut, row).model_dump(mode="json", by_alias=True) | {
        "versie": str(row[IMPORT_ID])
    }
