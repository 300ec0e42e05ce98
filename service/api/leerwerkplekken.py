"""Routes about leerwerkplekken: the kandidaten for one."""

from fastapi import APIRouter

from service.api.presenting import present_kandidaten
from service.api.queries import LeerwerkplekId, TopQueryDep
from service.api.schemas import KandidatenOut
from service.dependencies import RegioDep

router = APIRouter(prefix="/leerwerkplekken", tags=["leerwerkplekken"])


@router.get(
    "/{leerwerkplekId}/kandidaten",
    operation_id="leesKandidaten",
    summary="Jongeren voor één leerwerkplek, met redenen",
)
def read_kandidaten(
    leerwerkplek_id: LeerwerkplekId, query: TopQueryDep, regio: RegioDep
) -> KandidatenOut:
    """Jongeren op volgorde van kans, en wie buiten valt; het uitvalrisico staat er nooit bij."""
    return present_kandidaten(regio.matching.kandidaten(leerwerkplek_id, top=query.top))
