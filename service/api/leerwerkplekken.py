"""Routes about leerwerkplekken: the kandidaten for one."""

from fastapi import APIRouter

from service.api.paren_presenting import present_kandidaten
from service.api.paren_schemas import KandidatenOut
from service.api.queries import LeerwerkplekId, TopQueryDep
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
    """Wie hier het meest wint boven elders eerst; het uitvalrisico staat er nooit bij."""
    found = regio.matching.kandidaten(leerwerkplek_id, top=query.top, volgorde=query.volgorde)
    return present_kandidaten(found, query.top_uitgesloten)
