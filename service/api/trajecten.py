"""Routes about trajecten; they come with imports and are only read here."""

from fastapi import APIRouter

from service.api.feiten_lijst import read_page
from service.api.paging import pick, present_page
from service.api.plekken_schemas import (
    TrajectDetailOut,
    TrajectenOut,
    TrajectKortOut,
    VoorwaardeOut,
)
from service.api.queries import NoQueryDep, TrajectenQueryDep, TrajectId
from service.dependencies import InstallationDep, require
from service.rechten.begrippen import Handeling
from service.registratie.invoer import find
from service.storage.engine import unit_of_work
from service.storage.feiten import FeitRepository, Filter

PATH = "/api/v1/trajecten"
router = APIRouter(prefix="/trajecten", tags=["trajecten"])
LEZEN = require(Handeling.LEERWERKPLEKKEN_LEZEN)


@router.get("", dependencies=[LEZEN], operation_id="leesTrajecten", summary="Trajecten")
def list_trajecten(query: TrajectenQueryDep, installation: InstallationDep) -> TrajectenOut:
    """Trajecten en groepsprogramma's in de regio."""
    filters = [Filter("regio", query.regio), Filter("soort", query.soort)]
    rows, total = read_page(installation, "traject", query, filters, query.sortering)
    shown = [pick(TrajectKortOut, row) for row in rows]
    return TrajectenOut(**present_page(PATH, query, shown, total))


@router.get("/{trajectId}", dependencies=[LEZEN], operation_id="leesTraject", summary="Eén traject")
def read_traject(
    traject_id: TrajectId, _: NoQueryDep, installation: InstallationDep
) -> TrajectDetailOut:
    """Een traject en wie eraan mee mag doen."""
    key = {"traject_id": traject_id}
    with unit_of_work(installation.engine, read_only=True) as session:
        row = find(session, "traject", key)
        rules = FeitRepository(session, "traject_voorwaarde").all(key)
    return pick(TrajectDetailOut, row, voorwaarden=[pick(VoorwaardeOut, rule) for rule in rules])
